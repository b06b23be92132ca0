"""Trainers' pages in a real browser: axe finds nothing, they fit a small screen, and quotes are picked by marking them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from puljeguiden import settings, watched
from puljeguiden.editing import drafts, files, pools
from tests.house import H
from tests.staff.chromium import Look, fits, keep, login
from tests.staff.service import Service

ONLY = "Puljen kan søges af kommuner."
TRAINING = {
    "inbox": "/traening/indbakke/",
    "topics": "/traening/emner/",
    "topic": "/traening/emner/deadline/?q=senest",
    "example": "/traening/emner/budget/eksempel/?example=budget%20skema",
    "new-topic": "/traening/nyt-emne/",
    "delete-topic": "/traening/emner/budget/slet/",
    "pools": "/traening/puljer/",
    "pool": f"/traening/puljer/{H}/",
    "answer": f"/traening/puljer/{H}/svar/deadline/",
    "answer-who": f"/traening/puljer/{H}/svar/eligibility/",
    "new-pool": "/traening/ny-pulje/",
    "changes": "/traening/aendringer/",
    "discard": "/traening/aendringer/kasser/",
    "watch": "/traening/sider/",
    "gone": "/traening/aendringer/fortryd/none/",
}


@pytest.fixture
def expected() -> tuple[str, ...]:
    """What the browser may complain of."""
    return ("status of 4",)


@pytest.fixture(scope="module")
def filled(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running staff service with conversations to learn from."""
    service = Service(Path(shutil.copytree(prepared, tmp_path_factory.mktemp("training") / "var")))
    service.people(erik="Træner", frida="Træner")
    service.run("-m", "tests.staff.talks")
    service.start("staff")
    yield service
    service.stop()


def pick(page: Page, text: str) -> None:
    """Mark some words of the page's text, as with a mouse."""
    page.locator(".page-text pre").first.evaluate(
        """(pre, text) => {
            const walk = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const at = walk.currentNode.data.indexOf(text);
                if (at >= 0) getSelection().setBaseAndExtent(walk.currentNode, at, walk.currentNode, at + text.length);
            }
        }""",
        text,
    )


def test_erik_teaches_from_the_inbox_and_picks_a_quote(page: Page, look: Look) -> None:
    login(page, "erik")
    page.goto("/traening/indbakke/")
    group = page.get_by_role("region").filter(has_text="kan man bruge penge på cykler")
    group.get_by_label("Hvilket emne handler det om?").fill("Budget")
    group.get_by_role("button", name="Læg i emnet").click()
    look(page, "training-learn")
    page.get_by_label("Spørgsmål", exact=True).first.fill("what can we use the money for please")
    page.get_by_role("button", name="Gem i mit udkast").click()
    assert "ikke ud til at være dansk" in page.get_by_role("main").inner_text()
    look(page, "training-learn-warned")
    page.get_by_label("Spørgsmål", exact=True).first.fill("må pengene gå til indkøb af cykler")
    page.get_by_role("button", name="Gem i mit udkast").click()
    assert "Gemt i dit udkast" in page.get_by_role("status").inner_text()
    page.goto(f"/traening/puljer/{H}/svar/budget/")
    page.get_by_label("Det står i opslaget").check()
    page.get_by_label("Det skal Puljeguiden svare").fill(ONLY)
    pick(page, ONLY)
    page.get_by_role("button", name="Brug det markerede som citat").click()
    assert page.get_by_label("Citater, ét på hver linje").input_value() == ONLY
    keep(page, "training-picked")
    page.get_by_role("button", name="Gem i mit udkast").click()
    page.goto("/traening/aendringer/")
    page.get_by_text("Vis linje for linje").click()
    look(page, "training-changes-full")
    told = page.get_by_role("main").inner_text()
    assert "1 nyt eksempel i Budget" in told
    assert "Svar ændret for Kommunale handlingsplaner: Budget" in told


def test_every_page_pleases_axe_and_fits_the_screen(page: Page, look: Look, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    login(page, "erik")  # who has a draft since the test above
    for name, path in TRAINING.items():
        page.goto(path)
        for summary in page.locator("summary").all():
            summary.click()
        look(page, f"training-{name}-{width}")
        assert fits(page), name


def test_a_changed_page_pleases_axe_and_fits_the_screen(
    page: Page, look: Look, width: int, filled: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULJEGUIDEN_VAR_DIR", str(filled.var))
    settings.get.cache_clear()
    work = drafts.every(drafts.home())[0].work  # erik's, since the first test
    with files.changing(work) as change:
        change.tree(pools.path(H))["page"]["url"] = "https://ministeriet.example/pulje"
    text = (work / pools.page(H)).read_text(encoding="utf-8")
    watched.home().mkdir(exist_ok=True)
    (watched.home() / f"{H}.txt").write_text(text.replace("25. august 2017", "1. oktober 2017"), encoding="utf-8")
    page.set_viewport_size({"width": width, "height": 900})
    login(page, "erik")
    page.goto("/traening/sider/")
    look(page, f"training-watch-changed-{width}")
    assert fits(page)
    page.get_by_role("table").get_by_role("link").first.click()
    look(page, f"training-watched-{width}")
    assert fits(page)
    page.get_by_role("button", name="Godkend den nye tekst").click()
    look(page, f"training-watched-wrong-{width}")
    assert fits(page)
    settings.get.cache_clear()


def test_a_new_topic_counts_its_examples_and_tells_what_is_wrong(page: Page, look: Look) -> None:
    login(page, "frida")
    page.goto("/traening/nyt-emne/")
    page.get_by_label("Emnets navn").fill("Parkering")
    page.get_by_label("Eksempler på spørgsmål").fill("hvor kan man parkere\ner der parkering\n\ner der parkering")
    assert "2 af 30 indtil nu" in page.get_by_role("main").inner_text()
    page.get_by_role("button", name="Gem i mit udkast").click()
    assert "mindst 8" in page.get_by_role("alert").inner_text()
    look(page, "training-new-topic-wrong")


def test_a_new_pool_shows_what_was_found(page: Page, look: Look, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    login(page, "frida")
    page.goto("/traening/ny-pulje/")
    page.get_by_label("Navn, som efter").fill("lokale ildsjæle")
    page.get_by_label("Det kalder folk puljen").fill("lokale ildsjæle")
    text = (Path(__file__).parents[1] / "pools" / "pages" / "lokale-ildsjaele.txt").read_text(encoding="utf-8")
    page.get_by_label("Opslagets tekst").fill(text)
    page.get_by_role("button", name="Læs opslaget").click()
    assert "Det står i opslaget" in page.get_by_role("main").inner_text()
    look(page, f"training-found-{width}")
    assert fits(page)


def test_everything_works_without_a_script(browser: Browser, filled: Service) -> None:
    context = browser.new_context(base_url=filled.url, locale="da-DK", java_script_enabled=False)
    page = context.new_page()
    login(page, "frida")
    page.goto(f"/traening/puljer/{H}/svar/budget/")
    assert page.get_by_role("button", name="Brug det markerede").count() == 0
    page.get_by_label("Det står i opslaget").check()
    page.get_by_label("Det skal Puljeguiden svare").fill(ONLY)
    page.get_by_label("Citater").fill(ONLY)
    page.get_by_role("button", name="Gem i mit udkast").click()
    assert "Gemt i dit udkast" in page.get_by_role("status").inner_text()
    context.close()
