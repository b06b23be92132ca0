"""A new pool: its names and its page first, then what was found on the page, to accept or correct."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from puljeguiden import proofs, settings
from puljeguiden.danish import squeeze
from puljeguiden.editing import Refused, fetching, pools, proposals
from puljeguiden.editing.fetching import FetchError
from puljeguiden.facts import STATED, read_yaml
from staff import access
from staff.training import desk, words
from staff.training.forms import FoundRows, HeadForm, NewPoolForm
from staff.training.words import Names

_MANY = 120


@require_http_methods(["GET", "POST"])
@desk.readable
def new_pool(request: HttpRequest) -> HttpResponse:
    """Describe a pool, look at what was found on its page, and write it, silent on the rest."""
    access.check(request, access.TRAIN)
    work = desk.reading(request)
    names = Names(work)
    form = NewPoolForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _first(request, form, 400 if form.is_bound else 200)
    given = form.cleaned_data
    if not given["text"].strip():
        try:
            given["text"] = _fetch(given["url"])
        except FetchError as error:
            return _first(request, form, 400, problems=words.problems(error, names))
    questions = {one: names.intent(one) for one in proofs.questions(read_yaml(work / "data" / "topics.yml"))}
    if request.POST.get("step") != "save":
        return _second(request, given, *_found(given, questions), work=names)
    head = HeadForm(request.POST, prefix="head")
    rows = FoundRows(request.POST, prefix="f", form_kwargs={"questions": questions})
    if not (head.is_valid() and rows.is_valid()):
        return _second(request, given, head, rows, work=names, status=400)
    told = {**head.cleaned_data, "updated": head.cleaned_data["updated"].isoformat()}
    pool = {key: value for key, value in {**given, **told}.items() if value}
    if missing := pools.missing(work, pool):
        return _first(request, form, 400, problems=words.problems(Refused(missing), names))
    try:
        with desk.editing(request, given["name"]) as draft:
            pools.add(draft.work, {**pool, "facts": facts_of(rows.cleaned_data)})
    except (Refused, desk.Busy) as error:
        problems = desk.told(error, names)
        return _second(request, given, head, rows, work=names, status=409, problems=problems)
    return redirect("pool", given["id"])


def _fetch(url: str) -> str:
    page = fetching.fetch(url, private=bool(settings.get("PULJEGUIDEN_FETCH_PRIVATE")))
    assert page is not None  # only a page that was fetched before can be unchanged
    return page.text


def _found(given: Mapping[str, Any], questions: Mapping[str, str]) -> tuple[HeadForm, Any]:
    found = [
        {
            "kind": one.kind,
            "value": one.value,
            "question": one.questions[0] if one.questions and one.questions[0] in questions else "",
            "text": one.quote,
            "quote": one.quote,
        }
        for one in proposals.find(given["text"])[:_MANY]
    ]
    head = HeadForm(initial=proposals.head(given["text"]), prefix="head")
    return head, FoundRows(initial=found, prefix="f", form_kwargs={"questions": questions})


def facts_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the answers that accepted rows make; rows on one question make one answer."""
    made: dict[str, Any] = {}
    for row in rows:
        question, quote = row["question"], squeeze(row["quote"])
        if not question:
            continue
        fact = made.setdefault(question, {"state": STATED, "quotes": []})
        if quote not in fact["quotes"]:
            fact["quotes"].append(quote)
        if question == "deadline" and row["kind"] == "date":
            fact.setdefault("rounds", []).append(_round(row["value"]))
        else:
            before, text = fact.get("text", ""), squeeze(row["text"])
            fact["text"] = before if text in before else f"{before} {text}".strip()
    return made


def _round(value: str) -> dict[str, Any]:
    year, month, day = value.rsplit("-", 2)
    return {"date": value} if year.strip("-") else {"day": int(day), "month": int(month)}


def _first(request: HttpRequest, form: NewPoolForm, status: int, **more: Any) -> HttpResponse:
    return render(request, "training/new_pool.html", {"tab": "pools", "form": form, **more}, status=status)


def _second(
    request: HttpRequest,
    given: Mapping[str, Any],
    head: HeadForm,
    rows: Any,
    work: Names,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    kinds = words.words()["kinds"]
    context = {
        "tab": "pools",
        "given": given,
        "form": NewPoolForm(initial=dict(given)),
        "head": head,
        "rows": rows,
        "found": [(row, kinds.get(row["kind"].value(), "")) for row in rows],
        **more,
    }
    return render(request, "training/found.html", context, status=status)
