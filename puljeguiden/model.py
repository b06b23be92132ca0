"""Which trained model is live, and whether it still fits what it was trained from. Knows no Rasa."""

from __future__ import annotations

import hashlib
from pathlib import Path

from puljeguiden import settings

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


class NoModel(RuntimeError):
    """There is no trained model yet."""


def digest() -> str:
    """Return a digest (16 hex digits) of all that a model is made from."""
    total = hashlib.sha256()
    for pattern in _SOURCES:
        for file in sorted(settings.ROOT.glob(pattern)):
            total.update(str(file.relative_to(settings.ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()[:16]


def folder() -> Path:
    """Return the folder of the trained models."""
    path: Path = settings.get("PULJEGUIDEN_VAR_DIR") / "models"
    return path


def live() -> Path:
    """Return the live model's file.

    Raises:
        NoModel: nothing was trained yet.
    """
    pointer = folder() / "live"
    if not pointer.exists():
        raise NoModel("There is no trained model. Run `make train`.")
    return folder() / pointer.read_text(encoding="utf-8").strip()


def is_current() -> bool:
    """Return whether the live model was trained from the files as they are."""
    try:
        return live().exists() and live().name == f"{digest()}.tar.gz"
    except NoModel:
        return False


def go_live(name: str) -> None:
    """Point to another model, in one step that a reader never sees half done."""
    pointer = folder() / "live"
    new = pointer.with_suffix(".new")
    new.write_text(f"{name}\n", encoding="utf-8")
    new.replace(pointer)


def forget_oldest(keep: int = 5) -> None:
    """Delete all but the newest models; never the live one."""
    files = sorted(folder().glob("*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[keep:]:
        if file != live():
            file.unlink()
