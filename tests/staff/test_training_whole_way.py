"""The whole way, with everything running: a question nobody understood, taught, tried out, live, and answered."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from puljeguiden.editing import history
from tests import conftest, workshop
from tests.conftest import Running, Visitor, answered, wait_for
from tests.house import H
from tests.staff.chromium import login
from tests.staff.service import PASSWORD

ASKED = "hvad er slutfløjtet for handlingsplanerne"


@pytest.fixture
def running(taught: Path, tmp_path: Path) -> Iterator[Running]:
    """The whole assistant in a small copy of the project."""
    root = Path(shutil.copytree(taught, tmp_path / "shop"))
    set_to = {"PULJEGUIDEN_ADMIN_PASSWORD": PASSWORD, "PULJEGUIDEN_TODAY": "2026-11-20T12:00"}
    with conftest.running(root / "var", root=root, **set_to) as assistant:
        yield assistant


@pytest.fixture
def page(browser: Browser, running: Running) -> Iterator[Page]:
    """A browser at the staff service."""
    context = browser.new_context(base_url=running.staff_url, locale="da-DK")
    yield context.new_page()
    context.close()


def test_a_question_from_the_log_is_taught_tried_out_and_answered(running: Running, page: Page) -> None:
    root = running.var.parent
    assert answered(Visitor(running.url).say(ASKED)) != [(H, "deadline", "stated")]
    login(page, "administrator")

    def waits() -> bool:
        page.goto("/traening/indbakke/")
        return page.get_by_role("region").filter(has_text=ASKED).count() == 1

    wait_for(waits)
    group = page.get_by_role("region").filter(has_text=ASKED)
    group.get_by_label("Hvilket emne handler det om?").fill("Ansøgningsfrist")
    group.get_by_label("Også som regressionsspørgsmål").check()
    group.get_by_role("button", name="Læg i emnet").click()
    page.get_by_label("Regressionsspørgsmålet handler om").select_option("Kommunale handlingsplaner")
    page.get_by_role("button", name="Gem i mit udkast").click()
    page.get_by_text("Gemt i dit udkast").wait_for()

    page.goto("/traening/aendringer/")
    page.get_by_label("Hvorfor?").fill("Et ord for frist, som ansøgere bruger")
    page.get_by_role("button", name="Afprøv", exact=True).click()
    page.get_by_role("heading", name="Afprøvningen er i gang").wait_for()
    page.get_by_role("button", name="Gå live").wait_for(timeout=600_000)
    assert ASKED in page.get_by_role("article").filter(has_text="Bliver rigtigt").first.inner_text()
    page.get_by_role("button", name="Gå live").click()
    page.get_by_role("heading", name="Det er i drift").wait_for(timeout=120_000)

    def is_answered() -> bool:
        return answered(Visitor(running.url).say(ASKED)) == [(H, "deadline", "stated")]

    wait_for(is_answered)
    first, *_ = history.recent(root)
    assert (first.author, first.subject) == ("administrator", "Et ord for frist, som ansøgere bruger")
    page.goto("/traening/haendelser/")
    told = page.get_by_role("main").inner_text()
    assert "Satte i drift" in told
    assert "Startede en afprøvning" in told
    assert workshop.python(root, "puljeguiden", "check").returncode == 0
