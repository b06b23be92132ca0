"""Lets the running assistant follow the pointer to the live model, without a stop."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.lock_store import LockStore
from sanic import Sanic

from puljeguiden import bank, model, settings

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 1.0
Mark = tuple[int, int] | None


class Follower:
    """Loads the model that is live by now beside the one that answers, and puts it in its place.

    The new model comes with a store of its own, so turns under way end as they began, on the old one's. The locks are
    the same ones: a conversation is never in two turns at once.
    """

    def __init__(self, app: Sanic, load: Callable[[Path, LockStore], Agent]) -> None:
        self.version = bank.live()
        self.problem: str | None = None
        self._app, self._load, self._mark = app, load, _mark()
        self._leaving: set[asyncio.Task[None]] = set()

    async def follow(self) -> None:
        """Look at the pointer each second, until cancelled."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Take the live model if the pointer has moved. One that cannot be loaded leaves the old one answering."""
        mark = _mark()
        if mark == self._mark:
            return
        self._mark = mark
        try:
            version = bank.live()
            if version == self.version:  # facts and texts went live, or somebody went back
                self.problem = None
                return
            old: Agent = self._app.ctx.agent
            new = await asyncio.to_thread(self.ready, version, old.lock_store)
        except (Exception, SystemExit) as error:  # whatever is wrong with a file, visitors get answers
            self.problem = f"{type(error).__name__}: {error}"
            logger.error("model %s goes on answering; the live one cannot be loaded", self.version, exc_info=error)
            return
        self._app.ctx.agent, self.version, self.problem = new, version, None
        logger.info("model %s answers", version)
        task = asyncio.ensure_future(self._let_go(old))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def ready(self, version: str, locks: LockStore) -> Agent:
        """Return a model's agent, once its file has proved to be the one that was trained.

        Raises:
            BankError: it is not, or it is gone.
            Exception: the model cannot be loaded.
        """
        bank.check(version)
        return self._load(bank.file(version), locks)

    async def _let_go(self, old: Agent) -> None:
        """Free the old model once no turn can be using it."""
        await asyncio.sleep(settings.get("PULJEGUIDEN_TURN_SECONDS") + _EVERY_SECONDS)
        old.tracker_store.close()
        del old
        gc.collect()


def _mark() -> Mark:
    """Return what changes when the pointer is written, whatever it names."""
    try:
        status = model.pointer().stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns
