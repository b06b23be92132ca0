"""The assistant starts with its own stores, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from puljeguiden.database import Unavailable
from puljeguiden.settings import SettingError
from rasa_project import serve
from rasa_project.lock_store import MemoryLocks
from rasa_project.tracker_store import ConversationStore
from tests.inprocess import load_agent


def test_it_uses_its_own_stores_without_a_wrapper(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = load_agent(trained, tmp_path, monkeypatch)
    assert type(agent.tracker_store) is type(agent.processor.tracker_store) is ConversationStore
    assert type(agent.lock_store) is type(agent.processor.lock_store) is MemoryLocks
    agent.tracker_store.close()


@pytest.mark.parametrize("line", ["tracker_store: {type: InMemory}", "traker_store: {type: SQL}", "lock_store: {}"])
def test_a_store_in_the_endpoints_stops_the_start(
    line: str, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = (serve._HERE / "endpoints.yml").read_text(encoding="utf-8")
    (tmp_path / "endpoints.yml").write_text(f"{own}{line}\n", encoding="utf-8")
    monkeypatch.setattr(serve, "_HERE", tmp_path)
    with pytest.raises(SettingError, match=line.split(":")[0]):
        load_agent(trained, tmp_path, monkeypatch)


def test_a_database_that_cannot_be_used_stops_the_start(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "conversations.db").write_text("no database at all, but long enough to be looked at", encoding="utf-8")
    with pytest.raises(Unavailable):
        load_agent(trained, tmp_path, monkeypatch)
