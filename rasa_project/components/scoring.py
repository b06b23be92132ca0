"""Scores single messages with a trained pipeline, without what sklearn does for tables of them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
from sklearn.pipeline import Pipeline

Probabilities = npt.NDArray[np.float64]


class Scorer:
    """Computes what `predict_proba` gives: TF-IDF of several sorts of n-grams, one logistic regression an intent."""

    def __init__(self, pipeline: Pipeline) -> None:
        union, regression = (step for _, step in pipeline.steps)
        self._sorts = []
        start = 0
        for _, sort in union.transformer_list:
            rarity = np.array(sort.idf_)
            self._sorts.append((sort.build_analyzer(), sort.vocabulary_, rarity, regression.coef_.T[start:]))
            start += len(rarity)
        self._intercept = regression.intercept_

    def probabilities(self, text: str) -> Probabilities:
        """Return the probability of each class, in the regression's order."""
        scores = self._intercept.copy()
        for analyse, vocabulary, rarity, weights in self._sorts:
            counts = Counter(vocabulary[piece] for piece in analyse(text) if piece in vocabulary)
            if not counts:
                continue
            places = np.fromiter(counts, dtype=np.intp)
            values = (np.log(np.fromiter(counts.values(), dtype=np.float64)) + 1) * rarity[places]
            scores += (values / np.sqrt(values @ values)) @ weights[places]
        each = 1 / (1 + np.exp(-scores))
        return each / each.sum()
