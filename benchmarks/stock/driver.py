"""The visitors: `python -m benchmarks.stock.driver`, a process of its own. A job comes as JSON on standard input, times go out.

Times are in milliseconds, from sending a message to having its whole answer.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import sys
import time
from collections.abc import Iterator
from typing import Any

import aiohttp

_TURNS = 5  # of a short conversation
_TIMEOUT = aiohttp.ClientTimeout(total=180)


class Visitors:
    """Visitors of one assistant, who take their messages from one pile."""

    def __init__(self, session: aiohttp.ClientSession, url: str, messages: list[str]) -> None:
        self._session = session
        self._url = url
        self._messages = itertools.cycle(messages)
        self.unanswered = 0

    async def send(self, sender: str, message: str) -> float:
        """Send one message and return how long its answer took."""
        began = time.perf_counter()
        async with self._session.post(self._url, json={"sender": sender, "message": message}) as response:
            body = await response.json()
        took = (time.perf_counter() - began) * 1000
        if response.status != 200 or not (body and body[0].get("text")):
            self.unanswered += 1
        return took

    def turns(self) -> Iterator[tuple[str, str]]:
        """Yield (sender, message) of one short conversation after the other."""
        while True:
            sender = secrets.token_urlsafe(24)
            for _ in range(_TURNS):
                yield sender, next(self._messages)

    async def alone(self, count: int) -> dict[str, Any]:
        """One visitor at a time."""
        turns = itertools.islice(self.turns(), count)
        return {"times": [await self.send(*turn) for turn in turns]}

    async def together(self, clients: int, seconds: float) -> dict[str, Any]:
        """Several visitors, each of whom writes as soon as the answer is there."""
        times: list[float] = []
        began = time.perf_counter()

        async def visitor() -> None:
            for turn in self.turns():
                if time.perf_counter() - began > seconds:
                    return
                times.append(await self.send(*turn))

        await asyncio.gather(*(visitor() for _ in range(clients)))
        return {"times": times, "seconds": time.perf_counter() - began}

    async def conversation(self, sender: str, count: int) -> dict[str, Any]:
        """Some turns of one conversation."""
        return {"times": [await self.send(sender, next(self._messages)) for _ in range(count)]}

    async def side_by_side(self, senders: list[str], count: int) -> dict[str, Any]:
        """Some turns of several conversations, one of each in turn, with the same messages in all."""
        messages = list(itertools.islice(self._messages, count))
        return {"times": [await self.send(sender, message) for message in messages for sender in senders]}

    async def beside_a_long_message(self, length: int) -> dict[str, Any]:
        """One visitor sends a long message; another writes meanwhile. Their times, the other's longest."""
        text = " ".join(itertools.islice(self._messages, length // 10))[:length]
        long = asyncio.create_task(self.send(secrets.token_urlsafe(24), text))
        await asyncio.sleep(0.02)
        waited = [await self.send(secrets.token_urlsafe(24), "hej")]
        while not long.done():
            waited.append(await self.send(secrets.token_urlsafe(24), "hej"))
        return {"times": [await long], "others": max(waited)}


async def run(job: dict[str, Any]) -> dict[str, Any]:
    """Do one job: {"url", "messages", "do": a method's name, "with": its arguments}."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=_TIMEOUT) as session:
        visitors = Visitors(session, job["url"], job["messages"])
        result: dict[str, Any] = await getattr(visitors, job["do"])(**job["with"])
        return {**result, "unanswered": visitors.unanswered}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
