"""Tells whether the workers are alive: what delivers cases, sends mails and copies conversations."""

from __future__ import annotations

import sys

from puljeguiden import heartbeat

HELP = "tell whether the workers are alive"


def main() -> int:
    """Return 1 where one has not given a sign for too long."""
    if dead := list(heartbeat.dead()):
        print(f"No sign of {', '.join(dead)}.", file=sys.stderr)
        return 1
    print("All workers are alive.")
    return 0
