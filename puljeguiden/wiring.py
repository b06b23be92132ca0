"""Checks that texts, intents, rules and topics fit together. Rasa only warns, or says nothing, where they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, YAMLError

from puljeguiden.proofs import Problem

_FALLBACK = "nlu_fallback"
_WITHOUT_FACTS = ("move.", "chitchat.", "concern.", "handoff", "out_of_scope")
_OF_NO_POOL = {"overview.list", "overview.difference", "status"}
_FEWEST_EXAMPLES = 15
# Said by name built at run time: a name per topic, per kind of talk, per worry.
_BUILT_NAMES = ("utter_not_stated_", "utter_chitchat_", "utter_concern_", "utter_out_of_scope", "utter_error_")
_ALWAYS = {"utter_default", "utter_answer"}


def problems(root: Path) -> list[Problem]:
    """Return all that does not fit together; an empty list means that it does."""
    found: list[Problem] = []
    texts: dict[str, Path] = {}
    for file in sorted((root / "rasa_project" / "domain" / "responses").glob("*.yml")):
        found += _read_texts(file, texts)
    domain = _read(root / "rasa_project" / "domain" / "intents.yml", found).get("intents", [])
    topics = _read(root / "data" / "topics.yml", found)
    examples = _examples(root / "data" / "nlu", found)
    ruled = _ruled(root / "data" / "rules", found)
    questions = _questions(topics)
    found += _text_problems(root, texts, questions)
    found += _intent_problems(root, list(domain), examples, ruled, questions)
    return found


def _read(path: Path, found: list[Problem]) -> Any:
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        found.append(
            Problem(
                path.name, mark.line + 1 if mark else 1, "(file)", f"cannot be read: {getattr(error, 'problem', error)}"
            )
        )
        return {}


def _line(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if text in line), 1)


def _read_texts(file: Path, texts: dict[str, Path]) -> list[Problem]:
    found: list[Problem] = []
    for name, variants in (_read(file, found).get("responses") or {}).items():
        if name in texts:
            found.append(Problem(file.name, _line(file, name), name, f"stands in {texts[name].name} too"))
        texts[name] = file
        if not isinstance(variants, list) or not all(
            isinstance(one, dict) and isinstance(one.get("text"), str) for one in variants
        ):
            found.append(Problem(file.name, _line(file, name), name, "has no text"))
    return found


def _examples(folder: Path, found: list[Problem]) -> dict[str, list[str]]:
    examples: dict[str, list[str]] = {}
    seen: dict[str, str] = {}
    for file in sorted(folder.glob("*.yml")):
        for entry in _read(file, found).get("nlu", []):
            intent = entry["intent"]
            for line in entry["examples"].splitlines():
                example = line.strip().removeprefix("- ").strip()
                examples.setdefault(intent, []).append(example)
                if seen.setdefault(example.lower(), intent) != intent:
                    found.append(
                        Problem(
                            file.name,
                            _line(file, example),
                            intent,
                            f"«{example}» is an example of {seen[example.lower()]} too",
                        )
                    )
            if not intent.startswith(file.stem):
                found.append(
                    Problem(
                        file.name,
                        _line(file, intent),
                        intent,
                        f"belongs in a file named after its topic, not in {file.name}",
                    )
                )
    return examples


def _ruled(folder: Path, found: list[Problem]) -> set[str]:
    ruled: set[str] = set()
    for file in sorted(folder.glob("*.yml")):
        ruled |= set(re.findall(r"intent: (\S+)", file.read_text(encoding="utf-8")))
        _read(file, found)
    return ruled


def _questions(topics: dict[str, Any]) -> set[str]:
    return {
        topic if index == 0 else f"{topic}.{aspect}"
        for topic, entry in topics.items()
        for index, aspect in enumerate(entry["aspects"])
    }


def _text_problems(root: Path, texts: dict[str, Path], questions: set[str]) -> Iterator[Problem]:
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for folder in ("puljeguiden", "actions", "rasa_project")
        for file in (root / folder).rglob("*.py")
    )
    said = {
        f"utter_{name}"
        for name in re.findall(
            r'\b(?:say|_clarify|_chat|_sources_said|_refusal|_error|Unusable)\([^()]*?"([a-z_]+)"', code
        )
    }
    said |= {f"utter_{name}" for name in re.findall(r'"([a-z_]+)"', code)}
    said |= {f"utter_not_stated_{question.replace('.', '_')}" for question in questions}
    for name, file in texts.items():
        built = name.startswith(_BUILT_NAMES) and not name.startswith("utter_not_stated_")
        if name not in said and not built and name not in _ALWAYS:
            yield Problem(file.name, _line(file, name), name, "is said nowhere")
    for question in sorted(questions):
        name = f"utter_not_stated_{question.replace('.', '_')}"
        if name not in texts:
            yield Problem(
                "not_stated.yml", 1, name, f"is missing: what is said when a page does not answer «{question}»"
            )
    for name in sorted(set(re.findall(r'\bsay\(\s*"([a-z_]+)"', code))):
        if f"utter_{name}" not in texts:
            yield Problem("responses", 1, f"utter_{name}", "is said in the code, but there is no such text")


def _intent_problems(
    root: Path, domain: list[str], examples: dict[str, list[str]], ruled: set[str], questions: set[str]
) -> Iterator[Problem]:
    file = root / "rasa_project" / "domain" / "intents.yml"
    for intent in domain:
        if intent not in examples:
            yield Problem(file.name, _line(file, intent), intent, "has no examples in data/nlu/")
        elif len(examples[intent]) < _FEWEST_EXAMPLES:
            yield Problem(file.name, _line(file, intent), intent, f"has fewer than {_FEWEST_EXAMPLES} examples")
        if intent not in ruled:
            yield Problem(file.name, _line(file, intent), intent, "has no rule in data/rules/")
        if not intent.startswith(_WITHOUT_FACTS) and intent not in questions | _OF_NO_POOL:
            yield Problem(file.name, _line(file, intent), intent, "is no question in data/topics.yml")
    for intent in sorted((set(examples) | ruled) - set(domain) - {_FALLBACK}):
        yield Problem(file.name, 1, intent, "is not in the domain")
    for question in sorted(questions - set(domain)):
        yield Problem(file.name, 1, question, "is a question in data/topics.yml, but no intent")
