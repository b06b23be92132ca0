"""Invents pools for one test: a page and the facts on it, written into a copy of data/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from puljeguiden import facts

UPDATED = "Sidst opdateret 05/03 2026"


def invent(data: Path, name: str, page: Sequence[str], answers: Mapping[str, Any]) -> facts.Facts:
    """Add a pool that is silent but for `answers` (by question); each rests on the whole page unless it has quotes."""
    lines = [f"Puljen {name}", *page, UPDATED]
    (data / "pages" / f"{name}.txt").write_text("\n\n".join(lines), encoding="utf-8")
    given: dict[str, dict[str, Any]] = {}
    for topic, entry in facts.read_yaml(data / "topics.yml").items():
        for index, aspect in enumerate(entry["aspects"]):
            answer = answers.get(topic if index == 0 else f"{topic}.{aspect}", "not_stated")
            if isinstance(answer, dict):
                answer = {"state": "stated", "quotes": list(page), **answer}
            given.setdefault(topic, {})[aspect] = answer
    head = {"title": lines[0], "updated": date(2026, 3, 5), "updated_quote": UPDATED}
    with (data / "pools" / f"{name}.yml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump({"name": name, "page": head, "names": [name], "facts": given}, file)
    return facts.load(data)
