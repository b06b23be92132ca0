"""Tells how many cases the outbox holds, and why some are refused."""

from __future__ import annotations

import sys

from puljeguiden import outbox

HELP = "tell how many cases wait, and which the staff service refuses"


def main() -> int:
    """Print the counts and every refused case; return 1 where one is refused, or the outbox cannot be read."""
    try:
        counts = outbox.current().counts()
        refused = outbox.current().pending(outbox.REFUSED, most=1000)
    except outbox.OutboxError as error:
        print(f"The outbox cannot be read: {error}", file=sys.stderr)
        return 1
    print(", ".join(f"{state}: {count}" for state, count in counts.items()))
    for case in refused:
        print(f"{case.number}  {case.reason}")
    return 1 if refused else 0
