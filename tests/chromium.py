"""The browser of the tests: Debian's Chromium, and how it is started."""

from __future__ import annotations

import shutil
from typing import Any

# The same engine without a window takes a third of the processor time.
PATH = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
LAUNCH: dict[str, Any] = {"executable_path": PATH, "args": ["--no-sandbox"]}
