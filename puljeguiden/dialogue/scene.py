"""What a decision is made from and what it results in: turn, context, scene, reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from puljeguiden.answers import Answer
from puljeguiden.facts import Facts
from puljeguiden.handoff import Form, Privacy
from puljeguiden.mentions import Mentions, find
from puljeguiden.say import Say

_UNCONFIGURED = Privacy()
CLARIFY, HANDOFF, NOT_UNDERSTOOD = "clarify", "handoff", "not_understood"
FALLBACK = "nlu_fallback"
"""The intent of what was not understood."""


@dataclass(frozen=True)
class Part:
    """One question of a message as the model understood it."""

    text: str
    intent: str
    confidence: float = 1.0
    guesses: Sequence[str] = ()
    """Where it was not understood: the questions it may have been."""


@dataclass(frozen=True)
class Turn:
    """A message: the whole text, its parts, and the pool whose page the visitor is on."""

    text: str
    parts: tuple[Part, ...]
    page_pool: str | None = None
    cpr_removed: bool = False
    pressed: str = ""
    """The name of the button whose title the message is."""


@dataclass(frozen=True)
class Question:
    """A question the visitor has asked, in their own words."""

    text: str
    about: str = ""
    """What it is about, as `topic` or `topic.aspect`; empty where it was not understood."""
    pools: tuple[str, ...] = ()
    """The pools whose pages do not answer it, or that were spoken of."""
    answered: bool = False
    """True where a page answers it: then it is not offered to a person."""


@dataclass(frozen=True)
class Context:
    """What a conversation remembers from turn to turn."""

    pools: tuple[str, ...] = ()
    """The pools spoken of, where the visitor named them or chose."""
    page_pool: str | None = None
    questions: tuple[str, ...] = ()
    """The questions last answered."""
    pending: tuple[str, ...] = ()
    """Questions that wait until the visitor says which pool is meant."""
    shown: tuple[str, ...] = ()
    """The pools of the last reply, in its order."""
    listed: tuple[str, ...] = ()
    """The pools of the last reply that held several: what «den første» counts in."""
    seen: tuple[str, ...] = ()
    """The pools that have been answered for alone, as they came up: «den første» where none were listed."""
    said: tuple[tuple[str, str], ...] = ()
    """(pool, question) of the last answers: what «hvor står det?» is about."""
    passage: tuple[str, str] | None = None
    """(pool, sentence) where the last answer was a quoted passage."""
    offer: str = ""
    """What the last reply offered: `person` (to send the question on), `source` (the page's words), or `help` (in worry).
    After a case was made: `sent`."""
    worry: str = ""
    """The kind of worry about somebody that the conversation is about (`radicalisation`, `danger`, `suicide`)."""
    guesses: tuple[str, ...] = ()
    """The questions the visitor was asked to choose from."""
    digest: int = 0
    """Of what was said last: the same question is not answered twice in the same words."""
    asked: tuple[Question, ...] = ()
    """The last questions of the visitor, the latest last: what a case's question is taken from."""
    request: str = ""
    """The message that asked for a person, while it waits until the visitor says which pool is meant."""
    me: tuple[str | None, ...] = ()
    """What the visitor has told of themselves: name, organisation, e-mail."""
    sent: tuple[str, ...] = ()
    """The number of the case just made, and the contacts it goes to."""

    def as_dict(self) -> dict[str, Any]:
        """Return what differs from a fresh conversation, as plain data for a slot."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any] | None, facts: Facts) -> Context:
        """Return the context a slot holds; pools that are no longer there are forgotten."""
        stored = stored or {}

        def known(names: Any) -> tuple[str, ...]:
            return tuple(name for name in names or () if name in facts.pools)

        passage = stored.get("passage")
        return cls(
            pools=known(stored.get("pools")),
            page_pool=stored.get("page_pool"),
            questions=tuple(stored.get("questions", ())),
            pending=tuple(stored.get("pending", ())),
            shown=known(stored.get("shown")),
            listed=known(stored.get("listed")),
            seen=known(stored.get("seen")),
            said=tuple((pool, question) for pool, question in stored.get("said", ()) if pool in facts.pools),
            passage=(passage[0], passage[1]) if passage and passage[0] in facts.pools else None,
            offer=str(stored.get("offer", "")),
            worry=str(stored.get("worry", "")),
            guesses=tuple(stored.get("guesses", ())),
            digest=int(stored.get("digest", 0)),
            asked=_questions(stored, facts),
            request=str(stored.get("request", "")),
            me=tuple(stored.get("me", ())),
            sent=tuple(stored.get("sent", ())),
        )


def _questions(stored: Mapping[str, Any], facts: Facts) -> tuple[Question, ...]:
    """Return the questions a slot holds; a conversation from before several were remembered has one, as text."""
    asked = stored.get("asked") or ()
    if isinstance(asked, str):
        return (Question(asked, str(stored.get("about", ""))),)
    return tuple(
        Question(
            str(one["text"]),
            str(one.get("about", "")),
            tuple(pool for pool in one.get("pools", ()) if pool in facts.pools),
            bool(one.get("answered")),
        )
        for one in asked
    )


@dataclass(frozen=True)
class Reply:
    """What to say, the answers it consists of, the buttons under it, and the conversation's new context.

    `form` is the form that goes on after this reply, or that it opens; `case` tells of one that was stored.
    """

    says: tuple[Say, ...]
    answers: tuple[Answer, ...]
    context: Context
    buttons: tuple[Say, ...] = ()
    form: Form | None = None
    case: dict[str, Any] | None = None


@dataclass(frozen=True)
class Scene:
    """All that a decision is made from."""

    turn: Turn
    context: Context
    facts: Facts
    moment: datetime
    mentions: Mentions
    privacy: Privacy = _UNCONFIGURED

    def open_questions(self) -> tuple[str, ...]:
        """Return the questions that wait for a pool, or else those last answered."""
        return self.context.pending or self.context.questions

    def part_mentions(self, part: Part) -> Mentions:
        """Return what one part of the message mentions."""
        return find(part.text, self.facts)

    def in_list(self) -> tuple[str, ...]:
        """Return the pools in the order that «den første» counts in: as last listed, else as they came up."""
        return self.context.listed or tuple(dict.fromkeys([*self.context.seen, *self.facts.pools]))
