"""The pages on which people work with cases. Every one asks `get_case` or `access.check` first.

Messages go by name; what they say stands in `templates/messages.html`.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from staff import access
from staff.cases import letters, names, trail
from staff.cases.forms import CaseForm, FilterForm, NoteForm, ReplyForm
from staff.cases.models import UNANSWERED, Case, Event, Letter, State

_ON_A_PAGE = 50


def get_case(request: HttpRequest, number: str, permission: str) -> Case:
    """Return a case that somebody may touch in the way a permission says.

    Raises:
        PermissionDenied: they may not.
        Http404: there is no such case.
    """
    access.check(request, permission)
    return get_object_or_404(Case.objects.select_related("assignee"), number=number)


@require_GET
def list_cases(request: HttpRequest) -> HttpResponse:
    """List the cases that fit search and filters, newest first."""
    access.check(request, access.VIEW_CASES)
    form = FilterForm(request.GET)
    return _list(request, form.chosen(), form=form, is_filtered=any(request.GET.get(name) for name in form.fields))


@require_GET
def list_overdue(request: HttpRequest) -> HttpResponse:
    """List the cases that should have been answered, the longest overdue first."""
    access.check(request, access.VIEW_CASES)
    overdue = FilterForm({"overdue": "on"}).chosen().order_by("reply_by", "id")
    return _list(request, overdue, is_overdue=True)


def _list(request: HttpRequest, found: QuerySet[Case], **context: Any) -> HttpResponse:
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    for case in page.object_list:
        case.pool_name = names.pool(case.pool)  # type: ignore[attr-defined]
    query = request.GET.copy()
    query.pop("page", None)
    unanswered = Case.objects.filter(state__in=UNANSWERED)
    return render(
        request,
        "cases/list.html",
        {
            "page": page,
            "query": query.urlencode(),
            "unanswered": unanswered.count(),
            "overdue": unanswered.filter(reply_by__lt=timezone.localdate()).count(),
            **context,
        },
    )


@require_GET
def show_case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case, and note that it was opened."""
    case = get_case(request, number, access.VIEW_CASES)
    trail.opened(case, request.user)
    return _show(request, case)


def _show(request: HttpRequest, case: Case, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "case": case,
        "pool": names.pool(case.pool),
        "lines": with_topics(case),
        "letters": case.letters.select_related("author"),
        "notes": case.notes.select_related("author"),
        "events": case.events.select_related("who")[:200],
        "can_be_mailed": letters.can_be_mailed(case.email),
        "case_form": CaseForm(instance=case),
        "note_form": NoteForm(),
    }
    return render(request, "cases/case.html", context | forms, status=status)


@require_POST
def change_case(request: HttpRequest, number: str) -> HttpResponse:
    """Change a case's state, caseworker or deadline."""
    case = get_case(request, number, access.CHANGE_CASES)
    form = CaseForm(request.POST, instance=case)
    if not form.is_valid():
        return _show(request, get_case(request, number, access.CHANGE_CASES), 400, case_form=form)
    if form.has_changed():
        with transaction.atomic():
            case.save(update_fields=form.changed_data)
            trail.record(case, request.user, Event.What.CHANGED, trail.changes(form))
        messages.success(request, "changed")
    return redirect("case", number)


@require_POST
def add_note(request: HttpRequest, number: str) -> HttpResponse:
    """Add a note to a case."""
    case = get_case(request, number, access.CHANGE_CASES)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, case, 400, note_form=form)
    with transaction.atomic():
        form.instance.case, form.instance.author = case, _person(request)
        form.save()
        trail.record(case, request.user, Event.What.NOTED)
    messages.success(request, "noted")
    return redirect("case", number)


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Write an answer to the applicant, look at it as it will arrive, and send it."""
    case = get_case(request, number, access.ANSWER_CASES)
    if not letters.can_be_mailed(case.email):
        messages.error(request, "unmailable")
        return redirect("case", number)
    if request.method == "GET":
        trail.opened(case, request.user)
        subject, body = letters.reply_template(case, _person(request))
        return render(request, "cases/reply.html", {"case": case, "form": ReplyForm.start(case, subject, body)})
    form = ReplyForm(case, request.POST)
    step = request.POST.get("step")
    if not form.is_valid() or step == "edit":
        status = 200 if form.is_valid() else 400
        return render(request, "cases/reply.html", {"case": case, "form": form}, status=status)
    if step != "send":
        return render(request, "cases/preview.html", {"case": case, "form": form, "sender": letters.sender()})
    _answer(case, _person(request), form.cleaned_data)
    messages.success(request, "answered")
    return redirect("case", number)


def _answer(case: Case, author: User, given: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            letters.reply(case, author, given["subject"], given["body"], given["token"])
            state = State.ANSWERED if case.state in UNANSWERED else case.state
            changed = trail.change(case, state=state, assignee=case.assignee or author)
            trail.record(case, author, Event.What.ANSWERED, changed)
    except IntegrityError:
        if not Letter.objects.filter(token=given["token"]).exists():
            raise  # not the second click of an impatient hand


@require_POST
def send_again(request: HttpRequest, number: str, letter: int) -> HttpResponse:
    """Put a mail that could not be delivered back in the queue."""
    case = get_case(request, number, access.ANSWER_CASES)
    failed = case.letters.filter(pk=letter, status=Letter.Status.FAILED)
    with transaction.atomic():
        now = timezone.now()
        if failed.update(status=Letter.Status.QUEUED, due=now, written=now, attempts=0, problem=""):
            trail.record(case, request.user, Event.What.RESENT)
            messages.success(request, "resent")
    return redirect("case", number)


def with_topics(case: Case) -> list[dict[str, Any]]:
    """Return a case's conversation with what its answers are about, for showing."""
    return [
        {
            **line,
            "time": names.moment(line["at"]),
            "from_visitor": line["from"] == "visitor",
            "answers": [_shown(one) for one in line.get("answers", ())],
        }
        for line in case.transcript
    ]


def _shown(answer: dict[str, Any]) -> dict[str, Any]:
    sources = [{**source, "updated_on": names.day(source.get("updated"))} for source in answer.get("sources", ())]
    return {**answer, "label": names.topic(answer.get("topic", "")), "sources": sources}


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
