"""Delivers cases from the outbox to the staff service until stopped, and watches the pools' pages meanwhile."""

from __future__ import annotations

import signal
import threading

from puljeguiden import logs, outbox, secret, settings
from puljeguiden.commands import watch
from puljeguiden.delivery import Courier

HELP = "deliver cases from the outbox to the staff service, and watch the pools' pages, until stopped"


def main() -> int:
    """Return when stopped."""
    logs.configure()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: stop.set())
    # One process the fewer: the courier sleeps most of the time.
    threading.Thread(target=watch.keep_looking, args=(stop,), name="watch", daemon=True).start()
    days = settings.get("PULJEGUIDEN_OUTBOX_DAYS")
    Courier(outbox.current(), settings.staff_url(), secret.staff_token(), days).run(stop)
    return 0
