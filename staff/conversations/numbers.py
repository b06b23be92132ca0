"""Counts what happened in a period, for one pool or all. A handful of queries, each over an index by time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet
from django.db.models.functions import Lower, TruncDate
from django.utils import timezone

from staff.cases import names
from staff.conversations import labels, search, versions
from staff.conversations.labels import Status
from staff.conversations.models import Answer, Conversation, Turn

SHARES = (Status.STATED, Status.NOT_STATED, Status.HANDOFF, Status.NOT_UNDERSTOOD)
"""The four outcomes that public chatbots report. What is no question (small talk, asking back) counts in none."""
_UNANSWERED = (Status.NOT_STATED, Status.NOT_UNDERSTOOD, Status.ERROR)
_STEP = 10
"""Response times are told apart by so many milliseconds."""
_MOST = 12


@dataclass(frozen=True)
class Scope:
    """What is counted."""

    since: datetime
    until: datetime
    pool: str = ""

    def turns(self) -> QuerySet[Turn]:
        """Return the turns, in no order."""
        found = Turn.objects.filter(at__gte=self.since, at__lt=self.until).order_by()
        if not self.pool:
            return found
        return found.filter(Exists(Answer.objects.filter(turn=OuterRef("pk"), pool=self.pool)))

    def answers(self) -> QuerySet[Answer]:
        """Return the answers, in no order."""
        found = Answer.objects.filter(turn__at__gte=self.since, turn__at__lt=self.until).order_by()
        return found.filter(pool=self.pool) if self.pool else found

    def days(self) -> list[date]:
        """Return the days."""
        first, last = timezone.localdate(self.since), timezone.localdate(self.until - timedelta(microseconds=1))
        return [first + timedelta(days=day) for day in range((last - first).days + 1)]


def conversations(scope: Scope) -> list[tuple[date, int]]:
    """Return how many conversations there were each day, by when they ended."""
    found = Conversation.objects.filter(latest__gte=scope.since, latest__lt=scope.until).order_by()
    if scope.pool:
        found = search.matching(found, search.query("", [search.answer_tag(scope.pool)]))
    counts = dict(found.annotate(day=TruncDate("latest")).values_list("day").annotate(n=Count("pk")))
    return [(day, counts.get(day, 0)) for day in scope.days()]


def kinds(scope: Scope) -> Counter[tuple[str, str, str]]:
    """Return how many answers there were by pool, topic and status: what most of the page is worked out from."""
    rows = scope.answers().values_list("pool", "topic", "status").annotate(n=Count("pk"))
    return Counter({(pool, topic, status): n for pool, topic, status, n in rows})


def topics(found: Counter[tuple[str, str, str]]) -> list[tuple[str, str, int]]:
    """Return the topics most asked about: id, label, count."""
    counts = Counter[str]()
    for (_, topic, _), n in found.items():
        counts[topic.partition(".")[0]] += n
    return [(topic, labels.topic(topic), n) for topic, n in counts.most_common(_MOST)]


def shares(counts: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    """Return the four shares of statuses and their counts, with percentages of the four."""
    found = Counter[str]()
    for status, n in counts:
        found[status] += n
    whole = sum(found[status] for status in SHARES)
    return [
        {
            "status": status.value,
            "label": status.label,
            "count": found[status],
            "percent": percent(found[status], whole),
        }
        for status in SHARES
    ]


def pools(found: Counter[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Return the shares of each pool, the most asked about first."""
    by_pool: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (pool, _, status), n in found.items():
        by_pool[pool].append((status, n))
    rows = [
        {"pool": pool, "label": names.pool(pool), "count": sum(n for _, n in counts), "shares": shares(counts)}
        for pool, counts in by_pool.items()
    ]
    return sorted(rows, key=lambda row: -row["count"])


def feedback(turns: QuerySet[Turn]) -> dict[str, int]:
    """Return how many answers visitors found useful, and how many not."""
    counts = dict(turns.exclude(useful=None).values_list("useful").annotate(n=Count("pk")))
    up, down = counts.get(True, 0), counts.get(False, 0)
    return {"up": up, "down": down, "percent": percent(up, up + down)}


def times(scope: Scope) -> tuple[list[tuple[date, int | None, int | None]], int | None, int | None]:
    """Return median and 95th percentile of the response time in milliseconds: day by day, and of the whole."""
    found = scope.turns().exclude(milliseconds=None).annotate(day=TruncDate("at"), step=F("milliseconds") / _STEP)
    by_day: dict[date, Counter[int]] = defaultdict(Counter)
    for day, step, n in found.values_list("day", "step").annotate(n=Count("pk")):
        by_day[day][int(step) * _STEP] += n
    whole = sum(by_day.values(), Counter[int]())
    days = [(day, percentile(by_day[day], 0.5), percentile(by_day[day], 0.95)) for day in scope.days()]
    return days, percentile(whole, 0.5), percentile(whole, 0.95)


def unanswered(scope: Scope) -> list[dict[str, Any]]:
    """Return the messages that most often got no answer, with the newest one's answer."""
    wanted = scope.answers().filter(status__in=_UNANSWERED)
    rows = wanted.annotate(text=Lower("turn__question")).values("text").annotate(n=Count("turn"), newest=Max("pk"))
    best = list(rows.order_by("-n", "-newest")[:_MOST])
    newest = Answer.objects.select_related("turn").in_bulk([row["newest"] for row in best])
    return [
        {
            "question": newest[row["newest"]].turn.question,
            "count": row["n"],
            "topic": labels.topic(newest[row["newest"]].topic),
            "status": newest[row["newest"]].status,
            "label": labels.status(newest[row["newest"]].status),
        }
        for row in best
    ]


def change(scope: Scope) -> dict[str, Any] | None:
    """Return shares and thumbs of the newest model and of the one before it; None where there was only one."""
    newest = Turn.objects.exclude(model="").order_by("-event").values_list("model", flat=True).first()
    first = versions.first_turn(newest) if newest else None
    last = Turn.objects.filter(event__lt=first.event).exclude(model="").order_by("-event").first() if first else None
    if not (first and last):
        return None
    length = scope.until - scope.since
    before = Scope(first.at - length, first.at, scope.pool)
    after = Scope(first.at, max(scope.until, first.at), scope.pool)
    return {
        "since": first.at,
        "models": [_model(before, last.model), _model(after, first.model)],
    }


def _model(scope: Scope, model: str) -> dict[str, Any]:
    statuses = scope.answers().filter(turn__model=model).values_list("status").annotate(n=Count("pk"))
    counts = list(statuses)
    return {
        "model": model,
        "count": sum(n for _, n in counts),
        "shares": shares(counts),
        "feedback": feedback(scope.turns().filter(model=model)),
    }


def percentile(counts: Counter[int], share: float) -> int | None:
    """Return the value that a share of all values do not exceed; None where there is none."""
    left = share * sum(counts.values())
    for value in sorted(counts):
        left -= counts[value]
        if left <= 0:
            return value
    return None


def percent(part: int, whole: int) -> int:
    """Return a part in percent, rounded; 0 of nothing."""
    return round(100 * part / whole) if whole else 0
