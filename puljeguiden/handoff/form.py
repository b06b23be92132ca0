"""What the form holds, and how it travels in Rasa's slots."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from puljeguiden.facts import Contact, Facts, Pool, Source

QUESTION, NAME, ORGANISATION, EMAIL, CONFIRM = "question", "name", "organisation", "email", "confirm"
STEPS = (QUESTION, NAME, ORGANISATION, EMAIL, CONFIRM)
"""What is asked for, in this order: the form's required slots, and the values of `custom.form.ask`."""

YES, NO, SKIP, SEND, CHANGE = "button_yes", "button_no", "button_skip", "button_send", "button_change"
RIGHT, REWRITE = "button_question_right", "button_question_rewrite"
CHANGES = {
    "button_change_question": QUESTION,
    "button_change_name": NAME,
    "button_change_organisation": ORGANISATION,
    "button_change_email": EMAIL,
}
BUTTONS = (YES, NO, SKIP, SEND, CHANGE, RIGHT, REWRITE, *CHANGES)

SUBJECT, ADMIN = "subject", "admin"
_NAMED = {"contact", "admin_contact"}


@dataclass(frozen=True)
class Form:
    """A case in the making. A field is None until it was asked for, and empty where it was skipped."""

    pool: str | None = None
    kind: str = ""
    """`subject` or `admin`; empty until the question tells."""
    key: str = ""
    ask: str = QUESTION
    question: str | None = None
    name: str | None = None
    organisation: str | None = None
    email: str | None = None
    suggestion: str = ""
    """What the visitor asked before: offered as the case's question."""
    choosing: bool = False
    """True where the visitor was asked what to change."""

    def filled(self, **values: Any) -> Form:
        """Return the form with more fields, asking for the first that is missing."""
        known = replace(self, choosing=False, **values)
        missing = [step for step in STEPS[:-1] if getattr(known, step) is None]
        return replace(known, ask=(missing or [CONFIRM])[0])

    def submission(self) -> str:
        """Return the key of the case as it is now: sent again unchanged, it is the same case; corrected, another."""
        whole = (self.key, self.pool, self.kind, self.question, self.name, self.organisation, self.email)
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:32]

    def as_slots(self) -> dict[str, Any]:
        """Return the form as the values of Rasa's slots."""
        rest = {name: getattr(self, name) for name in ("pool", "kind", "key", "suggestion", "choosing")}
        fields = {step: getattr(self, step) for step in STEPS[:-1]}
        return {**fields, CONFIRM: None, "case": rest, "requested_slot": self.ask}

    @classmethod
    def from_slots(cls, slot: Callable[[str], Any], facts: Facts) -> Form:
        """Return the form that Rasa's slots hold; a pool that is no longer there is forgotten."""
        rest = slot("case") or {}
        pool = rest.get("pool")
        asked = slot("requested_slot")
        return cls(
            pool=pool if pool in facts.pools else None,
            kind=str(rest.get("kind", "")),
            key=str(rest.get("key", "")),
            ask=asked if asked in STEPS else QUESTION,
            question=slot(QUESTION),
            name=slot(NAME),
            organisation=slot(ORGANISATION),
            email=slot(EMAIL),
            suggestion=str(rest.get("suggestion", "")),
            choosing=bool(rest.get("choosing")),
        )


EMPTY: dict[str, Any] = {**dict.fromkeys(STEPS), "case": None, "requested_slot": None}
"""The slots when there is no form: nothing of the visitor's is kept in them."""


def kind_of(facts: Facts, question: str) -> str:
    """Return who answers a question (`topic` or `topic.aspect`): `subject` or `admin`."""
    topic = facts.topics.get(question.partition(".")[0])
    return topic.ask if topic else SUBJECT


def contact_of(facts: Facts, form: Form) -> Contact | None:
    """Return whom the pool's page points to for the form's kind of question."""
    return facts.pools[form.pool].contacts.get(form.kind or SUBJECT) if form.pool else None


def pointed_to(form: Form, facts: Facts) -> list[tuple[Pool, Contact]]:
    """Return whom the pages point to for the form's kind of question: the pool's, or each where no pool is meant."""
    pools = [facts.pools[form.pool]] if form.pool else list(facts.pools.values())
    found = [(pool, pool.contacts.get(form.kind or SUBJECT)) for pool in pools]
    return [(pool, contact) for pool, contact in found if contact]


def sources(form: Form, facts: Facts) -> tuple[Source, ...]:
    """Return the sentences of the pages that name whom they point to."""
    found = (source for pool, contact in pointed_to(form, facts) for source in pool.fact(contact.fact).sources)
    return tuple(dict.fromkeys(found))


def contacts(form: Form, facts: Facts) -> tuple[str, ...]:
    """Return the names a case goes to, as the applicant is shown them."""
    return names(contact_of(facts, form))


def names(contact: Contact | None) -> tuple[str, ...]:
    """Return the people or the office a page names as its contact; nothing where it only points somewhere."""
    if contact is None or contact.fact.partition(".")[0] not in _NAMED:
        return ()
    return tuple(contact.who.split(" eller "))
