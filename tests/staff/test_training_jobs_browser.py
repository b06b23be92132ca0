"""The job and the models in a real browser: a job that runs, one that has passed, the way back; axe finds nothing."""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from puljeguiden import bank, jobs, settings
from puljeguiden.jobs import Job, Order
from tests.staff.chromium import Look, login
from tests.staff.service import Service
from tests.staff.test_training_jobs import write_report

LIVE, NEW = "aaaa1111", "bbbb2222"


@pytest.fixture(scope="module")
def filled(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running staff service with two models; this process writes down its jobs."""
    service = Service(Path(shutil.copytree(prepared, tmp_path_factory.mktemp("training") / "var")))
    service.people(erik="Træner")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULJEGUIDEN_VAR_DIR", str(service.var))
        settings.get.cache_clear()
        for version in (LIVE, NEW):
            (service.var / "trained").write_bytes(version.encode())
            bank.add(service.var / "trained", version)
            write_report(version)
        bank.publish(LIVE, "Anna", "nye eksempler på frister")
        jobs.folder().mkdir()
        service.start("staff")
        yield service
        service.stop()
    settings.get.cache_clear()


def job(**more: object) -> Job:
    given = {"version": NEW, "verdict": {"of": "", "worse": 1, "unknown": False}, "trains": True, **more}
    return Job(Order("Erik", "nye eksempler på frister", hold=True), pid=0, **given)  # type: ignore[arg-type]


def test_every_page_pleases_axe_and_fits_the_screen(page: Page, look: Look, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    login(page, "administrator")

    def check(path: str, name: str) -> None:
        page.goto(path)
        for summary in page.locator("summary").all():
            if summary.evaluate("node => !node.parentElement.open"):
                summary.click()
        look(page, f"training-{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    for state in (jobs.PASSED, jobs.PUBLISHED, jobs.CANCELLED):
        job().end(state)
        check("/traening/udgivelse/", state)
    job().end(jobs.REFUSED, "worse", "1 question(s) that got the right answer get a wrong one")
    check("/traening/udgivelse/", "refused")
    job().end(jobs.FAILED, "broken", "deadline.yml:2: nlu: cannot be read: did not find expected node content")
    check("/traening/udgivelse/", "failed")
    check("/traening/modeller/", "models")
    check(f"/traening/modeller/{LIVE}/", "model")
    check(f"/traening/modeller/{NEW}/tilbage/", "rollback")
    check("/traening/haendelser/", "deeds")


def test_a_running_job_is_followed_without_reloading_until_it_ends(page: Page, look: Look, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    login(page, "erik")
    running = job(stage="validate")
    with (jobs.folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        running.enter("train")
        jobs.log_file().write_text("first line\n", encoding="utf-8")
        page.goto("/traening/udgivelse/")
        assert page.locator("[aria-current=step]").inner_text() == "Træner Puljeguiden"
        assert not page.get_by_text("Opdater siden").is_visible()
        look(page, f"training-running-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        running.enter("evaluate")
        jobs.log_file().write_text("second line\n", encoding="utf-8")
        page.locator("[aria-current=step]", has_text="Stiller spørgsmål").wait_for()
        assert "second line" in (page.locator("#log").text_content() or "")
        running.end(jobs.PASSED)
    page.get_by_role("button", name="Gå live").wait_for()


def test_without_scripts_one_reloads_the_page(browser: Browser, filled: Service) -> None:
    context = browser.new_context(base_url=filled.url, java_script_enabled=False)
    page = context.new_page()
    login(page, "erik")
    with (jobs.folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        job(stage="evaluate", entered=time.time()).write()
        page.goto("/traening/udgivelse/")
        page.get_by_role("link", name="Opdater siden").click()
        assert "Stiller spørgsmål" in page.get_by_role("main").inner_text()
    context.close()


def test_erik_goes_back_to_an_earlier_model(page: Page) -> None:
    login(page, "erik")
    page.goto("/traening/modeller/")
    page.get_by_role("link", name=f"Gå tilbage til {NEW}").click()
    page.get_by_label("Hvorfor? Det står i historikken").fill("den nye svarer forkert om frister")
    page.get_by_role("button", name="Gå tilbage til denne model").click()
    page.get_by_text("Den tidligere model er i drift").wait_for()
    assert bank.live() == NEW
    told = json.loads((bank.file(NEW).parent / f"{NEW}.json").read_text(encoding="utf-8"))
    assert told["publications"][-1]["note"] == "den nye svarer forkert om frister"
    page.get_by_role("link", name="Hændelser").click()
    assert "den nye svarer forkert om frister" in page.get_by_role("main").inner_text()
    bank.publish(LIVE, "Anna", "")
