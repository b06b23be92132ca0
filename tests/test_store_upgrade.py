"""A database that stock Rasa has written is taken over, with every row."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from puljeguiden.conversations import Conversations
from rasa_project.tracker_store import ConversationStore
from tests.conftest import ROOT

SENDER = "anna-0123456789012345678901"
DOMAIN = Domain.from_dict({"slots": {"context": {"type": "any", "mappings": [{"type": "custom"}]}}})


async def stock(url: str, turns: int, senders: int = 1) -> None:
    """Let stock Rasa's own store write conversations."""
    store = SQLTrackerStore(DOMAIN, host=url)
    for n in range(senders):
        tracker = DialogueStateTracker(f"{SENDER}-{n}", [AnySlot("context", [])])
        tracker.update(ActionExecuted("action_session_start"))
        tracker.update(SessionStarted())
        tracker.update(ActionExecuted("action_listen"))
        for turn in range(turns):
            tracker.update(
                UserUttered("\ud83d" if turn == 1 else f"Må vi søge på Ærø? {turn}", {"name": "eligibility"})
            )
            tracker.update(ActionExecuted("action_answer"))
            tracker.update(SlotSet("context", {"turn": turn}))
            tracker.update(BotUttered("Ja."))
            tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)
    store.engine.dispose()


def dump(url: str) -> list[tuple[object, ...]]:
    engine = sa.create_engine(url)
    with engine.connect() as db:
        query = "select id, sender_id, type_name, timestamp, intent_name, action_name from events order by id"
        found = [tuple(row) for row in db.execute(sa.text(query))]
    engine.dispose()
    return found


async def test_every_row_stays_and_becomes_readable(database: str) -> None:
    await stock(database, turns=700)
    before = dump(database)
    assert len(before) == 3503
    store = Conversations(database)
    assert dump(database) == before
    assert "Må vi søge på Ærø? 0" in store.history(f"{SENDER}-0")[3].event["text"]
    engine = sa.create_engine(database)
    with engine.connect() as db:
        readable = db.execute(sa.text("select count(*) from events where data like '%Må vi søge%'")).scalar()
        tables = set(sa.inspect(db).get_table_names())
    engine.dispose()
    assert readable == 699  # half a character is no letter
    assert tables - {"sqlite_sequence"} == {"events", "snapshots"}
    assert store.append("new", [{"event": "user", "text": "hej"}], after=0) == before[-1][0] + 1
    store.close()


async def test_a_conversation_goes_on_where_stock_rasa_left_it(database: str) -> None:
    await stock(database, turns=300)
    store = ConversationStore(database, DOMAIN)
    tracker = await store.retrieve(f"{SENDER}-0")
    assert tracker is not None
    assert tracker.get_slot("context") == {"turn": 299}
    assert tracker.latest_message.text.startswith("Må vi søge på Ærø? 299")
    tracker.update(UserUttered("tak"))
    tracker.update(ActionExecuted("action_listen"))
    await store.save(tracker)
    again = await store.retrieve(f"{SENDER}-0")
    assert again is not None
    assert len(again.events) <= 40
    assert again.get_slot("context") == {"turn": 299}
    store.close()


def test_an_empty_stock_database_is_taken_over(database: str) -> None:
    SQLTrackerStore(DOMAIN, host=database).engine.dispose()
    store = Conversations(database)
    store.append("new", [{"event": "user", "text": "hej"}], after=0)
    assert [stored.id for stored in store.follow(0)] == [1]
    store.close()


async def test_opening_it_twice_changes_nothing(database: str) -> None:
    await stock(database, turns=2)
    Conversations(database).close()
    before = dump(database)
    Conversations(database).close()
    assert dump(database) == before


def test_an_upgrade_that_is_killed_begins_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'conversations.db'}"
    asyncio.run(stock(url, turns=1000, senders=3))
    before = dump(url)
    upgrade = f"from puljeguiden.conversations import Conversations; print('at it', flush=True); Conversations({url!r})"
    outcomes = set()
    for wait in (0.02, 0.05, 0.1, 0.2, 0.3):
        process = subprocess.Popen([sys.executable, "-c", upgrade], cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.readline()
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        outcomes.add(process.wait())
        process.stdout.close()
        assert dump(url) == before
    assert -signal.SIGKILL in outcomes
    Conversations(url).close()
    assert dump(url) == before


def test_several_processes_may_start_on_a_stock_database_at_once(database: str) -> None:
    asyncio.run(stock(database, turns=200))
    before = dump(database)
    opening = f"from puljeguiden.conversations import Conversations; Conversations({database!r}).close()"
    started = [subprocess.Popen([sys.executable, "-c", opening], cwd=ROOT) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0] * 4
    assert dump(database) == before
