"""Carries cases from the outbox to the staff service: every one, in the end exactly once.

A case that was sent but not noted as delivered is sent again; the staff service knows its key and keeps one.
"""

from __future__ import annotations

import logging
import os
import random
import threading
import time
from datetime import timedelta

import requests

from puljeguiden import heartbeat, moment
from puljeguiden.outbox import REFUSED, WAITING, Outbox, OutboxError, Stored

logger = logging.getLogger(__name__)

_POLL = 0.5
_TIMEOUT = (3.05, 20)
_REFUSED_AGAIN = 300.0
_FORGET_EVERY = 3600.0
# Answers that are about the one case. All others are about the service, and everything waits.
_ABOUT_THE_CASE = {400, 409, 413, 415, 422, 500}


class Unreachable(Exception):
    """The staff service takes nothing at the moment, whatever the case."""


class Backoff:
    """Waits longer after each failure, up to a minute; by chance, so that several senders part ways."""

    def __init__(self, first: float = 1.0, most: float = 60.0) -> None:
        self._first, self._most = first, most
        self._failures = 0

    def failed(self) -> float:
        """Return how many seconds to wait now."""
        longest = min(self._most, self._first * 2 ** min(self._failures, 10))
        self._failures += 1
        return random.uniform(longest / 2, longest)  # noqa: S311 - no secret  # nosec B311

    def worked(self) -> None:
        """Start over."""
        self._failures = 0


class Courier:
    """Delivers one outbox to one staff service. Waits by the monotonic clock, so a changed clock changes nothing."""

    def __init__(self, outbox: Outbox, url: str, token: str, days: int) -> None:
        self._outbox, self._days = outbox, days
        self._address = f"{url}/api/cases"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.trust_env = False  # a .netrc would replace the token
        self._session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self._backoff = Backoff()
        self._refused_at = self._forget_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Deliver until told to stop."""
        while not stop.is_set():
            heartbeat.beat("deliver")
            stop.wait(self.turn())
        heartbeat.rest("deliver")

    def turn(self) -> float:
        """Deliver what can be delivered now, and return how many seconds to wait before the next turn."""
        try:
            sent = self._deliver(self._outbox.pending(WAITING))
            if time.monotonic() >= self._refused_at:
                self._deliver(self._outbox.pending(REFUSED, most=1000))
                self._refused_at = time.monotonic() + _REFUSED_AGAIN
            self._forget()
        except (Unreachable, OutboxError) as error:
            seconds = self._backoff.failed()
            logger.warning("cases wait %.0f s: %s: %s", seconds, type(error).__name__, error)
            return seconds
        self._backoff.worked()
        return 0 if sent else _POLL

    def _deliver(self, cases: list[Stored]) -> int:
        for case in cases:
            problem = self._send(case)
            if problem:
                logger.error("case %s is refused: %s", case.number, problem)
                self._outbox.refused(case.number, problem)
            else:
                logger.info("case %s is delivered", case.number)
                self._outbox.delivered(case.number)
        return len(cases)

    def _send(self, case: Stored) -> str:
        """Hand over one case, and return why it was refused; nothing when it was taken.

        Raises:
            Unreachable: the service takes nothing.
        """
        try:
            response = self._session.post(
                self._address,
                json=case.content,
                headers={"Idempotency-Key": case.key},
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Unreachable(type(error).__name__) from None
        if response.status_code in (200, 201):
            if _number(response) == case.number:
                return ""
            raise Unreachable("the answer is not the staff service's")
        if response.status_code in _ABOUT_THE_CASE:
            return f"{response.status_code} {response.text[:300]}"
        raise Unreachable(f"it answers {response.status_code}")

    def _forget(self) -> None:
        if time.monotonic() >= self._forget_at:
            self._outbox.forget(moment.utc() - timedelta(days=self._days))
            self._forget_at = time.monotonic() + _FORGET_EVERY


def _number(response: requests.Response) -> object:
    try:
        return response.json().get("number")
    except (ValueError, AttributeError):
        return None
