"""The trained model with the real actions, channel collector and texts, in this process and without HTTP."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from puljeguiden import facts, moment, settings
from rasa_project import serve
from rasa_project.channel import ReplyCollector

SHORT = {"boligomraader": "udsatte-boligomraader", "handlingsplaner": "kommunale-handlingsplaner", "nobody": None}


def load_agent(model: Path, var: Path, monkeypatch: pytest.MonkeyPatch) -> Agent:
    """Return an agent with a database of its own."""
    monkeypatch.setattr(settings, "database_url", lambda: f"sqlite:///{var / 'conversations.db'}")
    return serve.load(model)


def use(monkeypatch: pytest.MonkeyPatch, data: Path | None = None, now: datetime | None = None) -> None:
    """Let this process answer from another data folder, or at another moment."""
    if data:
        loader = facts.Loader(data)
        monkeypatch.setattr(facts, "loader", lambda: loader)
    if now:
        monkeypatch.setattr(moment, "now", lambda: now)


class Conversation:
    """One visitor's conversation with an agent."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.sender = secrets.token_hex(16)

    async def say(self, text: str, **metadata: Any) -> dict[str, Any]:
        """Send a message and return the one reply, with the names of the responses it consists of."""
        collector = ReplyCollector()
        await self.agent.handle_message(
            UserMessage(text, collector, self.sender, input_channel="rest", metadata=metadata)
        )
        assert len(collector.replies) == 1, (text, collector.replies)
        tracker = await self.agent.tracker_store.retrieve(self.sender)
        said = [event for event in tracker.events if event.type_name == "bot"][-1]
        names = [part["response"] for part in said.metadata["parts"]]
        return {**collector.replies[0], "responses": names, "slot": tracker.get_slot("context") or {}}


def kinds(reply: dict[str, Any]) -> list[str]:
    """Return a reply's answers as «pool topic status», with the pools' short names."""
    names = {pool: short for short, pool in SHORT.items()}
    return [
        f"{names.get(answer['pool'], answer['pool'])} {answer['topic']} {answer['status']}"
        for answer in reply["custom"]["answers"]
    ]
