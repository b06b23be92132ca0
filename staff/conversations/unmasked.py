"""What was really written in a conversation, as long as the tracker store keeps it."""

from __future__ import annotations

from puljeguiden.conversations import Stored
from puljeguiden.database import Unavailable
from staff.conversations.models import Conversation
from staff.conversations.raw import store

Texts = dict[int, tuple[str, str]]


def texts(conversation: Conversation) -> Texts | None:
    """Return question and reply of each turn by its event's id, as they were written.

    A turn that is gone from the tracker store is left out. None where the store cannot be reached.
    """
    events = set(conversation.turns.values_list("event", flat=True))
    try:
        for event in sorted(events):
            if stored := store().event(event):
                found = _turns(store().history(stored.sender))
                return {id_: text for id_, text in found.items() if id_ in events}
    except Unavailable:
        return None
    return {}


def _turns(history: list[Stored]) -> Texts:
    questions: dict[int, str] = {}
    replies: dict[int, list[str]] = {}
    last = 0
    for id_, _, event in history:
        if event["event"] == "user":
            last = id_
            questions[id_], replies[id_] = event.get("text") or "", []
        elif event["event"] == "bot" and last and event.get("text"):
            replies[last].append(event["text"])
    return {id_: (question, "\n".join(replies[id_])) for id_, question in questions.items()}
