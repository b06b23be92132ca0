"""Visitors who come through the proxy, and remember what they were answered."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver

QUESTIONS = (
    "hvad er fristen for handlingsplanerne?",
    "hvem kan søge puljen til udsatte boligområder?",
    "hvor mange penge er der i puljen til handlingsplaner?",
    "hvilket skema skal bruges til boligområderne?",
    "hvem skal jeg kontakte om handlingsplanerne?",
)


@dataclass(frozen=True)
class Acknowledged:
    """A message that was answered, and with what."""

    sender: str
    message: str
    reply: str
    seconds: float


@dataclass
class Told:
    """What visitors were told: every answer, and how often there was none."""

    answered: list[Acknowledged] = field(default_factory=list)
    unanswered: list[tuple[float, str]] = field(default_factory=list)
    """When (by the monotonic clock), and why."""


class _Here(AbstractResolver):
    """Says that every name is this machine."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[dict[str, Any]]:
        """Return this machine's address."""
        place = {"hostname": host, "host": "127.0.0.1", "port": port}
        return [{**place, "family": socket.AF_INET, "proto": 0, "flags": socket.AI_NUMERICHOST}]

    async def close(self) -> None:
        """Nothing is kept."""


class Visitors:
    """A crowd that talks to one address and trusts one certificate."""

    def __init__(self, url: str, certificate: Path) -> None:
        self._url = f"{url}/webhooks/rest/webhook"
        self._certificate = certificate
        self._numbers = itertools.count(1)
        self.told = Told()

    async def __aenter__(self) -> Visitors:
        trust = ssl.create_default_context(cafile=str(self._certificate))
        connector = aiohttp.TCPConnector(limit=0, resolver=_Here(), ssl=trust)
        self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=30))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def say(self, sender: str, message: str, way: str = "") -> dict[str, Any] | None:
        """Send a message; return the reply, or None where there was none. `way` is what the proxy chooses by."""
        headers = {"X-Route": way or sender[:4]}
        began = time.monotonic()
        try:
            body = {"sender": sender, "message": message}
            async with self._session.post(self._url, json=body, headers=headers) as response:
                content = await response.json(content_type=None)
                status = response.status
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            self.told.unanswered.append((time.monotonic(), type(error).__name__))
            return None
        if status != 200 or content[0]["custom"]["answer"]["status"] == "error":
            self.told.unanswered.append((time.monotonic(), str(status)))
            return None
        reply: dict[str, Any] = content[0]
        self.told.answered.append(Acknowledged(sender, message, reply["text"], time.monotonic() - began))
        return reply

    def question(self) -> str:
        """Return a question that nobody else asks in these words: it can be found again."""
        number = next(self._numbers)
        return f"{QUESTIONS[number % len(QUESTIONS)]} ({number})"

    async def one_after_the_other(self, conversations: int, turns: int) -> None:
        """Several conversations at once; in each, a message is sent when the one before is answered."""
        await asyncio.gather(*(self._talk(turns) for _ in range(conversations)))

    async def all_at_once(self, conversations: int, messages: int) -> None:
        """Send the messages of each conversation at the same moment, by different ways."""
        senders = [secrets.token_urlsafe(24) for _ in range(conversations)]
        ways: Iterable[str] = (secrets.token_hex(2) for _ in itertools.count())
        both = zip(senders * messages, ways, strict=False)
        await asyncio.gather(*(self.say(sender, self.question(), way) for sender, way in both))

    async def crowd(self, visitors: int, until: asyncio.Event, pause: float = 0.0) -> None:
        """Talk in conversations of five turns, one message after the other, until told to stop."""

        async def visitor() -> None:
            while not until.is_set():
                sender = secrets.token_urlsafe(24)
                for _ in range(5):
                    if not until.is_set():
                        answered = await self.say(sender, self.question())
                        await asyncio.sleep(pause if answered else 0.2)

        await asyncio.gather(*(visitor() for _ in range(visitors)))

    async def hand_over(self) -> str | None:
        """Hand a question to people, and return the case's number."""
        sender = secrets.token_urlsafe(24)
        for message in ("jeg vil tale med en person", "handlingsplanerne", "Må vi søge sammen med nabokommunen?"):
            await self.say(sender, message)
        for message in ("spring over", "spring over", "anna@example.org", "ja"):
            reply = await self.say(sender, message)
        case = ((reply or {}).get("custom") or {}).get("case") or {}
        return case.get("number")

    async def _talk(self, turns: int) -> None:
        sender = secrets.token_urlsafe(24)
        for _ in range(turns):
            await self.say(sender, self.question())
