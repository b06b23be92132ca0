"""The model bank: cards, the pointer to the live model, rollback, what is kept."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest

from puljeguiden import bank, model
from puljeguiden.bank import BankError
from tests.conftest import ROOT

WRITER = "from puljeguiden import model\nwhile True: model.go_live('one.tar.gz'); model.go_live('the-other.tar.gz')"


@pytest.fixture(autouse=True)
def folder(own_var: Path) -> Path:
    """An empty bank."""
    return own_var / "models"


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """What a training left behind."""
    file = tmp_path / "trained.tar.gz"
    file.write_bytes(b"a model")
    return file


def test_a_trained_model_is_in_the_bank_but_not_live(trained: Path) -> None:
    card = bank.add(trained, "first")
    assert bank.models() == [card]
    assert bank.file("first").read_bytes() == b"a model"
    assert card.commit
    with pytest.raises(model.NoModel):
        bank.live()


def test_a_card_tells_who_put_a_model_live_and_why(trained: Path) -> None:
    bank.add(trained, "first")
    bank.judge("first", {"regression": {"asked": 3, "right": 2}}, refused="one answer gets worse")
    bank.publish("first", "Anna", "ny frist", override="fejl i spørgsmålet")
    card = bank.card("first")
    assert card
    assert bank.live() == "first"
    assert (card.figures["regression"]["right"], card.refused) == (2, None)
    assert [(one.who, one.note, one.override) for one in card.publications] == [
        ("Anna", "ny frist", "fejl i spørgsmålet")
    ]


def test_a_file_that_is_not_the_one_trained_does_not_go_live(trained: Path) -> None:
    bank.add(trained, "first")
    bank.add(trained, "second")
    bank.publish("first", "Anna", "")
    bank.file("second").write_bytes(b"something else")
    for version in ("second", "third"):
        with pytest.raises(BankError, match=version):
            bank.publish(version, "Anna", "")
    assert bank.live() == "first"


def test_a_model_without_a_card_or_with_a_broken_one_can_go_live(trained: Path, folder: Path) -> None:
    bank.add(trained, "first")
    (folder / "first.json").write_text("{", encoding="utf-8")
    assert bank.card("first") is None
    bank.publish("first", "Anna", "")
    assert bank.card("first")


def test_an_earlier_model_comes_back_by_the_beginning_of_its_version(trained: Path) -> None:
    for version in ("4f79e36d", "4f79aaaa", "be22eff5"):
        bank.add(trained, version)
    bank.publish("be22eff5", "Anna", "")
    assert bank.rollback("4f79e", "Bo", "den nye svarer forkert") == "4f79e36d"
    assert bank.live() == "4f79e36d"
    for unclear in ("4f79", "be2", "", "cccc"):
        with pytest.raises(BankError):
            bank.rollback(unclear, "Bo", "")
    assert bank.live() == "4f79e36d"


def test_a_restart_leaves_a_model_that_was_rolled_back_to(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bank.add(trained, model.digest())
    bank.add(trained, "earlier")
    bank.publish(model.digest(), "Anna", "")
    bank.rollback("earlier", "Bo", "")
    assert bank.is_current()
    monkeypatch.setattr(model, "digest", lambda root=None: "other files")
    assert not bank.is_current()


def test_a_restart_does_not_put_a_refused_model_live(trained: Path) -> None:
    bank.add(trained, "earlier")
    bank.publish("earlier", "Anna", "")
    bank.add(trained, model.digest())
    bank.judge(model.digest(), {}, refused="2 questions get a wrong answer")
    card = bank.card("earlier")
    assert card
    (model.folder() / "earlier.json").unlink()  # the files have changed since
    done = subprocess.run([sys.executable, "-m", "puljeguiden", "train"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, bank.live()) == (0, "earlier")
    assert "2 questions" in done.stderr


def test_what_was_live_is_kept_longest_and_the_live_one_always(trained: Path) -> None:
    for number, version in enumerate(("was-live", "tried-1", "tried-2", "live-now", "tried-3")):
        bank.add(trained, version)
        time.sleep(0.01 * (number > 0))
    bank.report_file("tried-1").write_text("{}", encoding="utf-8")
    bank.publish("was-live", "Anna", "")
    bank.publish("live-now", "Anna", "")
    assert sorted(bank.prune(3)) == ["tried-1", "tried-2"]
    assert not bank.report_file("tried-1").exists()
    assert bank.prune(0) == ["was-live", "tried-3"]
    assert [card.version for card in bank.models()] == ["live-now"]


def test_a_reader_always_sees_a_whole_pointer_even_when_the_writer_is_killed(folder: Path) -> None:
    seen: set[str] = set()
    reading = threading.Event()

    def read() -> None:
        while not reading.is_set():
            if model.pointer().exists():
                seen.add(model.pointer().read_text(encoding="utf-8"))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(5):
        writer = subprocess.Popen([sys.executable, "-c", WRITER], cwd=ROOT)
        time.sleep(0.4)
        writer.kill()
        writer.wait()
    reading.set()
    reader.join()
    assert seen == {"one.tar.gz\n", "the-other.tar.gz\n"}


def test_a_draft_with_the_same_files_has_the_same_digest(tmp_path: Path) -> None:
    for part in ("data", "rasa_project/domain"):
        shutil.copytree(ROOT / part, tmp_path / part)
    assert model.digest(tmp_path) == model.digest()
    with (tmp_path / "data" / "nlu" / "budget.yml").open("a", encoding="utf-8") as file:
        file.write("    - og budgettet\n")
    assert model.digest(tmp_path) != model.digest()


def test_old_reports_forget_what_visitors_asked(trained: Path) -> None:
    changes = [{"topic": "deadline", "changes": []}]
    for version, made in (("old", "2026-01-01T10:00:00"), ("new", "2026-11-01T10:00:00")):
        bank.add(trained, version)
        report = {"made": made, "comparison": {"asked": 9, "topics": changes}}
        bank.report_file(version).write_text(json.dumps(report), encoding="utf-8")
    bank.forget_questions(datetime(2026, 6, 1, tzinfo=timezone.utc))
    left = {version: json.loads(bank.report_file(version).read_text(encoding="utf-8")) for version in ("old", "new")}
    assert (left["old"]["comparison"], left["new"]["comparison"]["topics"]) == ({"asked": 9, "topics": []}, changes)
