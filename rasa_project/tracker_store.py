"""Rasa's tracker store on the project's own database of conversations: one commit a message."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from puljeguiden.conversations import Conversations, Stored
from puljeguiden.database import Busy
from rasa_project.conversation import Conversation

T = TypeVar("T")

_KEPT = 200
_THREADS = 5
_BUSY_SECONDS = 5.0
_BUSY_PAUSE = 0.005
_OUTCOME_SECONDS = 1.0


class ConversationStore(TrackerStore):
    """Appends each turn's events in one transaction, and keeps the latest conversations in memory.

    Taking a conversation out of the memory is how a turn begins; storing it puts it back. So a turn that fails or is
    cancelled leaves nothing behind, and nobody ever shares a conversation with a turn under way.
    """

    def __init__(self, url: str, domain: Domain | None = None) -> None:
        super().__init__(domain)
        self._conversations = Conversations(url, wait=0)
        self._threads = ThreadPoolExecutor(_THREADS, "conversations")
        self._kept: OrderedDict[str, Conversation] = OrderedDict()

    def init_tracker(self, sender_id: str) -> Conversation:
        """Return a new conversation, not stored yet."""
        return Conversation(sender_id, self.domain)

    async def retrieve(self, sender_id: str) -> Conversation | None:
        """Return a conversation as it is stored, whoever stored it; its state is whole, its earlier events are not.

        Raises:
            Unavailable: it cannot be read.
        """
        kept = self._kept.pop(sender_id, None)
        last_id = await self._run(partial(self._conversations.last_id, sender_id))
        if not last_id:
            return None
        if kept and not kept.unsaved and kept.last_id == last_id and kept.domain is self.domain:
            return kept
        events, last_id = await self._run(partial(self._conversations.latest, sender_id))
        return Conversation.restore(sender_id, self.domain, events, last_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return a conversation with all its events, for reading."""
        stored = await self.history(conversation_id)
        events = [Event.from_parameters(one.event) for one in stored]
        return DialogueStateTracker.from_events(conversation_id, events, self.domain.slots) if events else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what a conversation has got since it was retrieved.

        Raises:
            Conflict: another process has stored something meanwhile; nothing was stored.
            Unavailable: nothing was stored.
            TypeError: the tracker does not come from this store.
        """
        if not isinstance(tracker, Conversation):
            raise TypeError("only a conversation that this store has given out can be stored")
        if not tracker.unsaved:
            return
        events = [event.as_dict() for event in tracker.unsaved]
        shorter = tracker.shortened()
        snapshot = [event.as_dict() for event in shorter.events] if shorter else None
        append = partial(self._conversations.append, tracker.sender_id, events, tracker.last_id, snapshot)
        last_id = await self._finish(append)
        tracker.stored(last_id)
        if shorter:
            shorter.stored(last_id)
        self._kept[tracker.sender_id] = shorter or tracker
        self._kept.move_to_end(tracker.sender_id)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    async def exists(self, conversation_id: str) -> bool:
        """Return whether anything of a conversation is stored."""
        return bool(await self._run(partial(self._conversations.last_id, conversation_id)))

    async def reachable(self) -> None:
        """Return if the database answers.

        Raises:
            Unavailable: it does not.
        """
        await self._run(partial(self._conversations.last_id, ""))

    async def keys(self) -> list[str]:
        """Return the ids of all conversations."""
        return await self._run(self._conversations.senders)

    async def history(self, sender_id: str) -> list[Stored]:
        """Return all stored events of a conversation, in their order."""
        return await self._run(partial(self._conversations.history, sender_id))

    async def delete(self, sender_id: str) -> bool:
        """Remove a conversation; return whether there was one. A turn that is under way can no longer be stored."""
        self._kept.pop(sender_id, None)
        return await self._finish(partial(self._conversations.delete, sender_id))

    def close(self) -> None:
        """Close the database."""
        self._threads.shutdown()
        self._conversations.close()

    async def _run(self, work: Callable[[], T]) -> T:
        """Do something with the database without stopping the other conversations.

        SQLite answers from memory, faster than a thread could be asked; a server may take its time.
        """
        if self._conversations.remote:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                return work()
            except Busy:
                if time.monotonic() > deadline:
                    raise
            await asyncio.sleep(_BUSY_PAUSE)

    async def _finish(self, work: Callable[[], T]) -> T:
        """Do something that changes the database; once a server is at it, a cancelled turn waits a moment for the outcome.

        What was stored has happened, so the turn goes on and the visitor gets the answer. A server that does not answer
        at all keeps nobody waiting: then the visitor hears that nothing was stored, and next time what is stored counts.
        """
        if not self._conversations.remote:
            return await self._run(work)
        under_way = asyncio.ensure_future(self._run(work))
        try:
            return await asyncio.shield(under_way)
        except asyncio.CancelledError:
            done, _ = await asyncio.wait([under_way], timeout=_OUTCOME_SECONDS)
            if not done or under_way.exception():
                raise
            return under_way.result()
