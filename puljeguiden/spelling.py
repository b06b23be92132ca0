"""Mends typing slips towards words that are known. Real Danish words and everything unclear stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable

import simplemma
from rapidfuzz import process
from rapidfuzz.distance import OSA

from puljeguiden.danish import fold

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 5
_REMEMBERED = 5000


class Spelling:
    """Knows the words of one vocabulary (folded, see `danish.fold`), given with the commonest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self._rank = {word: place for place, word in enumerate(words)}
        self._letters = {letter for word in self._rank for letter in word}
        self._by_length: dict[int, list[str]] = {}
        for word in self._rank:
            self._by_length.setdefault(len(word), []).append(word)
        self._mended: dict[str, str] = {}

    def mend(self, text: str) -> str:
        """Return a text folded, with slips in long words mended."""
        return _WORD.sub(lambda match: self._word(match.group()), text.lower())

    def _word(self, word: str) -> str:
        if word not in self._mended:
            if len(self._mended) >= _REMEMBERED:
                self._mended.clear()
            self._mended[word] = self._mend(word)
        return self._mended[word]

    def _mend(self, word: str) -> str:
        folded = fold(word)
        slips = 1 if len(folded) < 9 else 2
        foreign = sum(letter not in self._letters for letter in folded)  # each would be a slip
        if len(folded) < _SHORTEST or foreign > slips or folded in self._rank:
            return folded
        if simplemma.is_known(word, lang="da", low_memory=True):
            return folded
        near = [
            one for size in range(len(folded) - slips, len(folded) + slips + 1) for one in self._by_length.get(size, ())
        ]
        hits = process.extract(folded, near, scorer=OSA.distance, score_cutoff=slips, limit=None)
        return str(min(hits, key=lambda hit: (hit[1], self._rank[hit[0]]))[0]) if hits else folded
