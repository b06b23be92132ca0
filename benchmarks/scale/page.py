"""Writes docs/capacity.md from the results of `make scale`."""

from __future__ import annotations

import math
from typing import Any

_CORES = ("assistant", "actions", "postgres", "proxy", "redis", "staff", "workers")
_WORDS = {
    "spread": "20 conversations of 5 turns, all at once",
    "both_at_once": "8 messages of one conversation at the same moment, at both processes; 5 conversations",
    "killed_assistant": "one process of Rasa killed, back after some seconds; 8 visitors meanwhile",
    "restarted_redis": "Redis killed, back after some seconds; 8 visitors meanwhile",
    "swapped_model": "another model goes live, and both processes take it; 8 visitors meanwhile",
    "restarted_postgresql": "PostgreSQL killed, back after some seconds; 8 visitors meanwhile",
}


def page(results: dict[str, Any]) -> str:
    """Return the page, in Markdown."""
    one, two = results["speed"]["1"], results["speed"]["2"]
    cpu = sum(two["cpu_ms"].values())
    rasa = two["cpu_ms"]["assistant"]
    day = two["database_bytes_a_message"] * 10_000 / 1e6
    lines = [
        "# Capacity",
        "",
        "Written by `make scale`; don't edit. It starts what `docker-compose.yml` describes by hand, through nginx with TLS,"
        " with the action server apart, PostgreSQL and Redis.",
        f"Measured {results['when']} on {results['cpus']} processors, which the visitors shared; load before:"
        f" {results['load_before']:.2f}.",
        "",
        "## How much it answers",
        "",
        f"| {two['visitors']} visitors who write as soon as they are answered | one Rasa | two Rasa |",
        "|---|---:|---:|",
        f"| messages a second | {one['messages_a_second']:.0f} | {two['messages_a_second']:.0f} |",
        f"| half of the answers within | {one['p50_ms']:.0f} ms | {two['p50_ms']:.0f} ms |",
        f"| 95 of 100 within | {one['p95_ms']:.0f} ms | {two['p95_ms']:.0f} ms |",
        f"| without an answer | {one['unanswered']} | {two['unanswered']} |",
        f"| processor time a message | {sum(one['cpu_ms'].values()):.1f} ms | {cpu:.1f} ms |",
        *(
            f"| – {name} | {one['cpu_ms'][name]:.2f} ms | {two['cpu_ms'][name]:.2f} ms |"
            for name in _CORES
            if name in two["cpu_ms"]
        ),
        f"| memory | {sum(one['memory_mb'].values()):.0f} MB | {sum(two['memory_mb'].values()):.0f} MB |",
        "",
        "## What that means",
        "",
        f"- **Messages a second a core:** {1000 / cpu:.0f}, all parts counted. A process of Rasa uses one core and"
        f" {rasa:.1f} ms of it a message: at most {1000 / rasa:.0f} messages a second.",
        f"- **Visitors:** somebody who chats writes every 20 seconds or so. One core answers about"
        f" {_round(1000 / cpu * 20)} who write at the same time.",
        f"- **Database:** {two['database_bytes_a_message'] / 1000:.1f} kB a message, staff's copy included."
        f" 10,000 messages a day are {day:.0f} MB a day, and {day * 30 / 1000:.1f} GB after the 30 days that"
        " conversations are kept.",
        "",
        "## What to add first",
        "",
        f"1. Answers get slow and the assistants' cores are full: another Rasa (`replicas`), {_memory(two)} MB each.",
        f"2. The action server's core is full ({two['cpu_ms']['actions']:.1f} ms a message, one process): leave"
        " `ACTION_SERVER_URL` out, and actions run inside each Rasa.",
        "3. PostgreSQL waits for its disk: a faster disk. One commit a message, one after the other, bounds the whole.",
        "4. The follower is behind (`puljeguiden_follower_seconds`): nobody's answer waits for it; give PostgreSQL more memory.",
        "",
        "## Trouble while visitors talk",
        "",
        "| What | answered | not answered meanwhile | lost, doubled or out of order |",
        "|---|---:|---:|---:|",
        *(
            f"| {words} | {trouble['answered']} | {trouble['unanswered']} | {len(trouble['faults'])} |"
            for name, words in _WORDS.items()
            if (trouble := results["trouble"].get(name))
        ),
        "",
        "«Not answered» is a Danish 503, or a connection that broke with the process; the widget tries again.",
    ]
    return "\n".join(lines) + "\n"


def _memory(figures: dict[str, Any]) -> int:
    return int(figures["memory_mb"]["assistant"] / figures["assistants"])


def _round(number: float) -> int:
    """Return a number without more digits than it deserves."""
    unit = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return int(round(number / unit) * unit)
