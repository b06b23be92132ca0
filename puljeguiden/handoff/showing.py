"""What the form says: its questions, what will be sent, and that it was sent."""

from __future__ import annotations

from dataclasses import dataclass

from puljeguiden import danish
from puljeguiden.facts import Facts
from puljeguiden.handoff.form import (
    CHANGE,
    CHANGES,
    CONFIRM,
    NAME,
    NO,
    ORGANISATION,
    QUESTION,
    REWRITE,
    RIGHT,
    SEND,
    SKIP,
    Form,
    contacts,
)
from puljeguiden.say import Say, say


@dataclass(frozen=True)
class Privacy:
    """What the privacy notice tells: how many days after its end a case is deleted (0: not by itself), and where more stands."""

    days: int = 0
    url: str = ""


def ask(form: Form, facts: Facts, privacy: Privacy, again: bool = False) -> tuple[tuple[Say, ...], tuple[Say, ...]]:
    """Return what to ask, and the buttons under it; `again` asks more briefly."""
    if form.choosing:
        return (say("handoff_what_to_change"),), tuple(say(button) for button in CHANGES)
    if form.ask == CONFIRM:
        whole = () if again else (*_summary(form, facts), *notice(privacy))
        return (*whole, say("handoff_ask_confirm")), (say(SEND), say(CHANGE), say(NO))
    if form.ask == QUESTION and form.suggestion:
        return (say("handoff_ask_suggested", question=form.suggestion),), (say(RIGHT), say(REWRITE))
    buttons = (say(SKIP),) if form.ask in (NAME, ORGANISATION) else ()
    return (_ASK[form.ask],), buttons


_ASK = {
    QUESTION: say("handoff_ask_question"),
    NAME: say("handoff_ask_name"),
    ORGANISATION: say("handoff_ask_organisation"),
    "email": say("handoff_ask_email"),
}


def _summary(form: Form, facts: Facts) -> list[Say]:
    who = contacts(form, facts)
    said = [say("handoff_shows"), say("handoff_shows_question", question=form.question or "")]
    if form.name:
        said.append(say("handoff_shows_name", name=form.name))
    if form.organisation:
        said.append(say("handoff_shows_organisation", organisation=form.organisation))
    said.append(say("handoff_shows_email", email=form.email or ""))
    return [*said, say("handoff_shows_who", who=danish.join(who)) if who else say("handoff_shows_anyone")]


def notice(privacy: Privacy) -> list[Say]:
    """Return what is kept of a case, who reads it, and for how long."""
    kept = say("handoff_kept_days", days=str(privacy.days)) if privacy.days else say("handoff_kept")
    return [say("handoff_privacy"), kept, *([say("handoff_privacy_more", url=privacy.url)] if privacy.url else [])]


def sent(number: str, form: Form, facts: Facts) -> tuple[Say, ...]:
    """Return the confirmation that a case was stored."""
    who = contacts(form, facts)
    thanks = say("handoff_thanks_name", name=form.name.split()[0]) if form.name else say("handoff_thanks")
    to = say("handoff_sent_to", who=danish.join(who)) if who else say("handoff_sent")
    return thanks, to, say("handoff_number", number=number), say("handoff_reply_to", email=form.email or "")
