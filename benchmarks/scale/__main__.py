"""`make scale`: starts everything by hand, troubles it, measures it, writes results.json and docs/capacity.md."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.scale import page, servers, speed, trouble
from benchmarks.scale.services import Services
from puljeguiden import model
from puljeguiden.commands import train
from puljeguiden.settings import ROOT

_RESULTS = Path(__file__).parent / "results.json"
_CAPACITY = ROOT / "docs" / "capacity.md"
_TROUBLES = (
    trouble.spread,
    trouble.both_at_once,
    trouble.killed_assistant,
    trouble.restarted_redis,
    trouble.restarted_postgresql,
    trouble.swapped_model,
    trouble.handed_over,
)


def main() -> int:
    """Return 1 where an answered message was lost, doubled or out of order, or nothing could be measured."""
    options = argparse.ArgumentParser(prog="make scale")
    options.add_argument("--quick", action="store_true", help="only try whether everything runs; writes nothing")
    options.add_argument("--page", action="store_true", help="write the page from the results there are")
    chosen = options.parse_args()
    if chosen.page:
        _CAPACITY.write_text(page.page(json.loads(_RESULTS.read_text(encoding="utf-8"))), encoding="utf-8")
        return 0
    if lacking := servers.missing():
        print(f"Debian's {', '.join(lacking)} is needed.", file=sys.stderr)
        return 1
    if code := train.main():
        return code
    results: dict[str, Any] = {
        "when": time.strftime("%Y-%m-%d %H:%M"),
        "cpus": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "speed": {},
        "trouble": {},
    }
    seconds = 2 if chosen.quick else 20
    for count in (1, 2):
        with tempfile.TemporaryDirectory(prefix="puljeguiden-scale-") as folder:
            services = _started(Path(folder), count)
            try:
                _say(f"{count} × Rasa: measuring")
                results["speed"][str(count)] = speed.measure(services, seconds)
                for make in _TROUBLES if count == 2 else ():
                    _say(f"trouble: {make.__name__}")
                    results["trouble"][make.__name__] = asyncio.run(make(services))
            finally:
                services.stop_all()
    if not chosen.quick:
        _RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        _CAPACITY.write_text(page.page(results), encoding="utf-8")
    print(page.page(results))
    faults = [fault for result in results["trouble"].values() for fault in result.get("faults", ())]
    print(*faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


def _started(folder: Path, count: int) -> Services:
    _say(f"{count} × Rasa: starting")
    # All visitors come from one address here.
    services = Services(folder, model.folder(), count, PULJEGUIDEN_ADDRESS_RATE_LIMIT="0")
    try:
        services.start_all()
        services.wait_until_healthy("proxy")
    except BaseException:
        services.stop_all()
        raise
    return services


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
