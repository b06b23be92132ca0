"""Topics: the list, a page for each question with its examples, answers and texts, and a new topic in one form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from puljeguiden.editing import Refused, examples, pools, texts, topics
from puljeguiden.facts import read_yaml
from staff import access
from staff.training import answering, desk, learning, quality, words
from staff.training.forms import DetailsForm, TextForm
from staff.training.words import Names

_ON_A_PAGE = 100


@require_GET
@desk.readable
def list_topics(request: HttpRequest) -> HttpResponse:
    """List the topics, with how many examples they have and how well they are known."""
    access.check(request, access.TRAIN)
    work = desk.reading(request)
    names, measured = Names(work), quality.by_topic()
    rows: dict[str, dict[str, Any]] = {}
    for intent, lines in examples.by_intent(work).items():
        topic = intent.partition(".")[0]
        row = rows.setdefault(topic, {"label": names.intent(topic), "intents": [], "count": 0})
        row["intents"].append((intent, names.intent(intent), len(lines)))
        row["count"] += len(lines)
        row["quality"] = measured.get(topic)
        row["confused"] = [names.intent(one) for one, _, _ in measured[topic].confused[:2]] if topic in measured else []
    about_pools = set(names.labels)
    parts = [
        (kind, sorted((row for topic, row in rows.items() if (topic in about_pools) == wanted), key=_label))
        for kind, wanted in (("pools", True), ("others", False))
    ]
    return render(request, "training/topics.html", {"tab": "topics", "parts": parts, "is_measured": bool(measured)})


def _label(row: Mapping[str, Any]) -> str:
    return str(row["label"])


@require_GET
@desk.readable
def show_topic(request: HttpRequest, intent: str) -> HttpResponse:
    """Show what the assistant knows about one question."""
    access.check(request, access.TRAIN)
    return _show(request, intent)


def _show(request: HttpRequest, intent: str, status: int = 200, **more: Any) -> HttpResponse:
    work = desk.reading(request)
    names, known = Names(work), examples.by_intent(work)
    if intent not in known:
        raise Http404
    sought = request.GET.get("q", "").strip()[:100]
    lines = [line for line in known[intent] if sought.lower() in line.lower()]
    topic = intent.partition(".")[0]
    measured = quality.by_topic().get(topic)
    entry = read_yaml(work / topics.TOPICS).get(topic)
    said = texts.every(work).get(_silence(intent))
    context = {
        "tab": "topics",
        "intent": intent,
        "label": names.intent(intent),
        "page": Paginator(lines, _ON_A_PAGE).get_page(request.GET.get("page")),
        "count": len(known[intent]),
        "sought": sought,
        "advised": topics.ADVISED_EXAMPLES,
        "others": [(one, names.intent(one)) for one in known if one.partition(".")[0] == topic and one != intent],
        "quality": measured,
        "confused": [(names.intent(one), count, example) for one, count, example in measured.confused]
        if measured
        else [],
        "answers": _answers(work, names, intent),
        "text_form": TextForm(initial={"text": said}) if said else None,
        "details_form": DetailsForm(initial=entry) if entry and intent == topic else None,
        "choices": learning.choices(names, known),
    }
    return render(request, "training/topic.html", context | more, status=status)


def _silence(intent: str) -> str:
    return f"utter_not_stated_{intent.replace('.', '_')}"


def _answers(work: Path, names: Names, intent: str) -> list[dict[str, Any]]:
    found = []
    for pool in pools.names(work):
        answers = pools.answers(work, pool)
        if intent in answers:
            found.append({"pool": pool, "name": names.pool(pool), **answering.shown(answers[intent])})
    return found


@require_POST
@desk.readable
def change_examples(request: HttpRequest, intent: str) -> HttpResponse:
    """Delete examples, or move them to another topic."""
    access.check(request, access.TRAIN)
    work = desk.reading(request)
    names, known = Names(work), examples.by_intent(work)
    lines = request.POST.getlist("example")
    target = learning.chosen(request.POST.get("topic", ""), names, known)
    if not lines:
        messages.error(request, "no_items")
    elif request.POST.get("do") == "move" and target in (None, intent):
        messages.error(request, "no_topic")
    else:
        try:
            with desk.editing(request, names.intent(intent)) as draft:
                if request.POST.get("do") == "move":
                    examples.move(draft.work, lines, intent, str(target))
                else:
                    examples.delete(draft.work, intent, lines)
        except (Refused, desk.Busy) as error:
            return _show(request, intent, 409, problems=desk.told(error, names))
    return redirect("topic", intent)


@require_http_methods(["GET", "POST"])
@desk.readable
def edit_example(request: HttpRequest, intent: str) -> HttpResponse:
    """Give an example another wording."""
    access.check(request, access.TRAIN)
    work = desk.reading(request)
    names, known = Names(work), examples.by_intent(work)
    old = request.GET.get("example", "")
    if old not in known.get(intent, ()):
        raise Http404
    row = learning.RowForm(request.POST or None, initial={"text": old}, pools={})
    status, problems = 200, []
    if request.method == "POST" and row.is_valid():
        new = row.cleaned_data["text"]
        others = {**known, intent: [line for line in known[intent] if line != old]}
        found = examples.advice(others, intent, new)
        row.advice = [words.advice(one, names) for one in found]
        row.is_refused = learning.refuses(found)
        if not row.is_refused and (not found or row.cleaned_data["anyway"]):
            try:
                with desk.editing(request, names.intent(intent)) as draft:
                    examples.edit(draft.work, intent, old, new)
                return redirect("topic", intent)
            except (Refused, desk.Busy) as error:
                problems = desk.told(error, names)
        status = 400
    context = {"tab": "topics", "intent": intent, "label": names.intent(intent), "row": row, "problems": problems}
    return render(request, "training/example.html", context, status=status)


@require_POST
@desk.readable
def change_topic(request: HttpRequest, intent: str) -> HttpResponse:
    """Change what is said where no page tells, or what a topic is called."""
    access.check(request, access.TRAIN)
    names = Names(desk.reading(request))
    is_text = "text" in request.POST
    form = TextForm(request.POST) if is_text else DetailsForm(request.POST)
    name = "text_form" if is_text else "details_form"
    if not form.is_valid():
        return _show(request, intent, 400, **{name: form})
    try:
        with desk.editing(request, names.intent(intent)) as draft:
            if is_text:
                texts.set_text(draft.work, _silence(intent), form.cleaned_data["text"])
            else:
                topics.set_details(draft.work, intent, form.cleaned_data)
    except (Refused, desk.Busy) as error:
        return _show(request, intent, 409, problems=desk.told(error, names), **{name: form})
    return redirect("topic", intent)


@require_http_methods(["GET", "POST"])
@desk.readable
def delete_topic(request: HttpRequest, intent: str) -> HttpResponse:
    """Delete a topic, once somebody has confirmed it."""
    access.check(request, access.TRAIN)
    names = Names(desk.reading(request))
    if intent not in names.labels:
        raise Http404
    problems: list[str] = []
    if request.method == "POST":
        try:
            with desk.editing(request, names.intent(intent)) as draft:
                topics.remove(draft.work, intent)
            return redirect("topics")
        except (Refused, desk.Busy) as error:
            problems = desk.told(error, names)
    context = {"tab": "topics", "intent": intent, "label": names.intent(intent), "problems": problems}
    return render(request, "training/delete_topic.html", context, status=409 if problems else 200)
