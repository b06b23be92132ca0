"""The pages that try out, put live and go back: what each shows and does, and what is written down."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from puljeguiden import bank, jobs
from puljeguiden.evaluation import comparing, judging
from puljeguiden.evaluation.questions import Answer, Question, Reply
from puljeguiden.jobs import Job, Order
from tests.staff.talks import NOW, talk

STATED = Answer("kommunale-handlingsplaner", "deadline", "stated")
SILENT = Answer("kommunale-handlingsplaner", "deadline", "not_stated")
ASKED = Question("hvad er fristen for handlingsplanerne", ("hej",), gets=(STATED,))
RIGHT, WRONG = Reply("Den 25. august.", (STATED,)), Reply("<b>Det ved jeg ikke.</b>", (SILENT,))
PAGE = "/traening/udgivelse/"


@pytest.fixture(autouse=True)
def models(own_var: Path) -> Path:
    """A bank with a live model and one that was evaluated beside it."""
    for version in ("aaaa1111", "bbbb2222"):
        file = own_var / "trained"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(version.encode())
        bank.add(file, version)
        write_report(version)
    bank.publish("aaaa1111", "Anna", "nye eksempler")
    return own_var / "models"


def write_report(version: str) -> None:
    pair = {"topic": "deadline", "taken_for": "complaint", "count": 3, "examples": ["hvornår er det"]}
    topics = {"deadline": {"examples": 20, "right": 17, "taken_for_it": 2}}
    classifier = {"examples": 20, "right": 17, "topics": topics, "mixed_up": [pair]}
    figures = {"regression": comparing.regression([ASKED], [WRONG]), "near_misses": None}
    comparison = comparing.compare([ASKED], [RIGHT], [WRONG])
    report = judging.report(version, "aaaa1111", classifier, figures, comparison)
    bank.report_file(version).write_text(json.dumps(report), encoding="utf-8")
    bank.judge(version, judging.figures(report))


def job(state: str, *why: str, **more: Any) -> Job:
    """Write down a job as it would have."""
    one = Job(Order("Bo", "nye eksempler", draft="0123456789ab", hold=True), version="bbbb2222", **more)
    one.verdict = {"of": "", "worse": 1, "unknown": False}
    jobs.folder().mkdir(parents=True, exist_ok=True)
    (jobs.folder() / "lock").touch()
    one.end(state, *why)
    return one


@pytest.fixture
def busy() -> Iterator[None]:
    """A job that runs, as far as anybody can see."""
    job(jobs.RUNNING, stage="train", took={"validate": 2.0}, trains=True, pid=0)
    jobs.log_file().write_text("Trained 3 of 4\n", encoding="utf-8")
    with (jobs.folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def deeds() -> list[tuple[str, str]]:
    from staff.training.models import Deed

    return list(Deed.objects.values_list("what", "detail"))


def text(client: Any, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def test_before_the_first_job_there_is_none(erik: Any) -> None:
    assert "Der er ikke afprøvet noget endnu" in text(erik)
    assert erik.get(f"{PAGE}status.json").json() == {"state": ""}


def test_a_running_job_shows_how_far_it_is(erik: Any, busy: None) -> None:
    page = text(erik)
    for piece in ("Afprøvningen er i gang", "Stop afprøvningen", "Trained 3 of 4", 'aria-current="step"', "<progress"):
        assert piece in page
    told = erik.get(f"{PAGE}status.json").json()
    assert (told["state"], told["stage"], told["log"]) == ("running", "train", "Trained 3 of 4\n")
    assert 0 < told["percent"] < 50
    assert told["seconds_left"] > 30


def test_another_job_cannot_be_started_beside_one(erik: Any, busy: None) -> None:
    page = erik.post(f"{PAGE}start/", {"reason": "prøve"}, follow=True).content.decode()
    assert "allerede en afprøvning i gang" in page
    assert deeds() == []


def test_a_killed_job_is_told_and_nothing_has_changed(erik: Any) -> None:
    job(jobs.RUNNING, stage="train")
    assert "Afprøvningen blev afbrudt" in text(erik)
    assert "Intet er ændret" in text(erik)


@pytest.mark.parametrize(
    ("code", "piece"),
    [
        ("broken", "hænger ikke sammen"),
        ("conflict", "En anden har sat noget i drift"),
        ("changed", "mens det blev afprøvet"),
        ("no_draft", "findes ikke længere"),
        ("no_changes", "ændrer ikke noget"),
        ("no_reason", "mangler en begrundelse"),
        ("train", "Træningen gik galt"),
        ("evaluate", "kunne ikke svare"),
        ("history", "kunne ikke gemmes"),
        ("internal", "Der skete en fejl"),
    ],
)
def test_a_failed_job_says_why(erik: Any, code: str, piece: str) -> None:
    job(jobs.FAILED, code, "deadline.yml:2: <broken>")
    page = text(erik)
    assert piece in page
    assert "deadline.yml:2: &lt;broken&gt;" in page
    assert "Gå live" not in page


def test_every_code_of_a_job_has_its_words() -> None:
    import ast

    from tests.conftest import ROOT

    tree = ast.parse((ROOT / "puljeguiden" / "publishing.py").read_text(encoding="utf-8"))
    named = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Stopped"
        if isinstance(node.args[0], ast.Constant)
    }
    template = (ROOT / "staff/training/templates/training/job_ended.html").read_text(encoding="utf-8")
    assert {code for code in named if f'"{code}"' not in template} == set()


def test_what_has_passed_shows_its_report_and_goes_live_by_a_click(erik: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started = keep_orders(monkeypatch)
    job(jobs.PASSED)
    page = text(erik)
    for piece in ("Klar til at gå i drift", "Bliver forkert", "Den 25. august.", "hvornår er det", "17 af 20", "85 %"):
        assert piece in page
    assert "&lt;b&gt;Det ved jeg ikke" in page
    assert "Bliver sat i drift" not in page
    erik.post(f"{PAGE}drift/")
    assert started == [Order("Erik", "nye eksempler", draft="0123456789ab")]
    assert deeds() == [("published", "nye eksempler")]


def test_nothing_goes_live_that_has_not_passed(erik: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started = keep_orders(monkeypatch)
    for state in (jobs.PUBLISHED, jobs.FAILED, jobs.CANCELLED):
        job(state)
        assert "ikke noget, der er afprøvet" in erik.post(f"{PAGE}drift/", follow=True).content.decode()
    assert (started, deeds()) == ([], [])


def test_what_was_refused_goes_live_only_by_an_administrator_with_a_reason(
    erik: Any, dorte: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = keep_orders(monkeypatch)
    job(jobs.REFUSED, "worse", "1 question(s)")
    assert "Gå live alligevel" not in text(erik)
    assert "Kun en administrator" in text(erik)
    assert erik.post(f"{PAGE}drift/", {"reason": "den er forældet"}).status_code == 403
    assert "Gå live alligevel" in text(dorte)
    for wrong in ("", "010190-1234 siger det"):
        assert dorte.post(f"{PAGE}drift/", {"reason": wrong}).status_code == 400
    assert (started, deeds()) == ([], [])
    dorte.post(f"{PAGE}drift/", {"reason": "spørgsmålet er forældet"})
    (order,) = started
    assert (order.who, order.override, order.hold) == ("Dorte", "spørgsmålet er forældet", False)
    assert deeds() == [("overrode", "spørgsmålet er forældet")]


def keep_orders(monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """Keep what would be started: the job itself has tests of its own."""
    from puljeguiden import publishing

    found: list[Order] = []
    monkeypatch.setattr(publishing, "start", lambda order, asked=(): found.append(order))
    return found


def test_a_job_is_ordered_with_a_reason(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started = keep_orders(monkeypatch)
    erik = person("erik", "Træner", email="erik@example.org", last_name="<Holm>")
    for wrong in ({}, {"reason": "ok"}, {"reason": "010190-1234"}, {"reason": "fint", "draft": "../etc"}):
        assert "ikke startet" in erik.post(f"{PAGE}start/", wrong, follow=True).content.decode()
    assert started == []
    erik.post(f"{PAGE}start/", {"reason": "nye\neksempler", "draft": "0123456789ab"})
    erik.post(f"{PAGE}start/", {"reason": "nye eksempler", "live": "on"})
    assert started == [
        Order("Erik Holm", "nye eksempler", "erik@example.org", "0123456789ab", hold=True),
        Order("Erik Holm", "nye eksempler", "erik@example.org"),
    ]
    assert deeds() == [("started_live", "nye eksempler"), ("started", "nye eksempler")]


def test_the_job_page_starts_a_real_job_and_cancels_it(erik: Any) -> None:
    erik.post(f"{PAGE}start/", {"reason": "en afprøvning", "draft": "0123456789ab"})
    assert jobs.is_running()
    assert not (jobs.folder() / "questions.json").exists() or jobs.is_running()
    deadline = time.monotonic() + 60
    while jobs.is_running() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "findes ikke længere" in text(erik)  # the draft
    assert not (jobs.folder() / "questions.json").exists()  # nothing of what visitors asked is left
    erik.post(f"{PAGE}stop/")
    assert deeds() == [("started", "en afprøvning")]  # there was nothing to stop


def test_the_latest_questions_are_asked_with_what_was_said_before(db: None) -> None:
    from django.utils import timezone

    from staff.conversations.masked import HIDDEN
    from staff.training import questions

    now = timezone.now()
    hidden = next(iter(HIDDEN.values()))
    talk("hvad er fristen", "og for den anden", "hvem kan søge", "hvor meget", at=now - timedelta(days=2))
    talk("hvad er fristen", at=now - timedelta(days=1))
    talk("jeg vil tale med nogen", hidden, "tak", at=now - timedelta(days=3))
    talk("for gammelt", at=NOW - timedelta(days=400))
    assert set(questions.recent()) == {
        Question("hvad er fristen"),
        Question("og for den anden", ("hvad er fristen",)),
        Question("hvem kan søge", ("hvad er fristen", "og for den anden")),
        Question("hvor meget", ("og for den anden", "hvem kan søge")),
        Question("jeg vil tale med nogen"),
    }


def test_the_bank_shows_its_models_and_goes_back_once_confirmed(erik: Any, models: Path) -> None:
    page = text(erik, "/traening/modeller/")
    assert "I drift" in page
    assert "/traening/modeller/bbbb2222/tilbage/" in page
    assert "/traening/modeller/aaaa1111/tilbage/" not in page  # it is live
    page = text(erik, "/traening/modeller/aaaa1111/")
    assert "af Anna: nye eksempler" in page
    assert "bliver forkerte" in page

    back = "/traening/modeller/bbbb2222/tilbage/"
    assert "Gå tilbage til model bbbb2222?" in text(erik, back)
    assert erik.post(back, {"reason": ""}).status_code == 400
    assert bank.live() == "aaaa1111"
    page = erik.post(back, {"reason": "den nye svarer forkert"}, follow=True).content.decode()
    assert "Den tidligere model er i drift" in page
    card = bank.card("bbbb2222")
    assert card
    assert (bank.live(), card.publications[-1].who) == ("bbbb2222", "Erik")
    assert deeds() == [("rolled_back", "bbbb2222: den nye svarer forkert")]
    assert "den nye svarer forkert" in text(erik, "/traening/haendelser/")


def test_a_broken_model_is_not_gone_back_to(erik: Any) -> None:
    bank.file("bbbb2222").write_bytes(b"something else")
    response = erik.post("/traening/modeller/bbbb2222/tilbage/", {"reason": "den var bedre"})
    assert response.status_code == 409
    assert "kan ikke bruges" in response.content.decode()
    assert (bank.live(), deeds()) == ("aaaa1111", [])


def test_a_model_that_is_not_there_is_not_found(erik: Any) -> None:
    for path in ("/traening/modeller/cccc/", "/traening/modeller/cccc/tilbage/", "/traening/modeller/..%2Flive/"):
        assert erik.get(path).status_code == 404


def test_a_model_that_was_never_tried_out_is_shown(erik: Any, models: Path) -> None:
    (models / "old1.tar.gz").write_bytes(b"from before there were cards")
    assert "Ikke målt" in text(erik, "/traening/modeller/")
    assert "ikke afprøvet" in text(erik, "/traening/modeller/old1/")
