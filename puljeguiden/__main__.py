"""The `puljeguiden` command; each of its commands is a module of puljeguiden/commands/."""

from __future__ import annotations

import argparse
import sys

from puljeguiden import secret, settings
from puljeguiden.commands import (
    alive,
    backup,
    chat,
    check,
    close,
    compare,
    deliver,
    evaluate,
    models,
    new_pool,
    new_topic,
    outbox,
    publish,
    restore,
    rollback,
    run,
    train,
    watch,
)
from puljeguiden.commands import open as reopen

_COMMANDS = {
    "run": run,
    "train": train,
    "check": check,
    "chat": chat,
    "deliver": deliver,
    "outbox": outbox,
    "open": reopen,
    "alive": alive,
}
# Those that take options.
_WITH_OPTIONS = {
    "new-topic": new_topic,
    "new-pool": new_pool,
    "watch": watch,
    "close": close,
    "backup": backup,
    "restore": restore,
    "evaluate": evaluate,
    "compare": compare,
    "publish": publish,
    "rollback": rollback,
    "models": models,
}


def main() -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="puljeguiden", description="Puljeguiden, a Danish assistant for grant pools.")
    choices = parser.add_subparsers(dest="command", required=True)
    for name, module in _COMMANDS.items():
        choices.add_parser(name, help=module.HELP)
    for name, module in _WITH_OPTIONS.items():
        module.add_options(choices.add_parser(name, help=module.HELP, description=module.__doc__))
    chosen = parser.parse_args()
    try:
        for name in settings.check_all():
            print(f"Unknown setting {name}: ignored. The README lists those there are.", file=sys.stderr)
        secret.check()
    except settings.SettingError as error:
        print(error, file=sys.stderr)
        return 2
    if chosen.command in _COMMANDS:
        return int(_COMMANDS[chosen.command].main())
    return int(_WITH_OPTIONS[chosen.command].main(chosen))


if __name__ == "__main__":
    sys.exit(main())
