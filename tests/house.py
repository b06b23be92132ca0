"""A copy of what trainers edit, for one test to change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from puljeguiden.editing import Refused, files
from tests.conftest import ROOT

B, H = "udsatte-boligomraader", "kommunale-handlingsplaner"
PARKING: dict[str, Any] = {
    "name": "parking",
    "label": "Parkering",
    "ask": "admin",
    "examples": [
        "hvor kan man parkere", "er der parkeringspladser ved styrelsen", "må vi holde med bil", "parkering?",
        "koster det noget at parkere hos jer", "kan jeg stille bilen et sted", "hvor parkerer man til mødet",
        "er der handicapparkering",
    ],
    "not_stated": "Der står ikke noget om parkering i {page}.",
    "answers": {
        B: "not_stated",
        H: {"state": "stated", "text": "Puljen kan søges af kommuner.", "quotes": ["Puljen kan søges af kommuner."]},
    },
}  # fmt: skip


def build(folder: Path) -> Path:
    """Copy what trainers edit to a folder."""
    files.copy_parts(ROOT, folder)
    return folder


def content(root: Path) -> dict[str, str]:
    """Return every file of a folder, by path."""
    names = [file for file in root.rglob("*") if file.is_file() and ".git" not in file.parts]
    return {str(file.relative_to(root)): file.read_text(encoding="utf-8") for file in names}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Return the files that are new, gone or different."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def codes(refused: Refused) -> list[tuple[str, str]]:
    """Return what was refused: field and code."""
    return [(problem.field, problem.code) for problem in refused.problems]
