"""WCAG 2.2 AA: axe in every state, and what axe cannot see: keys, reflow, target sizes, what is announced."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import POOL, Guide, answering, reply, violations
from tests.conftest import Running

PAGES = [
    "/",
    POOL,
    "/puljer/udsatte-boligomraader",
    "/chat",
    f"/chat?pulje={POOL[8:]}",
    "/spoerg",
    "/om-chatten",
    "/nope",
]
DOOR = "**/webhooks/rest/webhook"


async def closed(guide: Guide) -> None:
    await guide.page.goto(POOL)


async def opened(guide: Guide) -> None:
    await guide.open()


async def answered(guide: Guide) -> None:
    await guide.open()
    await (await guide.say("Hvornår er fristen?")).locator("summary").click()
    await guide.say("Skal vi selv betale noget?")
    await guide.say("hej")


async def waiting(guide: Guide) -> None:
    await guide.open()
    await guide.page.route(DOOR, lambda route: None)
    await guide.field.fill("Hvornår er fristen?")
    await guide.field.press("Enter")
    await expect(guide.status).to_have_text("Puljeguiden skriver …")


async def failed(guide: Guide) -> None:
    await guide.open()
    await guide.page.route(DOOR, lambda route: route.fulfill(status=429, json={"text": "Vent lidt, og prøv igen."}))
    await guide.field.fill("Hvornår er fristen?")
    await guide.field.press("Enter")
    await expect(guide.alert).to_contain_text("Vent lidt")


async def warned(guide: Guide) -> None:
    await guide.open()
    await guide.field.fill("010190-1234 " + "a" * 1000)
    await expect(guide.page.locator("pulje-guide #count")).not_to_have_text("")


async def rated(guide: Guide) -> None:
    await guide.open()
    await (await guide.say("Hvornår er fristen?")).get_by_role("button", name="Nej").click()
    await guide.page.get_by_label("Hvad manglede?").wait_for()


async def deleting(guide: Guide) -> None:
    await guide.open()
    await guide.page.get_by_role("button", name="Slet samtalen").click()


async def in_the_form(guide: Guide) -> None:
    asked = reply("Hvad er din e-mailadresse?", "handoff", form={"name": "handoff", "ask": "email"})
    asked[0]["buttons"] = [{"title": "Spring over", "payload": "Spring over"}]
    case = {"number": "2026-0017", "contacts": ["Økonomi, Kontrol og Tilskud"]}
    await answering(guide.page, reply("Tak.", "handoff", case=case), asked)
    await guide.open()
    await guide.say("ja")
    await guide.field.fill("mere")
    await guide.field.press("Enter")
    await guide.page.get_by_label("Din e-mailadresse").wait_for()


STATES = [closed, opened, answered, waiting, failed, warned, rated, deleting, in_the_form]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize("size", [(1280, 900), (320, 256)], ids=["desktop", "400 %"])
async def test_axe_finds_nothing(
    guide: Guide, state: Callable[[Guide], Awaitable[None]], size: tuple[int, int]
) -> None:
    await guide.page.set_viewport_size({"width": size[0], "height": size[1]})
    await state(guide)
    assert await violations(guide.page) == []
    assert await sideways(guide.page) == []


@pytest.mark.parametrize("path", PAGES)
async def test_axe_finds_nothing_on_a_page_and_it_reflows(page: Page, path: str) -> None:
    await page.goto(path)
    assert await violations(page) == []
    await page.set_viewport_size({"width": 320, "height": 256})
    assert await violations(page) == []
    assert await sideways(page) == []


async def sideways(page: Page) -> list[str]:
    """Return what sticks out of the window to the side."""
    found: list[str] = await page.evaluate(
        """() => {
        const all = (root) => [...root.querySelectorAll('*')]
          .flatMap((node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
        const out = ({ right, width, left }) => width > 1 && (right > innerWidth + 1 || left < -1);
        return all(document.body).map((node) => [node, node.getBoundingClientRect()])
          .filter(([node, box]) => out(box) && !node.closest('.skipnav')).map(([node]) => node.outerHTML.slice(0, 80));
        }"""
    )
    return found


async def test_roles_and_live_regions_are_there_before_they_are_needed(guide: Guide) -> None:
    await guide.open()
    page = guide.page
    await expect(page.get_by_role("dialog", name="Puljeguiden Robot", exact=True)).to_be_visible()
    await expect(page.get_by_role("log", name="Samtale").get_by_role("listitem")).to_have_count(1)
    roles = "nodes => nodes.map((node) => node.getAttribute('role'))"
    live = await page.locator("pulje-guide .status, pulje-guide .alert, pulje-guide #count").evaluate_all(roles)
    assert live == ["status", "alert", "alert", "status"]
    await guide.say("Hvornår er fristen?")
    assert [text.split(":")[0] for text in await guide.texts()] == ["Du skrev", "Puljeguiden svarede"]


async def test_a_restored_conversation_is_not_read_aloud(guide: Guide) -> None:
    await guide.open()
    await guide.say("hej")
    await guide.page.add_init_script(
        """addEventListener('DOMContentLoaded', () => { window.loud = [];
        const root = document.querySelector('pulje-guide').shadowRoot;
        new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) =>
          node.localName === 'li' && loud.push(root.querySelector('[role=log]').getAttribute('aria-live')))))
        .observe(root.querySelector('ol'), { childList: true }); })"""
    )
    await guide.page.reload()
    await expect(guide.items).to_have_count(3)
    assert set(await guide.page.evaluate("loud")) <= {"off"}
    await guide.page.wait_for_timeout(600)
    assert await guide.log.get_attribute("aria-live") is None


async def test_every_target_is_large_enough(guide: Guide) -> None:
    await guide.open()
    answer = await guide.say("Hvornår er fristen?")
    await answer.get_by_role("button", name="Nej").click()
    await answer.get_by_label("Hvad manglede?").wait_for()
    assert await too_small(guide.page) == []
    await guide.page.goto("/chat")  # wide: a source takes one line
    await answer.locator("summary").wait_for()
    assert await too_small(guide.page) == []


async def too_small(page: Page) -> list[str]:
    """Return what can be used in the chat and is smaller than 44 pixels."""
    found: list[str] = await page.locator("pulje-guide :is(button, textarea, input, summary, .tools a)").evaluate_all(
        """nodes => nodes.map((node) => [node.innerText, node.getBoundingClientRect()])
        .filter(([, { width, height }]) => width && (width < 43.9 || height < 43.9)).map(([name]) => name)"""
    )
    return found


@pytest.mark.parametrize("size", [(1280, 900), (320, 640), (640, 300), (320, 256)])
async def test_where_it_fills_the_screen_the_page_behind_cannot_be_reached(guide: Guide, size: tuple[int, int]) -> None:
    await guide.page.set_viewport_size({"width": size[0], "height": size[1]})
    await guide.open()
    modal = await guide.page.locator("pulje-guide dialog").evaluate("node => node.matches(':modal')")
    assert modal is (size != (1280, 900))
    await expect(guide.field).to_be_focused()
    await expect(guide.field).to_be_in_viewport()
    await guide.say("Hvornår er fristen?")
    await guide.page.keyboard.press("Escape")
    await expect(guide.launcher).to_be_focused()
    await expect(guide.launcher).to_be_visible()


async def test_turning_the_phone_keeps_the_conversation_and_the_place(guide: Guide) -> None:
    await guide.open()
    await guide.field.fill("halvt skrevet")
    for width in (320, 1280):
        await guide.page.set_viewport_size({"width": width, "height": 700})
        await expect(guide.field).to_be_focused()
        await expect(guide.field).to_have_value("halvt skrevet")


async def test_text_at_twice_the_size_and_wider_spacing_fits(guide: Guide) -> None:
    await guide.open()
    await guide.say("Hvornår er fristen?")
    await guide.page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync(`html { font-size: 125% !important }
          * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }`);
        const root = document.querySelector('pulje-guide').shadowRoot;
        for (const one of [document, root]) one.adoptedStyleSheets = [...one.adoptedStyleSheets, sheet]; }"""
    )
    size = await guide.field.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert size == 32, "125 % of the page is twice DKFDS's 62.5 %"
    assert await sideways(guide.page) == []
    panel = guide.page.get_by_role("dialog")
    await panel.evaluate("node => node.scrollTo(0, node.scrollHeight)")
    bottoms = "node => [node, node.lastChild].map((one) => one.getBoundingClientRect().bottom)"
    outer, inner = await panel.evaluate(bottoms)
    assert inner <= outer, "nothing hangs out of the window"
    for name in ("Luk", "Send", "Slet samtalen"):
        button = guide.page.get_by_role("button", name=name)
        await button.scroll_into_view_if_needed()
        await expect(button).to_be_in_viewport()
    clipped = await guide.page.locator("pulje-guide button").evaluate_all(
        "nodes => nodes.filter((node) => node.scrollWidth > node.clientWidth + 1).map((node) => node.innerText)"
    )
    assert clipped == []


async def test_colours_that_the_visitor_forces_leave_all_borders(browser: Browser, assistant: Running) -> None:
    context = await browser.new_context(base_url=assistant.url, forced_colors="active", reduced_motion="reduce")
    guide = await Guide(await context.new_page()).open()
    answer = await guide.say("Hvornår er fristen?")
    for node in (answer, guide.field, guide.page.get_by_role("button", name="Send")):
        assert await node.evaluate("node => parseFloat(getComputedStyle(node).borderTopWidth)") >= 1
    assert await violations(guide.page) == []
    await context.close()


async def test_focus_is_always_seen(guide: Guide) -> None:
    await guide.open()
    await guide.say("Hvornår er fristen?")
    for _ in range(10):
        await guide.page.keyboard.press("Tab")
        outline = await guide.page.evaluate(
            """() => { const node = document.activeElement.shadowRoot?.activeElement;
            return node && getComputedStyle(node).outlineWidth; }"""
        )
        assert outline in ("3px", None)
