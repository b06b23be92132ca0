"""What is no secret: what the announcements, the help lines and the list of municipalities publish."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from puljeguiden import settings
from puljeguiden.danish import fold
from puljeguiden.facts import read_yaml

_DATA = settings.ROOT / "data"
_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)+")
_MAILBOX = re.compile(r"[\w.-]+@[\w.-]*\w")
_NUMBER = re.compile(r"\d[\d ./-]{3,}\d")


@lru_cache(maxsize=1)
def published() -> str:
    """Return all text that is published: the pages and the help lines."""
    files = [*sorted((_DATA / "pages").glob("*.txt")), _DATA / "help_lines.yml"]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@lru_cache(maxsize=1)
def mailboxes() -> frozenset[str]:
    """Return the published e-mail addresses, in lower case."""
    return frozenset(found.lower() for found in _MAILBOX.findall(published()))


@lru_cache(maxsize=1)
def numbers() -> frozenset[str]:
    """Return the digits of published numbers: budget lines, help lines."""
    return frozenset(re.sub(r"\D", "", found) for found in _NUMBER.findall(published()))


@lru_cache(maxsize=1)
def contacts() -> tuple[tuple[str, ...], ...]:
    """Return the persons whom the pages name, as folded words: («ayse», «goksu»)."""
    entries = read_yaml(_DATA / "contacts.yml") or {}
    who = [part for entry in entries.values() for part in re.split(r" eller | og ", entry["subject"]["who"])]
    # An office has a preposition in its name, a person has not.
    people = [name for name in who if _NAME.fullmatch(name) and name.istitle()]
    return tuple(tuple(fold(word) for word in name.split()) for name in people)


@lru_cache(maxsize=1)
def organisations() -> frozenset[str]:
    """Return the capitalised words of the pages (lower case) that are no contact's: offices, firms, the pools' titles."""
    people = {word for name in contacts() for word in name}
    words = re.findall(r"\b[A-ZÆØÅ][^\W\d_]+", published())
    return frozenset(word.lower() for word in words if fold(word) not in people)


@lru_cache(maxsize=1)
def municipalities() -> frozenset[str]:
    """Return the words of municipalities' and regions' names, in lower case."""
    places = read_yaml(_DATA / "municipalities.yml")
    names = [name for entry in places["municipalities"] for name in (entry["name"], *entry.get("called", ()))]
    return frozenset(word.lower() for name in [*names, *places["regions"]] for word in re.findall(r"[^\W_]+", name))


def is_mailbox(address: str) -> bool:
    """Return whether an e-mail address is a published one, or begins as one does: «pulje@siri»."""
    return any(mailbox.startswith(address.lower()) for mailbox in mailboxes())


def is_contact(words: list[str]) -> bool:
    """Return whether words are a published contact's name or parts of it, in its order: «Bo Christensen».

    A middle name alone is none: there are others.
    """
    folded = [fold(word) for word in words]
    slips = 2 if len(folded) > 1 else 0
    for name in contacts():
        if len(folded) == 1 and any(_is_same(folded[0], part, 0) for part in name[1:-1]):
            continue
        rest = iter(name)
        if all(any(_is_same(word, part, slips) for part in rest) for word in folded):
            return True
    return False


def _is_same(word: str, part: str, slips: int) -> bool:
    allowed = min(slips, len(part) // 4)
    return word == f"{part}s" or OSA.distance(word, part) <= allowed or OSA.distance(word, f"{part}s") <= allowed
