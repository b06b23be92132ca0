"""Very many messages in one go: does anything grow that should not?"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

import requests

from tests.conftest import Running
from tests.trust import processes

_VISITORS = 4
_TURNS = 6
_MESSAGES = (
    "Hvornår er fristen for handlingsplanerne?",
    "hvem kan søge?",
    "og den anden pulje?",
    "hvor mange penge er der",
    "hvor står det?",
    "kan forreninger søge om støtte til Ålborg Øst",
    "hvad koster en is",
    "hvem skal jeg ringe til hvis jeg har spørgsmål om skemaet",
)
_WARM_UP = 0.2
_LOOKS = 60


@dataclass
class Soak:
    """What was measured, look by look."""

    times: list[tuple[float, float]] = field(default_factory=list)
    looks: list[dict[str, Any]] = field(default_factory=list)
    failed: int = 0


def run(assistant: Running, count: int) -> Soak:
    """Send so many messages from some visitors at once, each in ever new conversations; look at the processes meanwhile."""
    soak, lock = Soak(), threading.Lock()
    left = count

    def visit(who: int) -> None:
        nonlocal left
        session, number, sender = requests.Session(), 0, ""
        while True:
            with lock:
                if not left:
                    return
                left -= 1
            if number % _TURNS == 0:
                sender = secrets.token_urlsafe(24)
            message = {"sender": sender, "message": _MESSAGES[(number + who) % len(_MESSAGES)]}
            number += 1
            began = time.perf_counter()
            reply = session.post(f"{assistant.url}/webhooks/rest/webhook", json=message, timeout=30)
            took = (time.perf_counter() - began) * 1000
            with lock:
                soak.times.append((time.monotonic(), took))
                soak.failed += reply.status_code != 200 or reply.json()[0]["custom"]["answer"]["status"] == "error"

    visitors = [threading.Thread(target=visit, args=(who,)) for who in range(_VISITORS)]
    for visitor in visitors:
        visitor.start()
    while any(visitor.is_alive() for visitor in visitors):
        sent = len(soak.times)
        if sent >= len(soak.looks) * count / _LOOKS:
            soak.looks.append({"sent": sent, **look(assistant)})
        time.sleep(0.5)
    soak.looks.append({"sent": len(soak.times), **look(assistant)})
    return soak


def look(assistant: Running) -> dict[str, Any]:
    """Return what the processes hold now, and how long the logs are."""
    return {
        "memory": {name: processes.memory_mb(assistant, name) for name in processes.NAMES},
        "files": {name: processes.open_files(assistant, name) for name in processes.NAMES},
        "threads": {name: processes.threads(assistant, name) for name in processes.NAMES},
        "logs": sum(file.stat().st_size for file in (assistant.var / "log").iterdir()),
    }


def figures(soak: Soak) -> dict[str, Any]:
    """Return what is told of it: growth from the end of the warm-up to the end, as medians of a few looks each."""
    warm = [look for look in soak.looks if look["sent"] >= soak.looks[-1]["sent"] * _WARM_UP]
    few = max(1, len(warm) // 6)
    first, last = warm[:few], warm[-few:]

    def typical(looks: list[dict[str, Any]], what: str, name: str) -> float:
        return median(look[what][name] for look in looks)

    def growth(name: str) -> float:
        return 100 * (typical(last, "memory", name) / typical(first, "memory", name) - 1)

    took = [one for _, one in sorted(soak.times)]
    tenth = max(len(took) // 10, 20)
    early, late = took[2 * tenth : 3 * tenth], took[-tenth:]
    return {
        "messages": len(took),
        "failed": soak.failed,
        "seconds": round(max(at for at, _ in soak.times) - min(at for at, _ in soak.times)),
        "memory_mb": {
            name: [round(typical(part, "memory", name)) for part in (first, last)] for name in processes.NAMES
        },
        "growth_percent": {name: round(growth(name), 1) for name in processes.NAMES},
        "p50_ms": [round(median(part), 1) for part in (early, late)],
        "p95_ms": [round(quantiles(part, n=20, method="inclusive")[18], 1) for part in (early, late)],
        "files": {name: [typical(part, "files", name) for part in (first, last)] for name in processes.NAMES},
        "threads": {name: [typical(part, "threads", name) for part in (first, last)] for name in processes.NAMES},
        "logs_bytes": [soak.looks[0]["logs"], soak.looks[-1]["logs"]],
    }
