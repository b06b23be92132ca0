"""Takes out what Rasa does on each message without need. Measured in docs/decisions/0011.

This reaches into Rasa's inside, so it refuses to start with any version but the one it was written for.
"""

from __future__ import annotations

from functools import cache
from graphlib import TopologicalSorter
from typing import Any

import rasa
from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.policies import rule_policy
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from rasa_project.local_actions import LocalActions

RASA = "3.6.21"
_REMEMBERED_STATES = 2000
_OF_ONE_TURN = {"action_answer"}


class OtherRasa(RuntimeError):
    """Rasa has another version than the one whose inside is known here."""


def prepare() -> None:
    """Let models be loaded with what answering needs. The graph they were trained by would bring Rasa's training code.

    Raises:
        OtherRasa: this is not the Rasa it was written for.
    """
    if rasa.__version__ != RASA:
        raise OtherRasa(f"rasa_project/fast.py was written for Rasa {RASA}; this is {rasa.__version__}.")
    ModelMetadata.from_dict = _without_training


_METADATA = ModelMetadata.from_dict


def _without_training(stored: dict[str, Any]) -> ModelMetadata:
    return _METADATA({**stored, "train_schema": {"nodes": {}}})


def speed_up(agent: Agent) -> None:
    """Make a loaded agent answer the same with less work."""
    agent.processor.graph_runner = DirectRunner(agent.processor.graph_runner)
    agent.processor.domain.is_empty = lambda: False  # compared with an empty domain at each message
    RemoteAction._action_call_format = action_call
    RemoteAction._validate_action_result = check_result
    # Both copy what they hand to the log at each step, whether it is logged or not; they copy nothing else.
    processor.copy = rule_policy.copy = NoCopy


class NoCopy:
    """Stands in for the module `copy` where only logs want copies."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        """Return the value itself."""
        return value


class DirectRunner(DaskGraphRunner):
    """Runs a graph's nodes one after the other, in an order found once. Dask plans the same few nodes anew each time."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._graph_schema = loaded._graph_schema
        self._instantiated_nodes = loaded._instantiated_nodes
        self._execution_context = loaded._execution_context
        self._plans: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}
        for node in self._instantiated_nodes.values():
            if isinstance(node._component, RulePolicy):
                node._component._get_possible_keys = RuleSearch(node._component)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Return what the target nodes put out."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        outputs = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._plans[wanted]:
            outputs[name] = self._instantiated_nodes[name](*[outputs[need] for need in needs])
        return dict(outputs[name] for name in wanted)

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: list(node.needs.values()) for name, node in nodes.items()}
        return [(name, needs[name]) for name in TopologicalSorter(needs).static_order() if name in needs]


class RuleSearch:
    """RulePolicy's search for the rules that fit a conversation; remembers which rules fit a state. There are few states."""

    def __init__(self, policy: RulePolicy) -> None:
        self._policy = policy
        rules = [*policy.lookup[RULES], *policy.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]]
        self._longest = max((len(policy._rule_key_to_state(key)) for key in rules), default=0)
        self._fitting: dict[tuple[int, int, str], frozenset[str]] = {}

    def __call__(self, lookup: dict[str, str], states: list[Any]) -> set[str]:
        """Return the keys of the rules that fit."""
        keys = set(lookup)
        # What lies further back than the longest rule excludes none.
        for turn, state in enumerate(reversed(states[-self._longest :])):
            keys &= self._fit(lookup, turn, state)
        return keys

    def _fit(self, lookup: dict[str, str], turn: int, state: Any) -> frozenset[str]:
        place = (id(lookup), turn, repr(state))
        if place not in self._fitting:
            if len(self._fitting) >= _REMEMBERED_STATES:
                self._fitting.clear()
            fitting = (key for key in lookup if self._policy._is_rule_applicable(key, turn, state))
            self._fitting[place] = frozenset(fitting)
        return self._fitting[place]


@cache
def _schema_of_results() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def check_result(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Return true if an action's result has the form Rasa expects.

    Rasa's own check examines the schema too, each time. What the SDK has put together in this process needs no check.

    Raises:
        ValidationError: the result has another form.
    """
    if isinstance(action.action_endpoint, LocalActions):
        return True
    for error in _schema_of_results().iter_errors(result):
        raise ValidationError(f"The action's result has a wrong form at {list(error.path)}.")
    return True


def action_call(action: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """Return the request to an action: Rasa's; an action that answers one message gets no more events than its turn's."""
    state = tracker.current_state(EventVerbosity.NONE)
    events: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        events.insert(0, event.as_dict())
        if action.name() in _OF_ONE_TURN and isinstance(event, UserUttered):
            break
    state["events"] = events
    call = {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": state,
        "version": rasa.__version__,
    }
    if not action._is_selective_domain_enabled() or domain.does_custom_action_explicitly_need_domain(action.name()):
        call["domain"] = domain.as_dict()
    return call
