"""The list of conversations, and the filters people keep. Every page asks `access.check` first.

Messages go by name; what they say stands in `templates/messages.html`.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puljeguiden.masking import mask_cpr
from staff import access
from staff.conversations import looks, paging
from staff.conversations.forms import FilterForm, PurposeForm, SaveForm
from staff.conversations.lines import lines
from staff.conversations.models import SavedFilter

_ON_A_PAGE = 50


@require_GET
def list_conversations(request: HttpRequest) -> HttpResponse:
    """List the conversations that fit search and filters."""
    access.check(request, access.VIEW_CONVERSATIONS)
    form = FilterForm(request.GET)
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    page = paging.page(form.chosen(), form.sorting(), _ON_A_PAGE, before, after)
    context = {
        "form": form,
        "page": page,
        "lines": lines(page.conversations),
        "query": chosen(request).urlencode(),
        "filters": SavedFilter.objects.filter(owner=looks.person(request)),
        "purpose_form": PurposeForm(initial={"purpose": looks.chosen(request)}),
    }
    return render(request, "conversations/list.html", context)


@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep a filter under a name; a name used before now means the new one."""
    access.check(request, access.VIEW_CONVERSATIONS)
    form, query = SaveForm(request.POST), chosen(request).urlencode()
    if form.is_valid() and len(query) <= (SavedFilter._meta.get_field("query").max_length or 0):
        name = form.cleaned_data["name"]
        SavedFilter.objects.update_or_create(owner=looks.person(request), name=name, defaults={"query": query})
        messages.success(request, "filter_saved")
    else:
        messages.error(request, "filter_not_saved")
    return to("conversations", query=query)


@require_POST
def delete_filter(request: HttpRequest, saved: int) -> HttpResponse:
    """Drop one of one's filters."""
    access.check(request, access.VIEW_CONVERSATIONS)
    get_object_or_404(SavedFilter, pk=saved, owner=looks.person(request)).delete()
    messages.success(request, "filter_deleted")
    return redirect("conversations")


@require_http_methods(["GET", "POST"])
def choose_purpose(request: HttpRequest) -> HttpResponse:
    """Say why one looks at conversations. It holds for the session."""
    access.check(request, access.VIEW_CONVERSATIONS)
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, None):
        target = ""
    form = PurposeForm(request.POST or None, initial={"purpose": looks.chosen(request)})
    if not form.is_valid():
        return render(request, "conversations/purpose.html", {"form": form}, status=400 if form.is_bound else 200)
    looks.choose(request, form.cleaned_data["purpose"])
    return redirect(target or "conversations")


def chosen(request: HttpRequest) -> QueryDict:
    """Return the part of an address that says which conversations are listed, and in which order."""
    query = request.GET.copy()
    for name in list(query):
        if name not in FilterForm.base_fields or not query[name]:
            del query[name]
        else:
            query[name] = mask_cpr(str(query[name]))  # filters and what was exported are kept
    return query


def to(view: str, *arguments: str | int, query: str = "", place: str = "") -> HttpResponse:
    """Send somebody to a page, with the list they look through, and to a place on it."""
    response = redirect(view, *arguments)
    response["Location"] += (f"?{query}" if query else "") + (f"#{place}" if place else "")
    return response
