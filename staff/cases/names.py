"""What pools and topics are called, from `data/`; what is no longer there goes by its id."""

from __future__ import annotations

from datetime import date, datetime, timezone

from puljeguiden import facts
from puljeguiden.danish import capitalise
from staff.cases.models import Case


def pool(name: str) -> str:
    """Return a pool's name, as a heading."""
    known = facts.current().pools.get(name)
    return capitalise(known.name) if known else name


def topic(name: str) -> str:
    """Return a topic's label."""
    known = facts.current().topics.get(name.partition(".")[0])
    return known.label if known else name


def day(text: str | None) -> date | None:
    """Return a date that was sent as text; None where it is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """Return a moment that was sent as text, in UTC unless it says otherwise; None where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def theme(case: Case) -> list[str]:
    """Return what a case is about: the topics of the answers in its conversation, each once."""
    found = (answer.get("topic", "") for line in case.transcript for answer in line.get("answers", ()))
    return list(dict.fromkeys(topic(name) for name in found if name in facts.current().topics))
