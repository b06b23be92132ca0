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
from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.slots import Slot
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
    Event.resolve_by_type = cache(_RESOLVE)  # Rasa looks through all its classes for each event
    Slot.__copy__ = _copy_slot


_METADATA, _RESOLVE = ModelMetadata.from_dict, Event.resolve_by_type


def _without_training(stored: dict[str, Any]) -> ModelMetadata:
    return _METADATA({**stored, "train_schema": {"nodes": {}}})


def _copy_slot(slot: Slot) -> Slot:
    """Return a copy, as `copy.copy` makes it by a longer way. Each look at a conversation copies all its slots."""
    twin = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin


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
                search = RuleSearch(node._component)
                node._component._get_possible_keys = search.fitting
                node._component._prediction_states = search.states

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
    """RulePolicy's search for the rules that fit a conversation: looks no further back than rules do, and remembers.

    Which rules fit depends on a few values of a state (in ours: intent, last action, form), so little has to be kept.
    """

    def __init__(self, policy: RulePolicy) -> None:
        self._policy = policy
        keys = [*policy.lookup[RULES], *policy.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]]
        rules = [policy._rule_key_to_state(key) for key in keys]
        self._longest = max((len(rule) for rule in rules), default=0)
        parts = [(kind, part) for rule in rules for state in rule for kind, part in state.items()]
        self._asked = sorted({(kind, name) for kind, part in parts for name in part})
        self._fitting: dict[tuple[Any, ...], frozenset[str]] = {}
        self._latest: tuple[Any, list[State]] = (None, [])

    def states(self, tracker: DialogueStateTracker, domain: Domain, use_text: bool = False, **_: Any) -> list[State]:
        """Return the conversation's last states, as many as the longest rule has, and at least one."""
        seen = (id(tracker), len(tracker.events), id(tracker.events[-1]) if tracker.events else None)
        if seen != self._latest[0]:
            self._latest = (seen, self._last_states(tracker, domain))
        # Rasa looks twice at the same states, by text and by intent, and takes out of the last one what it is not to see.
        states = [{kind: dict(part) for kind, part in state.items()} for state in self._latest[1]]
        self._policy.featurizer._choose_last_user_input([states], use_text)
        return states

    def _last_states(self, tracker: DialogueStateTracker, domain: Domain) -> list[State]:
        events = tracker.applied_events()
        actions = sum(isinstance(event, ActionExecuted) for event in events)
        prior, states = tracker.init_copy(), []
        for event in events:
            if isinstance(event, ActionExecuted):
                if actions < self._longest:
                    states.append(domain._clean_state(domain.get_active_state(prior)))
                actions -= 1
            prior.update(event)
        return [*states, domain._clean_state(domain.get_active_state(prior))]

    def fitting(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        """Return the keys of the rules that fit."""
        keys = set(lookup)
        # What lies further back than the longest rule excludes none.
        for turn, state in enumerate(reversed(states[-self._longest :])):
            keys &= self._fit(lookup, turn, state)
        return keys

    def _fit(self, lookup: dict[str, str], turn: int, state: State) -> frozenset[str]:
        values = [state.get(kind, {}).get(name) for kind, name in self._asked]
        place = (id(lookup), turn, bool(state.get(PREVIOUS_ACTION)), repr(values))
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
