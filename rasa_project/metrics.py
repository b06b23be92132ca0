"""What the assistant counts for whoever watches over it, in Prometheus' format. Numbers only: nothing of what was said."""

from __future__ import annotations

from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, Info, generate_latest
from sanic.response import HTTPResponse, raw

ANSWERS = Counter("puljeguiden_answers_total", "Answers given, by what kind they are.", ["status"])
CASES = Counter("puljeguiden_cases_total", "Cases that visitors were given a number for.")
REFUSED = Counter("puljeguiden_refused_total", "Requests that were not answered, and why.", ["reason"])
TURN_SECONDS = Histogram(
    "puljeguiden_turn_seconds",
    "Time from reading a message to having its answer stored.",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8),
)
UNDER_WAY = Gauge("puljeguiden_turns_under_way", "Messages that are being answered now.")
BROKEN = Gauge(
    "puljeguiden_broken", "1 where files or the model are broken and the last good version answers.", ["part"]
)
CLOSED = Gauge("puljeguiden_closed", "1 while the chat is switched off.")
MODEL = Info("puljeguiden_model", "The model that answers.")


def answered(replies: list[dict[str, Any]]) -> None:
    """Count what a turn said."""
    for reply in replies:
        custom = reply.get("custom") or {}
        for answer in custom.get("answers", ()):
            ANSWERS.labels(answer["status"]).inc()
        if custom.get("case"):
            CASES.inc()


def shown() -> HTTPResponse:
    """Return all figures of this process."""
    return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)
