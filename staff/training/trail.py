"""Writes down who did what to the assistant. Everything that changes it calls this."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest

from staff.training.models import Deed


def record(request: HttpRequest, what: Deed.What, detail: str = "") -> None:
    """Add a line to the trail."""
    Deed.objects.create(who=person(request), what=what, detail=detail[:500])


def person(request: HttpRequest) -> User:
    """Return who asks. They are logged in, or they would not have come here."""
    assert isinstance(request.user, User)
    return request.user
