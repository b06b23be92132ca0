"""What tests about conversations share: a tracker store and an outbox of their own, for the service in this process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from puljeguiden import outbox as outbox_module
from puljeguiden.conversations import Conversations
from puljeguiden.masking import keyed_hash
from puljeguiden.outbox import Outbox
from tests.staff.service import Service

TURNS = """select c.key, t.number, t.event, t.question, t.reply, t.intent, t.confidence, t.margin, t.milliseconds,
    t.repeats, t.useful, t.reason, c.length, c.attention from conversations_turn t
    join conversations_conversation c on c.id = t.conversation_id order by t.event"""
ANSWERS = """select t.event, a.number, a.topic, a.status from conversations_answer a
    join conversations_turn t on t.id = a.turn_id order by a.number"""


class Both(Service):
    """A staff service on a database of its own, beside a tracker store: both SQLite, or both PostgreSQL."""

    def __init__(self, var: Path, raw: str, staff: str) -> None:
        super().__init__(var, PULJEGUIDEN_DATABASE_URL=raw, PULJEGUIDEN_STAFF_DATABASE_URL=staff)
        self.raw, self.staff = raw, staff
        self.store = Conversations(raw, wait=60)

    def rows(self, query: str) -> list[Any]:
        """Return what a query finds in the staff database."""
        engine = sa.create_engine(self.staff)
        with engine.connect() as db:
            found = [tuple(row) for row in db.execute(sa.text(query))]
        engine.dispose()
        return found

    def everything(self) -> list[list[Any]]:
        """Return all turns and answers there are."""
        return [self.rows(TURNS), self.rows(ANSWERS)]

    def follow(self) -> None:
        """Copy all there is."""
        self.run("-m", "staff", "follow", "--once")

    def key(self, sender: str) -> str:
        """Return what staff see in place of an id."""
        return keyed_hash(sender, (self.var / "secret").read_text(encoding="utf-8").strip())


@pytest.fixture
def store(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Conversations]:
    """An empty tracker store, which the service uses."""
    opened = Conversations(f"sqlite:///{tmp_path}/conversations.db")
    for module in ("insight", "lag", "retention", "unmasked"):
        monkeypatch.setattr(f"staff.conversations.{module}.store", lambda: opened)
    yield opened
    opened.close()


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    """An empty outbox, which the service uses."""
    made = Outbox(f"sqlite:///{tmp_path}/outbox.db")
    monkeypatch.setattr(outbox_module, "current", lambda: made)
    return made


@pytest.fixture(scope="session")
def prepared_postgresql(postgresql: Any, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a PostgreSQL database of the staff service that was made ready: to be copied."""
    address: str = postgresql.database()
    var = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("prepared") / "var"))
    Service(var, PULJEGUIDEN_STAFF_DATABASE_URL=address).prepare()
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def both(
    request: pytest.FixtureRequest, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Both]:
    """A staff service and a tracker store, on each kind of database in turn."""
    var = Path(shutil.copytree(prepared, tmp_path / "var"))
    raw, staff = f"sqlite:///{var}/conversations.db", f"sqlite:///{var}/staff.db"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        raw, staff = server.database(), server.database(like=request.getfixturevalue("prepared_postgresql"))
    (var / "secret").write_text("kun til afprøvning", encoding="utf-8")
    monkeypatch.setattr("puljeguiden.secret.key", lambda: "kun til afprøvning")
    service = Both(var, raw, staff)
    yield service
    service.stop()
    service.store.close()
