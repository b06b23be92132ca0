"""Switches the chat off: every message is answered with a notice and whom to ask instead. `open` switches it on."""

from __future__ import annotations

import argparse

from puljeguiden import closing

HELP = "switch the chat off, at the next message; visitors are told a text of yours and whom to ask"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "text", nargs="?", default="", help="what visitors are told, in Danish; a usual text without it"
    )


def main(chosen: argparse.Namespace) -> int:
    """Return 0."""
    closing.close(chosen.text)
    print("The chat is off. `puljeguiden open` switches it on.")
    return 0
