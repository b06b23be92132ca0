"""What a pool's page answers to a question: the form for it, beside the page's text to pick quotes from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from puljeguiden.danish import squeeze
from puljeguiden.editing import Refused, pools
from puljeguiden.evidence import proves
from puljeguiden.facts import NOT_STATED, STATED, read_yaml
from staff import access
from staff.training import desk
from staff.training.forms import AnswerForm, Rounds, WhoRows
from staff.training.words import Names, words

_DEADLINE, _ELIGIBILITY = "deadline", "eligibility"


class Answering:
    """The forms for one answer, filled with what stands there, or with what somebody sent."""

    def __init__(self, work: Path, question: str, fact: Any, prefix: str, data: Any = None) -> None:
        self.question, self.fact = question, fact
        given = dict(fact) if isinstance(fact, Mapping) else {"state": fact}
        self.form = AnswerForm(data, initial=given, prefix=prefix)
        self.rounds = self.who = None
        if question == _DEADLINE:
            initial = [_shown_round(one) for one in given.get("rounds", ())]
            self.rounds = Rounds(data, initial=initial, prefix=f"{prefix}-rounds")
        if question == _ELIGIBILITY:
            kinds = {kind: entry["plural"] for kind, entry in read_yaml(work / "data" / "applicants.yml").items()}
            rows = [
                {"may": may, "kind": one["kind"], "named": one["as"], "condition": one.get("condition", "")}
                for may in ("who", "excluded")
                for one in given.get(may, ())
            ]
            self.who = WhoRows(data, initial=rows, prefix=f"{prefix}-who", form_kwargs={"kinds": kinds})

    def is_valid(self) -> bool:
        """Return whether all of it can be read."""
        parts = [part for part in (self.form, self.rounds, self.who) if part is not None]
        return all(one.is_valid() for one in parts)

    def answer(self) -> Any:
        """Return the answer as `puljeguiden.editing` takes it."""
        given = self.form.cleaned_data
        rounds = [one for one in map(_round, self.rounds.cleaned_data) if one] if self.rounds else []
        who = self.who.cleaned_data if self.who else []
        return build(self.fact, given, rounds, who)


def build(old: Any, given: Mapping[str, Any], rounds: Sequence[Any] = (), who: Sequence[Mapping[str, Any]] = ()) -> Any:
    """Return an answer made of what a form says, and of what the form does not show but the old answer had."""
    state, text, quotes = given["state"], squeeze(given["text"]), [squeeze(quote) for quote in given["quotes"]]
    before = old if isinstance(old, Mapping) else {}
    made: dict[str, Any] = {"state": state}
    if text:
        made["text"] = text
    if text and text == before.get("text") and "short" in before:
        made["short"] = before["short"]
    if state == STATED:
        made |= {"rounds": rounds} if rounds else {}
        proof = " ".join(quotes)
        values = {name: value for name, value in before.get("values", {}).items() if _is_proven(value, proof)}
        made |= {"values": values} if values else {}
        for may in ("who", "excluded"):
            named = [_applicant(one) for one in who if one.get("kind") and one["may"] == may]
            made |= {may: named} if named else {}
    if "also" in before:
        made["also"] = before["also"]
    if quotes:
        made["quotes"] = quotes
    return NOT_STATED if made == {"state": NOT_STATED} else made


def _is_proven(value: Any, proof: str) -> bool:
    return all(proves(one, proof) for one in (value if isinstance(value, list) else [value]))


def _applicant(given: Mapping[str, Any]) -> dict[str, str]:
    made = {"kind": given["kind"], "as": squeeze(given["named"])}
    return {**made, "condition": squeeze(given["condition"])} if given["condition"].strip() else made


def _round(given: Mapping[str, Any]) -> dict[str, Any] | None:
    day = given.get("day")
    if not day:
        return None
    made: dict[str, Any] = {"name": squeeze(given["name"])} if given["name"].strip() else {}
    made |= {"date": day.isoformat()} if isinstance(day, date) else {"day": day[0], "month": day[1]}
    made |= {"time": given["time"]} if given["time"] else {}
    return made | ({"extended_from": given["extended_from"].isoformat()} if given["extended_from"] else {})


def _shown_round(one: Mapping[str, Any]) -> dict[str, str]:
    day = _shown_day(one["date"]) if "date" in one else f"{one['day']}.{one['month']}."
    extended = _shown_day(one["extended_from"]) if "extended_from" in one else ""
    return {"day": day, "time": one.get("time", ""), "name": one.get("name", ""), "extended_from": extended}


def _shown_day(day: Any) -> str:
    found = date.fromisoformat(str(day))
    return f"{found.day}.{found.month}.{found.year}"


@require_http_methods(["GET", "POST"])
@desk.readable
def answer(request: HttpRequest, pool: str, question: str) -> HttpResponse:
    """Change what a pool's page answers to a question."""
    access.check(request, access.TRAIN)
    work = desk.reading(request)
    names, known = Names(work), pools.answers(work, pool)
    if question not in known:
        raise Http404
    forms = Answering(work, question, known[question], "a", request.POST or None)
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        status = 400
        if forms.is_valid():
            try:
                with desk.editing(request, f"{names.pool(pool)}: {names.intent(question)}") as draft:
                    pools.set_answer(draft.work, pool, question, forms.answer())
                return redirect(
                    "topic" if request.GET.get("from") == "topic" else "pool", _back(request, pool, question)
                )
            except (Refused, desk.Busy) as error:
                problems = desk.told(error, names)
    context = {
        "tab": "pools",
        "pool": pool,
        "pool_name": names.pool(pool),
        "question": question,
        "label": names.intent(question),
        "answering": forms,
        "page_text": marked(page_text(work, pool), forms.form["quotes"].value() or ()),
        "problems": problems,
    }
    return render(request, "training/answer.html", context, status=status)


def _back(request: HttpRequest, pool: str, question: str) -> str:
    return question if request.GET.get("from") == "topic" else pool


def page_text(work: Path, pool: str) -> str:
    """Return a pool's page as we have it."""
    return (work / pools.page(pool)).read_text(encoding="utf-8")


def marked(text: str, quotes: Any) -> list[tuple[str, bool]]:
    """Return a page in pieces, and of each whether it is quoted."""
    lines = quotes.splitlines() if isinstance(quotes, str) else quotes
    patterns = [r"\s+".join(map(re.escape, quote.split())) for quote in lines if quote.strip()]
    spans = sorted(match.span() for pattern in patterns for match in re.finditer(pattern, text))
    pieces, at = [], 0
    for start, end in spans:
        if end <= at:
            continue
        pieces += [(text[at : max(start, at)], False), (text[max(start, at) : end], True)]
        at = end
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]


def shown(answer: Any) -> dict[str, Any]:
    """Return an answer as lists show it."""
    given = answer if isinstance(answer, Mapping) else {"state": answer}
    rounds = [
        " ".join(filter(None, (one["name"], one["day"], one["time"])))
        for one in map(_shown_round, given.get("rounds", ()))
    ]
    return {
        "state": given["state"],
        "state_label": words()["states"][given["state"]],
        "text": given.get("text", "") or ", ".join(rounds),
        "quotes": given.get("quotes", ()),
    }
