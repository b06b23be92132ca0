"""The pages of the job that tries out and puts live. Every one asks `access.check` first."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timezone
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from puljeguiden import jobs, publishing
from puljeguiden.jobs import Order
from puljeguiden.settings import MAILBOX
from staff import access
from staff.cases.forms import shown_name
from staff.training import questions, reports, trail, words
from staff.training.forms import LONGEST_REASON, ReasonForm
from staff.training.models import Deed

_LINES = 30
_WITH_REPORT = (jobs.PASSED, jobs.REFUSED, jobs.PUBLISHED)
# Why a job was refused that somebody may override.
_OVERRIDABLE = ("worse", "live_unknown")


class StartForm(ReasonForm):
    """What is to be tried out: a draft, or the data as they are; and whether it may go live by itself."""

    draft = forms.RegexField(r"^[0-9a-f]{12}$", required=False, widget=forms.HiddenInput)
    live = forms.BooleanField(label="Sæt i drift af sig selv, hvis ingen svar bliver dårligere", required=False)


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the job that runs, or how the last one ended and what may be done next."""
    access.check(request, access.TRAIN)
    return _show(request, ReasonForm())


def _show(request: HttpRequest, reason: ReasonForm, status: int = 200) -> HttpResponse:
    job = jobs.status()
    state = job["state"] if job else ""
    context = {
        "tab": "job",
        "job": job,
        "started": datetime.fromtimestamp(job["started"], timezone.utc) if job else None,
        "stages": _stages(job) if job else [],
        "log": _log(),
        "report": reports.shown(job["version"]) if job and job["version"] and state in _WITH_REPORT else None,
        "may_go_live": state == jobs.PASSED and request.user.has_perm(access.PUBLISH),
        "may_be_overridden": state == jobs.REFUSED and job and job["code"] in _OVERRIDABLE,
        "reason_form": reason,
        "start_form": StartForm(auto_id="start_%s"),
        "days": jobs.ASKED_DAYS,
    }
    return render(request, "training/job.html", context, status=status)


@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """Tell a page's script how far the job is."""
    access.check(request, access.TRAIN)
    job = jobs.status()
    if not job:
        return JsonResponse({"state": ""})
    told = {name: job[name] for name in ("state", "stage", "percent", "seconds_left")}
    return JsonResponse({**told, "log": _log()})


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin to try something out."""
    access.check(request, access.TRAIN)
    form = StartForm(request.POST)
    if form.data.get("live"):
        access.check(request, access.PUBLISH)
    if not form.is_valid():
        messages.error(request, "job_without_reason")
        return redirect("job")
    given = form.cleaned_data
    order = _order(request, draft=given["draft"] or None, note=given["reason"], hold=not given["live"])
    what = Deed.What.STARTED_LIVE if given["live"] else Deed.What.STARTED
    return _begin(request, order, what, given["reason"], with_questions=True)


@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Stop the job."""
    access.check(request, access.TRAIN)
    if jobs.cancel():
        trail.record(request, Deed.What.CANCELLED)
        messages.success(request, "job_cancelled")
    return redirect("job")


@require_POST
def go_live(request: HttpRequest) -> HttpResponse:
    """Put live what has passed; with a reason, also what has been refused, for those who may."""
    access.check(request, access.PUBLISH)
    job, form = jobs.status(), ReasonForm(request.POST)
    if job and job["state"] == jobs.REFUSED and job["code"] in _OVERRIDABLE:
        access.check(request, access.OVERRIDE)
        if not form.is_valid():
            return _show(request, form, 400)
        reason = form.cleaned_data["reason"]
        return _begin(request, _again(request, job, override=reason), Deed.What.OVERRODE, reason)
    if not job or job["state"] != jobs.PASSED:
        messages.error(request, "nothing_to_publish")
        return redirect("job")
    return _begin(request, _again(request, job), Deed.What.PUBLISHED, job["order"]["note"])


def undo(request: HttpRequest, draft: str, subject: str) -> HttpResponse:
    """Begin to try out a draft that undoes something, and put it live by itself if no answer gets worse."""
    note = words.words()["notes"]["undo"].format(subject=subject)
    order = _order(request, draft=draft, note=note[:LONGEST_REASON])
    return _begin(request, order, Deed.What.REVERTED, subject, with_questions=True)


def _begin(
    request: HttpRequest, order: Order, what: Deed.What, detail: str, with_questions: bool = False
) -> HttpResponse:
    try:
        publishing.start(order, questions.recent() if with_questions else ())
    except jobs.Busy:
        messages.error(request, "job_is_running")
        return redirect("job")
    trail.record(request, what, detail)
    messages.success(request, "job_started" if with_questions else "going_live")
    return redirect("job")


def _again(request: HttpRequest, job: dict[str, Any], override: str | None = None) -> Order:
    """Return the order of a job that was held or refused, as one that may go live."""
    return _order(request, draft=job["order"]["draft"], note=job["order"]["note"], override=override)


def _order(request: HttpRequest, **more: Any) -> Order:
    who = trail.person(request)
    name = "".join(letter for letter in shown_name(who) if letter not in "<>\n\r\0")
    return Order(name, email=who.email if MAILBOX.fullmatch(who.email) else "", **more)


def _stages(job: dict[str, Any]) -> list[tuple[str, str]]:
    """Return each stage, and whether it is done, being done or still to come."""
    names = list(jobs.STAGES)
    here = names.index(job["stage"])
    states = ["done"] * here + ["now"] + ["to_come"] * (len(names) - here - 1)
    skipped = {"train" if job["trains"] is False else "", "publish" if job["order"]["hold"] else ""}
    return [pair for pair in zip(names, states, strict=True) if pair[0] not in skipped]


def _log() -> str:
    try:
        with jobs.log_file().open(encoding="utf-8", errors="replace") as lines:
            return "".join(deque(lines, _LINES))
    except FileNotFoundError:
        return ""
