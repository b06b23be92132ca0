"""What a message changes in the form: takes it, corrects it, ends it, or lets a question be answered first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from puljeguiden import signposts, splitting
from puljeguiden.facts import Facts
from puljeguiden.handoff import mail, reading, requesting
from puljeguiden.handoff.form import (
    CHANGE,
    CHANGES,
    CONFIRM,
    EMAIL,
    NAME,
    NO,
    ORGANISATION,
    QUESTION,
    REWRITE,
    RIGHT,
    SEND,
    SKIP,
    STEPS,
    Form,
    kind_of,
    pointed_to,
)
from puljeguiden.handoff.opening import depends_on_kind, introduce
from puljeguiden.masking import MASK
from puljeguiden.say import Say, say

_SURE = 0.7
_VERY_SURE = 0.85
_PROBABLE = 0.5  # where it is nothing that the form asks for
_LONGEST_COMMAND = 5  # words
_LONGEST_ORGANISATION = 10  # words
_PRESSED = {SEND: reading.YES, RIGHT: reading.YES, SKIP: reading.SKIP, NO: reading.NO}
_PRESSED |= {CHANGE: reading.CHANGE, REWRITE: reading.CHANGE}
_MOVES = {
    "move.affirm": reading.YES,
    "move.deny": reading.NO,
    "move.cancel": reading.CANCEL,
    "move.skip": reading.SKIP,
}
# What is answered in between besides questions about the pools.
_ASIDES = ("chitchat.", "move.source", "move.sure", "move.more", "move.other_pool", "move.both_pools", "move.pool")


@dataclass(frozen=True)
class Said:
    """A message as the model understood it; `pressed` is the name of the button whose title it is."""

    text: str
    intent: str = "nlu_fallback"
    confidence: float = 0.0
    pressed: str = ""

    def is_surely(self, *intents: str, sureness: float = _SURE) -> bool:
        """Return whether the message has one of these intents, or begins of intents, for certain."""
        return self.intent.startswith(intents) and self.confidence >= sureness

    def order(self) -> str:
        """Return the command that the message is, where it is nothing else; else nothing."""
        return _PRESSED.get(self.pressed) or reading.order(self.text)

    def meant_order(self) -> str:
        """Return the command that a short message is taken for: «nej glem det igen, tak»."""
        short = len(self.text.split()) <= _LONGEST_COMMAND and "?" not in self.text
        return _MOVES.get(self.intent, "") if short and self.confidence >= _VERY_SURE else ""

    def asks(self, facts: Facts, sureness: float = _SURE) -> bool:
        """Return whether the message is surely a question that the assistant answers."""
        topic = self.intent.partition(".")[0] in facts.topics
        if topic and self.confidence >= (sureness if splitting.asks(self.text) else _VERY_SURE):
            return True
        if self.is_surely("out_of_scope"):  # any unknown word counts as out of scope: a name, a place
            return splitting.is_question(self.text)
        return self.is_surely(*_ASIDES)


@dataclass(frozen=True)
class Step:
    """What came of a message. Without a form, the form has ended; `interrupted`: something else is to be answered first."""

    form: Form | None
    says: tuple[Say, ...] = ()
    interrupted: bool = False
    send: bool = False
    again: bool = False
    """True where the same is asked once more."""
    notice: bool = False
    """True where the visitor wants to know what happens with what they write."""


def take(form: Form, said: Said, facts: Facts) -> Step:
    """Return what a message makes of the form."""
    order = said.order()
    if order == reading.CANCEL:
        return _end("handoff_cancelled")
    if order == reading.BACK:
        return _back(form)
    if requesting.wants_call(said.text):
        return _again(form, "handoff_no_phone")
    if requesting.asks_when_answered(said.text) and (form.ask != QUESTION or form.suggestion):
        return _again(form, "handoff_no_time")
    if form.ask == QUESTION:
        meant = said.meant_order() if form.suggestion else ""  # it may be the question itself: «må man springe over»
        return _take_question(form, said, order or meant, facts)
    if said.is_surely("concern.", sureness=0.6):
        return Step(form, interrupted=True)
    if not order and (corrected := _correct(form, said, facts)):
        return corrected
    if said.meant_order() == reading.CANCEL and not reading.is_full_name(said.text):
        return _end("handoff_cancelled")
    if reading.asks_why(said.text):
        return Step(form, again=True, notice=True)
    if form.ask != CONFIRM and mail.refuses(said.text):
        return _end_without_address(form, facts)
    if taken := _TAKE[form.ask](form, said, order, facts):
        return taken
    if said.is_surely("handoff"):
        return _again(form, "handoff_under_way")
    if said.asks(facts, _PROBABLE):
        return Step(form, interrupted=True)
    return _again(form, _NOT_UNDERSTOOD.get(form.ask, ""))


def _take_question(form: Form, said: Said, order: str, facts: Facts) -> Step:
    """Take any message as the question, but one that is only a command, or that breaks off to ask something else first."""
    if order == reading.CANCEL:
        return _end("handoff_cancelled")
    if order == reading.YES:
        return Step(form.filled(question=form.suggestion)) if form.suggestion else _again(form)
    if order in (reading.NO, reading.CHANGE) and form.suggestion:
        return Step(replace(form, suggestion=""))
    if order == reading.NO:
        return _end("handoff_cancelled")
    if order in (reading.SKIP, reading.CHANGE):
        return _again(form, "handoff_question_needed")
    if reading.breaks_off(said.text) and said.asks(facts):
        return Step(form, interrupted=True)
    if reading.is_empty(said.text):
        return _again(form, "handoff_question_needed")
    given = reading.details(said.text, facts)
    form = replace(
        form,
        name=form.name if form.name is not None else given.name,
        organisation=form.organisation if form.organisation is not None else given.organisation,
        email=form.email or given.email,
    )
    if requesting.only_presents(said.text, given, facts):  # «Jens, j@x.dk. Hvad sker der så?», «Mit navn er Lone Bak»
        return Step(form.filled(question=form.suggestion)) if form.suggestion else _again(form, "handoff_noted")
    replaces = bool(form.suggestion)  # then it is said: it may not have been meant so
    known = form.filled(
        question=requesting.question_in(said.text, facts) or said.text,
        kind=kind_of(facts, said.intent if said.confidence >= 0.5 else ""),
        suggestion="",
    )
    if said.is_surely("concern.", sureness=0.6):  # help comes first, and the question is kept
        return Step(known, signposts.concern(facts, said.intent.partition(".")[2]).says)
    if known.ask == CONFIRM:  # there all of it is shown
        return Step(known)
    noted = (say("handoff_noted_question"),) if replaces or said.asks(facts) else ()
    who = introduce(known, facts)[0] if not form.kind and depends_on_kind(known, facts) else ()
    return Step(known, (*noted, *who))


def _take_name(form: Form, said: Said, order: str, facts: Facts) -> Step | None:
    text = said.text
    given = reading.details(text, facts)
    name = given.name
    if name is None and (reading.is_full_name(text) or _is_plain(said, order, facts)):
        name = reading.name_in(text)
    organisation = given.organisation
    if name is None and not said.asks(facts) and not splitting.asks(text):
        organisation = organisation or reading.organisation_in(text, facts)
    if name is not None or organisation or given.email:
        known = form.filled(
            name=name,
            organisation=organisation or form.organisation,
            email=given.email or form.email,
        )
        noted = [("handoff_noted_email", given.email), ("handoff_noted_organisation", organisation)]
        return Step(known, tuple(Say(f"utter_{text}") for text, taken in noted if taken and name is None))
    return _skip(form, said, order, name="")


def _take_organisation(form: Form, said: Said, order: str, facts: Facts) -> Step | None:
    if order in (reading.SKIP, reading.NO):
        return Step(form.filled(organisation=""))
    text = said.text
    given = reading.details(text, facts)
    organisation = given.organisation or reading.organisation_in(text, facts)
    if organisation and not splitting.asks(text) and len(text.split()) <= _LONGEST_ORGANISATION:
        return Step(form.filled(organisation=organisation, email=given.email or form.email))
    if given.email:
        return Step(form.filled(email=given.email), (say("handoff_noted_email"),))
    if skipped := _skip(form, said, order, organisation=""):
        return skipped
    if _is_plain(said, order, facts) and not splitting.asks(text) and MASK not in text and len(text.split()) <= 6:
        return Step(form.filled(organisation=text.strip(" .")))
    return None


def _take_email(form: Form, said: Said, order: str, facts: Facts) -> Step | None:
    if wrong := mail.fault(said.text, facts):
        return _again(form, wrong)
    if given := mail.addresses(said.text, facts):
        return Step(form.filled(email=given[0]))
    order = order or said.meant_order()
    if order in (reading.SKIP, reading.NO) or said.is_surely("move.skip", "move.deny"):
        return _end_without_address(form, facts)
    if mail.is_phone_number(said.text):
        return _again(form, "email_phone")
    return None if said.asks(facts, _PROBABLE) or said.is_surely("handoff") else _again(form, "email_none")


def _take_confirmation(form: Form, said: Said, order: str, facts: Facts) -> Step | None:
    if form.choosing and (field := reading.field_named(said.text)):
        return _change(form, field)
    # More than «nej» may be a correction that was not understood, and more than «ja» a reservation.
    meant = said.meant_order() if not order and not reading.is_wrong(said.text) else ""
    if meant == reading.YES and not reading.hesitates(said.text):
        order = meant
    if order == reading.YES and not form.choosing:
        return Step(form, send=True)
    if order == reading.CHANGE or (not order and reading.is_wrong(said.text)):
        return Step(replace(form, choosing=True))
    if order == reading.NO:
        return Step(replace(form, choosing=False)) if form.choosing else _end("handoff_not_sent")
    return None


_NOT_UNDERSTOOD = {
    NAME: "handoff_no_name",
    ORGANISATION: "handoff_no_organisation",
    CONFIRM: "handoff_no_confirmation",
}
_TAKE = {NAME: _take_name, ORGANISATION: _take_organisation, EMAIL: _take_email, CONFIRM: _take_confirmation}


def _is_plain(said: Said, order: str, facts: Facts) -> bool:
    """Return whether a message is neither a command nor a question nor small talk, so that it may be what was asked for."""
    return not order and not said.meant_order() and not said.asks(facts) and not said.is_surely("handoff")


def _skip(form: Form, said: Said, order: str, **empty: str) -> Step | None:
    skips = (order or said.meant_order()) in (reading.SKIP, reading.NO) or said.is_surely("move.skip")
    return Step(form.filled(**empty)) if skips else None


def _correct(form: Form, said: Said, facts: Facts) -> Step | None:
    """Return the form with the field that a message corrects, if it corrects one."""
    if field := CHANGES.get(said.pressed):
        return _change(form, field)
    if (
        form.email is not None and "@" in said.text and not splitting.is_question(said.text)
    ):  # «forkert mail, det er m@x.dk»
        if wrong := mail.fault(said.text, facts):
            return _again(form.filled(email=None), wrong)
        return Step(form.filled(email=mail.addresses(said.text, facts)[0]))
    found = reading.correction(said.text, _last(form), facts)
    if not found or (found[0] == form.ask and found[1]):  # what is asked for is read where it is asked for
        return None
    field, value = found
    if not value:
        return _change(form, field)
    if field == EMAIL:
        wrong = mail.fault(value, facts)
        return _again(form.filled(email=None), wrong) if wrong or not mail.addresses(value, facts) else None
    if field == NAME:
        if not reading.is_name(value):
            return None
        given = reading.details(said.text, facts)  # «jeg hedder Mette og er fra Vejle»
        organisation = given.organisation or form.organisation
        return Step(form.filled(name=reading.tidy_name(value), organisation=organisation))
    if field == ORGANISATION:
        value = reading.organisation_in(value, facts) or value
    return Step(form.filled(**{field: value}))


def _change(form: Form, field: str) -> Step:
    """Ask for a field anew; the question as it is stays on offer."""
    if field == QUESTION:
        return Step(form.filled(question=None, suggestion=""))
    return Step(form.filled(**{field: None}))


def _last(form: Form) -> str:
    """Return the field that was filled before the one that is asked for."""
    filled = [step for step in STEPS[: STEPS.index(form.ask)] if getattr(form, step)]
    return filled[-1] if filled else ""


def _back(form: Form) -> Step:
    if form.choosing:
        return Step(replace(form, choosing=False))
    place = STEPS.index(form.ask)
    if place == 0:
        return _again(form, "handoff_first")
    field = STEPS[place - 1]
    values: dict[str, Any] = {"ask": field, field: None}
    if field == QUESTION:
        values["suggestion"] = form.question or ""
    return Step(replace(form, **values))


def _again(form: Form, why: str = "") -> Step:
    return Step(form, (Say(f"utter_{why}"),) if why else (), again=True)


def _end(name: str) -> Step:
    return Step(None, (Say(f"utter_{name}"),))


def _end_without_address(form: Form, facts: Facts) -> Step:
    """Point to the public contact instead, or to each where no pool is meant; no case is made."""
    pointed = pointed_to(form, facts)
    ask = [say("ask_about", pools=pool.name, who=contact.who) for pool, contact in pointed]
    return Step(None, (say("handoff_no_email"), *ask))
