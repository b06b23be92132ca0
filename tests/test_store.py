"""Conversations are stored as events that are only appended; on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from puljeguiden import secret
from puljeguiden.conversations import DELETED, EVENTS, EXPIRED, Conflict, Conversations, _row
from puljeguiden.database import Busy, Unavailable, writing
from puljeguiden.masking import keyed_hash

ANNA, BO = "anna-0123456789012345678901", "bo-012345678901234567890123"


def said(*texts: str) -> list[dict[str, Any]]:
    return [
        {"event": "user", "timestamp": 1.5, "text": text, "parse_data": {"intent": {"name": "form"}}} for text in texts
    ]


def texts(store: Conversations, sender: str) -> list[str]:
    return [stored.event["text"] for stored in store.history(sender)]


def rows(url: str, query: str) -> list[Any]:
    engine = sa.create_engine(url)
    with engine.connect() as db:
        found = db.execute(sa.text(query)).all()
    engine.dispose()
    return found


@pytest.fixture
def store(database: str) -> Iterator[Conversations]:
    opened = Conversations(database)
    yield opened
    opened.close()


def test_what_is_appended_is_there_in_its_order(store: Conversations) -> None:
    first = store.append(ANNA, said("hej", "hvad er fristen?"), after=0)
    store.append(BO, said("goddag"), after=0)
    last = store.append(ANNA, said("tak"), after=first)
    assert texts(store, ANNA) == ["hej", "hvad er fristen?", "tak"]
    assert store.last_id(ANNA) == last > first
    assert store.last_id("somebody-else") == 0
    assert sorted(store.senders()) == [ANNA, BO]


def test_time_has_no_say_in_the_order(store: Conversations) -> None:
    events = [{**event, "timestamp": 100.0 - n} for n, event in enumerate(said("først", "så", "sidst"))]
    last = 0
    for event in events:
        last = store.append(ANNA, [event], after=last)
    assert texts(store, ANNA) == ["først", "så", "sidst"]


def test_letters_are_stored_as_they_are(database: str, store: Conversations) -> None:
    store.append(ANNA, said("Må vi søge støtte på Ærø? 👍 \x00"), after=0)
    ((data,),) = rows(database, "select data from events where data like '%søge støtte på Ærø? 👍%'")
    assert json.loads(data)["text"] == "Må vi søge støtte på Ærø? 👍 \x00"
    assert rows(database, "select type_name, timestamp, intent_name from events") == [("user", 1.5, "form")]


def test_half_a_character_is_stored_too(store: Conversations) -> None:
    store.append(ANNA, said("\ud83d"), after=0)
    assert texts(store, ANNA) == ["\ud83d"]


def test_whoever_comes_too_late_stores_nothing(store: Conversations) -> None:
    first = store.append(ANNA, said("hej"), after=0)
    store.append(ANNA, said("hej igen"), after=first)
    for after in (0, first, first + 1000):
        with pytest.raises(Conflict):
            store.append(ANNA, said("for sent"), after=after)
    assert texts(store, ANNA) == ["hej", "hej igen"]


def test_a_snapshot_stands_for_what_came_before(store: Conversations) -> None:
    first = store.append(ANNA, said("hej"), after=0)
    second = store.append(ANNA, said("hvem?"), after=first, snapshot=said("kort"))
    third = store.append(ANNA, said("hvor?"), after=second, snapshot=said("kortere", "endnu"))
    assert store.latest(ANNA) == (said("kortere", "endnu"), third)
    fourth = store.append(ANNA, said("tak"), after=third)
    assert store.latest(ANNA) == (said("kortere", "endnu", "tak"), fourth)
    assert texts(store, ANNA) == ["hej", "hvem?", "hvor?", "tak"]
    assert store.latest(BO) == ([], 0)


def test_a_deleted_conversation_leaves_only_a_row_that_says_so(database: str, store: Conversations) -> None:
    first = store.append(ANNA, said("hej, jeg hedder Anna"), after=0)
    store.append(ANNA, said("farvel"), after=first, snapshot=said("hej, jeg hedder Anna"))
    seen = store.append(BO, said("goddag"), after=0)
    assert store.delete(ANNA)
    assert not store.delete(ANNA)
    assert store.history(ANNA) == []
    assert store.latest(ANNA) == ([], 0)
    assert store.senders() == [BO]
    (deletion,) = store.follow(seen)
    assert deletion.event == {"event": DELETED}
    assert deletion.sender == keyed_hash(ANNA, secret.key())
    everything = str(rows(database, "select * from events") + rows(database, "select * from snapshots"))
    assert "Anna" not in everything
    assert ANNA not in everything


def test_after_a_deletion_a_conversation_begins_anew(store: Conversations) -> None:
    store.append(ANNA, said("hej"), after=0)
    store.delete(ANNA)
    store.append(ANNA, said("hej igen"), after=0)
    assert texts(store, ANNA) == ["hej igen"]


def test_a_deleted_id_is_never_used_again(store: Conversations) -> None:
    last = store.append(ANNA, said("hej"), after=0)
    store.delete(ANNA)
    assert store.append(BO, said("goddag"), after=0) > last + 1


def test_whoever_follows_by_id_misses_nothing(database: str, store: Conversations) -> None:
    """Eight writers at once; a follower that reads on from the last id it has seen sees every row, once."""
    stop, seen = threading.Event(), []

    def follow() -> None:
        last, after_the_end = 0, False
        while not after_the_end:
            after_the_end = stop.is_set()
            for stored in store.follow(last):
                seen.append((stored.sender, stored.event["text"]))
                last = stored.id

    def write(sender: str) -> None:
        own, last = Conversations(database, wait=60), 0  # SQLite lets waiting writers overtake each other
        for n in range(40):
            last = own.append(sender, said(str(n), f"{n}b"), after=last)
        own.close()

    follower = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=(f"writer-{n}",)) for n in range(8)]
    for thread in [follower, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    follower.join()
    assert len(seen) == len(set(seen)) == 8 * 40 * 2


def test_nobody_gets_a_later_id_and_is_seen_first(database: str, store: Conversations) -> None:
    """A slow writer holds up the next one until its rows can be seen, so no follower passes them by."""
    other, done = Conversations(database, wait=60), threading.Event()

    def write() -> None:
        other.append(BO, said("hurtig"), after=0)
        done.set()

    quick = threading.Thread(target=write)
    with writing(store._engine) as db:
        db.execute(EVENTS.insert(), [_row(ANNA, said("langsom")[0])])
        quick.start()
        assert not done.wait(0.5)
        assert other.follow(0) == []
    quick.join()
    assert [stored.event["text"] for stored in other.follow(0)] == ["langsom", "hurtig"]
    other.close()


def test_only_some_types_are_followed_and_what_is_unread_is_counted(store: Conversations) -> None:
    first = store.append(ANNA, [*said("hej"), {"event": "action", "timestamp": 2.0, "name": "action_listen"}], after=0)
    store.append(BO, said("goddag"), after=0)
    assert [stored.event["text"] for stored in store.follow(0, types=["user"])] == ["hej", "goddag"]
    assert store.unread(0, ["user"]) == (2, 1.5)
    assert store.unread(first, ["user"]) == (1, 1.5)
    assert store.unread(store.newest(), ["user"]) == (0, None)


def expire(store: Conversations, before: float) -> int:
    after, count = 0, 0
    while True:
        ended, after = store.old(before, after)
        count += store.expire(ended, before)
        if not after:
            return count


def test_what_ended_long_ago_expires_and_leaves_only_a_row_that_says_so(database: str, store: Conversations) -> None:
    long_ago = [{**event, "timestamp": 100.0} for event in said("hej, jeg hedder Anna", "farvel")]
    store.append(ANNA, long_ago, after=0, snapshot=long_ago)
    first = store.append(BO, long_ago, after=0)
    seen = store.append(BO, [{**said("det går videre")[0], "timestamp": 900.0}], after=first)
    assert expire(store, 500.0) == 1
    assert expire(store, 500.0) == 0
    assert (texts(store, ANNA), len(texts(store, BO))) == ([], 3)
    assert store.senders() == [BO]
    (gone,) = store.follow(seen)
    assert (gone.event, gone.sender) == ({"event": EXPIRED}, keyed_hash(ANNA, secret.key()))
    left = rows(database, f"select * from events where sender_id != '{BO}'") + rows(database, "select * from snapshots")
    assert "Anna" not in str(left)


def test_what_goes_on_while_it_is_looked_at_does_not_expire(store: Conversations) -> None:
    last = store.append(ANNA, [{**said("hej")[0], "timestamp": 100.0}], after=0)
    ended, _ = store.old(500.0)
    store.append(ANNA, [{**said("er du der?")[0], "timestamp": 900.0}], after=last)
    assert ended == [ANNA]
    assert store.expire(ended, 500.0) == 0
    assert texts(store, ANNA) == ["hej", "er du der?"]


def test_many_old_conversations_expire_in_portions(store: Conversations) -> None:
    for number in range(20):
        events = [{**event, "timestamp": 100.0} for event in said(*[str(n) for n in range(60)])]
        store.append(f"visitor-{number}", events, after=0)
    store.append(ANNA, [{**said("hej")[0], "timestamp": 900.0}], after=0)
    ended, after = store.old(500.0)
    assert 0 < len(ended) < 20
    assert after
    assert expire(store, 500.0) == 20
    assert store.senders() == [ANNA]


def test_a_conversation_can_be_deleted_after_it_expired(store: Conversations) -> None:
    """Others may still have a copy, and have to be told."""
    store.append(ANNA, [{**said("hej")[0], "timestamp": 100.0}], after=0)
    assert expire(store, 500.0) == 1
    assert store.delete(ANNA)
    assert not store.delete(ANNA)
    assert [stored.event["event"] for stored in store.follow(0)] == [DELETED]


def test_what_was_removed_is_in_no_file(tmp_path: Path) -> None:
    store = Conversations(f"sqlite:///{tmp_path / 'conversations.db'}")
    planted = [{**event, "timestamp": 100.0} for event in said("plantet hemmelighed " * 200)]
    store.append(ANNA, planted, after=0, snapshot=planted)
    store.append(BO, [{**said("hej")[0], "timestamp": 900.0}], after=0)
    assert any(b"plantet" in file.read_bytes() for file in tmp_path.iterdir())
    assert expire(store, 500.0) == 1
    store.clean()
    assert [file.name for file in tmp_path.iterdir() if b"plantet" in file.read_bytes()] == []
    store.close()


def test_a_sqlite_file_that_is_being_written_is_busy_and_then_free(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'conversations.db'}"
    impatient, other = Conversations(url, wait=0), Conversations(url)
    impatient.append(ANNA, said("hej"), after=0)
    with other._engine.begin():
        assert texts(impatient, ANNA) == ["hej"]
        with pytest.raises(Busy):
            impatient.append(BO, said("goddag"), after=0)
    impatient.append(BO, said("goddag"), after=0)


def test_an_error_repeats_nothing_that_was_said(store: Conversations) -> None:
    with pytest.raises(Unavailable) as told:
        store.append("x" * 300 if store.remote else None, said("hemmelig"), after=0)  # type: ignore[arg-type]
    shown = f"{told.value!r} {told.value.__cause__}"
    assert "hemmelig" not in shown


def test_a_database_that_cannot_be_reached_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    for url in (f"sqlite:///{tmp_path / 'file' / 'conversations.db'}", "postgresql://nobody@127.0.0.1:1/nothing"):
        with pytest.raises(Unavailable):
            Conversations(url)


def test_a_database_server_that_was_restarted_is_used_again(postgresql: Any) -> None:
    store = Conversations(postgresql.database())
    first = store.append(ANNA, said("hej"), after=0)
    postgresql.stop()
    with pytest.raises(Unavailable):
        store.append(ANNA, said("er du der?"), after=first)
    postgresql.start()
    store.append(ANNA, said("hej igen"), after=first)
    assert texts(store, ANNA) == ["hej", "hej igen"]
    store.close()
