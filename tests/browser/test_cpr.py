"""The widget masks CPR numbers by the same rule as the server."""

from __future__ import annotations

import random

from playwright.async_api import Browser

from puljeguiden.masking import mask_cpr
from tests.conftest import ROOT

PARTS = [
    "010190",
    "01",
    "31",
    "12",
    "90",
    "1990",
    "1234",
    "12345",
    "0101901234",
    "010119901234",
    "320190",
    "٠١٠١٩٠١٢٣٤",
]
PARTS += [
    "-",
    " ",
    " ",
    "-",
    ".",
    "/",
    "–",
    ":",
    ",",
    "den ",
    "kl. ",
    "😀",
    "０１０１９０",
    "8",
    "2017",
    "08",
    "14.69.04.20",
]


async def test_what_the_server_masks_the_widget_masks_alike(browser: Browser) -> None:
    chance = random.Random(7)
    texts = ["".join(chance.choices(PARTS, k=chance.randint(1, 9))) for _ in range(3000)]
    page = await browser.new_page()
    await page.add_script_tag(path=ROOT / "web" / "widget" / "cpr.js")
    masked = await page.evaluate("texts => texts.map(maskCpr)", texts)
    await page.close()
    expected = [mask_cpr(text) for text in texts]
    assert [pair for pair in zip(texts, masked, expected, strict=True) if pair[1] != pair[2]] == []
    assert 300 < sum(text != mask for text, mask in zip(texts, expected, strict=True)) < 2700
