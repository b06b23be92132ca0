"""Proves the facts by their pages, and checks that texts, intents, rules and regression questions fit together."""

from __future__ import annotations

import sys

from puljeguiden import checking

HELP = "prove every fact by its page, and that texts, intents and rules fit together"


def main() -> int:
    """Print every problem with its file, line and field; return 1 if there is one."""
    found = checking.problems()
    for problem in found:
        print(problem, file=sys.stderr)
    print(f"{len(found)} problem(s)." if found else "All facts are proven; texts, intents and rules fit together.")
    return 1 if found else 0
