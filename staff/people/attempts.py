"""What is kept of logins that failed: the name that was tried, the address and the browser, for a day at most."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.http import HttpRequest
from django.utils import timezone

from puljeguiden.masking import mask_cpr

_KEPT = timedelta(days=1)


def name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """Return the name that somebody tried, without a CPR number."""
    given = (credentials or request.POST).get("username")
    return mask_cpr(given) if isinstance(given, str) else None


def forget_form(instance: AccessAttempt, **_: Any) -> None:
    """Leave out what was filled in: people type passwords into wrong fields."""
    instance.get_data = instance.post_data = ""


def forget_old() -> None:
    """Delete what no longer slows anybody down."""
    AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - _KEPT).delete()
