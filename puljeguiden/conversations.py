"""Stores conversations as events that are only appended, in SQLite or PostgreSQL. Knows no Rasa.

Ids rise in the order in which rows become visible, and none is used twice: whoever reads on from the last id it has
seen misses nothing. That a conversation was deleted, by its visitor or because of its age, is a row too.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from puljeguiden import secret
from puljeguiden.database import Unavailable, connect, directly, reading, truncate, writing
from puljeguiden.masking import keyed_hash

Event = dict[str, Any]
DELETED = "conversation_deleted"
EXPIRED = "conversation_expired"
_TRACES = (DELETED, EXPIRED)
_PAGE = 500
_PREPARING_SECONDS = 60.0  # another process may be taking over a large database

_TABLES = sa.MetaData()
# The columns are Rasa's own, so that its tools can read them.
EVENTS = sa.Table(
    "events",
    _TABLES,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
    sa.Index("ix_events_sender_id_id", "sender_id", "id"),
    sqlite_autoincrement=True,  # without it, SQLite uses the ids of deleted rows again
)
SNAPSHOTS = sa.Table(
    "snapshots",
    _TABLES,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("event_id", sa.BigInteger, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
)
# SQLite's own, for what each message does.
_INSERT = """
    insert into events (sender_id, type_name, timestamp, intent_name, action_name, data)
    values (:sender_id, :type_name, :timestamp, :intent_name, :action_name, :data)
"""
_REPLACE_SNAPSHOT = "insert or replace into snapshots (sender_id, event_id, data) values (?, ?, ?)"
_HISTORY = "select id, data from events where sender_id = ? order by id"
_GONE_ON = "the conversation has gone on elsewhere"
_LAST_ID = sa.select(sa.func.max(EVENTS.c.id)).where(EVENTS.c.sender_id == sa.bindparam("sender"))


class Stored(NamedTuple):
    """An event as it is stored. `sender` is a keyed hash where the conversation was deleted."""

    id: int
    sender: str
    event: Event


class Conflict(Unavailable):
    """Somebody else has written to the conversation since it was read."""


class Conversations:
    """All conversations of one database.

    Tables are made, or taken over from stock Rasa, when it is opened; with `prepare` off, they are taken as they are.
    """

    def __init__(self, url: str, wait: float = 5.0, prepare: bool = True) -> None:
        if prepare:
            preparing = connect(url, _PREPARING_SECONDS)
            with writing(preparing) as db:
                _prepare(db)
            preparing.dispose()
        self._engine = connect(url, wait)
        self.remote: bool = self._engine.dialect.name != "sqlite"

    def last_id(self, sender: str) -> int:
        """Return the id of a conversation's last event; 0 where there is none."""
        if not self.remote:
            with directly(self._engine) as cursor:
                return _last_id_directly(cursor, sender)
        with reading(self._engine) as db:
            return _last_id(db, sender)

    def latest(self, sender: str) -> tuple[list[Event], int]:
        """Return what is needed to go on with a conversation, and the id of its last event.

        These are the events of its snapshot, and those stored since.
        """
        with reading(self._engine) as db:
            row = db.execute(sa.select(SNAPSHOTS).where(SNAPSHOTS.c.sender_id == sender)).first()
            events, last_id = (json.loads(row.data), row.event_id) if row else ([], 0)
            since = _events(db, EVENTS.c.sender_id == sender, EVENTS.c.id > last_id)
        return events + [stored.event for stored in since], since[-1].id if since else last_id

    def append(self, sender: str, events: Sequence[Event], after: int, snapshot: list[Event] | None = None) -> int:
        """Store events that follow the one with the id `after`, all or none, and return the last one's id.

        `snapshot` are events that lead to the same state as all of the conversation's, with the new ones.

        Raises:
            Conflict: `after` is no longer the conversation's last event.
            Unavailable: they could not be stored.
        """
        rows = [_row(sender, event) for event in events]
        if not self.remote:
            return self._append_directly(sender, rows, after, snapshot)
        with writing(self._engine) as db:
            if _last_id(db, sender) != after:
                raise Conflict(_GONE_ON)
            db.execute(EVENTS.insert(), rows)
            last_id = _last_id(db, sender)
            if snapshot:
                db.execute(SNAPSHOTS.delete().where(SNAPSHOTS.c.sender_id == sender))
                row = {"sender_id": sender, "event_id": last_id, "data": _readable(snapshot)}
                db.execute(SNAPSHOTS.insert(), row)
            return last_id

    def _append_directly(
        self, sender: str, rows: list[dict[str, Any]], after: int, snapshot: list[Event] | None
    ) -> int:
        with directly(self._engine, write=True) as cursor:
            if _last_id_directly(cursor, sender) != after:
                raise Conflict(_GONE_ON)
            cursor.executemany(_INSERT, rows)
            last_id = _last_id_directly(cursor, sender)
            if snapshot:
                cursor.execute(_REPLACE_SNAPSHOT, (sender, last_id, _readable(snapshot)))
            return last_id

    def history(self, sender: str) -> list[Stored]:
        """Return all events of a conversation, in their order."""
        if not self.remote:
            with directly(self._engine) as cursor:  # waits for nobody who writes
                rows = cursor.execute(_HISTORY, (sender,)).fetchall()
            return [Stored(id_, sender, json.loads(data)) for id_, data in rows]
        with reading(self._engine) as db:
            return _events(db, EVENTS.c.sender_id == sender)

    def delete(self, sender: str) -> bool:
        """Remove a conversation, and leave a row that says so without its id; return whether there was one.

        One that was removed for its age counts: others may still have a copy.
        """
        who = keyed_hash(sender, secret.key())
        with writing(self._engine) as db:
            mine = EVENTS.c.sender_id == sender
            expired = (EVENTS.c.sender_id == who) & (EVENTS.c.type_name == EXPIRED)
            found = db.execute(EVENTS.delete().where(mine | expired)).rowcount
            db.execute(SNAPSHOTS.delete().where(SNAPSHOTS.c.sender_id == sender))
            if found:
                db.execute(EVENTS.insert(), [_row(who, {"event": DELETED})])
            return bool(found)

    def old(self, before: float, after: int = 0) -> tuple[list[str], int]:
        """Return which conversations among the next events after an id ended before a moment (seconds since 1970).

        And the id to go on from; 0 where what follows is younger. Ids rise with time, so only what is old is looked at.
        """
        columns = sa.select(EVENTS.c.id, EVENTS.c.sender_id, EVENTS.c.timestamp)
        page = columns.where(EVENTS.c.id > after, EVENTS.c.type_name.notin_(_TRACES)).order_by(EVENTS.c.id)
        with reading(self._engine) as db:
            rows = db.execute(page.limit(_PAGE)).all()
            senders = {row.sender_id for row in rows if row.timestamp < before}
            ended = list(db.execute(_ended(before, senders)).scalars()) if senders else []
        return ended, rows[-1].id if senders and len(rows) == _PAGE else 0

    def expire(self, senders: Sequence[str], before: float) -> int:
        """Remove those of some conversations that ended before a moment, and return how many.

        Each leaves a row that says so without its id. One that has gone on meanwhile stays.
        """
        with writing(self._engine) as db:
            ended = list(db.execute(_ended(before, senders)).scalars())
            if ended:
                db.execute(EVENTS.delete().where(EVENTS.c.sender_id.in_(ended)))
                db.execute(SNAPSHOTS.delete().where(SNAPSHOTS.c.sender_id.in_(ended)))
                key = secret.key()
                db.execute(EVENTS.insert(), [_row(keyed_hash(one, key), {"event": EXPIRED}) for one in ended])
            return len(ended)

    def clean(self) -> None:
        """Leave nothing of what was removed in SQLite's log of writes; elsewhere, nothing is to be done."""
        if not self.remote:
            truncate(self._engine)

    def sender_of(self, key: str) -> str | None:
        """Return the id whose keyed hash is given; None where there is none. Looks at every id: slow, and rarely done."""
        made_with = secret.key()
        return next((one for one in self.senders() if keyed_hash(one, made_with) == key), None)

    def event(self, id_: int) -> Stored | None:
        """Return one event by its id."""
        with reading(self._engine) as db:
            return next(iter(_events(db, EVENTS.c.id == id_)), None)

    def follow(self, after: int, limit: int = 1000, types: Collection[str] = ()) -> list[Stored]:
        """Return the next events of all conversations after an id, deletions among them; only of some types, if given."""
        wanted = [EVENTS.c.type_name.in_(types)] if types else []
        with reading(self._engine) as db:
            return _events(db, EVENTS.c.id > after, *wanted, limit=limit)

    def unread(self, after: int, types: Collection[str]) -> tuple[int, float | None]:
        """Return how many events of some types come after an id, and when the oldest was stored (seconds since 1970)."""
        ahead = (EVENTS.c.id > after) & EVENTS.c.type_name.in_(types)
        with reading(self._engine) as db:
            count, oldest = db.execute(sa.select(sa.func.count(), sa.func.min(EVENTS.c.timestamp)).where(ahead)).one()
        return count, oldest

    def newest(self) -> int:
        """Return the id of the last event there is; 0 where there is none."""
        with reading(self._engine) as db:
            return db.execute(sa.select(sa.func.max(EVENTS.c.id))).scalar() or 0

    def senders(self) -> list[str]:
        """Return the ids of all conversations."""
        query = sa.select(EVENTS.c.sender_id).where(EVENTS.c.type_name.notin_(_TRACES)).distinct()
        with reading(self._engine) as db:
            return list(db.execute(query).scalars())

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _last_id(db: Connection, sender: str) -> int:
    return db.execute(_LAST_ID, {"sender": sender}).scalar() or 0


def _ended(before: float, senders: Collection[str]) -> Any:
    """Select those of some conversations whose last event was before a moment."""
    these = sa.select(EVENTS.c.sender_id).where(EVENTS.c.sender_id.in_(senders))
    return these.group_by(EVENTS.c.sender_id).having(sa.func.max(EVENTS.c.timestamp) < before)


def _last_id_directly(cursor: sqlite3.Cursor, sender: str) -> int:
    ((last_id,),) = cursor.execute("select max(id) from events where sender_id = ?", (sender,)).fetchall()
    return last_id or 0


def _events(db: Connection, *conditions: Any, limit: int | None = None) -> list[Stored]:
    columns = sa.select(EVENTS.c.id, EVENTS.c.sender_id, EVENTS.c.data)
    rows = db.execute(columns.where(*conditions).order_by(EVENTS.c.id).limit(limit))
    return [Stored(id_, sender, json.loads(data)) for id_, sender, data in rows]


def _row(sender: str, event: Event) -> dict[str, Any]:
    return {
        "sender_id": sender,
        "type_name": event["event"],
        "timestamp": event.get("timestamp"),
        "intent_name": event.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": event.get("name"),
        "data": _readable(event),
    }


def _readable(data: Event | list[Event]) -> str:
    """Return JSON with letters as they are; half a surrogate pair, which is no letter, stays escaped."""
    text = json.dumps(data, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(data)
    return text


def _prepare(db: Connection) -> None:
    """Make the tables; where stock Rasa's are found, move its rows over with their ids."""
    tables = sa.inspect(db).get_table_names()
    upgrade = "events" in tables and "snapshots" not in tables
    if upgrade:
        db.exec_driver_sql("alter table events rename to events_of_stock_rasa")
    _TABLES.create_all(db)
    if upgrade:
        _move_rows(db)
        db.exec_driver_sql("drop table events_of_stock_rasa")


def _move_rows(db: Connection) -> None:
    stock = sa.Table("events_of_stock_rasa", sa.MetaData(), autoload_with=db)
    last = 0
    while rows := db.execute(sa.select(stock).where(stock.c.id > last).order_by(stock.c.id).limit(1000)).all():
        moved = [{**row._mapping, "data": _readable(json.loads(row.data))} for row in rows]
        db.execute(EVENTS.insert(), moved)
        last = rows[-1].id
    if last and db.dialect.name == "postgresql":
        db.exec_driver_sql("select setval(pg_get_serial_sequence('events', 'id'), max(id)) from events")
