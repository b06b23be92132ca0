"""What was said in a conversation, as a case takes it along."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker

from puljeguiden import settings
from puljeguiden.conversations import Conversations
from puljeguiden.database import Unavailable

logger = logging.getLogger(__name__)

_WAIT = 1.0  # seconds; a turn has 8


def read_transcript(tracker: Tracker) -> list[dict[str, Any]]:
    """Return all that was said, oldest first, with what each answer rested on. Not for the event loop: it reads a database.

    An action is given a conversation's last turns only; the earlier ones are in the database. Where it cannot be read,
    the last turns have to do: the case matters more.
    """
    messages = [number for number, event in enumerate(tracker.events) if event["event"] == "user"]
    now = messages[-1] if messages else 0
    earlier = _stored(tracker.sender_id) or tracker.events[:now]
    said = [event for event in (*earlier, *tracker.events[now:]) if event["event"] in ("user", "bot")]
    return [_line(event) for event in said if event.get("text")]


def _stored(sender: str) -> list[dict[str, Any]]:
    try:
        with closing(Conversations(settings.database_url(), _WAIT, prepare=False)) as store:
            return [stored.event for stored in store.history(sender)]
    except Unavailable as error:
        logger.warning("a case gets only the last turns of its conversation: %s", error)
        return []


def _line(event: dict[str, Any]) -> dict[str, Any]:
    at = datetime.fromtimestamp(event["timestamp"], timezone.utc).isoformat(timespec="seconds")
    if event["event"] == "user":
        return {"at": at, "from": "visitor", "text": event["text"]}
    custom = (event.get("data") or {}).get("custom") or {}
    return {"at": at, "from": "assistant", "text": event["text"], "answers": custom.get("answers", [])}
