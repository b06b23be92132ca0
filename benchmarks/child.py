"""Trains a pipeline, or asks it, in a process of its own, so that time and memory are that pipeline's alone."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks import candidates, data

_WARM_UP = 30


def memory() -> float:
    """Return this process's resident memory in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def train(name: str, place: str, folder: Path) -> dict[str, object]:
    """Train from all examples, or without one fifth of them."""
    examples = data.examples() if place == "all" else data.fifth(int(place))[0]
    started = time.process_time()
    candidates.train(name, examples, folder)
    return {"seconds": time.process_time() - started}


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
    times = []
    for kind, questions in asked.items():
        rankings[kind] = []
        for question in questions:
            started = time.process_time()
            ranking = pipeline(question.text)
            times.append(time.process_time() - started)
            rankings[kind].append(dict(list(ranking.items())[:10]))
    return {"rankings": rankings, "seconds": median(times), "memory": memory() - before}


if __name__ == "__main__":
    step, name, place, folder = sys.argv[1:]
    done = {"train": train, "ask": ask}[step](name, place, Path(folder))
    (Path(folder) / f"{step}.json").write_text(json.dumps(done), encoding="utf-8")
