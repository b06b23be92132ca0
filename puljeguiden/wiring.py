"""Checks that texts, intents, rules and topics fit together. Rasa only warns, or says nothing, where they do not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML, YAMLError

from puljeguiden import proofs
from puljeguiden.handoff import STEPS
from puljeguiden.proofs import Problem

_FALLBACK = "nlu_fallback"
_WITHOUT_FACTS = ("move.", "chitchat.", "concern.", "handoff", "out_of_scope")
_OF_NO_POOL = {"overview.list", "overview.difference", "status", "wording"}
FEWEST_EXAMPLES = 8
# Said by name built at run time: a name per topic, per kind of talk, per worry.
_BUILT_NAMES = ("utter_chitchat_", "utter_concern_", "utter_out_of_scope", "utter_error_")
_ALWAYS = {"utter_default", "utter_answer"}
# Of these families, every name in the code is one of a text, also where `say` gets it from elsewhere.
_SAID_BY_NAME = re.compile(r"(?:handoff|email|button)_(?!form$)[a-z_]+")
_FORM = "handoff_form"


def problems(root: Path, code: Path | None = None) -> list[Problem]:
    """Return all that does not fit together; an empty list means that it does.

    Args:
        root: the folder that holds `data/` and `rasa_project/domain/`.
        code: the folder that holds the code, where that is another one.
    """
    found: list[Problem] = []
    texts: dict[str, str] = {}
    files: dict[str, Path] = {}
    for file in sorted((root / "rasa_project" / "domain" / "responses").glob("*.yml")):
        found += _read_texts(file, texts, files)
    domain = _read(root / "rasa_project" / "domain" / "intents.yml", found).get("intents", [])
    topics = _read(root / "data" / "topics.yml", found)
    examples = _examples(root / "data" / "nlu", found)
    ruled = _ruled(root / "data" / "rules", found)
    questions = set(proofs.questions(topics)) if topics else set()
    found += _text_problems(code or root, texts, files, questions)
    found += _intent_problems(root, list(domain), examples, ruled, questions)
    found += _form_problems(root, found)
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
    """Return the line a name or an example stands on, as a whole."""
    lines = path.read_text(encoding="utf-8").splitlines()
    whole = re.compile(rf"(?<![\w.]){re.escape(text)}(?![\w.])")
    return next((number for number, line in enumerate(lines, 1) if whole.search(line)), 1)


def _read_texts(file: Path, texts: dict[str, str], files: dict[str, Path]) -> list[Problem]:
    found: list[Problem] = []
    responses = _read(file, found).get("responses") or {}
    if not isinstance(responses, dict):
        return [*found, Problem(file.name, 1, "responses", "has to map names to texts")]
    for name, variants in responses.items():
        if name in files:
            found.append(Problem(file.name, _line(file, name), name, f"stands in {files[name].name} too"))
        try:
            texts[name] = variants[0]["text"]
        except (KeyError, IndexError, TypeError):
            found.append(Problem(file.name, _line(file, name), name, "has no text"))
        files[name] = file
    return found


def _examples(folder: Path, found: list[Problem]) -> dict[str, list[str]]:
    examples: dict[str, list[str]] = {}
    seen: dict[str, str] = {}
    for file in sorted(folder.glob("*.yml")):
        for entry in _read(file, found).get("nlu") or []:
            intent, given = (entry.get("intent"), entry.get("examples")) if isinstance(entry, dict) else (None, None)
            if not isinstance(intent, str) or not isinstance(given, str):
                where = _line(file, intent) if isinstance(intent, str) else 1
                found.append(Problem(file.name, where, str(intent), "needs «intent:» and «examples: |» with a list"))
                continue
            for line in given.splitlines():
                example = line.strip().removeprefix("- ").strip()
                examples.setdefault(intent, []).append(example)
                if seen.setdefault(example.lower(), intent) != intent:
                    message = f"«{example}» is an example of {seen[example.lower()]} too"
                    values = {"example": example, "intent": seen[example.lower()]}
                    found.append(Problem(file.name, _line(file, example), intent, message, "example_twice", values))
            if intent.partition(".")[0] != file.stem:
                message = f"belongs in a file named after its topic, not in {file.name}"
                found.append(Problem(file.name, _line(file, intent), intent, message))
    return examples


def _ruled(folder: Path, found: list[Problem]) -> set[str]:
    """Return the intents that a rule mentions."""
    ruled: set[str] = set()

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("intent"), str):
                ruled.add(node["intent"])
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    for file in sorted(folder.glob("*.yml")):
        collect(_read(file, found))
    return ruled


class _Code(NamedTuple):
    """What one file of the code says: its text constants, and each `say("name", value=…)` as name and values."""

    words: frozenset[str]
    says: tuple[tuple[str, frozenset[str | None]], ...]


def _code(root: Path) -> list[_Code]:
    folders = ("puljeguiden", "actions", "rasa_project")
    return [_read_code(file, file.stat().st_mtime_ns) for name in folders for file in (root / name).rglob("*.py")]


@lru_cache(maxsize=1000)  # trainers' edits are checked against the same code again and again
def _read_code(file: Path, _changed: int) -> _Code:
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    words = (node.value for node in nodes if isinstance(node, ast.Constant))
    calls = (node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    says = [
        (call.args[0].value, frozenset(keyword.arg for keyword in call.keywords))
        for call in calls
        if call.func.id == "say" and call.args and isinstance(call.args[0], ast.Constant)  # type: ignore[attr-defined]
    ]
    return _Code(
        frozenset(word for word in words if isinstance(word, str)),
        tuple((name, values) for name, values in says if isinstance(name, str)),
    )


def named_in_code(root: Path) -> set[str]:
    """Return every text constant of the code: what stands there must not be renamed or removed elsewhere."""
    return {word for one in _code(root) for word in one.words}


def _text_problems(code: Path, texts: dict[str, str], files: dict[str, Path], questions: set[str]) -> Iterator[Problem]:
    known = _code(code)
    words = {word for one in known for word in one.words}
    silent = {f"utter_not_stated_{question.replace('.', '_')}": question for question in sorted(questions)}
    for name, file in files.items():
        if re.match(r"utter_ask_(?:handoff_form_)?(?:question|name|organisation|email|confirm)$", name):
            yield Problem(
                file.name, _line(file, name), name, "would be said beside the reply: the form's action asks itself"
            )
        built = name.startswith(_BUILT_NAMES) or name in silent or name in _ALWAYS
        if not built and name not in words and name.removeprefix("utter_") not in words:
            yield Problem(file.name, _line(file, name), name, "is said nowhere")
    for name, question in silent.items():
        if name not in texts:
            message = f"is missing: what is said when a page does not answer «{question}»"
            yield Problem("not_stated.yml", 1, name, message)
        elif _placeholders(texts[name]) != {"page"}:
            message = "has to hold {page}, and no other placeholder"
            yield Problem(files[name].name, _line(files[name], name), name, message, "page_placeholder")
    for one in known:
        yield from _say_problems(one, texts, files)
    for word in sorted(word for word in words if _SAID_BY_NAME.fullmatch(word)):
        if f"utter_{word}" not in texts:
            yield Problem("responses", 1, f"utter_{word}", "is said in the code, but there is no such text")


def _say_problems(code: _Code, texts: dict[str, str], files: dict[str, Path]) -> Iterator[Problem]:
    """Check each `say("name", value=…)`: that there is such a text, and that it asks for no other values."""
    for said, values in code.says:
        name = f"utter_{said}"
        if name not in texts:
            yield Problem("responses", 1, name, "is said in the code, but there is no such text")
        elif missing := _placeholders(texts[name]) - values:
            file = files[name]
            yield Problem(
                file.name, _line(file, name), name, f"asks for {', '.join(sorted(missing))}, which is not given"
            )


def _form_problems(root: Path, found: list[Problem]) -> Iterator[Problem]:
    """Check that the domain's form asks for what the code takes, and that its slots are set by nobody else."""
    file = root / "rasa_project" / "domain" / "assistant.yml"
    domain = _read(file, found)
    required = ((domain.get("forms") or {}).get(_FORM) or {}).get("required_slots") or []
    slots = domain.get("slots") or {}
    if tuple(required) != STEPS:
        yield Problem(
            file.name, _line(file, "required_slots"), _FORM, f"has to require {', '.join(STEPS)}, in this order"
        )
    for name in (*STEPS, "case"):
        slot = slots.get(name) or {}
        if slot.get("influence_conversation") is not False or slot.get("mappings") != [{"type": "custom"}]:
            message = "has to be a slot with influence_conversation: false and one mapping, «type: custom»"
            yield Problem(file.name, _line(file, name), name, message)
    if f"validate_{_FORM}" not in (domain.get("actions") or []):
        yield Problem(file.name, _line(file, "actions"), f"validate_{_FORM}", "is missing among the actions")


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def _intent_problems(
    root: Path, domain: list[str], examples: dict[str, list[str]], ruled: set[str], questions: set[str]
) -> Iterator[Problem]:
    file = root / "rasa_project" / "domain" / "intents.yml"
    for intent in domain:
        if intent not in examples:
            yield Problem(file.name, _line(file, intent), intent, "has no examples in data/nlu/")
        elif (count := len(examples[intent])) < FEWEST_EXAMPLES:
            message = f"has fewer than {FEWEST_EXAMPLES} examples"
            values = {"intent": intent, "count": str(count), "fewest": str(FEWEST_EXAMPLES)}
            yield Problem(file.name, _line(file, intent), intent, message, "too_few_examples", values)
        if intent not in ruled:
            yield Problem(file.name, _line(file, intent), intent, "has no rule in data/rules/")
        if not intent.startswith(_WITHOUT_FACTS) and intent not in questions | _OF_NO_POOL:
            yield Problem(file.name, _line(file, intent), intent, "is no question in data/topics.yml")
    for intent in sorted((set(examples) | ruled) - set(domain) - {_FALLBACK}):
        yield Problem(file.name, 1, intent, "is not in the domain")
    for question in sorted(questions - set(domain)):
        yield Problem(file.name, 1, question, "is a question in data/topics.yml, but no intent")
