"""The `puljeguiden` command: run, train, check, chat, deliver, outbox, new-topic, new-pool, watch."""

from __future__ import annotations

import argparse
import sys

from puljeguiden import settings
from puljeguiden.commands import chat, check, deliver, new_pool, new_topic, outbox, run, train, watch

_COMMANDS = {
    "run": run,
    "train": train,
    "check": check,
    "chat": chat,
    "deliver": deliver,
    "outbox": outbox,
    "new-topic": new_topic,
    "new-pool": new_pool,
    "watch": watch,
}


def main() -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="puljeguiden", description="Puljeguiden, a Danish assistant for grant pools.")
    choices = parser.add_subparsers(dest="command", required=True)
    for name, module in _COMMANDS.items():
        command = choices.add_parser(name, help=module.HELP)
        if hasattr(module, "arguments"):
            module.arguments(command)
    chosen = vars(parser.parse_args())
    try:
        for name in settings.check_all():
            print(f"Unknown setting {name}: ignored. The README lists those there are.", file=sys.stderr)
    except settings.SettingError as error:
        print(error, file=sys.stderr)
        return 2
    code: int = _COMMANDS[chosen.pop("command")].main(**chosen)
    return code


if __name__ == "__main__":
    sys.exit(main())
