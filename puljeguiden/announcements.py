"""What a website shows of a pool: its announcement as published, how it stands today, and what one can ask about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from puljeguiden import danish, deadlines
from puljeguiden.danish import squeeze
from puljeguiden.facts import STATED, Facts, Pool
from puljeguiden.say import Say, say

NO_DEADLINE = "none"

# Menu lines and what stands elsewhere on our page.
_FURNITURE = re.compile(r"»|^Gå til indhold|^\(Required\)|^Sidst opdateret|^Abonnér")
_NEW_WINDOW = re.compile(r" \(nyt vindue\)$")
_LINK = re.compile(r"^(Hent|Læs) ")

# What one may ask first, as responses; those that a page answers are offered.
_STARTERS = {
    "overview": "utter_start_overview",
    "deadline": "utter_start_deadline",
    "eligibility": "utter_start_eligibility",
    "amount": "utter_start_amount",
    "amount.recipients": "utter_start_recipients",
    "support": "utter_start_support",
    "form": "utter_start_form",
    "contact": "utter_start_contact",
    "centre": "utter_start_centre",
}
_STARTERS_SHOWN = 6


@dataclass(frozen=True)
class Block:
    """One line of an announcement. `kind` is `heading`, `text` or `link` (its address is not in our copy)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Announcement:
    """A pool as its page shows it. `state` is `open`, `today`, `passed`, `unknown` or `none` (no deadline on the page)."""

    pool: str
    name: str
    title: str
    updated: str
    state: str
    deadlines: tuple[str, ...]
    brief: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]


def announcement(facts: Facts, pool: Pool, moment: datetime) -> Announcement:
    """Return a pool's announcement as it stands at a moment."""
    rounds = pool.fact("deadline").rounds
    return Announcement(
        pool=pool.id,
        name=pool.name,
        title=pool.page.title,
        updated=danish.long_date(pool.page.updated),
        state=deadlines.overall(rounds, moment) if rounds else NO_DEADLINE,
        deadlines=tuple(deadlines.date_text(entry) for entry in rounds),
        brief=_brief(facts, pool),
        blocks=tuple(_blocks(facts.pages[pool.id], pool.page.title)),
    )


def starters(pools: Sequence[Pool]) -> list[str]:
    """Return the names of questions to begin with: those that at least one of the pools' pages answers."""
    asked = {**_STARTERS, "overview": "utter_start_overviews"} if len(pools) > 1 else _STARTERS
    answered = [name for question, name in asked.items() if any(_is_stated(pool, question) for pool in pools)]
    return answered[:_STARTERS_SHOWN]


def _is_stated(pool: Pool, question: str) -> bool:
    return pool.fact(question).state == STATED


def _brief(facts: Facts, pool: Pool) -> tuple[tuple[str, str], ...]:
    """Return what to know first, by topic: who may apply, how much, where to send it."""
    found = []
    for topic in (facts.topics[name] for name in ("eligibility", "amount", "submission")):
        stated = [pool.fact(question) for question in topic.questions() if _is_stated(pool, question)]
        found += [(topic.label, fact.text) for fact in stated[:1] if fact.text]
    return tuple(found)


def _blocks(page: str, title: str) -> list[Block]:
    """Return a page's lines, word for word, without its title, menus and form fields."""
    lines = [squeeze(line) for line in page.splitlines()]
    kept = [line for line in lines if line and line != title and not _FURNITURE.search(line)]
    return [Block(_kind(line), _NEW_WINDOW.sub("", line)) for line in kept]


def _kind(line: str) -> str:
    if _LINK.search(line):
        return "link"
    return "heading" if len(line) < 60 and not re.search(r"[.,:;!\d]$", line) else "text"


def contacts(pool: Pool) -> list[Say]:
    """Return whom one can ask about a pool, where the chat cannot be reached."""
    whom = [one.who for one in pool.contacts.values()]
    return [say("ask_about", pools=pool.name, who=danish.join(list(dict.fromkeys(whom)), "eller"))] if whom else []
