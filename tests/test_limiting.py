"""Counting messages with a real Redis, which comes and goes: nobody is refused for that, and nobody gets around a limit."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from types import SimpleNamespace

import pytest
import pytest_asyncio
from redis import Redis, RedisError

from rasa_project import limiting
from rasa_project.limiting import Counts, TooMany
from tests.conftest import free_port, wait_for

ANNA, BO = {"conversation": "anna"}, {"conversation": "bo"}


class Server:
    """A Redis that stores nothing."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        wait_for(self._answers)

    def _answers(self) -> bool:
        try:
            return bool(Redis(port=self.port).ping())
        except RedisError:  # not yet
            return False

    def kill(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server() -> Iterator[Server]:
    if not shutil.which("redis-server"):
        pytest.skip("not installed: Debian's redis-server")
    server = Server()
    server.start()
    yield server
    server.kill()


@pytest_asyncio.fixture
async def process(server: Server, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[[], Counts]]:
    """Makes what one process counts with; in a minute that lasts, with patience for a slow machine."""
    monkeypatch.setattr(limiting, "time", SimpleNamespace(time=lambda: 1e9, monotonic=time.monotonic))
    monkeypatch.setattr(limiting, "_SECONDS", 10.0)
    monkeypatch.setattr(limiting, "_AWAY", 0.1)
    made: list[Counts] = []

    def begin() -> Counts:
        made.append(Counts({"conversation": 10}, "key", server.url))
        return made[-1]

    yield begin
    for one in made:
        assert one._redis
        await one._redis.close(close_connection_pool=True)


async def counted(counts: Counts, times: int, who: dict[str, str] = ANNA) -> int:
    """Return how many of some requests were within the limit."""
    within = 0
    for _ in range(times):
        try:
            await counts.count(**who)
            within += 1
        except TooMany:
            continue
    return within


async def test_two_processes_count_together(process: Callable[[], Counts]) -> None:
    one, other = process(), process()
    assert await counted(one, 6) + await counted(other, 6) == 10
    assert await counted(one, 1, BO) == 1


async def test_without_redis_each_counts_alone_and_together_again_when_it_is_back(
    server: Server, process: Callable[[], Counts]
) -> None:
    one, other = process(), process()
    assert await counted(one, 1) == 1
    server.kill()
    assert (await counted(one, 20), await counted(other, 20)) == (9, 10)
    server.start()
    await asyncio.sleep(0.2)
    assert await counted(one, 10, BO) + await counted(other, 10, BO) == 10


@pytest.mark.parametrize(
    "error", [RuntimeError("the handler is closed"), asyncio.TimeoutError(), ConnectionResetError(104, "reset")]
)
async def test_however_a_connection_breaks_it_is_no_failure(
    process: Callable[[], Counts], error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise error

    monkeypatch.setattr("redis.asyncio.connection.Connection._send_packed_command", breaks)
    assert await counted(process(), 20) == 10
