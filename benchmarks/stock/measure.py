"""Measures all variants: each by itself what only shows then, and in rounds, by turns, what depends on the machine.

A machine that others share is not as fast in one minute as in the next.
"""

from __future__ import annotations

import json
import random
import secrets
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from benchmarks.stock.processes import Processes
from benchmarks.stock.variants import BENCH, ROOT, Variant

_START_SECONDS = 240
_LONGEST_ALLOWED = 1000
_LONGEST = 40_000
_TURNS = (10, 100, 1000)
_SENT = 5  # of turns that could be written to the database, so many are sent


@dataclass(frozen=True)
class Size:
    """How much is sent."""

    warm_up: int = 160
    rounds: int = 4
    alone: int = 150
    clients: int = 16
    seconds: float = 4
    turns: tuple[int, int, int] = _TURNS
    around: int = 11  # turns measured around each of these
    long_messages: int = 5


QUICK = Size(warm_up=5, rounds=2, alone=10, seconds=2, turns=(10, 20, 30), around=2, long_messages=1)


def messages() -> list[str]:
    """Return the training examples, as people type, in an order that is always the same."""
    found = []
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))["nlu"]:
            found += [line[2:] for line in block["examples"].splitlines() if line.startswith("- ")]
    random.Random(1).shuffle(found)
    return found


class Measured:
    """One variant: what runs of it, and what was found."""

    def __init__(self, variant: Variant, pile: list[str]) -> None:
        self.variant = variant
        self.figures: dict[str, Any] = {"label": variant.label, "unanswered": 0, "starts_s": []}
        self._pile = pile
        self._times: dict[str, list[float]] = {"alone": [], "together": []}
        self._cpu = dict.fromkeys(self._times, 0.0)
        self._seconds = 0.0

    def train(self) -> None:
        """Train, or take what was trained before."""
        say(f"{self.variant.label}: training")
        self.figures["training"] = self.variant.train()

    def start(self) -> None:
        """Start it and wait for its first answer.

        Raises:
            SystemExit: it did not start; the log tells why.
        """
        say(f"{self.variant.label}: starting")
        log = BENCH / f"{self.variant.name}.log"
        self._processes = Processes(log)
        began = time.monotonic()
        self._url = self.variant.start(self._processes)
        if not _first_answer(self._url, self._processes):
            self.stop()
            raise SystemExit(f"{self.variant.label} did not start. See {log}.")
        self.figures["starts_s"].append(time.monotonic() - began)
        self.figures["start_s"] = min(self.figures["starts_s"])

    def stop(self) -> None:
        """Stop what runs."""
        self._processes.stop()

    def memory(self, size: Size) -> None:
        """Find the memory, idle and under load. Nothing else may run that shares files with it."""
        time.sleep(3)
        self.figures["memory_idle_mb"] = self._processes.memory_mb()
        self._send("alone", count=size.warm_up)
        self._send("together", clients=size.clients, seconds=size.seconds)
        self.figures["memory_load_mb"] = self._processes.memory_mb()

    def warm_up(self, size: Size) -> None:
        """Let it answer for a while."""
        self._send("alone", count=size.warm_up)
        self._processes.settle()

    def alone(self, size: Size, turn: int) -> None:
        """Let one visitor ask; each round something else."""
        self._timed("alone", size.warm_up + turn * size.alone, count=size.alone)

    def together(self, size: Size, turn: int) -> None:
        """Let many ask at once; each round something else."""
        place = (turn + 1) * len(self._pile) // (size.rounds + 1)
        done = self._timed("together", place, clients=size.clients, seconds=size.seconds)
        self._seconds += done["seconds"]

    def _timed(self, what: str, place: int, **arguments: Any) -> dict[str, Any]:
        before = self._processes.cpu_seconds()
        done = self._send(what, place, **arguments)
        self._processes.settle()  # what follows the conversations has to catch up
        self._cpu[what] += self._processes.cpu_seconds() - before
        self._times[what] += done["times"]
        return done

    def sum_up(self, size: Size) -> None:
        """Tell what the rounds have found."""
        for what, times in self._times.items():
            self.figures[f"{what}_ms"] = percentiles(times)
            self.figures[f"cpu_{what}_ms"] = self._cpu[what] * 1000 / len(times)
        self.figures["clients"] = size.clients
        self.figures["messages_a_second"] = len(self._times["together"]) / self._seconds

    def turns(self, size: Size) -> None:
        """Find the median times of turns around the 10th, 100th and 1000th of three conversations, asked by turns."""
        senders = {str(name): secrets.token_urlsafe(24) for name in _TURNS}
        for sender, goal in zip(senders.values(), size.turns, strict=True):
            before = goal - size.around // 2 - 1
            sent = min(before, _SENT) if self.variant.lengthen else before
            self._send("conversation", sender=sender, count=sent)
            if self.variant.lengthen and before > sent:
                self.variant.lengthen(sender, before - sent)
        self._processes.settle()
        times = self._send("side_by_side", senders=list(senders.values()), count=size.around)["times"]
        self.figures["turn_ms"] = {
            name: statistics.median(times[place :: len(senders)]) for place, name in enumerate(senders)
        }

    def long_messages(self, size: Size) -> None:
        """Find how long others wait while somebody sends a long message: the longest allowed, and a longer one."""
        waits = [
            self._send("beside_a_long_message", length=_LONGEST_ALLOWED)["others"] for _ in range(size.long_messages)
        ]
        self.figures["others_wait_ms"] = max(waits)
        unanswered = self.figures["unanswered"]
        self.figures["others_wait_unbounded_ms"] = self._send("beside_a_long_message", length=_LONGEST)["others"]
        self.figures["unanswered"] = unanswered  # that one is to be refused

    def _send(self, what: str, place: int = 0, **arguments: Any) -> dict[str, Any]:
        pile = self._pile[place:] + self._pile[:place]
        result = _drive({"url": self._url, "messages": pile, "do": what, "with": arguments})
        self.figures["unanswered"] += result["unanswered"]
        return result


def measure(variants: Sequence[Variant], size: Size) -> dict[str, dict[str, Any]]:
    """Return all figures of all variants.

    Raises:
        SystemExit: one did not start; its log tells why.
    """
    pile = messages()
    all_of_them = [Measured(variant, pile) for variant in variants]
    for one in all_of_them:
        one.train()
    for one in all_of_them:
        one.start()
        try:
            one.memory(size)
        finally:
            one.stop()
    started: list[Measured] = []
    try:
        for one in all_of_them:
            one.start()
            started.append(one)
        _side_by_side(started, size)
    finally:
        for one in started:
            one.stop()
    return {one.variant.name: one.figures for one in all_of_them}


def _side_by_side(started: list[Measured], size: Size) -> None:
    """Measure all that run by turns."""
    say("All side by side: answering")
    for one in started:
        one.warm_up(size)
    for turn in range(size.rounds):
        say(f"All side by side: round {turn + 1} of {size.rounds}")
        for one in started:
            one.alone(size, turn)
        for one in started:
            one.together(size, turn)
    say("All side by side: long conversations and long messages")
    for one in started:
        one.sum_up(size)
        one.turns(size)
        one.long_messages(size)


def percentiles(times: list[float]) -> dict[str, float]:
    """Return the median, the 95th and the 99th percentile."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}


def _first_answer(url: str, processes: Processes) -> bool:
    body = json.dumps({"sender": secrets.token_urlsafe(24), "message": "Hvornår er fristen?"}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own address
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and processes.alive():
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                answer = json.load(response)
                if answer and answer[0].get("text"):
                    return True
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    return False


def _drive(job: dict[str, Any]) -> dict[str, Any]:
    """Let the driver do a job and return its result.

    Raises:
        subprocess.CalledProcessError: it failed; it has said why.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.stock.driver"],
        cwd=ROOT,
        input=json.dumps(job),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def say(text: str) -> None:
    """Tell whoever waits what is being done."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
