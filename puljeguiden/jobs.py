"""The publishing job as others see it: what was ordered, how far it is, how it ended; one at a time.

The status file is written at each step. The lock is the system's, which frees it however the job ends.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from puljeguiden import files, settings

RUNNING, PASSED, PUBLISHED, REFUSED, FAILED, CANCELLED, DIED = (
    "running",
    "passed",
    "published",
    "refused",
    "failed",
    "cancelled",
    "died",
)
STAGES = {"validate": 6.0, "train": 60.0, "evaluate": 30.0, "compare": 1.0, "publish": 3.0}
"""The stages, and how many seconds each is expected to take before there has been a first job."""
ASKED_DAYS = 30
"""How long ago visitors may have asked the questions that are compared too."""
_PATIENCE_SECONDS = 1.0  # whoever reads the status holds the lock for a moment


class Busy(RuntimeError):
    """Another job is running."""


@dataclass(frozen=True)
class Order:
    """What is to be published: by whom, why, and in spite of what.

    `draft` names a draft, which becomes the data once it has passed; without one, the data as they are go through.
    `hold` ends the job before anything goes live; the same order without it goes on from there.
    """

    who: str
    note: str = ""
    email: str = ""
    draft: str | None = None
    override: str | None = None
    hold: bool = False


@dataclass
class Job:
    """A job under way; each change is written to the status file."""

    order: Order
    pid: int = field(default_factory=os.getpid)
    state: str = RUNNING
    stage: str = "validate"
    version: str | None = None
    trains: bool | None = None
    verdict: dict[str, Any] | None = None
    code: str | None = None
    problem: str | None = None
    took: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.time)
    entered: float = field(default_factory=time.time)

    def enter(self, stage: str) -> None:
        """Begin a stage; the one before has ended."""
        now = time.time()
        self.took[self.stage] = round(now - self.entered, 1)
        self.stage, self.entered = stage, now
        self.write()

    def end(self, state: str, code: str | None = None, problem: str | None = None) -> str:
        """End the job; where it did not do what it should, say why: a code for pages, words for the terminal."""
        if state in (PASSED, REFUSED, PUBLISHED):
            self.took[self.stage] = round(time.time() - self.entered, 1)
            self._remember_pace()
        self.state, self.code, self.problem = state, code, problem
        self.write()
        return state

    def write(self) -> None:
        """Write the status file."""
        files.write_json(folder() / "status.json", {**asdict(self), "written": time.time()})

    def _remember_pace(self) -> None:
        if "evaluate" in self.took:  # else it went on from where an earlier one ended
            kind = _kind(self.trains)
            files.write_json(_pace_file(), {**_pace(), kind: {**_pace().get(kind, {}), **self.took}})


def status() -> dict[str, Any] | None:
    """Return the job that runs or ran last, as `Job` has it; None where there never was one.

    `state` is `running`, `passed` (and held), `published`, `refused`, `failed`, `cancelled` or `died` (killed from
    outside). `seconds_left` and `percent` are estimates.
    """
    found = last()
    if found is None:
        return None
    if found["state"] == RUNNING and not _is_held():
        found = last() or found  # it may have ended meanwhile
        if found["state"] == RUNNING:
            found["state"] = DIED
    left, percent = _left(found) if found["state"] == RUNNING else (0.0, 100)
    return {**found, "seconds_left": round(left), "percent": percent}


def last() -> dict[str, Any] | None:
    """Return what the last job wrote down, whether it still runs or not."""
    found: dict[str, Any] | None = files.read_json(folder() / "status.json")
    return found


def is_running() -> bool:
    """Return whether a job is running."""
    found = status()
    return bool(found and found["state"] == RUNNING)


def busy_with(draft: str) -> bool:
    """Return whether a job is working on a draft, which must not change meanwhile."""
    found = status()
    return bool(found and found["state"] == RUNNING and found["order"]["draft"] == draft)


def cancel() -> bool:
    """Stop the job that is running; return whether there was one."""
    found = status()
    if not found or found["state"] != RUNNING:
        return False
    try:
        os.kill(found["pid"], signal.SIGTERM)
    except ProcessLookupError:  # it has just ended
        return False
    return True


@contextmanager
def alone(handed: int | None = None) -> Iterator[int]:
    """Hold the lock, and yield its number; a process that is handed it holds it too, until it ends.

    Raises:
        Busy: another job holds it.
    """
    folder().mkdir(parents=True, exist_ok=True)
    lock = os.open(folder() / "lock", os.O_RDWR | os.O_CREAT, 0o644) if handed is None else handed
    try:
        _take(lock)
        yield lock
    finally:
        os.close(lock)


def open_log() -> TextIO:
    """Return the log of a job that begins."""
    folder().mkdir(parents=True, exist_ok=True)
    return log_file().open("w", encoding="utf-8")


def log_file() -> Path:
    """Return the log of the job that runs or ran last."""
    return folder() / "log"


def folder() -> Path:
    """Return the folder of all this."""
    path: Path = settings.get("PULJEGUIDEN_VAR_DIR") / "publishing"
    return path


def _left(found: dict[str, Any]) -> tuple[float, int]:
    """Return the estimate: seconds, and the share that is done."""
    expected = {**STAGES, **_pace().get(_kind(found["trains"]), {})}
    if found["trains"] is False:
        expected["train"] = 0.0
    names = list(STAGES)
    here = names.index(found["stage"])
    left = max(0.0, expected[found["stage"]] - (time.time() - found["entered"]))
    left += sum(expected[name] for name in names[here + 1 :])
    total = sum(expected.values())
    return left, round(100 * (1 - min(1.0, left / total)))


def _kind(trains: bool | None) -> str:
    return "untrained" if trains is False else "trained"


def _pace() -> dict[str, dict[str, float]]:
    return files.read_json(_pace_file()) or {}


def _pace_file() -> Path:
    return folder() / "pace.json"


def _take(lock: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise Busy("Another job is running.") from None
            time.sleep(0.05)


def _is_held() -> bool:
    with (folder() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
