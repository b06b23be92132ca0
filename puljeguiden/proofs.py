"""Proves `data/`: every quote stands on its page, every value in its quote, every question has an answer for every pool."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import jsonschema
from ruamel.yaml import YAML, YAMLError

from puljeguiden import settings
from puljeguiden.danish import squeeze
from puljeguiden.evidence import proves, unproven

ASKS = ("subject", "admin")


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file: where (`field` is a dotted path) and what.

    `message` is for developers. Pages show `code` and `values` in Danish; «other» is what a page's form cannot cause.
    """

    file: str
    line: int
    field: str
    message: str
    code: str = "other"
    values: Mapping[str, str] = dataclasses.field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


class _File:
    """A YAML file that knows on which line each field stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text = path.read_text(encoding="utf-8")
        self.content: Any = YAML(typ="safe").load(self._text)

    @cached_property
    def _marked(self) -> Any:
        """The content with its lines: ten times slower to read, so only where there is a problem to tell of."""
        return YAML(typ="rt").load(self._text)

    def problem(self, trail: tuple[Any, ...], message: str, code: str = "other", **values: object) -> Problem:
        node, line = self._marked, 1
        for step in trail:
            try:
                place = node.lc.data.get(step) if hasattr(node, "lc") and node.lc.data else None
                line = place[0] + 1 if place else line
                node = node[step]
            except (KeyError, IndexError, TypeError, AttributeError):
                break
        name = ".".join(str(step) for step in trail) or "(file)"
        return Problem(self.path.name, line, name, message, code, {key: str(value) for key, value in values.items()})


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
        except (YAMLError, ValueError) as error:  # a ValueError is a date that does not exist
            mark = getattr(error, "problem_mark", None)
            found.append(
                Problem(
                    path.name,
                    mark.line + 1 if mark else 1,
                    "(file)",
                    f"not valid YAML: {getattr(error, 'problem', None) or error}",
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
        by_name = {file.path.stem: file for file in pools.values()}
        found += _contact_problems(files["contacts.yml"], by_name, files["topics.yml"].content)
        found += _lists_problems(files["applicants.yml"], files["municipalities.yml"])
    except (AttributeError, KeyError, TypeError, ValueError, YAMLError) as error:
        found.append(Problem("data", 1, "(folder)", f"has another shape than expected: {error!r}"))
    return found


def _topic_problems(file: _File) -> Iterator[Problem]:
    if not isinstance(file.content, dict):
        yield file.problem((), "has to map topics to their entries")
        return
    for name, entry in file.content.items():
        if not isinstance(entry, dict):
            yield file.problem((name,), "has to have a label, «ask» and aspects")
            continue
        for key in ("label", "ask", "aspects"):
            if key not in entry:
                yield file.problem((name,), f"lacks «{key}»")
        if entry.get("ask") not in ASKS:
            yield file.problem((name, "ask"), f"has to be one of {', '.join(ASKS)}")


def _lists_problems(applicants: _File, places: _File) -> Iterator[Problem]:
    for name, entry in applicants.content.items():
        for key in ("plural", "definite", "words"):
            if key not in entry:
                yield applicants.problem((name,), f"lacks «{key}»")
    for key in ("municipalities", "regions"):
        if not isinstance(places.content.get(key), list):
            yield places.problem((), f"lacks the list «{key}»")
    for index, entry in enumerate(places.content.get("municipalities", [])):
        if "name" not in entry:
            yield places.problem(("municipalities", index), "lacks «name»")


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
    try:
        page = squeeze(page_file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        yield Problem(page_file.name, 1, "(file)", "is not UTF-8 text")
        return
    head = file.content["page"]
    if squeeze(head["title"]) not in page:
        yield file.problem(("page", "title"), "does not stand on the page", "title_not_on_page")
    for field in ("updated", "published"):
        if field in head:
            yield from _quote_problems(file, ("page", f"{field}_quote"), [head[f"{field}_quote"]], page)
            if not proves(_plain(head[field]), head[f"{field}_quote"]):
                message = f"{head[field]} is not what its quote says"
                yield file.problem(("page", field), message, "value_not_in_quote", value=head[field])
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
            message = f"the topic «{topic}» has no answer (at least not_stated)"
            yield file.problem(("facts",), message, "no_answer", question=topic)
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
        yield file.problem(trail, "is stated, but has no quote", "no_quote")
    if fact["state"] != "not_stated" and not fact.get("text") and not fact.get("rounds"):
        yield file.problem(trail, "has no text", "no_text")
    for name, value in fact.get("values", {}).items():
        for item in value if isinstance(value, list) else [value]:
            if not proves(_plain(item), proof):
                yield file.problem((*trail, "values", name), *_not_in_quote(item), value=item)
    for field in ("text", "short"):
        for piece in unproven(fact.get(field, ""), proof):
            yield file.problem((*trail, field), *_not_in_quote(piece), value=piece)
    for index, entry in enumerate(fact.get("rounds", [])):
        day = entry["date"] if "date" in entry else (entry["day"], entry["month"])
        for field, value in (("date", day), ("time", entry.get("time")), ("extended_from", entry.get("extended_from"))):
            if value is not None and not proves(_plain(value), proof):
                yield file.problem((*trail, "rounds", index, field), *_not_in_quote(value), value=value)
    for field in ("who", "excluded"):
        for index, entry in enumerate(fact.get(field, [])):
            if entry["kind"] not in kinds:
                yield file.problem((*trail, field, index, "kind"), f"«{entry['kind']}» is no kind in applicants.yml")
            for part in ("as", "condition"):
                for piece in unproven(entry.get(part, ""), proof):
                    yield file.problem((*trail, field, index, part), *_not_in_quote(piece), value=piece)
    for index, question in enumerate(fact.get("also", [])):
        if question not in questions(topics):
            yield file.problem((*trail, "also", index), f"no such question: «{question}»")


def questions(topics: Any) -> dict[str, tuple[str, str]]:
    """Return all questions that pools answer, with topic and aspect: the first aspect goes by the topic's name alone."""
    return {
        name if index == 0 else f"{name}.{aspect}": (name, aspect)
        for name, entry in topics.items()
        for index, aspect in enumerate(entry["aspects"])
    }


def _quote_problems(file: _File, trail: tuple[Any, ...], quotes: list[str], page: str) -> Iterator[Problem]:
    for index, quote in enumerate(quotes):
        if squeeze(quote) not in page:
            message = f"does not stand on the page: «{quote}»"
            yield file.problem((*trail, index), message, "quote_not_on_page", quote=quote)


def _not_in_quote(value: object) -> tuple[str, str]:
    return f"«{value}» does not stand in a quote", "value_not_in_quote"


def _contact_problems(file: _File, pools: dict[str, _File], topics: Any) -> Iterator[Problem]:
    for pool, entry in (file.content or {}).items():
        if pool not in pools:
            yield file.problem((pool,), "no such pool")
            continue
        for kind, contact in entry.items():
            if kind not in ASKS:
                yield file.problem((pool, kind), f"has to be one of {', '.join(ASKS)}")
            if not contact.get("who"):
                yield file.problem((pool, kind), "lacks «who»")
            if "deliver" in contact and not settings.MAILBOX.fullmatch(str(contact["deliver"])):
                yield file.problem((pool, kind, "deliver"), "has to be an e-mail address")
            topic, aspect = questions(topics).get(contact.get("fact", ""), ("", ""))
            fact = pools[pool].content["facts"].get(topic)
            if isinstance(fact, dict) and "state" not in fact:
                fact = fact.get(aspect)
            if not isinstance(fact, dict) or not fact.get("quotes"):
                yield file.problem((pool, kind, "fact"), "has to name a question whose fact has a quote")
                continue
            for piece in unproven(contact.get("who", ""), squeeze(" ".join(fact["quotes"]))):
                yield file.problem((pool, kind, "who"), f"«{piece}» does not stand in the quotes of {contact['fact']}")
