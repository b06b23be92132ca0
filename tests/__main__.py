"""Runs all tests: `python -m tests [--all]`. Says loudly what was left out; with --all, that is a failure.

All of them take four processes, since many wait: for a browser, or for what they start.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import pytest

from tests.environment import SHARED

# What `make scale` begins with: it takes two minutes and a half more.
_ELSEWHERE = "tests/scale"
_TEACHING = sorted(str(file) for file in Path("tests/staff").glob("test_training_*.py"))
_START = [
    "cases",
    "faults",
    "outbox",
    "publishing",
    "store_faults",
    "swap",
    "trust",
]
_STARTING = [f"tests/test_{name}.py" for name in _START]
_BESIDE = (["tests/staff", *(f"--ignore={file}" for file in _TEACHING)], ["tests/browser", *_TEACHING], _STARTING)


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
    if any(not one.startswith("-") for one in rest):
        return _run(rest, chosen.all)
    with tempfile.TemporaryDirectory() as shared:
        os.environ[SHARED] = shared
        return _run_all(chosen.all, rest)


def _run_all(all_needed: bool, rest: list[str]) -> int:
    training = subprocess.Popen([sys.executable, "-c", "from tests import conftest; conftest.train_if_needed()"])
    beside = [_begin(group, all_needed, rest) for group in _BESIDE]
    others = [_ELSEWHERE, "tests/staff", "tests/browser", *_STARTING]
    code = _run(["tests", *(f"--ignore={place}" for place in others), *rest], all_needed)
    for group, (process, out) in zip(_BESIDE, beside, strict=True):
        code = process.wait() or code
        out.seek(0)
        print(f"\nBeside them, {group[0]} and more:\n{out.read().decode()}")
        out.close()
    training.wait()
    return code


def _begin(group: list[str], all_needed: bool, rest: list[str]) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """Return a process that runs some of the tests, and the file it writes to."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was read
    command = [sys.executable, "-m", "tests", *(["--all"] if all_needed else []), *rest, *group]
    return subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT), out


def _run(arguments: list[str], all_needed: bool) -> int:
    left_out = LeftOut()
    code = int(pytest.main(arguments, plugins=[left_out]))
    if left_out.reasons:
        print("\nLEFT OUT, because this machine cannot run them:", *sorted(set(left_out.reasons)), sep="\n  ")
        if all_needed:
            return code or 1
    return code


if __name__ == "__main__":
    sys.exit(main())
