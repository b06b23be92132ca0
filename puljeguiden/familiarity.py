"""Tells whether a message speaks of anything that questions about pools speak of, or only of other things."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from puljeguiden.danish import COMMON_FOLDED

_WORD = re.compile(r"[^\W\d_]{2,}")
_OFTEN = 2
_SHORTEST_STEM = 5


class Familiar:
    """Knows the words (folded) of questions about pools."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = sorted(words)
        self._known = frozenset(self.words)
        self._stems = tuple(word for word in self.words if len(word) >= _SHORTEST_STEM)

    @classmethod
    def of(cls, questions: Iterable[str]) -> Familiar:
        """Return what is known after reading questions, folded."""
        count = Counter(word for question in questions for word in set(_WORD.findall(question)) - COMMON_FOLDED)
        return cls(word for word, times in count.items() if times >= _OFTEN)

    def is_strange(self, text: str) -> bool:
        """Return whether a folded text has words that say what it is about, and none of them is known.

        «Hvornår skal man så græs?» is strange, «hvornår?» is not, nor is «rapporteringen»: the word begins with one that
        is known.
        """
        words = [word for word in _WORD.findall(text) if word not in COMMON_FOLDED]
        return bool(words) and not any(self._knows(word) for word in words)

    def _knows(self, word: str) -> bool:
        return word in self._known or any(word.startswith(stem) for stem in self._stems)
