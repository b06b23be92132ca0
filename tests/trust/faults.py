"""Breaks the processes of a running assistant while visitors write, and looks what became of what was promised."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from puljeguiden.outbox import WAITING, Outbox
from tests.conftest import ROOT, Running, free_port, wait_for
from tests.trust import processes
from tests.trust.load import Load, cases

_HEAL_SECONDS = 180
_USUALLY = (0.5, 5.0)
_LASTS = {"PostgreSQL paused": (0.5, 15.0)}  # longer than anybody may have to wait
Do = Callable[[], None]
Tell = Callable[[signal.Signals], None]
Fault = tuple[str, Do, Do]
"""Its name, how to break it, how to mend it."""


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


class Slowed:
    """Lets something run for only a third of the time, as on a crowded machine."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def begin(self) -> None:
        """Begin with it."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._hinder)
        self._thread.start()

    def end(self) -> None:
        """Let it run as it likes."""
        self._over.set()
        self._thread.join()

    def _hinder(self) -> None:
        while not self._over.is_set():
            self._tell(signal.SIGSTOP)
            time.sleep(0.1)
            self._tell(signal.SIGCONT)
            self._over.wait(0.05)


def _hindered(name: str, tell: Tell) -> list[Fault]:
    slowed = Slowed(tell)
    return [
        (f"{name} paused", lambda: tell(signal.SIGSTOP), lambda: tell(signal.SIGCONT)),
        (f"{name} slowed", slowed.begin, slowed.end),
    ]


class Faults:
    """What can happen to one assistant."""

    def __init__(self, assistant: Running, mailbox: Mailbox, postgresql: Any = None) -> None:
        self._assistant, self._mailbox, self._postgresql = assistant, mailbox, postgresql

    def all(self) -> list[Fault]:
        """Return the faults."""
        found = [fault for name in processes.NAMES for fault in self._of_process(name)]
        found += [self._disk(name) for name in ("assistant", "staff", "follow", "deliver")]
        found += [("mail server stopped", self._mailbox.stop, self._mailbox.start), ("mail server slow", *self._slow())]
        if self._postgresql:
            found.append(("PostgreSQL stopped", self._postgresql.stop, self._postgresql.start))
            found += _hindered("PostgreSQL", self._postgresql.tell)
        return found

    def _of_process(self, name: str) -> list[Fault]:
        def tell(number: signal.Signals) -> None:
            processes.tell(self._assistant, name, number)

        return [(f"{name} killed", lambda: tell(signal.SIGKILL), lambda: None), *_hindered(name, tell)]

    def _disk(self, name: str) -> Fault:
        def full(yes: bool) -> Do:
            return lambda: processes.fill_disk(self._assistant, name, yes)

        return (f"disk full for {name}", full(True), full(False))

    def _slow(self) -> tuple[Do, Do]:
        def set_to(seconds: float) -> Do:
            return lambda: setattr(self._mailbox, "slow", seconds)

        return set_to(2.0), set_to(0.0)


class Beside:
    """A program beside the assistant, which somebody starts again when it dies, as the process manager would."""

    def __init__(self, name: str, command: list[str], var: Path) -> None:
        self._name, self._command, self._var = name, command, var

    def start(self) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env={**os.environ, "PULJEGUIDEN_VAR_DIR": str(self._var), "ACTION_SERVER_HOST": "127.0.0.1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()

    def faults(self) -> list[Fault]:
        """Return what can happen to it."""
        return [
            (f"{self._name} killed", self.kill, self.start),
            *_hindered(self._name, lambda number: self._process.send_signal(number)),
        ]


def action_server(port: int, var: Path) -> Beside:
    """Return a separate action server."""
    actions = ["-W", "ignore", "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
    return Beside("action server", [sys.executable, *actions], var)


def redis(port: int, var: Path) -> Beside:
    """Return a Redis server that stores nothing."""
    return Beside("Redis", ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""], var)


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Run a mail server until the end."""
    box = Mailbox()
    box.start()
    yield box
    box.slow = 0.0
    box.stop()


def run(
    assistant: Running, faults: list[Fault], seconds: float, chance: int, outbox: str = "", fewest: int = 0
) -> dict[str, Any]:
    """Let visitors write for so long, and for so many faults, one after the other; return figures and broken promises."""
    drawn = random.Random(chance)
    done: dict[str, int] = {}
    began = time.monotonic()

    def goes_on() -> bool:
        return time.monotonic() - began < seconds or sum(done.values()) < fewest

    with Load(assistant) as load:
        time.sleep(1)
        while goes_on():
            for name, break_it, mend_it in drawn.sample(faults, len(faults)):
                break_it()
                time.sleep(drawn.uniform(*_LASTS.get(name, _USUALLY)))
                mend_it()
                done[name] = done.get(name, 0) + 1
                if name == "assistant killed":
                    _well(assistant)
                time.sleep(drawn.uniform(0.2, 2))
                if not goes_on():
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
