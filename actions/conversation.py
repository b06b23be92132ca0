"""What both actions do: read the conversation from Rasa's tracker, and say one whole reply."""

from __future__ import annotations

import secrets
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from puljeguiden import facts, handoff, settings, texts
from puljeguiden.dialogue import Context, Part, Reply, Turn

CONTEXT = "context"
FORM = "handoff_form"


def read_turn(tracker: Tracker) -> Turn:
    """Return the latest message as the model understood it."""
    message = tracker.latest_message
    parts = message.get("topics") or [
        {"text": message["text"], "intent": message["intent"]["name"], "confidence": message["intent"]["confidence"]}
    ]
    metadata = message.get("metadata") or {}
    pressed = texts.current().spoken(message["text"], [f"utter_{name}" for name in (*handoff.BUTTONS, handoff.ANYONE)])
    return Turn(
        message["text"],
        tuple(Part(**part) for part in parts),
        metadata.get("pool"),
        bool(metadata.get("cpr_removed")),
        pressed.removeprefix("utter_"),
    )


def read_context(tracker: Tracker, current: facts.Facts) -> Context:
    """Return what the conversation remembers."""
    return Context.from_dict(tracker.get_slot(CONTEXT), current)


def read_form(tracker: Tracker, current: facts.Facts) -> handoff.Form | None:
    """Return the form that is open; None where there is none."""
    is_open = (tracker.active_loop or {}).get("name") == FORM
    return handoff.Form.from_slots(tracker.get_slot, current) if is_open else None


def privacy() -> handoff.Privacy:
    """Return what the privacy notice tells, as configured."""
    return handoff.Privacy(settings.get("PULJEGUIDEN_CASE_DAYS"), settings.get("PULJEGUIDEN_PRIVACY_URL"))


def utter(dispatcher: CollectingDispatcher, said: Reply) -> None:
    """Say one whole reply: text, buttons, and what it rests on or collects."""
    custom: dict[str, Any] = {"answers": [answer.as_dict(secrets.token_hex(8)) for answer in said.answers]}
    if said.form:
        custom["form"] = {"name": "handoff", "ask": said.form.ask}
    if said.case:
        custom["case"] = said.case
    dispatcher.utter_message(
        response="utter_answer",
        parts=[part.as_dict() for part in said.says],
        choices=[button.as_dict() for button in said.buttons],
        json_message=custom,
    )
