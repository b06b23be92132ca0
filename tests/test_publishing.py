"""One job trains, tests, compares and publishes; a model that is worse, or a job that goes wrong, leaves the live one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from puljeguiden import bank, model, publishing
from puljeguiden.evaluation import questions
from puljeguiden.evaluation.questions import Answer, Question
from puljeguiden.publishing import Order
from tests.conftest import ROOT, wait_for

FEW = 15
STATED = Answer("kommunale-handlingsplaner", "deadline", "stated")
# What the job would take a minute of a processor for. The figures themselves have tests of their own.
KNOWN_FIGURES = {"examples": 1, "right": 1, "topics": {}, "mixed_up": []}


@pytest.fixture
def live(trained: Path, own_var: Path) -> str:
    """A bank of the test's own, with the trained model live."""
    (own_var / "models").mkdir(parents=True)
    shutil.copy(trained, own_var / "models")
    version = trained.name.removesuffix(".tar.gz")
    bank.publish(version, "Anna", "")
    skip_cross_validation(version)
    return version


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A copy of the data with few questions, which a test may spoil."""
    for part in ("data", "rasa_project/domain"):
        shutil.copytree(ROOT / part, tmp_path / "draft" / part)
    tests = tmp_path / "draft" / "data" / "tests"
    shutil.rmtree(tests)
    tests.mkdir()
    asked = [Question("hvad er fristen for handlingsplanerne", gets=(STATED,))]
    (tests / "questions.yml").write_text(questions.dump(asked), encoding="utf-8")
    return tmp_path / "draft"


def skip_cross_validation(version: str) -> None:
    bank.report_file(version).write_text(json.dumps({"classifier": KNOWN_FIGURES}), encoding="utf-8")


def mix_up(draft: Path, first: str, second: str) -> None:
    """Leave few examples, so that training is quick, and exchange those of two intents."""
    yaml, blocks = YAML(typ="safe"), {}
    for file in (draft / "data" / "nlu").glob("*.yml"):
        for entry in yaml.load(file.read_text(encoding="utf-8"))["nlu"]:
            blocks[entry["intent"]] = entry["examples"].splitlines()[:FEW]
        file.unlink()
    blocks[first], blocks[second] = blocks[second], blocks[first]
    for intent, lines in blocks.items():
        file = draft / "data" / "nlu" / f"{intent.partition('.')[0]}.yml"
        before = file.read_text(encoding="utf-8") if file.exists() else 'version: "3.1"\nnlu:\n'
        examples = "".join(f"    {line}\n" for line in lines)
        file.write_text(f"{before}- intent: {intent}\n  examples: |\n{examples}", encoding="utf-8")


def ended() -> dict[str, Any]:
    found = publishing.status()
    assert found
    return found


def test_a_worse_model_is_stopped_unless_somebody_gives_a_reason(live: str, draft: Path) -> None:
    mix_up(draft, "deadline", "complaint")
    worse = model.digest(draft)
    bank.report_file(worse).write_text(json.dumps({"classifier": KNOWN_FIGURES}), encoding="utf-8")
    landed: list[str] = []
    order = Order("Bo", "nye eksempler", root=draft, land=lambda: landed.append(bank.live()))
    assert publishing.run(order) == publishing.REFUSED
    card = bank.card(worse)
    assert card
    assert (bank.live(), landed, card.publications) == (live, [], ())
    assert card.refused == ended()["problem"] == "1 question(s) that got the right answer get a wrong one"
    (group,) = json.loads(bank.report_file(worse).read_text(encoding="utf-8"))["comparison"]["topics"]
    assert [change["verdict"] for change in group["changes"]] == ["worse"]

    again = Order("Bo", "nye eksempler", override="spørgsmålet er forkert", root=draft, land=order.land)
    assert publishing.run(again) == publishing.PUBLISHED
    card = bank.card(worse)
    assert card
    assert (bank.live(), landed, card.refused) == (worse, [live], None)
    assert card.publications[-1].override == "spørgsmålet er forkert"
    assert bank.rollback(live, "Anna", "for mange fejl") == live


def test_facts_go_through_the_same_gate_without_training(live: str, draft: Path) -> None:
    file = draft / "data" / "tests" / "questions.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("stated", "not_stated"), encoding="utf-8")
    assert model.digest(draft) == live
    assert publishing.run(Order("Bo", root=draft)) == publishing.PUBLISHED  # wrong before, and no worse now
    assert "rasa_project.train" not in publishing.log_file().read_text(encoding="utf-8")
    assert set(ended()["took"]) == set(publishing.STAGES)
    card = bank.card(live)
    assert card
    assert card.figures["regression"] == {"asked": 1, "right": 0}


def test_a_broken_file_is_told_and_the_live_model_stays(live: str, draft: Path) -> None:
    (draft / "data" / "nlu" / "deadline.yml").write_text("nlu: [", encoding="utf-8")
    assert publishing.run(Order("Bo", root=draft)) == publishing.FAILED
    assert "deadline.yml:2" in ended()["problem"]
    assert (bank.live(), [card.version for card in bank.models()]) == (live, [live])


def test_a_failed_training_leaves_the_live_model(live: str, draft: Path) -> None:
    domain = draft / "rasa_project" / "domain" / "assistant.yml"
    text = domain.read_text(encoding="utf-8")
    domain.write_text(text.replace("  context:\n    type: any", "  context:\n    type: nonsense"), encoding="utf-8")
    assert model.digest(draft) != live
    assert publishing.run(Order("Bo", root=draft)) == publishing.FAILED
    assert "rasa_project.train" in ended()["problem"]
    assert "nonsense" in publishing.log_file().read_text(encoding="utf-8")
    assert (bank.live(), [card.version for card in bank.models()]) == (live, [live])


def started() -> subprocess.Popen[str]:
    """Start a job and wait until it asks the model."""
    words = [sys.executable, "-m", "puljeguiden", "publish", "--who", "Bo"]
    job = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: (publishing.status() or {}).get("pid") == job.pid and ended()["stage"] == "evaluate", 60)
    return job


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(one) for one in found.split()]


def test_one_job_at_a_time_and_a_killed_or_cancelled_one_leaves_nothing_behind(live: str) -> None:
    first = started()
    assert ended()["seconds_left"] > 0
    with pytest.raises(publishing.Busy):
        publishing.run(Order("Anna"))
    assert ended()["who"] == "Bo"
    asking = children(first.pid)
    assert asking
    first.kill()
    first.communicate()
    wait_for(lambda: not [pid for pid in asking if Path(f"/proc/{pid}").exists()])
    assert ended()["state"] == publishing.DIED

    second = started()
    asking = children(second.pid)
    assert publishing.cancel()
    assert second.communicate(timeout=30)[0].splitlines()[-1].startswith("Cancelled. The live model stays.")
    assert second.returncode == 130
    assert not [pid for pid in asking if Path(f"/proc/{pid}").exists()]
    assert (ended()["state"], ended()["seconds_left"]) == (publishing.CANCELLED, 0)
    assert not publishing.cancel()
    assert bank.live() == live


def test_there_is_no_job_before_the_first_one(own_var: Path) -> None:
    assert publishing.status() is None
    assert not publishing.cancel()


def test_where_the_live_model_cannot_be_asked_publishing_needs_a_reason(live: str, draft: Path) -> None:
    bank.file("broken").write_bytes(b"no model at all")
    bank.publish("broken", "Bo", "")
    assert publishing.run(Order("Bo", root=draft)) == publishing.FAILED
    assert "cannot be asked" in ended()["problem"]
    assert (bank.live(), ended()["stage"]) == ("broken", "compare")
