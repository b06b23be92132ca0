"""Finds names of persons, organisations and places, for whoever has to mask them.

In place of Rasa's SpacyNLP and SpacyEntityExtractor, which run every part of the Danish model, twice a message, and on
each training example.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.lang.da.stop_words import STOP_WORDS
from spacy.language import Language
from thinc.api import NumpyOps, Ops, set_current_ops

from rasa_project.components.plain import Plain

_LISTS = "danish_lists"  # vendor/da_core_news_sm: sorted 32-bit hashes of the names that the model knows
_WORD = re.compile(r"[^\W\d_]+")


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
        lists = model.vocab.lookups
        self._listed = lists.get_table(_LISTS)["name_keys"] if lists.has_table(_LISTS) else None

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
            text = message.get(TEXT) or ""
            names = self._names(text) if self._may_name(text) else []
            message.set(ENTITIES, [*message.get(ENTITIES, []), *names], add_to_output=True)
        return messages

    def _names(self, text: str) -> list[dict[str, Any]]:
        return [
            {
                "entity": name.label_,
                "value": name.text,
                "start": name.start_char,
                "end": name.end_char,
                "extractor": NameFinder.__name__,
            }
            for name in self.model(text).ents
            if name.label_ in self.config["labels"]
        ]

    def _may_name(self, text: str) -> bool:
        """Return whether the model has to look: at a capital letter, or a word on its lists of names, however common."""
        if self._listed is None or text != text.lower():
            return True
        words = [self.model.vocab.strings[word] & 0xFFFFFFFF for word in _WORD.findall(text) if word not in STOP_WORDS]
        hashes = np.array(words, dtype=self._listed.dtype)
        return bool((self._listed.take(self._listed.searchsorted(hashes), mode="clip") == hashes).any())
