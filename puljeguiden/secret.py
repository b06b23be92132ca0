"""Secrets: from the settings, or made once and kept in the var folder."""

from __future__ import annotations

import os
import re
import secrets
from functools import cache

from puljeguiden import settings

_SHORTEST = 24
_FEWEST_CHARACTERS = 8
_EXAMPLE = re.compile(r"change.?me|default|example|hemmelig|kodeord|password|secret|test", re.IGNORECASE)
_LOCAL = {"127.0.0.1", "localhost", "::1"}


def check() -> None:
    """Return if no secret that was set could be guessed, or if only this machine could try.

    Raises:
        SettingError: one could. Left empty, it would have been drawn.
    """
    hosts = {settings.get(f"PULJEGUIDEN_{door}HOST") for door in ("", "STAFF_")}
    if hosts <= _LOCAL and not settings.get("PULJEGUIDEN_STAFF_PUBLIC_URL"):
        return
    for name in ("PULJEGUIDEN_SECRET", "PULJEGUIDEN_STAFF_SECRET", "PULJEGUIDEN_STAFF_TOKEN"):
        if (given := settings.get(name)) and _can_be_guessed(given):
            raise settings.SettingError(
                f"{name} can be guessed, and others than this machine may try. Leave it empty, or use at least "
                f"{_SHORTEST} characters drawn by chance: python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )


def _can_be_guessed(given: str) -> bool:
    return len(given) < _SHORTEST or len(set(given)) < _FEWEST_CHARACTERS or bool(_EXAMPLE.search(given))


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
