"""A backup is taken while visitors talk, and holds all they were answered; restoring brings everything back."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from puljeguiden import backups, settings
from puljeguiden.backups import BackupError
from puljeguiden.conversations import Conversations
from puljeguiden.outbox import Outbox
from tests.cases import case
from tests.conftest import ROOT, Running, Visitor, wait_for
from tests.crowd import Crowd


class Talk(Crowd):
    """Visitors who talk until told to stop, and remember what was answered, in its order."""

    def __init__(self, url: str, visitors: int = 3) -> None:
        super().__init__()
        self.answered: dict[str, list[str]] = {}
        for _ in range(visitors):
            self._add(self._talk, Visitor(url))

    def so_far(self) -> dict[str, list[str]]:
        """Return what was answered until now."""
        return {sender: list(messages) for sender, messages in self.answered.items()}

    def _talk(self, visitor: Visitor) -> None:
        said = self.answered.setdefault(visitor.sender, [])
        while not self._stop.is_set():
            message = f"hvad er fristen for handlingsplanerne? ({len(said)})"
            visitor.say(message)
            said.append(message)
            self._stop.wait(0.02)


def command(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "puljeguiden", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_answered_before_a_backup_is_in_it_and_comes_back(
    kind: str, start: Callable[..., Running], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    databases = {}
    if kind == "postgresql":
        address = request.getfixturevalue("postgresql").database()
        databases = {f"PULJEGUIDEN_{name}DATABASE_URL": address for name in ("", "OUTBOX_", "STAFF_")}
    assistant = start(whole=True, **databases)
    environment = {
        "PULJEGUIDEN_VAR_DIR": str(assistant.var),
        "PULJEGUIDEN_PORT": str(assistant.port),
        "PULJEGUIDEN_STAFF_PORT": str(assistant.staff_port),
        **databases,
    }
    url = databases.get("PULJEGUIDEN_DATABASE_URL")
    outbox = Outbox(url or f"sqlite:///{assistant.var}/outbox.db")
    number = outbox.submit(case())
    with Talk(assistant.url) as talk:
        wait_for(lambda: sum(map(len, talk.so_far().values())) > 30)
        before = talk.so_far()
        done = command(environment, "backup", str(tmp_path))
        assert done.returncode == 0, done.stderr
        wait_for(lambda: sum(map(len, talk.so_far().values())) > sum(map(len, before.values())) + 10)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    refused = command(environment, "restore", str(file))
    assert (refused.returncode, "Stop it first: the assistant, the staff service" in refused.stderr) == (1, True)
    assistant.stop()
    outbox._engine.dispose()
    store = Conversations(url or f"sqlite:///{assistant.var}/conversations.db")
    for sender in before:
        assert store.delete(sender)
    store.close()
    done = command(environment, "restore", str(file))
    assert done.returncode == 0, done.stderr
    store = Conversations(url or f"sqlite:///{assistant.var}/conversations.db")
    for sender, messages in before.items():
        events = [one.event for one in store.history(sender)]
        asked = [event["text"] for event in events if event["event"] == "user"]
        assert asked[: len(messages)] == messages
        assert len(set(asked)) == len(asked)
    store.close()
    restored = Outbox(url or f"sqlite:///{assistant.var}/outbox.db")
    assert sum(restored.counts().values()) == 1
    assert restored.about("", number)[0]["number"] == number
    restored._engine.dispose()
    followed = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "staff", "follow", "--once"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert followed.returncode == 0, followed.stderr


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with a var folder in it, as this process sees them."""
    root = tmp_path / "root"
    for part in ("data", "rasa_project/domain"):
        shutil.copytree(ROOT / part, root / part)
    (root / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "contract.md", root / "docs")
    var = root / "var"
    values = {"PULJEGUIDEN_VAR_DIR": var, "PULJEGUIDEN_PORT": 1, "PULJEGUIDEN_STAFF_PORT": 1}
    real = settings.get
    monkeypatch.setattr(settings, "get", lambda name: values.get(name, real(name)))
    monkeypatch.setattr(settings, "ROOT", root)
    for name, text in {"secret": "s", "models/live": "m.tar.gz", "models/m.tar.gz": "model", "log/x.log": "no"}.items():
        (var / name).parent.mkdir(parents=True, exist_ok=True)
        (var / name).write_text(text, encoding="utf-8")
    return root


def content(folder: Path) -> dict[str, bytes]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_models_secrets_and_what_trainers_edit_come_back_and_logs_do_not(home: Path, tmp_path: Path) -> None:
    (home / "data" / "contacts.yml").chmod(0o644)
    before = {part: content(home / part) for part in ("data", "rasa_project")}
    file = backups.backup(tmp_path / "safe")
    (home / "var" / "secret").write_text("another", encoding="utf-8")
    (home / "var" / "closed").write_text("", encoding="utf-8")
    (home / "var" / "models" / "live").write_text("n.tar.gz", encoding="utf-8")
    (home / "data" / "contacts.yml").write_text("broken: [", encoding="utf-8")
    (home / "data" / "nlu" / "new.yml").write_text("", encoding="utf-8")
    changed = backups.restore(file)
    assert sorted(changed) == ["data/contacts.yml", "data/nlu/new.yml"]
    assert {part: content(home / part) for part in ("data", "rasa_project")} == before
    var = home / "var"
    assert (var / "secret").read_text(encoding="utf-8") == "s"
    assert (var / "models" / "live").read_text(encoding="utf-8") == "m.tar.gz"
    assert not (var / "closed").exists()
    assert (var / "log" / "x.log").exists()
    (aside,) = var.glob("before-restore-*")
    assert (aside / "secret").read_text(encoding="utf-8") == "another"
    with tarfile.open(file) as tar:
        assert not [name for name in tar.getnames() if "log" in Path(name).parts]


def damaged(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write a backup with other content."""
    with tarfile.open(file) as tar:
        held = {one.name: tar.extractfile(one).read() for one in tar.getmembers() if one.isfile()}  # type: ignore[union-attr]
    change(held)
    other = file.with_name("other.tar")
    with tarfile.open(other, "w") as tar:
        for name, data in held.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return other


def newer(held: dict[str, bytes]) -> None:
    held["./manifest.json"] = json.dumps({**json.loads(held["./manifest.json"]), "format": 2}).encode()


BROKEN: dict[str, Any] = {
    "cut": lambda held: held.pop("./var/secret"),
    "changed": lambda held: held.update({"./var/secret": b"x"}),
    "no manifest": lambda held: held.pop("./manifest.json"),
    "newer": newer,
    "elsewhere": lambda held: held.update({"../evil": b"x"}),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_backup_that_is_not_whole_changes_nothing(what: str, home: Path, tmp_path: Path) -> None:
    file = damaged(backups.backup(tmp_path / "safe"), BROKEN[what])
    before = content(home)
    with pytest.raises(BackupError):
        backups.restore(file)
    assert content(home) == before
    assert not (tmp_path / "evil").exists()


def test_no_file_is_left_where_a_database_cannot_be_copied(home: Path, tmp_path: Path) -> None:
    (home / "var" / "staff.db").write_text("no database at all, but long enough to be looked at", encoding="utf-8")
    with pytest.raises(BackupError, match="staff"):
        backups.backup(tmp_path / "safe")
    assert list((tmp_path / "safe").iterdir()) == []


def test_a_backup_of_sqlite_is_not_restored_into_postgresql(
    home: Path, tmp_path: Path, postgresql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backups.backup(tmp_path / "safe")
    monkeypatch.setattr(settings, "database_url", postgresql.database)
    with pytest.raises(BackupError, match="another kind"):
        backups.restore(file)
