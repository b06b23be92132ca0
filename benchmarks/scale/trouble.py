"""Makes trouble while visitors talk, and returns what came of it."""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg2
import requests

from benchmarks.scale import truth
from benchmarks.scale.services import Services
from benchmarks.scale.visitors import Visitors

Result = dict[str, Any]
_VISITORS = 8


async def spread(services: Services, conversations: int = 20) -> Result:
    """Conversations of five turns each, spread over all processes."""
    before = [_answers(port) for port in services.assistants]
    async with _visitors(services) as visitors:
        await visitors.one_after_the_other(conversations, turns=5)
    given = [_answers(port) - count for port, count in zip(services.assistants, before, strict=True)]
    return {**_result(services, visitors), "answers_of_each_process": given}


async def both_at_once(services: Services, conversations: int = 5, messages: int = 8) -> Result:
    """The messages of one conversation at several processes at the same moment."""
    before = [_answers(port) for port in services.assistants]
    async with _visitors(services) as visitors:
        await visitors.all_at_once(conversations, messages)
    given = [_answers(port) - count for port, count in zip(services.assistants, before, strict=True)]
    return {**_result(services, visitors, at_once=True), "answers_of_each_process": given}


async def killed_assistant(services: Services, seconds: float = 6) -> Result:
    """One process of Rasa is killed while visitors talk, and comes back."""

    async def kill() -> None:
        services.kill("assistant-1")
        await asyncio.sleep(seconds)
        services.start("assistant-1")
        await asyncio.to_thread(services.wait_until_healthy, "assistant-1")

    return await _beside(services, kill)


async def restarted_redis(services: Services, seconds: float = 3) -> Result:
    """Redis is killed while visitors talk, and comes back empty."""

    async def restart() -> None:
        services.kill("redis")
        await asyncio.sleep(seconds)
        services.start("redis")
        await asyncio.to_thread(services.wait_until_healthy, "redis")

    return await _beside(services, restart)


async def restarted_postgresql(services: Services, seconds: float = 3) -> Result:
    """PostgreSQL is killed while visitors talk, and comes back."""

    async def restart() -> None:
        services.kill("postgres")
        await asyncio.sleep(seconds)
        services.start("postgres")
        await asyncio.to_thread(services.wait_until_healthy, "postgres")

    return await _beside(services, restart)


async def swapped_model(services: Services) -> Result:
    """Another model goes live while visitors talk; every process follows the pointer."""
    models, other = services.folder / "var" / "models", "f" * 16
    live = (models / "live").read_text(encoding="utf-8").strip()
    shutil.copy(models / live, models / f"{other}.tar.gz")

    async def swap() -> None:
        command = ("python", "-m", "puljeguiden", "rollback", other, "--who", "operator", "--note", "trying")
        await asyncio.to_thread(services.run, "staff", *command)
        for port in services.assistants:
            await _until(lambda port=port: int(f'version="{other}"' in _figures(port)), 1)  # type: ignore[misc]

    result = await _beside(services, swap)
    return {**result, "follow": sum(f'version="{other}"' in _figures(port) for port in services.assistants)}


async def handed_over(services: Services) -> Result:
    """A case goes to staff, and staff's copy catches up with all that was said."""
    async with _visitors(services) as visitors:
        number = await visitors.hand_over()
    cases = await _until(lambda: _ask(services, "select count(*) from cases_case where number = %s", number), 1)
    said = _ask(services, "select count(*) from events where type_name = 'user'")
    copied = await _until(lambda: _ask(services, "select count(*) from conversations_turn"), said)
    return {"case": number, "cases_at_staff": cases, "messages": said, "copied_for_staff": copied}


async def _beside(services: Services, trouble: Callable[[], Awaitable[None]]) -> Result:
    """Let visitors talk before, during and after some trouble."""
    async with _visitors(services) as visitors:
        over = asyncio.Event()
        crowd = asyncio.create_task(visitors.crowd(_VISITORS, over, pause=0.05))
        await asyncio.sleep(1)
        await trouble()
        calm = time.monotonic() + 1
        await asyncio.sleep(3)
        over.set()
        await crowd
    late = [why for at, why in visitors.told.unanswered if at > calm]
    return {**_result(services, visitors), "unanswered_after_it_was_over": len(late)}


def _visitors(services: Services) -> Visitors:
    return Visitors(services.url, services.certificate)


def _result(services: Services, visitors: Visitors, at_once: bool = False) -> Result:
    told = visitors.told
    return {
        "answered": len(told.answered),
        "unanswered": len(told.unanswered),
        "why": sorted({why for _, why in told.unanswered}),
        "faults": truth.faults(services.database_url, told.answered, at_once),
    }


def _answers(port: int) -> int:
    """Return how many answers a process has given, from its own figures."""
    figures = _figures(port)
    return round(sum(float(value) for value in re.findall(r"(?m)^puljeguiden_answers_total\{.*\} (\S+)", figures)))


def _figures(port: int) -> str:
    return requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text


def _ask(services: Services, query: str, *values: object) -> int:
    connection = psycopg2.connect(services.database_url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            return int(cursor.fetchone()[0])
    finally:
        connection.close()


async def _until(count: Callable[[], int], enough: int, seconds: float = 60) -> int:
    """Return a count when it is high enough, or as it is after some time."""
    deadline = time.monotonic() + seconds
    while (found := count()) < enough and time.monotonic() < deadline:  # noqa: ASYNC110 - the count is in a database
        await asyncio.sleep(0.5)
    return found
