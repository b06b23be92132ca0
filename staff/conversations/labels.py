"""What statuses, topics, marks and purposes are called on the pages."""

from __future__ import annotations

from django.db.models import TextChoices

from puljeguiden import facts
from staff.cases import names


class Status(TextChoices):
    """What kind of answer it was (docs/contract.md); what a reviewer should look at stands first."""

    ERROR = "error", "Fejl"
    NOT_UNDERSTOOD = "not_understood", "Ikke forstået"
    HANDOFF = "handoff", "Sendt videre"
    NOT_STATED = "not_stated", "Fremgår ikke af opslaget"
    CLARIFY = "clarify", "Spurgte tilbage"
    OUT_OF_SCOPE = "out_of_scope", "Uden for puljerne"
    STATED = "stated", "Besvaret"
    CHITCHAT = "chitchat", "Småsnak"


class OtherTopic(TextChoices):
    """Topics that are no question about a pool, so that `data/topics.yml` has no name for them."""

    HANDOFF = "handoff", "Kontakt med en person"
    CHITCHAT = "chitchat", "Småsnak"
    OUT_OF_SCOPE = "out_of_scope", "Uden for puljerne"
    PASSAGE = "passage", "Citat fra opslaget"
    CONCERN = "concern", "Bekymring"
    UNKNOWN = "unknown", "Ukendt emne"


class Mark(TextChoices):
    """What can be said of a conversation at a glance, and searched for."""

    DOWN = "down", "Tommel ned"
    REASON = "reason", "Tommel ned med begrundelse"
    CASE = "case", "Sendt videre som sag"
    REPEATED = "repeated", "Samme spørgsmål igen"
    LOW = "low", "Usikkert gæt"


class Purpose(TextChoices):
    """Why somebody opens a conversation."""

    QUALITY = "quality", "Kvalitet: se, om svarene er gode nok"
    TRAINING = "training", "Træning: finde eksempler, som Puljeguiden kan lære af"
    REQUEST = "request", "Henvendelse: nogen har spurgt til samtalen"


class Window(TextChoices):
    """How many days an overview is about."""

    WEEK = "7", "7 dage"
    MONTH = "30", "30 dage"
    QUARTER = "90", "90 dage"
    YEAR = "365", "Et år"


def status(name: str) -> str:
    """Return a status as people read it."""
    return str(dict(Status.choices).get(name, name))


def topic(name: str) -> str:
    """Return a topic as people read it."""
    return str(dict(OtherTopic.choices).get(name, names.topic(name)))


def topics() -> list[tuple[str, str]]:
    """Return all topics, as choices."""
    known = [(name, topic.label) for name, topic in facts.current().topics.items()]
    return sorted(known, key=lambda choice: choice[1]) + list(OtherTopic.choices)


def pools() -> list[tuple[str, str]]:
    """Return all pools, as choices."""
    return [(name, names.pool(name)) for name in facts.current().pools]


def worst(statuses: list[str]) -> str:
    """Return the status that a reviewer should look at first; an empty text for none."""
    order = list(Status.values)
    return min(statuses, key=lambda name: order.index(name) if name in order else 0, default="")
