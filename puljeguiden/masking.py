"""Masks what must never be stored: CPR numbers, in any spelling.

A CPR number is a birth date (DDMMYY) and four digits. The modulus 11 check says nothing: numbers without it have been
issued since 2007.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

MASK = "[CPR-nummer fjernet]"

# Digits may be separated by spaces, dots, hyphens or slashes, and the year may have four digits.
_SEPARATOR = r"[\s.\-–—/_]{0,3}"
_CPR = re.compile(
    rf"(?<!\d)(0[1-9]|[12]\d|3[01]){_SEPARATOR}(0[1-9]|1[0-2]){_SEPARATOR}((?:19|20)?\d\d){_SEPARATOR}(\d{_SEPARATOR}\d{_SEPARATOR}\d{_SEPARATOR}\d)(?!\d)"
)


def mask_cpr(text: str) -> str:
    """Return text with every CPR number as `MASK`. Digits of other scripts (٠١٢, full width) count as digits."""
    plain = "".join(str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char for char in text)
    return _CPR.sub(MASK, plain)


def holds_cpr(text: str) -> bool:
    """Return whether a text holds a CPR number."""
    return mask_cpr(text) != text


def keyed_hash(text: str, key: str) -> str:
    """Return a text's keyed hash (32 hex digits), which nobody without the key can trace back."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
