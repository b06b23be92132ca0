"""Makes the pictures of the trainer's guide: part of `make screenshots`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests import chromium
from tests.conftest import ROOT
from tests.house import H
from tests.staff.chromium import login
from tests.staff.service import Service

FOLDER = ROOT / "docs" / "images"
ASKED = "må pengene gå til indkøb af cykler"


def picture(page: Page, name: str) -> None:
    """Save one picture of what one sees first."""
    page.screenshot(path=FOLDER / f"training-{name}.png")


def teach(page: Page) -> None:
    """Teach the assistant something, as the guide tells, and save a picture at each step."""
    login(page, "erik")
    page.goto("/traening/indbakke/")
    picture(page, "inbox")
    group = page.get_by_role("region").filter(has_text="kan man bruge penge på cykler")
    group.get_by_label("Hvilket emne handler det om?").fill("Budget")
    group.get_by_role("button", name="Læg i emnet").click()
    page.get_by_label("Spørgsmål", exact=True).first.fill(ASKED)
    picture(page, "learn")
    page.get_by_role("button", name="Gem i mit udkast").click()
    page.goto(f"/traening/puljer/{H}/svar/eligibility/")
    picture(page, "answer")
    page.goto("/traening/aendringer/")
    picture(page, "changes")


def main() -> None:
    """Start a staff service with conversations, take the pictures, stop it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        service = Service(Path(folder))
        try:
            service.prepare()
            service.people(erik="Træner")
            service.run("-m", "tests.staff.talks")
            service.start("staff")
            browser = driver.chromium.launch(**chromium.LAUNCH)
            size = {"width": 1000, "height": 760}
            context = browser.new_context(base_url=service.url, locale="da-DK", viewport=size)  # type: ignore[arg-type]
            teach(context.new_page())
            browser.close()
        finally:
            service.stop()


if __name__ == "__main__":
    main()
