"""Why somebody looks at conversations, and the rows that say they did."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from staff.conversations.labels import Purpose
from staff.conversations.models import Conversation, Look

_STILL_THERE = timedelta(minutes=10)
_SESSION = "purpose"


def purpose(request: HttpRequest) -> str:
    """Return why somebody looks at conversations in this session, in words; an empty text if they have not said."""
    name = chosen(request)
    return str(Purpose(name).label) if name else ""


def chosen(request: HttpRequest) -> str:
    """Return the name of the purpose that was chosen in this session; an empty text if none was."""
    name = request.session.get(_SESSION, "")
    return name if name in Purpose.values else ""


def choose(request: HttpRequest, name: str) -> None:
    """Remember for the session why somebody looks."""
    request.session[_SESSION] = name


def opened(request: HttpRequest, conversation: Conversation) -> None:
    """Write down that somebody opened a conversation, unless they did for the same purpose in the last minutes."""
    why, recently = purpose(request), timezone.now() - _STILL_THERE
    looks = Look.objects.filter(key=conversation.key, who=person(request), what=Look.What.OPENED, purpose=why)
    if not looks.filter(at__gt=recently).exists():
        record(request, conversation.key, Look.What.OPENED, why)


def record(request: HttpRequest, key: str, what: Look.What, why: str) -> None:
    """Write down what somebody did, and why; many conversations at once have no key."""
    Look.objects.create(key=key, who=person(request), what=what, purpose=why[:500])


def person(request: HttpRequest) -> User:
    """Return who asks. They are logged in, or they would not have come here."""
    assert isinstance(request.user, User)
    return request.user
