"""A report on a model as pages show it: with names instead of ids, and beside that of another model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from puljeguiden import bank, files
from puljeguiden.evaluation import judging
from staff.cases import names
from staff.conversations import labels

_ORDER = {"worse": 0, "better": 1, "other": 2}


@dataclass(frozen=True)
class Share:
    """Of so many so many are right; `before` is the share in percent that it is compared with."""

    asked: int
    right: int
    before: int | None = None

    @property
    def percent(self) -> int:
        """Return the share in percent, rounded down: 100 means all."""
        return 100 * self.right // self.asked if self.asked else 100


def shown(version: str) -> dict[str, Any] | None:
    """Return the report on a model, ready to be shown; None where it was never evaluated."""
    report = files.read_json(bank.report_file(version))
    if not report:
        return None
    other = files.read_json(bank.report_file(report["live"])) if report["live"] not in (None, version) else None
    return {
        "live": report["live"],
        "is_live": report["live"] == version,
        "figures": _figures(report, other),
        "topics": _topics(report, other),
        "mixed_up": [
            {**pair, "topic": labels.topic(pair["topic"]), "taken_for": labels.topic(pair["taken_for"])}
            for pair in (report["classifier"] or {}).get("mixed_up", ())
        ],
        "wrong": [
            {"asked": _asked(one), "wanted": list(_kinds(one["gets"])), "got": _told(one["got"])}
            for one in report["regression"]["wrong"]
        ],
        "comparison": _comparison(report["comparison"]) if report["comparison"] else None,
    }


def _figures(report: Mapping[str, Any], other: Mapping[str, Any] | None) -> dict[str, Share]:
    before = judging.figures(dict(other)) if other else {}
    return {
        name: Share(**count, before=Share(**before[name]).percent if name in before else None)
        for name, count in judging.figures(dict(report)).items()
    }


def _topics(report: Mapping[str, Any], other: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return how well each topic is known, the weakest first."""
    known = (report["classifier"] or {}).get("topics", {})
    earlier = ((other or {}).get("classifier") or {}).get("topics", {})
    near = (report["near_misses"] or {}).get("topics", {})
    found = [
        {
            "label": labels.topic(topic),
            "learned": Share(
                one["examples"],
                one["right"],
                Share(earlier[topic]["examples"], earlier[topic]["right"]).percent if topic in earlier else None,
            ),
            "taken_for_it": one["taken_for_it"],
            "near": Share(**near[topic]) if topic in near else None,
        }
        for topic, one in known.items()
    ]
    return sorted(found, key=lambda one: (one["learned"].percent, one["label"]))


def _comparison(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that change: topics with what gets worse first, and in each topic the same."""
    groups = [(labels.topic(group["topic"]), _changes(group["changes"])) for group in found["topics"]]
    groups.sort(key=lambda group: (_ORDER[group[1][0]["verdict"]], group[0]))
    topics = [{"label": label, "changes": changes} for label, changes in groups]
    return {**found, "changed": sum(len(changes) for _, changes in groups), "topics": topics}


def _changes(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shown = [
        {**one, "asked": _asked(one), "before": _told(one["before"]), "after": _told(one["after"])} for one in found
    ]
    return sorted(shown, key=lambda one: _ORDER[one["verdict"]])


def _asked(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"question": one["question"], "earlier": one["earlier"]}


def _told(reply: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": reply["text"], "kinds": list(_kinds(reply["answers"]))}


def _kinds(answers: list[dict[str, str]]) -> Iterator[str]:
    """Yield what kinds of answers there are: «Frist · Udsatte boligområder · Besvaret»."""
    for one in answers:
        pool = names.pool(one["pool"]) if one["pool"] else ""
        yield " · ".join(filter(None, (labels.topic(one["topic"]), pool, labels.status(one["status"]))))
