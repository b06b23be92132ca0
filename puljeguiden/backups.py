"""Backs up all that is kept, while everything runs, and puts it back.

One file holds the databases, what else is in the var folder, and what trainers edit. The outbox is copied before the
staff database, and that before the conversations: so a restored case is delivered again rather than lost, and the
follower never finds itself ahead of what it follows.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from puljeguiden import dumps, heartbeat, moment, outbox, settings
from puljeguiden.editing.files import PARTS

_FORMAT = 1
_NOT_KEPT = {"log", "alive", "backup", "publishing", "test", "bench"}
_BEFORE = "before-restore-"
_ALIVE_SECONDS = 20


class BackupError(RuntimeError):
    """It could not be backed up or restored; the message says why."""


def backup(folder: Path) -> Path:
    """Write a backup of everything into a folder, and return the file. Only its owner may read it: it holds secrets.

    Raises:
        BackupError: something could not be copied; there is no file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"puljeguiden-{moment.utc():%Y%m%dT%H%M%SZ}.tar"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as name:
        home = Path(name)
        stored = _dump_databases(home)
        _copy_var(home / "var")
        for part in PARTS:
            _copy(settings.ROOT / part, home / "content" / part)
        sums = {str(path.relative_to(home)): _sha256(path) for path in _files(home)}
        manifest = {"format": _FORMAT, "made": f"{moment.utc():%Y-%m-%dT%H:%M:%SZ}", "databases": stored, "files": sums}
        (home / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        part_file = home.with_name(f"{home.name}.part")
        part_file.touch(mode=0o600)
        try:
            with tarfile.open(part_file, "w") as tar:
                tar.add(home, arcname=".")
            part_file.replace(file)
        finally:
            part_file.unlink(missing_ok=True)
    return file


def restore(file: Path) -> list[str]:
    """Put a backup's content in the place of what is there, and return which of trainers' files changed.

    What was in the var folder is moved into a folder beside it; a PostgreSQL database is replaced in one transaction.

    Raises:
        BackupError: something is still running, or the file is not a whole backup; nothing was changed.
    """
    if running := list(_running()):
        raise BackupError(f"Stop it first: {', '.join(running)}.")
    var: Path = settings.get("PULJEGUIDEN_VAR_DIR")
    var.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=var, prefix=".restore-") as name:
        home = Path(name)
        manifest = _unpack(file, home)
        addresses = _addresses()
        for database, stored in manifest["databases"].items():
            if dumps.ending(addresses[database]) != Path(stored).suffix:
                raise BackupError(f"The backup's {database} is of another kind than {database} is now: {stored}.")
        each = dict(_each_once(manifest["databases"]))
        for database, stored in each.items():  # first what fails whole
            if Path(stored).suffix == dumps.POSTGRESQL:
                dumps.load(home / stored, addresses[database])
        _set_aside(var)
        for database, stored in each.items():
            if Path(stored).suffix == dumps.SQLITE:
                dumps.load(home / stored, addresses[database])
        _copy(home / "var", var)
        return [path for part in PARTS for path in _replace(home / "content", settings.ROOT, part)]


def _addresses() -> dict[str, str]:
    """Return the databases in the order in which they are copied."""
    var = settings.get("PULJEGUIDEN_VAR_DIR")
    staff = settings.get("PULJEGUIDEN_STAFF_DATABASE_URL") or f"sqlite:///{var}/staff.db"
    return {"outbox": outbox.url(), "staff": staff, "conversations": settings.database_url()}


def _dump_databases(home: Path) -> dict[str, str]:
    """Copy each database once, and return which file holds which."""
    (home / "databases").mkdir()
    made: dict[str, str] = {}
    stored = {}
    for name, address in _addresses().items():
        if address not in made:
            made[address] = f"databases/{name}{dumps.ending(address)}"
            try:
                dumps.dump(address, home / made[address])
            except dumps.DumpError as error:
                raise BackupError(f"{name}: {error}") from None
        stored[name] = made[address]
    return stored


def _copy_var(target: Path) -> None:
    """Copy the var folder but for databases, logs and what can be made again."""
    target.mkdir()
    var: Path = settings.get("PULJEGUIDEN_VAR_DIR")
    # The pointer to the live model first: whatever it names is still there a moment later.
    for entry in sorted(_kept(var), key=lambda path: path.name != "models"):
        if entry.is_dir():
            for file in sorted(_files(entry), key=lambda path: path.name != "live"):
                _copy(file, target / file.relative_to(var))
        else:
            _copy(entry, target / entry.name)


def _kept(var: Path) -> Iterator[Path]:
    for entry in var.iterdir():
        hidden = entry.name.startswith((".", _BEFORE))
        if entry.name not in _NOT_KEPT and not hidden and not dumps.is_database_file(entry):
            yield entry


def _set_aside(var: Path) -> None:
    """Move what is in the var folder into a folder of its own."""
    aside = var / f"{_BEFORE}{moment.utc():%Y%m%dT%H%M%SZ}"
    aside.mkdir()
    for entry in list(var.iterdir()):
        if entry.name not in _NOT_KEPT and not entry.name.startswith((".", _BEFORE)):
            entry.rename(aside / entry.name)


def _replace(source: Path, root: Path, part: str) -> Iterator[str]:
    """Make a part of a folder the same as in a backup, and yield what changed. Unchanged files are not touched."""
    wanted = {str(path.relative_to(source)) for path in _files(source / part)}
    there = {str(path.relative_to(root)) for path in _files(root / part)}
    for name in sorted(there - wanted):
        (root / name).unlink()
        yield name
    for name in sorted(wanted):
        old, new = root / name, (source / name).read_bytes()
        if not old.is_file() or old.read_bytes() != new:
            _copy(source / name, old)
            yield name


def _unpack(file: Path, home: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file) as tar:
            for member in tar.getmembers():  # nothing may land elsewhere
                path = Path(member.name)
                if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
                    raise BackupError(f"{file} is no backup: it holds {member.name}.")
            tar.extractall(home, filter="data")
        manifest: dict[str, Any] = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
        sums = manifest["files"]
        if manifest["format"] != _FORMAT:
            raise BackupError(f"{file} was made by another version (format {manifest['format']}).")
        broken = [name for name, known in sums.items() if _sha256(home / name) != known]
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise BackupError(f"{file} is no whole backup: {type(error).__name__}.") from None
    if broken:
        raise BackupError(f"{file} is damaged: {', '.join(broken[:5])}.")
    return manifest


def _running() -> Iterator[str]:
    """Yield what of the assistant still runs, as far as it can be told from here."""
    for what, address in (
        ("the assistant", settings.local_url("")),
        ("the staff service", settings.local_url("STAFF_")),
    ):
        place = urlsplit(address)
        with socket.socket(socket.AF_INET6 if ":" in str(place.hostname) else socket.AF_INET) as probe:
            probe.settimeout(1)
            if not probe.connect_ex((str(place.hostname), int(place.port or 80))):
                yield what
    for worker in heartbeat.WORKERS:
        age = heartbeat.age(worker)
        if age is not None and age < _ALIVE_SECONDS:
            yield f"«{worker}» (it gave a sign {age:.0f} s ago)"
    for name, address in _each_once(_addresses()):
        if others := dumps.others(address):
            yield f"{others} connections to the database of {name}"


def _each_once(named: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each value once, with its first name."""
    first: dict[str, str] = {}
    for name, value in named.items():
        first.setdefault(value, name)
    yield from ((name, value) for value, name in first.items())


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


def _copy(source: Path, target: Path) -> None:
    """Copy a file, or all files of a folder. What has gone meanwhile was about to go."""
    if source.is_dir():
        for file in _files(source):
            _copy(file, target / file.relative_to(source))
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        target.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
