"""Hands a case over for journalising: as JSON for the records system, and as a page to print."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from staff import access
from staff.cases import names, trail
from staff.cases.forms import shown_name
from staff.cases.models import Case, Event, Letter
from staff.cases.views import get_case, with_topics

_FORMAT = "puljeguiden-case/1"


@require_GET
def show_print(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case for printing, with all that was said and sent."""
    case = get_case(request, number, access.EXPORT_CASES)
    trail.record(case, request.user, Event.What.PRINTED)
    context = {
        "case": case,
        "pool": names.pool(case.pool),
        "theme": names.theme(case),
        "lines": with_topics(case),
        "letters": case.letters.all(),
        "notes": case.notes.select_related("author"),
        "events": reversed(case.events.select_related("who")),
        "now": timezone.now(),
    }
    return render(request, "cases/print.html", context)


@require_GET
def download(request: HttpRequest, number: str) -> HttpResponse:
    """Give a case as a JSON file."""
    case = get_case(request, number, access.EXPORT_CASES)
    trail.record(case, request.user, Event.What.EXPORTED)
    response = JsonResponse(as_json(case), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{case.number}.json"'
    return response


def as_json(case: Case) -> dict[str, Any]:
    """Return all that is kept about a case."""
    return {
        "format": _FORMAT,
        "exported": timezone.now(),
        "number": case.number,
        "date": case.created,
        "received": case.received,
        "pool": {"id": case.pool or None, "name": names.pool(case.pool) or None},
        "kind": {"id": case.kind, "name": case.get_kind_display()},
        "theme": names.theme(case),
        "state": {"id": case.state, "name": case.get_state_display()},
        "caseworker": shown_name(case.assignee) if case.assignee else None,
        "reply_by": case.reply_by,
        "contacts": case.contacts,
        "question": case.question,
        "applicant": {"name": case.name, "organisation": case.organisation, "email": case.email},
        "conversation": case.transcript,
        "letters": [_letter(letter) for letter in case.letters.select_related("author")],
        "notes": [
            {"written": note.written, "author": shown_name(note.author), "text": note.text}
            for note in case.notes.select_related("author")
        ],
        "trail": [
            {
                "at": event.at,
                "who": shown_name(event.who) if event.who else None,
                "what": event.get_what_display(),
                "detail": event.detail,
            }
            for event in reversed(case.events.select_related("who"))
        ],
    }


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "purpose": letter.get_purpose_display(),
        "to": letter.to,
        "subject": letter.subject,
        "body": letter.body,
        "written": letter.written,
        "author": shown_name(letter.author) if letter.author else None,
        "status": letter.get_status_display(),
        "sent": letter.sent,
    }
