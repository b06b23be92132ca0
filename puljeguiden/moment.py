"""The one door to the clock: what time it is in Denmark, and when something was stored."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from puljeguiden import settings

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """Return the moment answers are given for, in Danish local time without a time zone."""
    return settings.get("PULJEGUIDEN_TODAY") or datetime.now(COPENHAGEN).replace(tzinfo=None)


def utc() -> datetime:
    """Return the real moment in UTC, without a time zone: for what is stored, whatever day answers are given for."""
    return datetime.now(timezone.utc).replace(tzinfo=None)
