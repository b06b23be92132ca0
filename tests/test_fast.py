"""What is taken out of Rasa changes no answer: each part beside the one of Rasa's it stands for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import rasa
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_project import fast
from tests.inprocess import Conversation, load_agent

RASAS_CALL = RemoteAction._action_call_format  # before an agent is loaded
MESSAGES = ("hej", "hvem kan søge handlingsplanerne?", "hvad er fristen, og hvor sender jeg skemaet?", "xyzzy", "1")


@pytest.fixture(scope="module")
def agent(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Agent:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return load_agent(trained, tmp_path_factory.mktemp("fast"), monkeypatch)


@pytest.fixture
async def tracker(agent: Agent) -> DialogueStateTracker:
    """A conversation of several turns."""
    conversation = Conversation(agent)
    for text in MESSAGES:
        await conversation.say(text)
    return await agent.tracker_store.retrieve(conversation.sender)


def test_it_refuses_another_rasa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.6.22")
    with pytest.raises(fast.OtherRasa, match=r"3\.6\.22"):
        fast.prepare()


@pytest.mark.parametrize("text", MESSAGES)
def test_a_message_is_understood_as_by_rasas_own_runner(agent: Agent, text: str) -> None:
    runner, target = agent.processor.graph_runner, agent.processor.model_metadata.nlu_target

    def understood(run: Any) -> Any:
        empty = DialogueStateTracker.from_events("x", [])
        (message,) = run(inputs={"__message__": [UserMessage(text)], "__tracker__": empty}, targets=[target])[target]
        return {**message.as_dict(only_output_properties=True), "message_id": None}

    assert isinstance(runner, fast.DirectRunner)
    assert understood(runner.run) == understood(lambda **graph: DaskGraphRunner.run(runner, **graph))


async def test_the_same_rules_fit_as_in_rasas_own_search(agent: Agent, tracker: DialogueStateTracker) -> None:
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    (policy,) = (node._component for node in nodes if isinstance(node._component, RulePolicy))
    listens = [place for place, event in enumerate(tracker.events, 1) if isinstance(event, ActionExecuted)]
    assert len(listens) > 2 * len(MESSAGES)
    for place in listens:
        for by_text in (True, False):
            earlier = agent.tracker_store.init_tracker("earlier")
            for event in list(tracker.events)[:place]:
                earlier.update(event)
            theirs = RulePolicy._prediction_states(policy, earlier, agent.domain, by_text)
            ours = policy._prediction_states(earlier, agent.domain, by_text)
            assert ours == theirs[-len(ours) :]
            fitting = policy._get_possible_keys(policy.lookup[RULES], ours)
            assert fitting == RulePolicy._get_possible_keys(policy, policy.lookup[RULES], theirs)
            assert len(fitting) <= 1


def slots(tracker: DialogueStateTracker) -> dict[str, Any]:
    return {name: (type(slot), vars(slot)) for name, slot in tracker.slots.items()}


async def test_a_copy_is_in_the_state_that_rasas_would_be_in(agent: Agent) -> None:
    conversation = Conversation(agent)
    for text in (*MESSAGES, "jeg vil gerne tale med et menneske", "hvem er I?"):
        await conversation.say(text)
        tracker = await agent.tracker_store.retrieve(conversation.sender)
        ours, theirs = tracker.copy(), DialogueStateTracker.copy(tracker)
        assert slots(ours) == slots(theirs)
        for field in ("events", "active_loop", "latest_message", "latest_action", "followup_action"):
            assert getattr(ours, field) == getattr(theirs, field), field
        assert ours.current_state() == theirs.current_state()
        ours.update_with_events([SlotSet("context", {"other": 1}), ActiveLoop(None)], agent.domain)
        assert tracker.current_state() == theirs.current_state()
        await agent.tracker_store.save(tracker)


async def test_an_action_gets_this_turns_events_and_all_else_as_from_rasa(
    agent: Agent, tracker: DialogueStateTracker
) -> None:
    action = RemoteAction("action_answer", agent.action_endpoint)
    ours, rasas = fast.action_call(action, tracker, agent.domain), RASAS_CALL(action, tracker, agent.domain)
    events, all_events = ours["tracker"].pop("events"), rasas["tracker"].pop("events")
    assert ours == rasas
    assert events == all_events[-len(events) :]
    assert [event["event"] for event in events].count("user") == 1
    assert events[0]["text"] == MESSAGES[-1]


def test_what_an_action_server_returns_is_still_checked() -> None:
    action = RemoteAction("action_answer", None)
    assert fast.check_result(action, {"events": [{"event": "slot", "name": "context", "value": {}}], "responses": [{}]})
    for wrong in ({"events": [{"event": "unheard of"}]}, {"events": {}}, {"responses": ["text"]}, []):
        with pytest.raises(ValidationError):
            fast.check_result(action, wrong)  # type: ignore[arg-type]
