"""Tells whether a message is in another language than Danish. Sure, or silent: short messages count as Danish."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import simplemma
from py3langid.langid import MODEL_FILE, LanguageIdentifier

_FEWEST_WORDS = 3
_SURE = 0.75
# Words of everyday Danish that its neighbours to the south and west do not have.
_DANISH = frozenset(
    """
    og jeg hvad hvem hvor hvornaar hvordan hvilken hvilket hvilke hvis ikke til af paa det vores har skal puljen pulje
    fristen frist soege soge penge kommune kommunen kommuner ansoegning ansogning skema skemaet nej ja mig dig jer
    """.split()
)
# Words of English and German that are none in Danish; three of them are no slip.
_OTHERS = (
    frozenset("the is what how can we you your when where which who do does are this that apply".split()),
    frozenset("wann ist die das für und wie kann ich wir wo nicht ein eine sind bis wer".split()),
)
_FEWEST_WORDS_OF_OTHERS = 3
_FEWEST_SWEDISH = 2
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


def is_plainly_foreign(text: str) -> bool:
    """Return whether a text has words that only English, Swedish or German has, whatever else it looks like."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    swedish = {word for word in words if re.search("[äöß]", word)}
    others = any(len(known & set(words)) >= _FEWEST_WORDS_OF_OTHERS for known in _OTHERS)
    return others or len(swedish) >= _FEWEST_SWEDISH


def is_foreign(text: str) -> bool:
    """Return whether a text is surely in another language than Danish."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < _FEWEST_WORDS or re.search("[æøå]", text.lower()) or _DANISH & set(words):
        return False
    if len(words) == _FEWEST_WORDS and any(simplemma.is_known(word, lang="da", low_memory=True) for word in words):
        return False
    language, probability = _identifier().classify(text)
    return language not in _NEAR and float(probability) >= _SURE
