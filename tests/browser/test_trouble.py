"""What the widget does when something fails: no network, a slow or restarting server, a reload, several tabs."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress

from playwright.async_api import BrowserContext, Page, Route, expect
from playwright.async_api import TimeoutError as NotInTime

from tests.browser.conftest import POOL, Guide, answering, reply
from tests.conftest import Running

DOOR = "**/webhooks/rest/webhook"


async def test_without_a_network_the_message_waits_and_is_sent_by_itself(guide: Guide, context: BrowserContext) -> None:
    await guide.page.set_viewport_size({"width": 1280, "height": 700})
    await guide.open()
    await context.set_offline(True)
    await guide.field.fill("Hvornår er fristen?")
    await guide.field.press("Enter")
    await expect(guide.alert).to_contain_text("Der er ingen forbindelse")
    await expect(guide.items.last).to_be_in_viewport(ratio=1)
    await guide.field.fill("og et til")
    await context.set_offline(False)
    await expect(guide.items.nth(2)).to_contain_text("25. august 2017")
    await expect(guide.alert).to_have_text("")
    await expect(guide.field).to_have_value("og et til")
    assert await guide.items.count() == 3


async def test_it_gives_up_after_a_while_keeps_the_message_and_names_a_contact(guide: Guide) -> None:
    await guide.page.clock.install()
    await guide.open()
    await guide.page.route(DOOR, lambda route: route.abort())
    await guide.page.route("**/history", lambda route: route.abort())
    await guide.field.fill("Hvornår er fristen?")
    await guide.field.press("Enter")
    for seconds in (2, 4, 8, 16, 30, 30, 30):
        await expect(guide.alert).to_contain_text("Jeg prøver igen")
        await guide.page.clock.run_for(seconds * 1000 + 100)
        await expect(guide.status).to_have_text("")
    await expect(guide.alert).to_contain_text("Jeg kan ikke få forbindelse")
    await expect(guide.alert).to_contain_text("Ayse Göksu")
    await guide.page.unroute_all()
    await guide.alert.get_by_role("button", name="Prøv igen").click()
    await expect(guide.items.nth(2)).to_contain_text("25. august 2017")
    await expect(guide.field).to_be_focused()


async def test_a_slow_answer_is_announced_and_after_20_seconds_there_is_a_contact(guide: Guide) -> None:
    await guide.page.clock.install()
    await guide.open()
    await guide.page.route(DOOR, lambda route: None)
    await guide.field.fill("Hvornår er fristen?")
    await guide.field.press("Enter")
    await expect(guide.status).to_have_text("Puljeguiden skriver …")
    await guide.page.clock.run_for(3_100)
    await expect(guide.status).to_contain_text("Jeg er i gang")
    await guide.page.clock.run_for(17_000)
    await expect(guide.alert).to_contain_text("Det tager for lang tid")
    await expect(guide.alert).to_contain_text("Økonomi, Kontrol og Tilskud")
    await expect(guide.status).to_have_text("")


async def test_an_answer_that_was_lost_on_its_way_is_fetched_and_not_asked_for_again(guide: Guide) -> None:
    await guide.open()
    asked = []

    async def lose(route: Route) -> None:
        asked.append(await route.fetch())
        await route.abort()

    await guide.page.route(DOOR, lose)
    await guide.field.fill("Hvornår er fristen?")
    await guide.field.press("Enter")
    await expect(guide.alert).to_contain_text("Jeg prøver igen")
    await expect(guide.items.nth(2)).to_contain_text("25. august 2017")
    assert len(asked) == 1


async def test_the_same_question_again_that_never_arrived_is_asked_again(guide: Guide) -> None:
    await guide.open()
    await guide.say("Hvornår er fristen?")
    await guide.page.route(DOOR, lambda route: route.abort(), times=1)
    await guide.field.fill("Hvornår er fristen?")
    await guide.field.press("Enter")
    await expect(guide.alert).to_contain_text("Jeg prøver igen")
    await expect(guide.items).to_have_count(5)
    assert await said(guide) == ["Hvornår er fristen?"] * 2


async def said(guide: Guide) -> list[str]:
    """Return what the server has of what the visitor said."""
    past = await guide.page.request.post("/webhooks/rest/history", data={"sender": await guide.id()})
    return [message["text"] for message in (await past.json())["messages"] if message["who"] == "visitor"]


async def test_who_asks_for_a_person_gets_a_contact_at_once_even_without_a_server(guide: Guide) -> None:
    await guide.open()
    await guide.page.route(DOOR, lambda route: route.abort())
    await guide.page.get_by_role("button", name="Tal med et menneske").click()
    await expect(guide.alert).to_contain_text("Ayse Göksu")


async def test_what_the_server_refuses_is_said_in_its_words(guide: Guide) -> None:
    body = {"error": "too_many", "text": "Der kommer for mange beskeder lige nu."}
    await guide.page.route(DOOR, lambda route: route.fulfill(status=429, json=body))
    await guide.open()
    await guide.field.fill("hej")
    await guide.field.press("Enter")
    await expect(guide.alert).to_contain_text("Der kommer for mange beskeder lige nu.")
    await guide.page.unroute_all()
    await guide.alert.get_by_role("button", name="Prøv igen").click()
    await expect(guide.items.nth(2)).to_contain_text("Puljeguiden")


async def test_a_reload_loses_nothing(guide: Guide) -> None:
    await guide.open()
    await guide.say("Hvornår er fristen?")
    await guide.say("og hvem kan søge?")
    before, conversation = await guide.texts(), await guide.id()
    await guide.field.fill("halvt skrevet")
    await guide.page.reload()
    await expect(guide.items).to_have_count(5)
    assert (await guide.texts(), await guide.id()) == (before, conversation)
    await expect(guide.field).to_have_value("halvt skrevet")
    await expect(guide.launcher).to_have_attribute("aria-expanded", "true")
    assert await guide.page.evaluate("document.activeElement.tagName") == "BODY", "a reload must not move the focus"
    assert "kommuner" in await (await guide.say("hvem kan så søge?")).inner_text()


async def test_a_message_that_was_under_way_at_a_reload_is_answered(guide: Guide) -> None:
    await guide.open()
    await guide.page.route(DOOR, lambda route: None)
    await guide.field.fill("Hvornår er fristen?")
    await guide.field.press("Enter")
    await expect(guide.status).to_have_text("Puljeguiden skriver …")
    await guide.page.unroute_all()
    await guide.page.reload()
    await expect(guide.items.nth(2)).to_contain_text("25. august 2017")
    assert await guide.items.count() == 3


async def test_it_stays_open_from_page_to_page_and_closed_when_closed(guide: Guide) -> None:
    await guide.open()
    await guide.say("Hvornår er fristen?")
    await guide.page.goto("/puljer/udsatte-boligomraader")
    await expect(guide.items).to_have_count(3)
    await guide.page.get_by_role("button", name="Luk").click()
    await guide.page.goto(POOL)
    await expect(guide.field).to_be_hidden()
    await guide.launcher.click()
    await expect(guide.items).to_have_count(3)


async def test_a_page_one_comes_back_to_shows_what_was_said_meanwhile(guide: Guide) -> None:
    await guide.open()
    await guide.say("Hvornår er fristen?")
    body = {"sender": await guide.id(), "message": "Hvem kan søge?"}
    await guide.page.request.post("/webhooks/rest/webhook", data=body)
    await guide.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    await expect(guide.items).to_have_count(5)


async def test_two_tabs_are_two_conversations(context: BrowserContext) -> None:
    one, two = Guide(await context.new_page()), Guide(await context.new_page())
    await one.open("/puljer/udsatte-boligomraader")
    await two.open(POOL)
    assert await one.id() != await two.id()
    await one.say("Hvornår er fristen?")
    await expect(await two.say("Hvornår er fristen?")).to_contain_text("25. august 2017")
    assert len(await one.texts()) == len(await two.texts()) == 2


async def test_a_duplicated_tab_shows_what_the_other_one_says_and_deletes(context: BrowserContext) -> None:
    one, two = Guide(await context.new_page()), Guide(await context.new_page())
    await one.open()
    await one.say("Hvornår er fristen?")
    await two.page.goto(POOL)
    kept = await one.page.evaluate("sessionStorage.getItem('pulje-guide')")
    await two.page.evaluate("kept => sessionStorage.setItem('pulje-guide', kept)", kept)
    await two.page.reload()
    await expect(two.items).to_have_count(3)
    await one.say("Hvem kan søge?")
    await expect(two.items).to_have_count(5)
    await one.page.get_by_role("button", name="Slet samtalen").click()
    await one.page.get_by_role("button", name="Ja, slet").click()
    await expect(two.items).to_have_count(1)


async def test_questions_sent_while_an_answer_is_awaited_are_answered_in_order(guide: Guide) -> None:
    await answering(guide.page, reply("Et."), reply("To."))
    await guide.open()
    for text in ("en", "to"):
        await guide.field.fill(text)
        await guide.field.press("Enter")
    await expect(guide.items).to_have_count(5)
    answers = [text for text in await guide.texts() if text.startswith("Puljeguiden")]
    assert [text.split()[2] for text in answers] == ["Et.", "To."]


async def test_it_survives_a_restart_of_the_server(context: BrowserContext, embedding: Running) -> None:
    guide = Guide(await context.new_page())
    await guide.open(f"{embedding.url}{POOL}")
    await guide.say("Hvornår er fristen for handlingsplanerne?")
    embedding.process.kill()
    embedding.process.wait()
    await guide.field.fill("og hvem kan søge?")
    await guide.field.press("Enter")
    await expect(guide.alert).to_contain_text("Jeg prøver igen")
    embedding.begin()
    await asyncio.to_thread(embedding.wait)
    with suppress(NotInTime):  # it may have tried again by itself meanwhile
        await guide.alert.get_by_role("button", name="Prøv igen").click(timeout=2_000)
    await expect(guide.items.nth(4)).to_contain_text("kommuner")
    assert await guide.items.count() == 5


async def test_after_a_slow_answer_the_next_message_does_not_ask_the_first_again(guide: Guide) -> None:
    await guide.page.clock.install()
    await guide.open()
    answered = asyncio.Event()

    async def lose(route: Route) -> None:
        await route.fetch()
        answered.set()

    await guide.page.route(DOOR, lose)
    await guide.field.fill("Hvornår er fristen?")
    await guide.field.press("Enter")
    await asyncio.wait_for(answered.wait(), 10)
    await guide.page.clock.run_for(20_100)
    await expect(guide.alert).to_contain_text("Det tager for lang tid")
    await guide.page.unroute_all()
    await guide.field.fill("Hvem kan søge?")
    await guide.field.press("Enter")
    await expect(guide.items).to_have_count(5)
    assert await said(guide) == ["Hvornår er fristen?", "Hvem kan søge?"]


async def test_after_a_reload_it_says_that_it_is_still_waiting(guide: Guide) -> None:
    await guide.open()
    await guide.page.route(DOOR, lambda route: None)
    await guide.field.fill("Hvornår er fristen?")
    await guide.field.press("Enter")
    await guide.page.reload()
    await expect(guide.status).to_have_text("Puljeguiden skriver …")


async def test_nothing_that_waits_is_sent_once_the_conversation_is_being_deleted(guide: Guide) -> None:
    await guide.open()
    asked, go = [], {name: asyncio.Event() for name in ("webhook", "delete")}

    async def hold(route: Route) -> None:
        door = route.request.url.rpartition("/")[2]
        asked.append(door)
        await go[door].wait()
        await route.continue_()

    for door in go:
        await guide.page.route(f"**/webhooks/rest/{door}", hold)
    for text in ("Hvornår er fristen?", "Hvem kan søge?"):
        await guide.field.fill(text)
        await guide.field.press("Enter")
    await guide.page.get_by_role("button", name="Slet samtalen").click()
    await guide.page.get_by_role("button", name="Ja, slet").click()
    go["webhook"].set()
    await expect(guide.items).to_have_count(4)
    go["delete"].set()
    await expect(guide.status).to_have_text("Samtalen er slettet.")
    assert asked == ["webhook", "delete"]


async def test_where_the_script_is_missing_the_way_to_the_chat_is_a_link(page: Page) -> None:
    await page.route("**/pulje-guide.js*", lambda route: route.abort())
    await page.goto(POOL)
    await page.get_by_role("link", name="Spørg om puljen").click()
    await expect(page).to_have_url(re.compile(r"/chat\?pulje=kommunale-handlingsplaner$"))


async def test_the_chats_own_page_opens_no_window_on_the_next_page(guide: Guide) -> None:
    await guide.page.goto("/chat")
    await guide.say("Hvornår er fristen for handlingsplanerne?")
    await guide.page.goto(POOL)
    await expect(guide.launcher).to_have_attribute("aria-expanded", "false")
    await guide.launcher.click()
    await expect(guide.items).to_have_count(3)
