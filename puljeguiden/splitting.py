"""Cuts a message into the questions it may hold. Which cuts are kept is decided when the parts have been understood."""

from __future__ import annotations

import re

MOST_PARTS = 6
_FEWEST_WORDS = 4
_ASKING = r"(?:hva[dr]?|hvem|hvor\w*|hvordan|hvilke\w*|hvis|hvorfor|kan|skal|må|er|får|gælder|findes|har)"
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+|;\s+|(?<=\?)(?=\w)")
_AND_QUESTION = re.compile(rf"(?:,|\bog|\bsamt|\bplus|\bogså|\bog så)\s+(?=(?:så |også )?{_ASKING}\b)", re.IGNORECASE)
# A comma before such a word starts a clause of the same question: «en ung, der er ved at …».
_CLAUSE = r"(?!(?:der|som|at|hvis|fordi|når|men|så|hvilket|selvom|da|og|eller|ikke|tak)\b)"
_AND = re.compile(rf"\s*(?:\bog\b|\bsamt\b|\bplus\b|[&+]|,)\s+{_CLAUSE}", re.IGNORECASE)
# «1) hvem kan søge 2) frist», «spm 1: … spm 2: …»
_NUMBERED = re.compile(r"(?:^|(?<=\s))(?:(?:spm|spørgsmål)\.? ?)?([1-9])[).:]\s+", re.IGNORECASE)
_ABBREVIATION = re.compile(
    r"\b(?:bl\.a|f\.eks|fx|mv|osv|ca|nr|mio|kr|kl|evt|pga|vedr|inkl|ekskl|dvs|tlf|pr|stk|jf|d|ang|m\.m|bla)\.$",
    re.IGNORECASE,
)


def split(text: str) -> list[tuple[str, bool]]:
    """Return the parts of a message, each with whether the cut around it is a clear one (sentence, «og hvornår …»).

    An empty list means that there is nothing to cut.
    """
    clear = [piece for sentence in _sentences(text) for piece in _AND_QUESTION.split(sentence)]
    clear = [piece for piece in (_tidy(piece) for piece in clear) if piece]
    parts: list[tuple[str, bool]] = []
    for piece in clear:
        smaller = [small for small in (_tidy(small) for small in _AND.split(piece)) if small]
        if len(clear) > 1:
            parts.append((piece, True))
        if len(smaller) > 1:
            parts += [(small, False) for small in smaller]
    return parts[:MOST_PARTS]


def is_question(text: str) -> bool:
    """Return whether a part reads as a question of its own: by its length, and its question mark or first word."""
    return len(text.split()) >= _FEWEST_WORDS and asks(text)


def asks(text: str) -> bool:
    """Return whether a text has the form of a question, however short."""
    return text.rstrip().endswith("?") or bool(re.match(rf"(?:og |så |også )*{_ASKING}\b", text, re.IGNORECASE))


def _sentences(text: str) -> list[str]:
    if _NUMBERED.findall(text)[:2] == ["1", "2"]:
        text = _NUMBERED.sub("\n", text)
    found: list[str] = []
    for piece in _SENTENCE_END.split(text):
        unfinished = found and (_ABBREVIATION.search(found[-1]) or re.search(r"\b\d{1,2}\.$", found[-1]))
        if unfinished and not piece[:1].isupper():
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def _tidy(text: str) -> str:
    return text.strip(" \t,.;:-–?!") and text.strip(" \t,;:-–")
