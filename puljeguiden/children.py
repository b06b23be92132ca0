"""Processes that a job starts and waits for; none of them outlives it, even where it is killed."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import TextIO

from puljeguiden import settings

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, see prctl(2)


class ChildFailed(RuntimeError):
    """A process ended with an error. What it printed stands in the log."""


class Children:
    """Starts Python modules; at the end of the `with` block, those still running are stopped."""

    def __init__(self, log: TextIO | None = None) -> None:
        self._log = log
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start `python -m <words>`, with no other settings than those given, if any are."""
        child = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", *words],
            cwd=settings.ROOT,
            env=os.environ if environment is None else {**_without_settings(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=self._log or subprocess.DEVNULL,
            stderr=self._log or subprocess.DEVNULL,
            preexec_fn=_die_with_parent,
        )
        self._running.append(child)
        return child

    def finish(self, child: subprocess.Popen[bytes]) -> None:
        """Wait for a process.

        Raises:
            ChildFailed: it ended with an error.
        """
        if code := child.wait():
            raise ChildFailed(f"`{' '.join(map(str, child.args[4:5]))}` ended with code {code}")  # type: ignore[index]

    def __enter__(self) -> Children:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop what still runs."""
        for child in self._running:
            if child.poll() is None:
                child.kill()
                child.wait()


def _without_settings() -> dict[str, str]:
    named = ("PULJEGUIDEN_", "ACTION_SERVER_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(named)}


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
