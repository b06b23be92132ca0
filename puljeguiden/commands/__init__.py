"""What can be done from the command line, one module a command: `HELP` and `main() -> exit code`.

Those with options have `add_options(parser)`, and `main(chosen)`.
"""

from __future__ import annotations

import getpass


def user() -> str:
    """Return the name of the system's user; some containers know none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
