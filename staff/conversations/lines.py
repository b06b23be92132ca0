"""What a list shows of each conversation, gathered for a whole page at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from staff.cases import names
from staff.conversations import labels, search
from staff.conversations.models import Answer, Conversation, Turn


@dataclass
class Line:
    """A conversation in the list."""

    conversation: Conversation
    question: str = ""
    pools: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    worst: str = ""
    worst_label: str = ""
    marks: list[str] = field(default_factory=list)


def lines(conversations: Iterable[Conversation]) -> list[Line]:
    """Return the list's lines, in the order of the conversations."""
    found = {conversation.pk: Line(conversation) for conversation in conversations}
    turns = defaultdict(list)
    for turn in Turn.objects.filter(conversation__in=found).defer("question", "reply"):
        turns[turn.conversation_id].append(turn)
    first = {id_: own[0].pk for id_, own in turns.items()}
    questions = dict(Turn.objects.filter(pk__in=first.values()).values_list("conversation", "question"))
    answers = defaultdict(list)
    asked = Answer.objects.filter(turn__conversation__in=found).order_by("turn", "id")
    for id_, *answer in asked.values_list("turn__conversation", "pool", "topic", "status"):
        answers[id_].append(answer)
    pool_name, topic_name = cache(names.pool), cache(labels.topic)  # they look at the files of `data/` each time
    for id_, line in found.items():
        line.question = questions.get(id_, "")
        line.pools = _each(pool_name(pool) for pool, _, _ in answers[id_] if pool)
        line.topics = _each(topic_name(topic) for _, topic, _ in answers[id_])
        line.worst = labels.worst([status for _, _, status in answers[id_]])
        line.worst_label = labels.status(line.worst)
        line.marks = _marks(turns[id_])
    return list(found.values())


def _marks(turns: list[Turn]) -> list[str]:
    held = {mark for turn in turns for mark in search.marks(turn)}
    if labels.Mark.REASON in held:
        held.discard(labels.Mark.DOWN)
    return [str(label) for mark, label in labels.Mark.choices if mark in held]


def _each(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
