"""Mends typing slips towards words that are known. Real Danish words and everything unclear stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from puljeguiden.danish import are_words, fold

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 5
# Shorter words are mended only where a letter is missing («skma», «sge»: some machines lose æøå) of one common word.
_SHORT = range(3, 6)
_COMMON_WORDS = 400
_MUCH_COMMONER = 4
"""How many times further down the list of words, commonest first, the next word has to stand that may be meant."""
_RARE = 10
"""How many times further down a word of the vocabulary itself has to stand to be taken for a slip."""
_REMEMBERED = 5000


class Spelling:
    """Knows the words of one vocabulary (folded, see `danish.fold`), given with the commonest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self._rank = {word: place for place, word in enumerate(words)}
        self._letters = {letter for word in self._rank for letter in word}
        self._by_length: dict[int, list[str]] = {}
        for word in self._rank:
            self._by_length.setdefault(len(word), []).append(word)
        self._without_a_letter: dict[str, list[str]] = {}  # what common words look like when they lost one
        for word in list(self._rank)[:_COMMON_WORDS]:
            if len(word) - 1 in _SHORT:
                for lost in {word[:place] + word[place + 1 :] for place in range(len(word))}:
                    self._without_a_letter.setdefault(lost, []).append(word)
        self._mended: dict[str, str] = {}

    def mend(self, text: str) -> str:
        """Return a text folded, with slips in long words, and letters lost in short ones, mended."""
        return _WORD.sub(lambda match: self._word(match.group()), text.lower())

    def _word(self, word: str) -> str:
        if word not in self._mended:
            if len(self._mended) >= _REMEMBERED:
                self._mended.clear()
            self._mended[word] = self._mend(word)
        return self._mended[word]

    def _mend(self, word: str) -> str:
        folded = fold(word)
        if whole := self._with_lost_letter(word, folded):
            return whole
        slips = 1 if len(folded) < 9 else 2
        foreign = sum(letter not in self._letters for letter in folded)  # each would be a slip
        if len(folded) < _SHORTEST or foreign > slips or folded in self._rank:
            return folded
        if are_words([word]):
            return folded
        near = [
            one for size in range(len(folded) - slips, len(folded) + slips + 1) for one in self._by_length.get(size, ())
        ]
        hits = process.extract(folded, near, scorer=OSA.distance, score_cutoff=slips, limit=None)
        return str(min(hits, key=lambda hit: (hit[1], self._rank[hit[0]]))[0]) if hits else folded

    def _with_lost_letter(self, word: str, folded: str) -> str | None:
        """Return the common word that a short one is when a letter is missing; None where that is not clear."""
        meant = self._without_a_letter.get(folded)
        if not meant or are_words([word]):
            return None
        best = self._rank[meant[0]]
        unclear = len(meant) > 1 and self._rank[meant[1]] < _MUCH_COMMONER * (best + 1)
        itself_known = folded in self._rank and self._rank[folded] < _RARE * (best + 1)
        return None if unclear or itself_known else meant[0]
