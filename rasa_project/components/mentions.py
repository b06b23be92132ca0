"""Hides pools' and municipalities' names from the classifier, and reports them as entities.

What a name means is in `data/`, so a new pool, or a new name for one, needs no training and moves no intent.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from puljeguiden import facts, mentions, references
from puljeguiden.masking import MASK
from rasa_project.components.plain import Plain

ORIGINAL_TEXT = "original_text"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MentionMasker(Plain):
    """Replaces names by one token each; keeps what was written as `original_text`."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Return the messages with names masked and entities `pool`, `applicant` and `municipality` set."""
        current = facts.current()
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            found = mentions.find(text, current)
            message.set(ORIGINAL_TEXT, text)
            message.set(TEXT, references.mask(mentions.mask(text, found), mentions.POOL_NAME).replace(MASK, " "))
            message.set(ENTITIES, [*message.get(ENTITIES, []), *_entities(text, found)], add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Mask the examples as messages will be."""
        self.process(training_data.training_examples)
        return training_data


def _entities(text: str, found: mentions.Mentions) -> list[dict[str, Any]]:
    entities = []
    for pool in found.pools:
        entities += [_entity("pool", name, pool.start, pool.end, text) for name in pool.pools]
    for applicant in found.applicants:
        kind = "municipality" if applicant.kind == "kommune" and applicant.name else "applicant"
        entities.append(_entity(kind, applicant.name or applicant.kind, applicant.start, applicant.end, text))
    return entities


def _entity(name: str, value: str, start: int, end: int, text: str) -> dict[str, Any]:
    return {
        "entity": name,
        "value": value,
        "start": start,
        "end": end,
        "text": text[start:end],
        "extractor": MentionMasker.__name__,
    }
