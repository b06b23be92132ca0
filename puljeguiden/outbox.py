"""The outbox: cases wait here, stored where they cannot be lost, until the staff service has them.

A number is given only for a case that is on disk. One key is one case: the second time, the first number comes back.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from puljeguiden import moment, settings
from puljeguiden.masking import mask_cpr

WAITING, DELIVERED, REFUSED = "waiting", "delivered", "refused"
ERASED = "erased"  # before it was delivered

# No two characters look alike, and without vowels no number is a word.
_ALPHABET = "23456789CDFHJKMNPQRTVWX"
NUMBER = re.compile(rf"PG-[{_ALPHABET}]{{4}}-[{_ALPHABET}]{{4}}")
# Well within what the staff service takes (staff/cases/case.schema.json).
_LONGEST = {"question": 20_000, "name": 500, "organisation": 500, "email": 500}
_LONGEST_TRANSCRIPT = 1_000_000  # bytes
_MOST_LINES = 1000
_WAIT_FOR_LOCK = 3  # seconds; a turn has 8

_table = sa.Table(
    "outbox",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("number", sa.String(16), nullable=False, unique=True),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("reason", sa.String(500), nullable=False, default=""),
    sa.Column("created", sa.DateTime, nullable=False),
    sa.Column("delivered", sa.DateTime),
    sa.Column("content", sa.Text, comment="JSON; empty once the staff service has had it for long enough"),
    sqlite_autoincrement=True,
)


class OutboxError(RuntimeError):
    """The outbox cannot be read or written: a full disk, no database. Nothing was stored, and there is no number."""


@dataclass(frozen=True)
class Case:
    """A question handed to people.

    `key` is 128 bits or more in hex, made from those drawn when the form opens and from what was filled in. `kind`
    is `subject` or `admin`. `contacts` are the names that the applicant was shown. `conversation` is the keyed hash
    of the conversation's id. `transcript` holds `{"at", "from": "visitor" | "assistant", "text", "answers": [items
    of custom.answers]}`, oldest first. `created`, and each `at` (ISO 8601), are in UTC, with or without saying so.
    """

    key: str
    pool: str | None
    kind: str
    question: str
    email: str
    created: datetime
    name: str = ""
    organisation: str = ""
    contacts: tuple[str, ...] = ()
    conversation: str = ""
    transcript: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Stored:
    """A case as the outbox holds it. `content` is what the staff service gets; None once it was forgotten here."""

    number: str
    key: str
    state: str
    reason: str
    content: dict[str, Any] | None


def new_key() -> str:
    """Return a key for a case: 128 random bits in hex."""
    return secrets.token_hex(16)


def url() -> str:
    """Return the SQLAlchemy address of the configured outbox."""
    return (
        settings.get("PULJEGUIDEN_OUTBOX_DATABASE_URL") or f"sqlite:///{settings.get('PULJEGUIDEN_VAR_DIR')}/outbox.db"
    )


class Outbox:
    """The cases in one database. Safe for several threads and processes."""

    def __init__(self, address: str) -> None:
        self._engine = sa.create_engine(address, future=True, pool_pre_ping=True, **_engine_options(address))
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _make_durable)
        self._ready = False

    def submit(self, case: Case) -> str:
        """Store a case for good, and return its number; for a key that is known, return the number it has.

        CPR numbers are masked.

        Raises:
            OutboxError: it could not be stored.
        """
        content = _content(case)
        with self._begin() as connection:
            if number := self._number_of(connection, case.key):
                return number
        for _ in range(10):
            number = _draw()
            row = {"key": case.key, "number": number, "state": WAITING, "created": _utc(case.created)}
            text = json.dumps({**content, "number": number}, ensure_ascii=False)
            try:
                with self._begin() as connection:
                    connection.execute(_table.insert().values(**row, content=text))
                return number
            except IntegrityError:  # this key came in a moment ago, or this number is taken
                with self._begin() as connection:
                    if number := self._number_of(connection, case.key):
                        return number
        raise OutboxError("no free number was found")

    def number_of(self, key: str) -> str | None:
        """Return the number of the case with a key; None where there is none.

        Raises:
            OutboxError: the outbox cannot be read.
        """
        with self._begin() as connection:
            return self._number_of(connection, key)

    def pending(self, state: str, most: int = 50) -> list[Stored]:
        """Return the oldest cases that are `WAITING` or `REFUSED`.

        Raises:
            OutboxError: the outbox cannot be read.
        """
        query = sa.select(_table).where(_table.c.state == state).order_by(_table.c.id).limit(most)
        with self._begin() as connection:
            return [
                Stored(row.number, row.key, row.state, row.reason, json.loads(row.content) if row.content else None)
                for row in connection.execute(query)
            ]

    def counts(self) -> dict[str, int]:
        """Return how many cases are waiting, delivered and refused.

        Raises:
            OutboxError: the outbox cannot be read.
        """
        query = sa.select(_table.c.state, sa.func.count()).group_by(_table.c.state)
        with self._begin() as connection:
            found = {row[0]: row[1] for row in connection.execute(query)}
        return {state: found.get(state, 0) for state in (WAITING, DELIVERED, REFUSED)}

    def delivered(self, number: str) -> None:
        """Note that the staff service has a case.

        Raises:
            OutboxError: it could not be noted; the case will be delivered again, which does no harm.
        """
        self._set(number, state=DELIVERED, reason="", delivered=moment.utc())

    def refused(self, number: str, reason: str) -> None:
        """Note that the staff service refuses a case, and why.

        Raises:
            OutboxError: it could not be noted.
        """
        self._set(number, state=REFUSED, reason=reason[:500])

    def forget(self, before: datetime) -> int:
        """Remove the contents of cases delivered before a moment (UTC), keep their keys and numbers; return how many.

        Raises:
            OutboxError: the outbox cannot be written.
        """
        due = (_table.c.state == DELIVERED) & (_table.c.delivered < before) & _table.c.content.isnot(None)
        with self._begin() as connection:
            return int(connection.execute(_table.update().where(due).values(content=None)).rowcount)

    def forgotten(self) -> int:
        """Return of how many cases the contents were removed so far.

        Raises:
            OutboxError: the outbox cannot be read.
        """
        with self._begin() as connection:
            query = sa.select(sa.func.count()).select_from(_table).where(_table.c.content.is_(None))
            return int(connection.execute(query).scalar())

    def about(self, conversation: str, number: str = "") -> list[dict[str, Any]]:
        """Return the contents that are here of the cases from one conversation (its keyed hash), or with a number.

        Raises:
            OutboxError: the outbox cannot be read.
        """
        with self._begin() as connection:
            kept = sa.select(_table.c.content).where(_table.c.content.isnot(None)).order_by(_table.c.id)
            contents = [json.loads(text) for text in connection.execute(kept).scalars()]
        return [
            one for one in contents if one["number"] == number or (conversation and one["conversation"] == conversation)
        ]

    def erase(self, number: str, waiting: bool) -> bool:
        """Remove a case's content; `waiting`: also before it was delivered. Return whether it was removed.

        Raises:
            OutboxError: the outbox cannot be written.
        """
        mine = (_table.c.number == number) & _table.c.content.isnot(None)
        delivered = _table.c.state == DELIVERED
        with self._begin() as connection:
            gone = connection.execute(_table.update().where(mine & delivered).values(content=None)).rowcount
            if not gone and waiting:
                gone = connection.execute(_table.update().where(mine).values(content=None, state=ERASED)).rowcount
        return bool(gone)

    def clean(self) -> None:
        """Leave nothing of what was removed in SQLite's log of writes, as far as nobody is using it.

        Raises:
            OutboxError: the outbox cannot be written.
        """
        if self._engine.dialect.name == "sqlite":
            with self._begin() as connection:  # outside a transaction: it begins with the first change
                connection.exec_driver_sql("pragma wal_checkpoint(truncate)")

    def _set(self, number: str, **values: Any) -> None:
        with self._begin() as connection:
            connection.execute(_table.update().where(_table.c.number == number).values(**values))

    @staticmethod
    def _number_of(connection: Any, key: str) -> str | None:
        found = connection.execute(sa.select(_table.c.number).where(_table.c.key == key)).scalar()
        return str(found) if found else None

    @contextmanager
    def _begin(self) -> Iterator[Any]:
        """Open a transaction. Every failure but a broken uniqueness is an `OutboxError`, without the values in it."""
        try:
            self._make_table()
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except (SQLAlchemyError, OSError) as error:
            raise OutboxError(type(getattr(error, "orig", None) or error).__name__) from None

    def _make_table(self) -> None:
        """Make the table where there is none. Another process may be making it at the same moment: hence twice."""
        for attempt in range(0 if self._ready else 2):
            try:
                with self._engine.begin() as connection:
                    connection.execute(CreateTable(_table, if_not_exists=True))
                    for index in _table.indexes:
                        connection.execute(CreateIndex(index, if_not_exists=True))
                self._ready = True
                return
            except SQLAlchemyError:
                if attempt:
                    raise


@cache
def current() -> Outbox:
    """Return the process's one outbox, at the configured address."""
    return Outbox(url())


def _engine_options(address: str) -> dict[str, Any]:
    if sa.engine.make_url(address).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": _WAIT_FOR_LOCK}}
    return {"connect_args": {"connect_timeout": _WAIT_FOR_LOCK}}


def _make_durable(connection: Any, _record: Any) -> None:
    """Make SQLite write through to the disk before a commit returns."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")  # what is forgotten is gone from the file, too
    cursor.close()


def _draw() -> str:
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"PG-{drawn[:4]}-{drawn[4:]}"


def _content(case: Case) -> dict[str, Any]:
    """Return what the staff service gets: masked, readable text, and not too long."""
    content = asdict(case)
    for field, longest in _LONGEST.items():
        content[field] = _clean(content[field])[:longest]
    content["contacts"] = [_clean(name)[:200] for name in case.contacts[:20]]
    content["created"] = _utc(case.created).isoformat(timespec="seconds")
    lines = [{**line, "text": _clean(line["text"])} for line in case.transcript[-_MOST_LINES:]]
    sizes = [len(json.dumps(line)) for line in lines]
    while lines and sum(sizes) > _LONGEST_TRANSCRIPT:  # the newest lines tell most
        del lines[0], sizes[0]
    content["transcript"] = lines
    return content


def _utc(time: datetime) -> datetime:
    return time.astimezone(timezone.utc).replace(tzinfo=None) if time.tzinfo else time


def _clean(text: str) -> str:
    """Return text that every database takes: no NUL, no half characters, no CPR number."""
    return mask_cpr(text.replace("\0", "").encode("utf-8", "replace").decode("utf-8"))
