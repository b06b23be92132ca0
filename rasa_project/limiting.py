"""Counts messages, so that one conversation or one address cannot take all of the assistant's time."""

from __future__ import annotations

import asyncio
import logging
import time

from redis.asyncio import Redis
from redis.exceptions import RedisError

from puljeguiden.masking import keyed_hash
from rasa_project.rate import RateLimit

logger = logging.getLogger(__name__)

_MINUTE = 60
_SECONDS = 0.25  # longer than this, nobody waits for a count
_AWAY = 5.0  # seconds in which Redis is not asked again


class TooMany(Exception):
    """A conversation or an address sends more than it may."""


class Counts:
    """Counts what each conversation and each address sends in a minute; for several processes together in Redis.

    Without Redis, or while it is away, each process counts its own: limits are looser then, and nobody is refused.
    """

    def __init__(self, limits: dict[str, int], key: str, redis_url: str = "") -> None:
        self._limits, self._key = limits, key
        self._own = {kind: RateLimit() for kind in limits}
        timeouts = {"socket_timeout": _SECONDS, "socket_connect_timeout": _SECONDS}
        self._redis = Redis.from_url(redis_url, **timeouts) if redis_url else None
        self._ask_again = 0.0

    async def count(self, **who: str) -> None:
        """Count one request of each of these: `count(conversation=…, address=…)`.

        Raises:
            TooMany: one of them is over its limit.
        """
        limited = {kind: name for kind, name in who.items() if self._limits[kind]}
        counted = await self._counted_together(limited) if self._redis and limited else None
        for kind, name in limited.items():
            limit = self._limits[kind]
            within = self._own[kind].hit(name, limit)
            if not within or (counted and counted[kind] > limit):
                raise TooMany

    async def _counted_together(self, who: dict[str, str]) -> dict[str, int] | None:
        """Return how much each has sent this minute, to whichever process; None where Redis cannot tell."""
        if time.monotonic() < self._ask_again or not self._redis:
            return None
        minute = int(time.time()) // _MINUTE
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for kind, name in who.items():
                    # Redis needs no addresses or ids to count them.
                    place = f"puljeguiden:{kind}:{keyed_hash(name, self._key)}:{minute}"
                    pipe.incr(place).expire(place, 2 * _MINUTE)
                answers = await pipe.execute()
        # RuntimeError: uvloop's word for a connection that was closed a moment ago.
        except (RedisError, OSError, asyncio.TimeoutError, RuntimeError) as error:
            self._ask_again = time.monotonic() + _AWAY
            logger.warning("messages are counted by each process alone: %s", type(error).__name__)
            return None
        return dict(zip(who, answers[::2], strict=True))
