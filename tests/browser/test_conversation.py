"""A conversation in the widget, as a visitor has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import POOL, Guide, answering, reply
from tests.conftest import Running


async def test_a_question_is_answered_with_the_sentence_that_proves_it(guide: Guide) -> None:
    await guide.open()
    answer = await guide.say("Hvornår er fristen?")
    await expect(answer).to_contain_text("25. august 2017")
    source = answer.locator("summary")
    await expect(source).to_have_text("Kilde: opslaget om kommunale handlingsplaner, opdateret 23. august 2017")
    quote = answer.get_by_text("”Ansøgningsfristen er den 25. august 2017”")
    await expect(quote).to_be_hidden()
    await source.click()
    await expect(quote).to_be_visible()


async def test_before_it_is_opened_there_is_no_conversation_and_no_request(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(POOL)
    await page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "webhooks" in url or "chat.json" in url]
    assert await page.evaluate("sessionStorage.length + localStorage.length") == 0


async def test_the_id_is_long_random_and_only_in_bodies(context: BrowserContext) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    ids = set()
    for _ in range(2):
        guide = await Guide(await context.new_page()).open()
        await guide.say("hej")
        ids.add(await guide.id())
    assert len(ids) == 2
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", one) for one in ids)
    assert not [url for url in asked if any(one in url for one in ids)]


async def test_the_greeting_says_what_it_is_and_offers_questions(guide: Guide) -> None:
    await guide.open()
    greeting = guide.items.first
    for words in ("en robot", "vejleder", "afgør ikke noget", "bliver gemt"):
        await expect(greeting).to_contain_text(words)
    questions = greeting.get_by_role("button")
    assert 4 <= await questions.count() <= 6
    first = questions.nth(1)
    await first.focus()
    await first.press("Enter")
    await guide.items.nth(2).wait_for()
    await expect(first).to_have_attribute("aria-disabled", "true")
    await expect(first).to_be_focused()
    await first.press("Enter")
    assert await guide.items.count() == 3


async def test_it_can_all_be_done_with_the_keyboard(guide: Guide) -> None:
    page = guide.page
    await page.goto(POOL)
    for _ in range(20):
        await page.keyboard.press("Tab")
        if await guide.launcher.evaluate("node => node.matches(':focus')"):
            break
    await expect(guide.launcher).to_have_attribute("aria-expanded", "false")
    await page.keyboard.press("Enter")
    await expect(guide.launcher).to_have_attribute("aria-expanded", "true")
    await expect(guide.field).to_be_focused()
    await page.keyboard.type("Hvem kan søge?")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("Mvh.")
    await expect(guide.field).to_have_value("Hvem kan søge?\nMvh.")
    await page.keyboard.press("Enter")
    await guide.items.nth(2).wait_for()
    await expect(guide.field).to_have_value("")
    seen = []
    for _ in range(12):
        await page.keyboard.press("Tab")
        seen.append(await page.evaluate("document.activeElement.shadowRoot?.activeElement?.innerText"))
    for name in ("Send", "Tal med et menneske", "Hent samtalen", "Slet samtalen"):
        assert name in seen
    assert None in seen, "focus can leave the chat: it is not modal"
    await guide.field.focus()
    await page.keyboard.press("Escape")
    await expect(guide.launcher).to_be_focused()
    await expect(guide.field).to_be_hidden()


@pytest.mark.parametrize("sign", ["isComposing: true", "keyCode: 229"])
async def test_enter_while_an_input_method_composes_sends_nothing(guide: Guide, sign: str) -> None:
    await guide.open()
    await guide.field.fill("høre")
    pressed = f"new KeyboardEvent('keydown', {{key: 'Enter', {sign}, bubbles: true}})"
    await guide.field.evaluate(f"node => node.dispatchEvent({pressed})")
    assert await guide.items.count() == 1


async def test_markup_is_shown_as_text(guide: Guide) -> None:
    evil = '<img src=x onerror="document.body.id=1"><b>fed</b> javascript:alert(1) https://a.dk/"onclick=x'
    hostile = reply(evil)
    hostile[0]["buttons"] = [{"title": "<i>knap</i>", "payload": "x"}]
    source = {
        "document": "d",
        "title": "<u>t</u>",
        "url": "javascript:alert(1)",
        "quote": "<s>q</s>",
        "updated": "2017-08-23",
    }
    hostile[0]["custom"]["answers"][0]["sources"] = [source]
    await answering(guide.page, hostile)
    await guide.open()
    answer = await guide.say("<script>document.body.id=1</script>")
    await expect(answer).to_contain_text("<b>fed</b>")
    await expect(guide.items.nth(1)).to_contain_text("<script>")
    assert await answer.locator("b, img, i, u, s").count() == 0
    assert await guide.page.evaluate("document.body.id") == ""
    links = await answer.locator("a").evaluate_all("links => links.map((link) => link.protocol)")
    assert set(links) == {"https:"}


async def test_what_is_not_known_and_what_goes_to_people_looks_different(guide: Guide) -> None:
    await guide.open("/puljer/udsatte-boligomraader")
    unknown = await guide.say("Hvornår er fristen?")
    await expect(unknown).to_contain_text("Fremgår ikke af opslaget")
    known = await guide.say("Hvor mange penge er der i puljen?")
    await guide.page.get_by_role("button", name="Tal med et menneske").click()
    person = guide.items.nth(6)
    await expect(person).to_contain_text("Spørg et menneske")
    borders = [
        await item.evaluate("node => getComputedStyle(node).borderInlineStartStyle")
        for item in (unknown, person, known)
    ]
    assert len(set(borders)) == 3


async def test_a_case_is_confirmed_with_its_number(guide: Guide) -> None:
    case = {"number": "2026-0017", "contacts": ["Økonomi, Kontrol og Tilskud, post@example.dk"]}
    await answering(guide.page, reply("Dit spørgsmål er sendt.", "handoff", case=case))
    await guide.open()
    answer = await guide.say("ja")
    await expect(answer).to_contain_text("Sendt til en medarbejder")
    await expect(answer).to_contain_text("Sagsnummer: 2026-0017")
    await expect(answer.get_by_role("link", name="post@example.dk")).to_have_attribute("href", "mailto:post@example.dk")


FORM = [("name", "Dit navn", "text", "name"), ("organisation", "Kommune eller organisation", "text", "organization")]
FORM += [("email", "Din e-mailadresse", "email", "email")]


async def test_the_fields_of_the_case_form_can_be_filled_in_by_the_browser(guide: Guide) -> None:
    asked = [reply(f"Skriv {ask}.", "handoff", form={"name": "handoff", "ask": ask}) for ask, *_ in FORM]
    await answering(guide.page, *asked, reply("Tak."))
    await guide.open()
    await guide.say("Jeg vil tale med et menneske")
    for place, (_, label, kind, autocomplete) in enumerate(FORM):
        field = guide.page.get_by_label(label)
        await expect(field).to_have_attribute("type", kind)
        await expect(field).to_have_attribute("autocomplete", autocomplete)
        await expect(field).to_be_focused()
        await field.fill("anna@example.dk")
        await field.press("Enter")
        await guide.items.nth(2 * place + 4).wait_for()
    await expect(guide.field).to_be_focused()
    assert await guide.field.evaluate("node => node.tagName") == "TEXTAREA"


async def test_a_rating_is_kept_with_the_answer(guide: Guide) -> None:
    await guide.page.set_viewport_size({"width": 375, "height": 667})
    await guide.open()
    answer = await guide.say("Hvornår er fristen?")
    await answer.get_by_role("button", name="Nej").click()
    await expect(answer.get_by_role("button", name="Send")).to_be_in_viewport()
    await answer.get_by_label("Hvad manglede?").fill("Klokkeslættet, ring på 010190-1234")
    await answer.get_by_role("button", name="Send").click()
    await expect(answer.get_by_text("Tak for din vurdering.")).to_be_visible()
    await guide.page.reload()
    await guide.launcher.click()  # on a phone it does not open by itself
    again = guide.items.nth(2).get_by_role("button", name="Nej")
    await expect(again).to_have_attribute("aria-pressed", "true")


async def test_small_talk_is_not_rated(guide: Guide) -> None:
    await guide.open()
    await expect((await guide.say("hej")).get_by_text("Var svaret nyttigt?")).to_have_count(0)


async def test_the_conversation_can_be_taken_home(guide: Guide, tmp_path: Path) -> None:
    await guide.open()
    await guide.say("Hvornår er fristen?")
    async with guide.page.expect_download() as waiting:
        await guide.page.get_by_role("button", name="Hent samtalen").click()
    download = await waiting.value
    assert download.suggested_filename == "samtale-med-puljeguiden.txt"
    await download.save_as(tmp_path / "samtale.txt")
    text = (tmp_path / "samtale.txt").read_text(encoding="utf-8")
    for part in (
        "Du skrev:\nHvornår er fristen?",
        "Puljeguiden svarede:\nFristen var",
        "”Ansøgningsfristen er den 25.",
    ):
        assert part in text


async def test_deleting_asks_first_and_deletes_on_the_server_too(guide: Guide, assistant: Running) -> None:
    await guide.page.set_viewport_size({"width": 1280, "height": 600})
    await guide.open()
    await guide.say("min helt særlige hemmelighed er kanelsnegl")
    old = await guide.id()
    remove = guide.page.get_by_role("button", name="Slet samtalen")
    await remove.click()
    question = guide.page.get_by_role("group", name="Vil du slette hele samtalen?")
    await expect(question).to_contain_text("beholder vi en kopi")
    await question.get_by_role("button", name="Nej, behold").click()
    await expect(remove).to_be_focused()
    await remove.click()
    await question.get_by_role("button", name="Ja, slet").click()
    await expect(guide.status).to_have_text("Samtalen er slettet.")
    await expect(guide.field).to_be_focused()
    await expect(guide.page.get_by_text("Hej! Jeg er Puljeguiden")).to_be_in_viewport()
    assert await guide.texts() == []
    assert await guide.id() != old
    from tests.test_contract import stored

    assert old not in stored(assistant)


@pytest.mark.parametrize("number", ["010190-1234", "01 01 90 1234", "01011990-1234"])
async def test_a_cpr_number_is_warned_of_and_never_leaves_the_browser(guide: Guide, number: str) -> None:
    sent: list[str] = []
    guide.page.on("request", lambda request: sent.append(request.post_data or ""))
    await guide.open()
    warning = guide.page.locator("pulje-guide .cpr")
    await expect(warning).to_have_text("")
    await guide.field.press_sequentially(f"mit nummer er {number}")
    await expect(warning).to_contain_text("CPR-nummer")
    await guide.field.press("Enter")
    await guide.items.nth(2).wait_for()
    await expect(warning).to_have_text("")
    await expect(guide.items.nth(1)).to_contain_text("[CPR-nummer fjernet]")
    assert not [body for body in sent if "1234" in body]
    assert "1234" not in await guide.page.evaluate("JSON.stringify(sessionStorage)")


async def test_near_the_limit_it_counts_and_above_it_nothing_is_lost(guide: Guide) -> None:
    await guide.open()
    count = guide.page.locator("pulje-guide #count")
    await guide.field.fill("a" * 850)
    await guide.page.wait_for_timeout(700)
    await expect(count).to_have_text("")
    await guide.field.fill("a" * 950)
    await expect(count).to_have_text("Du har 50 tegn tilbage.")
    await guide.field.fill("a" * 1013)
    await expect(count).to_have_text("Beskeden er 13 tegn for lang.")
    await guide.field.press("Enter")
    await expect(guide.alert).to_have_text("Beskeden er 13 tegn for lang.")
    assert len(await guide.field.input_value()) == 1013
    await guide.field.fill("010190-1234 " + "a" * 988)
    await expect(count).to_have_text("Beskeden er 9 tegn for lang.")  # what is sent instead is longer


@pytest.mark.parametrize("size", [(1280, 900), (360, 640), (320, 256)])
async def test_a_long_answer_is_read_from_its_start(guide: Guide, size: tuple[int, int]) -> None:
    await guide.page.set_viewport_size({"width": size[0], "height": size[1]})
    await answering(guide.page, reply("\n".join(f"Linje {number}." for number in range(60))))
    await guide.open()
    answer = await guide.say("Fortæl alt")
    await expect(answer.get_by_text("Linje 0.")).to_be_in_viewport()
    await expect(answer.get_by_text("Linje 59.")).not_to_be_in_viewport()


async def test_suggestions_of_a_reply_are_used_once(guide: Guide) -> None:
    asked = reply("Hvilken pulje mener du?", "clarify")
    asked[0]["buttons"] = [{"title": title, "payload": title} for title in ("Den ene", "Den anden")]
    await answering(guide.page, asked, reply("Et svar."))
    await guide.open()
    answer = await guide.say("Hvad er fristen?")
    await answer.get_by_role("button", name="Den anden").click()
    await guide.items.nth(4).wait_for()
    assert (await guide.texts())[2] == "Du skrev: Den anden"
    for title in ("Den ene", "Den anden"):
        await expect(answer.get_by_role("button", name=title)).to_have_attribute("aria-disabled", "true")


async def test_the_page_is_told_what_happens(guide: Guide) -> None:
    await guide.page.goto(POOL)
    await guide.page.evaluate(
        """() => { window.told = [];
        for (const name of ['open', 'answer', 'error', 'delete', 'close'])
          document.addEventListener('pulje-guide:' + name, (event) => told.push([name, event.detail])); }"""
    )
    await guide.launcher.click()
    await guide.say("Hvornår er fristen?")
    await guide.page.route("**/webhooks/rest/webhook", lambda route: route.abort())
    await guide.page.get_by_role("button", name="Tal med et menneske").click()
    await expect(guide.alert).not_to_have_text("")
    await guide.page.get_by_role("button", name="Slet samtalen").click()
    await guide.page.get_by_role("button", name="Ja, slet").click()
    await expect(guide.status).to_have_text("Samtalen er slettet.")
    await guide.page.get_by_role("button", name="Luk").click()
    kind = {"pool": "kommunale-handlingsplaner", "topic": "deadline", "status": "stated"}
    told = [["open", None], ["answer", [kind]], ["error", {"kind": "lost"}], ["delete", None], ["close", None]]
    assert await guide.page.evaluate("told") == told


async def test_a_reply_in_another_language_says_so_to_screen_readers(guide: Guide) -> None:
    english = reply("I only speak Danish.", "not_understood")
    english[0]["custom"]["answers"][0]["lang"] = "en"
    await answering(guide.page, english)
    await guide.open()
    await expect(await guide.say("Can you help me?")).to_have_attribute("lang", "en")
