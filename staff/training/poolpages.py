"""Pools: the list, a page for each with its answers, and what a pool is called and whom to ask about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from puljeguiden.danish import squeeze
from puljeguiden.editing import Refused, pools
from puljeguiden.facts import STATED, read_yaml
from staff import access
from staff.training import answering, desk
from staff.training.forms import ContactForm, HeadForm, PoolForm
from staff.training.words import Names

_CONTACTS = ("subject", "admin")


@require_GET
@desk.readable
def list_pools(request: HttpRequest) -> HttpResponse:
    """List the pools."""
    access.check(request, access.TRAIN)
    work = desk.reading(request)
    names, rows = Names(work), []
    for pool in pools.names(work):
        content, answers = read_yaml(work / pools.path(pool)), pools.answers(work, pool)
        states = [answering.shown(one)["state"] for one in answers.values()]
        rows.append(
            {
                "pool": pool,
                "name": names.pool(pool),
                "updated": content["page"]["updated"],
                "url": content["page"].get("url"),
                "stated": states.count(STATED),
                "asked": len(states),
                "deadline": answering.shown(answers["deadline"]) if "deadline" in answers else None,
            }
        )
    return render(request, "training/pools.html", {"tab": "pools", "rows": rows})


@require_GET
@desk.readable
def show_pool(request: HttpRequest, pool: str) -> HttpResponse:
    """Show what a pool's page answers."""
    access.check(request, access.TRAIN)
    return _show(request, pool)


def _show(request: HttpRequest, pool: str, status: int = 200, **more: Any) -> HttpResponse:
    work = desk.reading(request)
    if pool not in pools.names(work):
        raise Http404
    names, content = Names(work), read_yaml(work / pools.path(pool))
    answers = [
        {"question": question, "label": names.intent(question), **answering.shown(one)}
        for question, one in pools.answers(work, pool).items()
    ]
    page = content["page"]
    context = {
        "tab": "pools",
        "pool": pool,
        "name": names.pool(pool),
        "page": page,
        "answers": answers,
        "page_text": answering.marked(
            answering.page_text(work, pool), [quote for one in answers for quote in one["quotes"]]
        ),
        "form": PoolForm(initial={**content, "url": page.get("url") or ""}),
        "head_form": HeadForm(initial=page),
        "contact_forms": _contact_forms(work, pool, names),
    }
    return render(request, "training/pool.html", context | more, status=status)


def _contact_forms(work: Path, pool: str, names: Names, data: Any = None) -> list[tuple[str, ContactForm]]:
    entry = (read_yaml(work / "data" / "contacts.yml") or {}).get(pool, {})
    asked = {
        one: names.intent(one) for one, given in pools.answers(work, pool).items() if answering.shown(given)["quotes"]
    }
    return [(kind, ContactForm(data, initial=entry.get(kind), prefix=kind, questions=asked)) for kind in _CONTACTS]


@require_POST
@desk.readable
def change_pool(request: HttpRequest, pool: str) -> HttpResponse:
    """Change what a pool is called, what its page tells of itself, or whom to ask."""
    access.check(request, access.TRAIN)
    work = desk.reading(request)
    if pool not in pools.names(work):
        raise Http404
    names = Names(work)
    if request.POST.get("do") == "contacts":
        return _change_contacts(request, pool, names)
    name = "head_form" if request.POST.get("do") == "head" else "form"
    form = HeadForm(request.POST) if name == "head_form" else PoolForm(request.POST)
    if not form.is_valid():
        return _show(request, pool, 400, **{name: form})
    given: dict[str, Any] = form.cleaned_data
    if name == "head_form":
        given = {**given, "updated": given["updated"].isoformat()}
    else:
        given = {**given, "url": given["url"] or None, "hints": given["hints"] or None}
    try:
        with desk.editing(request, names.pool(pool)) as draft:
            pools.set_details(draft.work, pool, given)
    except (Refused, desk.Busy) as error:
        return _show(request, pool, 409, problems=desk.told(error, names), **{name: form})
    return redirect("pool", pool)


def _change_contacts(request: HttpRequest, pool: str, names: Names) -> HttpResponse:
    work = desk.reading(request)
    sent = _contact_forms(work, pool, names, request.POST)
    if not all(form.is_valid() for _, form in sent):
        return _show(request, pool, 400, contact_forms=sent)
    before = (read_yaml(work / "data" / "contacts.yml") or {}).get(pool, {})
    given = {
        kind: {**before.get(kind, {}), "who": squeeze(form.cleaned_data["who"]), "fact": form.cleaned_data["fact"]}
        for kind, form in sent
        if form.cleaned_data["who"].strip()
    }
    try:
        with desk.editing(request, names.pool(pool)) as draft:
            pools.set_contacts(draft.work, pool, given)
    except (Refused, desk.Busy) as error:
        return _show(request, pool, 409, problems=desk.told(error, names), contact_forms=sent)
    return redirect("pool", pool)
