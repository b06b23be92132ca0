"""One job trains, tests, compares and publishes; what is worse, or goes wrong, leaves what is live as it is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from puljeguiden import bank, jobs, model, publishing, settings
from puljeguiden.editing import drafts, examples, history, pools
from puljeguiden.editing.drafts import Draft
from puljeguiden.evaluation.questions import Question
from puljeguiden.jobs import Order
from tests import workshop
from tests.conftest import wait_for
from tests.house import H
from tests.test_evaluation import SCHEMA

NEW = "hvornår lukker vinduet for at søge"


@pytest.fixture
def shop(taught: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project of the test's own, with its model live, for this process and those it starts."""
    root = Path(shutil.copytree(taught, tmp_path / "shop"))
    monkeypatch.setattr(settings, "ROOT", root)
    monkeypatch.setenv("PULJEGUIDEN_VAR_DIR", str(root / "var"))
    settings.get.cache_clear()
    yield root
    monkeypatch.undo()
    settings.get.cache_clear()


@pytest.fixture
def draft(shop: Path) -> Draft:
    """Bo's draft, which changes nothing yet."""
    return drafts.create(drafts.home(), shop, "Bo")


def run(draft: Draft, **more: Any) -> str:
    return publishing.run(Order("Bo", "nye eksempler", "bo@example.org", draft.id, **more))


def skip_cross_validation(draft: Draft) -> None:
    """Spare a processor's seconds where the figures do not matter."""
    report = bank.report_file(model.digest(draft.work))
    report.write_text('{"classifier": {"examples": 1, "right": 1, "topics": {}, "mixed_up": []}}', encoding="utf-8")


def ended() -> dict[str, Any]:
    found = jobs.status()
    assert found
    return found


def commits(root: Path) -> list[tuple[str, str]]:
    return [(one.author, one.subject) for one in history.recent(root)]


def test_a_worse_model_is_stopped_unless_somebody_gives_a_reason(shop: Path, draft: Draft) -> None:
    def mix_up(known: dict[str, list[str]]) -> None:
        known["deadline"], known["complaint"] = known["complaint"], known["deadline"]

    live = bank.live()
    workshop.shorten(draft.work, mix_up)
    worse = model.digest(draft.work)
    assert run(draft) == jobs.REFUSED
    card = bank.card(worse)
    assert card
    assert (bank.live(), card.publications, commits(shop)) == (live, (), [("x", "Begin")])
    assert card.refused == ended()["problem"] == "1 question(s) that got the right answer get a wrong one"
    assert ended()["code"] == "worse"
    report = json.loads(bank.report_file(worse).read_text(encoding="utf-8"))
    (group,) = report["comparison"]["topics"]
    assert [change["verdict"] for change in group["changes"]] == ["worse"]
    assert report["classifier"]["examples"] == sum(map(len, examples.by_intent(draft.work).values()))
    assert report["near_misses"]["kinds"]["typo"]["asked"] > 50
    assert set(ended()["took"]) == set(jobs.STAGES) - {"publish"}

    assert run(draft, override="spørgsmålet er forkert") == jobs.PUBLISHED
    assert set(ended()["took"]) == {"validate", "publish"}  # it was judged already
    card = bank.card(worse)
    assert card
    assert (bank.live(), model.digest(), card.refused) == (worse, worse, None)
    assert card.publications[-1].override == "spørgsmålet er forkert"
    assert commits(shop) == [("Bo", "nye eksempler"), ("x", "Begin")]
    assert drafts.every(drafts.home()) == []
    assert bank.rollback(live, "Anna", "for mange fejl") == live


def test_answers_go_through_the_same_gate_without_training(shop: Path, draft: Draft) -> None:
    live, new = bank.live(), {**pools.answers(shop, H)["eligibility"], "text": "Alle kommuner kan søge puljen."}
    pools.set_answer(draft.work, H, "eligibility", new)
    asked = [Question("hvem kan søge handlingsplanerne"), Question("hvad er fristen for handlingsplanerne")]
    assert publishing.run(Order("Bo", "kortere", draft=draft.id, hold=True), asked) == jobs.PASSED
    assert ended()["trains"] is False
    assert "rasa_project.train" not in jobs.log_file().read_text(encoding="utf-8")
    assert (commits(shop), pools.answers(shop, H)["eligibility"] == new) == ([("x", "Begin")], False)
    report = json.loads(bank.report_file(live).read_text(encoding="utf-8"))
    jsonschema.validate(report, SCHEMA)
    ((change,),) = [group["changes"] for group in report["comparison"]["topics"]]
    assert (change["question"], change["verdict"]) == (asked[0].text, "other")
    assert "Alle kommuner" in change["after"]["text"]

    assert run(draft) == jobs.PUBLISHED
    assert set(ended()["took"]) == {"validate", "publish"}
    assert pools.answers(shop, H)["eligibility"] == new
    assert commits(shop)[0] == ("Bo", "nye eksempler")
    assert bank.live() == live


def test_what_changes_while_it_is_judged_does_not_go_live(
    shop: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pools.answers(shop, H)["eligibility"]
    pools.set_answer(draft.work, H, "eligibility", {**before, "text": "Alle kommuner kan søge puljen."})

    def judge(job: jobs.Job, _children: Any, root: Path, live: str, _asked: Any) -> dict[str, Any]:
        judged = {"of": publishing._mark(str(job.version), live, root), "worse": 0, "unknown": False}
        pools.set_answer(draft.work, H, "eligibility", {**before, "text": "Ingen kommuner kan søge puljen."})
        return judged

    monkeypatch.setattr(publishing, "_judge", judge)
    assert run(draft) == jobs.FAILED
    assert ended()["code"] == "changed"
    assert pools.answers(shop, H)["eligibility"] == before
    assert commits(shop) == [("x", "Begin")]


def test_a_broken_file_is_told_and_what_is_live_stays(draft: Draft) -> None:
    live = bank.live()
    (draft.work / "data" / "nlu" / "deadline.yml").write_text("nlu: [", encoding="utf-8")
    assert run(draft) == jobs.FAILED
    assert ended()["code"] == "broken"
    assert "deadline.yml:2" in ended()["problem"]
    assert (bank.live(), [card.version for card in bank.models()]) == (live, [live])


def test_a_failed_training_leaves_what_is_live(draft: Draft) -> None:
    live = bank.live()
    domain = draft.work / "rasa_project" / "domain" / "assistant.yml"
    text = domain.read_text(encoding="utf-8")
    domain.write_text(text.replace("  context:\n    type: any", "  context:\n    type: nonsense"), encoding="utf-8")
    assert model.digest(draft.work) != live
    skip_cross_validation(draft)
    assert run(draft) == jobs.FAILED
    assert ended()["code"] == "train"
    assert "rasa_project.train" in ended()["problem"]
    assert "nonsense" in jobs.log_file().read_text(encoding="utf-8")
    assert (bank.live(), [card.version for card in bank.models()]) == (live, [live])


def test_what_cannot_go_live_is_told_before_anything_is_trained(shop: Path, draft: Draft) -> None:
    def refused() -> str:
        assert run(draft) == jobs.FAILED
        assert ended()["stage"] == "validate"
        return str(ended()["code"])

    assert refused() == "no_changes"
    pools.set_answer(draft.work, H, "eligibility", "not_stated")
    pools.set_answer(shop, H, "eligibility", {**pools.answers(shop, H)["eligibility"], "text": "Alle kan søge."})
    assert refused() == "conflict"
    assert publishing.run(Order("Bo", draft=draft.id)) == jobs.FAILED
    assert ended()["code"] == "no_reason"
    drafts.discard(draft)
    assert refused() == "no_draft"


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(one) for one in found.split()]


def gone(pids: list[int]) -> bool:
    return not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def training(draft: Draft) -> list[int]:
    """Wait until the job that was started trains, and return the processes it has for that."""
    wait_for(lambda: ended()["stage"] == "train" and children(ended()["pid"]))
    assert jobs.busy_with(draft.id)
    return children(ended()["pid"])


def test_one_job_at_a_time_and_a_killed_or_cancelled_one_leaves_nothing_behind(shop: Path, draft: Draft) -> None:
    examples.add(draft.work, "deadline", [NEW])
    skip_cross_validation(draft)
    live, order = bank.live(), Order("Bo", "ét eksempel", draft=draft.id)
    start = f"from puljeguiden import jobs, publishing; publishing.start(jobs.{order!r})"
    subprocess.run([sys.executable, "-W", "ignore", "-c", start], cwd=shop, check=True)  # who starts it may end
    assert (ended()["state"], ended()["order"]["who"]) == (jobs.RUNNING, "Bo")
    assert ended()["seconds_left"] > 0
    with pytest.raises(jobs.Busy):
        publishing.start(Order("Anna"))
    with pytest.raises(jobs.Busy):
        publishing.run(Order("Anna"))
    busy, pid = training(draft), ended()["pid"]
    assert workshop.python(shop, "puljeguiden", "publish", "--status").stdout.startswith("train: about")
    subprocess.run(["kill", "-9", str(pid)], check=True)
    wait_for(lambda: gone(busy))
    assert ended()["state"] == jobs.DIED

    publishing.start(order)
    busy = training(draft)
    assert workshop.python(shop, "puljeguiden", "publish", "--cancel").stdout == "Cancelled.\n"
    wait_for(lambda: ended()["state"] == jobs.CANCELLED)
    wait_for(lambda: not jobs.is_running())
    assert gone(busy)
    assert ended()["seconds_left"] == 0
    assert not jobs.cancel()
    assert (bank.live(), commits(shop)) == (live, [("x", "Begin")])
    assert not jobs.busy_with(draft.id)


def test_there_is_no_job_before_the_first_one(own_var: Path) -> None:
    assert jobs.status() is None
    assert not jobs.cancel()


def test_where_the_live_model_cannot_be_asked_publishing_needs_a_reason(shop: Path) -> None:
    bank.file("broken").write_bytes(b"no model at all")
    bank.publish("broken", "Bo", "")
    done = workshop.python(shop, "puljeguiden", "publish", "--who", "Bo")
    assert (done.returncode, "cannot be asked" in done.stdout) == (1, True)
    assert (bank.live(), ended()["code"]) == ("broken", "live_unknown")
    done = workshop.python(shop, "puljeguiden", "publish", "--who", "Bo", "--override", "den er i stykker")
    assert done.returncode == 0, done.stderr
    assert bank.live() == model.digest()
