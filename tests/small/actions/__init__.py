"""The small assistant's actions."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ConversationPaused, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher


class Count(Action):
    """Counts the conversation's messages that ask for it; what is lost or doubled shows."""

    def name(self) -> str:
        return "action_count"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the new count."""
        count = (tracker.get_slot("count") or 0) + 1
        dispatcher.utter_message(text=str(count))
        return [SlotSet("count", count), SlotSet("mood", "bad" if count % 2 else "good")]


class Forget(Action):
    """Forgets what the form has collected."""

    def name(self) -> str:
        return "action_forget"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Empty the form's slots."""
        return [SlotSet("person", None), SlotSet("mail", None)]


class Follow(Action):
    """Lets another action follow."""

    def name(self) -> str:
        return "action_follow"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say something, and ask for what follows."""
        dispatcher.utter_message(text="Først dette.")
        return [FollowupAction("utter_fact")]


class Pause(Action):
    """Pauses the conversation: a person takes over."""

    def name(self) -> str:
        return "action_pause"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say so, and pause."""
        dispatcher.utter_message(text="Nu kommer der et menneske.")
        return [ConversationPaused()]


class Fail(Action):
    """Fails."""

    def name(self) -> str:
        return "action_fail"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Raise."""
        raise RuntimeError("as the test wants it")


class Sleep(Action):
    """Takes long."""

    def name(self) -> str:
        return "action_sleep"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Answer after a while."""
        dispatcher.utter_message(text="Godmorgen.")
        await asyncio.sleep(30)
        return []
