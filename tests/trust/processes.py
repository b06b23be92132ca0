"""The processes of one assistant: which they are, what they hold, and what may be done to them."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

from benchmarks.stock.processes import _pss_kb
from tests.conftest import Running

NAMES = {
    "assistant": b"rasa_project.serve",
    "staff": b"gunicorn",
    "deliver": b"puljeguiden\0deliver",
    "mail": b"send_letters",
    "follow": b"staff\0follow",
}


def find(assistant: Running, name: str) -> list[int]:
    """Return the ids of an assistant's processes of one kind; a process and its children."""
    return sorted(process for process, command in working_for(assistant.var).items() if NAMES[name] in command)


def working_for(var: Path) -> dict[int, bytes]:
    """Return the processes that work for one var folder, each with its command line."""
    mark, found = f"PULJEGUIDEN_VAR_DIR={var}\0".encode(), {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                if mark in Path(f"/proc/{entry}/environ").read_bytes():
                    found[int(entry)] = Path(f"/proc/{entry}/cmdline").read_bytes()
            except OSError:
                continue
    return found


def tell(assistant: Running, name: str, number: signal.Signals) -> None:
    """Send a signal to all processes of one kind."""
    for pid in find(assistant, name):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def fill_disk(assistant: Running, name: str, full: bool) -> None:
    """Let no file of these processes grow, as on a full disk; or let them again."""
    limit = 0 if full else resource.RLIM_INFINITY
    for pid in find(assistant, name):
        try:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        except ProcessLookupError:
            continue


def memory_mb(assistant: Running, name: str) -> float:
    """Return what the processes of one kind use; what several share is counted once."""
    return sum(_pss_kb(pid) for pid in find(assistant, name)) / 1024


def open_files(assistant: Running, name: str) -> int:
    """Return how many files and connections they have open."""
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in find(assistant, name))


def threads(assistant: Running, name: str) -> int:
    """Return how many threads they have."""
    return sum(len(os.listdir(f"/proc/{pid}/task")) for pid in find(assistant, name))
