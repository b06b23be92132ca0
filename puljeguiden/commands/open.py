"""Switches the chat on again after `close`."""

from __future__ import annotations

from puljeguiden import closing

HELP = "switch the chat on again"


def main() -> int:
    """Return 0."""
    print("The chat is on." if closing.reopen() else "The chat was on already.")
    return 0
