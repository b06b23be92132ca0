"""Deletes what has been kept for long enough, and writes down how much. A setting of 0 days means: never."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from puljeguiden import bank, jobs, outbox, settings
from puljeguiden.database import Unavailable
from staff.cases.models import UNANSWERED, Case, Event, Letter
from staff.conversations import search
from staff.conversations.follower import follow
from staff.conversations.models import Conversation, Deletion, Look
from staff.conversations.raw import store
from staff.people import attempts

logger = logging.getLogger(__name__)

What = Deletion.What
_AT_ONCE = 100
_MANY = 100  # fewer events than these are those of the last moments
_SETTINGS = {
    What.CONVERSATIONS: "PULJEGUIDEN_CONVERSATION_DAYS",
    What.TURNS: "PULJEGUIDEN_REVIEW_DAYS",
    What.CASES: "PULJEGUIDEN_CASE_DAYS",
    What.LOOKS: "PULJEGUIDEN_AUDIT_DAYS",
}
# Looking at a case does not keep it.
_LOOKS = (Event.What.OPENED, Event.What.EXPORTED, Event.What.PRINTED)


@dataclass(frozen=True)
class Rule:
    """What is kept for how many days, and how much the next run deletes. `count` is None where that cannot be told."""

    what: str
    days: int
    older_than: datetime | None
    count: int | None

    @property
    def label(self) -> str:
        """Return what it is, as people read it."""
        return str(What(self.what).label)


def preview() -> list[Rule]:
    """Return what is kept for how long, and what a run would delete now."""
    return [Rule(what, _days(what), _older_than(what), _count(what)) for what in _SETTINGS]


def overdue_cases() -> QuerySet[Case]:
    """Return the cases that are old enough to be deleted but have not been answered: those stay."""
    older_than = _older_than(What.CASES)
    return _quiet_cases(older_than).filter(state__in=UNANSWERED) if older_than else Case.objects.none()


def run() -> list[Deletion]:
    """Delete what is due, and return the proofs.

    Raises:
        Unavailable: the tracker store cannot be reached.
        DatabaseError: the staff database cannot be written.
    """
    while follow(store()) >= _MANY:  # nobody's copy is lost because the follower was far behind
        pass
    proofs = []
    for what, delete in _DELETE.items():
        older_than = _older_than(what)
        count = delete(older_than) if older_than else 0
        if count:
            proofs.append(Deletion.objects.create(what=what, older_than=older_than, count=count))
            logger.info("deleted: %s %s", count, what)
    attempts.forget_old()
    if older_than := _older_than(What.TURNS):
        bank.forget_questions(older_than + timedelta(days=jobs.ASKED_DAYS))
    clean()
    return proofs


def clean() -> None:
    """Leave nothing of what was deleted in SQLite's index and logs. What is in use is cleaned the next time."""
    search.forget()
    for where in (store, outbox.current):
        try:
            where().clean()
        except (Unavailable, outbox.OutboxError):
            logger.info("a log of writes is in use; it is emptied later")
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("pragma wal_checkpoint(truncate)")


def _days(what: str) -> int:
    return int(settings.get(_SETTINGS[What(what)]))


def _older_than(what: str) -> datetime | None:
    days = _days(what)
    return timezone.now() - timedelta(days=days) if days else None


def _count(what: str) -> int | None:
    older_than = _older_than(what)
    if older_than is None:
        return 0
    if what != What.CONVERSATIONS:
        return _DUE[What(what)](older_than).count()
    try:
        return sum(len(set(ended)) for ended in _ended(older_than))
    except Unavailable:
        return None


def _ended(older_than: datetime) -> Iterator[list[str]]:
    """Return the conversations of the tracker store that ended before a moment, in portions; none comes twice."""
    seen: set[str] = set()
    after = 0
    while True:
        ended, after = store().old(older_than.timestamp(), after)
        new = [sender for sender in ended if sender not in seen]
        seen.update(new)
        yield new
        if not after:
            return


def _delete_raw(older_than: datetime) -> int:
    return sum(store().expire(ended, older_than.timestamp()) for ended in _ended(older_than) if ended)


def _turns(older_than: datetime) -> QuerySet[Conversation]:
    return Conversation.objects.filter(latest__lt=older_than)


def _looks(older_than: datetime) -> QuerySet[Look]:
    return Look.objects.filter(at__lt=older_than)


def _cases(older_than: datetime) -> QuerySet[Case]:
    return _quiet_cases(older_than).exclude(state__in=UNANSWERED)


def _quiet_cases(older_than: datetime) -> QuerySet[Case]:
    """Return the cases with which nothing has happened since a moment: no change, no mail."""
    mine = Q(case=OuterRef("pk"))
    events = Event.objects.filter(mine, at__gte=older_than).exclude(what__in=_LOOKS)
    letters = Letter.objects.filter(mine, Q(written__gte=older_than) | Q(status=Letter.Status.QUEUED))
    return Case.objects.filter(~Exists(events), ~Exists(letters), received__lt=older_than)


_DUE: dict[What, Callable[[datetime], QuerySet]] = {What.TURNS: _turns, What.CASES: _cases, What.LOOKS: _looks}


def _delete_rows(due: Callable[[datetime], QuerySet]) -> Callable[[datetime], int]:
    """Return what deletes the rows that are due, a few at a time, so that others can write in between."""

    def delete(older_than: datetime) -> int:
        count = 0
        while True:
            with transaction.atomic():
                found = due(older_than).order_by()
                keys = list(found.select_for_update().values_list("pk", flat=True)[:_AT_ONCE])
                # Asked again: what has gone on meanwhile is no longer due.
                gone = found.filter(pk__in=keys)
                count += len(keys)
                gone.delete()
            if len(keys) < _AT_ONCE:
                return count

    return delete


_DELETE = {What.CONVERSATIONS: _delete_raw, **{what: _delete_rows(due) for what, due in _DUE.items()}}
