"""Conversations for the tests of their pages, as the follower would have written them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any

NOW = datetime(2026, 11, 20, 11, 58, tzinfo=timezone.utc)
POOL = "kommunale-handlingsplaner"
SOURCE = {
    "document": POOL,
    "title": "Genudmelding - Støtte til udvikling af kommunale handlingsplaner",
    "url": None,
    "quote": "Ansøgningsfristen er den 25. august 2017",
    "updated": "2017-08-23",
}
ASKED = (
    ("Hvem kan søge?", "eligibility"),
    ("Hvad er formålet med puljen?", "purpose"),
    ("Hvor mange penge er der?", "amount"),
    ("Skal kommunen selv betale noget?", "cofinancing"),
    ("Hvor sender vi ansøgningen hen?", "submission"),
    ("Hvornår får vi svar på vores ansøgning?", "reply_time"),
)
RATED = (None, None, None, None, True, True, False)
_events = count(1)


def turn(question: str, reply: str = "Fristen var den 25. august 2017.", **more: Any) -> dict[str, Any]:
    """Return a turn that was answered; `pool`, `topic` and `status` are of its answer, the rest is the turn's own."""
    usual = {
        "question": question,
        "reply": reply,
        "pool": POOL,
        "topic": "deadline",
        "status": "stated",
        "intent": more.get("topic", "deadline"),
        "confidence": 0.93,
        "runner_up": "status",
        "margin": 0.88,
        "model": "20261101-frost",
        "milliseconds": 84,
    }
    return {**usual, **more}


def talk(*turns: dict[str, Any] | str, at: datetime = NOW, **more: Any) -> Any:
    """Store a conversation with its turns, find it from now on, and return it."""
    from staff.conversations import attention, search
    from staff.conversations.models import Answer, Conversation, Turn

    number = next(_events)
    key = more.pop("key", hashlib.sha256(str(number).encode()).hexdigest()[:32])
    latest = at + timedelta(minutes=len(turns) - 1)
    conversation = Conversation.objects.create(key=key, started=at, latest=latest, length=len(turns), **more)
    for place, given in enumerate(_each(turns)):
        answer = {name: given.pop(name) for name in ("pool", "topic", "status")}
        event = given.pop("event", None) or next(_events) + 1_000_000
        row = {**given, "conversation": conversation, "event": event, "at": at + timedelta(minutes=place)}
        stored = Turn.objects.create(number=place + 1, **row)
        sources = [SOURCE] if answer["status"] == "stated" else []
        Answer.objects.create(turn=stored, number=f"a{event}", sources=sources, **answer)
    if "attention" not in more and not conversation.reviewed:
        conversation.attention = attention.score(conversation)
        conversation.save()
    search.index([conversation.pk])
    return conversation


def _each(turns: Sequence[dict[str, Any] | str]) -> list[dict[str, Any]]:
    return [turn(given) if isinstance(given, str) else dict(given) for given in turns]


def usual(now: datetime = NOW) -> list[Any]:
    """Store a handful of conversations of different kinds, the newest first."""
    down = {"useful": False, "reason": "Det passer ikke til vores kommune."}
    tang = {"model": "20261001-tang"}
    unknown = {"pool": "", "topic": "unknown", "status": "not_understood", "intent": "amount", **tang}
    handoff = {"pool": "", "topic": "handoff", "status": "handoff", "case": "PG-2222-2222", "repeats": True, **tang}
    stored = [
        talk(
            turn(
                "Kan vi få støtten forlænget til naeste aar?",
                "Det står ikke i opslaget.",
                pool="udsatte-boligomraader",
                topic="period",
                status="not_stated",
                useful=True,
                **tang,
            ),
            at=now - timedelta(days=40),
            reviewed=True,
        ),
        talk(
            turn("kan man bruge penge på cykler", "Det forstod jeg ikke.", confidence=0.31, margin=0.04, **unknown),
            turn("kan man bruge penge på cykler", "Vil du spørge en person?", **handoff),
            at=now - timedelta(days=2),
        ),
        talk(
            turn("Skal vi selv betale noget?", "Det står ikke.", topic="cofinancing", status="not_stated", **down),
            at=now - timedelta(days=1),
        ),
        talk(
            "Hvornår er fristen?",
            turn("Og hvem kan ansøge?", "Kommuner kan søge.", topic="eligibility"),
            at=now - timedelta(minutes=9),
        ),
    ]
    return stored[::-1]


def main() -> None:
    """Fill a staff service's database for the browser: the usual ones, and a month of others."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "staff.settings"
    import django
    from django.utils import timezone

    django.setup()
    chance = random.Random(8)
    now = timezone.now()
    for number in range(90, 0, -1):
        status = chance.choice(["stated"] * 6 + ["not_stated", "not_stated", "handoff", "not_understood"])
        question, topic = chance.choice(ASKED)
        given = turn(
            question, topic=topic, status=status, milliseconds=chance.randint(40, 300), useful=chance.choice(RATED)
        )
        given["model"] = "20261001-tang" if number > 30 else "20261101-frost"
        talk(given, at=now - timedelta(hours=9 * number + 3))
    usual(now)


if __name__ == "__main__":
    main()
