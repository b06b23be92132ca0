"""The pools' pages on the web: how they stand, what has changed, and taking over the new text."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from puljeguiden import facts, settings, watched
from puljeguiden.danish import squeeze
from puljeguiden.editing import Refused, pools, proposals, watch
from puljeguiden.editing.watch import Page
from staff import access
from staff.cases import names as case_names
from staff.training import desk, words
from staff.training.answering import Answering, marked
from staff.training.forms import HeadForm
from staff.training.models import Deed
from staff.training.words import Names


@require_GET
@desk.readable
def list_pages(request: HttpRequest) -> HttpResponse:
    """List the pages that are watched."""
    access.check(request, access.TRAIN)
    names, found = Names(desk.reading(request)), _pages(request)
    without = [names.pool(pool) for pool in names.pools if pool not in {page.pool for page in found}]
    context = {
        "tab": "watch",
        "rows": [_row(page, names) for page in found],
        "without": without,
        "hours": settings.get("PULJEGUIDEN_WATCH_HOURS"),
    }
    return render(request, "training/watch.html", context)


def _pages(request: HttpRequest) -> list[Page]:
    return watch.report(desk.reading(request) / "data", watched.home())


def _row(page: Page, names: Names) -> dict[str, Any]:
    return {
        "page": page,
        "name": names.pool(page.pool),
        "state_label": words.words()["watch"][page.state],
        "checked": case_names.moment(page.checked) if page.checked else None,
        "error": words.words()["problems"].get(page.error, ""),
        "lost": [names.intent(question) for question in page.lost],
    }


@require_http_methods(["GET", "POST"])
@desk.readable
def show_page(request: HttpRequest, pool: str) -> HttpResponse:
    """Show what has changed on a page; approve the new text, with the answers that change by it."""
    access.check(request, access.TRAIN)
    work = desk.reading(request)
    names = Names(work)
    page = next((one for one in _pages(request) if one.pool == pool), None)
    known = facts.load(work / "data")
    new = watched.fetched(known.pools[pool], watched.home()) if page else None
    if page is None or new is None:
        raise Http404
    before = pools.answers(work, pool)
    data = request.POST or None
    forms = {question: Answering(work, question, before[question], question, data) for question in page.lost}
    head = HeadForm(data, initial={**_told_before(known, pool), **proposals.head(new)}, prefix="head")
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        status = 400
        if all([head.is_valid(), *(one.is_valid() for one in forms.values())]):
            told = {**head.cleaned_data, "updated": head.cleaned_data["updated"].isoformat()}
            changed = {question: one.answer() for question, one in forms.items()}
            try:
                with desk.editing(request, names.pool(pool), Deed.What.APPROVED) as draft:
                    pools.set_page(draft.work, pool, new, changed, told)
                return redirect("drafts")
            except (Refused, desk.Busy) as error:
                problems = desk.told(error, names)
    text = squeeze(new)
    standing = [quote for question in page.lost for quote in _quotes(before[question]) if squeeze(quote) in text]
    context = {
        "tab": "watch",
        "row": _row(page, names),
        "lines": [(line[:1], line[1:]) for line in watch.diff(work / "data", watched.home(), pool)],
        "head": head,
        "forms": [(question, names.intent(question), one) for question, one in forms.items()],
        "page_text": marked(new, standing),
        "problems": problems,
    }
    return render(request, "training/watched.html", context, status=status)


def _told_before(known: facts.Facts, pool: str) -> dict[str, Any]:
    """Return what a page told of itself before."""
    page = known.pools[pool].page
    return {"title": page.title, "updated": page.updated, "updated_quote": page.quote}


def _quotes(answer: Any) -> list[str]:
    return list(answer.get("quotes", ())) if isinstance(answer, dict) else []
