"""Tells whether a message is in another language than Danish. Sure, or silent: short messages count as Danish."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import simplemma
from py3langid.langid import MODEL_FILE, LanguageIdentifier

_FEWEST_WORDS = 3
_SURE = 0.95
# Danish with slips looks like its neighbours, so they count as Danish.
_NEAR = {"da", "nb", "nn", "no", "sv", "fo", "is"}
_KNOWN = [
    "da",
    "nb",
    "nn",
    "sv",
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pl",
    "nl",
    "ar",
    "fa",
    "ur",
    "tr",
    "uk",
    "ru",
    "ro",
    "bs",
    "so",
    "vi",
    "zh",
]


@cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    known = set(identifier.nb_classes)
    identifier.set_languages([name for name in _KNOWN if name in known])
    return identifier


def is_foreign(text: str) -> bool:
    """Return whether a text is surely in another language than Danish."""
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) < _FEWEST_WORDS:
        return False
    if re.search("[æøå]", text.lower()) or sum(simplemma.is_known(word, lang="da") for word in words) * 2 > len(words):
        return False
    language, probability = _identifier().classify(text)
    return language not in _NEAR and float(probability) >= _SURE
