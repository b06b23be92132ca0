"""Our action for stock Rasa's action server: the same answers, with the text composed here, since stock has only its own NLG."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import answer
from puljeguiden import texts


class ActionAnswer(answer.ActionAnswer):
    """Answers as `actions.answer.ActionAnswer` does."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the reply as text."""
        events = await super().run(dispatcher, tracker, domain)
        for message in dispatcher.messages:
            message["text"] = texts.current().join(message.pop("parts"))
            del message["response"]
        return events
