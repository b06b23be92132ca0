"""Changes what a pool's page answers, the page itself, and adds a pool that is silent until somebody reads its page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from puljeguiden import proofs
from puljeguiden.danish import squeeze
from puljeguiden.editing import proposals, roundtrip
from puljeguiden.editing.files import Change, Refused, changing, given, refuse
from puljeguiden.facts import NOT_STATED, read_yaml
from puljeguiden.proofs import Problem

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ON_ONE_LINE = ("values", "who", "excluded", "rounds")
_HEAD = ("title", "url", "updated", "updated_quote", "published", "published_quote")
_KNOWN = {"id", "name", "order", "names", "hints", "text", "facts", "contacts", *_HEAD}


def names(root: Path) -> list[str]:
    """Return the ids of all pools."""
    return sorted(file.stem for file in (root / "data" / "pools").glob("*.yml"))


def path(pool: str) -> str:
    """Return where a pool's facts stand."""
    return f"data/pools/{pool}.yml"


def page(pool: str) -> str:
    """Return where a pool's page stands."""
    return f"data/pages/{pool}.txt"


def answers(root: Path, pool: str) -> dict[str, Any]:
    """Return a pool's answers by question, as plain content: what a form starts from.

    Raises:
        Refused: there is no such pool.
    """
    _require(Change(root), pool)
    given_facts = read_yaml(root / path(pool))["facts"]
    found = {}
    for question, (topic, aspect) in proofs.questions(read_yaml(root / "data" / "topics.yml")).items():
        answer = given_facts.get(topic, NOT_STATED)
        if isinstance(answer, dict) and "state" not in answer:
            answer = answer.get(aspect, NOT_STATED)
        found[question] = _as_text(answer)
    return found


def set_answer(root: Path, pool: str, question: str, answer: Any) -> None:
    """Change what a pool's page answers to a question.

    Args:
        root: the folder that holds `data/` and `rasa_project/domain/`.
        pool: the pool's id.
        question: `topic` or `topic.aspect`.
        answer: `not_stated`, or a fact as in data/pools/: `state`, `text`, `quotes`, `values`, `rounds` …

    Raises:
        Refused: a quote does not stand on the page, a value not in its quote, or there is no such pool or question.
    """
    with changing(root) as change:
        put_answer(change, pool, question, answer)


def set_page(root: Path, pool: str, text: str, changed: Mapping[str, Any], updated: Mapping[str, str]) -> None:
    """Take over a page's new text, with the answers that change by it.

    Args:
        root: the folder that holds `data/` and `rasa_project/domain/`.
        pool: the pool's id.
        text: the whole page.
        changed: answers by question, as for `set_answer`.
        updated: what changes in the pool's head: `updated` and `updated_quote`, `title`.

    Raises:
        Refused: a quote, of these or of the other answers, does not stand on the new page.
    """
    with changing(root) as change:
        _require(change, pool)
        change.put(page(pool), tidy(text))
        head = change.tree(path(pool))["page"]
        for key, value in updated.items():
            if key not in _HEAD:
                raise refuse(f"page.{key}", "unknown_field", "no such field")
            head[key] = _value(value)
        for question, answer in changed.items():
            put_answer(change, pool, question, answer)


def set_details(root: Path, pool: str, details: Mapping[str, Any]) -> None:
    """Change what a pool is called and where its page is.

    Args:
        root: the folder that holds `data/` and `rasa_project/domain/`.
        pool: the pool's id.
        details: `name`, `order`, `names`, `hints`, and of its page `title`, `url`, `updated` … None takes one away.

    Raises:
        Refused: there is no such pool or detail, or the page does not prove it.
    """
    with changing(root) as change:
        _require(change, pool)
        content = change.tree(path(pool))
        for key, value in details.items():
            if key not in ("name", "order", "names", "hints", *_HEAD):
                raise refuse(key, "unknown_field", "no such detail")
            holder = content["page"] if key in _HEAD else content
            if value is None and key != "url":
                holder.pop(key, None)
            elif _as_text(holder.get(key)) != _as_text(value):
                new = _value(_squeezed(value) if isinstance(value, list) else value)
                if isinstance(new, list) and isinstance(holder.get(key), CommentedSeq):
                    _refill(holder[key], new)
                elif key in holder or key in _HEAD:
                    holder[key] = new
                else:
                    holder.insert(1, key, new)


def _refill(items: CommentedSeq, new: Sequence[Any]) -> None:
    """Give a list its items; those that stay keep their comments, and what followed the list follows it still."""
    after = items.ca.items.pop(len(items) - 1, None)
    for index in reversed([index for index, item in enumerate(items) if item not in new]):
        roundtrip.drop(items, index)
    if [item for item in new if item in items] != list(items):
        items[:] = [item for item in new if item in items]
    for index, item in enumerate(new):
        if index >= len(items) or items[index] != item:
            items.insert(index, item)
    if after and items:
        items.ca.items[len(items) - 1] = after


def set_contacts(root: Path, pool: str, contacts: Mapping[str, Any]) -> None:
    """Change who answers what a pool's page does not say: `subject` and `admin`, as in data/contacts.yml.

    Raises:
        Refused: there is no such pool, or a contact's `fact` does not prove it.
    """
    with changing(root) as change:
        _require(change, pool)
        entries = change.tree("data/contacts.yml")
        if roundtrip.plain(entries.get(pool)) != roundtrip.plain(contacts):
            entries[pool] = roundtrip.node(contacts)


def put_answer(change: Change, pool: str, question: str, answer: Any) -> None:
    """Put an answer into a change; what stays the same keeps its place and comments."""
    _require(change, pool)
    topics = change.tree("data/topics.yml")
    questions = proofs.questions(topics)
    if question not in questions:
        raise refuse("question", "no_such_question", f"there is no question «{question}»", question=question)
    topic, aspect = questions[question]
    new = _fact(answer)
    holder = change.tree(path(pool))["facts"]
    key = topic
    if len(topics[topic]["aspects"]) > 1 or (isinstance(holder.get(topic), Mapping) and "state" not in holder[topic]):
        holder = holder.setdefault(topic, CommentedMap())
        key = aspect
    old = holder.get(key)
    if isinstance(old, CommentedMap) and isinstance(new, CommentedMap):
        _update(old, new)
    else:
        holder[key] = new


def _require(change: Change, pool: str) -> None:
    if not _ID.fullmatch(pool) or not change.exists(path(pool)):
        raise refuse("pool", "no_such_pool", f"there is no pool «{pool}»", pool=pool)


def _fact(answer: Any) -> Any:
    """Return an answer as it stands in a file.

    Raises:
        Refused: it is neither a state nor a fact.
    """
    if isinstance(answer, str):
        return answer
    if not isinstance(answer, Mapping):
        raise refuse("answer", "answer_shape", "has to be not_stated, or a fact with its state")
    made = CommentedMap()
    for key, value in answer.items():
        if key == "quotes" and isinstance(value, list):
            made[key] = CommentedSeq(squeeze(quote) if isinstance(quote, str) else quote for quote in value)
        else:
            made[key] = _value(value)
    for key in _ON_ONE_LINE:
        for part in made[key] if isinstance(made.get(key), CommentedSeq) else [made.get(key)]:
            if isinstance(part, CommentedMap):
                part.fa.set_flow_style()
    return made


def _value(value: Any) -> Any:
    """Return a value as it stands in a file: dates as dates, texts on one line."""
    if isinstance(value, Mapping):
        return CommentedMap((key, _value(one)) for key, one in value.items())
    if isinstance(value, list):
        return CommentedSeq(_value(one) for one in value)
    if isinstance(value, str):
        if _is_day(value):
            return date.fromisoformat(value)
        # In braces one reader of YAML takes an unquoted colon for a key's, another does not.
        return DoubleQuotedScalarString(squeeze(value)) if ":" in value else squeeze(value)
    return value


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _update(old: CommentedMap, new: CommentedMap) -> None:
    for key in [key for key in old if key not in new]:
        del old[key]
    for key, value in new.items():
        if _as_text(old.get(key)) != _as_text(value):
            old[key] = value


def _as_text(content: Any) -> Any:
    """Return plain content with dates as text and texts on one line, so that wrapping makes no difference."""
    if isinstance(content, Mapping):
        return {str(key): _as_text(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_as_text(value) for value in content]
    if isinstance(content, date):
        return content.isoformat()
    return squeeze(content) if isinstance(content, str) else content


def tidy(text: str) -> str:
    """Return a page's text as it is stored: its words untouched, its line ends ours."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff\n ").split("\n")]
    return "\n".join(lines) + "\n"


def missing(root: Path, pool: Mapping[str, Any]) -> list[Problem]:
    """Return what a new pool's description lacks or has wrong by itself.

    Args:
        root: the folder that holds `data/` and `rasa_project/domain/`.
        pool: `id`, `name`, `names`, `text` (the page's); where it cannot be read from the page `title`, `updated` and
            `updated_quote`; and if there are `url`, `hints`, `order`, `published`, `published_quote`, `contacts`
            (as in data/contacts.yml) and `facts` (by question).
    """
    found = [
        given(key, "unknown_field", f"is none of {', '.join(sorted(_KNOWN))}") for key in sorted(set(pool) - _KNOWN)
    ]
    if not isinstance(pool.get("id"), str) or not _ID.fullmatch(pool["id"]):
        found.append(given("id", "pool_id", "has to be letters a–z, digits and hyphens: the name of its files"))
    elif pool["id"] in names(root):
        found.append(given("id", "name_taken", f"«{pool['id']}» is a pool already", name=pool["id"]))
    if not isinstance(pool.get("name"), str) or len(pool["name"].strip()) < 3:
        found.append(given("name", "empty", "is missing: the pool in running text, «puljen om <name>»"))
    if not _texts(pool.get("names")):
        found.append(given("names", "empty", "is missing: a list of what people call the pool"))
    if not _texts(pool.get("hints", ["…"])):
        found.append(given("hints", "empty", "has to be a list of words"))
    if not isinstance(pool.get("text"), str) or not pool["text"].strip():
        return [*found, given("text", "empty", "is missing: the page's text, as published")]
    head = {**proposals.head(pool["text"]), **pool}
    for key in ("title", "updated", "updated_quote"):
        if not head.get(key):
            found.append(given(key, "not_found", "was not found on the page, so it has to be given"))
    for key in ("facts", "contacts"):
        if not isinstance(pool.get(key, {}), Mapping):
            found.append(given(key, "answer_shape", "has to be a map"))
    return found


def _texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one.strip() for one in value)


def add(root: Path, pool: Mapping[str, Any]) -> list[str]:
    """Write a new pool, silent on what its description does not answer, and return the files.

    Raises:
        Refused: the description lacks something, or a quote does not stand on the page.
    """
    with changing(root) as change:
        if problems := missing(root, pool):
            raise Refused(problems)
        name = pool["id"]
        change.put(page(name), tidy(pool["text"]))
        change.put_tree(path(name), _skeleton(change.tree("data/topics.yml"), pool), roundtrip.INDENTED)
        for question, answer in pool.get("facts", {}).items():
            put_answer(change, name, question, answer)
        if contacts := pool.get("contacts"):
            change.tree("data/contacts.yml")[name] = roundtrip.node(contacts)
        return list(change.staged())


def _skeleton(topics: Mapping[str, Any], pool: Mapping[str, Any]) -> dict[str, Any]:
    head = {**proposals.head(pool["text"]), **{key: pool[key] for key in _HEAD if pool.get(key)}}
    content: dict[str, Any] = {"name": squeeze(pool["name"])}
    if pool.get("order"):
        content["order"] = pool["order"]
    content["page"] = {key: _value(head[key]) if key in head else None for key in _HEAD[:4]}
    content["page"] |= {key: squeeze(str(head[key])) for key in _HEAD[4:] if key in head}
    content["names"] = _squeezed(pool["names"])
    if pool.get("hints"):
        content["hints"] = _squeezed(pool["hints"])
    content["facts"] = {
        topic: NOT_STATED if len(entry["aspects"]) == 1 else dict.fromkeys(entry["aspects"], NOT_STATED)
        for topic, entry in topics.items()
        if entry["aspects"]
    }
    return content


def _squeezed(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(squeeze(text) for text in texts))
