"""Tells a report in words: in Danish for pages, in English for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from puljeguiden.evaluation.judging import figures

_SHOWN = 5


def summary(report: Mapping[str, Any], language: str, labels: Mapping[str, str]) -> list[str]:
    """Return a report's lines; a line that belongs to the one before begins with a space.

    Args:
        language: `da` or `en`.
        labels: the topics' names as people read them; others stand as they are.
    """
    words = _words()[language]
    return list(_lines(report, words, labels))


def changes(report: Mapping[str, Any], language: str, labels: Mapping[str, str]) -> list[str]:
    """Return what a report says about answers that change; an empty list where nothing was compared."""
    return list(_changes(report["comparison"], _words()[language], labels)) if report["comparison"] else []


def _lines(report: Mapping[str, Any], words: Mapping[str, str], labels: Mapping[str, str]) -> Iterator[str]:
    counts = figures(dict(report))
    yield words["head"].format(**report)
    if report["classifier"]:
        yield words["classifier"].format(**counts["classifier"], share=_share(**counts["classifier"]))
        yield from _mixed_up(report["classifier"], words, labels)
    yield words["regression"].format(**counts["regression"])
    for one in report["regression"]["wrong"][:_SHOWN]:
        yield " " + words["wrong"].format(question=_asked(one), got=_told(one["got"], labels))
    if report["near_misses"]:
        yield words["near_misses"].format(**counts["near_misses"], share=_share(**counts["near_misses"]))
        for kind, count in report["near_misses"]["kinds"].items():
            if count["asked"]:
                yield " " + words["kind"].format(kind=words[kind], share=_share(**count), **count)
    if report["comparison"]:
        yield from _changes(report["comparison"], words, labels)
    else:
        yield words["no_live"]


def _mixed_up(classifier: Mapping[str, Any], words: Mapping[str, str], labels: Mapping[str, str]) -> Iterator[str]:
    if pairs := classifier["mixed_up"][:_SHOWN]:
        yield words["mixed_up"]
    for pair in pairs:
        of = classifier["topics"][pair["topic"]]["examples"]
        topic, other = (labels.get(pair[key], pair[key]) for key in ("topic", "taken_for"))
        yield " " + words["pair"].format(
            count=pair["count"], of=of, topic=topic, other=other, example=pair["examples"][0]
        )


def _changes(comparison: Mapping[str, Any], words: Mapping[str, str], labels: Mapping[str, str]) -> Iterator[str]:
    found = [(group["topic"], change) for group in comparison["topics"] for change in group["changes"]]
    yield words["changed" if found else "unchanged"].format(changed=len(found), **comparison)
    for _, change in found:
        if change["verdict"] == "worse":
            before, after = (_told(change[key], labels) for key in ("before", "after"))
            yield " " + words["worse"].format(question=_asked(change), before=before, after=after)


def _asked(one: Mapping[str, Any]) -> str:
    return " – ".join([*one["earlier"], one["question"]])


def _told(reply: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    kinds = ((one["pool"], labels.get(one["topic"], one["topic"]), one["status"]) for one in reply["answers"])
    return ", ".join(" · ".join(filter(None, kind)) for kind in kinds)


def _share(asked: int, right: int) -> str:
    return f"{100 * right / asked:.0f} %" if asked else "–"


@cache
def _words() -> dict[str, dict[str, str]]:
    file = Path(__file__).with_name("words.yml")
    words: dict[str, dict[str, str]] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return words
