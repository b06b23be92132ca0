"""Change sets: edits gather in a copy, show what they change, and go live together.

A draft keeps two copies: `base`, what it started from, and `work`, which is edited. What somebody else publishes
meanwhile is seen by comparing with `base`, and never overwritten.
"""

from __future__ import annotations

import difflib
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from puljeguiden import settings
from puljeguiden.editing import files, history, summary
from puljeguiden.editing.files import Refused, Staged, refuse
from puljeguiden.editing.history import Author
from puljeguiden.editing.summary import Difference

# What a model is made from, among what trainers edit; the rest is read when used. See `puljeguiden.model`.
_TRAINED = re.compile(r"data/(?:nlu|rules)/[^/]+\.yml|rasa_project/domain/[^/]+\.yml")


@dataclass(frozen=True)
class Draft:
    """Edits that are not live yet."""

    folder: Path
    author: str

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def work(self) -> Path:
        """Return the folder to edit."""
        return self.folder / "work"

    @property
    def base(self) -> Path:
        """Return the folder as it was when the draft began, or was brought up to date."""
        return self.folder / "base"


@dataclass(frozen=True)
class Published:
    """What went live: the files, the commit where there is one, and whether a model has to be trained for it."""

    files: tuple[str, ...]
    commit: str | None
    needs_training: bool


def home() -> Path:
    """Return the folder that drafts are kept in."""
    path: Path = settings.get("PULJEGUIDEN_VAR_DIR") / "drafts"
    return path


def create(drafts: Path, root: Path, author: str) -> Draft:
    """Begin a draft of a folder as it stands now."""
    folder = drafts / secrets.token_hex(6)
    unfinished = drafts / f".{folder.name}"
    unfinished.mkdir(parents=True)
    with files.locked(root):
        for copy in ("base", "work"):
            files.copy_parts(root, unfinished / copy)
    (unfinished / "draft.json").write_text(json.dumps({"author": author}, ensure_ascii=False), encoding="utf-8")
    return _read(unfinished.rename(folder))


def get(drafts: Path, draft: str) -> Draft:
    """Return one draft.

    Raises:
        Refused: there is no such draft.
    """
    if not re.fullmatch(r"[0-9a-f]{12}", draft) or not (drafts / draft / "draft.json").is_file():
        raise refuse("draft", "no_such_draft", "there is no such draft", draft=draft)
    return _read(drafts / draft)


def every(drafts: Path) -> list[Draft]:
    """Return all drafts, the latest first."""
    found = sorted(drafts.glob("[0-9a-f]*/draft.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [_read(file.parent) for file in found]


def discard(draft: Draft) -> None:
    """Throw a draft away."""
    shutil.rmtree(draft.folder)


def differences(draft: Draft) -> list[Difference]:
    """Return in words what a draft changes."""
    return summary.differences(draft.base, draft.work)


def diff(draft: Draft) -> str:
    """Return what a draft changes, line by line, as a unified diff."""
    return "".join(_diff(draft))


def _diff(draft: Draft) -> Iterator[str]:
    for path in summary.changed_files(draft.base, draft.work):
        old, new = ((files.read(folder / path) or "").splitlines(keepends=True) for folder in (draft.base, draft.work))
        for line in difflib.unified_diff(old, new, f"a/{path}", f"b/{path}"):
            yield line if line.endswith("\n") else f"{line}\n"


def needs_training(paths: Sequence[str]) -> bool:
    """Return whether a model has to be trained before these files work; facts, names and texts work at once."""
    return any(_TRAINED.fullmatch(path) for path in paths)


def conflicts(draft: Draft, root: Path) -> list[str]:
    """Return the files that both the draft and somebody else have changed, each in another way."""
    return [
        path
        for path in summary.changed_files(draft.base, draft.work)
        if files.read(root / path) not in (files.read(draft.base / path), files.read(draft.work / path))
    ]


def update(draft: Draft, root: Path) -> list[str]:
    """Take into a draft what others have published, line by line; return the files where that takes a decision."""
    left = []
    with files.locked(root), files.locked(draft.work):
        for path in summary.changed_files(draft.base, root):
            mine, base, theirs = (files.read(folder / path) for folder in (draft.work, draft.base, root))
            merged, clean = history.merge(mine, base, theirs, keep_both=path.startswith("data/nlu/"))
            if not clean:
                left.append(path)
                continue
            files.put(draft.work / path, merged)
            files.put(draft.base / path, theirs)
    return left


def decide(draft: Draft, root: Path, path: str, *, mine: bool) -> None:
    """Settle one file that both sides changed: keep the draft's version as it is, or take the live one.

    Raises:
        Refused: the file is in no conflict.
    """
    if path not in conflicts(draft, root):
        raise refuse("file", "no_conflict", f"{path} is in no conflict", file=path)
    theirs = files.read(root / path)
    files.put(draft.base / path, theirs)
    if not mine:
        files.put(draft.work / path, theirs)


def undo(draft: Draft, root: Path, commit: str) -> None:
    """Take one edit that went live out of a draft that changes nothing yet, so that it can be tried before it is undone.

    Raises:
        Refused: the draft changes something, the edit cannot be undone, or what would be left does not fit together.
    """
    if summary.changed_files(draft.base, draft.work):
        raise refuse("draft", "not_empty", "has changes of its own")
    update(draft, root)
    staged = history.undone(root, commit)
    with files.locked(draft.work):
        if problems := files.check(draft.work, staged):
            raise Refused(problems)
        files.write(draft.work, staged)


def publish(draft: Draft, root: Path, author: Author, reason: str) -> Published:
    """Make a draft's edits live: all files in one step, one commit where the folder is a git checkout.

    The draft is thrown away after. What others published meanwhile stays.

    Raises:
        Refused: nothing is changed, somebody else changed the same file (`conflict`), or the result does not fit together.
        GitError: the commit failed; the files are as before.
    """
    with files.locked(root), files.locked(draft.work):
        # Also those that are live already: a publishing that was killed may have written them, and not committed.
        changed = summary.changed_files(draft.base, draft.work)
        if not changed:
            raise refuse("draft", "no_changes", "changes nothing")
        if clashes := conflicts(draft, root):
            raise Refused([history.conflict(path) for path in clashes])
        staged: Staged = {path: files.read(draft.work / path) for path in changed}
        if problems := files.check(root, staged):
            raise Refused(problems)
        told = "\n".join(f"- {one}" for one in differences(draft))
        commit = history.save(root, staged, author, f"{reason.strip()}\n\n{told}\n" if reason.strip() else "")
    discard(draft)
    return Published(tuple(changed), commit, needs_training(changed))


def _read(folder: Path) -> Draft:
    told = json.loads((folder / "draft.json").read_text(encoding="utf-8"))
    return Draft(folder, told["author"])
