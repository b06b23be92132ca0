"""Conversations reach the staff service masked, each turn once, whatever is killed when."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from puljeguiden.conversations import Conversations
from tests.conftest import wait_for
from tests.staff.conversations import TURNS, Both
from tests.talk import Writers, answer, rated, replied, said, tell

ON_SQLITE = pytest.mark.parametrize("both", ["sqlite"], indirect=True)  # where the kind of database makes no difference


def test_killed_at_any_moment_nothing_is_skipped_or_doubled(both: Both) -> None:
    """Five times in the middle of visitors who write, rate, delete and begin again; then, it is as if it never was."""
    chance = random.Random(10)
    with Writers(both.raw) as writers:
        for _ in range(5):
            both.start("follow")
            before = len(both.rows(TURNS))
            wait_for(lambda: len(both.rows(TURNS)) > before)  # noqa: B023 - over before it changes
            time.sleep(chance.uniform(0, 0.4))
            both.kill("follow")
        wait_for(lambda: writers.turns > 150)  # some of them are deleted again
    both.follow()
    turns, answers = both.everything()
    stored = (one for sender in both.store.senders() for one in both.store.history(sender))
    assert [event for _, _, event, *_ in turns] == sorted(one.id for one in stored if one.event["event"] == "user")
    assert len(answers) == len(turns) > 100
    numbers: dict[str, list[int]] = {}
    for key, number, *_ in turns:
        numbers.setdefault(key, []).append(number)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert all(length == len(numbers[key]) for key, *_, length, _ in turns)
    assert writers.turns >= len(turns)
    tables = ("answer", "turn", "conversation", "position")
    engine = sa.create_engine(both.staff)
    with engine.begin() as db:
        for table in tables:
            db.execute(sa.text(f"delete from conversations_{table}"))
    engine.dispose()
    both.follow()
    assert both.everything() == [turns, answers]


def test_two_followers_at_once_copy_everything_once(both: Both) -> None:
    for number in range(30):
        tell(both.store, f"visitor-{number}", *[event for _ in range(40) for event in (said("hej"), replied())])
    both.start("follow")
    both.follow()
    wait_for(lambda: len(both.rows(TURNS)) == 1200)
    both.follow()
    assert len(both.rows(TURNS)) == 1200


@ON_SQLITE
def test_a_deletion_in_the_widget_deletes_here(both: Both) -> None:
    tell(both.store, "anna", said("hvad er fristen?"), replied())
    tell(both.store, "bo", said("hvad er beløbet?"), replied())
    both.follow()
    both.store.delete("anna")
    both.follow()
    assert [row[0] for row in both.rows(TURNS)] == [both.key("bo")]
    tell(both.store, "anna", said("nu igen"), replied())
    both.store.delete("anna")
    tell(both.store, "anna", said("begyndt forfra"), replied())
    both.follow()
    assert [row[3] for row in both.rows(TURNS)] == ["hvad er beløbet?", "begyndt forfra"]


def test_a_long_backlog_is_caught_up_at_once(both: Both) -> None:
    for number in range(20):
        turns = [event for n in range(100) for event in (said(f"hvad med {n}?"), replied(answer(), answer("amount")))]
        tell(both.store, f"visitor-{number}", *turns)
    both.follow()
    assert len(both.rows(TURNS)) == 2000


@ON_SQLITE
def test_the_running_service_tells_how_far_it_is_behind(both: Both) -> None:
    tell(both.store, "anna", said("hej", at=time.time() - 60), replied(at=time.time() - 59))
    both.start("staff")
    behind = requests.get(f"{both.url}/health", timeout=20).json()["follower"]
    assert behind["events"] == 2
    assert 59 <= behind["seconds"] < 120
    both.start("follow")
    empty = {"events": 0, "seconds": None}
    wait_for(lambda: requests.get(f"{both.url}/health", timeout=20).json()["follower"] == empty)


@ON_SQLITE
def test_another_tracker_store_is_not_taken_for_the_one_before(both: Both, tmp_path: Path) -> None:
    for _ in range(3):
        tell(both.store, "anna", said("hej"), replied())
    both.follow()
    both.environment["PULJEGUIDEN_DATABASE_URL"] = f"sqlite:///{tmp_path}/other.db"
    other = Conversations(both.environment["PULJEGUIDEN_DATABASE_URL"])
    tell(other, "bo", said("hej"), replied())
    other.close()
    both.start("follow", "staff")
    wait_for(lambda: "not the one" in both.log("follow"))
    assert requests.get(f"{both.url}/health", timeout=20).json()["follower"] == {"events": None, "seconds": None}
    assert len(both.rows(TURNS)) == 3


@ON_SQLITE
def test_what_somebody_rates_later_reaches_the_turn(both: Both) -> None:
    given = answer()
    tell(both.store, "anna", said("hvad er fristen?"), replied(given))
    both.follow()
    tell(both.store, "anna", rated(given["id"], False, "det passer ikke, 010190-1234"))
    both.follow()
    ((*_, useful, reason, _length, attention),) = both.rows(TURNS)
    assert (bool(useful), attention) == (False, 100)
    assert reason == "det passer ikke, [CPR-nummer fjernet]"
    tell(both.store, "anna", rated(given["id"], True))
    both.follow()
    ((*_, useful, reason, _length, attention),) = both.rows(TURNS)
    assert (bool(useful), reason, attention) == (True, "", 0)
