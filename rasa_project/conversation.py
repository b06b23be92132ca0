"""A conversation in memory: bounded, and aware of what is stored of it."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

# A turn has about six events; each costs time in every turn that it is kept for.
MOST_EVENTS = 40
# What rules may look back on, and what a turn that is reverted goes back to.
KEPT_TURNS = 3
# A form that does not end is cut too, but late.
MOST_EVENTS_IN_A_FORM = 120


class Conversation(DialogueStateTracker):
    """Rasa's tracker, which knows what is not stored yet, and can leave out what lies far back.

    Each action gets a copy of the tracker, and a copy replays the events. So what is left out is replaced by events
    that lead to the same state.
    """

    def __init__(self, sender: str, domain: Domain) -> None:
        super().__init__(sender, domain.slots)
        self.domain = domain
        self.last_id = 0
        self.unsaved: list[Event] = []

    @classmethod
    def restore(cls, sender: str, domain: Domain, events: Iterable[dict[str, Any]], last_id: int) -> Conversation:
        """Return a conversation as it was stored."""
        conversation = cls._after(sender, domain, (Event.from_parameters(event) for event in events))
        conversation.stored(last_id)
        return conversation

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """Add an event."""
        super().update(event, domain)
        self.unsaved.append(event)

    def copy(self) -> Conversation:
        """Return a conversation in the same state, which can go on by itself. Rasa's would replay all events."""
        twin = copy(self)
        twin.events, twin.unsaved = self.events.copy(), [*self.unsaved]
        twin.slots = {name: copy(slot) for name, slot in self.slots.items()}
        twin.active_loop = copy(self.active_loop)
        return twin

    def stored(self, last_id: int) -> None:
        """Take note that all events are stored, and of the last one's id."""
        self.last_id, self.unsaved = last_id, []

    def shortened(self) -> Conversation | None:
        """Return the same conversation with its last turns only; None where it is short, or at no resting place."""
        if len(self.events) <= MOST_EVENTS or not self._rests():
            return None
        applied = self.applied_events()
        turns = [index for index, event in enumerate(applied) if isinstance(event, UserUttered)]
        forms_too = len(self.events) > MOST_EVENTS_IN_A_FORM
        before, found = Conversation(self.sender_id, self.domain), None
        for index, event in enumerate(applied):
            if index in turns[: 1 - KEPT_TURNS] and before._rests() and (forms_too or not before.active_loop):
                found = [*before._summary(), *applied[index:]]
            before.update(event)
        if not found or len(found) >= len(self.events):
            return None
        return self._after(self.sender_id, self.domain, found)

    @classmethod
    def _after(cls, sender: str, domain: Domain, events: Iterable[Event]) -> Conversation:
        conversation = cls(sender, domain)
        for event in events:
            conversation.update(event)
        return conversation

    def _rests(self) -> bool:
        """Return whether the conversation waits for a message: nothing but its state matters then.

        A paused one does not listen. A form that was rejected is about to do something else.
        """
        last = self.events[-1] if self.events else None
        listens = isinstance(last, ActionExecuted) and last.action_name == ACTION_LISTEN_NAME
        return (listens or self.is_paused()) and not self.is_active_loop_rejected

    def _summary(self) -> list[Event]:
        """Return events that lead to this conversation's state, in the order in which Rasa would log them."""
        form = self.active_loop_name
        summary: list[Event] = [
            ActionExecuted(ACTION_SESSION_START_NAME),
            SessionStarted(),
            *([ActionExecuted(form), ActiveLoop(form)] if form else []),
            *(SlotSet(slot.name, slot.value) for slot in self.slots.values() if slot.has_been_set),
            *([ConversationPaused()] if self.is_paused() else []),
            ActionExecuted(ACTION_LISTEN_NAME),
        ]
        for event in summary:
            event.timestamp = self.events[-1].timestamp
        return summary
