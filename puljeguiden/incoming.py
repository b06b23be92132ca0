"""Makes a visitor's message safe to handle: bounded, readable, without commands and CPR numbers."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

from puljeguiden import masking

_SENDER = re.compile(r"[A-Za-z0-9_-]{1,128}")
_ANSWER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SECRET_LENGTH = 22
"""From so many characters on, an id may open its conversation: 128 random bits in base64."""
_LONGEST_REASON = 500
_POOL = re.compile(r"[a-z0-9-]{1,100}")
# Rasa strips white space before it looks for «/intent», so both go, in any mixture.
_COMMAND = re.compile(r"^[\s/\uFF0F\u2044\u2215]+")


# A hand, a face or a heart says something; other pictures don't.
_MOOD = re.compile("[\U0001f440-\U0001f450\U0001f600-\U0001f64f\U0001f92c\u2764]")


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


def read_own(body: dict[str, Any], key: str) -> str:
    """Return the id of the conversation that somebody wants to see, delete or rate: `read_sender`, with a long id only.

    Raises:
        Unusable: there is no id, or it could be guessed.
    """
    given = body.get("sender")
    if not isinstance(given, str) or len(given) < _SECRET_LENGTH:
        raise Unusable("error_key")
    return read_sender(body, key)


def read_rating(body: dict[str, Any]) -> tuple[str, bool, str | None]:
    """Return which answer was rated, whether it was useful, and why (bounded and masked like a message).

    Raises:
        Unusable: a field is missing or has another type or length than allowed.
    """
    answer, useful, reason = body.get("answer"), body.get("useful"), body.get("reason")
    if not (isinstance(answer, str) and _ANSWER.fullmatch(answer) and isinstance(useful, bool)):
        raise Unusable("error_rating")
    if reason is not None and not (isinstance(reason, str) and len(reason) <= _LONGEST_REASON):
        raise Unusable("error_rating")
    return answer, useful, masking.mask_cpr(clean(reason)) or None if reason else None


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
    if not (re.search(r"[\w§]", text) or _MOOD.search(text)) or re.fullmatch(r"(\w)\1{3,20}", text, re.IGNORECASE):
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
