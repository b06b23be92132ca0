"""What trainers can learn from: proposals, and messages that were not understood, guessed unsurely, or answered badly.

A message that somebody has dealt with has a proposal that is no longer new; there is no other list of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from rapidfuzz import fuzz, process

from puljeguiden.danish import fold
from staff.conversations.attention import LOW_MARGIN
from staff.conversations.masked import HIDDEN
from staff.conversations.models import Answer, Proposal, Turn

NEWEST = 300
"""So many messages are looked at, so that a page is quick however much is in the log."""
_WITHIN = timedelta(days=90)
_ALIKE = 72
_SURE = 0.9
_UNKNOWN = ("", "unknown", "nlu_fallback")

PROPOSED, DOWN, NOT_UNDERSTOOD, UNSURE = "proposed", "down", "not_understood", "unsure"
KNOWN, STANDS, WORTH = "known", "stands", "worth"
"""What adding a message would do: little, as the guess is right and sure; nothing, as it is an example; something."""


@dataclass
class Item:
    """One message. `key` names it in forms: «p12» is a proposal, «t345» a turn."""

    key: str
    text: str
    why: list[str]
    at: datetime
    guess: str = ""
    confidence: float | None = None
    topic: str = ""
    pool: str = ""
    use: str = Proposal.Use.EXAMPLE
    before: str = ""
    conversation: str = ""
    number: int = 0
    advice: str = WORTH

    @property
    def percent(self) -> int | None:
        """Return how sure the guess was."""
        return None if self.confidence is None else round(100 * self.confidence)


@dataclass
class Group:
    """Messages that are alike, the one that most resemble first."""

    items: list[Item] = field(default_factory=list)

    @property
    def first(self) -> Item:
        return self.items[0]

    @property
    def worth(self) -> int:
        """Return how many of them are worth adding."""
        return sum(item.advice == WORTH for item in self.items)

    @property
    def topic(self) -> str:
        """Return what a reviewer said it is about, or else what the assistant guessed."""
        said = [item.topic for item in self.items if item.topic not in _UNKNOWN]
        return said[0] if said else ""


def groups(examples: Collection[str] = ()) -> list[Group]:
    """Return what waits, alike beside alike; first those from which most is to be learnt.

    Args:
        examples: what the assistant learns from already, as `plain` has it.
    """
    found = waiting()
    for item in found:
        item.advice = _advice(item, examples)
    return sorted(_alike(found), key=lambda group: (-group.worth, -len(group.items), -group.first.at.timestamp()))


def waiting() -> list[Item]:
    """Return the newest messages nobody has dealt with, each text once."""
    once: dict[tuple[str, str], Item] = {}
    for item in _everything():
        once.setdefault(_same(item), item)
    return list(once.values())


def _same(item: Item) -> tuple[str, str]:
    return plain(item.text), item.use


def _everything() -> list[Item]:
    proposals = Proposal.objects.filter(state=Proposal.State.NEW).select_related("turn__conversation")[:NEWEST]
    return [*(_from_proposal(one) for one in proposals), *(_from_turn(one) for one in _turns())][:NEWEST]


def items(keys: Iterable[str]) -> list[Item]:
    """Return the messages that a form names; those that were dealt with meanwhile are left out."""
    chosen = list(dict.fromkeys(keys))[:NEWEST]
    ids = {kind: [int(key[1:]) for key in chosen if re.fullmatch(rf"{kind}\d{{1,15}}", key)] for kind in "pt"}
    new = Proposal.objects.filter(pk__in=ids["p"], state=Proposal.State.NEW).select_related("turn__conversation")
    turns = _with_answers(Turn.objects.filter(pk__in=ids["t"]).exclude(_dealt_with()))
    found = [replace(_from_proposal(one), before=_before(one.turn)) for one in new]
    found += [replace(_from_turn(one), before=_before(one)) for one in turns]
    return sorted(found, key=lambda item: chosen.index(item.key))


def _before(turn: Turn | None) -> str:
    """Return what the visitor wrote before a message."""
    if turn is None:
        return ""
    earlier = Turn.objects.filter(conversation=turn.conversation_id, number=turn.number - 1)
    text = earlier.values_list("question", flat=True).first() or ""
    return "" if text in HIDDEN.values() else text


def settle(found: Sequence[Item], state: Proposal.State, author: User) -> list[int]:
    """Write down that messages were dealt with, and all the same ones that wait; return the proposals' ids."""
    texts = {_same(item) for item in found}
    same = [item for item in [*found, *_everything()] if _same(item) in texts]
    settled = []
    for item in {item.key: item for item in same}.values():
        number = int(item.key[1:])
        if item.key.startswith("p"):
            Proposal.objects.filter(pk=number).update(state=state)
        else:
            content = {"text": item.text, "topic": item.topic, "pool": item.pool, "author": author, "state": state}
            use = Proposal.Use.EXAMPLE
            number = Proposal.objects.update_or_create(use=use, turn_id=number, defaults=content)[0].pk
        settled.append(number)
    return settled


def reopen(proposals: Sequence[int]) -> None:
    """Let proposals wait again whose draft was thrown away."""
    Proposal.objects.filter(pk__in=proposals, state=Proposal.State.TAKEN).update(state=Proposal.State.NEW)


def plain(text: str) -> str:
    """Return what makes two messages the same."""
    return " ".join(re.findall(r"\w+", fold(text)))


def _dealt_with() -> Q:
    return Q(Exists(Proposal.objects.filter(turn=OuterRef("pk"))))


def _turns() -> list[Turn]:
    failed = Answer.objects.filter(turn=OuterRef("pk"), status="not_understood")
    doubtful = Q(useful=False) | Q(margin__lt=LOW_MARGIN) | Q(Exists(failed))
    found = Turn.objects.filter(doubtful, at__gte=timezone.now() - _WITHIN).exclude(_dealt_with())
    found = found.exclude(question__in=HIDDEN.values()).exclude(question="").order_by("-event")
    return _with_answers(found[:NEWEST])


def _with_answers(turns: QuerySet[Turn]) -> list[Turn]:
    return list(turns.select_related("conversation").prefetch_related("answers"))


def _from_turn(turn: Turn) -> Item:
    answers = list(turn.answers.all())
    failed = any(one.status == "not_understood" for one in answers)
    why = [DOWN] if turn.useful is False else []
    why += [NOT_UNDERSTOOD] if failed else []
    why += [UNSURE] if turn.margin is not None and turn.margin < LOW_MARGIN else []
    pool = answers[0].pool if answers else ""
    item = Item(f"t{turn.pk}", turn.question, why, turn.at, turn.intent, turn.confidence, pool=pool)
    return replace(item, conversation=turn.conversation.key, number=turn.number)


def _from_proposal(proposal: Proposal) -> Item:
    turn = proposal.turn
    return Item(
        f"p{proposal.pk}",
        proposal.text,
        [PROPOSED],
        proposal.made,
        turn.intent if turn else "",
        turn.confidence if turn else None,
        proposal.topic,
        proposal.pool,
        proposal.use,
        conversation=turn.conversation.key if turn else "",
        number=turn.number if turn else 0,
    )


def _advice(item: Item, examples: Collection[str]) -> str:
    if plain(item.text) in examples:
        return STANDS
    sure = item.confidence is not None and item.confidence >= _SURE
    right = item.topic.partition(".")[0] == item.guess.partition(".")[0]
    return KNOWN if sure and right and item.why == [PROPOSED] else WORTH


def _alike(found: Sequence[Item]) -> list[Group]:
    """Return messages in groups: each goes to the group whose first message it is like, or begins one."""
    made: list[Group] = []
    firsts: list[str] = []
    for item in found:
        text = plain(item.text)
        best = process.extractOne(text, firsts, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
        if best:
            made[best[2]].items.append(item)
        else:
            made.append(Group([item]))
            firsts.append(text)
    return made
