"""The questions that visitors have asked lately, masked: a new model's answers to them are compared with the old one's."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.utils import timezone

from puljeguiden import jobs
from puljeguiden.evaluation.questions import Question
from staff.conversations.masked import HIDDEN
from staff.conversations.models import Turn

MOST = 200
_LOOKED_AT = 5 * MOST
_EARLIER = 2


def recent() -> list[Question]:
    """Return the latest questions of the last days, each once, with what was asked just before it.

    What somebody typed into the form is left out: it is hidden, and no question.
    """
    since = timezone.now() - timedelta(days=jobs.ASKED_DAYS)
    turns = list(
        Turn.objects.filter(at__gte=since)
        .order_by("-at", "-event")
        .values_list("conversation", "number", "question")[:_LOOKED_AT]
    )
    asked: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for conversation, number, question in turns:
        asked[conversation][number] = question
    found: dict[Question, None] = {}
    for conversation, number, question in turns:
        said = asked[conversation]
        earlier = tuple(said[one] for one in range(number - _EARLIER, number) if one in said)
        if not {question, *earlier} & {*HIDDEN.values(), ""}:
            found.setdefault(Question(question, earlier))
        if len(found) == MOST:
            break
    return list(found)
