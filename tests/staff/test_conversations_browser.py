"""Reviewing conversations in a real browser: by keyboard too, on a small screen too, and axe finds nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.staff.chromium import Look, keep, login
from tests.staff.service import Service


@pytest.fixture(scope="module")
def filled(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running staff service with people and conversations in it."""
    service = Service(Path(shutil.copytree(prepared, tmp_path_factory.mktemp("talks") / "var")))
    service.people(anna="Sagsbehandler", bo="Læser", erik="Træner")
    service.run("-m", "tests.staff.talks")
    service.start("staff")
    yield service
    service.stop()


def open_first(page: Page, query: str = "") -> None:
    """Open the first conversation of a list, and say why."""
    page.goto(f"/samtaler/{query}")
    page.get_by_role("table").get_by_role("link").first.click()
    asks, message = page.get_by_role("button", name="Fortsæt"), page.get_by_role("article").first
    asks.or_(message).wait_for()
    if asks.is_visible():
        page.get_by_label("Kvalitet").check()
        asks.click()
    message.wait_for()
    page.wait_for_load_state()


def test_every_page_pleases_axe_and_fits_the_screen(page: Page, look: Look, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    login(page, "administrator")
    pages = {
        "list": "/samtaler/",
        "list-search": "/samtaler/?q=cykler&status=not_understood",
        "list-empty": "/samtaler/?q=hippopotamus",
        "list-wrong": "/samtaler/?pool=findes-ikke",
        "purpose": "/samtaler/formaal/",
        "overview": "/overblik/?days=90",
        "overview-empty": "/overblik/?days=7&pool=udsatte-boligomraader",
    }
    for name, path in pages.items():
        page.goto(path)
        if name == "overview":
            keep(page, f"conversations-overview-closed-{width}")
            for summary in page.locator("summary").all():
                summary.click()
        look(page, f"conversations-{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    open_first(page, "?q=cykler")
    look(page, f"conversations-transcript-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Hvorfor skal du se det").fill("Ansøgeren har ringet om den")
    page.get_by_role("button", name="Vis uden maskering").click()
    assert "er slettet" in page.get_by_role("main").inner_text()
    look(page, f"conversations-unmasked-{width}")


def test_erik_reviews_by_keyboard(page: Page, look: Look) -> None:
    login(page, "erik")
    open_first(page, "?q=cykler")
    article = page.get_by_role("article")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "Besked 2 / 2" in page.locator("#said").inner_text()
    assert article.nth(1).evaluate("node => node === document.activeElement")
    page.keyboard.press("k")
    assert article.nth(0).evaluate("node => node === document.activeElement")
    page.keyboard.press("2")
    page.get_by_text("Din vurdering er gemt").wait_for()
    assert page.url.endswith("#tur-1")
    assert article.nth(0).evaluate("node => node === document.activeElement")  # one goes on where one was
    page.keyboard.press("j")
    page.keyboard.press("3")
    topic = article.nth(1).get_by_label("Rigtigt emne")
    assert topic.evaluate("node => node === document.activeElement")
    topic.select_option("Budget")
    article.nth(1).focus()
    page.keyboard.press("3")
    article.nth(1).get_by_text("Burde være et andet emne: Budget").wait_for()
    look(page, "conversations-judged")
    article.nth(1).get_by_role("button", name="Foreslå som træningseksempel").click()
    article.nth(1).get_by_text("Foreslået som træningseksempel").wait_for()
    page.keyboard.press("r")
    page.get_by_text("Samtalen er gennemgået.").wait_for()


def test_keys_are_letters_in_a_field_and_can_be_switched_off(page: Page) -> None:
    login(page, "erik")
    open_first(page, "?q=fristen")
    comment = page.get_by_role("article").first.get_by_label("Kommentar")
    comment.fill("")
    comment.press_sequentially("jkr1234np")
    assert comment.input_value() == "jkr1234np"
    assert page.locator("#said").inner_text() == ""
    page.get_by_label("Brug genvejstaster").uncheck()
    page.get_by_role("heading", level=1).click()
    address = page.url
    for key in "jkr1np":
        page.keyboard.press(key)
    page.reload()
    assert not page.get_by_label("Brug genvejstaster").is_checked()
    page.keyboard.press("j")
    assert page.locator("#said").inner_text() == ""
    assert page.url == address
    page.get_by_label("Brug genvejstaster").check()
    page.keyboard.press("Control+j")
    assert page.locator("#said").inner_text() == ""
    page.keyboard.press("j")
    assert "Besked 1" in page.locator("#said").inner_text()


def test_n_and_p_go_through_the_list(page: Page) -> None:
    login(page, "erik")
    open_first(page)
    first = page.url
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url != first)
    page.get_by_text("Brug genvejstaster").wait_for()
    page.keyboard.press("p")
    page.wait_for_url(first)


def test_everything_works_without_scripts(browser: Browser, filled: Service) -> None:
    context = browser.new_context(base_url=filled.url, java_script_enabled=False)
    page = context.new_page()
    login(page, "anna")
    open_first(page, "?q=betale")
    assert not page.get_by_text("Brug genvejstaster").is_visible()
    page.get_by_role("button", name="Rigtigt", exact=True).click()
    assert "Din vurdering er gemt" in page.get_by_role("status").first.inner_text()
    context.close()


def test_a_wrong_verdict_is_told_at_its_field(page: Page, look: Look) -> None:
    login(page, "erik")
    open_first(page, "?q=betale")
    page.get_by_role("button", name="Burde være").click()
    assert "Vælg det emne" in page.get_by_role("article").inner_text()
    look(page, "conversations-verdict-wrong")


def test_anna_keeps_a_filter_and_takes_a_spreadsheet(page: Page, look: Look) -> None:
    login(page, "anna")
    page.get_by_role("link", name="Samtaler").click()
    page.get_by_label("Søg i spørgsmål og svar").fill("fristen")
    page.get_by_role("button", name="Vis samtaler").click()
    page.get_by_text("Gem filteret").click()
    page.get_by_label("Navn på filteret").fill("Om fristen")
    page.get_by_role("button", name="Gem", exact=True).click()
    assert "Filteret er gemt" in page.get_by_role("status").inner_text()
    page.get_by_text("Hent som regneark").click()
    page.get_by_label("Træning").check()
    look(page, "conversations-filter-kept")
    with page.expect_download() as download:
        page.get_by_role("button", name="Hent", exact=True).click()
    assert download.value.suggested_filename.startswith("samtaler-")
    page.get_by_role("button", name="Slet filteret Om fristen").click()
    assert page.get_by_role("link", name="Om fristen").count() == 0


def test_the_overview_tells_the_same_in_plots_and_tables(page: Page) -> None:
    login(page, "bo")
    page.get_by_role("link", name="Overblik").click()
    page.get_by_label("Periode", exact=True).select_option("Et år")
    page.get_by_role("button", name="Vis tal").click()
    assert page.get_by_role("img").count() >= 4
    table = page.get_by_role("region", name="Hvordan det går").get_by_role("table")
    image = page.get_by_role("region", name="Hvordan det går").get_by_role("img")
    share = table.get_by_role("row").nth(1).inner_text().split("\t")
    assert f"{share[0]}: {share[1]}" in (image.text_content() or "")
    keep(page, "conversations-overview-bo")
