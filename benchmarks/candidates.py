"""The pipelines that are compared: ours, others over the same n-grams, and two of Rasa's around DIET."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import spacy
from ruamel.yaml import YAML
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC

from puljeguiden import facts, mentions, references
from puljeguiden.danish import fold
from puljeguiden.masking import MASK
from puljeguiden.spelling import Spelling

Ranking = dict[str, float]
"""Intents and how sure the pipeline is of each, best first."""
Ask = Callable[[str], Ranking]

_MODEL = "model.joblib"
_SPACY = "da_core_news_sm"


def _words() -> TfidfVectorizer:
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b", preprocessor=fold)


def _pieces() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, preprocessor=fold)


def _regression() -> LogisticRegression:
    return LogisticRegression(C=50, solver="liblinear", class_weight="balanced", random_state=0)


def _svm() -> CalibratedClassifierCV:
    return CalibratedClassifierCV(LinearSVC(C=1, class_weight="balanced", random_state=0), cv=5, ensemble=False)


def _neighbours() -> KNeighborsClassifier:
    return KNeighborsClassifier(n_neighbors=9, metric="cosine", weights="distance")


@lru_cache(maxsize=20_000)
def _parsed(text: str) -> tuple[str, Any]:
    """Return a text's lemmas, and the mean of its words' vectors."""
    doc = _danish()(text)
    vector = np.asarray(doc.tensor).mean(axis=0)
    return " ".join(token.lemma_ for token in doc), vector / (np.linalg.norm(vector) or 1)


@lru_cache(maxsize=1)
def _danish() -> spacy.language.Language:
    return spacy.load(_SPACY, exclude=["ner"])


def _lemmas(texts: Sequence[str]) -> list[str]:
    return [_parsed(text)[0] for text in texts]


def _vectors(texts: Sequence[str]) -> Any:
    return np.vstack([_parsed(text)[1] for text in texts])


def _with_spacy() -> Pipeline:
    lemmas = make_pipeline(FunctionTransformer(_lemmas), _words())
    return make_pipeline(make_union(_words(), _pieces(), lemmas, FunctionTransformer(_vectors)), _regression())


def _over_ngrams(classifier: Any) -> Pipeline:
    return make_pipeline(make_union(_words(), _pieces()), classifier)


SKLEARN: dict[str, Callable[[], Pipeline]] = {
    "regression": lambda: _over_ngrams(_regression()),
    "svm": lambda: _over_ngrams(_svm()),
    "spacy": _with_spacy,
    "neighbours": lambda: _over_ngrams(_neighbours()),
    "regression+neighbours": lambda: _over_ngrams(
        VotingClassifier([("regression", _regression()), ("neighbours", _neighbours())], voting="soft")
    ),
}
"""Pipelines of scikit-learn, fed as ours is: names hidden, one spelling for æøå, slips mended. Without Rasa around them."""

_FEATURES: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
RASA: dict[str, list[dict[str, Any]]] = {
    "ours": [
        {"name": "rasa_project.components.mentions.MentionMasker"},
        {"name": "rasa_project.components.classifier.NgramClassifier", "ranking_length": 10},
    ],
    "ours-names-unmasked": [{"name": "rasa_project.components.classifier.NgramClassifier", "ranking_length": 10}],
    # What `rasa init` leaves to Rasa's default, without the parts that do not classify.
    "diet-default": [*_FEATURES, {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True}],
    "diet-buerokratt": [*_FEATURES, {"name": "DIETClassifier", "epochs": 40}],
}
"""Pipelines that Rasa trains and runs; they get the messages as they were written."""

THRESHOLDS = {"diet-default": (0.3, 0.1), "diet-buerokratt": (0.8, 0.1)}
"""What their publishers set: less sure than the first, or two intents closer than the second, is «not understood»."""
OUR_THRESHOLD = (0.45, 0.0)
SLOW = ("diet-default", "diet-buerokratt")
NAMES = ("ours", "ours-names-unmasked", *SKLEARN, *SLOW)


def mask(text: str) -> str:
    """Return a message as the classifier sees it: names of pools and applicants replaced (components/mentions.py)."""
    found = mentions.find(text, facts.current())
    return references.mask(mentions.mask(text, found), mentions.POOL_NAME).replace(MASK, " ")


def train(name: str, examples: Sequence[tuple[str, str]], folder: Path) -> None:
    """Train a pipeline from (text, intent) and store it in a folder."""
    if name in RASA:
        _train_rasa(RASA[name], examples, folder)
        return
    texts, intents = zip(*examples, strict=True)
    pipeline = SKLEARN[name]().fit([mask(text) for text in texts], np.array(intents))
    joblib.dump(pipeline, folder / _MODEL)


def load(name: str, folder: Path) -> Ask:
    """Return a stored pipeline as a function from a message to its ranking."""
    return _load_rasa(folder) if name in RASA else _load_sklearn(folder)


def _load_sklearn(folder: Path) -> Ask:
    pipeline = joblib.load(folder / _MODEL)
    names = [str(name) for name in pipeline.classes_]
    (_, words), (_, pieces) = pipeline.steps[0][1].transformer_list[:2]
    spelling = Spelling(word for word in words.vocabulary_ if " " not in word)
    words.preprocessor = pieces.preprocessor = spelling.mend

    def ask(text: str) -> Ranking:
        row = pipeline.predict_proba([mask(text)])[0]
        return {names[place]: float(row[place]) for place in np.argsort(-row)}

    return ask


def _train_rasa(pipeline: list[dict[str, Any]], examples: Sequence[tuple[str, str]], folder: Path) -> None:
    from rasa.model_training import train_nlu

    lines: dict[str, str] = {}
    for text, intent in examples:
        lines[intent] = f"{lines.get(intent, '')}- {text}\n"
    yaml = YAML(typ="safe")
    data = {"version": "3.1", "nlu": [{"intent": intent, "examples": text} for intent, text in lines.items()]}
    config = {"recipe": "default.v1", "assistant_id": "benchmark", "language": "da", "pipeline": pipeline}
    for file, content in (("nlu.yml", data), ("config.yml", config)):
        with (folder / file).open("w", encoding="utf-8") as stream:
            yaml.dump(content, stream)
    if not train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), fixed_model_name="model"):
        raise RuntimeError("Rasa could not train.")


def _load_rasa(folder: Path) -> Ask:
    from rasa.core.agent import Agent

    from rasa_project import logs

    logs.configure("WARNING")  # Rasa would print each message, and that takes time
    agent = Agent.load(str(next(folder.glob("*.tar.gz"))))
    loop = asyncio.new_event_loop()

    def ask(text: str) -> Ranking:
        parsed = loop.run_until_complete(agent.parse_message(text))
        return {entry["name"]: entry["confidence"] for entry in parsed["intent_ranking"]}

    return ask
