"""New examples: looking at what speaks against them, and adding them, with regression questions if wanted.

Messages from the inbox and lines somebody typed go the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from puljeguiden import answers, facts, moment
from puljeguiden.editing import Refused, examples
from puljeguiden.editing.examples import Advice
from puljeguiden.editing.files import refuse
from puljeguiden.evaluation import questions
from puljeguiden.evaluation.questions import Answer, Question
from staff import access
from staff.conversations.models import Proposal
from staff.training import desk, inbox, trail, words
from staff.training.models import Deed
from staff.training.words import Names

MANY = 100
_NEVER = ("personal_data", "masked", "duplicate")
# What is always answered alike, whatever the pool.
_FIXED = {
    "chitchat": Answer("", "chitchat", "chitchat"),
    "concern": Answer("", "concern", "handoff"),
    "handoff": Answer("", "handoff", "handoff"),
    "out_of_scope": Answer("", "out_of_scope", "out_of_scope"),
}
_OF_NO_POOL = ("overview.list", "overview.difference")
_ASKED_BACK_FROM = 3


class RowForm(forms.Form):
    """One message, and what it is to become."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label="Spørgsmål", max_length=1000, widget=forms.Textarea({"rows": 2}))
    example = forms.BooleanField(label="Læg i emnet som eksempel", required=False)
    test = forms.BooleanField(label="Også som regressionsspørgsmål", required=False)
    pool = forms.ChoiceField(label="Regressionsspørgsmålet handler om", required=False)
    before = forms.CharField(label="Skrevet lige før (kan stå tomt)", required=False, max_length=1000)
    anyway = forms.BooleanField(label="Tilføj alligevel", required=False)

    def __init__(self, *args: Any, pools: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pool"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Alle puljer"), *pools.items()]
        self.advice: list[str] = []
        self.is_refused = False


Rows = formset_factory(RowForm, extra=0, max_num=inbox.NEWEST, absolute_max=inbox.NEWEST)


@require_POST
@desk.readable
def learn(request: HttpRequest) -> HttpResponse:
    """Show messages with what speaks against them as examples of a topic; add those that were confirmed."""
    access.check(request, access.TRAIN)
    work = desk.reading(request)
    names, known = Names(work), examples.by_intent(work)
    intent = chosen(request.POST.get("topic", ""), names, known)
    if intent is None:
        messages.error(request, "no_topic")
        return _away(request)
    if request.POST.get("step") != "save":
        rows = Rows(initial=_start(request), prefix="r", form_kwargs={"pools": names.pools})
        _advise(rows, [row.initial.get("text", "") for row in rows], known, intent, names)
        return _show(request, intent, rows, names)
    rows = Rows(request.POST, prefix="r", form_kwargs={"pools": names.pools})
    if not rows.is_valid():
        return _show(request, intent, rows, names, 400)
    given = [row.cleaned_data for row in rows]
    _advise(rows, [one.get("text", "") if one.get("example") else "" for one in given], known, intent, names)
    if any(row.is_refused or (row.advice and not one["anyway"]) for row, one in zip(rows, given, strict=True)):
        return _show(request, intent, rows, names, 400)
    try:
        _save(request, intent, given, names)
    except (Refused, desk.Busy) as error:
        return _show(request, intent, rows, names, 409, desk.told(error, names))
    return _away(request)


def _away(request: HttpRequest) -> HttpResponse:
    """Lead back to where somebody came from: a topic, or the inbox."""
    back = request.POST.get("back", "")
    return redirect("topic", back) if back in examples.by_intent(desk.reading(request)) else redirect("inbox")


def chosen(typed: str, names: Names, known: Iterable[str]) -> str | None:
    """Return the intent that somebody chose from the list, by what it is called or by its name."""
    by_label = choices(names, known)
    typed = typed.strip()
    return by_label.get(typed, typed if typed in by_label.values() else None)


def choices(names: Names, known: Iterable[str]) -> dict[str, str]:
    """Return all intents by what they are called, in the order of the alphabet."""
    return words.unique(sorted(((name, names.intent(name)) for name in known), key=lambda one: one[1]))


def _start(request: HttpRequest) -> list[dict[str, Any]]:
    lines = [line.strip() for line in request.POST.get("lines", "").splitlines() if line.strip()]
    found = [
        {
            "key": item.key,
            "text": item.text,
            "example": item.use == Proposal.Use.EXAMPLE,
            "test": item.use == Proposal.Use.TEST or "test" in request.POST,
            "pool": item.pool,
            "before": item.before,
        }
        for item in inbox.items(request.POST.getlist("item"))
    ]
    found += [{"text": line, "example": True} for line in dict.fromkeys(lines)]
    return found[:MANY]


def _advise(
    rows: BaseFormSet[RowForm],
    texts: Sequence[str],
    known: Mapping[str, Sequence[str]],
    intent: str,
    names: Names,
) -> None:
    for row, text in zip(rows, texts, strict=True):
        found = examples.advice(known, intent, text) if text else []
        row.advice = [words.advice(one, names) for one in found]
        row.is_refused = refuses(found)


def refuses(found: Iterable[Advice]) -> bool:
    """Return whether an example may not be added, whatever a trainer says."""
    return any(one.code in _NEVER for one in found)


def _show(
    request: HttpRequest,
    intent: str,
    rows: BaseFormSet[RowForm],
    names: Names,
    status: int = 200,
    problems: Sequence[str] = (),
) -> HttpResponse:
    context = {
        "tab": "inbox",
        "intent": intent,
        "label": names.intent(intent),
        "rows": rows,
        "can_be_asked": can_be_asked(intent),
        "problems": problems,
        "back": request.POST.get("back", ""),
    }
    return render(request, "training/learn.html", context, status=status)


def _save(request: HttpRequest, intent: str, given: Sequence[Mapping[str, Any]], names: Names) -> None:
    texts = [one["text"] for one in given if one["example"]]
    tests = [one for one in given if one["test"]]
    if texts or tests:
        with desk.editing(request, names.intent(intent)) as draft:
            wanted = [_question(draft.work, intent, one) for one in tests]
            if texts:
                examples.add(draft.work, intent, texts)
            for question in wanted:
                questions.add(draft.work / "data" / "tests", question)
            items = inbox.items(one["key"] for one in given if one["key"] and (one["example"] or one["test"]))
            desk.remember(draft, inbox.settle(items, Proposal.State.TAKEN, trail.person(request)))
        if items:
            trail.record(request, Deed.What.SORTED, f"{names.intent(intent)}: {len(items)}")


def can_be_asked(intent: str) -> bool:
    """Return whether a question about an intent can be expected to be answered in one way, by itself."""
    return intent.partition(".")[0] != "move" and intent not in _OF_NO_POOL


def _question(work: Path, intent: str, given: Mapping[str, Any]) -> Question:
    """Return a regression question, with the answers that are right by the draft's facts.

    Raises:
        Refused: its pool has to be said.
    """
    earlier = (given["before"],) if given["before"].strip() else ()
    topic = intent.partition(".")[0]
    if topic in _FIXED:
        return Question(given["text"], earlier, None, (_FIXED[topic],))
    known = facts.load(work / "data")
    pools = [given["pool"]] if given["pool"] else list(known.pools)
    if len(pools) >= _ASKED_BACK_FROM or not all(answers.can_answer(known.pools[pool], intent) for pool in pools):
        raise refuse("pool", "which_pool", "has to be said: the assistant would ask which one is meant")
    asked = answers.Asked(intent)
    gets = [answers.answer(known, known.pools[pool], asked, moment.now()) for pool in pools]
    right = tuple(Answer(one.pool or "", one.topic, one.status) for one in gets)
    return Question(given["text"], earlier, given["pool"] or None, right)
