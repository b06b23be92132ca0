"""Adds a topic from one description, and removes one: every file that has to know of it, in one step."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from puljeguiden import proofs, settings, wiring
from puljeguiden.danish import squeeze
from puljeguiden.editing import examples, pools, roundtrip
from puljeguiden.editing.files import CONTRACT, Change, Refused, changing, given, refuse
from puljeguiden.facts import MAIN, read_yaml
from puljeguiden.proofs import ASKS, Problem

ADVISED_EXAMPLES = 30
TOPICS = "data/topics.yml"
_INTENTS = "rasa_project/domain/intents.yml"
_RULES = "data/rules/answer.yml"
_SILENCES = "rasa_project/domain/responses/not_stated.yml"
_NAME = re.compile(r"[a-z][a-z_]{2,29}")
# In the contract, pools' topics come before this one.
_AFTER_TOPICS = "; `passage`"


def missing(root: Path, topic: Mapping[str, Any]) -> list[Problem]:
    """Return what a description lacks or has wrong by itself; what the pages say is checked when it is added.

    Args:
        root: the folder that holds `data/` and `rasa_project/domain/`.
        topic: `name`, `label`, `ask`, `examples`, `not_stated` (a text with {page}), `answers` (by pool, as in
            data/pools/), and `acts` where it invites to apply.
    """
    found = []
    known = {"name", "label", "ask", "acts", "examples", "not_stated", "answers"}
    for key in sorted(set(topic) - known):
        found.append(given(key, "unknown_field", f"is none of {', '.join(sorted(known))}"))
    name = topic.get("name")
    taken = {one.partition(".")[0] for one in examples.by_intent(root)} | set(read_yaml(root / TOPICS))
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        found.append(given("name", "topic_name", "has to be 3 to 30 letters a–z and underscores"))
    elif name in taken:
        found.append(given("name", "name_taken", f"«{name}» is a topic already", name=name))
    if not _is_text(topic.get("label")):
        found.append(given("label", "empty", "is missing: the topic's name as people read it"))
    if topic.get("ask") not in ASKS:
        found.append(given("ask", "one_of", f"has to be one of {', '.join(ASKS)}", choices=", ".join(ASKS)))
    if not isinstance(topic.get("acts", False), bool):
        found.append(given("acts", "one_of", "has to be true or false", choices="true, false"))
    found += _missing_examples(topic.get("examples"))
    silence = topic.get("not_stated")
    if not _is_text(silence) or re.findall(r"\{(\w*)\}", str(silence)) != ["page"]:
        message = "has to say in Danish that {page} does not tell, with {page} in it: «Det står ikke i {page}, om …»"
        found.append(given("not_stated", "page_placeholder", message))
    answers = topic.get("answers")
    for pool in pools.names(root):
        if not isinstance(answers, Mapping) or pool not in answers:
            found.append(given(f"answers.{pool}", "no_answer", "is missing (at least not_stated)", pool=pool))
    for pool in sorted(set(answers) - set(pools.names(root))) if isinstance(answers, Mapping) else []:
        found.append(given(f"answers.{pool}", "no_such_pool", "no such pool", pool=pool))
    return found


def _missing_examples(lines: object) -> list[Problem]:
    fewest = wiring.FEWEST_EXAMPLES
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        return [given("examples", "too_few_examples", "has to be a list of questions", count=0, fewest=fewest)]
    different = {squeeze(line).lower() for line in lines}
    if len(different) < fewest:
        message = f"has {len(different)} different examples; {fewest} are the fewest, {ADVISED_EXAMPLES} are better"
        return [given("examples", "too_few_examples", message, count=len(different), fewest=fewest)]
    return []


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def add(root: Path, topic: Mapping[str, Any]) -> list[str]:
    """Write a new topic everywhere it has to stand, and return the files.

    Raises:
        Refused: the description lacks something, or a quote does not stand on its page.
    """
    with changing(root) as change:
        if problems := missing(root, topic):
            raise Refused(problems)
        name = topic["name"]
        lines = list(dict.fromkeys(examples.clean(topic["examples"])))
        _add_entry(change, topic)
        change.put_tree(
            f"data/nlu/{name}.yml",
            {"version": DoubleQuotedScalarString("3.1"), "nlu": [{"intent": name, "examples": examples.block(lines)}]},
            roundtrip.FLUSH,
        )
        _insert(change.tree(_INTENTS)["intents"], [str(one) for one in change.tree(_INTENTS)["intents"]], name, name)
        ruled = _ruled(change)
        _insert(ruled, [one["intent"] for one in ruled], name, CommentedMap(intent=name))
        text = DoubleQuotedScalarString(squeeze(topic["not_stated"]))
        change.tree(_SILENCES)["responses"][f"utter_not_stated_{name}"] = roundtrip.node([{"text": text}])
        for pool, answer in topic["answers"].items():
            pools.put_answer(change, pool, name, answer)
        if change.exists(CONTRACT) and _AFTER_TOPICS in change.text(CONTRACT):
            change.put(CONTRACT, change.text(CONTRACT).replace(_AFTER_TOPICS, f" `{name}`{_AFTER_TOPICS}", 1))
        return list(change.staged())


def set_details(root: Path, name: str, details: Mapping[str, Any]) -> None:
    """Change a topic's `label`, whom to `ask`, and whether it `acts`.

    Raises:
        Refused: there is no such topic, or one of these does not fit.
    """
    with changing(root) as change:
        entry = _entry(change, name)
        for key, value in details.items():
            if key not in ("label", "ask", "acts"):
                raise refuse(key, "unknown_field", "is none of label, ask, acts")
            if key == "label" and not _is_text(value):
                raise refuse("label", "empty", "is missing: the topic's name as people read it")
            if key == "acts" and not isinstance(value, bool):
                raise refuse("acts", "one_of", "has to be true or false", choices="true, false")
            if key == "acts" and not value:
                entry.pop(key, None)  # as in the other topics
            elif entry.get(key) != value:
                entry[key] = squeeze(value) if isinstance(value, str) else value


def _entry(change: Change, name: str) -> Any:
    topics = change.tree(TOPICS)
    if name not in topics:
        raise refuse("name", "no_such_topic", f"there is no topic «{name}»", name=name)
    return topics[name]


def _add_entry(change: Change, topic: Mapping[str, Any]) -> None:
    entry = {"label": squeeze(topic["label"]), "ask": topic["ask"]}
    acts = {"acts": True} if topic.get("acts") else {}
    change.tree(TOPICS)[topic["name"]] = roundtrip.on_one_line({**entry, **acts, "aspects": [MAIN]})


def _ruled(change: Change) -> Any:
    """Return the intents of the rule for questions about the pools."""
    for rule in change.tree(_RULES)["rules"]:
        for step in rule["steps"]:
            if any(one.get("intent") == "overview" for one in step.get("or", ())):
                return step["or"]
    raise Refused([Problem("answer.yml", 1, "rules", "has no rule for questions about the pools", "broken_file")])


def _insert(items: Any, names: Sequence[str], name: str, item: Any) -> None:
    """Put an item among the intents of the pools' questions, in the order of the alphabet, never after the last."""
    last = names.index("updated") if "updated" in names else len(names)
    place = next((index for index, other in enumerate(names[:last]) if other > name), last)
    items.insert(place, item)


def remove(root: Path, name: str) -> list[str]:
    """Take a topic out of every file, and return the files.

    Raises:
        Refused: there is no such topic, the code needs it, or something else refers to it.
    """
    with changing(root) as change:
        _entry(change, name)
        topics = change.tree(TOPICS)
        if any(word == name or word.startswith(f"{name}.") for word in wiring.named_in_code(settings.ROOT)):
            raise refuse("name", "in_code", f"the code needs «{name}»", name=name)
        questions = [one for one, (topic, _) in proofs.questions(topics).items() if topic == name]
        for pool in pools.names(root):
            change.tree(pools.path(pool))["facts"].pop(name, None)
        silences = change.tree(_SILENCES)["responses"]
        for question in questions:
            silences.pop(f"utter_not_stated_{question.replace('.', '_')}", None)
        del topics[name]
        change.remove(f"data/nlu/{name}.yml")
        ruled = _ruled(change)
        for items, names in (
            (change.tree(_INTENTS)["intents"], [str(one) for one in change.tree(_INTENTS)["intents"]]),
            (ruled, [one["intent"] for one in ruled]),
        ):
            for index in reversed([index for index, one in enumerate(names) if one.partition(".")[0] == name]):
                roundtrip.drop(items, index)
        if change.exists(CONTRACT):
            change.put(CONTRACT, change.text(CONTRACT).replace(f" `{name}`", "", 1))
        return list(change.staged())
