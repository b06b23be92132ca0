"""Takes in a case: once, with its receipt and its notice, or not at all."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone as django_timezone

from puljeguiden import settings
from staff.cases import letters, trail
from staff.cases.models import Case, Event, reply_by


class NumberTaken(ValueError):
    """Another case has this number."""


def receive(given: dict[str, Any]) -> tuple[Case, bool]:
    """Store a case that `intake.read` returned, and return it, and whether it is new.

    Raises:
        NumberTaken: its number belongs to a case with another key.
    """
    if known := Case.objects.filter(key=given["key"]).first():
        return known, False
    created = datetime.fromisoformat(given["created"]).replace(tzinfo=timezone.utc)
    words = (given["number"], given["question"], given.get("name"), given.get("organisation"), given["email"])
    try:
        with transaction.atomic():
            case = Case.objects.create(
                **{**given, "pool": given["pool"] or "", "created": created},
                folded="\n".join(filter(None, words)).casefold(),
                reply_by=reply_by(django_timezone.localdate(), settings.get("PULJEGUIDEN_REPLY_DAYS")),
            )
            trail.record(case, None, Event.What.RECEIVED)
            letters.receipt(case)
            letters.notice(case)
            return case, True
    except IntegrityError:
        if known := Case.objects.filter(key=given["key"]).first():  # it came in twice at once
            return known, False
        raise NumberTaken(given["number"]) from None
