"""What a model is made from, and which trained model is live. Knows no Rasa; the bank of all models is bank.py."""

from __future__ import annotations

import hashlib
from pathlib import Path

from puljeguiden import files, settings

# What a model is made from. Facts, names and texts are not among it: they are read when used.
_SOURCES = (
    "data/nlu/*.yml",
    "data/rules/*.yml",
    "rasa_project/config.yml",
    "rasa_project/domain/*.yml",
    "rasa_project/components/*.py",
    "puljeguiden/danish.py",
    "puljeguiden/mentions.py",
    "requirements/run.txt",
    ".python-version",
)
_DATA = ("data/", "rasa_project/domain/")


class NoModel(RuntimeError):
    """There is no trained model yet."""


def digest(root: Path | None = None) -> str:
    """Return a digest (16 hex digits) of all that a model is made from; `root` holds another copy of the data."""
    total = hashlib.sha256()
    for pattern in _SOURCES:
        home = root if root and pattern.startswith(_DATA) else settings.ROOT
        for file in sorted(home.glob(pattern)):
            total.update(str(file.relative_to(home)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()[:16]


def folder() -> Path:
    """Return the folder of the trained models."""
    path: Path = settings.get("PULJEGUIDEN_VAR_DIR") / "models"
    return path


def pointer() -> Path:
    """Return the file that names the live model."""
    return folder() / "live"


def live() -> Path:
    """Return the live model's file.

    Raises:
        NoModel: nothing was trained yet.
    """
    try:
        return folder() / pointer().read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise NoModel("There is no trained model. Run `make train`.") from None


def go_live(name: str) -> None:
    """Point to another model, in one step that a reader never sees half done."""
    files.write(pointer(), f"{name}\n")
