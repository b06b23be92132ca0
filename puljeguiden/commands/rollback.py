"""Puts an earlier model live. The running assistant takes it within seconds."""

from __future__ import annotations

import argparse
import sys

from puljeguiden import bank
from puljeguiden.commands import user

HELP = "put an earlier model live"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("to", help="the beginning of its version; `models` lists them")
    parser.add_argument("--who", default=user(), help="who does it; by default the system's user")
    parser.add_argument("--note", default="", help="why")


def main(chosen: argparse.Namespace) -> int:
    """Return 1 where there is no such model, or it cannot be used."""
    try:
        print(f"{bank.rollback(chosen.to, chosen.who, chosen.note)} is live.")
    except bank.BankError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
