"""The lists of names in `data/names/`, and the words that are none."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import simplemma
from rapidfuzz import process
from rapidfuzz.distance import OSA

from puljeguiden import settings
from puljeguiden.danish import MONTHS
from puljeguiden.privacy import public

FIRST, SURNAME, WORD = 1, 2, 4
"""What a word can be: a first name, a surname; WORD where it is an everyday word as well."""

_SHORTEST_BARE = 5  # letters; in shorter names «o» for «ø» makes other words: «Ove» and «øve»
_SHORTEST_TAIL = 6  # letters of the word that a compound ends in
_GENITIVE = re.compile(r"(?:['’`´]s?|s)$")
_SURNAME_ENDING = re.compile(
    r".{2,}(?:sen|sson|søn|gaard|gård|strup|lund|holm|bæk|kjær|kær|skov|quist|qvist|kvist|toft|borg|berg|feldt|dahl|"
    r"bjerg|rup|høj|højer|mark|gren|strøm|ström|dóttir|dottir|oğlu|oglu|zadeh|ovic|ović|evic|ević|wski|wska|enko|iyev|yan)"
)
_PLACE_ENDING = re.compile(
    r".{2,}(?:vej(?:en)?|gade|park(?:en)?|høj(?:en)?|g(?:å|aa)rd(?:en)?|vænget?|bakken?|lunden|toften|vangen|marken|engen|haven|"
    r"torvet?|plads(?:en)?|bo|by|strup|stræde|allé|planen|kvarteret)s?"
)
# Typed without the letters of the language: «Goksu», «Soerensen», «Sorensen».
_LONG = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ö": "oe", "ü": "ue", "ä": "ae", "ð": "d", "þ": "th", "ı": "i"})
_BARE = str.maketrans({"æ": "a", "ø": "o", "å": "a", "ð": "d", "þ": "th", "ı": "i", "ł": "l"})
# Who signs or is addressed, and is no person.
_NO_NAME = frozenset(
    """ssp siri uim kommune region styrelse ministerium ministeriet center kontor team afdeling forvaltning gruppe
    helhedsplan boligselskab forening klub skole politi politiet pet kl sfo ppr ssa kriminalforsorgen københavn kbh
    vollsmose gellerup mjølnerparken tingbjerg nørrebro vesterbro østerbro amager danmark sjælland jylland fyn syrien
    hizb tahrir loyal familia mitid nemid google mac erasmus
    gudskelov godt god jul tak mvh vh kh hej hejsa pulje puljen dk nb ps re fw sv cc att""".split()
)


def _read(name: str) -> set[str]:
    lines = (settings.ROOT / "data" / "names" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {word.lower() for line in lines if not line.startswith("#") for word in line.split()}


def _spellings(name: str) -> set[str]:
    """Return the ways to type a name, in lower case, with and without its special letters."""
    found = {name, name.translate(_LONG)}
    if len(name) >= _SHORTEST_BARE:
        bare = unicodedata.normalize("NFKD", name.translate(_BARE))
        found.add("".join(char for char in bare if not unicodedata.combining(char)))
    return found


@lru_cache(maxsize=1)
def _names() -> dict[str, int]:
    words = _read("words")
    lists = {FIRST: _read("first"), SURNAME: _read("surnames")}
    listed = lists[FIRST] | lists[SURNAME]
    names: dict[str, int] = {}
    for sort, file in lists.items():
        for name in file:
            for spelling in _spellings(name):
                # «andre» is André without his accent, and a word; «gudrun» is Guðrun's, and a name as well.
                other = spelling not in listed and simplemma.is_known(spelling, lang="da")
                word = spelling in words if spelling in listed else name in words or other
                names[spelling] = names.get(spelling, 0) | sort | (WORD if word else 0)
    return names


@lru_cache(maxsize=5000)
def sort_of(word: str) -> int:
    """Return what the lists say of a word: FIRST, SURNAME, WORD, or none (0). A genitive counts, «Anne-Marie» too."""
    names = _names()
    lowered = word.lower()
    if lowered in names:
        return names[lowered]
    parts = lowered.split("-")
    if len(parts) > 1:
        sorts = [sort_of(part) & ~WORD for part in parts]
        return sorts[0] if all(sorts) else 0
    stem = _GENITIVE.sub("", lowered)
    if stem == lowered or len(stem) < 2:
        return 0
    return names.get(stem, 0)


def is_everyday(word: str) -> bool:
    """Return whether a word has a meaning of its own, or names a place, an office or a firm."""
    lowered = word.lower()
    if lowered in MONTHS or is_public(lowered) or simplemma.is_known(lowered, lang="da"):
        return True
    return "-" in lowered and any(is_everyday(part) for part in lowered.split("-") if part)


@lru_cache(maxsize=5000)
def is_public(word: str) -> bool:
    """Return whether a word names a place, an office or a firm; with an ending too: «Deloittes»."""
    lowered = word.lower()
    return any(
        form in _NO_NAME or form in public.organisations() or form in public.municipalities()
        for form in {lowered, _GENITIVE.sub("", lowered), lowered.split("-")[0]}
    )


def is_near_everyday(word: str) -> bool:
    """Return whether a word looks like an everyday one: a compound, or the name of an office mistyped."""
    lowered = word.lower()
    if any(simplemma.is_known(lowered[at:], lang="da") for at in range(3, len(lowered) - _SHORTEST_TAIL + 1)):
        return True
    slips = 2 if len(lowered) >= 9 else 1 if len(lowered) >= 6 else 0
    return bool(slips and process.extractOne(lowered, public.organisations(), scorer=OSA.distance, score_cutoff=slips))


def looks_like_place(word: str) -> bool:
    """Return whether a word ends as housing areas and streets do: «Rosenlunden»."""
    return bool(_PLACE_ENDING.fullmatch(word.lower()))


def looks_like_surname(word: str) -> bool:
    """Return whether a word ends as surnames do."""
    return bool(_SURNAME_ENDING.fullmatch(_GENITIVE.sub("", word.lower()))) or bool(
        _SURNAME_ENDING.fullmatch(word.lower())
    )
