"""Reads the events of the tracker store: what was said, answered, rated and deleted; already masked. Knows no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from puljeguiden import handoff, texts
from puljeguiden.conversations import DELETED, Stored
from puljeguiden.handoff import form
from puljeguiden.handoff.reading import order
from puljeguiden.privacy.names import Persons
from staff.conversations.masked import HIDDEN, clean, masked

TYPES = ("user", "bot", "answer_rated", DELETED)
"""The events that are read; the others are Rasa's own bookkeeping."""

_FALLBACK = "nlu_fallback"
# What replies repeat of the visitor's own words; the rest of a reply is our text.
_GIVEN = {"name": form.NAME, "organisation": form.ORGANISATION, "email": form.EMAIL}


@dataclass(frozen=True)
class Said:
    """A visitor's message. `order` is true for commands and buttons, which are shown whatever was asked."""

    id: int
    sender: str
    at: datetime
    text: str
    order: bool
    intent: str
    confidence: float | None
    runner_up: str
    margin: float | None
    model: str


@dataclass(frozen=True)
class Replied:
    """The assistant's reply. `asks` is what its form asks next."""

    id: int
    sender: str
    at: datetime
    text: str
    answers: tuple[dict[str, Any], ...]
    case: str
    asks: str

    @property
    def interrupts(self) -> bool:
        """Tell whether a question was answered that came in place of what the form asked."""
        return any(answer["topic"] != "handoff" and answer["status"] != "error" for answer in self.answers)


@dataclass(frozen=True)
class Rated:
    """A visitor's rating of an answer."""

    id: int
    sender: str
    answer: str
    useful: bool
    reason: str


@dataclass(frozen=True)
class Gone:
    """A conversation was deleted. `key` is what is left of its id."""

    id: int
    key: str


Happening = Said | Replied | Rated | Gone


def read(events: Iterable[Stored]) -> Iterator[Happening]:
    """Return what happened, in its order."""
    spoken = texts.current()
    buttons = {spoken.text(f"utter_{name}") for name in (*handoff.BUTTONS, handoff.ANYONE)}
    for stored in events:
        kind = stored.event["event"]
        if kind == "user":
            yield _said(stored, buttons)
        elif kind == "bot":
            yield _replied(stored)
        elif kind == "answer_rated":
            event = stored.event
            reason = masked(event.get("reason") or "")
            yield Rated(stored.id, stored.sender, event["answer"], event["useful"], reason)
        elif kind == DELETED:
            yield Gone(stored.id, stored.sender)


def hidden(asked: str, said: Said, replied: Replied | None) -> str:
    """Return the text to show for a message, by what the form had asked before it."""
    interrupted = replied is not None and replied.interrupts
    return said.text if said.order or interrupted else HIDDEN.get(asked, said.text)


def _said(stored: Stored, buttons: set[str]) -> Said:
    event = stored.event
    text, parsed = event.get("text") or "", event.get("parse_data") or {}
    guess = parsed.get("intent") or {}
    intent, confidence = guess.get("name") or "", guess.get("confidence")
    others = [
        one for one in parsed.get("intent_ranking") or () if _topic(one["name"]) not in (_topic(intent), _FALLBACK)
    ]
    # The ranking is of the whole message; where that holds several questions, it says nothing of the first.
    runner_up = others[0] if others and len(parsed.get("topics") or ()) < 2 else {}
    margin = None
    if runner_up and confidence is not None and intent != _FALLBACK:
        margin = max(0.0, confidence - runner_up["confidence"])
    return Said(
        stored.id,
        stored.sender,
        moment(event),
        masked(text, _persons(parsed)),
        bool(order(text)) or text in buttons,
        intent[:100],
        confidence,
        runner_up.get("name", "")[:100],
        margin,
        ((event.get("metadata") or {}).get("model_id") or "")[:64],
    )


def _persons(parsed: dict[str, Any]) -> Persons | None:
    """Return where the assistant's model saw persons; None where it did not look."""
    found = parsed.get("entities")
    return None if found is None else [(one["start"], one["end"]) for one in found if one["entity"] == "PER"]


def _replied(stored: Stored) -> Replied:
    event = stored.event
    custom = (event.get("data") or {}).get("custom") or {}
    return Replied(
        stored.id,
        stored.sender,
        moment(event),
        _without_given(event),
        tuple(custom.get("answers") or ()),
        ((custom.get("case") or {}).get("number") or "")[:16],
        (custom.get("form") or {}).get("ask") or "",
    )


def _without_given(event: dict[str, Any]) -> str:
    """Return a reply's text with what it repeats of the visitor's words masked."""
    text, repeats = clean(event.get("text") or ""), False
    for part in (event.get("metadata") or {}).get("parts") or ():
        for name, value in (part.get("values") or {}).items():
            if value and (name in _GIVEN or name == form.QUESTION):
                repeats = True
                text = text.replace(clean(value), HIDDEN[_GIVEN[name]] if name in _GIVEN else masked(value))
    return masked(text) if repeats else text


def _topic(intent: str) -> str:
    return intent.partition(".")[0]


def moment(event: dict[str, Any]) -> datetime:
    """Return when something happened."""
    return datetime.fromtimestamp(event["timestamp"], timezone.utc)
