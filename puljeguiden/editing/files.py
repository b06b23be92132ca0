"""Changes files together: read, edited in memory, checked as `make check` does, then all written, or none."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml import YAMLError

from puljeguiden import destinations, facts, proofs, settings, wiring
from puljeguiden.editing import roundtrip
from puljeguiden.proofs import Problem

CONTRACT = "docs/contract.md"
PARTS = ("data", "rasa_project/domain", CONTRACT)
"""What trainers' edits may touch, below a root folder."""

Staged = dict[str, str | None]
"""What files are to hold, by path below the root; None removes the file."""


class Refused(ValueError):
    """An edit that would break something. Nothing was written. `problems` tell pages what and where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


def refuse(field: str, code: str, message: str, **values: object) -> Refused:
    """Return one refusal of what was given, before any file is looked at."""
    return Refused([given(field, code, message, **values)])


def given(field: str, code: str, message: str, **values: object) -> Problem:
    """Return a problem with what was given, not with a file."""
    return Problem("(given)", 1, field, message, code, {key: str(value) for key, value in values.items()})


class Change:
    """Files being edited: what is read from it is what was put before, and the folder stays as it is until `write`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._texts: Staged = {}
        self._trees: dict[str, tuple[Any, roundtrip.Style]] = {}
        self._before: dict[str, str] = {}

    def exists(self, path: str) -> bool:
        """Return whether a file is there, as things stand now."""
        if path in self._trees:
            return True
        return self._texts[path] is not None if path in self._texts else (self.root / path).is_file()

    def text(self, path: str) -> str:
        """Return a file's text."""
        staged = self._texts.get(path)
        return (self.root / path).read_text(encoding="utf-8") if staged is None else staged

    def put(self, path: str, text: str) -> None:
        """Give a file its text."""
        self._texts[path] = text

    def remove(self, path: str) -> None:
        """Remove a file."""
        self._texts[path] = None
        self._trees.pop(path, None)

    def tree(self, path: str) -> Any:
        """Return a YAML file's content; what is changed in it is written.

        Raises:
            Refused: the file is not there, or broken.
        """
        if path not in self._trees:
            try:
                self._trees[path] = roundtrip.load(self.text(path))
                self._before[path] = roundtrip.dump(*self._trees[path])
            except (OSError, UnicodeDecodeError, YAMLError) as error:
                mark = getattr(error, "problem_mark", None)
                line = mark.line + 1 if mark else 1
                raise Refused([Problem(Path(path).name, line, "(file)", "cannot be read", "broken_file")]) from None
        return self._trees[path][0]

    def put_tree(self, path: str, content: Any, style: roundtrip.Style) -> None:
        """Give a new YAML file its content."""
        self._trees[path] = (roundtrip.node(content), style)

    def staged(self) -> Staged:
        """Return the files that change, with what they are to hold."""
        trees = {path: roundtrip.dump(*tree) for path, tree in self._trees.items()}
        # A file that was only read stays as it is, however it is written.
        texts = {**self._texts, **{path: text for path, text in trees.items() if text != self._before.get(path)}}
        return {path: text for path, text in texts.items() if text != read(self.root / path)}


@contextmanager
def changing(root: Path) -> Iterator[Change]:
    """Edit files of a folder; at the end they are checked and written. Others wait meanwhile.

    Raises:
        Refused: the files would not pass `make check`; nothing is written.
    """
    with locked(root):
        change = Change(root)
        yield change
        staged = change.staged()
        if problems := check(root, staged):
            raise Refused(problems)
        write(root, staged)


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep others from editing a folder. A killed process lets go of it."""
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def check(root: Path, staged: Mapping[str, str | None] | None = None) -> list[Problem]:
    """Return what `make check` would say of a folder's facts, texts and intents if the staged files were written."""
    with tempfile.TemporaryDirectory(prefix="puljeguiden-") as name:
        copy = Path(name)
        copy_parts(root, copy)
        for path, text in (staged or {}).items():
            put(copy / path, text)
        found = wiring.problems(copy, settings.ROOT)
        try:
            known = facts.load(copy / "data")  # proves them, too
        except facts.FactsError as error:
            # It reads YAML by another reader than the proofs, and may be the only one that stumbles.
            unread = [Problem("data", 1, "(folder)", str(error), "broken_file")]
            return (proofs.problems(copy / "data") or unread) + found
        return found + [Problem("contacts.yml", 1, "deliver", told) for told in destinations.problems(known)]


def copy_parts(source: Path, target: Path) -> None:
    """Copy all that trainers' edits may touch."""
    for part in PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)
        elif (source / part).is_file():
            (target / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / part, target / part)


def write(root: Path, staged: Mapping[str, str | None]) -> None:
    """Write files, all or none: new ones beside the old, then renamed one after the other, undone if one fails."""
    before = {path: read(root / path) for path in staged}
    done: list[str] = []
    try:
        for path, text in staged.items():
            if text is not None:
                new = _beside(root / path)
                new.parent.mkdir(parents=True, exist_ok=True)
                with new.open("w", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                if before[path] is not None:
                    shutil.copymode(root / path, new)
        for path in sorted(staged, key=_turn):
            done.append(path)
            if staged[path] is None:
                (root / path).unlink(missing_ok=True)
            else:
                _beside(root / path).replace(root / path)
    except OSError:
        for path in done:
            put(root / path, before[path])
        raise
    finally:
        for path in staged:
            _beside(root / path).unlink(missing_ok=True)


def _turn(path: str) -> tuple[bool, str]:
    """Return in which turn a file is written: texts and pages before the facts that need them."""
    return (not path.startswith(("data/pages/", "rasa_project/domain/responses/")), path)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def put(path: Path, text: str | None) -> None:
    """Give a file its text, or remove it."""
    if text is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def read(path: Path) -> str | None:
    """Return a file's text, or None where there is no file."""
    return path.read_text(encoding="utf-8") if path.is_file() else None
