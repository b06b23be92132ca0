"""Delivers cases from the outbox to the staff service until stopped."""

from __future__ import annotations

import logging
import signal
import threading

from puljeguiden import outbox, secret, settings
from puljeguiden.delivery import Courier

HELP = "deliver cases from the outbox to the staff service until stopped"


def main() -> int:
    """Return when stopped."""
    logging.basicConfig(level=settings.get("PULJEGUIDEN_LOG_LEVEL"), format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: stop.set())
    days = settings.get("PULJEGUIDEN_OUTBOX_DAYS")
    Courier(outbox.current(), settings.staff_url(), secret.staff_token(), days).run(stop)
    return 0
