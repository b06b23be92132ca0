"""Starts what is measured, and reads from /proc what it and its children use."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_QUIET_CPU_SECONDS = 0.05


class Processes:
    """Processes that together serve one assistant."""

    def __init__(self, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log.open("w", encoding="utf-8")
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, command: list[str], folder: Path, **environment: str) -> None:
        """Start one process; its output goes to the log."""
        # A variant is measured with its own settings, not with those of whoever measures.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PULJEGUIDEN_")}
        process = subprocess.Popen(
            command, cwd=folder, env={**kept, **environment}, stdout=self._log, stderr=self._log, start_new_session=True
        )
        self._started.append(process)

    def alive(self) -> bool:
        """Return whether all that was started still runs."""
        return all(process.poll() is None for process in self._started)

    def cpu_seconds(self) -> float:
        """Return the processor time used so far by all."""
        return cpu_seconds(self.all())

    def settle(self, seconds: float = 60) -> None:
        """Wait until they do next to nothing, such as when what follows the conversations has caught up."""
        deadline, before = time.monotonic() + seconds, self.cpu_seconds()
        while time.monotonic() < deadline:
            time.sleep(1)
            now = self.cpu_seconds()
            if now - before < _QUIET_CPU_SECONDS:
                return
            before = now

    def memory_mb(self) -> float:
        """Return the memory of all; what several share is counted once (PSS)."""
        return memory_mb(self.all())

    def stop(self) -> None:
        """Stop all, children first asked by their parents, then whoever is left."""
        everyone = self.all()
        for process in self._started:
            if process.poll() is None:
                process.terminate()
        for process in self._started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pid in everyone:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._log.close()

    def all(self) -> list[int]:
        """Return the ids of what was started and of their children."""
        return with_children(process.pid for process in self._started if process.poll() is None)


def with_children(pids: Iterable[int]) -> list[int]:
    """Return some processes and all that they started."""
    parents = {int(entry): _numbers(int(entry))[0] for entry in os.listdir("/proc") if entry.isdigit()}
    found = list(pids)
    for pid in found:  # grows while it is walked
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the processor time that some processes have used so far."""
    return sum(_numbers(pid)[1] for pid in pids) / _TICKS


def memory_mb(pids: Iterable[int]) -> float:
    """Return the memory of some processes; what several share is counted once (PSS)."""
    return sum(_pss_kb(pid) for pid in pids) / 1024


def _numbers(pid: int) -> tuple[int, int]:
    """Return a process's parent and its processor time in ticks; zeros when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0, 0
    return int(fields[1]), int(fields[11]) + int(fields[12])


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
