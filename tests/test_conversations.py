"""Plays conversations against the trained model with the real actions: answers, quotes, response names; not wording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from ruamel.yaml import YAML

from puljeguiden import outbox
from tests.conftest import NOW
from tests.inprocess import Conversation, kinds, load_agent, use


def scripts() -> list[Any]:
    found = []
    for file in sorted((Path(__file__).parent / "conversations").glob("*.yml")):
        for entry in YAML(typ="safe").load(file.read_text(encoding="utf-8")):
            ((name, turns),) = entry.items()
            found.append(pytest.param(turns, id=f"{file.stem}: {name}"))
    return found


@pytest.fixture(scope="module")
def agent(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Agent:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return load_agent(trained, tmp_path_factory.mktemp("conversations"), monkeypatch)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> outbox.Outbox:
    """The outbox that cases of these conversations go to."""
    return outbox.Outbox(f"sqlite:///{tmp_path_factory.mktemp('outbox')}/outbox.db")


@pytest.mark.parametrize("turns", scripts())
async def test_the_conversation_goes_as_written(
    agent: Agent, cases: outbox.Outbox, turns: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, now=NOW)
    monkeypatch.setattr(outbox, "current", lambda: cases)
    conversation = Conversation(agent)
    for turn in turns:
        reply = await conversation.say(turn["says"])
        assert kinds(reply) == turn["gets"], (turn["says"], reply["text"])
        quotes = " ".join(source["quote"] for answer in reply["custom"]["answers"] for source in answer["sources"])
        assert turn.get("quotes", "") in quotes, turn["says"]
        assert set(turn.get("responses", ())) <= set(reply["responses"]), (turn["says"], reply["responses"])
        custom = reply["custom"]
        assert "asks" not in turn or custom.get("form", {"ask": "nothing"})["ask"] == turn["asks"], turn["says"]
        assert bool(turn.get("case")) == ("case" in custom), turn["says"]
        missing = [piece for piece in turn.get("tells", ()) if piece not in reply["text"]]
        assert not missing, (turn["says"], missing, reply["text"])
        assert "never" not in turn or turn["never"] not in reply["text"], (turn["says"], reply["text"])
