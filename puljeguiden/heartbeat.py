"""Whether the workers are alive: each touches a file of its own as it goes, and whoever asks looks at how old they are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from puljeguiden import settings

WORKERS = {"deliver": 120, "mail": 300, "follow": 1200}
"""The workers, and after how many seconds without a sign one is taken for dead: a mail server or a clean-up may be slow."""
_EVERY = 5.0
_last: dict[str, float] = {}


def beat(worker: str) -> None:
    """Give a sign of life; a few seconds after the last one, it costs nothing."""
    if time.monotonic() - _last.get(worker, -_EVERY) >= _EVERY:
        _last[worker] = time.monotonic()
        with suppress(OSError):  # a full disk is no reason to stop working
            _folder().mkdir(parents=True, exist_ok=True)
            (_folder() / worker).touch()


def rest(worker: str) -> None:
    """Take the sign back: the worker was told to stop."""
    with suppress(OSError):
        (_folder() / worker).unlink(missing_ok=True)


def age(worker: str) -> float | None:
    """Return how many seconds ago a worker gave a sign; None where it never has."""
    try:
        return max(0.0, time.time() - (_folder() / worker).stat().st_mtime)
    except FileNotFoundError:
        return None


def dead() -> Iterator[str]:
    """Yield the workers that have not given a sign for too long."""
    for worker, longest in WORKERS.items():
        seconds = age(worker)
        if seconds is None or seconds > longest:
            yield worker


def _folder() -> Path:
    path: Path = settings.get("PULJEGUIDEN_VAR_DIR") / "alive"
    return path
