"""Counts requests, so that nobody sends more than their share. What it remembers ends after two minutes."""

from __future__ import annotations

import time
from collections.abc import Callable


class RateLimit:
    """Requests a minute by key. The minute before counts by how much of it lies within the last 60 seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._minute = clock, 0
        self._now: dict[str, int] = {}
        self._before: dict[str, int] = {}

    def hit(self, key: str, limit: int) -> bool:
        """Count one more request, and return true; return false, and count nothing, where it is one too many."""
        minute, second = divmod(self._clock(), 60)
        if minute != self._minute:
            self._before = self._now if minute == self._minute + 1 else {}
            self._now, self._minute = {}, int(minute)
        here = self._now.get(key, 0)
        if here + self._before.get(key, 0) * (1 - second / 60) >= limit:
            return False
        self._now[key] = here + 1
        return True
