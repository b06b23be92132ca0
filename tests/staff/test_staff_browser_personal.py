"""The pages «Opbevaring» and «Indsigt og sletning» in a real browser, wide and narrow."""

# ruff: noqa: F811 - fixtures have the names of what they are
from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from puljeguiden.conversations import Conversations
from tests.staff.chromium import login
from tests.staff.service import Service
from tests.staff.test_staff_browser import expected, filled  # noqa: F401 - fixtures
from tests.talk import replied, said, tell

WIDTHS = (1280, 320)


@pytest.fixture
def talked(filled: Service) -> str:
    """The id of a conversation that somebody had with the assistant."""
    sender = f"besoegende-{time.time_ns()}"
    store = Conversations(f"sqlite:///{filled.var}/conversations.db")
    tell(store, sender, said("hvad er fristen?"), replied())
    store.close()
    filled.run("-m", "staff", "follow", "--once")
    return sender


@pytest.mark.parametrize("width", WIDTHS)
def test_the_administrator_hands_out_and_deletes(
    page: Page,
    look: Callable[[Page, str], None],
    talked: str,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    login(page, "administrator")
    page.get_by_role("link", name="Indsigt og sletning").click()
    look(page, f"insight-{width}")
    page.get_by_label("Samtalens id").fill("findes-ikke")
    page.get_by_role("button", name="Find").click()
    page.get_by_text("Der er ikke gemt noget om det.").wait_for()
    page.get_by_label("Samtalens id").fill(talked)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Det er gemt").wait_for()
    look(page, f"insight-found-{width}")
    handing, deleting = page.get_by_label("Formål").first, page.get_by_label("Formål").last
    handing.fill("Brev om indsigt")
    with page.expect_download() as download:
        page.get_by_role("button", name="Hent som tekst").click()
    assert download.value.suggested_filename == "indsigt.txt"
    deleting.fill("kort")
    page.get_by_label("Ja, det skal slettes").check()
    page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    page.get_by_role("button", name="Slet").click()
    look(page, f"insight-wrong-{width}")
    page.get_by_label("Formål").last.fill("Brev om sletning")
    page.get_by_role("button", name="Slet").click()
    assert "Det er slettet" in page.get_by_role("status").first.inner_text()
    page.get_by_role("link", name="Opbevaring").click()
    look(page, f"retention-{width}")
    assert "Slettet efter anmodning" in page.get_by_role("table").last.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_bo_sees_what_is_kept_and_hands_out_nothing(page: Page, look: Callable[[Page, str], None]) -> None:
    login(page, "bo")
    page.get_by_role("link", name="Opbevaring").click()
    look(page, "retention-reader")
    assert page.get_by_role("link", name="Indsigt og sletning").count() == 0
