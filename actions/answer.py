"""The action that answers every message."""

from __future__ import annotations

import secrets
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from puljeguiden import facts, moment
from puljeguiden.dialogue import Context, Part, Reply, Turn, reply

CONTEXT = "context"


class ActionAnswer(Action):
    """Answers the latest message from the facts, in the light of the conversation."""

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the reply, with `custom.answers`, and remember the conversation's context."""
        current = facts.current()
        turn = read_turn(tracker)
        context = Context.from_dict(tracker.get_slot(CONTEXT), current)
        said = reply(turn, context, current, moment.now())
        utter(dispatcher, said)
        return [SlotSet(CONTEXT, said.context.as_dict())]


def read_turn(tracker: Tracker) -> Turn:
    """Return the latest message as the model understood it."""
    message = tracker.latest_message
    parts = message.get("topics") or [
        {"text": message["text"], "intent": message["intent"]["name"], "confidence": message["intent"]["confidence"]}
    ]
    metadata = message.get("metadata") or {}
    return Turn(
        message["text"],
        tuple(Part(**part) for part in parts),
        metadata.get("pool"),
        bool(metadata.get("cpr_removed")),
    )


def utter(dispatcher: CollectingDispatcher, said: Reply) -> None:
    """Say one whole reply: text, buttons and what it rests on."""
    answers = [answer.as_dict(secrets.token_hex(8)) for answer in said.answers]
    dispatcher.utter_message(
        response="utter_answer",
        parts=[part.as_dict() for part in said.says],
        json_message={"answers": answers},
        buttons=[{"title": title, "payload": title} for title in said.buttons],
    )
