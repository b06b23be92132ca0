"""Breaks the processes of a running assistant while visitors write, and looks what became of what was promised."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.stock.processes import _numbers
from puljeguiden.outbox import WAITING, Outbox
from tests.conftest import ROOT, Running, free_port, wait_for
from tests.trust import processes
from tests.trust.load import Load, cases

_HEAL_SECONDS = 180
_USUALLY = (0.5, 5.0)
_LASTS = {"PostgreSQL paused": (0.5, 15.0)}  # longer than anybody may have to wait
Do = Callable[[], None]


class Mailbox:
    """A mail server that takes everything, and can be stopped or slowed."""

    def __init__(self) -> None:
        self.port = free_port()
        self.received: list[str] = []
        self.slow = 0.0
        self._controller: Controller | None = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail."""
        await asyncio.sleep(self.slow)
        self.received += envelope.rcpt_tos
        return "250 OK"

    def start(self) -> None:
        """Listen."""
        if not self._controller:
            self._controller = Controller(self, "127.0.0.1", self.port)
            self._controller.start()

    def stop(self) -> None:
        """Listen no more."""
        if self._controller:
            self._controller.stop()
            self._controller = None


class Faults:
    """What can happen to one assistant. Each fault is (name, break it, mend it)."""

    def __init__(self, assistant: Running, mailbox: Mailbox, postgresql: Any = None) -> None:
        self._assistant, self._mailbox, self._postgresql = assistant, mailbox, postgresql

    def all(self) -> list[tuple[str, Do, Do]]:
        """Return the faults."""
        found = [self._kill(name) for name in processes.NAMES] + [self._pause(name) for name in processes.NAMES]
        found += [self._disk(name) for name in ("assistant", "staff", "follow", "deliver")]
        found += [("mail server stopped", self._mailbox.stop, self._mailbox.start), ("mail server slow", *self._slow())]
        if self._postgresql:
            found += [
                ("PostgreSQL stopped", self._postgresql.stop, self._postgresql.start),
                ("PostgreSQL paused", self._freeze(signal.SIGSTOP), self._freeze(signal.SIGCONT)),
            ]
        return found

    def _tell(self, name: str, number: signal.Signals) -> Do:
        return lambda: processes.tell(self._assistant, name, number)

    def _kill(self, name: str) -> tuple[str, Do, Do]:
        return (f"{name} killed", self._tell(name, signal.SIGKILL), lambda: None)

    def _pause(self, name: str) -> tuple[str, Do, Do]:
        return (f"{name} paused", self._tell(name, signal.SIGSTOP), self._tell(name, signal.SIGCONT))

    def _disk(self, name: str) -> tuple[str, Do, Do]:
        def full(yes: bool) -> Do:
            return lambda: processes.fill_disk(self._assistant, name, yes)

        return (f"disk full for {name}", full(True), full(False))

    def _slow(self) -> tuple[Do, Do]:
        def set_to(seconds: float) -> Do:
            return lambda: setattr(self._mailbox, "slow", seconds)

        return set_to(2.0), set_to(0.0)

    def _freeze(self, number: signal.Signals) -> Do:
        def all_servers() -> None:
            parent = int((self._postgresql.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
            children = [int(one) for one in os.listdir("/proc") if one.isdigit() and _numbers(int(one))[0] == parent]
            for pid in (parent, *children):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)

        return all_servers


class Actions:
    """A separate action server, which somebody starts again when it dies, as the process manager would."""

    def __init__(self, var: Path) -> None:
        self._port, self._var = free_port(), var
        self.url = f"http://127.0.0.1:{self._port}/webhook"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "rasa_sdk", "--actions", "actions", "--port", str(self._port)],
            cwd=ROOT,
            env={**os.environ, "PULJEGUIDEN_VAR_DIR": str(self._var), "ACTION_SERVER_HOST": "127.0.0.1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """Kill it."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process:
            self._process.send_signal(number)

    def faults(self) -> list[tuple[str, Do, Do]]:
        """Return what can happen to it."""
        return [
            ("action server killed", self.kill, self.start),
            ("action server paused", lambda: self.tell(signal.SIGSTOP), lambda: self.tell(signal.SIGCONT)),
        ]


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Run a mail server until the end."""
    box = Mailbox()
    box.start()
    yield box
    box.slow = 0.0
    box.stop()


def run(
    assistant: Running, faults: list[tuple[str, Do, Do]], seconds: float, chance: int, outbox: str = ""
) -> dict[str, Any]:
    """Let visitors write for so long while one fault follows the other; return figures and broken promises."""
    drawn = random.Random(chance)
    done: dict[str, int] = {}
    began = time.monotonic()
    with Load(assistant) as load:
        time.sleep(1)
        while time.monotonic() - began < seconds:
            for name, break_it, mend_it in drawn.sample(faults, len(faults)):
                break_it()
                time.sleep(drawn.uniform(*_LASTS.get(name, _USUALLY)))
                mend_it()
                done[name] = done.get(name, 0) + 1
                if name == "assistant killed":
                    _well(assistant)
                time.sleep(drawn.uniform(0.2, 2))
                if time.monotonic() - began >= seconds:
                    break
    healed = _heal(assistant, Outbox(outbox or f"sqlite:///{assistant.var}/outbox.db"))
    promised = load.broken(cases(str(assistant.var / "staff.db")))
    return {
        "seconds": round(time.monotonic() - began),
        "faults": done,
        "outcomes": dict(load.outcomes()),
        "longest_seconds": round(load.longest(), 1),
        "promised": load.promises(),
        "broken": promised[:20],
        "wrong": load.wrong()[:20],
        "healed_seconds": healed,
    }


def _well(assistant: Running) -> None:
    def answers() -> bool:
        try:
            return requests.get(f"{assistant.url}/health", timeout=2).ok
        except requests.RequestException:
            return False

    wait_for(answers, _HEAL_SECONDS)


def _heal(assistant: Running, outbox: Outbox) -> float:
    """Wait until all answers again and no case waits; return how long that took."""
    began = time.monotonic()
    _well(assistant)
    wait_for(lambda: not outbox.counts().get(WAITING), _HEAL_SECONDS)
    return round(time.monotonic() - began, 1)
