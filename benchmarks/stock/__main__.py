"""`make bench`: measures all variants, writes results.json and results.svg, and prints the table."""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

from benchmarks.stock import measure, report
from benchmarks.stock.variants import variants

_HERE = Path(__file__).parent


def main() -> None:
    """Run the whole comparison."""
    options = argparse.ArgumentParser(prog="make bench")
    options.add_argument("--fresh", action="store_true", help="train stock Rasa anew")
    options.add_argument("--epochs", type=int, default=2, help="of stock's training; `rasa init` has 100")
    options.add_argument("--quick", action="store_true", help="only try whether everything runs")
    options.add_argument("--to", type=Path, default=_HERE, help="folder for results.json and results.svg")
    chosen = options.parse_args()
    load = os.getloadavg()[0]
    size = measure.QUICK if chosen.quick else measure.Size()
    results = {
        "when": time.strftime("%Y-%m-%d %H:%M"),
        "cpus": os.cpu_count(),
        "load_before": load,
        "variants": measure.measure(variants(chosen.epochs, chosen.fresh), size),
    }
    chosen.to.mkdir(parents=True, exist_ok=True)
    (chosen.to / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (chosen.to / "results.svg").write_text(report.picture(results), encoding="utf-8")
    print(report.table(results))


if __name__ == "__main__":
    main()
