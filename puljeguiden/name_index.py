"""Looks names up as people write them: with endings, typing slips, and cut off."""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from puljeguiden.danish import stems

Hit = tuple[int, set[str]]
"""How a name is meant (0: as written, 1: with slips, 2: the word begins with it), and its owners."""
WITH_SLIPS = 1
LONG_NAME = 9  # letters; what looks like a shorter name is as likely an everyday word
_REMEMBERED_WORDS = 5_000
SHORTEST_CUT = 6  # letters of a name whose end is missing
_SHORTEST_REST = 3  # letters; fewer are an ending


def _closeness(length: int) -> int:
    """Return how many typing slips a name of this length may have."""
    return 0 if length < 6 else 1 if length < 10 else 2


class NameIndex:
    """Names of one sort, ready to be looked up."""

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {}
        self._alike: dict[tuple[str, int], list[str]] = {}  # by initial and length
        self._initials: set[str] = set()
        self._longest = 0
        self._looked_up: dict[tuple[str, bool, bool], Hit | None] = {}

    def add(self, key: str, owner: str) -> None:
        """Let a name, folded and without blanks, stand for an owner."""
        if key not in self.names:
            self._alike.setdefault((key[0], len(key)), []).append(key)
        self.names.setdefault(key, set()).add(owner)
        self._initials.add(key[0])
        self._longest = max(self._longest, len(key))

    def look_up(self, written: str, *, exactly: bool, begins: bool) -> Hit | None:
        """Return the surest way in which a run of words means a name."""
        if written[0] not in self._initials or not 3 <= len(written) <= self._longest + 5:
            return None
        # The same words come again and again: in a message, in each of its questions, in other messages.
        key = written, exactly, begins
        if key not in self._looked_up:
            if len(self._looked_up) >= _REMEMBERED_WORDS:
                self._looked_up.clear()
            ways = (self.names.get,) if exactly else (self.exact, self.near, *([self._begins] if begins else ()))
            hits = ((rank, owners) for rank, way in enumerate(ways) if (owners := way(written)))
            self._looked_up[key] = next(hits, None)
        return self._looked_up[key]

    def exact(self, written: str) -> set[str]:
        """Return the owners of a name written as it is, or with an ending."""
        for stem in stems(written):
            if stem in self.names:
                return self.names[stem]
        if len(written) >= SHORTEST_CUT:  # «deloit» for «Deloitte»
            for name in self._names(written[0], len(written), len(written) + 2):
                if name.startswith(written):
                    return self.names[name]
        return set()

    def near(self, written: str, shortest: int = 0) -> set[str]:
        """Return the owners of the name that is meant, typing slips allowed for.

        The name has to begin with the same letter, and to have at least `shortest` letters.
        """
        best: tuple[float, set[str]] | None = None
        for stem in stems(written) if _closeness(len(written)) else ():
            close = _closeness(len(stem))
            names = self._names(written[0], max(shortest, len(stem) - close), len(stem) + close) if close else []
            hit = process.extractOne(stem, names, scorer=OSA.distance, score_cutoff=close) if names else None
            if hit and (best is None or hit[1] < best[0]):
                best = (hit[1], self.names[hit[0]])
        return best[1] if best else set()

    def _begins(self, word: str) -> set[str]:
        """Return the owners of a long name that a word begins with: «boligområdeansøgningen»."""
        names = self._names(word[0], LONG_NAME, len(word) - _SHORTEST_REST)
        return next((self.names[name] for name in names if word.startswith(name)), set())

    def _names(self, initial: str, shortest: int, longest: int) -> list[str]:
        return [name for length in range(shortest, longest + 1) for name in self._alike.get((initial, length), ())]
