"""Staff's pages in a real browser: how tests open them, look at them with axe, and log in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.staff.service import PASSWORD, Service

Look = Callable[..., None]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")  # while Playwright is there, an event loop seems to run, and others' tests need theirs
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not shutil.which(chromium.PATH):
        pytest.skip("needs Debian's package chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.LAUNCH)
        yield browser
        browser.close()


@pytest.fixture
def expected() -> tuple[str, ...]:
    """What the browser may complain of: pages answered as they should be. A module may expect more."""
    return ("status of 400",)


@pytest.fixture
def page(browser: Browser, filled: Service, expected: tuple[str, ...]) -> Iterator[Page]:
    """A page of a module's `filled` service; fails the test on an error, a blocked resource or a foreign host."""
    context = browser.new_context(base_url=filled.url, locale="da-DK", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda sent: None if sent.url.startswith(filled.url) else troubles.append(sent.url))
    yield page
    context.close()
    assert [trouble for trouble in troubles if not any(one in trouble for one in expected)] == []


@pytest.fixture(params=[1280, 320])
def width(request: pytest.FixtureRequest) -> int:
    """How wide the window is."""
    return int(request.param)


def fits(page: Page) -> bool:
    """Return whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def keep(page: Page, name: str) -> None:
    """Keep a picture of a page in the folder that SCREENSHOTS names, if it does."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/staff-{name}.png", full_page=True)


@pytest.fixture
def look() -> Look:
    """Check a page with axe."""

    def check(page: Page, name: str, **options: Any) -> None:
        page.wait_for_load_state()
        keep(page, name)
        found: Any = Axe().run(page, options={"runOnly": RULES, **options}).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []

    return check


def login(page: Page, name: str) -> None:
    """Log in as somebody."""
    page.goto("/")
    page.get_by_label("Brugernavn").fill(name)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
