"""Watches the pools' pages on the web: fetches them, and tells which facts no longer stand there."""

from __future__ import annotations

import difflib
import json
import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from puljeguiden import facts, moment, watched
from puljeguiden.danish import squeeze
from puljeguiden.editing import fetching
from puljeguiden.facts import Facts, Pool

logger = logging.getLogger(__name__)

SAME, CHANGED, OTHER_PAGE, FAILED, NEW = "same", "changed", "other_page", "failed", "new"


@dataclass(frozen=True)
class Page:
    """How a pool's page stands.

    `state`: `same`; `changed`; `other_page` (nothing of the announcement is on it: a login, an apology); `failed` (the
    latest attempt; `error` is the code of a `FetchError`); `new` (not fetched yet).
    """

    pool: str
    url: str
    state: str
    lost: tuple[str, ...] = ()
    """The questions whose quotes do not stand on it."""
    checked: str = ""
    error: str = ""


def look(data: Path, folder: Path, *, private: bool = False, pause: float = 1.0) -> list[Page]:
    """Fetch every page that has an address, one after the other, and return how they stand."""
    for pool in _with_address(facts.load(data)):
        _fetch(pool, folder, private)
        time.sleep(pause)
    return report(data, folder)


def report(data: Path, folder: Path) -> list[Page]:
    """Return how the pages stand, as fetched last, beside the facts as they are now."""
    known = facts.load(data)
    return [_page(known, pool, folder) for pool in _with_address(known)]


def diff(data: Path, folder: Path, pool: str) -> list[str]:
    """Return what differs between our copy of a page and the page as fetched last: lines with «-» and «+» in front."""
    known = facts.load(data)
    ours, theirs = (
        [line for line in map(squeeze, text.splitlines()) if line]
        for text in (known.pages[pool], watched.fetched(known.pools[pool], folder) or known.pages[pool])
    )
    return list(difflib.unified_diff(ours, theirs, "copy", "page", lineterm=""))[2:]


def _with_address(known: Facts) -> list[Pool]:
    return [pool for pool in known.pools.values() if pool.page.url]


def _page(known: Facts, pool: Pool, folder: Path) -> Page:
    url = str(pool.page.url)
    record = _record(folder, pool)
    text = watched.fetched(pool, folder)
    lost = watched.lost_quotes(pool, folder)
    questions = tuple(
        question
        for question, fact in pool.facts.items()
        if any(source.quote in (lost or ()) for source in fact.sources)
    )
    if record.get("error"):
        state = FAILED
    elif text is None:
        state = NEW
    elif lost is None:
        state = OTHER_PAGE
    else:
        state = SAME if squeeze(text) == squeeze(known.pages[pool.id]) else CHANGED
    return Page(pool.id, url, state, questions, record.get("checked", ""), record.get("error", ""))


def _fetch(pool: Pool, folder: Path, private: bool) -> None:
    url = str(pool.page.url)
    record = _record(folder, pool)
    new: dict[str, Any] = {"url": url, "checked": moment.utc().isoformat(timespec="seconds"), "error": ""}
    marks: Mapping[str, str] = record.get("marks", {}) if watched.fetched(pool, folder) is not None else {}
    try:
        page = fetching.fetch(url, marks, private=private)
    except fetching.FetchError as error:
        logger.warning("page of %s: %s", pool.id, error)
        _write(folder / f"{pool.id}.json", json.dumps({**new, "marks": marks, "error": error.code}))
        return
    if page:
        _write(folder / f"{pool.id}.txt", page.text)
        marks = page.marks
    _write(folder / f"{pool.id}.json", json.dumps({**new, "marks": dict(marks)}))


def _record(folder: Path, pool: Pool) -> dict[str, Any]:
    """Return what is remembered of a page; what was fetched from another address is forgotten."""
    file = folder / f"{pool.id}.json"
    try:
        record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if record.get("url") != pool.page.url:
        for name in (f"{pool.id}.txt", file.name):
            (folder / name).unlink(missing_ok=True)
        return {}
    return record


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, file)
