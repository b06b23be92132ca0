"""Lists the models of the bank, or deletes old ones."""

from __future__ import annotations

import argparse

from puljeguiden import bank, model
from puljeguiden.bank import Card

HELP = "list the trained models: when, from what, how good, who put them live"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--prune", type=int, metavar="N", help="delete all but N models and the live one")


def main(chosen: argparse.Namespace) -> int:
    """Print a model a line, the newest first; the live one has a star."""
    if chosen.prune is not None:
        for version in bank.prune(chosen.prune):
            print(f"deleted {version}")
    live = bank.live() if model.pointer().exists() else None
    for card in bank.models():
        print("*" if card.version == live else " ", _told(card))
    return 0


def _told(card: Card) -> str:
    figures = ", ".join(f"{name} {count['right']}/{count['asked']}" for name, count in card.figures.items())
    parts = [card.version, card.trained or "(no card)", card.commit or "", figures]
    if card.refused:
        parts.append(f"refused: {card.refused}")
    if card.publications:
        last = card.publications[-1]
        parts.append(f"live {last.at} by {last.who}: {' / '.join(filter(None, (last.note, last.override)))}")
    return "  ".join(part for part in parts if part)
