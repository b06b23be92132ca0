"""Compares what visitors were told with what is stored: nothing lost, nothing doubled, nothing out of order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks.scale.visitors import Acknowledged
from puljeguiden.conversations import Conversations


def faults(database_url: str, answered: Iterable[Acknowledged], at_once: bool = False) -> list[str]:
    """Return what is wrong with each conversation; `at_once`: its messages were sent together, so their order is open."""
    store = Conversations(database_url)
    by_sender: dict[str, list[Acknowledged]] = defaultdict(list)
    for one in answered:
        by_sender[one.sender].append(one)
    try:
        return [
            f"{sender[:6]}…: {fault}"
            for sender, told in by_sender.items()
            for fault in _faults([one.event for one in store.history(sender)], told, at_once)
        ]
    finally:
        store.close()


def _faults(events: list[dict[str, Any]], told: list[Acknowledged], at_once: bool) -> Iterator[str]:
    turns = list(_turns(events))
    asked = [question for question, _ in turns]
    for one in told:
        count = asked.count(one.message)
        if count != 1:
            yield f"«{one.message}» was answered and is stored {count} times"
        elif (one.message, one.reply) not in turns:
            yield f"«{one.message}» is stored with another answer than was given"
    if not at_once:
        places = [asked.index(one.message) for one in told if one.message in asked]
        if places != sorted(places):
            yield f"stored in another order than asked: {places}"


def _turns(events: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield each message with the answer that comes before the next message."""
    question, answers = "", list[str]()
    for event in events:
        if event["event"] == "user" and event.get("text"):
            if question:
                yield question, "\n".join(answers)
            question, answers = event["text"], []
        elif event["event"] == "bot" and event.get("text"):
            answers.append(event["text"])
    if question:
        yield question, "\n".join(answers)
