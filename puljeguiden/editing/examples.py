"""The training examples of intents: list, add, edit, move, delete; and what speaks against one before it is saved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process
from ruamel.yaml.scalarstring import LiteralScalarString

from puljeguiden import language, privacy
from puljeguiden.danish import fold, squeeze
from puljeguiden.editing.files import Change, changing, refuse
from puljeguiden.facts import read_yaml

LONGEST = 200
_NEAR = 90
# Rasa reads entities in these: «[Deloitte](firm)».
_MARKUP = re.compile(r"\]\s*[({]|^/")
# What stands in a masked message for something personal: «[navn]».
_MASKED = re.compile(r"\[[^\]]+\]")


@dataclass(frozen=True)
class Advice:
    """Something that speaks against an example; the trainer decides. Pages show `code` and `values` in Danish.

    Codes: duplicate (intent), near_duplicate (intent, example), personal_data (masked), masked, long (length),
    not_danish.
    """

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


def by_intent(root: Path) -> dict[str, list[str]]:
    """Return all examples, in the order of the files."""
    found: dict[str, list[str]] = {}
    for file in sorted((root / "data" / "nlu").glob("*.yml")):
        for entry in read_yaml(file)["nlu"]:
            found.setdefault(entry["intent"], []).extend(_lines(entry["examples"]))
    return found


def add(root: Path, intent: str, texts: Sequence[str]) -> None:
    """Add examples to an intent, at its end.

    Raises:
        Refused: there is no such intent, it has the example already, or another intent has it.
    """
    with changing(root) as change:
        entry = _entry(change, intent)
        _put(entry, [*_lines(entry["examples"]), *_new(_lines(entry["examples"]), texts)])


def edit(root: Path, intent: str, old: str, new: str) -> None:
    """Give an example another wording, in its place.

    Raises:
        Refused: as `add`, or there is no such example.
    """
    with changing(root) as change:
        entry = _entry(change, intent)
        lines = _lines(entry["examples"])
        place = _place(lines, intent, old)
        others = [*lines[:place], *lines[place + 1 :]]
        lines[place] = _new(others, [new])[0]
        _put(entry, lines)


def delete(root: Path, intent: str, texts: Sequence[str]) -> None:
    """Delete examples of an intent.

    Raises:
        Refused: there is no such example, or too few would be left.
    """
    with changing(root) as change:
        _take(change, intent, texts)


def move(root: Path, texts: Sequence[str], source: str, target: str) -> None:
    """Move examples from one intent to another.

    Raises:
        Refused: as `add` and `delete`.
    """
    with changing(root) as change:
        _take(change, source, texts)
        entry = _entry(change, target)
        _put(entry, [*_lines(entry["examples"]), *_new(_lines(entry["examples"]), texts)])


def replace(change: Change, intent: str, lines: Sequence[str]) -> None:
    """Give an intent other examples, within a change.

    Raises:
        Refused: there is no such intent.
    """
    _put(_entry(change, intent), lines)


def advice(examples: Mapping[str, Sequence[str]], intent: str, text: str) -> list[Advice]:
    """Return what speaks against adding an example to an intent, beside those of `by_intent`; nothing where all is well."""
    text = squeeze(text)
    found = _likeness(examples, intent, text)
    masked = privacy.mask(text)
    if masked != text:
        found.append(Advice("personal_data", {"masked": masked}))
    elif _MASKED.search(text):
        found.append(Advice("masked"))
    if len(text) > LONGEST:
        found.append(Advice("long", {"length": str(len(text))}))
    if language.is_foreign(text) or language.is_plainly_foreign(text):
        found.append(Advice("not_danish"))
    return found


def _likeness(examples: Mapping[str, Sequence[str]], intent: str, text: str) -> list[Advice]:
    wanted = _key(text)
    for name, lines in examples.items():
        if any(_key(line) == wanted for line in lines):
            return [Advice("duplicate", {"intent": name})]
    others = [
        (name, line)
        for name, lines in examples.items()
        if name.partition(".")[0] != intent.partition(".")[0]
        for line in lines
    ]
    best = process.extractOne(wanted, [_key(line) for _, line in others], scorer=fuzz.ratio, score_cutoff=_NEAR)
    if best is None:
        return []
    name, line = others[best[2]]
    return [Advice("near_duplicate", {"intent": name, "example": line})]


@lru_cache(maxsize=50_000)
def _key(text: str) -> str:
    """Return what makes two examples the same: without case, punctuation and ways to type æøå."""
    return " ".join(re.findall(r"\w+", fold(text)))


def clean(texts: Sequence[str], field: str = "examples") -> list[str]:
    """Return examples as they are stored, one line each.

    Raises:
        Refused: one is empty, or Rasa would read markup in it.
    """
    cleaned = [squeeze(text) for text in texts]
    for index, text in enumerate(cleaned):
        if not re.search(r"\w", text):
            raise refuse(f"{field}.{index}", "empty", "is empty")
        if _MARKUP.search(text) or not text.isprintable():
            raise refuse(f"{field}.{index}", "markup", f"«{text}» holds what Rasa reads as markup", example=text)
    return cleaned


def block(texts: Sequence[str]) -> LiteralScalarString:
    """Return examples as they stand in a file."""
    return LiteralScalarString("".join(f"- {text}\n" for text in texts))


def _lines(examples: str) -> list[str]:
    return [line.strip().removeprefix("- ").strip() for line in examples.splitlines() if line.strip()]


def _entry(change: Change, intent: str) -> Any:
    path = f"data/nlu/{intent.partition('.')[0]}.yml"
    entries = change.tree(path)["nlu"] if re.fullmatch(r"[a-z_.]+", intent) and change.exists(path) else []
    for entry in entries:
        if entry["intent"] == intent:
            return entry
    raise refuse("intent", "no_such_intent", f"there is no intent «{intent}»", intent=intent)


def _put(entry: Any, lines: Sequence[str]) -> None:
    new = block(lines)
    if comment := getattr(entry["examples"], "comment", None):  # what follows the block
        new.comment = comment
    entry["examples"] = new


def _new(lines: Sequence[str], texts: Sequence[str]) -> list[str]:
    seen = {line.lower() for line in lines}
    cleaned = clean(texts)
    for index, text in enumerate(cleaned):
        if text.lower() in seen:
            raise refuse(f"examples.{index}", "duplicate", f"«{text}» is an example already", example=text)
        seen.add(text.lower())
    return cleaned


def _place(lines: Sequence[str], intent: str, text: str) -> int:
    if text not in lines:
        raise refuse("example", "no_such_example", f"«{text}» is no example of {intent}", example=text, intent=intent)
    return lines.index(text)


def _take(change: Change, intent: str, texts: Sequence[str]) -> None:
    entry = _entry(change, intent)
    lines = _lines(entry["examples"])
    for text in texts:
        del lines[_place(lines, intent, text)]
    _put(entry, lines)
