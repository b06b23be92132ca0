"""The tracker store, as the staff service reads it."""

from __future__ import annotations

from functools import cache

from puljeguiden import settings
from puljeguiden.conversations import Conversations


@cache
def store() -> Conversations:
    """Return this process's one door to the conversations as they were written.

    Raises:
        Unavailable: they cannot be reached.
    """
    return Conversations(settings.database_url())
