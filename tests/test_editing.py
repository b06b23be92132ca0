"""Trainers' edits: every file is written as it was but for the change, checked before, and together or not at all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from puljeguiden import facts
from puljeguiden.editing import Refused, examples, files, roundtrip
from tests.conftest import ROOT
from tests.house import build, changed, codes, content

YAML_FILES = sorted([*(ROOT / "data").rglob("*.yml"), *(ROOT / "rasa_project" / "domain").rglob("*.yml")])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what trainers edit."""
    return build(tmp_path)


@pytest.mark.parametrize("file", YAML_FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_file_is_written_back_as_it_was(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert roundtrip.dump(*roundtrip.load(text)) == text


def test_new_examples_come_last_and_touch_one_file(root: Path) -> None:
    before = content(root)
    examples.add(root, "deadline", ["hvornår lukker vinduet for at søge", "  hvad er   skæringsdatoen "])
    after = content(root)
    assert changed(before, after) == {"data/nlu/deadline.yml"}
    assert examples.by_intent(root)["deadline"][-2:] == ["hvornår lukker vinduet for at søge", "hvad er skæringsdatoen"]
    lines = [
        line for line in after["data/nlu/deadline.yml"].splitlines() if line not in before["data/nlu/deadline.yml"]
    ]
    assert lines == ["    - hvornår lukker vinduet for at søge", "    - hvad er skæringsdatoen"]


def test_an_example_is_edited_moved_and_deleted(root: Path) -> None:
    examples.edit(root, "budget", "budget skema", "Skal vi sende budgetskemaet?")
    assert "budget skema" not in examples.by_intent(root)["budget"]
    examples.move(root, ["Skal vi sende budgetskemaet?"], "budget", "form.attachments")
    assert "Skal vi sende budgetskemaet?" in examples.by_intent(root)["form.attachments"]
    examples.delete(root, "form.attachments", ["Skal vi sende budgetskemaet?"])
    assert "Skal vi sende budgetskemaet?" not in examples.by_intent(root)["form.attachments"]


def test_what_breaks_something_is_refused_and_nothing_is_written(root: Path) -> None:
    before = content(root)
    attempts = [
        (lambda: examples.add(root, "parking", ["hvor holder man"]), ("intent", "no_such_intent")),
        (lambda: examples.add(root, "../topics", ["hvor holder man"]), ("intent", "no_such_intent")),
        (lambda: examples.add(root, "deadline", ["Frist"]), ("examples.0", "duplicate")),
        (lambda: examples.add(root, "deadline", ["ny", "  "]), ("examples.1", "empty")),
        (lambda: examples.add(root, "deadline", ["fristen for [Deloitte](firma)"]), ("examples.0", "markup")),
        (lambda: examples.add(root, "deadline", ["Budget skema"]), ("deadline", "example_twice")),
        (lambda: examples.edit(root, "deadline", "findes ikke", "ny"), ("example", "no_such_example")),
        (lambda: examples.delete(root, "budget", examples.by_intent(root)["budget"][5:]), ("budget", "too_few_examples")),
    ]  # fmt: skip
    for attempt, (field, code) in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        found = codes(refused.value)
        assert any(name == field or (code == "example_twice" and code == kind) for name, kind in found), found
        assert code in {kind for _, kind in found}
    assert content(root) == before


def test_a_refusal_names_file_line_field_and_values(root: Path) -> None:
    with pytest.raises(Refused) as refused:
        examples.add(root, "deadline", ["Budget skema"])
    (problem,) = refused.value.problems
    lines = (root / "data" / "nlu" / problem.file).read_text(encoding="utf-8").splitlines()
    assert problem.values["example"] == "Budget skema"
    assert problem.file == "deadline.yml" or "Budget skema" in lines[problem.line - 1]


def test_a_file_that_is_broken_already_is_told_and_left(root: Path) -> None:
    file = root / "data" / "nlu" / "deadline.yml"
    file.write_text("nlu: [", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        examples.add(root, "deadline", ["hvornår lukker vinduet"])
    assert [(problem.file, problem.code) for problem in refused.value.problems] == [("deadline.yml", "broken_file")]
    assert file.read_text(encoding="utf-8") == "nlu: ["


def test_when_one_file_cannot_be_written_none_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(root)
    rename = Path.replace

    def full_disk(self: Path, target: Path) -> Path:
        if Path(target).name == "topics.yml":
            raise OSError("disk full")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", full_disk)
    staged = {"data/applicants.yml": "a", "data/pages/new.txt": "b", "data/topics.yml": "c"}
    with pytest.raises(OSError, match="disk full"):
        files.write(root, staged)
    assert content(root) == before


def test_two_trainers_at_once_lose_nothing(root: Path) -> None:
    texts = [f"hvornår lukker vindue nummer {count}" for count in range(4)]
    threads = [threading.Thread(target=examples.add, args=(root, "deadline", [text])) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(texts) <= set(examples.by_intent(root)["deadline"])


ADVICE = {
    "budget skema!": ("duplicate", {"intent": "budget"}),
    "Jeg hedder Mette Sørensen, hvornår er fristen?": ("personal_data", None),
    "010190-1234": ("personal_data", None),
    "When is the deadline for the application and what should we send": ("not_danish", {}),
    "hvornår " * 30: ("long", None),
}


@pytest.mark.parametrize("text", ADVICE)
def test_what_speaks_against_an_example_is_told(text: str) -> None:
    code, values = ADVICE[text]
    found = {advice.code: advice.values for advice in examples.advice(examples.by_intent(ROOT), "deadline", text)}
    assert code in found
    assert values is None or found[code] == values


def test_likeness_counts_only_in_other_topics() -> None:
    known = examples.by_intent(ROOT)["complaint"]
    example = max(known, key=len)
    (near,) = [
        one
        for one in examples.advice(examples.by_intent(ROOT), "deadline", f"{example} x")
        if one.code == "near_duplicate"
    ]
    assert near.values == {"intent": "complaint", "example": example}
    assert "near_duplicate" not in {
        one.code for one in examples.advice(examples.by_intent(ROOT), "complaint", f"{example} x")
    }


def test_an_ordinary_question_gets_no_advice() -> None:
    assert examples.advice(examples.by_intent(ROOT), "deadline", "hvornår lukker vinduet for ansøgninger i år") == []


def test_what_was_edited_still_loads(root: Path) -> None:
    examples.add(root, "deadline", ["hvornår lukker vinduet"])
    assert facts.load(root / "data").pools


def test_a_file_that_is_only_read_stays_as_somebody_wrote_it(root: Path) -> None:
    file = root / "data" / "topics.yml"
    odd = file.read_text(encoding="utf-8").replace("budget: {label: Budget,", "budget:   { label: 'Budget',")
    file.write_text(odd, encoding="utf-8")
    with files.changing(root) as change:
        assert change.tree("data/topics.yml")["budget"]["label"] == "Budget"
    assert file.read_text(encoding="utf-8") == odd
