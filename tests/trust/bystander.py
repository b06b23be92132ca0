"""Somebody else who only wants an answer, meanwhile: `python -m tests.trust.bystander URL`, until its input ends.

A process of its own, so that those who attack do not slow it down. Prints how long each answer took, in milliseconds.
"""

from __future__ import annotations

import json
import secrets
import select
import subprocess
import sys
import time
from statistics import quantiles
from types import TracebackType

import requests

from tests.conftest import ROOT

_EVERY = 0.2
_QUESTIONS = (
    "Hvornår er fristen for handlingsplanerne?",
    "hvem kan søge?",
    "hvor mange penge er der i puljen",
    "hvem skal jeg ringe til?",
)


class Bystander:
    """The process; `times` are there when it has ended."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.times: list[float] = []
        self.unanswered = 0

    def __enter__(self) -> Bystander:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.trust.bystander", self._url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: TracebackType | BaseException | None) -> None:
        said, _errors = self._process.communicate(timeout=60)
        if kind is None:
            told = json.loads(said)
            self.times, self.unanswered = told["times"], told["unanswered"]

    def percentile(self, percent: int) -> float:
        """Return the time within which so many percent of the answers came."""
        return quantiles(self.times, n=100, method="inclusive")[percent - 1]


def main(url: str) -> None:
    """Ask every moment until standard input ends; print the times."""
    session, times, unanswered = requests.Session(), [], 0
    sender = secrets.token_urlsafe(24)
    number = 0
    while not select.select([sys.stdin], [], [], _EVERY)[0]:
        number += 1
        if number % 5 == 0:
            sender = secrets.token_urlsafe(24)
        message = {"sender": sender, "message": _QUESTIONS[number % len(_QUESTIONS)]}
        began = time.perf_counter()
        reply = session.post(
            f"{url}/webhooks/rest/webhook", json=message, headers={"X-Real-IP": f"10.9.0.{number % 250}"}, timeout=30
        )
        times.append((time.perf_counter() - began) * 1000)
        unanswered += reply.status_code != 200 or reply.json()[0]["custom"]["answer"]["status"] == "error"
    print(json.dumps({"times": times, "unanswered": unanswered}))


if __name__ == "__main__":
    main(sys.argv[1])
