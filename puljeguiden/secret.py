"""Secrets: from the settings, or made once and kept in the var folder."""

from __future__ import annotations

import os
import secrets
from functools import cache

from puljeguiden import settings


@cache
def key() -> str:
    """Return the key for keyed hashes; the first process to ask makes it."""
    return _kept("PULJEGUIDEN_SECRET", "secret")


@cache
def staff_key() -> str:
    """Return the key the staff service signs its sessions with."""
    return _kept("PULJEGUIDEN_STAFF_SECRET", "staff_secret")


@cache
def staff_token() -> str:
    """Return the token that lets cases into the staff service."""
    return _kept("PULJEGUIDEN_STAFF_TOKEN", "staff_token")


def _kept(setting: str, name: str) -> str:
    if configured := settings.get(setting):
        return str(configured)
    file = settings.get("PULJEGUIDEN_VAR_DIR") / name
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(secrets.token_hex(32))
        try:
            os.link(draft, file)  # whole or not at all: two processes may start at once
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return str(file.read_text(encoding="utf-8")).strip()
