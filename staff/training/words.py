"""Says in Danish what `puljeguiden.editing` tells by codes and values. The sentences stand in `words.yml`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from puljeguiden.danish import capitalise
from puljeguiden.editing import Refused, pools
from puljeguiden.editing.examples import Advice
from puljeguiden.editing.fetching import FetchError
from puljeguiden.editing.summary import Difference
from puljeguiden.facts import FactsError, read_yaml
from puljeguiden.proofs import Problem

_POOL_FILE = re.compile(r"(?:data/pools/)?([a-z0-9-]+)\.yml")
_TESTS = "data/tests/"


@cache
def words() -> dict[str, dict[str, str]]:
    """Return the texts of `words.yml`."""
    found: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_name("words.yml"))
    return found


class Names:
    """What topics, questions and pools are called in one folder, which may be a draft."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def labels(self) -> dict[str, str]:
        """Return the topics' labels; none where their file is broken."""
        try:
            return {name: str(entry["label"]) for name, entry in read_yaml(self.root / "data" / "topics.yml").items()}
        except (FactsError, AttributeError, KeyError, TypeError):
            return {}

    @cached_property
    def pools(self) -> dict[str, str]:
        """Return the pools' names as headings, by id; by their ids where their file is broken."""
        found = {}
        for pool in pools.names(self.root):
            try:
                found[pool] = capitalise(str(read_yaml(self.root / pools.path(pool))["name"]))
            except (FactsError, KeyError, TypeError):
                found[pool] = pool
        return found

    def intent(self, name: str) -> str:
        """Return what an intent or question is called."""
        topic, _, aspect = name.partition(".")
        if known := words()["intents"].get(name):
            return known
        label = self.labels.get(topic) or words()["intents"].get(topic) or topic
        return f"{label} – {aspect}" if aspect else label

    def pool(self, name: str) -> str:
        """Return what a pool is called."""
        return self.pools.get(name, name)

    def file(self, path: str) -> str:
        """Return what a file holds, where it has a name people know; else its path."""
        stem = Path(path).stem
        if stem in self.pools:
            return self.pool(stem)
        return self.intent(stem) if stem in self.labels or stem in words()["intents"] else path


def problems(error: Refused | FetchError | FactsError, names: Names) -> list[str]:
    """Return what is wrong, each thing once."""
    if isinstance(error, FetchError):
        return [_say("problems", error.code, error.values)]
    if isinstance(error, FactsError):
        file, _, rest = str(error).partition(":")
        line = rest.partition(":")[0]
        return [_say("problems", "broken_file", {"file": names.file(file), "line": line if line.isdigit() else "?"})]
    return list(dict.fromkeys(_problem(one, names) for one in error.problems))


def _problem(one: Problem, names: Names) -> str:
    pool = _POOL_FILE.fullmatch(one.file)
    where = _where(one.field, names)
    if pool and pool[1] in names.pools:
        where = f"{names.pool(pool[1])}, {where}"
    values = {**_named(one.values, names), "line": str(one.line), "field": where}
    values.setdefault("file", names.file(one.file))
    return _say("problems", one.code, values)


def _where(field: str, names: Names) -> str:
    """Return a field's place in words: «facts.deadline.rounds.0.date» is «Ansøgningsfrist, Frister»."""
    known = words()["fields"]
    parts = [part for part in field.split(".") if not part.isdigit()]
    if len(parts) > 1 and parts[0] in ("facts", "answers", "page"):
        del parts[0]
    said = [names.intent(parts[0]) if parts[0] in names.labels else names.pools.get(parts[0]) or known.get(parts[0])]
    said += [known.get(part) for part in parts[1:]]
    return ", ".join(dict.fromkeys(one for one in said if one)) or field


def advice(one: Advice, names: Names) -> str:
    """Return what speaks against an example."""
    return _say("advice", one.code, _named(one.values, names))


def differences(found: Iterable[Difference], names: Names) -> list[str]:
    """Return in words what a draft changes."""
    return [difference(one, names) for one in found]


def difference(one: Difference, names: Names) -> str:
    """Return in words one thing that a draft changes."""
    kind, values = one.kind, _named(one.values, names)
    if kind == "file_changed" and one.values["file"].startswith(_TESTS):
        kind = "tests_changed"
    elif one.count == 1 and f"{kind}_one" in words()["differences"]:
        kind = f"{kind}_one"
    if kind == "pool_changed":
        values["field"] = words()["pool_fields"].get(one.values["field"], one.values["field"])
    return _say("differences", kind, {**values, "count": str(one.count)})


def _named(values: Mapping[str, str], names: Names) -> dict[str, str]:
    """Return values with ids as people read them."""
    shown = dict(values)
    for key in ("intent", "topic", "question"):
        if key in shown:
            shown[key] = names.intent(shown[key])
    if "pool" in shown:
        shown["pool"] = names.pool(shown["pool"])
    if "file" in shown:
        shown["file"] = names.file(shown["file"])
    for key in ("before", "after"):
        if key in shown:
            shown[key] = words()["states"].get(shown[key], shown[key]).lower()
    return shown


def _say(part: str, code: str, values: Mapping[str, str]) -> str:
    text = words()[part].get(code) or words()[part]["other"]
    return text.format_map(_Forgiving(values))


class _Forgiving(dict[str, Any]):
    """Leaves out what a problem does not tell."""

    def __missing__(self, key: str) -> str:
        return "–"


def unique(named: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return ids by what they are called; where two are called the same, the id tells them apart."""
    count = Counter(label for _, label in named)
    return {label if count[label] == 1 else f"{label} ({name})": name for name, label in named}
