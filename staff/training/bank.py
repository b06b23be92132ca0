"""The pages of the model bank: which models there are, how good they are, and the way back to one."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from puljeguiden import bank
from puljeguiden.bank import BankError, Card
from puljeguiden.model import NoModel
from staff import access
from staff.cases.forms import shown_name
from staff.training import reports, trail
from staff.training.forms import ReasonForm
from staff.training.models import Deed
from staff.training.reports import Share


@require_GET
def list_models(request: HttpRequest) -> HttpResponse:
    """List the models, the newest first."""
    access.check(request, access.TRAIN)
    live = _live()
    context = {"tab": "models", "models": [_shown(card, live) for card in bank.models()]}
    return render(request, "training/models.html", context)


@require_GET
def show_model(request: HttpRequest, version: str) -> HttpResponse:
    """Show what is known of one model."""
    access.check(request, access.TRAIN)
    context = {"tab": "models", "model": _shown(_card(version), _live()), "report": reports.shown(version)}
    return render(request, "training/model.html", context)


@require_http_methods(["GET", "POST"])
def roll_back(request: HttpRequest, version: str) -> HttpResponse:
    """Put an earlier model live, once confirmed."""
    access.check(request, access.PUBLISH)
    card = _card(version)
    form = ReasonForm(request.POST or None)
    is_broken = False
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            bank.publish(version, shown_name(trail.person(request)), reason)
        except BankError:
            is_broken = True
        else:
            trail.record(request, Deed.What.ROLLED_BACK, f"{version}: {reason}")
            messages.success(request, "rolled_back")
            return redirect("models")
    context = {"tab": "models", "model": _shown(card, _live()), "form": form, "is_broken": is_broken}
    return render(request, "training/rollback.html", context, status=409 if is_broken else 400 if form.errors else 200)


def _live() -> str | None:
    try:
        return bank.live()
    except NoModel:
        return None


def _card(version: str) -> Card:
    """Return a model's card.

    Raises:
        Http404: there is no such model.
    """
    found = next((card for card in bank.models() if card.version == version), None)
    if found is None:
        raise Http404
    return found


def _shown(card: Card, live: str | None) -> dict[str, Any]:
    return {
        "version": card.version,
        "is_live": card.version == live,
        "trained": _moment(card.trained),
        "commit": card.commit,
        "refused": card.refused,
        "figures": {name: Share(**count) for name, count in card.figures.items()},
        "publications": [
            {"at": _moment(one.at), "who": one.who, "note": one.note, "override": one.override}
            for one in reversed(card.publications)
        ],
    }


def _moment(text: str) -> datetime | None:
    """Return a moment of the bank, which writes UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc) if text else None
