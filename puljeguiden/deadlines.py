"""What a pool's stated deadlines mean at a moment: to come, today, passed. Nothing else is computed from a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from puljeguiden import danish
from puljeguiden.facts import Round
from puljeguiden.say import Say, say

OPEN, TODAY, PASSED, UNKNOWN = "open", "today", "passed", "unknown"


@dataclass(frozen=True)
class Deadline:
    """One round at a moment. Without a year or a deadline at all, nothing is computed (`unknown`)."""

    round: Round
    state: str
    days: int | None = None


def at(entry: Round, moment: datetime) -> Deadline:
    """Return how a round stands at a moment in Danish local time.

    Without a time of day on the page, the whole day counts as the day of the deadline.
    """
    if not isinstance(entry.day, date):
        return Deadline(entry, UNKNOWN)
    days = (entry.day - moment.date()).days
    if moment > datetime.combine(entry.day, entry.at or time.max):
        return Deadline(entry, PASSED, days)
    return Deadline(entry, TODAY if days == 0 else OPEN, days)


def overall(rounds: Sequence[Round], moment: datetime) -> str:
    """Return `open`, `today`, `passed` (all of them) or `unknown` for a pool's rounds."""
    states = {at(entry, moment).state for entry in rounds}
    for state in (TODAY, OPEN, UNKNOWN):
        if state in states:
            return state
    return PASSED if states else UNKNOWN


def upcoming(rounds: Sequence[Round], moment: datetime) -> Deadline | None:
    """Return the round that can be reached next, or None."""
    found = [at(entry, moment) for entry in rounds]
    reachable = [deadline for deadline in found if deadline.state in (TODAY, OPEN)]
    return min(reachable, key=lambda deadline: (deadline.round.day, deadline.round.at or time.max), default=None)


def date_text(entry: Round) -> str:
    """Return a round's date, with its time of day where the page gives one."""
    day = danish.long_date(entry.day) if isinstance(entry.day, date) else danish.day_and_month(*entry.day)
    return f"{day} {danish.clock(entry.at)}" if entry.at else day


def sentences(rounds: Sequence[Round], moment: datetime) -> list[Say]:
    """Return what to say about a pool's deadlines: each with its date, then what follows from the moment."""
    if len(rounds) == 1:
        return _one(at(rounds[0], moment))
    said = [say("deadline_rounds", rounds=danish.join([_named(entry) for entry in rounds]))]
    if nearest := upcoming(rounds, moment):
        said += [say("deadline_next", date=date_text(nearest.round)), *_countdown(nearest)]
    elif overall(rounds, moment) == PASSED:
        said.append(say("deadline_all_passed"))
    return said + _extensions(rounds)


def _one(deadline: Deadline) -> list[Say]:
    when = date_text(deadline.round)
    if deadline.state == PASSED:
        return [say("deadline_passed", date=when), *_extensions([deadline.round])]
    if deadline.state == TODAY:
        name = "deadline_today_time" if deadline.round.at else "deadline_today"
        return [say(name, date=when), *_extensions([deadline.round])]
    if deadline.state == UNKNOWN:
        return [say("deadline_no_year", date=when), *_extensions([deadline.round])]
    return [say("deadline_open", date=when), *_countdown(deadline), *_extensions([deadline.round])]


def _countdown(deadline: Deadline) -> list[Say]:
    if deadline.days == 0:
        return [say("deadline_is_today")]
    if deadline.days == 1:
        return [say("deadline_tomorrow")]
    return [say("deadline_days", days=str(deadline.days))]


def _extensions(rounds: Sequence[Round]) -> list[Say]:
    return [
        say("deadline_extended", date=danish.long_date(entry.extended_from)) for entry in rounds if entry.extended_from
    ]


def _named(entry: Round) -> str:
    return f"{date_text(entry)} ({entry.name})" if entry.name else date_text(entry)
