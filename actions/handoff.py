"""The action behind the form: it takes a message, says one reply, and stores the case when it is confirmed."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import CONTEXT, FORM, privacy, read_context, read_form, read_turn, utter
from actions.transcript import read_transcript
from puljeguiden import facts, handoff, moment, outbox, secret
from puljeguiden.dialogue import Context, Reply, person
from puljeguiden.masking import keyed_hash

logger = logging.getLogger(__name__)


class ValidateHandoffForm(Action):
    """Validates what the form was told; the pure `puljeguiden.handoff` decides."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Take the message and say what comes of it; let `action_answer` answer what is no matter of the form."""
        current = facts.current()
        form = read_form(tracker, current)
        if form is None or _is_answered(tracker):  # the reply, with the form's question, has been said
            return [SlotSet("requested_slot", tracker.get_slot("requested_slot"))]
        turn, context = read_turn(tracker), read_context(tracker, current)
        part = person.telling(turn, current)
        step = handoff.take(form, handoff.Said(turn.text, part.intent, part.confidence, turn.pressed), current)
        if step.interrupted:
            return [ActionExecutionRejected(FORM)]
        if step.send and step.form:
            said = await _send(step.form, tracker, context, current)
        elif step.form is None and (number := await _number(form)):
            said = person.already_sent_reply(form, number, context, current)
        else:
            said = person.step_reply(form, step, context, current, privacy())
        utter(dispatcher, person.told_of_cpr(said, turn))
        slots = said.form.as_slots() if said.form else handoff.EMPTY
        return [SlotSet(name, value) for name, value in {CONTEXT: said.context.as_dict(), **slots}.items()]


def _is_answered(tracker: Tracker) -> bool:
    """Return whether `action_answer` has replied to the latest message."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action" and event["name"] == "action_answer":
            return True
    return False


async def _send(form: handoff.Form, tracker: Tracker, context: Context, current: facts.Facts) -> Reply:
    """Store the case, and only then tell its number. In a thread: a disk that is slow stops nobody else."""
    try:
        number = await asyncio.to_thread(lambda: outbox.current().submit(_case(form, tracker, current)))
    except outbox.OutboxError as error:
        logger.error("a case could not be stored: %s", error)
        return person.not_stored_reply(form, context, current, privacy())
    return person.sent_reply(form, number, context, current)


def _case(form: handoff.Form, tracker: Tracker, current: facts.Facts) -> outbox.Case:
    return outbox.Case(
        key=form.submission(),
        pool=form.pool,
        kind=form.kind or handoff.SUBJECT,
        question=form.question or "",
        name=form.name or "",
        organisation=form.organisation or "",
        email=form.email or "",
        contacts=handoff.contacts(form, current),
        conversation=keyed_hash(tracker.sender_id, secret.key()),
        transcript=read_transcript(tracker),
        created=moment.utc(),
    )


async def _number(form: handoff.Form) -> str | None:
    """Return the number of a case that was stored though the visitor was not told: the turn broke off in between."""
    if form.ask != handoff.CONFIRM:
        return None
    try:
        return await asyncio.to_thread(lambda: outbox.current().number_of(form.submission()))
    except outbox.OutboxError:
        return None
