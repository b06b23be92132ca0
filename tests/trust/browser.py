"""Whether a real browser runs markup that somebody sent: in the chat, on the plain page, and on staff's pages."""

from __future__ import annotations

import re
import secrets
from typing import Any

import requests
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.cases import body
from tests.conftest import Running, wait_for
from tests.staff.service import PASSWORD
from tests.trust.hostile import MARKUP


def run(assistant: Running) -> dict[str, Any]:
    """Send markup everywhere, look at every page that shows it, and return how many were looked at and what ran."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.LAUNCH)
        try:
            ran, looked = _visitors(browser, assistant)
            more, staff = _staff(browser, assistant)
            return {"markups": len(MARKUP), "pages": looked + staff, "ran": [*ran, *more]}
        finally:
            browser.close()


class Watched:
    """A page that tells whether anything ran on it, or wanted to go elsewhere."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.context = browser.new_context(base_url=url, locale="da-DK")
        self.context.set_default_timeout(60_000)
        self.page: Page = self.context.new_page()
        self.found: list[str] = []
        self.page.on("dialog", lambda dialog: (self.found.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on(
            "request", lambda sent: None if sent.url.startswith((url, "blob:", "data:")) else self._went(sent.url)
        )

    def _went(self, url: str) -> None:
        self.found.append(f"asked for {url}")

    def look(self, where: str) -> None:
        """Note what ran on the page as it is now."""
        if self.page.evaluate("window.ran || (document.body && document.body.id === '1')"):
            self.found.append(f"ran on {where}")


def _visitors(browser: Browser, assistant: Running) -> tuple[list[str], int]:
    watched = Watched(browser, assistant.url)
    page, looked = watched.page, 0
    page.goto("/chat")
    field = page.get_by_label("Dit spørgsmål")
    items = page.locator("pulje-guide ol > li")
    for markup in MARKUP:
        before = items.count()
        field.fill(markup)
        field.press("Enter")
        wait_for(lambda count=before: items.count() >= count + 2)
        watched.look(f"the chat: {markup}")
        looked += 1
    page.reload()
    page.wait_for_timeout(500)
    watched.look("the chat, shown again")
    for markup in MARKUP:
        page.goto("/spoerg")
        page.locator("textarea").fill(markup)
        page.locator("form button").first.click()
        page.wait_for_load_state()
        watched.look(f"the plain page: {markup}")
        looked += 1
    watched.context.close()
    return watched.found, looked + 1


def _staff(browser: Browser, assistant: Running) -> tuple[list[str], int]:
    token = (assistant.var / "staff_token").read_text(encoding="utf-8").strip()
    numbers = []
    for markup in MARKUP:
        given = body(question=markup, name=markup, organisation=markup, contacts=[markup], email=f"{markup}@x.dk")
        given["transcript"] = [{"at": markup[:40], "from": "visitor", "text": markup}]
        answer = requests.post(
            f"{assistant.staff_url}/api/cases", json=given, headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        numbers.append(answer.json()["number"])
    watched = Watched(browser, assistant.staff_url)
    page = watched.page
    page.goto("/log-ind/")
    page.locator("[name=username]").fill("administrator")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/sager/**")
    page.goto("/samtaler/formaal/?next=/samtaler/")
    page.locator("[name=purpose]").first.check()
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    keys = sorted(set(re.findall(r"/samtaler/([0-9a-f]{32})/", page.content())))[:15]
    paths = [
        "/sager/",
        "/samtaler/",
        "/overblik/",
        f"/sager/?q={secrets.token_hex(2)}{MARKUP[1]}",
        f"/samtaler/?q={MARKUP[1]}",
    ]
    paths += [f"/sager/{number}/{part}" for number in numbers for part in ("", "svar/", "udskrift/")]
    paths += [f"/samtaler/{key}/" for key in keys]
    for path in paths:
        page.goto(path)
        watched.look(path)
    watched.context.close()
    return watched.found, len(paths)
