"""Switches the chat off and on: a file in the var folder, looked at with each message, by all processes that share it."""

from __future__ import annotations

from pathlib import Path

from puljeguiden import settings


def close(text: str) -> None:
    """Switch the chat off; visitors are told the text, or the usual one where it is empty."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(text.strip(), encoding="utf-8")
    new.replace(file)


def reopen() -> bool:
    """Switch the chat on, and return whether it was off."""
    was_closed = _file().exists()
    _file().unlink(missing_ok=True)
    return was_closed


def closed() -> str | None:
    """Return None while the chat is on; otherwise what visitors are to be told, if anything in particular."""
    try:
        return _file().read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        return ""


def _file() -> Path:
    path: Path = settings.get("PULJEGUIDEN_VAR_DIR") / "closed"
    return path
