"""Writes down who did what to a case. Everything that changes or shows a case calls this."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser, User
from django.forms import ModelForm
from django.utils import timezone

from staff.cases.forms import shown_name
from staff.cases.models import Case, Event

_STILL_THERE = timedelta(minutes=10)


def record(case: Case, who: AbstractUser | AnonymousUser | None, what: Event.What, detail: str = "") -> None:
    """Add a line to a case's trail; without a person, the service did it."""
    Event.objects.create(case=case, who=who if isinstance(who, User) else None, what=what, detail=detail[:500])


def opened(case: Case, who: AbstractUser | AnonymousUser) -> None:
    """Write down that somebody opened a case, unless they have been at it in the last minutes."""
    if not case.events.filter(who_id=who.pk, at__gt=timezone.now() - _STILL_THERE).exists():
        record(case, who, Event.What.OPENED)


def change(case: Case, **values: Any) -> str:
    """Change some of a case's fields, and return what that changed: «Status: Ny → Besvaret»."""
    before = {name: _reads(case, name) for name in values}
    for name, value in values.items():
        setattr(case, name, value)
    case.save(update_fields=values.keys())
    after = {name: _reads(case, name) for name in values}
    labels = {field.name: str(field.verbose_name).capitalize() for field in Case._meta.fields}
    return "; ".join(
        f"{labels[name]}: {before[name]} → {after[name]}" for name in values if before[name] != after[name]
    )


def _reads(case: Case, name: str) -> str:
    value = getattr(case, f"get_{name}_display", lambda: getattr(case, name))()
    return shown_name(value) if isinstance(value, User) else str(value or "–")


def changes(form: ModelForm) -> str:
    """Return what a form changed, in the words of its fields: «status: Ny → I gang»."""
    return "; ".join(
        f"{form[name].label}: {_shown(form, name, True)} → {_shown(form, name)}" for name in form.changed_data
    )


def _shown(form: ModelForm, name: str, before: bool = False) -> str:
    value = form.initial.get(name) if before else form.cleaned_data[name]
    choices = {str(key): str(label) for key, label in getattr(form.fields[name], "choices", ())}
    return choices.get(str(getattr(value, "pk", value) or ""), str(value or "–"))
