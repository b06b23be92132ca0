"""What `make scale` rests on: that faults are found, and that the page says what was measured."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.scale import page, truth
from benchmarks.scale.visitors import Acknowledged
from tests.conftest import ROOT

PARTS = ("assistant", "actions", "postgres", "proxy", "redis", "staff", "workers")


def figures(assistants: int) -> dict[str, Any]:
    return {
        "assistants": assistants,
        "visitors": 16,
        "messages_a_second": 100.0 * assistants,
        "p50_ms": 12.0,
        "p95_ms": 40.0,
        "unanswered": 0,
        "cpu_ms": {**dict.fromkeys(PARTS, 0.5), "assistant": 7.0},
        "memory_mb": {**dict.fromkeys(PARTS, 50.0), "assistant": 300.0 * assistants},
        "database_bytes_a_message": 4000.0,
    }


RESULTS: dict[str, Any] = {
    "when": "2026-11-21 08:00",
    "cpus": 2,
    "load_before": 0.1,
    "speed": {"1": figures(1), "2": figures(2)},
    "trouble": {"spread": {"answered": 100, "unanswered": 0, "faults": []}},
}


def test_the_page_says_what_was_measured_and_what_follows() -> None:
    text = page.page(RESULTS)
    assert "| messages a second | 100 | 200 |" in text
    assert "a core:** 100" in text  # 7 + 6 × 0.5 ms
    assert "at most 143 messages a second" in text
    assert "10,000 messages a day are 40 MB a day, and 1.2 GB" in text
    assert "another Rasa (`replicas`), 300 MB each" in text
    assert "| 20 conversations of 5 turns, all at once | 100 | 0 | 0 |" in text


def test_the_page_in_the_repository_is_that_of_its_results() -> None:
    results = ROOT / "benchmarks" / "scale" / "results.json"
    if results.exists():
        told = page.page(json.loads(results.read_text(encoding="utf-8")))
        assert (ROOT / "docs" / "capacity.md").read_text(encoding="utf-8") == told


def said(*turns: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        event
        for question, answer in turns
        for event in ({"event": "user", "text": question}, {"event": "bot", "text": answer}, {"event": "action"})
    ]


def told(*turns: tuple[str, str]) -> list[Acknowledged]:
    return [Acknowledged("s", question, answer, 0.1) for question, answer in turns]


A, B = ("a?", "A."), ("b?", "B.")


@pytest.mark.parametrize(
    ("events", "answered", "at_once", "fault"),
    [
        (said(A, B), told(A, B), False, ""),
        (said(A, ("x?", "X."), B), told(A, B), False, ""),  # somebody got no answer to «x?»
        (said(B, A), told(A, B), True, ""),
        (said(A), told(A, B), False, "0 times"),
        (said(A, B, A), told(A, B), False, "2 times"),
        (said(A, ("b?", "A.")), told(A, B), False, "another answer"),
        (said(B, A), told(A, B), False, "another order"),
    ],
)
def test_lost_doubled_and_mixed_up_messages_are_found(
    events: list[dict[str, Any]], answered: list[Acknowledged], at_once: bool, fault: str
) -> None:
    found = list(truth._faults(events, answered, at_once))
    assert [fault in one for one in found] == [True] if fault else found == []
