"""The `puljeguiden` command; each of its commands is a module of puljeguiden/commands/."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from puljeguiden import secret, settings

_COMMANDS = (
    "run",
    "train",
    "check",
    "chat",
    "deliver",
    "outbox",
    "open",
    "alive",
    "new-topic",
    "new-pool",
    "watch",
    "close",
    "backup",
    "restore",
    "evaluate",
    "compare",
    "publish",
    "rollback",
    "models",
)


def main() -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="puljeguiden", description="Puljeguiden, a Danish assistant for grant pools.")
    choices = parser.add_subparsers(dest="command", required=True)
    # Only the one that is asked for: what others import takes a second, and a health check has none to lose.
    names = [name for name in _COMMANDS if name in sys.argv[1:2]] or _COMMANDS
    modules = {name: import_module(f"puljeguiden.commands.{name.replace('-', '_')}") for name in names}
    for name, module in modules.items():
        choice = choices.add_parser(name, help=module.HELP, description=module.__doc__)
        if hasattr(module, "add_options"):
            module.add_options(choice)
    chosen = parser.parse_args()
    try:
        for name in settings.check_all():
            print(f"Unknown setting {name}: ignored. The README lists those there are.", file=sys.stderr)
        secret.check()
    except settings.SettingError as error:
        print(error, file=sys.stderr)
        return 2
    command = modules[chosen.command]
    return int(command.main(chosen) if hasattr(command, "add_options") else command.main())


if __name__ == "__main__":
    sys.exit(main())
