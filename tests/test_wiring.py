"""Texts, intents, examples, rules and topics fit together; where they do not, the file and line are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from puljeguiden import wiring
from puljeguiden.proofs import Problem
from tests.conftest import ROOT

RESPONSES, NLU = "rasa_project/domain/responses", "data/nlu"
ASSISTANT = "rasa_project/domain/assistant.yml"
INTENTS, RULES, TOPICS = "rasa_project/domain/intents.yml", "data/rules/answer.yml", "data/topics.yml"
SKIP = shutil.ignore_patterns("__pycache__")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the folders that have to fit together."""
    for folder in ("data", "rasa_project", "actions", "puljeguiden"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=SKIP)
    return tmp_path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(house: Path) -> list[str]:
    return [str(problem) for problem in wiring.problems(house)]


def line_of(problem: Problem, house: Path) -> str:
    (file,) = house.rglob(problem.file)
    return file.read_text(encoding="utf-8").splitlines()[problem.line - 1]


NEW_TEXT = '\n  utter_{}:\n    - text: "Hej."'
# What is wrong: file, the change (first place only), the file and the field to be named, what the named line holds.
MISTAKES = {
    "response in two files": (
        f"{RESPONSES}/answers.yml", "\nresponses:", f"\nresponses:{NEW_TEXT.format('skip')}",
        "moves.yml", "utter_skip", "utter_skip:"),
    "response twice in a file": (
        f"{RESPONSES}/moves.yml", "\nresponses:", f"\nresponses:{NEW_TEXT.format('skip')}",
        "moves.yml", "(file)", "utter_skip:"),
    "response that is said nowhere": (
        f"{RESPONSES}/answers.yml", "\nresponses:", f"\nresponses:{NEW_TEXT.format('farvel_og_tak')}",
        "answers.yml", "utter_farvel_og_tak", "utter_farvel_og_tak:"),
    "silence about no question": (
        f"{RESPONSES}/not_stated.yml", "\nresponses:", f"\nresponses:{NEW_TEXT.format('not_stated_parking')}",
        "not_stated.yml", "utter_not_stated_parking", "utter_not_stated_parking:"),
    "response without text": (
        f"{RESPONSES}/moves.yml", 'utter_skip:\n    - text: "Så', 'utter_skip:\n    - txt: "Så',
        "moves.yml", "utter_skip", "utter_skip:"),
    "response that the code says, gone": (
        f"{RESPONSES}/answers.yml", "utter_note_passed:", "utter_note_passes:", "responses", "utter_note_passed", None),
    "silence without a text": (
        f"{RESPONSES}/not_stated.yml", "utter_not_stated_budget:", "utter_ask2:",
        "not_stated.yml", "utter_not_stated_budget", None),
    "intent without rule": (RULES, "    - intent: budget\n", "", "intents.yml", "budget", "- budget"),
    "intent whose rule is commented out": (
        RULES, "    - intent: budget\n", "    # - intent: budget\n", "intents.yml", "budget", "- budget"),
    "intent without examples": (f"{NLU}/budget.yml", "intent: budget", "intent: budget.x", "intents.yml", "budget", "- budget"),
    "intent that is not in the domain": (INTENTS, "  - budget\n", "", "intents.yml", "budget", None),
    "intent about no question": (INTENTS, "  - budget\n", "  - budget\n  - parking\n", "intents.yml", "parking", "- parking"),
    "question without intent": (
        TOPICS, "aspects: [main, costs, changes, passing_on]}", "aspects: [main, costs, changes, passing_on, salary]}",
        "intents.yml", "budget.salary", None),
    "example in two intents": (
        f"{NLU}/period.yml", "  examples: |\n", "  examples: |\n    - Budget skema\n",
        "period.yml", "period", "Budget skema"),
    "intent in another topic's file": (
        f"{NLU}/period.yml", "- intent: period", "- intent: budget\n  examples: |\n    - xyz\n- intent: period",
        "period.yml", "budget", "intent: budget"),
    "form that asks for something else": (
        ASSISTANT, "organisation, email, confirm]", "email, organisation, confirm]",
        "assistant.yml", "handoff_form", "required_slots"),
    "slot that moves the conversation": (
        ASSISTANT, "  email:\n    type: text\n    influence_conversation: false", "  email:\n    type: text",
        "assistant.yml", "email", "email"),
    "form without its action": (ASSISTANT, "  - validate_handoff_form\n", "", "assistant.yml", "validate_handoff_form", None),
    "question that Rasa would ask itself": (
        f"{RESPONSES}/moves.yml", "\nresponses:", f"\nresponses:{NEW_TEXT.format('ask_name')}",
        "moves.yml", "utter_ask_name", "utter_ask_name"),
    "text named in the code, gone": (
        f"{RESPONSES}/handoff.yml", "utter_email_no_dot:", "utter_email_dot:", "responses", "utter_email_no_dot", None),
    "YAML slip in a response": (
        f"{RESPONSES}/moves.yml", '"Så springer vi det over. Skriv', 'Så: springer" vi: "det over. Skriv',
        "moves.yml", "(file)", "Så: springer"),
    "YAML slip in the intents": (INTENTS, "  - budget\n", "  - budget: x: y\n", "intents.yml", "(file)", "budget: x"),
    "YAML slip in the rules": (RULES, "    - intent: budget\n", "    - intent: budget: x\n", "answer.yml", "(file)", "budget: x"),
    "YAML slip in the topics": (TOPICS, "budget: {label", "budget: {{label", "topics.yml", "(file)", ""),
    "YAML slip in the examples": (f"{NLU}/period.yml", "  examples: |\n", "  examples\n", "period.yml", "(file)", ""),
    "examples without their «|»": (f"{NLU}/period.yml", "  examples: |\n", "  examples:\n", "period.yml", "period", ""),
    "entry that is no intent": (f"{NLU}/period.yml", "- intent: period", "- itent: period", "period.yml", "", ""),
}  # fmt: skip


def test_everything_in_the_repository_fits_together() -> None:
    assert [str(problem) for problem in wiring.problems(ROOT)] == []


def test_the_copy_fits_together_too(house: Path) -> None:
    assert told(house) == []


@pytest.mark.parametrize(("name", "old", "new", "file", "field", "line"), MISTAKES.values(), ids=list(MISTAKES))
def test_what_does_not_fit_is_told(
    house: Path, name: str, old: str, new: str, file: str, field: str, line: str | None
) -> None:
    change(house / name, old, new)
    found = [one for one in wiring.problems(house) if (one.file, one.field) == (file, field or one.field)]
    assert found, told(house)
    assert all(one.line >= 1 and one.message for one in found)
    # What is missing altogether stands on no line.
    assert line is None or any(line in line_of(one, house) for one in found), found


def test_the_line_of_an_intent_is_its_own(house: Path) -> None:
    change(house / RULES, "    - intent: contact\n", "")
    (problem,) = wiring.problems(house)
    assert line_of(problem, house) == "  - contact"


def test_too_few_examples_are_told(house: Path) -> None:
    file = house / NLU / "period.yml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:10]), encoding="utf-8")
    assert [(one.file, one.field, line_of(one, house).strip()) for one in wiring.problems(house)] == [
        ("intents.yml", "period", "- period")
    ]


@pytest.mark.parametrize("name", [INTENTS, TOPICS])
def test_a_missing_file_is_told(house: Path, name: str) -> None:
    (house / name).unlink()
    assert any(one.startswith(f"{Path(name).name}:1: (file): ") for one in told(house))
