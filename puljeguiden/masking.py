"""Masks what must never be stored: CPR numbers, in any spelling.

A CPR number is a birth date (DDMMYY) and four digits. The modulus 11 check says nothing: numbers without it have been
issued since 2007.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from itertools import pairwise

MASK = "[CPR-nummer fjernet]"

# Digit groups that may belong together: «01 01 90 - 1234». Letters, colons and commas keep them apart.
_BETWEEN = re.compile(r"[\s./_·\-‐‑‒–—−]{1,7}")
_GROUP = re.compile(r"\d+")


def mask_cpr(text: str) -> str:
    """Return text with every CPR number as `MASK`. Digits of other scripts (٠١٢, full width) count as digits."""
    for start, end in reversed(cpr_places(text)):
        text = text[:start] + MASK + text[end:]
    return text


def cpr_places(text: str) -> list[tuple[int, int]]:
    """Return where CPR numbers stand, in order; those that overlap as one."""
    spans: list[tuple[int, int]] = []
    for start, end in _cpr_spans(_plain_digits(text)):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def holds_cpr(text: str) -> bool:
    """Return whether a text holds a CPR number."""
    return bool(_cpr_spans(_plain_digits(text)))


def keyed_hash(text: str, key: str) -> str:
    """Return a text's keyed hash (32 hex digits), which nobody without the key can trace back."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def _plain_digits(text: str) -> str:
    return "".join(char if char.isascii() else str(unicodedata.decimal(char, char)) for char in text)


def _cpr_spans(text: str) -> list[tuple[int, int]]:
    """Return where CPR numbers stand, in order of their starts; they may overlap («25. 01.01.90-1234»)."""
    groups = [match.span() for match in _GROUP.finditer(text)]
    found = []
    for first in range(len(groups)):
        digits = ""
        for last in range(first, len(groups)):
            if last > first and not _BETWEEN.fullmatch(text, groups[last - 1][1], groups[last][0]):
                break
            digits += text[slice(*groups[last])]
            if len(digits) > 12:
                break
            if _is_cpr(digits, text, groups[first : last + 1]):
                found.append((groups[first][0], groups[last][1]))
    return found


def _is_cpr(digits: str, text: str, groups: list[tuple[int, int]]) -> bool:
    """Return whether digits, grouped as they are written, are a date of birth and four digits."""
    if not (1 <= int(digits[:2] or 0) <= 31 and 1 <= int(digits[2:4] or 0) <= 12):
        return False
    sizes = [end - start for start, end in groups]
    if len(digits) not in (10, 12) or (len(digits) == 12 and digits[4:6] not in ("19", "20")):
        return False
    if sizes == [2, 2, 4, 2]:  # a date with its year, and a number
        return False
    separators = {text[one[1] : two[0]].strip() for one, two in pairwise(groups)}
    return sizes[-2:] != [2, 2] or len(separators) == 1  # «01.08.17 - 31.12» is a period
