"""The training examples, as the classifier sees them."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from puljeguiden import mentions, references
from puljeguiden.danish import fold
from puljeguiden.facts import Facts

Example = tuple[str, str]


def read(folder: Path) -> list[Example]:
    """Return a folder's examples as (text, intent), in the order of the files."""
    found = []
    for file in sorted(folder.glob("*.yml")):
        for entry in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["nlu"]:
            lines = (line.strip().removeprefix("- ").strip() for line in entry["examples"].splitlines())
            found += [(line, entry["intent"]) for line in lines if line]
    return found


def seen(text: str, facts: Facts) -> str:
    """Return an example with names hidden, in one spelling for æøå."""
    return fold(references.mask(mentions.mask(text, mentions.find(text, facts)), mentions.POOL_NAME))
