"""A conversation in memory: bounded, and aware of what is stored of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker

from puljeguiden.conversations import Snapshot, Stored

# A turn has about six events; each costs time in every turn that it is kept for.
MOST_EVENTS = 40
# What rules and forms may still look back on: the last turns.
KEPT_EVENTS = 15
# A form that does not end is cut too, but late.
MOST_EVENTS_IN_A_FORM = 160


class Mark(NamedTuple):
    """A place where a conversation may be cut: after so many of its events, the last of which has this id."""

    events: int
    id: int
    in_form: bool


class Conversation(DialogueStateTracker):
    """Rasa's tracker, which knows what is not stored yet, and can leave out what lies far back.

    A copy of a tracker replays its events. So what is left out is replaced by events that lead to the same state.
    """

    def __init__(self, sender: str, domain: Domain) -> None:
        super().__init__(sender, domain.slots)
        self.domain = domain
        self.last_id = 0
        self.unsaved: list[Event] = []
        self._marks: list[Mark] = []

    @classmethod
    def restore(cls, sender: str, domain: Domain, snapshot: Snapshot | None, stored: Iterable[Stored]) -> Conversation:
        """Return a conversation as it was stored."""
        conversation = cls(sender, domain)
        for event in snapshot.events if snapshot else ():
            conversation.update(Event.from_parameters(event))
        for id_, _, event in stored:
            conversation.update(Event.from_parameters(event))
            conversation.stored(id_)
        return conversation

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """Add an event."""
        super().update(event, domain)
        self.unsaved.append(event)

    def stored(self, last_id: int) -> None:
        """Take note that all events are stored, and of the last one's id."""
        self.last_id = last_id
        self.unsaved = []
        last = self.events[-1]
        listens = isinstance(last, ActionExecuted) and last.action_name == ACTION_LISTEN_NAME
        # While a conversation is paused, nothing listens. A rejected form is on its way to something else.
        if (listens or self.is_paused()) and not self.is_active_loop_rejected:
            self._marks.append(Mark(len(self.events), last_id, self.active_loop is not None))

    def cut(self) -> tuple[Conversation, Snapshot] | None:
        """Return the same conversation with fewer events, and what stands for those left out; None: it is short."""
        if len(self.events) <= MOST_EVENTS:
            return None
        forms_too = len(self.events) > MOST_EVENTS_IN_A_FORM
        most = len(self.events) - KEPT_EVENTS
        marks = [mark for mark in self._marks if mark.events <= most and (forms_too or not mark.in_form)]
        if not marks:
            return None
        mark, events = marks[-1], list(self.events)
        before = Conversation(self.sender_id, self.domain)
        for event in events[: mark.events]:
            before.update(event)
        head = before._summary()
        shorter = Conversation(self.sender_id, self.domain)
        for event in [*head, *events[mark.events :]]:
            shorter.update(event)
        gone = mark.events - len(head)
        shorter._marks = [one._replace(events=one.events - gone) for one in self._marks if one.id > mark.id]
        shorter.last_id, shorter.unsaved = self.last_id, self.unsaved
        shorter.model_id, shorter.assistant_id = self.model_id, self.assistant_id
        return shorter, Snapshot(mark.id, [event.as_dict() for event in head])

    def _summary(self) -> list[Event]:
        """Return events that lead to this conversation's state, in the order in which Rasa would log them."""
        slots = [SlotSet(slot.name, slot.value) for slot in self.slots.values() if slot.has_been_set]
        form = self.active_loop_name
        summary = [
            ActionExecuted(ACTION_SESSION_START_NAME),
            SessionStarted(),
            *([ActionExecuted(form), ActiveLoop(form)] if form else []),
            *slots,
            *([ConversationPaused()] if self.is_paused() else []),
            ActionExecuted(ACTION_LISTEN_NAME),
        ]
        for event in summary:
            event.timestamp = self.events[-1].timestamp
        return summary
