"""Measures how many messages an installation answers, and what a message costs each part of it."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Any

import psycopg2

from benchmarks.scale.services import Services
from benchmarks.scale.visitors import Visitors
from benchmarks.stock.processes import cpu_seconds, memory_mb, with_children

Figures = dict[str, Any]


def measure(services: Services, seconds: float = 20, visitors: int = 16) -> Figures:
    """Return the figures of one installation under a crowd that writes as soon as it is answered."""
    asyncio.run(_crowd(services, max(seconds / 5, 1), visitors))  # warm-up
    before, began, size = _cpu(services), time.monotonic(), _database_bytes(services)
    crowd = asyncio.run(_crowd(services, seconds, visitors))
    took, after = time.monotonic() - began, _cpu(services)
    times = [one.seconds * 1000 for one in crowd.told.answered]
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {
        "assistants": len(services.assistants),
        "visitors": visitors,
        "messages": len(times),
        "unanswered": len(crowd.told.unanswered),
        "messages_a_second": len(times) / took,
        "p50_ms": cuts[49],
        "p95_ms": cuts[94],
        "cpu_ms": {name: (after[name] - before[name]) * 1000 / len(times) for name in after},
        "memory_mb": {name: memory_mb(with_children(pids)) for name, pids in services.pids().items()},
        "database_bytes_a_message": (_database_bytes(services, caught_up=True) - size) / len(times),
    }


async def _crowd(services: Services, seconds: float, count: int) -> Visitors:
    async with Visitors(services.url, services.certificate) as visitors:
        over = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, over.set)
        await visitors.crowd(count, over)
    return visitors


def _cpu(services: Services) -> dict[str, float]:
    return {name: cpu_seconds(with_children(pids)) for name, pids in services.pids().items()}


def _database_bytes(services: Services, caught_up: bool = False) -> int:
    """Return how large the database is; `caught_up`: once staff's copy holds all that was said."""
    connection = psycopg2.connect(services.database_url)
    try:
        deadline = time.monotonic() + 120
        while caught_up and time.monotonic() < deadline:
            with connection, connection.cursor() as cursor:
                cursor.execute(
                    "select (select count(*) from events where type_name = 'user'), (select count(*) from conversations_turn)"
                )
                said, copied = cursor.fetchone()
            if copied >= said:
                break
            time.sleep(1)
        with connection, connection.cursor() as cursor:
            cursor.execute("select pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    finally:
        connection.close()
