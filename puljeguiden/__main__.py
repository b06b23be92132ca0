"""The `puljeguiden` command: run, train, check, chat, deliver, outbox."""

from __future__ import annotations

import argparse
import sys

from puljeguiden import settings
from puljeguiden.commands import chat, check, deliver, outbox, run, train

_COMMANDS = {"run": run, "train": train, "check": check, "chat": chat, "deliver": deliver, "outbox": outbox}


def main() -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="puljeguiden", description="Puljeguiden, a Danish assistant for grant pools.")
    choices = parser.add_subparsers(dest="command", required=True)
    for name, module in _COMMANDS.items():
        choices.add_parser(name, help=module.HELP)
    chosen = parser.parse_args()
    try:
        for name in settings.check_all():
            print(f"Unknown setting {name}: ignored. The README lists those there are.", file=sys.stderr)
    except settings.SettingError as error:
        print(error, file=sys.stderr)
        return 2
    code: int = _COMMANDS[chosen.command].main()
    return code


if __name__ == "__main__":
    sys.exit(main())
