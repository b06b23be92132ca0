"""Opens the form: who will get the question and why, and what the conversation already holds."""

from __future__ import annotations

from puljeguiden import danish
from puljeguiden.facts import Facts, Source
from puljeguiden.handoff import reading, requesting
from puljeguiden.handoff.form import ADMIN, SUBJECT, Form, contact_of, kind_of, names
from puljeguiden.handoff.reading import NOBODY, Details
from puljeguiden.say import Say, say

ANYONE = "button_no_pool"
"""The button for who means no pool in particular."""


def open_form(facts: Facts, pool: str | None, request: str, asked: str, topic: str, me: Details = NOBODY) -> Form:
    """Return a form with what is known.

    Args:
        facts: the facts.
        pool: the pool that is meant; None for no pool in particular.
        request: the message that asked for a person; it may hold the question, a name, an address.
        asked: the question the visitor asked before; empty where there is none.
        topic: what that question is about, as `topic` or `topic.aspect`; empty where unknown.
        me: what the visitor has told of themselves before.
    """
    given = reading.details(request, facts)
    found = requesting.question_in(request, facts)
    question = found if given.email or requesting.forwards(request) else ""  # taken, not suggested: it was meant so
    kind = kind_of(facts, topic) if question or asked else ""
    known = given.or_else(me)
    return Form(pool, kind, suggestion="" if question else asked).filled(
        question=question or None, name=known.name, organisation=known.organisation, email=known.email
    )


def introduce(form: Form, facts: Facts) -> tuple[tuple[Say, ...], tuple[Source, ...]]:
    """Return who will get the question and why, and the sentences that name them."""
    if form.pool is None:
        return (say("handoff"), say("handoff_anyone")), ()
    pool = facts.pools[form.pool]
    contacts = pool.contacts
    if not form.kind and depends_on_kind(form, facts):
        subject, admin = names(contacts.get(SUBJECT)), names(contacts.get(ADMIN))
        says = [say("handoff"), say("handoff_subject", who=_either(subject)), say("handoff_admin", who=_either(admin))]
        kinds = [SUBJECT, ADMIN]
    else:
        contact, kinds = contact_of(facts, form), [form.kind or SUBJECT]
        if found := names(contact):
            goes = "handoff_goes_admin" if form.kind == ADMIN else "handoff_goes_subject"
            says = [say(goes, pool=pool.name, who=danish.join(found))]
        elif contact:
            says = [say("handoff_place", pool=pool.name, who=contact.who), say("handoff_anyone")]
        else:
            says = [say("handoff_nobody", pool=pool.name), say("handoff_anyone")]
    sources = [source for kind in kinds if kind in contacts for source in pool.fact(contacts[kind].fact).sources]
    return tuple(says), tuple(dict.fromkeys(sources))


def depends_on_kind(form: Form, facts: Facts) -> bool:
    """Return whether it depends on the kind of question who gets it."""
    contacts = facts.pools[form.pool].contacts if form.pool else {}
    subject, admin = names(contacts.get(SUBJECT)), names(contacts.get(ADMIN))
    return bool(subject and admin and subject != admin)


def _either(who: tuple[str, ...]) -> str:
    return " eller ".join(who)
