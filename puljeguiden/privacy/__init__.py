"""Masks personal data before staff see a text: numbers, e-mail and street addresses, and names of persons.

Public stays what the announcements and the help lines publish: their contacts, mailboxes, numbers and organisations.
"""

from __future__ import annotations

import re

from puljeguiden import masking
from puljeguiden.privacy import names, numbers, places
from puljeguiden.privacy.names import Persons
from puljeguiden.privacy.spans import Span, free

__all__ = ["Span", "find", "mask"]

WORDS = {
    "cpr": masking.MASK,
    "email": "[e-mail]",
    "phone": "[telefonnummer]",
    "account": "[kontonummer]",
    "card": "[kortnummer]",
    "plate": "[nummerplade]",
    "address": "[adresse]",
    "name": "[navn]",
}
# What is masked already, here or when the message came in.
_MASKED = re.compile("|".join(re.escape(word) for word in WORDS.values()))


def mask(text: str, persons: Persons | None = None) -> str:
    """Return text with all personal data replaced by bracketed Danish words that tell what was there.

    `persons` is where the Danish model sees persons in the text (start, end), where that is known already.
    """
    for span in reversed(find(text, persons)):
        text = text[: span.start] + WORDS[span.kind] + text[span.end :]
    return text


def find(text: str, persons: Persons | None = None) -> list[Span]:
    """Return where personal data stands in a text, in order, without overlap. `persons`: as for `mask`."""
    masked = [Span(match.start(), match.end(), "masked") for match in _MASKED.finditer(text)]
    found = list(masked)
    for finder in (numbers.find, places.find):
        found += free(finder(text, found), found)
    found += free(names.find(text, found, persons), found)
    return sorted(span for span in found if span.kind != "masked")
