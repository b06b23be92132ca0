"""Proves `data/`: every quote stands on its page, every value in its quote, every question has an answer for every pool."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
from ruamel.yaml import YAML, YAMLError

from puljeguiden.danish import MONTHS, squeeze

ASKS = ("subject", "admin")


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file: where (`field` is a dotted path) and what."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


class _File:
    """A YAML file that remembers on which line each field stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content: Any = YAML(typ="rt").load(path.read_text(encoding="utf-8"))

    def problem(self, trail: tuple[Any, ...], message: str) -> Problem:
        node, line = self.content, 1
        for step in trail:
            try:
                place = node.lc.data.get(step) if hasattr(node, "lc") and node.lc.data else None
                line = place[0] + 1 if place else line
                node = node[step]
            except (KeyError, IndexError, TypeError, AttributeError):
                break
        return Problem(self.path.name, line, ".".join(str(step) for step in trail) or "(file)", message)


def problems(folder: Path) -> list[Problem]:
    """Return all that is wrong with the facts in a data folder; an empty list means that they are proven."""
    files: dict[str, _File] = {}
    found: list[Problem] = []
    names = ["topics", "contacts", "municipalities", "applicants", "help_lines"]
    for path in [folder / f"{name}.yml" for name in names] + sorted((folder / "pools").glob("*.yml")):
        try:
            files[str(path.relative_to(folder))] = _File(path)
        except OSError as error:
            found.append(Problem(path.name, 1, "(file)", f"cannot be read ({error.strerror})"))
        except UnicodeDecodeError:
            found.append(Problem(path.name, 1, "(file)", "is not UTF-8 text"))
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            found.append(
                Problem(
                    path.name,
                    mark.line + 1 if mark else 1,
                    "(file)",
                    f"not valid YAML: {getattr(error, 'problem', error)}",
                )
            )
    if found:
        return found
    try:
        found += _topic_problems(files["topics.yml"])
        if found:
            return found
        schema = json.loads((folder / "pool.schema.json").read_text(encoding="utf-8"))
        pools = {name: file for name, file in files.items() if name.startswith("pools/")}
        if not pools:
            found.append(Problem("pools", 1, "(folder)", "holds no pool"))
        for file in pools.values():
            found += _schema_problems(file, schema) or _pool_problems(file, folder, files)
        found += _contact_problems(files["contacts.yml"], {file.path.stem: file for file in pools.values()})
    except (AttributeError, KeyError, TypeError) as error:
        found.append(Problem("data", 1, "(folder)", f"has another shape than expected: {error!r}"))
    return found


def _topic_problems(file: _File) -> Iterator[Problem]:
    if not isinstance(file.content, dict):
        yield file.problem((), "has to map topics to their entries")
        return
    for name, entry in file.content.items():
        for key in ("label", "ask", "aspects"):
            if key not in entry:
                yield file.problem((name,), f"lacks «{key}»")
        if entry.get("ask") not in ASKS:
            yield file.problem((name, "ask"), f"has to be one of {', '.join(ASKS)}")


def _plain(node: Any) -> Any:
    """Return YAML content as JSON would hold it: dates as text."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, date):
        return node.isoformat()
    return node


def _schema_problems(file: _File, schema: dict[str, Any]) -> list[Problem]:
    errors = jsonschema.Draft7Validator(schema).iter_errors(_plain(file.content))
    return [file.problem(tuple(error.absolute_path), _first(error).message) for error in errors]


def _first(error: Any) -> Any:
    """Return the most telling part of a schema error."""
    return jsonschema.exceptions.best_match([error])


def _pool_problems(file: _File, folder: Path, files: dict[str, _File]) -> Iterator[Problem]:
    page_file = folder / "pages" / f"{file.path.stem}.txt"
    if not page_file.exists():
        yield file.problem((), f"the page pages/{page_file.name} is missing")
        return
    page = squeeze(page_file.read_text(encoding="utf-8"))
    head = file.content["page"]
    if squeeze(head["title"]) not in page:
        yield file.problem(("page", "title"), "does not stand on the page")
    for field in ("updated", "published"):
        if field in head:
            yield from _quote_problems(file, ("page", f"{field}_quote"), [head[f"{field}_quote"]], page)
            if not _proves(_plain(head[field]), head[f"{field}_quote"]):
                yield file.problem(("page", field), f"{head[field]} is not what its quote says")
    topics = files["topics.yml"].content
    kinds = files["applicants.yml"].content
    for topic in file.content["facts"]:
        if topic not in topics or not topics[topic]["aspects"]:
            yield file.problem(("facts", topic), "no such topic in topics.yml")
    for topic, entry in topics.items():
        if not entry["aspects"]:
            continue
        given = file.content["facts"].get(topic)
        if given is None:
            yield file.problem(("facts",), f"the topic «{topic}» has no answer (at least not_stated)")
            continue
        whole = not isinstance(given, dict) or "state" in given
        if whole and len(entry["aspects"]) > 1:
            yield file.problem(("facts", topic), f"has to answer each aspect: {', '.join(entry['aspects'])}")
            continue
        trails = {entry["aspects"][0]: ("facts", topic)} if whole else {name: ("facts", topic, name) for name in given}
        for name in [name for name in entry["aspects"] if name not in trails]:
            yield file.problem(("facts", topic), f"the aspect «{name}» has no answer (at least not_stated)")
        for name, trail in trails.items():
            if name not in entry["aspects"]:
                yield file.problem(trail, "no such aspect in topics.yml")
            else:
                yield from _fact_problems(file, trail, given if whole else given[name], page, topics, kinds)


def _fact_problems(
    file: _File, trail: tuple[Any, ...], fact: Any, page: str, topics: Any, kinds: Any
) -> Iterator[Problem]:
    if isinstance(fact, str):
        return
    quotes = fact.get("quotes", [])
    proof = squeeze(" ".join(quotes))
    yield from _quote_problems(file, (*trail, "quotes"), quotes, page)
    if fact["state"] == "stated" and not quotes:
        yield file.problem(trail, "is stated, but has no quote")
    if fact["state"] != "not_stated" and not fact.get("text") and not fact.get("rounds"):
        yield file.problem(trail, "has no text")
    for name, value in fact.get("values", {}).items():
        for item in value if isinstance(value, list) else [value]:
            if not _proves(_plain(item), proof):
                yield file.problem((*trail, "values", name), f"«{item}» does not stand in a quote")
    for field in ("text", "short"):
        for piece in _unproven(fact.get(field, ""), proof):
            yield file.problem((*trail, field), f"«{piece}» does not stand in a quote")
    for index, entry in enumerate(fact.get("rounds", [])):
        day = entry["date"] if "date" in entry else (entry["day"], entry["month"])
        for field, value in (("date", day), ("time", entry.get("time")), ("extended_from", entry.get("extended_from"))):
            if value is not None and not _proves(_plain(value), proof):
                yield file.problem((*trail, "rounds", index, field), f"{value} does not stand in a quote")
    for field in ("who", "excluded"):
        for index, entry in enumerate(fact.get(field, [])):
            if entry["kind"] not in kinds:
                yield file.problem((*trail, field, index, "kind"), f"«{entry['kind']}» is no kind in applicants.yml")
    for index, question in enumerate(fact.get("also", [])):
        topic, _, aspect = question.partition(".")
        if topic not in topics or (aspect and aspect not in topics[topic]["aspects"]):
            yield file.problem((*trail, "also", index), f"no such question: «{question}»")


def _quote_problems(file: _File, trail: tuple[Any, ...], quotes: list[str], page: str) -> Iterator[Problem]:
    for index, quote in enumerate(quotes):
        if squeeze(quote) not in page:
            yield file.problem((*trail, index), f"does not stand on the page: «{quote}»")


def _contact_problems(file: _File, pools: dict[str, _File]) -> Iterator[Problem]:
    for pool, entry in (file.content or {}).items():
        if pool not in pools:
            yield file.problem((pool,), "no such pool")
            continue
        for kind, contact in entry.items():
            if kind not in ASKS:
                yield file.problem((pool, kind), f"has to be one of {', '.join(ASKS)}")
            topic, _, aspect = contact.get("fact", "").partition(".")
            fact = pools[pool].content["facts"].get(topic)
            if isinstance(fact, dict) and "state" not in fact:
                fact = fact.get(aspect or next(iter(fact)))
            if not isinstance(fact, dict) or not fact.get("quotes"):
                yield file.problem((pool, kind, "fact"), "has to name a fact that has a quote")


def _numbers(text: str) -> set[int]:
    """Return all whole numbers in a text, month names and «mio. kr.» read as numbers."""
    lowered = text.lower()
    found = {int(digits) for digits in re.findall(r"\d+", lowered)}
    found |= {int(group.replace(".", "")) for group in re.findall(r"\d{1,3}(?:\.\d{3})+", lowered)}
    found |= {index for index, month in enumerate(MONTHS, 1) if re.search(rf"\b{month}", lowered)}
    for whole, part in re.findall(r"(\d+)(?:,(\d+))? ?mio", lowered):
        found.add(int(whole) * 1_000_000 + (int(part) * 10 ** (6 - len(part)) if part else 0))
    return found


def _proves(value: Any, quote: str) -> bool:
    """Return whether a quote holds a value: a number, an ISO date, (day, month), a time of day, or the very text."""
    numbers = _numbers(quote)
    if isinstance(value, int):
        return value in numbers
    if isinstance(value, (list, tuple)):
        return set(value) <= numbers
    if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", value):
        return {int(part) for part in value.split("-")} <= numbers
    if clock := re.fullmatch(r"(\d{2}):(\d{2})", value):
        hour, minute = clock.groups()
        spellings = {f"{hour}.{minute}", f"{hour}:{minute}"} | (
            {f"kl. {int(hour)}", f"kl {int(hour)}"} if minute == "00" else set()
        )
        return any(spelling in quote.lower() for spelling in spellings)
    return squeeze(value) in squeeze(quote)


def _unproven(text: str, proof: str) -> list[str]:
    """Return the e-mail addresses, sites and numbers of a Danish sentence that its quotes do not hold."""
    addresses = re.findall(r"[\w.-]+@[\w.-]+\w|\b[a-z]\w+\.dk\b", text)
    rest = re.sub(r"[\w.-]+@[\w.-]+\w", " ", text)
    numbers = _numbers(proof)
    return [item for item in addresses if item not in proof] + [
        digits for digits in re.findall(r"\d+", rest) if int(digits) not in numbers
    ]
