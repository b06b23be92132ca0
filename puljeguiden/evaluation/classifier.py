"""Cross-validation of the classifier: which topics it keeps apart, and which it mixes up.

The features are made once, from all examples; only the weights are learned anew for each part.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline

from puljeguiden.evaluation.examples import Example

FOLDS = 3
_SHOWN_PAIRS = 15
_SHOWN_EXAMPLES = 3


def cross_validate(examples: list[Example], untrained: Pipeline, folds: int = FOLDS) -> list[str]:
    """Return the topic that each example gets from a classifier that has not learned it.

    Args:
        examples: the texts as the classifier sees them, and their intents; at least `folds` of each intent.
        untrained: features, and what learns from them.
    """
    features, regression = (step for _, step in untrained.steps)
    table = features.fit_transform([text for text, _ in examples])
    intents = np.array([intent for _, intent in examples])
    guessed = np.empty(len(examples), dtype=object)
    for learned, held_out in StratifiedKFold(folds, shuffle=True, random_state=0).split(table, intents):
        trained = clone(regression).fit(table[learned], intents[learned])
        topics = np.array([_topic(intent) for intent in trained.classes_])
        names = np.unique(topics)
        together = (topics[:, None] == names[None, :]).astype(float)  # aspects of a topic do not compete
        guessed[held_out] = names[(trained.predict_proba(table[held_out]) @ together).argmax(axis=1)]
    return [str(name) for name in guessed]


def report(examples: list[Example], guessed: list[str]) -> dict[str, Any]:
    """Return the figures: how many are right, by topic, and which topics are mixed up most, with examples.

    Args:
        examples: as people wrote them, in the order in which they were guessed.
    """
    asked = Counter(_topic(intent) for _, intent in examples)
    taken = Counter(guessed)
    right: Counter[str] = Counter()
    mixed: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for (text, intent), guess in zip(examples, guessed, strict=True):
        if guess == _topic(intent):
            right[guess] += 1
        else:
            mixed[_topic(intent), guess].append(text)
    pairs = sorted(mixed.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:_SHOWN_PAIRS]
    return {
        "examples": len(examples),
        "right": sum(right.values()),
        "topics": {
            topic: {"examples": count, "right": right[topic], "taken_for_it": taken[topic] - right[topic]}
            for topic, count in sorted(asked.items())
        },
        "mixed_up": [
            {"topic": topic, "taken_for": other, "count": len(texts), "examples": texts[:_SHOWN_EXAMPLES]}
            for (topic, other), texts in pairs
        ],
    }


def _topic(intent: str) -> str:
    return intent.partition(".")[0]
