"""Makes a visitor's message safe to handle: bounded, readable, without commands and CPR numbers."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

from puljeguiden import masking

_SENDER = re.compile(r"[A-Za-z0-9_-]{1,128}")
_POOL = re.compile(r"[a-z0-9-]{1,100}")
# Rasa strips white space before it looks for «/intent», so both go, in any mixture.
_COMMAND = re.compile(r"^[\s/\uFF0F\u2044\u2215]+")


class Unusable(ValueError):
    """Input that gets an error instead of an answer. `name` is the response that says so."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Incoming:
    """A message as it may be handled, stored and logged."""

    sender: str
    text: str
    metadata: dict[str, Any]


def read_sender(body: Any, key: str) -> str:
    """Return the conversation's id from a request body; a new random one where there is none.

    A CPR number in it becomes a keyed hash of the id, so that it is stored nowhere and the conversation still holds.

    Raises:
        Unusable: the body is no JSON object, or the id has other characters than allowed.
    """
    if not isinstance(body, dict):
        raise Unusable("error_request")
    sender = body.get("sender")
    if sender is None:
        return secrets.token_urlsafe(24)
    if not isinstance(sender, str) or not _SENDER.fullmatch(sender):
        raise Unusable("error_sender")
    return masking.keyed_hash(sender, key) if masking.holds_cpr(sender) else sender


def read_message(body: dict[str, Any], longest: int) -> tuple[str, dict[str, Any]]:
    """Return a message's text and the metadata that is kept: the pool, and whether a CPR number was removed.

    Raises:
        Unusable: the text is missing, empty, too long (`longest` characters) or not readable.
    """
    raw = body.get("message")
    if raw is None:
        raise Unusable("error_empty")
    if not isinstance(raw, str):
        raise Unusable("error_request")
    text = clean(raw)
    if len(text) > longest:
        raise Unusable("error_too_long")
    if not text:
        raise Unusable("error_empty")
    if not re.search(r"\w", text):
        raise Unusable("error_unreadable")
    masked = masking.mask_cpr(text)
    metadata: dict[str, Any] = {}
    given = body.get("metadata")
    pool = given.get("pool") if isinstance(given, dict) else None
    if isinstance(pool, str) and _POOL.fullmatch(pool) and not masking.holds_cpr(pool):
        metadata["pool"] = pool
    if masked != text:
        metadata["cpr_removed"] = True
    return masked, metadata


def clean(text: str) -> str:
    """Return text without control, format and broken characters, and without a leading «/»."""
    text = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
    kept = "".join(
        char if char == "\n" or unicodedata.category(char)[0] != "C" else " " if char in "\r\t" else "" for char in text
    )
    return _COMMAND.sub("", kept).strip()
