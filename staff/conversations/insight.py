"""Finds, hands out and deletes all that is kept about one conversation, wherever it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from puljeguiden import outbox, secret
from puljeguiden.conversations import Stored
from puljeguiden.masking import keyed_hash
from staff.cases import trail
from staff.cases.exports import as_json
from staff.cases.forms import shown_name
from staff.cases.models import Case, Event
from staff.conversations import retention
from staff.conversations.models import Conversation, Deletion, Look, Proposal, Turn
from staff.conversations.raw import store

_FORMAT = "puljeguiden-conversation/1"
_PERSONAL = ("user", "bot", "answer_rated")


@dataclass(frozen=True)
class Found:
    """What is kept about a conversation. `sender` is its id as its visitor has it; `key`, what staff see in its place."""

    key: str
    sender: str
    raw: list[Stored]
    copy: Conversation | None
    cases: list[Case]
    outbox: list[dict[str, Any]]

    def __bool__(self) -> bool:
        """Tell whether there is anything."""
        return bool(self.raw or self.copy or self.cases or self.outbox)

    @property
    def messages(self) -> list[Stored]:
        """Return what was said, as it was said."""
        return [one for one in self.raw if one.event["event"] in _PERSONAL]

    @property
    def name(self) -> str:
        """Return what a look at it is written down under."""
        return self.key or (self.cases[0].number if self.cases else self.outbox[0]["number"])


def find(given: str) -> Found:
    """Return what is kept about the conversation with an id, or from which a case with a number came.

    Raises:
        Unavailable: the tracker store cannot be reached.
        OutboxError: the outbox cannot be reached.
    """
    if outbox.NUMBER.fullmatch(given.upper()):
        return _find(number=given.upper())
    return _find(sender=given)


def _find(sender: str = "", number: str = "") -> Found:
    waiting = outbox.current().about("", number) if number else []
    case = Case.objects.filter(number=number).first() if number else None
    key = keyed_hash(sender, secret.key()) if sender else (case.conversation if case else "")
    key = key or (waiting[0]["conversation"] if waiting else "")
    if key and not sender:
        sender = store().sender_of(key) or ""
    return Found(
        key,
        sender,
        store().history(sender) if sender else [],
        Conversation.objects.filter(key=key).first() if key else None,
        list(Case.objects.filter(Q(number=number) | Q(conversation=key) if key else Q(number=number))),
        outbox.current().about(key, number),
    )


@transaction.atomic
def hand_out(found: Found, who: User, purpose: str) -> dict[str, Any]:
    """Return all that is kept, and write down who got it and why."""
    Look.objects.create(key=found.name, who=who, what=Look.What.EXPORTED, purpose=purpose)
    for case in found.cases:
        trail.record(case, who, Event.What.EXPORTED, purpose)
    looks = Look.objects.filter(key=found.name).select_related("who")
    return {
        "format": _FORMAT,
        "exported": timezone.now(),
        "conversation": [{"id": one.id, **one.event} for one in found.messages],
        "review": [_turn(turn) for turn in found.copy.turns.prefetch_related("answers")] if found.copy else [],
        "cases": [as_json(case) for case in found.cases],
        "outbox": found.outbox,
        "looks": [
            {"at": one.at, "who": shown_name(one.who), "what": one.get_what_display(), "purpose": one.purpose}
            for one in looks
        ],
    }


def _turn(turn: Turn) -> dict[str, Any]:
    verdict = getattr(turn, "verdict", None)
    return {
        "at": turn.at,
        "question": turn.question,
        "reply": turn.reply,
        "topic": turn.intent or None,
        "answers": [
            {"pool": one.pool or None, "topic": one.topic, "status": one.status, "sources": one.sources}
            for one in turn.answers.all()
        ],
        "useful": turn.useful,
        "reason": turn.reason,
        "case": turn.case or None,
        "verdict": {"what": verdict.get_what_display(), "comment": verdict.comment} if verdict else None,
        "proposed": [{"use": one.get_use_display(), "text": one.text} for one in turn.proposals.all()],
    }


def delete(found: Found, who: User, purpose: str, cases_too: bool) -> list[Deletion]:
    """Delete all that is kept, cases only where that is asked for, and return the proofs.

    Killed in between, it has deleted a part, and can be done again.

    Raises:
        Unavailable: the tracker store cannot be reached.
        OutboxError: the outbox cannot be reached.
    """
    Look.objects.create(key=found.name, who=who, what=Look.What.DELETED, purpose=purpose)
    numbers = [one["number"] for one in found.outbox]
    counts = {
        Deletion.What.CONVERSATIONS: int(bool(found.sender) and store().delete(found.sender) and bool(found.raw)),
        Deletion.What.OUTBOX: sum(outbox.current().erase(number, waiting=cases_too) for number in numbers),
        Deletion.What.TURNS: 0,
        Deletion.What.CASES: 0,
    }
    with transaction.atomic():
        if found.key:
            Proposal.objects.filter(turn__conversation__key=found.key).delete()
            counts[Deletion.What.TURNS] = _count(Conversation.objects.filter(key=found.key).delete())
        if cases_too:
            counts[Deletion.What.CASES] = _count(
                Case.objects.filter(pk__in=[case.pk for case in found.cases]).delete(), Case
            )
        proofs = [Deletion.objects.create(what=what, count=count) for what, count in counts.items() if count]
    retention.clean()
    return proofs


def _count(deleted: tuple[int, dict[str, int]], model: type = Conversation) -> int:
    return deleted[1].get(model._meta.label, 0)  # type: ignore[attr-defined]
