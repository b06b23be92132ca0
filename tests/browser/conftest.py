"""A real browser for the widget and the pages: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, Playwright, async_playwright, expect

from tests import chromium
from tests.conftest import Running, free_port, running

POOL = "/puljer/kommunale-handlingsplaner"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """The driver of the browser."""
    if shutil.which(chromium.PATH) is None:
        pytest.skip("needs Debian's package chromium-headless-shell")
    async with async_playwright() as driver:
        yield driver


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    """One browser for all tests; each gets a context of its own."""
    expect.set_options(timeout=60_000)  # nothing here is about how fast a machine is
    browser = await playwright.chromium.launch(**chromium.LAUNCH)
    yield browser
    await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser, assistant: Running) -> AsyncIterator[BrowserContext]:
    """A fresh visitor. Whatever they do: no error in a script, nothing the policy refuses, no cookie, no other host."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, locale="da-DK", base_url=assistant.url)
    context.set_default_timeout(60_000)
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
    ours = re.compile(r"(http://127\.0\.0\.1:\d+/|blob:|data:)")
    context.on("request", lambda request: None if ours.match(request.url) else wrong.append(request.url))
    yield context
    cookies = await context.cookies()
    await context.close()
    assert (wrong, cookies) == ([], [])


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> Page:
    """A tab."""
    return await context.new_page()


@pytest.fixture(scope="session")
def host_port() -> int:
    """Where another site runs that embeds the chat."""
    return free_port()


@pytest.fixture(scope="session")
def embedding(trained: Path, host_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant that another site may embed, and that tests may kill."""
    var, sites = tmp_path_factory.mktemp("embedding") / "var", f"http://127.0.0.1:{host_port}"
    with running(var, whole=False, PULJEGUIDEN_CORS_ORIGINS=sites) as assistant:
        yield assistant


class Guide:
    """The widget on a page, as a visitor sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.get_by_role("button", name="Spørg Puljeguiden")
        self.log = page.get_by_role("log")
        self.field = page.get_by_label("Dit spørgsmål")
        self.alert = page.locator("pulje-guide .alert:not(.cpr)")
        self.status = page.locator("pulje-guide .status")
        self.items = page.locator("pulje-guide ol > li")

    async def open(self, path: str = POOL) -> Guide:
        """Go to a page and open the chat there."""
        await self.page.goto(path)
        await self.launcher.click()
        await self.page.get_by_text("Du kan for eksempel spørge:").wait_for()
        return self

    async def say(self, text: str) -> Locator:
        """Send a message with Enter, and return the reply."""
        before = await self.items.count()
        await self.field.fill(text)
        await self.field.press("Enter")
        reply = self.items.nth(before + 1)
        await reply.wait_for()
        return reply

    async def texts(self) -> list[str]:
        """Return all messages but the greeting, as text."""
        return [" ".join(text.split()) for text in await self.items.all_inner_texts()][1:]

    async def id(self) -> str:
        """Return the conversation's id."""
        kept: str = await self.page.evaluate("JSON.parse(sessionStorage.getItem('pulje-guide')).id")
        return kept


@pytest.fixture
def guide(page: Page) -> Guide:
    """The widget, not opened yet."""
    return Guide(page)


def reply(text: str = "Et svar.", status: str = "stated", **custom: Any) -> list[dict[str, Any]]:
    """Return what the server answers, for what the assistant does not say (yet) or should never say."""
    answer = {"id": "abc", "pool": None, "topic": "deadline", "status": status, "sources": []}
    return [{"recipient_id": "x", "text": text, "custom": {"answers": [answer], "answer": answer, **custom}}]


async def answering(page: Page, *replies: list[dict[str, Any]]) -> None:
    """Let the server answer the next messages with these replies."""
    left = list(replies)
    await page.route("**/webhooks/rest/webhook", lambda route: route.fulfill(json=left.pop(0)))


async def violations(page: Page) -> list[str]:
    """Return what axe finds wrong by WCAG 2.2 AA and best practice."""
    found = await Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]
