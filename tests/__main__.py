"""Runs all tests: `python -m tests [--all]`. Says loudly what was left out; with --all, that is a failure."""

from __future__ import annotations

import argparse
import os
import sys

import pytest


class LeftOut:
    """Collects the tests that this machine cannot run."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.reasons.append(f"{report.nodeid}: {report.longrepr[2] if isinstance(report.longrepr, tuple) else ''}")


def main() -> int:
    """Return pytest's exit code; 1 where tests were left out although all were asked for."""
    options = argparse.ArgumentParser()
    options.add_argument("--all", action="store_true")
    chosen, rest = options.parse_known_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    left_out = LeftOut()
    code = int(pytest.main(["tests", *rest], plugins=[left_out]))
    if left_out.reasons:
        print("\nLEFT OUT, because this machine cannot run them:", *sorted(set(left_out.reasons)), sep="\n  ")
        if chosen.all:
            return code or 1
    return code


if __name__ == "__main__":
    sys.exit(main())
