"""The inbox: what waits, in groups, and what a trainer does with a group or some of it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from puljeguiden.editing import examples
from staff import access
from staff.conversations.models import Proposal
from staff.training import desk, inbox, learning, trail
from staff.training.models import Deed
from staff.training.words import Names

_ON_A_PAGE = 15


@require_GET
@desk.readable
def show(request: HttpRequest) -> HttpResponse:
    """Show what waits, alike beside alike."""
    access.check(request, access.TRAIN)
    work = desk.reading(request)
    names, known = Names(work), examples.by_intent(work)
    found = inbox.groups({inbox.plain(line) for lines in known.values() for line in lines})
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    shown = [
        {
            "group": group,
            "topic": names.intent(group.topic) if group.topic in known else "",
            "items": [(item, names.intent(item.guess) if item.guess else "") for item in group.items],
        }
        for group in page.object_list
    ]
    context = {
        "tab": "inbox",
        "page": page,
        "shown": shown,
        "waiting": sum(len(group.items) for group in found),
        "is_cut": sum(len(group.items) for group in found) >= inbox.NEWEST,
        "choices": learning.choices(names, known),
    }
    return render(request, "training/inbox.html", context)


@require_POST
@desk.readable
def sort(request: HttpRequest) -> HttpResponse:
    """Dismiss messages, or take them along to the form of a new topic."""
    access.check(request, access.TRAIN)
    keys = request.POST.getlist("item")
    if not keys:
        messages.error(request, "no_items")
    elif request.POST.get("do") == "new":
        return redirect(f"{reverse('new_topic')}?{urlencode({'item': keys[: learning.MANY]}, doseq=True)}")
    elif request.POST.get("do") == "dismiss":
        found = inbox.items(keys)
        inbox.settle(found, Proposal.State.DISMISSED, trail.person(request))
        trail.record(request, Deed.What.SORTED, f"{len(found)}")
        messages.success(request, "dismissed")
    return redirect("inbox")
