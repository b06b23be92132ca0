"""Compares classifiers on the same data, side by side: `python -m benchmarks.classifiers [names …] [--out file]`.

Each is trained and asked in a process of its own, under var/benchmarks/. What has been measured is not measured again;
remove that folder to start over. Times are of the processor, on one thread when asked. Training Rasa's default pipeline takes
about an hour of it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import data, measures, reliability
from benchmarks.candidates import NAMES, OUR_THRESHOLD, SLOW, THRESHOLDS
from benchmarks.measures import Guess
from puljeguiden import settings

ALL = "all"
_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "TF_INTRA_OP_PARALLELISM_THREADS",
    "TF_INTER_OP_PARALLELISM_THREADS",
)
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0"}
_HEAD = (
    "| Pipeline | Topic right | rough | cross-validated | Sureness when wrong | ECE "
    "| Outside caught at 2 % loss | cross-validated | At its own threshold: right · wrong · outside caught "
    "| Message, ms | Memory, MB | Training, s |\n|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def folder(name: str, place: str) -> Path:
    """Return where a pipeline's results are, trained from all examples or without one fifth."""
    var: Path = settings.get("PULJEGUIDEN_VAR_DIR")
    return var / "benchmarks" / f"{name}-{place}"


def measure(name: str, place: str) -> None:
    """Train a pipeline and ask it, unless that is done already."""
    where = folder(name, place)
    where.mkdir(parents=True, exist_ok=True)
    for step, threads in (("train", {}), ("ask", dict.fromkeys(_ONE_THREAD, "1"))):
        if not (where / f"{step}.json").exists():
            print(f"{step} {name} {place}", file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "benchmarks.child", step, name, place, str(where)]
            with (where / f"{step}.log").open("w", encoding="utf-8") as log:
                subprocess.run(command, check=True, env={**os.environ, **_QUIET, **threads}, stdout=log, stderr=log)


def places(name: str) -> list[str]:
    """Return the fifths of the training data that a pipeline is cross-validated on: none where training takes hours."""
    return [str(place) for place in range(0 if name in SLOW else data.FOLDS)]


def results(name: str, kind: str) -> list[Guess]:
    """Return what a pipeline said to the questions of a kind: `unseen`, `rough` or `held_out`."""
    known, guesses = data.pool_topics(), []
    for place in places(name) if kind == "held_out" else [ALL]:
        if kind == "held_out":
            questions = data.held_out(data.fifth(int(place))[1])
        else:
            questions = data.unseen(rough=kind == "rough")
        rankings = _read(folder(name, place) / "ask.json")["rankings"][kind]
        guesses += [
            measures.guess(question, ranking, known) for question, ranking in zip(questions, rankings, strict=True)
        ]
    return guesses


def row(name: str) -> str:
    """Return a pipeline's line of the table."""
    unseen, rough, held_out = (results(name, kind) for kind in ("unseen", "rough", "held_out"))
    asked, trained = _read(folder(name, ALL) / "ask.json"), _read(folder(name, ALL) / "train.json")
    own = measures.kept(unseen, *THRESHOLDS.get(name, OUR_THRESHOLD))
    cells = [
        name,
        _percent(measures.accuracy(unseen)),
        _percent(measures.accuracy(rough)),
        _percent(measures.accuracy(held_out)) if held_out else "–",
        f"{measures.sureness_when_wrong(unseen + rough):.2f}",
        f"{measures.calibration_error(unseen + rough):.2f}",
        _percent(measures.kept_out(unseen)),
        _percent(measures.kept_out(held_out)) if held_out else "–",
        " · ".join(_percent(share) for share in own),
        f"{1000 * asked['seconds']:.1f}",
        f"{asked['memory']:.0f}",
        f"{trained['seconds']:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def main() -> None:
    """Measure what is missing, print the table, and draw how sure each pipeline is against how often it is right."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", help="which pipelines; all where none is named")
    options.add_argument("--out", type=Path, help="also write the table to this file")
    chosen = options.parse_args()
    if unknown := set(chosen.names) - set(NAMES):
        options.error(f"no such pipeline: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    names = chosen.names or NAMES
    for name in names:
        for place in (ALL, *places(name)):
            measure(name, place)
    table = "\n".join([_HEAD, *(row(name) for name in names)])
    print(table)
    drawing = folder("reliability", "all").parent / "reliability.svg"
    curves = {name: results(name, "unseen") + results(name, "rough") for name in names}
    drawing.write_text(reliability.draw(curves), encoding="utf-8")
    if chosen.out:
        chosen.out.write_text(f"{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
