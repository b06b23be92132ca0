"""Tells in words what differs between two versions of what trainers edit: «3 new examples in deadline»."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from puljeguiden import facts
from puljeguiden.editing import examples, files, pools
from puljeguiden.editing.files import CONTRACT, PARTS
from puljeguiden.editing.roundtrip import plain

_ENGLISH = {
    "topic_added": "new topic {topic}",
    "topic_removed": "topic {topic} removed",
    "topic_changed": "topic {topic} changed",
    "examples_added": "{count} new examples in {intent}",
    "examples_removed": "{count} examples removed from {intent}",
    "pool_added": "new pool {pool}",
    "pool_removed": "pool {pool} removed",
    "pool_changed": "{field} of {pool} changed",
    "page_changed": "page of {pool} changed",
    "answer_changed": "answer to {question} changed for {pool}: {before} → {after}",
    "contact_changed": "contacts of {pool} changed",
    "text_added": "new text {text}",
    "text_removed": "text {text} removed",
    "text_changed": "text {text} changed",
    "file_changed": "{file} changed",
}
_WITH_TOPICS = {"data/rules/answer.yml", "rasa_project/domain/intents.yml", CONTRACT}
_TEXTS = "rasa_project/domain/responses/"


@dataclass(frozen=True)
class Difference:
    """One thing that differs. Pages show `kind` and `values` in Danish."""

    kind: str
    values: Mapping[str, str] = field(default_factory=dict)
    count: int = 1

    def __str__(self) -> str:
        return _ENGLISH[self.kind].format(**self.values, count=self.count)


def differences(before: Path, after: Path) -> list[Difference]:
    """Return what differs between two folders, each thing once; what follows from a new topic or pool is left out."""
    topics = [_yaml(folder, "data/topics.yml") for folder in (before, after)]
    found = list(_named("topic", *topics))
    moved = {one.values["topic"] for one in found if one.kind != "topic_changed"}
    found += _examples(before, after, moved)
    found += _pools(before, after, moved)
    contacts = [_yaml(folder, "data/contacts.yml") for folder in (before, after)]
    found += [Difference("contact_changed", {"pool": name}) for name in _changed(*contacts)]
    texts = [_texts(folder, moved) for folder in (before, after)]
    found += _named("text", *texts)
    for path in changed_files(before, after):
        told = path.startswith(("data/nlu/", "data/pools/", "data/pages/", _TEXTS))
        if not told and path not in ("data/topics.yml", "data/contacts.yml") and not (moved and path in _WITH_TOPICS):
            found.append(Difference("file_changed", {"file": path}))
    return found


def changed_files(before: Path, after: Path) -> list[str]:
    """Return the files that are new, gone or different."""
    names = {
        str(file.relative_to(folder))
        for folder in (before, after)
        for part in PARTS
        for file in ([folder / part] if (folder / part).is_file() else (folder / part).rglob("*"))
        if file.is_file()
    }
    return sorted(name for name in names if files.read(before / name) != files.read(after / name))


def _yaml(folder: Path, path: str) -> dict[str, Any]:
    return plain(facts.read_yaml(folder / path)) or {} if (folder / path).exists() else {}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]


def _named(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in _changed(before, after):
        what = "added" if name not in before else "removed" if name not in after else "changed"
        yield Difference(f"{kind}_{what}", {kind: name})


def _examples(before: Path, after: Path, moved: set[str]) -> Iterator[Difference]:
    old, new = examples.by_intent(before), examples.by_intent(after)
    for intent in _changed(old, new):
        added = len(set(new.get(intent, ())) - set(old.get(intent, ())))
        removed = len(set(old.get(intent, ())) - set(new.get(intent, ())))
        gone = intent not in new and intent.partition(".")[0] in moved
        if added:
            yield Difference("examples_added", {"intent": intent}, added)
        if removed and not gone:
            yield Difference("examples_removed", {"intent": intent}, removed)


def _pools(before: Path, after: Path, moved: set[str]) -> Iterator[Difference]:
    old, new = pools.names(before), pools.names(after)
    for name in dict.fromkeys([*old, *new]):
        if name not in old or name not in new:
            yield Difference("pool_added" if name in new else "pool_removed", {"pool": name})
            continue
        one, other = (_yaml(folder, pools.path(name)) for folder in (before, after))
        yield from (
            Difference("pool_changed", {"pool": name, "field": key}) for key in _changed(one, other) if key != "facts"
        )
        if files.read(before / pools.page(name)) != files.read(after / pools.page(name)):
            yield Difference("page_changed", {"pool": name})
        answers = pools.answers(before, name), pools.answers(after, name)
        for question in _changed(*answers):
            if question.partition(".")[0] not in moved:
                states = {
                    key: _state(given.get(question)) for key, given in zip(("before", "after"), answers, strict=True)
                }
                yield Difference("answer_changed", {"pool": name, "question": question, **states})


def _state(answer: Any) -> str:
    return str(answer["state"] if isinstance(answer, dict) else answer)


def _texts(folder: Path, moved: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted((folder / _TEXTS).glob("*.yml")):
        found |= plain(facts.read_yaml(file))["responses"]
    with_topics = tuple(f"utter_not_stated_{topic}" for topic in moved)
    return {name: variants for name, variants in found.items() if not (with_topics and name.startswith(with_topics))}
