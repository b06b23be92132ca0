"""Three hundred turns of one conversation, as a visitor has them."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest

from puljeguiden import settings
from rasa_project.conversation import MOST_EVENTS
from rasa_project.tracker_store import ConversationStore
from tests.inprocess import Conversation, kinds, load_agent

QUESTIONS = ["hvem kan søge?", "hvad er fristen?", "tak", "hvor meget kan man få?", "hvor står det?"]


async def test_the_pool_of_the_first_turn_is_known_in_the_three_hundredth(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = load_agent(trained, tmp_path, monkeypatch)
    visitor = Conversation(agent)
    await visitor.say("Jeg vil gerne høre om kommunale handlingsplaner")
    for turn, question in zip(range(2, 301), cycle(QUESTIONS), strict=False):
        if turn == 150:  # a restart
            agent.tracker_store.close()
            agent.tracker_store = ConversationStore(settings.database_url(), agent.domain)
            agent.processor.tracker_store = agent.tracker_store
        reply = await visitor.say(question)
        assert question == "tak" or all(kind.startswith("handlingsplaner ") for kind in kinds(reply)), (turn, reply)
        assert len((await agent.tracker_store.retrieve(visitor.sender)).events) <= MOST_EVENTS + 6
    said = [stored for stored in await agent.tracker_store.history(visitor.sender) if stored.event["event"] == "user"]
    assert len(said) == 300
    agent.tracker_store.close()
