"""A new topic, in one form: its examples, what each pool's page answers, and what is said where none does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from puljeguiden.editing import Refused, examples, pools, topics
from puljeguiden.facts import NOT_STATED
from staff import access
from staff.conversations.models import Proposal
from staff.training import desk, inbox, learning, trail, words
from staff.training.answering import Answering, marked, page_text
from staff.training.forms import TopicForm
from staff.training.models import Deed
from staff.training.words import Names


@require_http_methods(["GET", "POST"])
@desk.readable
def new_topic(request: HttpRequest) -> HttpResponse:
    """Describe a topic, see what speaks against its examples, and write it everywhere it has to stand."""
    access.check(request, access.TRAIN)
    work = desk.reading(request)
    names = Names(work)
    keys = (request.POST if request.method == "POST" else request.GET).getlist("item")[: learning.MANY]
    if request.method == "GET":
        found = inbox.items(keys)
        silence = render_to_string("training/silence.txt").strip()
        form = TopicForm(initial={"examples": [item.text for item in found], "not_stated": silence})
        return _show(request, form, _answers(work, None), keys, names)
    form, answers = TopicForm(request.POST), _answers(work, request.POST)
    are_valid = [form.is_valid(), *(one.is_valid() for one in answers.values())]
    if not all(are_valid):
        return _show(request, form, answers, keys, names, 400)
    given = form.cleaned_data
    advice, is_refused = _advice(examples.by_intent(work), given, names)
    if is_refused or (advice and not given["anyway"]):
        return _show(request, form, answers, keys, names, 400, advice=advice, is_refused=is_refused)
    try:
        _save(request, given, answers, inbox.items(keys))
    except (Refused, desk.Busy) as error:
        return _show(request, form, answers, keys, names, 409, problems=desk.told(error, names))
    return redirect("topic", given["name"])


def _answers(work: Path, data: Any) -> dict[str, Answering]:
    return {pool: Answering(work, "", NOT_STATED, pool, data) for pool in pools.names(work)}


def _advice(
    known: Mapping[str, Sequence[str]], given: Mapping[str, Any], names: Names
) -> tuple[list[tuple[str, list[str]]], bool]:
    """Return what speaks against each example, and whether one of them may not be added at all."""
    found = [(line, examples.advice(known, given["name"], line)) for line in given["examples"]]
    told = [(line, [words.advice(one, names) for one in advice]) for line, advice in found if advice]
    return told, any(learning.refuses(advice) for _, advice in found)


def _save(
    request: HttpRequest, given: Mapping[str, Any], answers: Mapping[str, Answering], items: list[inbox.Item]
) -> None:
    topic = {
        **{key: given[key] for key in ("name", "label", "ask", "acts", "examples", "not_stated")},
        "answers": {pool: one.answer() for pool, one in answers.items()},
    }
    with desk.editing(request, given["label"]) as draft:
        topics.add(draft.work, topic)
        desk.remember(draft, inbox.settle(items, Proposal.State.TAKEN, trail.person(request)))
    if items:
        trail.record(request, Deed.What.SORTED, f"{given['label']}: {len(items)}")


def _show(
    request: HttpRequest,
    form: TopicForm,
    answers: Mapping[str, Answering],
    keys: list[str],
    names: Names,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "tab": "topics",
        "form": form,
        "answers": [
            {
                "pool": pool,
                "name": names.pool(pool),
                "answering": one,
                "page_text": marked(page_text(names.root, pool), one.form["quotes"].value() or ()),
            }
            for pool, one in answers.items()
        ],
        "keys": keys,
        "advised": topics.ADVISED_EXAMPLES,
    }
    return render(request, "training/new_topic.html", context | more, status=status)
