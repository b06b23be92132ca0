"""The pages «Opbevaring» and «Indsigt og sletning»."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from puljeguiden import outbox, settings
from puljeguiden.database import Unavailable
from puljeguiden.outbox import OutboxError
from staff import access
from staff.cases.forms import without_cpr
from staff.conversations import insight, reading, retention
from staff.conversations.models import Deletion

_SHOWN = 100
_ACTIONS = {
    "json": access.EXPORT_CONVERSATIONS,
    "text": access.EXPORT_CONVERSATIONS,
    "delete": access.DELETE_CONVERSATIONS,
}


class WhoseForm(forms.Form):
    """Which conversation it is about. What is filled in is never stored, and stands in no address."""

    whose = forms.CharField(
        label="Samtalens id eller et sagsnummer",
        max_length=128,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class PurposeForm(forms.Form):
    """Why it is handed out or deleted."""

    purpose = forms.CharField(
        label="Formål", min_length=10, max_length=500, widget=forms.TextInput({"autocomplete": "off"})
    )

    def clean_purpose(self) -> str:
        """Refuse CPR numbers."""
        return without_cpr(self.cleaned_data["purpose"])


class DeleteForm(PurposeForm):
    """Why it is deleted, and how much of it."""

    cases_too = forms.BooleanField(label="Slet også sagen", required=False)
    sure = forms.BooleanField(label="Ja, det skal slettes. Det kan ikke fortrydes.")


@require_GET
def show_retention(request: HttpRequest) -> HttpResponse:
    """Show what is kept for how long, what the next run deletes, and what was deleted."""
    access.check(request, access.VIEW_CONVERSATIONS)
    try:
        forgotten: int | None = outbox.current().forgotten()
    except OutboxError:
        forgotten = None
    context = {
        "rules": retention.preview(),
        "overdue": retention.overdue_cases()[:_SHOWN] if request.user.has_perm(access.VIEW_CASES) else None,
        "overdue_count": retention.overdue_cases().count(),
        "outbox_days": settings.get("PULJEGUIDEN_OUTBOX_DAYS"),
        "forgotten": forgotten,
        "proofs": Deletion.objects.all()[:_SHOWN],
    }
    return render(request, "conversations/retention.html", context)


@sensitive_post_parameters("whose")
@require_http_methods(["GET", "POST"])
def show_insight(request: HttpRequest) -> HttpResponse:
    """Find all that is kept about one conversation, hand it out, or delete it."""
    access.check(request, access.EXPORT_CONVERSATIONS)
    form = WhoseForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, form, status=200 if request.method == "GET" else 400)
    try:
        return _act(request, form, insight.find(form.cleaned_data["whose"].strip()))
    except (Unavailable, OutboxError):
        return _page(request, form, status=503, unreachable=True)


def _act(request: HttpRequest, form: WhoseForm, found: insight.Found) -> HttpResponse:
    action = request.POST.get("action", "")
    if action not in _ACTIONS or not found:
        return _page(request, form, found=found, searched=True)
    access.check(request, _ACTIONS[action])
    wanted = (DeleteForm if action == "delete" else PurposeForm)(request.POST)
    if not wanted.is_valid():
        name = "delete_form" if action == "delete" else "export_form"
        return _page(request, form, status=400, found=found, searched=True, **{name: wanted})
    given, who = wanted.cleaned_data, _person(request)
    if action == "delete":
        if given["cases_too"]:
            access.check(request, access.CHANGE_CASES)
        insight.delete(found, who, given["purpose"], given["cases_too"])
        messages.success(request, "insight_deleted")
        return redirect("insight")
    data = insight.hand_out(found, who, given["purpose"])
    if action == "json":
        response: HttpResponse = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    else:
        text = render_to_string("conversations/insight.txt", {"data": data, "found": found, "lines": _lines(found)})
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="indsigt.{"json" if action == "json" else "txt"}"'
    return response


def _lines(found: insight.Found) -> list[dict[str, Any]]:
    """Return the conversation as it was written, for reading."""
    said = (one.event for one in found.messages)
    return [
        {"who": event["event"], "text": event.get("text"), "at": reading.moment(event)}
        for event in said
        if event["event"] in ("user", "bot")
    ]


def _page(request: HttpRequest, form: WhoseForm, status: int = 200, **context: Any) -> HttpResponse:
    forms_ = {"export_form": PurposeForm(auto_id="export_%s"), "delete_form": DeleteForm(auto_id="delete_%s")}
    return render(request, "conversations/insight.html", {"form": form, **forms_, **context}, status=status)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
