"""Puts a backup in the place of what is there. Everything has to be stopped."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from puljeguiden import backups, dumps

HELP = "put a backup in the place of what is there; stop everything first"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("file", type=Path, help="the backup")


def main(chosen: argparse.Namespace) -> int:
    """Return 1 where it did not work."""
    try:
        changed = backups.restore(chosen.file)
    except (backups.BackupError, dumps.DumpError, OSError) as error:
        print(f"Not restored: {error}", file=sys.stderr)
        return 1
    print(f"Restored from {chosen.file}. What was in the var folder before is in it as before-restore-…")
    if changed:
        print(f"{len(changed)} files that trainers edit are as in the backup again: {', '.join(changed[:10])}")
    return 0
