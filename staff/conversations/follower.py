"""Copies what happens in the tracker store into the staff database, masked: each event once, whatever is killed when.

What an amount of events changes, and how far has been read, is one transaction. It starts anew when another follower
was faster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from puljeguiden import secret
from puljeguiden.conversations import Conversations, Stored
from puljeguiden.masking import keyed_hash
from staff.conversations import attention, reading, search
from staff.conversations.masked import HIDDEN
from staff.conversations.models import Answer, Conversation, Position, Turn
from staff.conversations.reading import Gone, Happening, Rated, Replied, Said

_ASKED = ("stated", "not_stated")
Subject = tuple[str, str]


class OtherStore(Exception):
    """The tracker store ends before the place that was read to: it is not the one that was read."""


def follow(store: Conversations, limit: int = 500) -> int:
    """Copy the next events, and return how many there were.

    Raises:
        Unavailable: the tracker store cannot be read.
        OtherStore: the tracker store was replaced.
        DatabaseError: the staff database cannot be written; nothing was copied.
    """
    position, _ = Position.objects.get_or_create(pk=1)
    events = store.follow(position.event, limit, reading.TYPES)
    if not events:
        if store.newest() < position.event:
            raise OtherStore
        return 0
    if len(events) == limit:
        events = events[: _last_turn(events)]
    happenings = list(reading.read(events))
    with transaction.atomic():
        if not Position.objects.filter(pk=1, event=position.event).update(event=events[-1].id, read=timezone.now()):
            return 0  # another follower was faster
        Copy(happenings).write()
    return len(events)


def _last_turn(events: list[Stored]) -> int:
    """Return how many events to take so that no turn is cut in two; a turn is stored at once."""
    starts = [number for number, stored in enumerate(events) if stored.event["event"] == "user"]
    return starts[-1] if starts and starts[-1] else len(events)


@dataclass
class Thread:
    """A conversation as the staff database will have it."""

    row: Conversation
    turns: list[Turn] = field(default_factory=list)
    said: Said | None = None
    asked: str = ""
    """What the form asked before the last message."""
    subjects: set[Subject] = field(default_factory=set)
    """What was asked in it before."""

    def say(self, said: Said) -> None:
        """Begin a turn."""
        row = self.row
        row.length += 1
        row.latest = max(row.latest, said.at)
        row.reviewed = False
        self.said, self.asked, row.asks = said, row.asks, ""
        turn = Turn(conversation=row, number=row.length, event=said.id, at=said.at, model=said.model)
        turn.question = reading.hidden(self.asked, said, None)
        turn.intent, turn.runner_up = said.intent, said.runner_up
        turn.confidence, turn.margin = said.confidence, said.margin
        self.turns.append(turn)

    def reply(self, replied: Replied, turn: Turn) -> list[Answer]:
        """Add a reply to a turn, and return its answers."""
        row = self.row
        row.latest, row.asks = max(row.latest, replied.at), replied.asks
        if self.said:
            turn.question = reading.hidden(self.asked, self.said, replied)
        if self.asked in HIDDEN and not replied.interrupts:  # what somebody is called says nothing about topics
            turn.intent = turn.runner_up = ""
            turn.confidence = turn.margin = None
        turn.reply = f"{turn.reply}\n{replied.text}".strip()
        turn.milliseconds = max(0, round((replied.at - turn.at).total_seconds() * 1000))
        turn.case = turn.case or replied.case
        answers = [_answer(turn, given) for given in replied.answers]
        asked = {(one.topic, one.pool) for one in answers if one.status in _ASKED}
        turn.repeats = turn.repeats or (bool(asked & self.subjects) and not turn.intent.startswith("move."))
        self.subjects |= asked
        return answers


class Copy:
    """What an amount of events changes in the staff database. Used once, inside a transaction."""

    def __init__(self, happenings: list[Happening]) -> None:
        self._happenings = happenings
        self._keys = {
            one.sender: keyed_hash(one.sender, secret.key()) for one in happenings if not isinstance(one, Gone)
        }
        self._threads: dict[str, Thread] = {}
        self._answers: list[Answer] = []
        self._changed: dict[int, Turn] = {}
        """Turns that were stored earlier, by the ids of their events."""

    def write(self) -> None:
        """Make the changes."""
        self._load(set(self._keys.values()))
        for one in self._happenings:
            if isinstance(one, Gone):
                self._delete(one.key)
            elif isinstance(one, Said):
                self._thread(self._keys[one.sender], one.at).say(one)
            elif thread := self._threads.get(self._keys[one.sender]):
                self._reply(thread, one) if isinstance(one, Replied) else self._rate(thread, one)
        self._save(list(self._threads.values()))

    def _load(self, keys: Iterable[str]) -> None:
        known = {row.pk: Thread(row) for row in Conversation.objects.select_for_update().filter(key__in=keys)}
        self._threads = {thread.row.key: thread for thread in known.values()}
        subjects = Answer.objects.filter(turn__conversation__in=known, status__in=_ASKED)
        for row, topic, pool in subjects.order_by().values_list("turn__conversation", "topic", "pool").distinct():
            known[row].subjects.add((topic, pool))

    def _thread(self, key: str, at: datetime) -> Thread:
        if key not in self._threads:
            self._threads[key] = Thread(Conversation(key=key, started=at, latest=at))
        return self._threads[key]

    def _reply(self, thread: Thread, replied: Replied) -> None:
        turn = thread.turns[-1] if thread.turns else self._stored(thread.row.turns.last() if thread.row.pk else None)
        if turn:
            self._answers += thread.reply(replied, turn)

    def _rate(self, thread: Thread, rated: Rated) -> None:
        fresh = [
            one.turn for one in self._answers if one.number == rated.answer and one.turn.conversation is thread.row
        ]
        turn = fresh[-1] if fresh else None
        if not turn and thread.row.pk:
            turn = self._stored(thread.row.turns.filter(answers__number=rated.answer).first())
        if turn:
            turn.useful, turn.reason = rated.useful, rated.reason
            thread.row.reviewed = thread.row.reviewed and rated.useful

    def _stored(self, turn: Turn | None) -> Turn | None:
        return self._changed.setdefault(turn.event, turn) if turn else None

    def _delete(self, key: str) -> None:
        self._threads.pop(key, None)
        self._answers = [one for one in self._answers if one.turn.conversation.key != key]
        self._changed = {event: turn for event, turn in self._changed.items() if turn.conversation.key != key}
        Conversation.objects.filter(key=key).delete()

    def _save(self, threads: list[Thread]) -> None:
        statuses: dict[int, set[str]] = defaultdict(set)
        for answer in self._answers:
            statuses[answer.turn.event].add(answer.status)
        for thread in threads:
            scores = [attention.of_turn(turn, statuses[turn.event]) for turn in thread.turns]
            thread.row.attention = max([0 if thread.row.reviewed else thread.row.attention, *scores])
        known = [thread.row for thread in threads if thread.row.pk]
        Conversation.objects.bulk_create(thread.row for thread in threads if not thread.row.pk)
        Turn.objects.bulk_create(turn for thread in threads for turn in thread.turns)
        for turn in self._changed.values():
            turn.save()
        Answer.objects.bulk_create(self._answers)
        rated = {turn.conversation_id for turn in self._changed.values()}
        for row in known:
            if row.pk in rated and not row.reviewed:  # a better rating may lower it
                row.attention = attention.score(row)
            row.save(update_fields=("latest", "length", "reviewed", "asks", "attention"))
        search.index(thread.row.pk for thread in threads)


def _answer(turn: Turn, given: dict[str, object]) -> Answer:
    return Answer(
        turn=turn,
        number=str(given["id"])[:16],
        pool=str(given.get("pool") or "")[:100],
        topic=str(given["topic"])[:100],
        status=str(given["status"])[:32],
        sources=given.get("sources") or [],
    )
