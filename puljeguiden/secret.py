"""The key for keyed hashes: from the settings, or made once and kept in the var folder."""

from __future__ import annotations

import os
import secrets
from functools import cache

from puljeguiden import settings


@cache
def key() -> str:
    """Return the key; the first process to ask makes it."""
    if configured := settings.get("PULJEGUIDEN_SECRET"):
        return str(configured)
    file = settings.get("PULJEGUIDEN_VAR_DIR") / "secret"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return str(file.read_text(encoding="utf-8")).strip()
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(secrets.token_hex(32))
    return str(file.read_text(encoding="utf-8")).strip()
