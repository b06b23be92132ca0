"""A trainer's desk: the one draft their edits gather in, and what every page on it shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from puljeguiden import files as files_
from puljeguiden import jobs, settings
from puljeguiden.editing import Refused, drafts, files, summary
from puljeguiden.editing.drafts import Draft
from puljeguiden.facts import FactsError
from staff.training import trail, words
from staff.training.models import Deed
from staff.training.words import Names

_TAKEN = "taken.json"


class Busy(RuntimeError):
    """The draft is being tried out, and must not change meanwhile."""


def root() -> Path:
    """Return the folder that is live: what drafts begin with, and become."""
    return settings.ROOT


def draft_of(request: HttpRequest) -> Draft | None:
    """Return somebody's draft, if they have one."""
    name = trail.person(request).get_username()
    return next((draft for draft in drafts.every(drafts.home()) if draft.author == name), None)


def open_draft(request: HttpRequest) -> Draft:
    """Return somebody's draft; where there is none, begin one.

    Raises:
        Busy: it is being tried out.
    """
    drafts.home().mkdir(parents=True, exist_ok=True)
    with files.locked(drafts.home()):  # two tabs, one draft
        draft = draft_of(request)
        if draft is None:
            return drafts.create(drafts.home(), root(), trail.person(request).get_username())
    if is_busy(draft):
        raise Busy
    if not summary.changed_files(draft.base, draft.work):
        drafts.update(draft, root())
    return draft


def is_busy(draft: Draft) -> bool:
    """Return whether a draft is being tried out."""
    return jobs.busy_with(draft.id)


def reading(request: HttpRequest) -> Path:
    """Return the folder somebody's pages show: their draft, or else what is live."""
    draft = draft_of(request)
    return draft.work if draft else root()


@contextmanager
def editing(request: HttpRequest, what: str, deed: Deed.What = Deed.What.EDITED) -> Iterator[Draft]:
    """Give out somebody's draft for an edit; where it succeeds, write it down and tell.

    Raises:
        Busy: the draft is being tried out.
        Refused: by the edit.
    """
    draft = open_draft(request)
    yield draft
    trail.record(request, deed, what)
    messages.success(request, "drafted")


def remember(draft: Draft, proposals: Sequence[int]) -> None:
    """Keep which proposals went into a draft, so that they wait again if it is thrown away."""
    file = draft.folder / _TAKEN
    files_.write_json(file, [*(files_.read_json(file) or ()), *proposals])


def taken(draft: Draft) -> list[int]:
    """Return the proposals that went into a draft."""
    return list(files_.read_json(draft.folder / _TAKEN) or ())


def told(error: Exception, names: Names) -> list[str]:
    """Return what is wrong in words.

    Raises:
        Exception: it is nothing a trainer can do something about.
    """
    if isinstance(error, Busy):
        return [words.words()["problems"]["busy"]]
    if isinstance(error, (Refused, FactsError)):
        return words.problems(error, names)
    raise error


def readable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show what is wrong in place of a page whose files are broken, or whose topic or pool is gone."""

    @wraps(view)
    def shown(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *arguments, **named)
        except (Refused, FactsError, Busy) as error:
            problems = told(error, Names(reading(request)))
            return render(request, "training/broken.html", {"problems": problems}, status=409)

    return shown
