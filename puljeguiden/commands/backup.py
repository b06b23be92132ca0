"""Writes one file with everything that is kept: databases, models, secrets of the var folder, what trainers edit."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from puljeguiden import backups, settings

HELP = "write a backup of everything into one file, while everything runs"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("folder", nargs="?", type=Path, help="where to; without it, «backup» in the var folder")


def main(chosen: argparse.Namespace) -> int:
    """Return 1 where it did not work."""
    try:
        file = backups.backup(chosen.folder or settings.get("PULJEGUIDEN_VAR_DIR") / "backup")
    except (backups.BackupError, OSError) as error:
        print(f"No backup was made: {error}", file=sys.stderr)
        return 1
    print(f"{file} ({file.stat().st_size / 1e6:.0f} MB). Keep it as safe as the databases: it holds what they hold.")
    return 0
