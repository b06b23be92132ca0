"""Danish as it is written and typed: dates, sums, lists, spelling without æøå."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache

import simplemma
from babel.dates import format_date

# Longest first, so that «planernes» loses «ernes» and not only «s».
_ENDINGS = tuple(
    sorted("s e en ens et ets er ers erne ernes ne nes n ns r rne rnes t ts".split(), key=len, reverse=True)
)
_SPELLINGS = str.maketrans({"æ": "a", "ø": "o", "å": "a", "é": "e", "ö": "o", "ä": "a", "ü": "u", "ß": "s"})
# Words that say nothing about what a text is about.
COMMON_WORDS = frozenset(
    """
    af alle alt altså anden andet at bare blev blive bliver da de dem den denne der deres det dette dig din dit dog du
    efter eller en end ens er et ej finder flere for fordi fra få får gerne godt gøre ham han har have haft hej hun hvad
    hvem hver hvilke hvilken hvilket hvis hvor hvordan hvorfor hvornår hedder holde i ikke ind ingen ja jeg jer jeres jo
    kan kom kommer kunne lang lave laver lige man mange med meget men mere mig min mine mit må når ned nej nogen nogle
    noget nok nu og også ok om op os over passer på sig sige siger sin sit skal skulle som sådan så tager tak tid til to
    ud under var ved vel vi vil ville vores være været
    """.split()
)
MONTHS = tuple("januar februar marts april maj juni juli august september oktober november december".split())


def fold(text: str) -> str:
    """Return text as one spelling for all ways to type æøå: «område», «omraade» and «omrade» become the same."""
    lowered = text.lower().translate(_SPELLINGS)
    return lowered.replace("aa", "a").replace("ae", "a").replace("oe", "o").replace("x", "ks")


COMMON_FOLDED = frozenset(fold(word) for word in COMMON_WORDS)


@lru_cache(maxsize=5000)
def stems(folded: str) -> tuple[str, ...]:
    """Return a folded word with and without the ending it may carry, longest first: «klubberne», …, «klub»."""
    found = {folded}
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= 3:
            found.add(folded[: -len(ending)])
    found |= {stem[:-1] for stem in found if len(stem) > 3 and stem[-1] == stem[-2]}
    return tuple(sorted(found, key=lambda stem: (-len(stem), stem)))


def are_words(words: Sequence[str]) -> bool:
    """Return whether all are ordinary Danish words, so that none is a misspelt name."""
    return all(simplemma.is_known(word.lower(), lang="da", low_memory=True) for word in words)


def long_date(day: date) -> str:
    """Return a date as in running text: «25. august 2017»."""
    return str(format_date(day, "d. MMMM y", locale="da"))


def day_and_month(day: int, month: int) -> str:
    """Return a date without a year: «25. august»."""
    return f"{day}. {MONTHS[month - 1]}"


def month_and_year(text: str) -> str:
    """Return «2017-04» as «april 2017»."""
    year, month = text.split("-")
    return f"{MONTHS[int(month) - 1]} {year}"


def clock(moment: time) -> str:
    """Return a time of day: «kl. 12.00»."""
    return f"kl. {moment:%H.%M}"


def money(kroner: int) -> str:
    """Return a sum as it is written: «40.000 kr.», «2,5 mio. kr.»."""
    for size, unit in ((10**9, "mia. kr."), (10**6, "mio. kr.")):
        if kroner >= size and kroner % (size // 1000) == 0:
            return f"{kroner / size:.3f}".rstrip("0").rstrip(".").replace(".", ",") + f" {unit}"
    return f"{kroner:,}".replace(",", ".") + " kr."


def number(count: int) -> str:
    """Return a small number as a word: «to»."""
    return {2: "to", 3: "tre", 4: "fire", 5: "fem", 6: "seks"}.get(count, str(count))


def join(items: Sequence[str], word: str = "og") -> str:
    """Return items as a Danish list: «a, b og c»."""
    if len(items) <= 1:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def capitalise(text: str) -> str:
    """Return text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


def squeeze(text: str) -> str:
    """Return text with every run of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()
