"""Lets Rasa speak from the project's own texts, which are read anew when they change."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from puljeguiden import texts

WHOLE_REPLY = "utter_answer"


class ComposedResponses(NaturalLanguageGenerator):
    """Generates replies that consist of several responses. Named in endpoints.yml."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        self.texts = texts.current()

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any]:
        """Return the message for a response name; `parts` and `choices` are what a whole reply and its buttons consist of."""
        if utter_action == WHOLE_REPLY:
            titles = [self.texts.render(choice) for choice in kwargs.get("choices", ())]
            buttons = [{"title": title, "payload": title} for title in titles]
            return {"text": self.texts.join(kwargs["parts"]), "buttons": buttons}
        return {"text": self.texts.text(utter_action)}
