"""Measures one variant after the other; the same jobs for each."""

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

    alone: int = 800
    clients: int = 16
    seconds: float = 15
    turns: tuple[int, int, int] = _TURNS
    around: int = 11  # turns measured around each of these
    long_messages: int = 5


QUICK = Size(alone=10, seconds=2, turns=(10, 20, 30), around=2, long_messages=1)


def messages() -> list[str]:
    """Return the training examples, as people type, in an order that is always the same."""
    found = []
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))["nlu"]:
            found += [line[2:] for line in block["examples"].splitlines() if line.startswith("- ")]
    random.Random(1).shuffle(found)
    return found


def measure(variant: Variant, size: Size, pile: list[str]) -> dict[str, Any]:
    """Return all figures of one variant.

    Raises:
        SystemExit: it did not start; the log tells why.
    """
    say(f"{variant.label}: training")
    figures: dict[str, Any] = {"label": variant.label, "training": variant.train(), "unanswered": 0}
    log = BENCH / f"{variant.name}.log"
    processes = Processes(log)
    try:
        say(f"{variant.label}: starting")
        began = time.monotonic()
        url = variant.start(processes)
        if not _first_answer(url, processes):
            raise SystemExit(f"{variant.label} did not start. See {log}.")
        figures["start_s"] = time.monotonic() - began
        time.sleep(3)
        figures["memory_idle_mb"] = processes.memory_mb()

        def send(what: str, **arguments: Any) -> dict[str, Any]:
            result = _drive({"url": url, "messages": pile, "do": what, "with": arguments})
            figures["unanswered"] += result["unanswered"]
            return result

        say(f"{variant.label}: measuring")
        send("alone", count=max(size.alone // 5, 5))  # warm-up
        cpu = processes.cpu_seconds()
        times = send("alone", count=size.alone)["times"]
        figures["alone_ms"] = percentiles(times)
        figures["cpu_alone_ms"] = (processes.cpu_seconds() - cpu) * 1000 / len(times)
        cpu = processes.cpu_seconds()
        crowd = send("together", clients=size.clients, seconds=size.seconds)
        figures["clients"] = size.clients
        figures["together_ms"] = percentiles(crowd["times"])
        figures["messages_a_second"] = len(crowd["times"]) / crowd["seconds"]
        figures["cpu_together_ms"] = (processes.cpu_seconds() - cpu) * 1000 / len(crowd["times"])
        figures["memory_load_mb"] = processes.memory_mb()
        figures["turn_ms"] = _turns(variant, size, send, processes)
        allowed = [send("beside_a_long_message", length=_LONGEST_ALLOWED) for _ in range(size.long_messages)]
        figures["others_wait_ms"] = max(result["others"] for result in allowed)
        figures["others_wait_unbounded_ms"] = _drive(
            {"url": url, "messages": pile, "do": "beside_a_long_message", "with": {"length": _LONGEST}}
        )["others"]
        figures["memory_end_mb"] = processes.memory_mb()
    finally:
        processes.stop()
    return figures


def _turns(variant: Variant, size: Size, send: Any, processes: Processes) -> dict[str, float]:
    """Return the median times of turns around the 10th, 100th and 1000th of three conversations.

    They are asked by turns: the machine is not as fast in one minute as in the next.
    """
    senders = {str(name): secrets.token_urlsafe(24) for name in _TURNS}
    for sender, goal in zip(senders.values(), size.turns, strict=True):
        before = goal - size.around // 2 - 1
        sent = min(before, _SENT) if variant.lengthen else before
        send("conversation", sender=sender, count=sent)
        if variant.lengthen and before > sent:
            variant.lengthen(sender, before - sent)
    processes.settle()
    times = send("side_by_side", senders=list(senders.values()), count=size.around)["times"]
    return {name: statistics.median(times[place :: len(senders)]) for place, name in enumerate(senders)}


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
