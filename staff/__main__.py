"""Django's commands: `python -m staff prepare`, `python -m staff send_letters`, …"""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from puljeguiden.settings import SettingError


def main() -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staff.settings")
    try:
        execute_from_command_line(["python -m staff", *sys.argv[1:]])
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
