"""Keeps a turn that failed in the conversation, so that staff see what the visitor got."""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered


async def remember_failure(agent: Agent, message: UserMessage, apology: dict[str, Any], message_stored: bool) -> None:
    """Store the apology that a message got, and the message too where the turn failed before it was stored.

    Raises:
        Exception: whatever the tracker store raises when it cannot store.
    """
    processor = agent.processor
    async with agent.lock_store.lock(message.sender_id):
        tracker = await processor.fetch_tracker_with_initial_session(message.sender_id)
        if not message_stored:
            said = UserUttered(
                message.text,
                input_channel=message.input_channel,
                message_id=message.message_id,
                metadata=message.metadata,
            )
            tracker.update(said, agent.domain)
        tracker.update(BotUttered(apology["text"], {"custom": apology["custom"]}), agent.domain)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), agent.domain)
        await processor.save_tracker(tracker)
