"""The small assistant: trained in a few seconds, with the project's own stores."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.model_training import train
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_project.local_actions import LocalActions
from rasa_project.lock_store import MemoryLocks

HERE = Path(__file__).parent


def trained(folder: Path) -> Path:
    """Train the small assistant and return its model."""
    quiet()
    result = train(
        domain=str(HERE / "domain.yml"),
        config=str(HERE / "config.yml"),
        training_files=[str(HERE / "nlu.yml"), str(HERE / "rules.yml")],
        output=str(folder),
        fixed_model_name="small",
        force_training=True,
    )
    assert result.model
    return Path(result.model)


def quiet() -> None:
    """Keep Rasa from printing every step."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def load(model: Path) -> Agent:
    """Return the assistant, without a store yet."""
    quiet()
    return Agent.load(str(model), lock_store=MemoryLocks(), action_endpoint=LocalActions("tests.small.actions"))


def use(agent: Agent, store: TrackerStore) -> None:
    """Let the assistant store its conversations there."""
    store.domain = agent.domain
    agent.tracker_store = agent.processor.tracker_store = store


async def say(agent: Agent, sender: str, text: str) -> list[str]:
    """Send a message, and return what is said to it."""
    channel = CollectingOutputChannel()
    await agent.handle_message(UserMessage(text, channel, sender))
    return [message["text"] for message in channel.messages]


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Return all that a conversation is about to go on from, without its events."""
    loop, message = tracker.active_loop, tracker.get_last_event_for(UserUttered)
    return {
        "slots": tracker.current_slot_values(),
        "set": sorted(slot.name for slot in tracker.slots.values() if slot.has_been_set),
        "loop": loop and (loop.name, loop.is_interrupted, loop.rejected),
        "paused": tracker.is_paused(),
        "follow-up": tracker.followup_action,
        "action": tracker.latest_action_name,
        "message": message and message.text,
        "channel": tracker.get_latest_input_channel(),
    }
