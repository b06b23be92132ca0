"""A conversation as its visitor may have it: shown again, deleted, its answers rated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.events import BotUttered, Event, SkipEventInMDStoryMixin, UserUttered


class AnswerRated(SkipEventInMDStoryMixin):
    """A visitor said whether an answer was useful. Changes nothing in the dialogue; staff read it."""

    type_name = "answer_rated"

    def __init__(
        self,
        answer: str,
        useful: bool,
        reason: str | None = None,
        timestamp: float | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        self.answer, self.useful, self.reason = answer, useful, reason
        super().__init__(timestamp, metadata)

    @classmethod
    def _from_parameters(cls, parameters: dict[str, Any]) -> AnswerRated:
        given = {key: parameters.get(key) for key in ("reason", "timestamp", "metadata")}
        return cls(parameters["answer"], parameters["useful"], **given)

    def as_dict(self) -> dict[str, Any]:
        """Return the event as it is stored."""
        rated = {"answer": self.answer, "useful": self.useful, "reason": self.reason}
        return {**super().as_dict(), **{key: value for key, value in rated.items() if value is not None}}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnswerRated) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash((self.answer, self.useful, self.reason, self.timestamp))


async def history(agent: Agent, sender: str) -> list[dict[str, Any]]:
    """Return a conversation's messages, oldest first: who, text, buttons, custom, at, and how an answer was rated.

    Raises:
        Exception: whatever the tracker store raises when it cannot read.
    """
    return list(_messages(await _events(agent, sender)))


async def delete(agent: Agent, sender: str) -> None:
    """Delete a conversation with all its events, once no turn of it is running.

    Raises:
        Exception: whatever the tracker store raises when it cannot delete.
    """
    async with agent.lock_store.lock(sender):
        await agent.tracker_store.delete(sender)


async def rate(agent: Agent, sender: str, rating: AnswerRated) -> bool:
    """Store a rating in the conversation, and return whether there is such an answer in it.

    Raises:
        Exception: whatever the tracker store raises when it cannot store.
    """
    async with agent.lock_store.lock(sender):
        if rating.answer not in _answer_ids(await _events(agent, sender)):
            return False
        tracker = await agent.processor.fetch_tracker_with_initial_session(sender)
        tracker.update(rating, agent.domain)
        await agent.processor.save_tracker(tracker)
        return True


async def _events(agent: Agent, sender: str) -> list[Event]:
    return [Event.from_parameters(one.event) for one in await agent.tracker_store.history(sender)]


def _answer_ids(events: list[Event]) -> set[str]:
    custom = [(event.data or {}).get("custom") or {} for event in events if isinstance(event, BotUttered)]
    return {answer["id"] for one in custom for answer in one.get("answers", ())}


def _messages(events: list[Event]) -> Iterator[dict[str, Any]]:
    ratings = {event.answer: event.useful for event in events if isinstance(event, AnswerRated)}
    for event in events:
        if isinstance(event, UserUttered) and event.text:
            yield {"who": "visitor", "text": event.text, "at": _time(event)}
        elif isinstance(event, BotUttered) and event.text:
            data = event.data or {}
            message = {"who": "guide", "text": event.text, "at": _time(event)}
            message.update({key: data[key] for key in ("buttons", "custom") if data.get(key)})
            rated = [
                ratings[one["id"]] for one in (data.get("custom") or {}).get("answers", ()) if one["id"] in ratings
            ]
            yield {**message, "useful": rated[0]} if rated else message


def _time(event: Event) -> str:
    return datetime.fromtimestamp(event.timestamp, timezone.utc).isoformat(timespec="seconds")
