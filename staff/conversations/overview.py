"""The overview: what is asked, how it goes, and what has changed, in plots and in tables."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from staff import access
from staff.cases import names
from staff.conversations import charts, lag, numbers
from staff.conversations.forms import OverviewForm
from staff.conversations.labels import Window


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show what happened in a period, for one pool or all."""
    access.check(request, access.VIEW_CONVERSATIONS)
    form = OverviewForm({"days": Window.MONTH, **request.GET.dict()})
    given = form.cleaned_data if form.is_valid() else {}
    scope = _scope(int(given.get("days") or Window.MONTH), given.get("pool", ""))
    context = {"form": form, "scope": scope, "pool": names.pool(scope.pool) if scope.pool else "", "lag": lag.current()}
    return render(request, "conversations/overview.html", context | _plots(scope))


def _scope(days: int, pool: str) -> numbers.Scope:
    tomorrow = timezone.localdate() + timedelta(days=1)
    since, until = (
        timezone.make_aware(datetime.combine(day, time.min)) for day in (tomorrow - timedelta(days=days), tomorrow)
    )
    return numbers.Scope(since, until, pool)


def _plots(scope: numbers.Scope) -> dict[str, Any]:
    days, kinds = numbers.conversations(scope), numbers.kinds(scope)
    topics = numbers.topics(kinds)
    shares = numbers.shares((status, n) for (_, _, status), n in kinds.items())
    times, median, slow = numbers.times(scope)
    top = max((high for _, _, high in times if high is not None), default=0)
    counts = [n for _, n in days]
    feedback = numbers.feedback(scope.turns())
    return {
        "width": charts.WIDTH,
        "height": charts.HEIGHT,
        "total": sum(counts),
        "most": max(counts, default=0),
        "days": charts.joined(days, charts.columns(counts)),
        "topics": charts.joined(topics, charts.lengths([n for _, _, n in topics])),
        "shares": charts.joined(shares, charts.stacked([share["count"] for share in shares])),
        "answered": sum(share["count"] for share in shares),
        "feedback": feedback,
        "thumbs": charts.stacked([feedback["up"], feedback["down"]]),
        "times": times,
        "median": median,
        "slow": slow,
        "slowest": top,
        "median_lines": charts.line([low for _, low, _ in times], top),
        "slow_lines": charts.line([high for _, _, high in times], top),
        "pools": numbers.pools(kinds),
        "unanswered": numbers.unanswered(scope),
        "change": numbers.change(scope),
    }
