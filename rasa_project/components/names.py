"""Finds names of persons, organisations and places, for whoever has to mask them.

In place of Rasa's SpacyNLP and SpacyEntityExtractor, which run every part of the Danish model, twice a message, and on
each training example.
"""

from __future__ import annotations

from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.language import Language
from thinc.api import NumpyOps, Ops, set_current_ops

from rasa_project.components.plain import Plain


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class NameFinder(Plain):
    """Reports what the Danish model takes for a name as entities `PER`, `ORG` and `LOC`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the component's settings: the spaCy model, parts that names don't need, and which names to report."""
        unneeded = ["morphologizer", "lemmatizer", "parser", "attribute_ruler"]
        return {"model": "da_core_news_sm", "exclude": unneeded, "labels": ["PER", "ORG", "LOC"]}

    def __init__(self, config: dict[str, Any], model: Language, backend: Ops) -> None:
        super().__init__(config)
        self.model = model
        self._backend = backend

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NameFinder:
        """Return the component with its model loaded.

        Raises:
            OSError: the model is not installed.
        """
        backend = NumpyOps(use_blis=False)  # for so short texts, numpy's own products are faster
        set_current_ops(backend)
        return cls(config, spacy.load(config["model"], exclude=config["exclude"]), backend)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the names to the entities of each message."""
        # In a task where none is set, thinc looks through all installed packages for a backend, at each message.
        set_current_ops(self._backend)
        for message in messages:
            names = [
                {
                    "entity": name.label_,
                    "value": name.text,
                    "start": name.start_char,
                    "end": name.end_char,
                    "extractor": NameFinder.__name__,
                }
                for name in self.model(message.get(TEXT) or "").ents
                if name.label_ in self.config["labels"]
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *names], add_to_output=True)
        return messages
