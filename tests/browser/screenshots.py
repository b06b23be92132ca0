"""Makes the README's pictures: `make screenshots`. Small, of the main states, always at the same moment."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests import chromium
from tests.browser.conftest import POOL, Guide
from tests.conftest import ROOT, running, train_if_needed

FOLDER = ROOT / "docs" / "screenshots"
TODAY = "2017-08-13T12:00"


async def picture(browser: Browser, url: str, name: str, size: tuple[int, int], *questions: str) -> None:
    """Save one picture: a page, or the chat on it after some questions, the last answer's source unfolded."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="da-DK", base_url=url, reduced_motion="reduce"
    )
    guide = Guide(await context.new_page())
    await guide.page.goto(POOL if questions else "/")
    if questions:
        await guide.open()
        for question in questions:
            answer = await guide.say(question)
        await answer.locator("summary").click()
        await answer.evaluate("node => node.closest('.log').scrollTo(0, 1e6)")
    await guide.page.wait_for_timeout(300)
    await guide.page.screenshot(path=FOLDER / f"{name}.png")
    await context.close()


async def take(url: str) -> None:
    """Save all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(**chromium.LAUNCH)
        await picture(browser, url, "website", (1100, 720))
        await picture(browser, url, "chat", (1100, 720), "Hvornår er fristen?")
        await picture(
            browser, url, "phone", (360, 720), "Hvem kan søge?", "Skal vi selv betale noget?", "Hvornår er fristen?"
        )
        await browser.close()


def main() -> None:
    """Start an assistant, take the pictures, stop it."""
    train_if_needed()
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "var", PULJEGUIDEN_TODAY=TODAY) as assistant,
    ):
        asyncio.run(take(assistant.url))


if __name__ == "__main__":
    main()
