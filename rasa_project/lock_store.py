"""Lets one message of a conversation be handled at a time, in order of arrival.

In one process by `asyncio.Lock`. Where several processes share a PostgreSQL database, by its advisory locks too: they
exclude, waiting costs nothing, and the server frees the locks of a process that dies.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import blake2b
from typing import Any
from weakref import WeakValueDictionary

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ
from rasa.core.lock_store import LockStore
from sqlalchemy.engine import make_url

from puljeguiden.database import POSTGRESQL_KEEPALIVES, Unavailable

_CONNECTIONS = 10
_SECONDS = 5


def for_database(url: str) -> LockStore:
    """Return the locks that fit where conversations are stored."""
    return AdvisoryLocks(url) if make_url(url).get_backend_name() == "postgresql" else MemoryLocks()


class MemoryLocks(LockStore):
    """Locks of one process, in order of arrival; forgotten when nobody holds or waits for them."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[None]:
        """Wait for a conversation's turn, and hold it."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            yield


class AdvisoryLocks(LockStore):
    """Locks of all processes that share a PostgreSQL server; in each process, in order of arrival.

    A lock belongs to a connection. Few connections are enough: a process has few turns under way at once, and of
    those that wait for the same conversation only the first waits at the server.
    """

    def __init__(self, url: str, connections: int = _CONNECTIONS) -> None:
        address = make_url(url)
        _, self._address = address.get_dialect()().create_connect_args(address)
        self._here = MemoryLocks()
        self._places = asyncio.Semaphore(connections)
        self._idle: list[Any] = []
        self._releasing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[None]:
        """Wait for a conversation's turn, and hold it.

        Raises:
            Unavailable: the server cannot be reached.
        """
        key = int.from_bytes(blake2b(conversation_id.encode(), digest_size=8).digest(), "big", signed=True)
        async with self._here.lock(conversation_id):
            await self._places.acquire()
            try:
                connection = await self._locked(key)
            except BaseException:
                self._places.release()
                raise
            try:
                yield
            finally:
                # The answer does not wait for it, and nothing can cancel it.
                task = asyncio.ensure_future(self._release(connection, key))
                self._releasing.add(task)
                task.add_done_callback(self._releasing.discard)

    async def _locked(self, key: int) -> Any:
        """Return a connection that holds a lock. A connection kept from before may be dead; then a new one is made."""
        while True:
            kept = self._idle.pop() if self._idle else None
            connection = kept or await self._connect()
            try:
                await _execute(connection, "select pg_advisory_lock(%s)", key)
            except psycopg2.Error as error:
                connection.close()
                if not kept:
                    raise Unavailable(f"no lock: {type(error).__name__}") from error
            except BaseException:  # cancelled: closing is what ends the wait
                connection.close()
                raise
            else:
                return connection

    async def _connect(self) -> Any:
        try:
            connection = psycopg2.connect(**self._address, **POSTGRESQL_KEEPALIVES, async_=1)
            try:
                await asyncio.wait_for(_ready(connection), _SECONDS)
            except BaseException:
                connection.close()
                raise
        except (psycopg2.Error, asyncio.TimeoutError) as error:
            raise Unavailable(f"no lock: {type(error).__name__}") from error
        return connection

    async def _release(self, connection: Any, key: int) -> None:
        """Give a lock back. Where that fails, closing the connection does."""
        try:
            await asyncio.wait_for(_execute(connection, "select pg_advisory_unlock(%s)", key), _SECONDS)
        except BaseException as error:
            connection.close()
            if not isinstance(error, (psycopg2.Error, asyncio.TimeoutError)):
                raise
        else:
            self._idle.append(connection)
        finally:
            self._places.release()


async def _execute(connection: Any, statement: str, *values: Any) -> None:
    cursor = connection.cursor()  # kept until the answer is here: the connection holds it only weakly
    cursor.execute(statement, values)
    await _ready(connection)


async def _ready(connection: Any) -> None:
    """Wait for the server in the event loop, as psycopg2's asynchronous connections are meant to be waited for."""
    loop = asyncio.get_running_loop()
    while (state := connection.poll()) != POLL_OK:
        come, file = asyncio.Event(), connection.fileno()
        if state == POLL_READ:
            loop.add_reader(file, come.set)
        else:
            loop.add_writer(file, come.set)
        try:
            await come.wait()
        finally:
            loop.remove_reader(file)
            loop.remove_writer(file)
