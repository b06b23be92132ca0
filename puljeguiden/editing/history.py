"""The history of `data/` where it is a git checkout: one commit an edit that went live, and its reverse."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from puljeguiden.editing import files
from puljeguiden.editing.files import PARTS, Refused, Staged, given, refuse
from puljeguiden.proofs import Problem

_COMMITTER = {"GIT_COMMITTER_NAME": "Puljeguiden", "GIT_COMMITTER_EMAIL": "puljeguiden@localhost"}


class GitError(RuntimeError):
    """Git did not do what it was asked; the message is its own."""


@dataclass(frozen=True)
class Author:
    """Who answers for an edit."""

    name: str
    email: str = "trainer@localhost"

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


@dataclass(frozen=True)
class Commit:
    """One edit that went live."""

    id: str
    author: str
    when: str
    subject: str


def is_checkout(root: Path) -> bool:
    """Return whether a folder is a git checkout of its own."""
    return (root / ".git").exists()


def recent(root: Path, count: int = 50) -> list[Commit]:
    """Return the latest edits of what trainers may edit, newest first."""
    if not is_checkout(root):
        return []
    lines = _git(root, "log", "--no-merges", f"-{count}", "--format=%H%x00%an%x00%aI%x00%s", "--", *PARTS).splitlines()
    return [Commit(*line.split("\0")) for line in lines]


def save(root: Path, staged: Staged, author: Author, message: str) -> str | None:
    """Write files and commit them alone; return the commit, or None where there is no checkout or nothing to commit.

    Raises:
        GitError: the commit failed; the files are as before.
    """
    if not author.name.strip() or any(letter in f"{author.name}{author.email}" for letter in "<>\n\r\0"):
        raise refuse("author", "author", "needs a name without < and >")
    if not message.strip():
        raise refuse("reason", "empty", "is missing: why this is changed")
    before = {path: files.read(root / path) for path in staged}
    files.write(root, staged)
    if not is_checkout(root):
        return None
    try:
        _git(root, "add", "--all", "--", *staged)
        if not _git(root, "status", "--porcelain", "--", *staged):
            return None
        _git(
            root,
            "commit",
            "--quiet",
            "--no-gpg-sign",
            f"--author={author}",
            f"--message={message}",
            "--only",
            "--",
            *staged,
        )
    except GitError:
        files.write(root, before)
        _git(root, "reset", "--quiet", "--", *staged)
        raise
    return _git(root, "rev-parse", "HEAD").strip()


def revert(root: Path, commit: str, author: Author) -> str | None:
    """Undo one edit that went live, by a commit of its own; later edits elsewhere in the files stay.

    Raises:
        Refused: there is no such edit, a later one changed the same lines, or what would be left does not fit together.
        GitError: the commit failed; the files are as before.
    """
    with files.locked(root):
        staged = undone(root, commit)
        if problems := files.check(root, staged):
            raise Refused(problems)
        return save(root, staged, author, f"Revert “{subject(root, commit)}”\n\nThis reverts commit {commit}.")


def undone(root: Path, commit: str) -> Staged:
    """Return the files as they are without one edit that went live.

    Raises:
        Refused: there is no such edit, it is undone already, or a later one changed the same lines.
    """
    staged: Staged = {}
    clashes = []
    for path in _touched(root, commit):
        now, then = files.read(root / path), _content(root, commit, path)
        wanted = _content(root, f"{commit}^", path)
        merged, clean = (wanted, True) if now == then else merge(now, then, wanted)
        if not clean:
            clashes.append(conflict(path))
        elif merged != now:
            staged[path] = merged
    if clashes:
        raise Refused(clashes)
    if not staged:
        raise refuse("commit", "no_changes", "is undone already")
    return staged


def subject(root: Path, commit: str) -> str:
    """Return a commit's first line."""
    return _git(root, "log", "-1", "--format=%s", commit).strip()


def _touched(root: Path, commit: str) -> list[str]:
    """Return the files of one edit.

    Raises:
        Refused: it is none of a trainer's.
    """
    unknown = refuse("commit", "no_such_commit", "is no edit that can be undone")
    if not is_checkout(root) or not commit.isalnum():
        raise unknown
    try:
        listed = _git(root, "diff-tree", "--no-commit-id", "--name-only", "-r", "-z", commit)
    except GitError:
        raise unknown from None
    names = [name for name in listed.split("\0") if name]
    if not names or not all(name in PARTS or name.startswith(tuple(f"{part}/" for part in PARTS)) for name in names):
        raise unknown
    return names


def conflict(path: str) -> Problem:
    """Return that somebody else changed the same place of a file."""
    return given(path, "conflict", "was changed by somebody else in the same place", file=path)


def merge(
    mine: str | None, base: str | None, theirs: str | None, *, keep_both: bool = False
) -> tuple[str | None, bool]:
    """Return a file with the changes of both sides since `base`, and whether that was possible.

    Args:
        mine: one side's text; None where it removed the file.
        base: what both started from.
        theirs: the other side's text.
        keep_both: where both changed the same place, keep the lines of both.
    """
    if mine == theirs or theirs == base:
        return mine, True
    if mine == base:
        return theirs, True
    if mine is None or base is None or theirs is None:
        return mine, False
    with tempfile.TemporaryDirectory(prefix="puljeguiden-") as name:
        paths = [Path(name) / part for part in ("mine", "base", "theirs")]
        for path, text in zip(paths, (mine, base, theirs), strict=True):
            path.write_text(text, encoding="utf-8")
        command = ["git", "merge-file", "-p", *(["--union"] if keep_both else []), *map(str, paths)]
        done = subprocess.run(command, capture_output=True, check=False, env=_environment())
    return (done.stdout.decode(), True) if done.returncode == 0 else (mine, False)


def _content(root: Path, commit: str, path: str) -> str | None:
    listed = _git(root, "ls-tree", "-z", "--name-only", commit, "--", path)
    return _git(root, "show", f"{commit}:{path}") if listed else None


def _git(root: Path, *arguments: str) -> str:
    command: Sequence[str] = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, check=False, env=_environment())
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip() or f"git {arguments[0]} failed")
    return done.stdout.decode()


def _environment() -> dict[str, str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**outside, **_COMMITTER, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}
