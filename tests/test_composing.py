"""Several answers become one reply: plain for one pool, under headings for several, and nothing twice."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from puljeguiden.answers import Answer, Asked, answer
from puljeguiden.composing import compose
from puljeguiden.facts import Facts
from puljeguiden.say import Say, say
from tests.conftest import NOW
from tests.invented import invent

B, H = "udsatte-boligomraader", "kommunale-handlingsplaner"
BOTH = (B, H)
HEADING_B, HEADING_H = (
    say("pool_heading", pool="Udsatte boligområder"),
    say("pool_heading", pool="Kommunale handlingsplaner"),
)
TWO_PAGES = say("no_page", count="to")
SAME = (say("fact", text="Kommuner kan søge."),)
PASSED = (say("note_passed", date="1. maj 2026"),)


def rows(facts: Facts, questions: str, pools: tuple[str, ...] = BOTH, moment: datetime = NOW) -> list[list[Answer]]:
    return [
        [answer(facts, facts.pools[pool], Asked(question), moment) for pool in pools] for question in questions.split()
    ]


def row(**values: object) -> list[Answer]:
    """Return the same invented answer for both pools."""
    given = {"topic": "eligibility", "status": "stated", "says": SAME, "question": "eligibility", **values}
    return [Answer(pool, **given) for pool in BOTH]


def names(said: list[Say]) -> list[str]:
    return [one.response.removeprefix("utter_") for one in said]


ONE_POOL = {
    "a fact": (B, "purpose", ["fact"]),
    "a fact with its note": (H, "eligibility", ["fact", "note_passed"]),
    "silence, and whom to ask": (H, "budget", ["not_stated_budget", "ask"]),
    "two facts, one note": (H, "eligibility submission", ["fact", "fact", "note_passed"]),
    "the deadline makes the note superfluous": (H, "eligibility deadline", ["fact", "deadline_passed"]),
    "so does the status": (H, "submission status", ["fact", "status_closed"]),
    "no deadline needs the note": (B, "eligibility deadline", ["fact", "not_stated_deadline", "note_undated", "ask"]),
    "two silences, one to ask": (H, "budget complaint", ["not_stated_budget", "not_stated_complaint", "ask"]),
    "two silences, two to ask": (H, "budget criteria", ["not_stated_budget", "not_stated_criteria", "ask", "ask"]),
    "the same fact twice": (H, "deadline deadline", ["deadline_passed"]),
}


@pytest.mark.parametrize(("pool", "questions", "said"), ONE_POOL.values(), ids=list(ONE_POOL))
def test_one_pool_is_answered_plainly(facts: Facts, pool: str, questions: str, said: list[str]) -> None:
    assert names(compose(facts, rows(facts, questions, (pool,)))) == said


TWO_POOLS = {
    "facts": ("purpose", [HEADING_B, "fact", HEADING_H, "fact"]),
    "facts and notes": ("eligibility", [HEADING_B, "fact", "note_undated", HEADING_H, "fact", "note_passed"]),
    "one stated, one silent": (
        "deadline",
        [HEADING_B, "not_stated_deadline", "note_undated", "ask", HEADING_H, "deadline_passed"],
    ),
    "two questions under one heading": ("purpose partner", [HEADING_B, "fact", "fact", HEADING_H, "fact", "fact"]),
    "both silent": ("budget", ["not_stated_budget", "ask_about", "ask_about"]),
    "silence first, then the headings": (
        "purpose budget",
        ["not_stated_budget", "ask_about", "ask_about", HEADING_B, "fact", HEADING_H, "fact"],
    ),
}


@pytest.mark.parametrize(("questions", "said"), TWO_POOLS.values(), ids=list(TWO_POOLS))
def test_two_pools_stand_under_headings_in_their_order(facts: Facts, questions: str, said: list) -> None:
    found = compose(facts, rows(facts, questions))
    assert names(found) == [one.response.removeprefix("utter_") if isinstance(one, Say) else one for one in said]
    assert [one for one in found if one.response == "utter_pool_heading"] == [
        one for one in said if isinstance(one, Say)
    ]


def test_silent_pages_share_one_sentence_and_say_whom_to_ask_about_which(facts: Facts) -> None:
    first, *asks = compose(facts, rows(facts, "budget"))
    assert first == say("not_stated_budget", page=TWO_PAGES)
    assert [one.values["pools"] for one in asks] == ["udsatte boligområder", "kommunale handlingsplaner"]
    assert [one.values["who"] for one in asks] == [facts.pools[pool].contacts["admin"].who for pool in BOTH]


def test_pages_that_point_to_the_same_people_do_so_once(facts: Facts) -> None:
    found = compose(facts, [row(status="not_stated", question="budget", silent=True, ask="Anna")])
    both = "udsatte boligområder og kommunale handlingsplaner"
    assert found == [say("not_stated_budget", page=TWO_PAGES), say("ask_about", pools=both, who="Anna")]


def test_three_silent_pages_are_counted(data_dir: Path) -> None:
    known = invent(data_dir, "skolehaver", [], {})
    found = compose(known, rows(known, "budget", (*BOTH, "skolehaver")))
    assert found[0] == say("not_stated_budget", page=say("no_page", count="tre"))
    assert len(found) == 3


def test_identical_answers_are_said_once_and_without_headings(facts: Facts) -> None:
    assert compose(facts, rows(facts, "centre")) == list(rows(facts, "centre")[0][0].says)
    assert compose(facts, [row()]) == list(SAME)


def test_what_identical_answers_say_about_the_deadline_is_not_lost(facts: Facts) -> None:
    assert compose(facts, [row(notes=PASSED)]) == [*SAME, *PASSED]


def test_whom_to_ask_is_not_lost_where_two_pages_say_the_same(facts: Facts) -> None:
    found = compose(facts, [row(status="not_stated", ask="Anna")])
    assert found[0] == SAME[0]
    assert any("Anna" in one.values.values() for one in found)


def test_that_silent_pages_are_old_is_not_lost(facts: Facts) -> None:
    old = (say("note_undated_updated", updated="1. maj 2017"),)
    found = compose(facts, [row(topic="deadline", status="not_stated", question="deadline", silent=True, notes=old)])
    assert old[0] in found


def test_identical_sentences_with_different_notes_stand_apart(facts: Facts) -> None:
    one, other = row(notes=PASSED)[0], row()[1]
    assert compose(facts, [[one, other]]) == [HEADING_B, *SAME, *PASSED, HEADING_H, *SAME]


@pytest.mark.parametrize("pools", [(B,), (H,), BOTH], ids=["boligområder", "handlingsplaner", "both"])
@pytest.mark.parametrize(
    "questions",
    [
        "budget complaint",
        "budget reporting cofinancing",
        "criteria reply_time",
        "centre centre",
        "eligibility form submission",
        "amount amount.per_applicant",
        "deadline deadline.time status",
        "overview deadline eligibility",
        "contact contact.address",
    ],
)
def test_nothing_is_said_twice_of_one_pool(facts: Facts, questions: str, pools: tuple[str, ...]) -> None:
    under = ""
    counted: Counter[tuple[str, str]] = Counter()
    for one in compose(facts, rows(facts, questions, pools)):
        under = str(one.values["pool"]) if one.response == "utter_pool_heading" else under
        counted[under, repr(one)] += 1
    assert [what for what, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("questions", ["status deadline", "deadline status", "overview status"])
def test_a_bare_no_is_never_left_without_its_reason(facts: Facts, questions: str) -> None:
    said = names(compose(facts, rows(facts, questions, (H,))))
    assert said.count("status_closed") == 1
