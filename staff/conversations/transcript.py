"""One conversation: reading it, saying what one thinks of its answers, and handing messages on to trainers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from staff import access
from staff.cases import names
from staff.conversations import attention, labels, looks, paging, unmasked
from staff.conversations.forms import FilterForm, ReasonForm, VerdictForm
from staff.conversations.models import Answer, Conversation, Look, Proposal, Turn, Verdict
from staff.conversations.views import chosen, to


@require_GET
def show_conversation(request: HttpRequest, key: str) -> HttpResponse:
    """Show a conversation to those who have said why they look, and note that they did."""
    conversation = get_conversation(request, key, access.VIEW_CONVERSATIONS)
    if not looks.purpose(request):
        return redirect(f"{reverse('purpose')}?next={quote(request.get_full_path())}")
    looks.opened(request, conversation)
    return _show(request, conversation)


@require_POST
def unmask(request: HttpRequest, key: str) -> HttpResponse:
    """Show a conversation as it was written, to those who may and say why; note both."""
    conversation = get_conversation(request, key, access.UNMASK_CONVERSATIONS)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, conversation, 400, reason_form=form)
    looks.record(request, key, Look.What.UNMASKED, form.cleaned_data["reason"])
    return _show(request, conversation, texts=unmasked.texts(conversation), is_unmasked=True)


@require_POST
def judge(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Keep what a reviewer thinks of an answer."""
    conversation, turn = _turn(request, key, number)
    verdict = Verdict.objects.filter(turn=turn).first() or Verdict(turn=turn)
    form = VerdictForm(request.POST, instance=verdict, auto_id=f"id_{number}_%s")
    if not form.is_valid():
        return _show(request, conversation, 400, wrong={turn.number: form})
    with transaction.atomic():
        form.instance.author = looks.person(request)
        verdict = form.save()
        if verdict.topic:
            turn.proposals.filter(state=Proposal.State.NEW).update(topic=verdict.topic)
    messages.success(request, "judged")
    return to("conversation", key, query=chosen(request).urlencode(), place=f"tur-{number}")


@require_POST
def propose(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Propose a message to the trainers, as it is masked. Proposed twice, it is there once."""
    _, turn = _turn(request, key, number)
    use = request.POST.get("use", "")
    if use in Proposal.Use.values:
        verdict, answer = Verdict.objects.filter(turn=turn).first(), turn.answers.first()
        content = {
            "text": turn.question,
            "topic": (verdict.topic if verdict else "") or (answer.topic if answer else ""),
            "pool": answer.pool if answer else "",
            "status": answer.status if answer else "",
            "author": looks.person(request),
        }
        Proposal.objects.get_or_create(use=use, turn=turn, defaults=content)
        messages.success(request, "proposed")
    return to("conversation", key, query=chosen(request).urlencode(), place=f"tur-{number}")


@require_POST
def review(request: HttpRequest, key: str) -> HttpResponse:
    """Mark a conversation as reviewed and go to the next one; or take the mark back."""
    conversation = get_conversation(request, key, access.REVIEW_CONVERSATIONS)
    query = chosen(request).urlencode()
    is_reviewed = request.POST.get("reviewed") == "yes"
    following = _neighbour(request, conversation)
    conversation.reviewed = is_reviewed
    conversation.attention = 0 if is_reviewed else attention.score(conversation)
    conversation.save(update_fields=("reviewed", "attention"))
    messages.success(request, "reviewed" if is_reviewed else "not_reviewed")
    if not is_reviewed:
        return to("conversation", key, query=query)
    return to("conversation", following.key, query=query) if following else to("conversations", query=query)


def get_conversation(request: HttpRequest, key: str, permission: str) -> Conversation:
    """Return a conversation that somebody may touch in the way a permission says.

    Raises:
        PermissionDenied: they may not.
        Http404: there is no such conversation.
    """
    access.check(request, permission)
    return get_object_or_404(Conversation, key=key)


def _turn(request: HttpRequest, key: str, number: int) -> tuple[Conversation, Turn]:
    conversation = get_conversation(request, key, access.REVIEW_CONVERSATIONS)
    return conversation, get_object_or_404(conversation.turns, number=number)


def _show(
    request: HttpRequest,
    conversation: Conversation,
    status: int = 200,
    wrong: dict[int, VerdictForm] | None = None,
    texts: unmasked.Texts | None = None,
    **context: Any,
) -> HttpResponse:
    context = {
        "conversation": conversation,
        "turns": [_shown(turn, (wrong or {}).get(turn.number), texts) for turn in _turns(conversation)],
        "following": _neighbour(request, conversation),
        "preceding": _neighbour(request, conversation, backwards=True),
        "query": chosen(request).urlencode(),
        "purpose": looks.purpose(request),
        "reason_form": ReasonForm(),
        "is_unreachable": texts is None,
        "path": request.get_full_path()
        if request.method == "GET"
        else reverse("conversation", args=[conversation.key]),
        **context,
    }
    return render(request, "conversations/conversation.html", context, status=status)


def _turns(conversation: Conversation) -> list[Turn]:
    found = conversation.turns.select_related("verdict__author")
    return list(found.prefetch_related("answers", "proposals"))


def _shown(turn: Turn, form: VerdictForm | None, texts: unmasked.Texts | None) -> dict[str, Any]:
    verdict = getattr(turn, "verdict", None)
    question, reply = (texts or {}).get(turn.event, ("", ""))
    return {
        "turn": turn,
        "intent": labels.topic(turn.intent),
        "runner_up": labels.topic(turn.runner_up),
        "answers": [_answer(answer) for answer in turn.answers.all()],
        "verdict": verdict,
        "verdict_topic": labels.topic(verdict.topic) if verdict and verdict.topic else "",
        "form": form or VerdictForm(instance=verdict, auto_id=f"id_{turn.number}_%s"),
        "uses": [
            (use, label, use in {proposal.use for proposal in turn.proposals.all()})
            for use, label in Proposal.Use.choices
        ],
        "question": question or turn.question,
        "reply": reply or turn.reply,
        "is_gone": texts is not None and turn.event not in texts,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "status_label": labels.status(answer.status),
        "topic": labels.topic(answer.topic),
        "pool": names.pool(answer.pool) if answer.pool else "",
        "sources": [{**source, "updated_on": names.day(source.get("updated"))} for source in answer.sources],
    }


def _neighbour(request: HttpRequest, at: Conversation, backwards: bool = False) -> Conversation | None:
    form = FilterForm(request.GET)
    return next(iter(paging.take(form.chosen(), form.sorting(), 1, at, backwards)), None)
