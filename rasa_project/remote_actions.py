"""A separate action server, asked over connections that stay open: Rasa opens a new one for each message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession
from rasa.utils.endpoints import EndpointConfig

_sessions: dict[asyncio.AbstractEventLoop, ClientSession] = {}


class ActionServer(EndpointConfig):
    """Where actions run. A model that takes over goes on with the connections of the one before it."""

    def session(self) -> Any:
        """Return what Rasa enters and leaves for a request: a session that stays open."""
        return self._kept()

    @asynccontextmanager
    async def _kept(self) -> AsyncIterator[ClientSession]:
        loop = asyncio.get_running_loop()
        if loop not in _sessions:
            _sessions[loop] = super().session()
        yield _sessions[loop]


async def close() -> None:
    """Close the connections of the running loop."""
    if session := _sessions.pop(asyncio.get_running_loop(), None):
        await session.close()
