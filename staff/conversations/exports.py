"""Conversations as a table for spreadsheets, turn by turn, however many there are."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from staff import access
from staff.cases import names
from staff.conversations import labels, looks, paging
from staff.conversations.forms import FilterForm, PurposeForm
from staff.conversations.models import Answer, Conversation, Look, Turn, Verdict
from staff.conversations.views import chosen

_AT_A_TIME = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# The columns, by the fields that name them.
_COLUMNS: tuple[tuple[type[Model], str], ...] = (
    (Conversation, "key"),
    *((Turn, name) for name in ("number", "at", "question", "reply")),
    *((Answer, name) for name in ("pool", "topic", "status")),
    *((Turn, name) for name in ("intent", "confidence", "runner_up", "margin", "model", "milliseconds", "repeats")),
    *((Turn, name) for name in ("useful", "reason", "case")),
    *((Verdict, name) for name in ("what", "topic", "comment")),
    (Conversation, "reviewed"),
)


@require_POST
def download(request: HttpRequest) -> HttpResponseBase:
    """Give the turns of the conversations that fit search and filters as CSV, and note who took them and why."""
    access.check(request, access.EXPORT_CONVERSATIONS)
    purpose = PurposeForm(request.POST)
    if not purpose.is_valid():
        return redirect("conversations")
    looks.choose(request, purpose.cleaned_data["purpose"])
    looks.record(request, "", Look.What.EXPORTED, f"{looks.purpose(request)} ({chosen(request).urlencode()})")
    rows = _rows(FilterForm(request.GET))
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="samtaler-{timezone.localdate()}.csv"'
    return response


def safe(value: Any) -> str:
    """Return a cell's text, which no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    is_formula = isinstance(value, str) and text.lstrip(" ").startswith(_FORMULA)
    return f"'{text}" if is_formula else text


def _lines(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Yield rows as Danish spreadsheets read them: semicolons, and a mark that says UTF-8."""
    yield codecs.BOM_UTF8
    # `csv` writes to a file; this one gives back what is written.
    writer = csv.writer(_Echo(), delimiter=";")
    for row in rows:
        yield writer.writerow(row)


class _Echo:
    def write(self, text: str) -> bytes:
        return text.encode()


def _rows(form: FilterForm) -> Iterator[list[str]]:
    yield [str(getattr(model._meta.get_field(name), "verbose_name", name)) for model, name in _COLUMNS]
    found, order = form.chosen(), form.sorting()
    page = paging.page(found, order, _AT_A_TIME)
    while True:
        yield from _page(page.conversations)
        if not page.after:
            return
        page = paging.page(found, order, _AT_A_TIME, after=page.conversations[-1].key)


def _page(conversations: list[Conversation]) -> Iterator[list[str]]:
    turns: dict[int, list[Turn]] = {conversation.pk: [] for conversation in conversations}
    for turn in Turn.objects.filter(conversation__in=turns).select_related("verdict").prefetch_related("answers"):
        turns[turn.conversation_id].append(turn)
    for conversation in conversations:
        for turn in turns[conversation.pk]:
            yield [safe(cell) for cell in _cells(conversation, turn)]


def _cells(conversation: Conversation, turn: Turn) -> Iterator[Any]:
    verdict, answers = getattr(turn, "verdict", None), list(turn.answers.all())
    yield conversation.key
    yield turn.number
    yield timezone.localtime(turn.at).isoformat(timespec="seconds")
    yield turn.question
    yield turn.reply
    yield _joined(names.pool(answer.pool) for answer in answers if answer.pool)
    yield _joined(labels.topic(answer.topic) for answer in answers)
    yield _joined(labels.status(answer.status) for answer in answers)
    yield labels.topic(turn.intent)
    yield _decimal(turn.confidence)
    yield labels.topic(turn.runner_up)
    yield _decimal(turn.margin)
    yield turn.model
    yield turn.milliseconds
    yield int(turn.repeats)
    yield None if turn.useful is None else int(turn.useful)
    yield turn.reason
    yield turn.case
    yield verdict.get_what_display() if verdict else ""
    yield labels.topic(verdict.topic) if verdict and verdict.topic else ""
    yield verdict.comment if verdict else ""
    yield int(conversation.reviewed)


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(texts))


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".replace(".", ",")
