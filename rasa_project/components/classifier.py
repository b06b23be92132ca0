"""Classifies intents: words and pieces of words (typos, inflection, compounds), weighed by logistic regression.

All spellings of æøå become one first, so that «ansoegning» and «ansøgning» are the same word, and slips are mended
towards the words of the training data («fritsen» → «fristen»).

Measured against Rasa's own classifiers in docs/decisions/: as good, trained in seconds, a message in about a millisecond.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from puljeguiden.danish import fold
from puljeguiden.familiarity import Familiar
from puljeguiden.spelling import Spelling
from rasa_project.components.regression import OneAgainstTheRest
from rasa_project.components.scoring import Scorer

_FAMILIAR = "familiar.txt"
_NOT_ABOUT_POOLS = "out_of_scope"
_WITHOUT_TOPIC = ("chitchat.", "move.", "concern.", _NOT_ABOUT_POOLS)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramClassifier(GraphComponent, IntentClassifier):
    """TF-IDF of word and character n-grams, and logistic regression, one intent against the rest."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the component's settings: n-gram lengths, `C` (less is smoother), how many intents are ranked,
        and what the confidence is multiplied by where a message speaks of nothing that pools have to do with.
        """
        return {"words": [1, 2], "characters": [2, 5], "C": 50.0, "ranking_length": 5, "strange": 0.25}

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        scorer: Scorer | None = None,
        familiar: Familiar | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._scorer = scorer
        self._familiar = familiar
        self._spelling = Spelling(scorer.words()) if scorer else None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramClassifier:
        """Return an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramClassifier:
        """Return the trained classifier."""
        with model_storage.read_from(resource) as folder:
            analysers = [sort.build_analyzer() for sort in _sorts(config)]
            familiar = Familiar((folder / _FAMILIAR).read_text(encoding="utf-8").splitlines())
            return cls(config, model_storage, resource, Scorer.load(folder, analysers), familiar)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        pipeline = untrained(self._config)
        pipeline.fit([fold(example.get(TEXT)) for example in examples], [example.get(INTENT) for example in examples])
        known = Familiar.of(fold(one.get(TEXT)) for one in examples if not one.get(INTENT).startswith(_NOT_ABOUT_POOLS))
        with self._storage.write_to(self._resource) as folder:
            Scorer.of(pipeline).save(folder)
            (folder / _FAMILIAR).write_text("\n".join(known.words), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking` on each message of a batch."""
        if self._scorer is None or self._spelling is None or self._familiar is None:
            raise RuntimeError("The classifier is not trained.")
        for message in messages:
            text = self._spelling.mend(message.get(TEXT) or "")
            ranking = rank(self._scorer.probabilities(text))[: self._config["ranking_length"]]
            if not ranking[0]["name"].startswith(_WITHOUT_TOPIC) and self._familiar.is_strange(text):
                ranking = [{**one, "confidence": one["confidence"] * self._config["strange"]} for one in ranking]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the training data as it is; nothing that follows needs predictions on it."""
        return training_data


def _sorts(config: dict[str, Any]) -> list[TfidfVectorizer]:
    return [
        TfidfVectorizer(ngram_range=tuple(config["words"]), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b"),
        TfidfVectorizer(analyzer="char_wb", ngram_range=tuple(config["characters"]), sublinear_tf=True),
    ]


def untrained(config: dict[str, Any]) -> Pipeline:
    """Return the pipeline that learns."""
    weights = OneAgainstTheRest(C=config["C"], solver="liblinear", dual=True, tol=0.5, max_iter=1000, random_state=0)
    return make_pipeline(make_union(*_sorts(config)), weights)


def rank(scores: dict[str, float]) -> list[dict[str, Any]]:
    """Return intents, best topic first, its best aspect for it, with the topic's confidence (0–1).

    Two aspects of one topic (`amount`, `amount.per_applicant`) do not compete: a message between them is surely about
    the topic.
    """
    best: dict[str, tuple[float, float, str]] = {}
    for name, score in scores.items():
        topic = name.partition(".")[0]
        total, most, aspect = best.get(topic, (0.0, -1.0, ""))
        best[topic] = (total + score, *((score, name) if score > most else (most, aspect)))
    ranked = sorted(((total, name) for total, _, name in best.values()), reverse=True)
    return [{"name": name, "confidence": confidence} for confidence, name in ranked]
