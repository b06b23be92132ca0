"""Points to people and places: contacts, the centre, help in danger. Nothing is judged here, only who can help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from puljeguiden.facts import Facts, Pool, Source
from puljeguiden.say import Say, say


@dataclass(frozen=True)
class Sign:
    """What to say, and for which pools (or none), with the sentences that name the people."""

    topic: str
    says: tuple[Say, ...]
    answers: tuple[tuple[str | None, tuple[Source, ...]], ...]
    question: str
    """The question about whoever is pointed to: what «har de et nummer?» goes on from."""


def concern(facts: Facts, kind: str) -> Sign:
    """Return the fixed text for worry (`radicalisation`), `danger` or `suicide`, or for what follows on it."""
    lines = facts.help_lines
    said = say(
        f"concern_{kind}",
        emergency=lines["emergency"]["number"],
        centre=lines["radicalisation"]["name"],
        site=lines["radicalisation"]["site"],
        lifeline=lines["suicide"]["name"],
        lifeline_number=lines["suicide"]["number"],
    )
    return Sign("concern", (said,), ((None, ()),), "centre")


def advice(facts: Facts, pools: Sequence[str]) -> Sign:
    """Return who answers a subject-matter question: the centre, and the pool's own contacts where one is named."""
    line = facts.help_lines["radicalisation"]
    said = [say("handoff_advice", centre=line["name"], site=line["site"])]
    answers: list[tuple[str | None, tuple[Source, ...]]] = []
    for pool in (facts.pools[name] for name in pools):
        contact = pool.contacts.get("subject")
        if contact and line["name"] not in contact.who:
            said.append(say("ask_about", pools=pool.name, who=contact.who))
            answers.append((pool.id, _proof(pool, ("subject",))))
    return Sign("handoff", tuple(said), tuple(answers) or ((None, ()),), "centre")


def _proof(pool: Pool, kinds: Sequence[str]) -> tuple[Source, ...]:
    found = [
        source for kind in kinds if kind in pool.contacts for source in pool.fact(pool.contacts[kind].fact).sources
    ]
    return tuple(dict.fromkeys(found))
