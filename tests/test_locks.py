"""One message of a conversation at a time, in order of arrival; across processes too."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.lock_store import LockStore

from puljeguiden.database import Unavailable
from rasa_project import lock_store
from rasa_project.lock_store import AdvisoryLocks, MemoryLocks, for_database
from tests.conftest import ROOT

ANNA, BO = "anna", "bo"


@pytest.fixture(params=["memory", "postgresql"])
def locks(request: pytest.FixtureRequest) -> LockStore:
    """Locks of each kind in turn."""
    if request.param == "memory":
        return for_database("sqlite:///conversations.db")
    return for_database(request.getfixturevalue("postgresql").address("postgres"))


def other_process(url: str, folder: Path, what: str) -> subprocess.Popen[str]:
    """Start a process that takes locks; it has printed its first line."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.locking", url, str(folder), what]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() in ("ready\n", "holds\n")
    return process


async def test_who_comes_first_is_served_first(locks: LockStore) -> None:
    order: list[int] = []

    async def come(number: int) -> None:
        async with locks.lock(ANNA):
            await asyncio.sleep(0.001)
            order.append(number)

    await asyncio.gather(*(come(number) for number in range(100)))
    assert order == list(range(100))


async def hold_for_a_moment(locks: LockStore, conversation: str) -> str:
    """Take a lock and give it back."""
    async with locks.lock(conversation):
        return "had it"


async def test_conversations_do_not_wait_for_each_other(locks: LockStore) -> None:
    async with locks.lock(ANNA):
        assert await asyncio.wait_for(hold_for_a_moment(locks, BO), 5) == "had it"


async def test_a_turn_that_fails_or_is_cancelled_gives_its_lock_back(locks: LockStore) -> None:
    async def fail() -> None:
        async with locks.lock(ANNA):
            raise RuntimeError

    async def linger() -> None:
        async with locks.lock(ANNA):
            await asyncio.sleep(600)

    with pytest.raises(RuntimeError):
        await fail()
    for _ in range(25):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(linger(), 0.05)
    assert await asyncio.wait_for(hold_for_a_moment(locks, ANNA), 5) == "had it"


async def test_who_gives_up_waiting_is_left_out(locks: LockStore) -> None:
    async with locks.lock(ANNA):
        waiting = [asyncio.create_task(hold_for_a_moment(locks, ANNA)) for _ in range(3)]
        await asyncio.sleep(0.05)
        waiting[0].cancel()
        waiting[1].cancel()
        await asyncio.sleep(0.05)
    assert await asyncio.wait_for(waiting[2], 5) == "had it"
    assert [task.cancelled() for task in waiting] == [True, True, False]


async def test_locks_that_nobody_uses_are_forgotten() -> None:
    locks = MemoryLocks()
    await asyncio.gather(*(hold_for_a_moment(locks, str(n % 50)) for n in range(200)))
    assert len(locks._locks) == 0


async def test_two_processes_never_hold_the_same_lock(postgresql: Any, tmp_path: Path) -> None:
    """A thousand conversations, each wanted by both processes at once."""
    url = postgresql.database()
    both = [await asyncio.to_thread(other_process, url, tmp_path, "1000") for _ in range(2)]
    for process in both:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    outputs = await asyncio.gather(*(asyncio.to_thread(process.communicate, timeout=120) for process in both))
    assert [output[0] for output in outputs] == ["1000 0\n", "1000 0\n"]


async def test_a_process_that_is_killed_gives_its_locks_back_at_once(postgresql: Any, tmp_path: Path) -> None:
    url = postgresql.database()
    process = await asyncio.to_thread(other_process, url, tmp_path, "hold")
    locks = AdvisoryLocks(url)
    waiting = asyncio.create_task(hold_for_a_moment(locks, "held"))
    await asyncio.sleep(0.5)
    assert not waiting.done()
    process.send_signal(signal.SIGKILL)
    assert await asyncio.wait_for(waiting, 5) == "had it"
    await asyncio.to_thread(process.communicate)


async def test_waiting_for_another_process_leaves_this_one_free(postgresql: Any, tmp_path: Path) -> None:
    url = postgresql.database()
    process = await asyncio.to_thread(other_process, url, tmp_path, "hold")
    locks = AdvisoryLocks(url)
    waiting = asyncio.create_task(hold_for_a_moment(locks, "held"))
    for n in range(50):
        assert await asyncio.wait_for(hold_for_a_moment(locks, f"other-{n}"), 5) == "had it"
    assert not waiting.done()
    waiting.cancel()
    process.kill()
    await asyncio.to_thread(process.communicate)


async def test_more_turns_than_connections_wait_their_turn(postgresql: Any) -> None:
    url = postgresql.database()
    here, there = AdvisoryLocks(url, connections=2), AdvisoryLocks(url, connections=2)
    turns = [hold_for_a_moment(locks, str(n)) for n in range(100) for locks in (here, there)]
    assert await asyncio.wait_for(asyncio.gather(*turns), 60) == ["had it"] * 200


async def test_a_server_that_was_away_is_used_again(postgresql: Any) -> None:
    locks = AdvisoryLocks(postgresql.address("postgres"))
    await asyncio.gather(*(hold_for_a_moment(locks, str(n)) for n in range(5)))
    await asyncio.to_thread(postgresql.stop)
    try:
        with pytest.raises(Unavailable):
            await hold_for_a_moment(locks, ANNA)
    finally:
        await asyncio.to_thread(postgresql.start)
    assert await hold_for_a_moment(locks, ANNA) == "had it"


async def test_a_turn_whose_server_goes_away_is_not_disturbed_by_its_lock(postgresql: Any) -> None:
    locks = AdvisoryLocks(postgresql.address("postgres"))
    async with locks.lock(ANNA):
        await asyncio.to_thread(postgresql.stop)
    await asyncio.to_thread(postgresql.start)
    assert await asyncio.wait_for(hold_for_a_moment(locks, ANNA), 5) == "had it"


async def test_a_server_that_does_not_answer_is_not_waited_for(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_store, "_SECONDS", 0.5)
    locks = AdvisoryLocks(f"postgresql://nobody@127.0.0.1:{silent_port}/nothing")
    with pytest.raises(Unavailable):
        await asyncio.wait_for(hold_for_a_moment(locks, ANNA), 5)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where somebody listens and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]
