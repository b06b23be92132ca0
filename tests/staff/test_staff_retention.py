"""What is kept for how long, and that what was deleted is gone, with proof."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from puljeguiden.conversations import Conversations
from puljeguiden.outbox import Outbox
from tests.cases import case as outbox_case
from tests.conftest import wait_for
from tests.staff.conversations import TURNS, Both
from tests.talk import replied, said, tell

DAY = 86_400.0
PLANTED = "plantet hemmelighed"
PROOFS = "select what, count from conversations_deletion order by id"


def days_ago(days: float) -> float:
    return time.time() - days * DAY


def talk(store: Conversations, sender: str, days: float, text: str = "hvad er fristen?") -> None:
    """Store a conversation that ended some days ago."""
    tell(store, sender, said(text, at=days_ago(days)), replied(text=f"svar på {text}", at=days_ago(days)))


def set_ages(staff: str, days: float) -> None:
    """Make every case of a staff database so many days old."""
    from datetime import datetime, timezone

    then = datetime.fromtimestamp(days_ago(days), timezone.utc).replace(tzinfo=None)
    engine = sa.create_engine(staff)
    with engine.begin() as db:
        for column in ("cases_case.received", "cases_event.at", "cases_letter.written"):
            table, _, name = column.partition(".")
            db.execute(sa.text(f'update {table} set "{name}" = :then'), {"then": str(then)})
        db.execute(sa.text("update cases_letter set status = 'sent'"))
        db.execute(sa.text("update cases_case set state = 'closed'"))
    engine.dispose()


@pytest.mark.parametrize("both", ["postgresql"], indirect=True)  # the follower below deletes on SQLite, too
def test_old_conversations_are_deleted_and_their_masked_copies_stay_for_longer(both: Both) -> None:
    talk(both.store, "old", 31)
    talk(both.store, "young", 29)
    talk(both.store, "goes-on", 31)
    talk(both.store, "goes-on", 1, "endnu et spørgsmål")
    both.follow()
    told = both.run("-m", "staff", "retention", "--preview")
    assert "conversations: kept 30 days, due now: 1" in told
    assert "turns: kept 365 days, due now: 0" in told
    assert sorted(both.store.senders()) == ["goes-on", "old", "young"]
    assert both.run("-m", "staff", "retention") == "deleted: 1 conversations\n"
    assert sorted(both.store.senders()) == ["goes-on", "young"]
    assert len(both.rows(TURNS)) == 4
    both.follow()
    assert len(both.rows(TURNS)) == 4
    both.environment["PULJEGUIDEN_REVIEW_DAYS"] = "30"
    assert both.run("-m", "staff", "retention") == "deleted: 1 turns\n"
    assert sorted({row[0] for row in both.rows(TURNS)}) == sorted([both.key("young"), both.key("goes-on")])
    assert both.rows(PROOFS) == [("conversations", 1), ("turns", 1)]
    assert both.run("-m", "staff", "retention") == "nothing was due\n"


def test_nothing_is_deleted_before_it_was_copied(both: Both) -> None:
    for number in range(60):
        talk(both.store, f"visitor-{number}", 40)
    both.run("-m", "staff", "retention")
    assert both.store.senders() == []
    assert len(both.rows(TURNS)) == 60
    assert both.rows(PROOFS) == [("conversations", 60)]


def test_zero_days_are_for_good(both: Both) -> None:
    talk(both.store, "old", 4000)
    for name in ("CONVERSATION", "REVIEW", "CASE", "AUDIT"):
        both.environment[f"PULJEGUIDEN_{name}_DAYS"] = "0"
    assert both.run("-m", "staff", "retention") == "nothing was due\n"
    assert both.store.senders() == ["old"]
    assert "turns: kept for good, due now: 0" in both.run("-m", "staff", "retention", "--preview")


def test_the_follower_deletes_when_it_starts(both: Both) -> None:
    talk(both.store, "old", 31)
    both.start("follow")
    wait_for(lambda: both.rows(PROOFS) == [("conversations", 1)])
    assert len(both.rows(TURNS)) == 1


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)  # PostgreSQL's files are its own: it vacuums by itself
def test_what_was_deleted_is_in_no_file(both: Both) -> None:
    """In the tracker store, its masked copy, a case and the outbox, with the logs of writes beside them."""
    talk(both.store, "old", 800, PLANTED)
    talk(both.store, "young", 1)
    both.start("staff", "deliver", "follow")
    both.outbox.submit(
        outbox_case(question=PLANTED, name=PLANTED, transcript=[{"at": "", "from": "visitor", "text": PLANTED}])
    )
    wait_for(lambda: both.outbox.counts()["delivered"] == 1)
    wait_for(lambda: len(both.rows(TURNS)) == 1)
    holding = [file.name for file in databases(both.var) if PLANTED.encode() in file.read_bytes()]
    assert {name.partition("-")[0] for name in holding} >= {"staff.db", "outbox.db"}
    set_ages(both.staff, 800)
    both.kill("deliver")
    engine = sa.create_engine(f"sqlite:///{both.var}/outbox.db")
    with engine.begin() as db:
        db.execute(sa.text("update outbox set delivered = '2020-01-01 00:00:00.000000'"))
    engine.dispose()
    both.start("deliver")
    wait_for(lambda: both.outbox.forgotten() == 1)
    both.run("-m", "staff", "retention")
    assert [file.name for file in databases(both.var) if PLANTED.encode() in file.read_bytes()] == []
    assert dict(both.rows(PROOFS))["cases"] == 1
    assert len(both.rows(TURNS)) == 1


def databases(var: Path) -> list[Path]:
    return [file for file in var.iterdir() if ".db" in file.name]


@pytest.fixture
def aged(received: Callable[..., Any]) -> Callable[..., Any]:
    """Make cases in which nothing has happened for some days."""
    from django.utils import timezone

    def make(state: str, days: int = 731) -> Any:
        case, then = received(), timezone.now() - timedelta(days=days)
        case.events.update(at=then)
        case.letters.update(written=then, status="sent")
        type(case).objects.filter(pk=case.pk).update(state=state, received=then)
        case.refresh_from_db()
        return case

    return make


def test_only_answered_and_closed_cases_are_deleted_by_age(
    store: Conversations, outbox: Outbox, aged: Callable[..., Any]
) -> None:
    from staff.cases.models import Case
    from staff.conversations import retention

    gone = [aged("answered"), aged("closed")]
    kept = [aged("new"), aged("open"), aged("closed", 729)]
    due = {rule.what: rule.count for rule in retention.preview()}
    assert due["cases"] == 2
    assert set(retention.overdue_cases()) == {kept[0], kept[1]}
    (proof,) = retention.run()
    assert (proof.what, proof.count) == ("cases", 2)
    assert set(Case.objects.all()) == set(kept)
    assert not any(Case.objects.filter(number=case.number).exists() for case in gone)


def test_a_change_or_a_mail_keeps_a_case_and_looking_at_it_does_not(
    store: Conversations, outbox: Outbox, aged: Callable[..., Any]
) -> None:
    from staff.cases import trail
    from staff.cases.models import Case, Event
    from staff.conversations import retention

    looked_at, noted, mailed = aged("closed"), aged("closed"), aged("answered")
    trail.record(looked_at, None, Event.What.OPENED)
    trail.record(looked_at, None, Event.What.EXPORTED)
    trail.record(noted, None, Event.What.NOTED)
    trail.record(mailed, None, Event.What.SENT)
    retention.run()
    assert set(Case.objects.all()) == {noted, mailed}


def test_who_looked_is_kept_for_two_years(store: Conversations, outbox: Outbox, anna: Any) -> None:
    from django.contrib.auth.models import User
    from django.utils import timezone

    from staff.conversations import retention
    from staff.conversations.models import Look

    for days in (1, 729, 731):
        look = Look.objects.create(key="k", who=User.objects.get(username="anna"), what="opened", purpose="kvalitet")
        Look.objects.filter(pk=look.pk).update(at=timezone.now() - timedelta(days=days))
    (proof,) = retention.run()
    assert (proof.what, proof.count, Look.objects.count()) == ("looks", 1, 2)


def test_the_page_says_what_is_kept_what_is_due_and_what_was_deleted(
    store: Conversations, outbox: Outbox, aged: Callable[..., Any], anna: Any, erik: Any
) -> None:
    from staff.conversations import retention

    talk(store, "old", 31)
    talk(store, "older", 32)
    waiting = aged("new")
    page = anna.get("/opbevaring/").content.decode()
    row = page[page.index("Samtaler, som de blev skrevet") :]
    assert "30 dage efter den sidste besked" in row[:200]
    assert "<td>2</td>" in row[:250]
    assert waiting.number in page
    assert "Der er ikke slettet noget endnu." in page
    assert waiting.number not in erik.get("/opbevaring/").content.decode()
    retention.run()
    page = anna.get("/opbevaring/").content.decode()
    proofs = page[page.index("De seneste sletninger") :]
    assert "<td>Samtaler, som de blev skrevet</td>" in proofs
    assert "<td>2</td>" in proofs
