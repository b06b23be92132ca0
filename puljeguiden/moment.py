"""The one door to the clock: what time it is in Denmark."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from puljeguiden import settings

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """Return the moment answers are given for, in Danish local time without a time zone."""
    return settings.get("PULJEGUIDEN_TODAY") or datetime.now(COPENHAGEN).replace(tzinfo=None)
