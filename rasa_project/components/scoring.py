"""Scores single messages with a trained classifier, without what sklearn does for tables of them.

Its file is numbers and words only: nothing in it can run, and it is read in a fraction of the time a pickled or skops
pipeline takes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import Pipeline

Analyser = Callable[[str], Iterable[str]]
Numbers = npt.NDArray[np.floating[Any]]
_NUMBERS, _WORDS = "classifier.npz", "classifier.json"


class Scorer:
    """Computes what `predict_proba` gives: TF-IDF of several sorts of n-grams, one logistic regression an intent."""

    def __init__(
        self,
        analysers: list[Analyser],
        vocabularies: list[list[str]],
        classes: list[str],
        rarity: Numbers,
        weights: Numbers,
        intercept: Numbers,
    ) -> None:
        self.classes = classes
        self.vocabularies = vocabularies
        self._rarity, self._weights, self._intercept = rarity, weights, intercept
        self._sorts: list[tuple[Analyser, dict[str, int]]] = []
        start = 0
        for analyse, vocabulary in zip(analysers, vocabularies, strict=True):
            self._sorts.append((analyse, {piece: start + place for place, piece in enumerate(vocabulary)}))
            start += len(vocabulary)

    @classmethod
    def of(cls, pipeline: Pipeline) -> Scorer:
        """Return the scorer of a trained pipeline: a union of TfidfVectorizers, and a regression of three or more classes."""
        union, regression = (step for _, step in pipeline.steps)
        sorts = [sort for _, sort in union.transformer_list]
        return cls(
            [sort.build_analyzer() for sort in sorts],
            [sorted(sort.vocabulary_, key=sort.vocabulary_.__getitem__) for sort in sorts],
            [str(name) for name in regression.classes_],
            np.concatenate([sort.idf_ for sort in sorts]).astype(np.float32),
            np.ascontiguousarray(regression.coef_.T, dtype=np.float32),  # a row for each piece
            regression.intercept_.astype(np.float32),
        )

    def words(self) -> list[str]:
        """Return the single words it knows (of the first sort of n-grams), the commonest first."""
        rarity = self._rarity[: len(self.vocabularies[0])]
        return [word for _, word in sorted(zip(rarity, self.vocabularies[0], strict=True)) if " " not in word]

    def save(self, folder: Path) -> None:
        """Write the scorer's files."""
        np.savez(folder / _NUMBERS, rarity=self._rarity, weights=self._weights, intercept=self._intercept)
        words = {"classes": self.classes, "vocabularies": self.vocabularies}
        (folder / _WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, analysers: list[Analyser]) -> Scorer:
        """Return the scorer whose files are in a folder."""
        words = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        with np.load(folder / _NUMBERS, allow_pickle=False) as numbers:
            return cls(analysers, words["vocabularies"], words["classes"], **numbers)

    def probabilities(self, text: str) -> dict[str, float]:
        """Return the probability of each class."""
        scores = self._intercept.copy()
        for analyse, vocabulary in self._sorts:
            counts = {
                vocabulary[piece]: count for piece, count in Counter(analyse(text)).items() if piece in vocabulary
            }
            if counts:
                places = np.fromiter(counts, dtype=np.intp)
                # All of one type: of two, numpy makes copies that the linear algebra library then shares out to threads.
                values = (np.log(np.fromiter(counts.values(), dtype=np.float32)) + 1) * self._rarity[places]
                scores += (values / np.sqrt(values @ values)) @ self._weights[places]
        each = 1 / (1 + np.exp(-scores.astype(np.float64)))
        return dict(zip(self.classes, (each / each.sum()).tolist(), strict=True))
