"""The facts: what `data/` knows, read once and again when a file changes.

A fact is one aspect of a topic for one pool. Its state is `stated`, `not_stated`, `in_document` (the page itself
refers the question to a document) or `lost_in_copy` (the published page had it, our copy is blank there).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path
from time import monotonic
from typing import Any

from ruamel.yaml import YAML, YAMLError

from puljeguiden import settings
from puljeguiden.danish import squeeze

logger = logging.getLogger(__name__)

STATED = "stated"
NOT_STATED = "not_stated"
IN_DOCUMENT = "in_document"
LOST_IN_COPY = "lost_in_copy"
MAIN = "main"


class FactsError(ValueError):
    """The files in `data/` cannot be used. The message has one line a problem: file, line, field, what is wrong."""


@dataclass(frozen=True)
class Source:
    """The place that proves a fact: verbatim text (white space aside) of a page in `data/pages/`."""

    document: str
    title: str
    url: str | None
    quote: str
    updated: date

    def as_dict(self) -> dict[str, str | None]:
        """Return the source as `custom.answers` gives it."""
        return {
            "document": self.document,
            "title": self.title,
            "url": self.url,
            "quote": self.quote,
            "updated": self.updated.isoformat(),
        }


@dataclass(frozen=True)
class Round:
    """One application round. `day` is a date, or (day, month) where the page gives no year."""

    day: date | tuple[int, int]
    at: time | None = None
    name: str | None = None
    extended_from: date | None = None


@dataclass(frozen=True)
class Applicant:
    """Somebody the page says may apply (or may not)."""

    kind: str
    named: str
    condition: str | None = None


@dataclass(frozen=True)
class Fact:
    """What one pool's page says about one aspect of a topic, with the sentences that prove it."""

    topic: str
    aspect: str
    state: str
    text: str | None = None
    short: str | None = None
    sources: tuple[Source, ...] = ()
    also: tuple[str, ...] = ()
    who: tuple[Applicant, ...] = ()
    excluded: tuple[Applicant, ...] = ()
    rounds: tuple[Round, ...] = ()


@dataclass(frozen=True)
class Contact:
    """Whom to ask what the page does not say. `who` reads on after «Du kan spørge …»; `deliver` is told of new cases."""

    who: str
    fact: str
    deliver: str | None = None


@dataclass(frozen=True)
class Pool:
    """One grant pool: its names, its page and its facts by `topic` or `topic.aspect`."""

    id: str
    name: str
    page: Source
    published: str | None
    published_source: Source | None
    names: tuple[str, ...]
    hints: tuple[str, ...]
    facts: Mapping[str, Fact]
    contacts: Mapping[str, Contact]
    order: tuple[Any, ...]

    def fact(self, question: str) -> Fact:
        """Return the fact that a question (`topic` or `topic.aspect`) is about.

        Raises:
            KeyError: no pool has such a question.
        """
        return self.facts[question]


@dataclass(frozen=True)
class Topic:
    """Something people ask about. `ask` says who answers when the page is silent: `subject` or `admin`."""

    id: str
    label: str
    ask: str
    acts: bool
    aspects: tuple[str, ...]
    where_told: tuple[str, ...] = ()
    """Aspects that only the pages that tell of them are asked about, where no pool is named."""

    def questions(self) -> list[str]:
        """Return the topic's questions: its own name for the first aspect, `topic.aspect` for the others."""
        return [self.id if index == 0 else f"{self.id}.{aspect}" for index, aspect in enumerate(self.aspects)]


@dataclass(frozen=True)
class Kind:
    """A kind of applicant, with the words people use for it."""

    id: str
    plural: str
    definite: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Municipality:
    """A kommune: `full` is its official name, `names` what people call it."""

    full: str
    names: tuple[str, ...]
    ambiguous: bool
    word: bool


@dataclass(frozen=True)
class Facts:
    """All of `data/`, as one value that never changes. `pools` are in the order they are shown in."""

    topics: Mapping[str, Topic]
    pools: Mapping[str, Pool]
    pages: Mapping[str, str]
    kinds: Mapping[str, Kind]
    municipalities: tuple[Municipality, ...]
    regions: tuple[str, ...]
    help_lines: Mapping[str, Mapping[str, Any]]
    changed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By pool, the quotes that its page on the web no longer holds."""
    cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What other modules derive from these facts (indexes), kept as long as the facts themselves."""


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file.

    Raises:
        FactsError: the file cannot be read or is not YAML.
    """
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FactsError(f"{path.name}: cannot be read ({error})") from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise FactsError(f"{path.name}{line}: not valid YAML: {getattr(error, 'problem', error)}") from None


def load(folder: Path) -> Facts:
    """Read and prove all facts in a data folder.

    Raises:
        FactsError: a file is broken, or a fact is not proven by its page.
    """
    from puljeguiden import proofs  # proofs reads the same files; imported here because it builds on this module

    if problems := proofs.problems(folder):
        raise FactsError("\n".join(str(problem) for problem in problems))
    try:
        return _read(folder)
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise FactsError(f"{folder.name}: a file has another shape than expected ({error!r})") from error


def _read(folder: Path) -> Facts:
    topics = {
        name: Topic(
            name,
            entry["label"],
            entry["ask"],
            entry.get("acts", False),
            tuple(entry["aspects"]),
            tuple(entry.get("where_told", ())),
        )
        for name, entry in read_yaml(folder / "topics.yml").items()
    }
    contacts = read_yaml(folder / "contacts.yml") or {}
    pools = [
        _pool(path.stem, read_yaml(path), topics, contacts.get(path.stem, {}))
        for path in sorted((folder / "pools").glob("*.yml"))
    ]
    places = read_yaml(folder / "municipalities.yml")
    return Facts(
        topics=topics,
        pools={pool.id: pool for pool in sorted(pools, key=lambda pool: pool.order)},
        pages={pool.id: (folder / "pages" / f"{pool.id}.txt").read_text(encoding="utf-8") for pool in pools},
        kinds={
            name: Kind(name, entry["plural"], entry["definite"], tuple(entry["words"]))
            for name, entry in read_yaml(folder / "applicants.yml").items()
        },
        municipalities=tuple(_municipality(entry) for entry in places["municipalities"]),
        regions=tuple(places["regions"]),
        help_lines=read_yaml(folder / "help_lines.yml"),
    )


def _municipality(entry: dict[str, Any]) -> Municipality:
    return Municipality(
        full=entry.get("full", f"{entry['name']} Kommune"),
        names=(entry["name"], *entry.get("called", ())),
        ambiguous=entry.get("ambiguous", False) or entry.get("word", False),
        word=entry.get("word", False),
    )


def _pool(name: str, entry: dict[str, Any], topics: Mapping[str, Topic], contacts: dict[str, Any]) -> Pool:
    page = entry["page"]

    def source(quote: str) -> Source:
        return Source(name, page["title"], page.get("url"), squeeze(quote), _day(page["updated"]))

    facts: dict[str, Fact] = {}
    for topic in topics.values():
        given = entry["facts"].get(topic.id, {})
        by_aspect = given if isinstance(given, dict) and "state" not in given else {topic.aspects[0]: given}
        for question, aspect in zip(topic.questions(), topic.aspects, strict=True):
            facts[question] = _fact(topic.id, aspect, by_aspect[aspect], source)
    published = page.get("published")
    return Pool(
        id=name,
        name=entry["name"],
        page=source(page["updated_quote"]),
        published=str(published) if published else None,
        published_source=source(page["published_quote"]) if published else None,
        names=tuple(entry["names"]),
        hints=tuple(str(hint) for hint in entry.get("hints", ())),
        facts=facts,
        contacts={
            kind: Contact(contact["who"], contact["fact"], contact.get("deliver")) for kind, contact in contacts.items()
        },
        order=(entry.get("order", 1000), str(published or page["updated"]), name),
    )


def _fact(topic: str, aspect: str, given: Any, source: Any) -> Fact:
    if isinstance(given, str):
        return Fact(topic, aspect, given)
    text = given.get("text")
    short = given.get("short")
    return Fact(
        topic=topic,
        aspect=aspect,
        state=given["state"],
        text=squeeze(text) if text else None,
        short=squeeze(short) if short else None,
        sources=tuple(source(quote) for quote in given.get("quotes", ())),
        also=tuple(given.get("also", ())),
        who=_applicants(given.get("who", ())),
        excluded=_applicants(given.get("excluded", ())),
        rounds=tuple(_round(entry) for entry in given.get("rounds", ())),
    )


def _applicants(entries: Any) -> tuple[Applicant, ...]:
    return tuple(Applicant(entry["kind"], entry["as"], entry.get("condition")) for entry in entries)


def _round(entry: dict[str, Any]) -> Round:
    at = entry.get("time")
    day = _day(entry["date"]) if "date" in entry else (entry["day"], entry["month"])
    before = entry.get("extended_from")
    return Round(day, time.fromisoformat(at) if at else None, entry.get("name"), _day(before) if before else None)


def _day(given: date | str) -> date:
    """Return a date, whether YAML read it as one or as text."""
    return given if isinstance(given, date) else date.fromisoformat(given)


class Loader:
    """Keeps the facts of one folder current: notices a change when used, and keeps the last good version.

    `fetched` is the folder of the pages as fetched from the web, where they are watched.
    """

    def __init__(self, folder: Path, fetched: Path | None = None) -> None:
        self.folder = folder
        self.fetched = fetched
        self.error: str | None = None
        self._seen: object = None
        self._facts: Facts | None = None

    def facts(self) -> Facts:
        """Return the facts as the files are now, or the last good ones while a file is broken.

        Raises:
            FactsError: the files have been broken from the start.
        """
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            try:
                self._facts = self._load()
                self.error = None
            except FactsError as error:
                self.error = str(error)
                logger.error("facts: %s; %s", "keeping the last good version" if self._facts else "unusable", error)
        if self._facts is None:
            raise FactsError(self.error or "no facts")
        return self._facts

    def _load(self) -> Facts:
        from puljeguiden import watched  # watched builds on this module

        facts = load(self.folder)
        return replace(facts, changed=watched.changed(facts, self.fetched)) if self.fetched else facts

    def _stamp(self) -> object:
        folders = [self.folder / part for part in (".", "pools", "pages")]
        return [marks(folder) for folder in [*folders, *([self.fetched] if self.fetched else [])]]


def marks(folder: Path) -> list[tuple[str, int, int]]:
    """Return name, time and size of the files in a folder, as they were a moment ago.

    It is asked many times a message; the disk, at most 20 times a second.
    """
    now = monotonic()
    looked, found = _looks.get(folder, (float("-inf"), []))
    if now - looked > MOMENT:
        found = _look(folder)
        _looks[folder] = now, found
    return found


MOMENT = 0.05
"""Seconds for which files are taken to be as they were."""
_looks: dict[Path, tuple[float, list[tuple[str, int, int]]]] = {}


def _look(folder: Path) -> list[tuple[str, int, int]]:
    try:
        with os.scandir(folder) as entries:
            files = [(file.name, file.stat()) for file in entries if file.name.endswith((".yml", ".json", ".txt"))]
    except FileNotFoundError:  # a file removed between listing and looking, or no such folder
        return []
    return sorted((name, status.st_mtime_ns, status.st_size) for name, status in files)


_loaders: dict[Path, Loader] = {}


def loader() -> Loader:
    """Return the process's one loader for the configured data folder."""
    folder = settings.get("PULJEGUIDEN_DATA_DIR")
    return _loaders.setdefault(folder, Loader(folder, settings.get("PULJEGUIDEN_VAR_DIR") / "watch"))


def current() -> Facts:
    """Return the facts as they are now. See `Loader.facts`."""
    return loader().facts()
