"""A case that has a number is stored, once, whatever happens around it."""

from __future__ import annotations

import json
import random
import resource
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from puljeguiden import moment
from puljeguiden.masking import MASK
from puljeguiden.outbox import DELIVERED, NUMBER, REFUSED, WAITING, Outbox, OutboxError, new_key
from tests.cases import Visitors, case
from tests.conftest import wait_for


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(database: str) -> Outbox:
    """An empty outbox, in each of the databases it may live in."""
    return Outbox(database)


def test_a_case_is_stored_as_the_staff_service_will_get_it(outbox: Outbox) -> None:
    given = case()
    number = outbox.submit(given)
    (stored,) = outbox.pending(WAITING)
    assert (stored.number, stored.key, stored.state) == (number, given.key, WAITING)
    assert stored.content is not None
    assert stored.content["number"] == number
    assert stored.content["question"] == given.question
    assert stored.content["contacts"] == ["Ayse Göksu", "Anders Bo Christensen"]
    assert stored.content["created"] == "2026-11-20T12:00:00"
    assert (
        stored.content["transcript"][1]["answers"][0]["sources"][0]["quote"]
        in given.transcript[1]["answers"][0]["sources"][0]["quote"]
    )


def test_the_same_submission_twice_has_one_number_and_is_stored_once(outbox: Outbox) -> None:
    given = case()
    assert outbox.submit(given) == outbox.submit(given)
    assert outbox.counts() == {WAITING: 1, DELIVERED: 0, REFUSED: 0}


def test_the_same_submission_at_once_has_one_number(outbox: Outbox) -> None:
    given = [case() for _ in range(5)] * 6
    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(outbox.submit, given))
    assert len(set(numbers)) == 5
    assert outbox.counts()[WAITING] == 5


def test_a_number_that_is_taken_is_drawn_anew(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["PG-2222-3333", "PG-2222-3333", "PG-2222-4444"])
    monkeypatch.setattr("puljeguiden.outbox._draw", lambda: next(drawn))
    assert [outbox.submit(case()), outbox.submit(case())] == ["PG-2222-3333", "PG-2222-4444"]


def test_numbers_can_be_read_aloud_and_not_guessed(outbox: Outbox) -> None:
    numbers = [outbox.submit(case()) for _ in range(50)]
    assert len(set(numbers)) == 50
    assert all(NUMBER.fullmatch(number) for number in numbers)
    assert not set("".join(number[3:] for number in numbers)) & set("01ILOSZBGU")
    assert sorted(numbers) != numbers


def test_cpr_numbers_never_reach_the_disk(file: Path) -> None:
    outbox = Outbox(f"sqlite:///{file}")
    line = {"at": "2026-11-20T12:00:00", "from": "visitor", "text": "jeg er 010190-1234"}
    texts = dict.fromkeys(("question", "name", "organisation", "email"), "0101901234")
    outbox.submit(case(**texts, transcript=[line]))
    (stored,) = outbox.pending(WAITING)
    assert stored.content is not None
    assert {stored.content[name] for name in texts} == {MASK}
    assert stored.content["transcript"][0]["text"] == f"jeg er {MASK}"
    written = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"1234" not in written
    assert MASK.encode() in written


def test_characters_that_no_database_takes_lose_no_case(outbox: Outbox) -> None:
    outbox.submit(case(question="a\0b \ud800 æ 🙂"))
    assert outbox.pending(WAITING)[0].content["question"] == "ab ? æ 🙂"  # type: ignore[index]


def test_a_very_long_conversation_keeps_its_end(outbox: Outbox) -> None:
    lines = [{"at": "2026-11-20T12:00:00", "from": "visitor", "text": f"{n} " + "æ" * 1000} for n in range(1000)]
    outbox.submit(case(transcript=lines))
    content = outbox.pending(WAITING)[0].content
    assert content is not None
    assert content["transcript"][-1] == lines[-1]
    assert len(json.dumps(content)) < 1_100_000


def test_what_was_delivered_is_forgotten_in_time_but_its_number_is_not(outbox: Outbox) -> None:
    old, waiting = case(), case()
    number = outbox.submit(old)
    outbox.submit(waiting)
    outbox.delivered(number)
    assert outbox.forget(moment.utc() - timedelta(days=1)) == 0
    assert outbox.forget(moment.utc() + timedelta(days=1)) == 1
    assert outbox.pending(DELIVERED)[0].content is None
    assert outbox.pending(WAITING)[0].content
    assert outbox.submit(old) == number


def test_what_is_forgotten_is_gone_from_the_file(file: Path) -> None:
    outbox = Outbox(f"sqlite:///{file}")
    outbox.delivered(outbox.submit(case(question="hemmelighed " * 500)))
    outbox.forget(datetime(2100, 1, 1))
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"hemmelighed" not in file.read_bytes()


def test_a_refused_case_stays_with_its_reason(outbox: Outbox) -> None:
    number = outbox.submit(case())
    outbox.refused(number, "400 question: is missing" + "!" * 1000)
    (refused,) = outbox.pending(REFUSED)
    assert (refused.number, refused.reason[:24]) == (number, "400 question: is missing")
    assert refused.content


def test_a_database_that_is_away_gives_no_number_and_names_no_content(tmp_path: Path) -> None:
    with pytest.raises(OutboxError) as raised:
        Outbox(f"sqlite:///{tmp_path}/no/such/folder/outbox.db").submit(case())
    assert "skolerne" not in repr(raised.value) + repr(raised.value.__context__ and raised.value.__cause__)


def test_on_a_full_disk_there_is_an_error_and_no_number_and_afterwards_all_is_well(file: Path) -> None:
    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    with Visitors(file, preexec_fn=bound) as visitors:
        visitors.ask(new_key() for _ in range(100))
        wait_for(lambda: not visitors.is_alive())
    assert 0 < len(visitors.promised) < 100
    assert "OutboxError" in visitors.errors
    outbox = Outbox(f"sqlite:///{file}")
    assert {stored.key: stored.number for stored in outbox.pending(WAITING, 1000)} == visitors.promised
    assert outbox.submit(case())


def test_kill_9_at_any_moment_loses_no_promise_and_doubles_none(file: Path) -> None:
    keys = [new_key() for _ in range(200)]
    visitors = Visitors(file)
    chance = random.Random(6)
    while missing := [key for key in keys if key not in visitors.promised]:
        enough = min(len(keys), len(visitors.promised) + chance.randint(20, 60))
        with visitors:
            visitors.ask(missing)
            wait_for(lambda: len(visitors.promised) >= enough)  # noqa: B023 - over before it changes
    stored = Outbox(f"sqlite:///{file}").pending(WAITING, 1000)
    assert {one.key: one.number for one in stored} == visitors.promised
    assert len(stored) == 200


def test_what_is_here_of_a_conversation_is_found_and_removed(outbox: Outbox) -> None:
    """A case that was not delivered yet is removed only where that is asked for, and is then never delivered."""
    here, waiting, other = (outbox.submit(case(conversation=name)) for name in ("en", "en", "to"))
    outbox.delivered(here)
    assert [one["number"] for one in outbox.about("en")] == [here, waiting]
    assert [one["number"] for one in outbox.about("", other)] == [other]
    assert outbox.about("") == []
    assert [outbox.erase(number, waiting=False) for number in (here, here, waiting)] == [True, False, False]
    assert outbox.counts() == {WAITING: 2, DELIVERED: 1, REFUSED: 0}
    assert outbox.erase(waiting, waiting=True)
    assert [one.number for one in outbox.pending(WAITING)] == [other]
    assert (outbox.about("en"), outbox.forgotten()) == ([], 2)
    outbox.clean()
