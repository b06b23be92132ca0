"""The browser of the tests: Debian's Chromium, and how it is started."""

from __future__ import annotations

from typing import Any

PATH = "/usr/bin/chromium"
LAUNCH: dict[str, Any] = {"executable_path": PATH, "args": ["--no-sandbox"]}
