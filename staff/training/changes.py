"""A trainer's draft: what it changes, taking things out again, others' edits, and the way to going live and back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puljeguiden.editing import Refused, drafts, dropping, files, history, summary
from puljeguiden.editing.drafts import Draft
from puljeguiden.editing.history import GitError
from staff import access
from staff.training import desk, inbox, jobs, trail, words
from staff.training.forms import ReasonForm
from staff.training.models import Deed
from staff.training.words import Names

_LINES = 1500
_KINDS = {"+": "added", "-": "removed", "@": "place"}


@require_GET
@desk.readable
def show(request: HttpRequest) -> HttpResponse:
    """Show somebody's draft, and what has gone live before."""
    access.check(request, access.TRAIN)
    return _show(request)


@require_GET
@desk.readable
def show_one(request: HttpRequest, draft: str) -> HttpResponse:
    """Lead to somebody's own draft; others' are theirs."""
    access.check(request, access.TRAIN)
    found = desk.draft_of(request)
    if found is None or found.id != draft:
        raise files.refuse("draft", "no_such_draft", "there is no such draft", draft=draft)
    return redirect("drafts")


def _show(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    draft = desk.draft_of(request)
    names = Names(draft.work if draft else desk.root())
    context = {
        "tab": "changes",
        "draft": draft,
        "history": history.recent(desk.root(), 30),
        "reason_form": ReasonForm(initial={"reason": request.GET.get("reason", "")}),
        **(_of(draft, names) if draft else {}),
    }
    return render(request, "training/changes.html", context | more, status=status)


def _of(draft: Draft, names: Names) -> dict[str, Any]:
    found, lines = drafts.differences(draft), drafts.diff(draft).splitlines()
    return {
        "differences": [(str(one), words.difference(one, names), one.kind in dropping.CAN_BE_DROPPED) for one in found],
        "lines": [(_kind(line), line) for line in lines[:_LINES]],
        "is_cut": len(lines) > _LINES,
        "needs_training": drafts.needs_training(summary.changed_files(draft.base, draft.work)),
        "is_busy": desk.is_busy(draft),
        "is_behind": bool(summary.changed_files(draft.base, desk.root())),
        "conflicts": [(path, names.file(path)) for path in drafts.conflicts(draft, desk.root())],
    }


def _kind(line: str) -> str:
    return "file" if line.startswith(("+++", "---")) else _KINDS.get(line[:1], "")


@require_POST
@desk.readable
def drop(request: HttpRequest) -> HttpResponse:
    """Take one thing out of one's draft again."""
    access.check(request, access.TRAIN)
    draft = _mine(request)
    names = Names(draft.work)
    found = {str(one): one for one in drafts.differences(draft)}
    one = found.get(request.POST.get("difference", ""))
    if one is None:
        return redirect("drafts")
    told = words.difference(one, names)
    try:
        dropping.drop(draft, one)
    except Refused as error:
        return _show(request, 409, problems=desk.told(error, names))
    trail.record(request, Deed.What.DROPPED, told)
    messages.success(request, "dropped")
    return redirect("drafts")


@require_http_methods(["GET", "POST"])
@desk.readable
def discard(request: HttpRequest) -> HttpResponse:
    """Throw one's draft away, once confirmed; the questions that went into it wait in the inbox again."""
    access.check(request, access.TRAIN)
    draft = _mine(request)
    if request.method == "GET":
        told = words.differences(drafts.differences(draft), Names(draft.work))
        return render(request, "training/discard.html", {"tab": "changes", "differences": told})
    inbox.reopen(desk.taken(draft))
    drafts.discard(draft)
    trail.record(request, Deed.What.DISCARDED)
    messages.success(request, "discarded")
    return redirect("drafts")


@require_POST
@desk.readable
def update(request: HttpRequest) -> HttpResponse:
    """Take into one's draft what others have put live meanwhile, or settle what both have changed."""
    access.check(request, access.TRAIN)
    draft = _mine(request)
    names = Names(draft.work)
    path = request.POST.get("file", "")
    if path:
        drafts.decide(draft, desk.root(), path, mine=request.POST.get("keep") == "mine")
        trail.record(request, Deed.What.SETTLED, names.file(path))
    left = drafts.update(draft, desk.root())
    if not left and (problems := files.check(draft.work)):
        return _show(request, 409, problems=words.problems(Refused(problems), names))
    messages.success(request, "left" if left else "updated")
    return redirect("drafts")


@require_http_methods(["GET", "POST"])
@desk.readable
def undo(request: HttpRequest, commit: str) -> HttpResponse:
    """Undo what went live, once confirmed: a draft without it is tried out, and goes live if no answer gets worse."""
    access.check(request, access.TRAIN)
    found = next((one for one in history.recent(desk.root()) if one.id == commit), None)
    if found is None:
        raise files.refuse("commit", "no_such_commit", "is no edit that can be undone")
    problems: list[str] = []
    if request.method == "POST":
        access.check(request, access.PUBLISH)
        try:
            draft = desk.open_draft(request)
            drafts.undo(draft, desk.root(), commit)
            return jobs.undo(request, draft.id, found.subject)
        except (Refused, desk.Busy) as error:
            problems = desk.told(error, Names(desk.root()))
        except GitError:
            problems = [words.words()["problems"]["no_such_commit"]]
    context = {"tab": "changes", "found": found, "problems": problems}
    return render(request, "training/undo.html", context, status=409 if problems else 200)


def _mine(request: HttpRequest) -> Draft:
    """Return somebody's draft, to be changed.

    Raises:
        Refused: they have none.
        Busy: it is being tried out.
    """
    draft = desk.draft_of(request)
    if draft is None:
        raise files.refuse("draft", "no_such_draft", "there is no such draft")
    if desk.is_busy(draft):
        raise desk.Busy
    return draft
