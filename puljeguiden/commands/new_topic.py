"""Adds a topic from a description in a YAML file, or tells what the description lacks."""

from __future__ import annotations

import argparse
from pathlib import Path

from puljeguiden import settings
from puljeguiden.commands.describing import from_file
from puljeguiden.editing import topics

HELP = "add a topic from a description (YAML), or tell what it lacks"
_BY_HAND = "By hand: tests/test_facts.py (what the real pages say). Then `make check`, `make train`, and a restart."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("file", type=Path, help="name, label, ask, examples, not_stated, answers (CONTRIBUTING.md)")
    parser.add_argument(
        "--folder", type=Path, default=settings.ROOT, help="where data/ and rasa_project/ are; default: here"
    )


def main(chosen: argparse.Namespace) -> int:
    """Return 0 when the topic is written; 1 when something is missing, and then nothing is written."""
    return from_file(chosen.file, lambda topic: topics.add(chosen.folder, topic), _BY_HAND)
