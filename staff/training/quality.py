"""How well the live model knows each topic, from its evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from puljeguiden import bank, files, model

_WEAK = 85


@dataclass(frozen=True)
class Quality:
    """Of so many examples so many were known when they were held out; `confused` are topics they were taken for."""

    asked: int
    right: int
    confused: tuple[tuple[str, int, str], ...] = ()

    @property
    def percent(self) -> int:
        return round(100 * self.right / self.asked) if self.asked else 0

    @property
    def is_weak(self) -> bool:
        return self.percent < _WEAK


def by_topic() -> dict[str, Quality]:
    """Return how well each topic is known; nothing where the live model was not evaluated."""
    try:
        report: Mapping[str, Any] = files.read_json(bank.report_file(bank.live())) or {}
    except model.NoModel:
        return {}
    found = report.get("classifier") or {}  # nothing was trained for it, or it was trained without the job
    return {
        topic: Quality(
            one["examples"],
            one["right"],
            tuple(
                (pair["taken_for"], pair["count"], pair["examples"][0])
                for pair in found["mixed_up"]
                if pair["topic"] == topic
            ),
        )
        for topic, one in found.get("topics", {}).items()
    }
