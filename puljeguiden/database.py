"""Opens the database of conversations: SQLite on one machine, PostgreSQL for more than one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

# Both ends notice within half a minute that the other one has vanished.
POSTGRESQL_KEEPALIVES: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
    "options": "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
    "application_name": "puljeguiden",
}
# Whatever the server does, a statement ends before the visitor has waited too long, and nobody blocks the others.
_LIMITS = " -c statement_timeout=5000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=5000"
_POSTGRESQL_CONNECTIONS = 5
# The advisory lock of whoever writes. Locks of single conversations have one key, so they never meet this one.
_ONLY_WRITER = "select pg_advisory_xact_lock(1886743658, 1)"


class Unavailable(Exception):
    """Conversations cannot be read or stored now. The message holds nothing that visitors wrote."""


class Busy(Unavailable):
    """Another process is writing to the SQLite file; a moment later it works."""


def connect(url: str, wait: float) -> Engine:
    """Return an engine with pooled connections; SQLite waits so many seconds for another process's write.

    Raises:
        Unavailable: there is no place for the SQLite file.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, wait)
    return create_engine(
        url,
        pool_size=_POSTGRESQL_CONNECTIONS,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,  # a restarted server heals by itself
        hide_parameters=True,
        connect_args={
            **POSTGRESQL_KEEPALIVES,
            "connect_timeout": 5,
            "tcp_user_timeout": 5000,
            "options": POSTGRESQL_KEEPALIVES["options"] + _LIMITS,
        },
    )


def _sqlite(url: str, wait: float) -> Engine:
    with _plain_errors():
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        hide_parameters=True,
        connect_args={"timeout": wait, "check_same_thread": False, "isolation_level": None},
    )

    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.execute("pragma journal_mode = wal")
    # A killed process loses nothing. A power failure may lose the last moments, never the file.
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma secure_delete = on")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("begin immediate")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection for single reads.

    Raises:
        Unavailable: the database cannot be reached or read.
    """
    with _plain_errors(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction: all or nothing, and only one at a time, so that ids become visible in their order.

    Raises:
        Unavailable: nothing was stored.
    """
    with _plain_errors(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(_ONLY_WRITER)
        yield connection


def truncate(engine: Engine) -> None:
    """Write SQLite's log back into its file and empty it, so that it holds nothing of what was removed.

    Raises:
        Unavailable: somebody else is reading or writing all the time; a later call will do it.
    """
    with _plain_errors(), engine.connect() as connection:
        busy = connection.exec_driver_sql("pragma wal_checkpoint(truncate)").scalar()
    if busy:
        raise Busy("the log of writes is in use")


@contextmanager
def directly(engine: Engine, *, write: bool = False) -> Iterator[sqlite3.Cursor]:
    """Open SQLite's own cursor, for what each message does: SQLAlchemy's statements take four times as long.

    Where `write`, it is a transaction, as in `writing`.

    Raises:
        Unavailable: the database cannot be read; or nothing was stored.
    """
    with _plain_errors(), closing(engine.raw_connection()) as connection:  # closed unfinished, it is rolled back
        cursor = connection.cursor()
        if write:
            cursor.execute("begin immediate")
        yield cursor
        connection.commit()


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise (Busy if str(cause) == "database is locked" else Unavailable)(_reason(cause)) from error


def _reason(cause: BaseException | None) -> str:
    """Return what went wrong, without the statement's values; PostgreSQL quotes them in some messages."""
    code = getattr(cause, "pgcode", None)
    if code:
        return f"PostgreSQL error {code}"
    return f"{type(cause).__name__}: {str(cause).splitlines()[0]}" if str(cause) else type(cause).__name__
