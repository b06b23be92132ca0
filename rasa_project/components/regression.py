"""Logistic regression, one intent against the rest, all intents at the same time."""

from __future__ import annotations

from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression

_LITTLE = 40_000_000
"""Features times intents up to which one process learns sooner than others start: about four seconds."""


class OneAgainstTheRest(LogisticRegression):
    """What liblinear does with several classes, in processes: its chance is one for all threads of a process.

    In threads, two models of the same examples would not be the same.

    It solves the dual problem, to a tolerance at which no probability of the primal one moves by more than 0.04, in a
    quarter of the time (docs/decisions/0005).
    """

    def fit(self, table: Any, names: Any) -> OneAgainstTheRest:
        """Learn from a sparse table of features, a row each message, and the messages' intents."""
        names = np.asarray(names)
        self.classes_, counts = np.unique(names, return_counts=True)
        self.n_features_in_ = table.shape[1]
        # As in liblinear: the intent's examples weigh more the fewer they are, the rest weigh one.
        weights = len(names) / (len(counts) * counts)
        together = Parallel(n_jobs=1 if table.nnz * len(counts) <= _LITTLE else -1)
        learned = together(
            delayed(_learn)(self.get_params(), table, names == name, weight)
            for name, weight in zip(self.classes_, weights, strict=True)
        )
        self.coef_ = np.vstack([coefficients for coefficients, _ in learned])
        self.intercept_ = np.concatenate([intercept for _, intercept in learned])
        return self


def _learn(settings: dict[str, Any], table: Any, of_it: Any, weight: float) -> tuple[Any, Any]:
    """Return the weights of one intent's features, and its intercept."""
    one = LogisticRegression(**{**settings, "class_weight": {True: weight, False: 1.0}}).fit(table, of_it)
    return one.coef_, one.intercept_
