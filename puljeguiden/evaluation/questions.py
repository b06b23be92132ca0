"""Questions with the answers that are right for them: `data/tests/*.yml`, which grow from what visitors asked.

- question: hvor står det?
  earlier: [hvornår er fristen for handlingsplanerne]     # what the visitor wrote before; optional
  page: kommunale-handlingsplaner                         # on which pool's page the visitor is; optional
  gets: [{pool: kommunale-handlingsplaner, topic: deadline, status: stated}]
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, YAMLError

from puljeguiden import files
from puljeguiden.masking import mask_cpr

STATUSES = ("stated", "not_stated", "clarify", "handoff", "out_of_scope", "chitchat", "not_understood", "error")
_WITHOUT_FACTS = ("chitchat", "handoff", "out_of_scope", "concern", "passage", "unknown")
GROWN = "from_log.yml"


@dataclass(frozen=True, order=True)
class Answer:
    """What kind of answer a reply holds, as `custom.answers` gives it; without a pool, `pool` is empty."""

    pool: str
    topic: str
    status: str


@dataclass(frozen=True)
class Question:
    """A message, what was said before, and the answers that are right; none where nobody has said so."""

    text: str
    earlier: tuple[str, ...] = ()
    page: str | None = None
    gets: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Reply:
    """What the assistant said to a question."""

    text: str
    answers: tuple[Answer, ...]

    def is_right(self, question: Question) -> bool:
        """Return whether these are the answers that the question has to get, in any order."""
        return sorted(self.answers) == sorted(question.gets)


Ask = Callable[[Sequence[Question]], list[Reply]]


def load(folder: Path) -> list[Question]:
    """Return the questions of a folder's files.

    Raises:
        ValueError: a file is broken; the message names it.
    """
    return [question for file in sorted(folder.glob("*.yml")) for question in read(file)]


def read(file: Path) -> list[Question]:
    """Return the questions of a file: YAML as above, or plain text, one question a line.

    Raises:
        ValueError: the file is broken.
    """
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".yml":
        return [Question(line.strip()) for line in text.splitlines() if line.strip()]
    try:
        return [_question(entry) for entry in YAML(typ="safe").load(text) or []]
    except (YAMLError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{file.name}: {error}") from None


def add(folder: Path, question: Question) -> bool:
    """Add a question from a log, with CPR numbers masked; return whether it was not there yet.

    Raises:
        ValueError: a file is broken.
    """
    new = Question(mask_cpr(question.text), tuple(map(mask_cpr, question.earlier)), question.page, question.gets)
    if any((one.text, one.earlier, one.page) == (new.text, new.earlier, new.page) for one in load(folder)):
        return False
    file = folder / GROWN
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    files.write(file, before + dump([new]))
    return True


def dump(questions: Iterable[Question]) -> str:
    """Return questions as YAML."""
    return "".join(line for one in questions for line in _dumped(one))


def _dumped(one: Question) -> Iterator[str]:
    yield f"- question: {_quoted(one.text)}\n"
    if one.earlier:
        yield f"  earlier: [{', '.join(map(_quoted, one.earlier))}]\n"
    if one.page:
        yield f"  page: {one.page}\n"
    yield "  gets:\n"
    for answer in one.gets:
        yield f"  - {{pool: {answer.pool or 'null'}, topic: {answer.topic}, status: {answer.status}}}\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string


def problems(questions: Iterable[Question], pools: Iterable[str], topics: Iterable[str]) -> list[str]:
    """Return what is wrong with the answers that questions expect: unknown pools, topics, statuses, or none."""
    known = {"pool": {"", *pools}, "topic": {*topics, *_WITHOUT_FACTS}, "status": set(STATUSES)}
    found = []
    for question in questions:
        if not question.gets:
            found.append(f"«{question.text}» expects no answer")
        for answer in question.gets:
            wrong = [f"{key} «{value}»" for key, value in asdict(answer).items() if value not in known[key]]
            found += [f"«{question.text}» expects an unknown {one}" for one in wrong]
    return found


def to_json(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Return questions as they travel between processes."""
    return [asdict(one) for one in questions]


def from_json(given: Iterable[dict[str, Any]]) -> list[Question]:
    """Return questions that have travelled."""
    return [
        Question(one["text"], tuple(one["earlier"]), one["page"], tuple(Answer(**gets) for gets in one["gets"]))
        for one in given
    ]


def _question(entry: dict[str, Any]) -> Question:
    gets = tuple(Answer(one["pool"] or "", one["topic"], one["status"]) for one in entry["gets"])
    return Question(str(entry["question"]), tuple(map(str, entry.get("earlier", ()))), entry.get("page"), gets)
