"""The pages in a browser: without JavaScript, on paper, and with the chat opened on their pool."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import POOL, Guide, violations
from tests.conftest import Running


async def test_from_the_front_page_to_an_answer_about_the_pool_one_reads_about(guide: Guide) -> None:
    await guide.page.goto("/")
    await guide.page.get_by_role("link", name="Genudmelding").click()
    await guide.page.get_by_role("link", name="Spørg om puljen").click()
    await expect(guide.field).to_be_focused()
    await expect(await guide.say("Hvornår er fristen?")).to_contain_text("25. august 2017")


async def test_the_chat_as_a_page(guide: Guide) -> None:
    await guide.page.goto("/chat")
    await expect(guide.page.get_by_role("region", name="Puljeguiden")).to_be_visible()
    await expect(guide.launcher).to_have_count(0)
    assert await guide.page.evaluate("document.activeElement.tagName") == "BODY"
    await guide.page.get_by_text("Du kan for eksempel spørge:").wait_for()
    await expect(await guide.say("Hvornår er fristen for handlingsplanerne?")).to_contain_text("25. august 2017")
    await guide.page.keyboard.press("Escape")
    await expect(guide.field).to_be_visible()
    assert await violations(guide.page) == []


async def test_without_javascript_one_asks_in_a_form(browser: Browser, assistant: Running) -> None:
    context = await browser.new_context(base_url=assistant.url, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/puljer/kommunale-handlingsplaner")
    await page.get_by_role("link", name="Spørg om puljen").click()
    await page.get_by_role("link", name="Gå til formularen").click()
    await page.get_by_label("Dit spørgsmål").fill("Hvornår er fristen?")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#svar")).to_contain_text("25. august 2017")
    await page.get_by_text("Kilde: opslaget om kommunale handlingsplaner").click()
    await expect(page.get_by_text("”Ansøgningsfristen er den 25. august 2017”")).to_be_visible()
    await page.get_by_role("button", name="Slet samtalen").click()
    await expect(page.get_by_role("status")).to_have_text("Samtalen er slettet.")
    await page.get_by_role("button", name="Hvem kan søge?").click()
    await expect(page.locator("#svar")).to_contain_text("kommuner")
    await context.close()


async def test_the_form_and_its_error_pass_axe(page: Page) -> None:
    await page.goto("/spoerg")
    await page.get_by_label("Dit spørgsmål").fill("???")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_label("Dit spørgsmål")).to_have_value("???")
    assert await violations(page) == []
    await page.get_by_label("Dit spørgsmål").fill("Hvilke puljer er der?")
    await page.get_by_role("button", name="Send").click()
    await page.locator("#svar summary").first.click()
    assert await violations(page) == []


async def test_on_paper_there_is_the_announcement_and_no_chat(page: Page) -> None:
    await page.goto(POOL)
    await page.emulate_media(media="print")
    for name in ("pulje-guide", ".site-footer", "nav[aria-label=Hovedmenu]", ".ask-here"):
        await expect(page.locator(name)).to_be_hidden()
    await expect(page.get_by_role("heading", name="Ansøgerkreds")).to_be_visible()


async def test_a_conversation_can_be_printed_whole(guide: Guide) -> None:
    await guide.page.goto("/chat")
    for question in ("Hvornår er fristen?", "Hvem kan søge?", "Hvilke puljer er der?"):
        await guide.say(question)
    await guide.page.emulate_media(media="print")
    whole = "node => node.scrollHeight <= node.clientHeight + 1"
    assert await guide.log.evaluate(whole)
    await expect(guide.field).to_be_hidden()
