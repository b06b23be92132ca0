"""The action that answers every message but those a form takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import CONTEXT, FORM, privacy, read_context, read_form, read_turn, utter
from puljeguiden import facts, handoff, moment, outbox
from puljeguiden.dialogue import reply


class ActionAnswer(Action):
    """Answers the latest message from the facts, in the light of the conversation."""

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the reply, remember the conversation's context, and open or end the form where the reply does."""
        current = facts.current()
        form = read_form(tracker, current)
        context = read_context(tracker, current)
        said = reply(read_turn(tracker), context, current, moment.now(), form, privacy())
        utter(dispatcher, said)
        events = [SlotSet(CONTEXT, said.context.as_dict())]
        if said.form and not form:
            opened = replace(said.form, key=outbox.new_key())
            events += [SlotSet(name, value) for name, value in opened.as_slots().items()]
            return [*events, FollowupAction(FORM)]
        if form and not said.form:
            events += [SlotSet(name, value) for name, value in handoff.EMPTY.items()]
            events.append(ActiveLoop(None))
        return events
