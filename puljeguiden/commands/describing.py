"""What commands share that add something from a description."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from puljeguiden.editing import Refused
from puljeguiden.facts import FactsError, read_yaml


def from_file(file: Path, add: Callable[[dict[str, Any]], list[str]], by_hand: str) -> int:
    """Add what a YAML file describes, print what was written or what is missing, and return the exit code."""
    try:
        given = read_yaml(file)
        if not isinstance(given, dict):
            raise FactsError(f"{file.name}: has to be a map")
        written = add(given)
    except FactsError as error:
        print(error, file=sys.stderr)
        return 1
    except Refused as refused:
        for problem in refused.problems:
            print(f"{file.name if problem.file == '(given)' else problem.file}: {problem.field}: {problem.message}",
                  file=sys.stderr)  # fmt: skip
        print("Nothing was written.", file=sys.stderr)
        return 1
    print("\n".join(f"written: {path}" for path in written))
    print(by_hand)
    return 0
