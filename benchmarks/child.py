"""Trains a pipeline, or asks it, in a process of its own, so that time and memory are that pipeline's alone."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from benchmarks import candidates, data

_WARM_UP = 30


def memory() -> float:
    """Return this process's resident memory in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def train(name: str, place: str, folder: Path) -> dict[str, object]:
    """Train from all examples, or without one fifth of them."""
    examples = data.examples() if place == "all" else data.fifth(int(place))[0]
    started, worked = time.perf_counter(), time.process_time()
    candidates.train(name, examples, folder)
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - worked,
        "load": os.getloadavg(),
    }


def ask(name: str, place: str, folder: Path) -> dict[str, object]:
    """Ask the unseen questions, as written and rough, or those of the fifth that was held out."""
    if name in candidates.RASA:
        import rasa.core.agent
        import rasa.engine.recipes.default_components  # noqa: F401  (memory is counted from here)
    before = memory()
    pipeline = candidates.load(name, folder)
    if place == "all":
        asked = {"unseen": data.unseen(), "rough": data.unseen(rough=True)}
    else:
        asked = {"held_out": data.held_out(data.fifth(int(place))[1])}
    for question in next(iter(asked.values()))[:_WARM_UP]:
        pipeline(question.text)
    rankings: dict[str, list[candidates.Ranking]] = {}
    wall, worked = [], []
    for kind, questions in asked.items():
        rankings[kind] = []
        for question in questions:
            clock, work = time.perf_counter(), time.process_time()
            ranking = pipeline(question.text)
            wall.append(time.perf_counter() - clock)
            worked.append(time.process_time() - work)
            rankings[kind].append(dict(list(ranking.items())[:10]))
    middle = len(wall) // 2
    return {
        "rankings": rankings,
        "p50_ms": 1000 * sorted(wall)[middle],
        "cpu_p50_ms": 1000 * sorted(worked)[middle],
        "memory": memory() - before,
        "load": os.getloadavg(),
    }


if __name__ == "__main__":
    step, name, place, folder = sys.argv[1:]
    done = {"train": train, "ask": ask}[step](name, place, Path(folder))
    (Path(folder) / f"{step}.json").write_text(json.dumps(done), encoding="utf-8")
