"""Staff's pages in a real browser: they work, by keyboard too, and axe finds nothing to complain about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from puljeguiden.outbox import DELIVERED
from tests.cases import case
from tests.staff.chromium import Look, login
from tests.staff.service import PASSWORD, Service
from tests.staff.test_staff_delivery import courier

# On Django's pages axe would load style sheets anew in a way that the policy forbids.
OF_DJANGO = {"preload": False}
LONG = "Hvordan kan vi som kommune bedst arbejde sammen med skoler og klubber om de unge? " * 8


@pytest.fixture
def expected() -> tuple[str, ...]:
    """What the browser may complain of."""
    return "status of 400", "status of 404"


@pytest.fixture(scope="module")
def filled(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running staff service with people and cases in it."""
    service = Service(Path(shutil.copytree(prepared, tmp_path_factory.mktemp("filled") / "var")))
    service.people(anna="Sagsbehandler", bo="Læser", carl="Træner")
    service.start("staff")
    for changes in (
        {},
        {"pool": "udsatte-boligomraader", "kind": "admin", "question": LONG, "contacts": ()},
        {"pool": None, "name": "", "organisation": "", "transcript": (), "email": "ikke en adresse"},
        {"name": "<b>Ole</b>", "question": "<script>document.title = 'åbent'</script>"},
    ):
        service.outbox.submit(case(**changes))
    courier(service, service.outbox).turn()
    assert service.outbox.counts()[DELIVERED] == 4
    yield service
    service.stop()


def open_case(page: Page, text: str) -> None:
    page.goto("/sager/")
    page.get_by_role("row").filter(has_text=text).get_by_role("link").click()


def test_logging_in_with_a_wrong_password_is_told(page: Page, look: Look) -> None:
    page.goto("/sager/")
    look(page, "login")
    page.get_by_label("Brugernavn").fill("anna")
    page.get_by_label("Adgangskode").fill("forkert")
    page.get_by_role("button", name="Log ind").click()
    assert "korrekt" in page.get_by_role("alert").inner_text()
    look(page, "login-wrong")


def test_anna_finds_a_case_changes_it_and_answers_it(page: Page, look: Look) -> None:
    login(page, "anna")
    look(page, "list")
    page.get_by_label("Søg").fill("SKOLERNE mette")
    page.get_by_role("button", name="Vis sager").click()
    page.get_by_role("table").get_by_role("link").click()
    look(page, "case")
    page.get_by_label("Status").select_option("I gang")
    page.get_by_label("Sagsbehandler").select_option("Anna")
    page.get_by_role("button", name="Gem", exact=True).click()
    assert "Sagen er ændret" in page.get_by_role("status").inner_text()
    page.get_by_label("Notat", exact=True).fill("Spørg centeret først.")
    page.get_by_role("button", name="Gem notat").click()
    page.get_by_role("link", name="Svar på e-mail").click()
    look(page, "reply")
    page.get_by_label("Besked").fill("Hej Mette\n\nI kan begynde med SSP-lærerne.\n\nVenlig hilsen\nAnna")
    page.get_by_role("button", name="Se mailen, før den sendes").click()
    look(page, "preview")
    page.get_by_role("button", name="Ret mailen").click()
    assert "SSP-lærerne" in page.get_by_label("Besked").input_value()
    page.get_by_role("button", name="Se mailen, før den sendes").click()
    page.get_by_role("button", name="Send mailen").click()
    assert "Svaret er på vej" in page.get_by_role("status").inner_text()
    page.get_by_text("Svar til ansøgeren").click()
    look(page, "case-answered")
    trail = page.get_by_role("list").last.inner_text()
    for done in ("Svarede ansøgeren", "Skrev et notat", "Ny → I gang", "Åbnede sagen", "Sagen kom ind"):
        assert done in trail
    page.get_by_role("link", name="Udskrift").click()
    look(page, "print")
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent som JSON").click()
    assert download.value.suggested_filename.startswith("PG-")


def test_what_is_filled_in_wrong_is_told_by_the_field(page: Page, look: Look) -> None:
    login(page, "anna")
    open_case(page, "de unge")
    page.get_by_label("Notat", exact=True).fill("Hendes nummer er 010190-1234")
    page.get_by_role("button", name="Gem notat").click()
    assert "CPR-nummer" in page.get_by_text("ligner et CPR-nummer").inner_text()
    look(page, "case-wrong")
    page.get_by_role("link", name="Svar på e-mail").click()
    page.get_by_label("Besked").fill("010190-1234")
    page.get_by_role("button", name="Se mailen, før den sendes").click()
    assert "ikke sendt" in page.get_by_role("alert").inner_text()
    look(page, "reply-wrong")


def test_markup_from_an_applicant_is_shown_as_text(page: Page, look: Look) -> None:
    login(page, "anna")
    open_case(page, "<b>Ole</b>")
    page.get_by_text("<script>document.title = 'åbent'</script>").first.wait_for()
    assert page.title() != "åbent"
    look(page, "case-markup")


def test_bo_reads_and_is_offered_nothing_else(page: Page, look: Look) -> None:
    login(page, "bo")
    open_case(page, "(intet navn)")
    look(page, "case-read-only")
    assert page.get_by_role("main").get_by_role("button").count() == 0


def test_empty_lists_missing_pages_and_forbidden_ones_are_kind(page: Page, look: Look) -> None:
    login(page, "carl")
    look(page, "home-without-role")
    page.context.clear_cookies()
    login(page, "anna")
    page.goto("/sager/overskredet/")
    look(page, "overdue-empty")
    page.goto("/sager/?q=findes+ikke&since=2030-01-01")
    look(page, "list-empty")
    page.goto("/findes/ikke/")
    look(page, "not-found")
    page.goto("/adgangskode/")
    look(page, "password")


def test_the_administrator_makes_an_account_that_works(page: Page, look: Look) -> None:
    login(page, "administrator")
    page.get_by_role("link", name="Brugere").click()
    look(page, "accounts", **OF_DJANGO)
    page.get_by_role("link", name="Tilføj bruger").click()
    look(page, "account-new", **OF_DJANGO)
    page.locator("[name=username]").fill("helle")
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.get_by_label("Læser").check()
    page.locator("[name=_save]").click()
    look(page, "account", **OF_DJANGO)
    page.get_by_role("link", name="Historik").click()
    look(page, "account-history", **OF_DJANGO)
    page.goto("/")
    page.get_by_role("button", name="Log ud").click()
    login(page, "helle")
    page.get_by_role("table").wait_for()


@pytest.mark.parametrize("width", [320, 640])
def test_pages_fit_a_small_window(page: Page, width: int, look: Look) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    login(page, "anna")
    page.goto("/sager/")
    look(page, f"list-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_role("heading", name="Spørgsmålet").wait_for()
    look(page, f"case-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_can_be_reached_by_keyboard(page: Page) -> None:
    login(page, "anna")
    page.goto("/sager/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Gå til indholdet"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    seen = []
    for _ in range(30):
        seen.append(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.name || ''"))
        page.keyboard.press("Tab")
    assert {"q", "state", "pool", "kind", "who", "since", "until", "overdue"} <= set(seen)
    assert any(name.startswith("/sager/PG-") for name in seen)
