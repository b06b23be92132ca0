"""How far the follower is behind."""

from __future__ import annotations

import time
from typing import NamedTuple

from puljeguiden.database import Unavailable
from staff.conversations.models import Position
from staff.conversations.raw import store
from staff.conversations.reading import TYPES


class Lag(NamedTuple):
    """What the follower has not read yet. `seconds` is how long the oldest has waited; None where nothing waits.

    `events` is None where the tracker store cannot be reached, or is not the one that was read before.
    """

    events: int | None
    seconds: float | None


def current() -> Lag:
    """Return how far the follower is behind now."""
    after = Position.objects.values_list("event", flat=True).first() or 0
    try:
        if store().newest() < after:
            return Lag(None, None)
        events, oldest = store().unread(after, TYPES)
    except Unavailable:
        return Lag(None, None)
    return Lag(events, max(0.0, time.time() - oldest) if oldest is not None else None)
