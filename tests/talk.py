"""Conversations as the assistant stores them: the events of turns, and writers that store many of them at once."""

from __future__ import annotations

import random
import secrets
import time
from typing import Any

from puljeguiden.conversations import Conversations, Event
from tests.crowd import Crowd

POOL = "kommunale-handlingsplaner"
SOURCE = {
    "document": POOL,
    "title": "Genudmelding",
    "url": None,
    "quote": "Ansøgningsfristen er",
    "updated": "2017-08-23",
}
MODEL = {"model_id": "3a35c92195274953b43309761b87d53d", "assistant_id": "puljeguiden"}


def answer(topic: str = "deadline", status: str = "stated", pool: str | None = POOL, **more: Any) -> dict[str, Any]:
    """Return an item of `custom.answers`."""
    given = {"id": secrets.token_hex(8), "pool": pool, "topic": topic, "status": status}
    return {**given, "sources": [SOURCE] if status == "stated" else [], **more}


def said(
    text: str, intent: str = "deadline", confidence: float = 0.9, at: float | None = None, **ranking: float
) -> Event:
    """Return the event of a message; `ranking` are the other topics («a__b» is «a.b»)."""
    others = [{"name": name.replace("__", "."), "confidence": value} for name, value in ranking.items()]
    guess = {"name": intent, "confidence": confidence}
    parsed = {"intent": guess, "intent_ranking": [guess, *others], "text": text}
    return {"event": "user", "timestamp": at or time.time(), "metadata": MODEL, "text": text, "parse_data": parsed}


def replied(
    *answers: dict[str, Any],
    text: str = "Fristen var den 25. august.",
    at: float | None = None,
    asks: str = "",
    **more: Any,
) -> Event:
    """Return the event of a reply. `asks` is what its form asks next; `parts` are what it was made of."""
    custom: dict[str, Any] = {"answers": list(answers) or [answer()]}
    if asks:
        custom["form"] = {"name": "handoff", "ask": asks}
    if "case" in more:
        custom["case"] = {"number": more["case"], "contacts": []}
    metadata = {**MODEL, "parts": more.get("parts", [])}
    return {
        "event": "bot",
        "timestamp": at or time.time(),
        "text": text,
        "data": {"custom": custom},
        "metadata": metadata,
    }


def rated(number: str, useful: bool, reason: str = "") -> Event:
    """Return the event of a rating."""
    return {"event": "answer_rated", "timestamp": time.time(), "answer": number, "useful": useful, "reason": reason}


def bookkeeping(at: float | None = None) -> Event:
    """Return an event of which nothing is read."""
    return {"event": "action", "timestamp": at or time.time(), "name": "action_listen"}


def tell(store: Conversations, sender: str, *events: Event) -> None:
    """Store events at the end of a conversation, as a turn does: at once."""
    store.append(sender, [*events, bookkeeping(events[-1]["timestamp"])], after=store.last_id(sender))


class Writers(Crowd):
    """Several visitors at once who write, rate, delete and begin again, each in a conversation of their own."""

    def __init__(self, url: str, visitors: int = 6) -> None:
        super().__init__()
        self._url, self.turns = url, 0
        for number in range(visitors):
            self._add(self._write, number)

    def _write(self, number: int) -> None:
        chance, store = random.Random(number), Conversations(self._url, wait=60)
        sender = f"visitor-{number}-{secrets.token_hex(8)}"
        turn = 0
        while not self._stop.is_set():
            turn += 1
            given = answer(chance.choice(["deadline", "amount", "form"]), chance.choice(["stated", "not_understood"]))
            tell(store, sender, said(f"spørgsmål {turn}"), replied(given, text=f"svar {turn}"))
            if chance.random() < 0.2:
                tell(store, sender, rated(given["id"], chance.random() < 0.5, "nej"))
            if chance.random() < 0.05:
                store.delete(sender)
            if chance.random() < 0.05:
                sender = f"visitor-{number}-{secrets.token_hex(8)}"
            self.turns += 1
            time.sleep(chance.uniform(0, 0.02))
        store.close()
