"""Takes one difference out of a draft again, and leaves the others."""

from __future__ import annotations

from collections.abc import Mapping

from puljeguiden.editing import examples, files, pools, texts, topics
from puljeguiden.editing.drafts import Draft
from puljeguiden.editing.files import Change, changing, refuse
from puljeguiden.editing.summary import Difference
from puljeguiden.facts import read_yaml

CAN_BE_DROPPED = {
    "topic_added", "topic_changed", "examples_added", "examples_removed", "pool_added", "pool_changed", "page_changed",
    "answer_changed", "contact_changed", "text_changed", "file_changed",
}  # fmt: skip
"""The kinds of differences that can be taken out one by one; a topic that was deleted comes back with the whole draft."""


def drop(draft: Draft, difference: Difference) -> None:
    """Make one thing as it was when the draft began.

    Raises:
        Refused: the rest of the draft builds on it.
    """
    values = difference.values
    if difference.kind == "topic_added":
        topics.remove(draft.work, values["topic"])
    elif difference.kind == "topic_changed":
        entry = read_yaml(draft.base / topics.TOPICS)[values["topic"]]
        topics.set_details(draft.work, values["topic"], {"acts": False, **_only(entry, ("label", "ask", "acts"))})
    elif difference.kind == "answer_changed":
        before = pools.answers(draft.base, values["pool"])
        pools.set_answer(draft.work, values["pool"], values["question"], before[values["question"]])
    elif difference.kind == "text_changed":
        texts.set_text(draft.work, values["text"], texts.every(draft.base)[values["text"]])
    elif difference.kind in CAN_BE_DROPPED:
        with changing(draft.work) as change:
            _DROP[difference.kind](draft, change, values)
    else:
        raise refuse("draft", "not_alone", "cannot be taken out by itself")


def _only(entry: Mapping[str, object], keys: tuple[str, ...]) -> dict[str, object]:
    return {key: entry[key] for key in keys if key in entry}


def _examples(draft: Draft, change: Change, values: Mapping[str, str]) -> None:
    before = examples.by_intent(draft.base).get(values["intent"])
    if before is None:
        raise refuse("draft", "not_alone", "belongs to a new topic")
    examples.replace(change, values["intent"], before)


def _pool_added(_draft: Draft, change: Change, values: Mapping[str, str]) -> None:
    change.remove(pools.path(values["pool"]))
    change.remove(pools.page(values["pool"]))
    change.tree("data/contacts.yml").pop(values["pool"], None)


def _pool_changed(draft: Draft, change: Change, values: Mapping[str, str]) -> None:
    path, key = pools.path(values["pool"]), values["field"]
    before = Change(draft.base).tree(path)
    if key in before:
        change.tree(path)[key] = before[key]
    else:
        change.tree(path).pop(key, None)


def _page_changed(draft: Draft, change: Change, values: Mapping[str, str]) -> None:
    change.put(pools.page(values["pool"]), Change(draft.base).text(pools.page(values["pool"])))


def _contact_changed(draft: Draft, change: Change, values: Mapping[str, str]) -> None:
    before = Change(draft.base).tree("data/contacts.yml")
    if values["pool"] in before:
        change.tree("data/contacts.yml")[values["pool"]] = before[values["pool"]]
    else:
        change.tree("data/contacts.yml").pop(values["pool"], None)


def _file_changed(draft: Draft, change: Change, values: Mapping[str, str]) -> None:
    before = files.read(draft.base / values["file"])
    if before is None:
        change.remove(values["file"])
    else:
        change.put(values["file"], before)


_DROP = {
    "examples_added": _examples,
    "examples_removed": _examples,
    "pool_added": _pool_added,
    "pool_changed": _pool_changed,
    "page_changed": _page_changed,
    "contact_changed": _contact_changed,
    "file_changed": _file_changed,
}
