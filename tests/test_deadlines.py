"""A stated deadline is to come, today or passed; where the year or the deadline is missing, nothing is computed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from puljeguiden import deadlines
from puljeguiden.facts import Round
from puljeguiden.say import say

DAY = date(2026, 5, 1)
PLAIN, NOON = Round(DAY), Round(DAY, time(12, 0))
FIRST, SECOND = Round(date(2026, 3, 1), name="første runde"), Round(date(2026, 9, 1), time(12, 0))
NO_YEAR = Round((1, 5))
LONG_AGO, AT_NOON = datetime(2025, 1, 1), datetime(2026, 5, 1, 12, 0)
MINUTE = timedelta(minutes=1)


ONE = {
    "a year before": (PLAIN, datetime(2025, 5, 1, 9, 0), "open", 365),
    "at midnight the day before": (PLAIN, datetime(2026, 4, 30, 0, 0), "open", 1),
    "late the day before": (PLAIN, datetime(2026, 4, 30, 23, 59, 59), "open", 1),
    "on the day": (PLAIN, datetime(2026, 5, 1, 0, 0), "today", 0),
    "to the last moment of the day": (PLAIN, datetime(2026, 5, 1, 23, 59, 59, 999999), "today", 0),
    "the day after": (PLAIN, datetime(2026, 5, 2, 0, 0), "passed", -1),
    "time of day: the day before": (NOON, datetime(2026, 4, 30, 12, 1), "open", 1),
    "time of day: early on the day": (NOON, datetime(2026, 5, 1, 0, 0), "today", 0),
    "a minute before": (NOON, AT_NOON - MINUTE, "today", 0),
    "on the minute": (NOON, AT_NOON, "today", 0),
    "a minute after": (NOON, AT_NOON + MINUTE, "passed", 0),
    "time of day: the day after": (NOON, datetime(2026, 5, 2, 11, 0), "passed", -1),
    "no year: on the day": (NO_YEAR, AT_NOON, "unknown", None),
    "no year: the day after": (NO_YEAR, datetime(2026, 5, 2), "unknown", None),
}


@pytest.mark.parametrize(("entry", "moment", "state", "days"), ONE.values(), ids=list(ONE))
def test_how_a_deadline_stands(entry: Round, moment: datetime, state: str, days: int | None) -> None:
    found = deadlines.at(entry, moment)
    assert (found.round, found.state, found.days) == (entry, state, days)


SEVERAL = {
    "no deadline": ([], AT_NOON, "unknown", None),
    "before both rounds": ([FIRST, SECOND], LONG_AGO, "open", FIRST),
    "whatever the order": ([SECOND, FIRST], LONG_AGO, "open", FIRST),
    "on the first day": ([FIRST, SECOND], datetime(2026, 3, 1, 20, 0), "today", FIRST),
    "between the rounds": ([FIRST, SECOND], datetime(2026, 3, 2), "open", SECOND),
    "on the last day": ([FIRST, SECOND], datetime(2026, 9, 1, 12, 0), "today", SECOND),
    "after both rounds": ([FIRST, SECOND], datetime(2026, 9, 1, 12, 1), "passed", None),
    "same day, the earlier first": ([PLAIN, NOON], AT_NOON, "today", NOON),
    "same day, the earlier gone": ([PLAIN, NOON], AT_NOON + MINUTE, "today", PLAIN),
    "the one with a year counts": ([FIRST, NO_YEAR], LONG_AGO, "open", FIRST),
    "the one without may still come": ([FIRST, NO_YEAR], AT_NOON, "unknown", None),
    "no year": ([NO_YEAR], AT_NOON, "unknown", None),
}


@pytest.mark.parametrize(("rounds", "moment", "state", "upcoming"), SEVERAL.values(), ids=list(SEVERAL))
def test_how_several_rounds_stand(rounds: list[Round], moment: datetime, state: str, upcoming: Round | None) -> None:
    assert deadlines.overall(rounds, moment) == state
    nearest = deadlines.upcoming(rounds, moment)
    assert (nearest and nearest.round) == upcoming


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (PLAIN, "1. maj 2026"),
        (NOON, "1. maj 2026 kl. 12.00"),
        (NO_YEAR, "1. maj"),
        (Round((9, 12), time(8, 5)), "9. december kl. 08.05"),
    ],
    ids=["day", "time of day", "no year", "no year but a time"],
)
def test_a_date_is_written_as_the_page_gives_it(entry: Round, text: str) -> None:
    assert deadlines.date_text(entry) == text


WHEN, WHEN_NOON = "1. maj 2026", "1. maj 2026 kl. 12.00"
EXTENDED = Round(DAY, extended_from=date(2026, 4, 15))
LONGER = say("deadline_extended", date="15. april 2026")
ROUNDS = say("deadline_rounds", rounds="1. marts 2026 (første runde) og 1. september 2026 kl. 12.00")


SAID = {
    "a month before": (
        [PLAIN],
        datetime(2026, 4, 1),
        [say("deadline_open", date=WHEN), say("deadline_days", days="30")],
    ),
    "two days before": (
        [PLAIN],
        datetime(2026, 4, 29, 23, 59),
        [say("deadline_open", date=WHEN), say("deadline_days", days="2")],
    ),
    "the day before": (
        [PLAIN],
        datetime(2026, 4, 30, 23, 59),
        [say("deadline_open", date=WHEN), say("deadline_tomorrow")],
    ),
    "on the day": ([PLAIN], datetime(2026, 5, 1, 23, 59), [say("deadline_today", date=WHEN)]),
    "the day after": ([PLAIN], datetime(2026, 5, 2), [say("deadline_passed", date=WHEN)]),
    "a minute before": ([NOON], AT_NOON - MINUTE, [say("deadline_today_time", date=WHEN_NOON)]),
    "a minute after": ([NOON], AT_NOON + MINUTE, [say("deadline_passed", date=WHEN_NOON)]),
    "extended, before": (
        [EXTENDED],
        datetime(2026, 4, 30),
        [say("deadline_open", date=WHEN), say("deadline_tomorrow"), LONGER],
    ),
    "extended, on the day": ([EXTENDED], AT_NOON, [say("deadline_today", date=WHEN), LONGER]),
    "extended, passed": ([EXTENDED], datetime(2026, 5, 2), [say("deadline_passed", date=WHEN), LONGER]),
    "no year, on the day": ([NO_YEAR], AT_NOON, [say("deadline_no_year", date="1. maj")]),
    "no year, the day after": ([NO_YEAR], datetime(2026, 5, 2), [say("deadline_no_year", date="1. maj")]),
    "no year, extended": (
        [Round((1, 5), extended_from=date(2026, 4, 15))],
        AT_NOON,
        [say("deadline_no_year", date="1. maj"), LONGER],
    ),
    "first round today": (
        [FIRST, SECOND],
        datetime(2026, 3, 1, 8, 0),
        [ROUNDS, say("deadline_next", date="1. marts 2026"), say("deadline_is_today")],
    ),
    "second round tomorrow": (
        [FIRST, SECOND],
        datetime(2026, 8, 31),
        [ROUNDS, say("deadline_next", date="1. september 2026 kl. 12.00"), say("deadline_tomorrow")],
    ),
    "both rounds passed": ([FIRST, SECOND], datetime(2026, 9, 1, 12, 1), [ROUNDS, say("deadline_all_passed")]),
    "no year beside one that passed": (
        [NO_YEAR, EXTENDED],
        datetime(2026, 5, 2),
        [say("deadline_rounds", rounds="1. maj og 1. maj 2026"), LONGER],
    ),
}


@pytest.mark.parametrize(("rounds", "moment", "said"), SAID.values(), ids=list(SAID))
def test_what_is_said_of_deadlines(rounds: list[Round], moment: datetime, said: list) -> None:
    assert deadlines.sentences(rounds, moment) == said


@pytest.mark.parametrize("moment", [LONG_AGO, AT_NOON, datetime(2030, 1, 1)], ids=str)
def test_nothing_is_computed_without_a_year(moment: datetime) -> None:
    assert deadlines.sentences([NO_YEAR], moment) == deadlines.sentences([NO_YEAR], AT_NOON)
    assert {one.response for one in deadlines.sentences([NO_YEAR, Round((1, 9))], moment)} == {"utter_deadline_rounds"}
