"""Sends queued mails until stopped."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from puljeguiden import heartbeat
from staff.cases.postman import send_due

logger = logging.getLogger(__name__)

_POLL = 1.0
_AFTER_TROUBLE = 10.0


class Command(BaseCommand):
    """Send queued mails until stopped."""

    help = __doc__
    requires_system_checks = ()  # `prepare` has made them

    def handle(self, *_: Any, **__: Any) -> None:
        """Run the command."""
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _signal, _frame: stop.set())
        while not stop.is_set():
            heartbeat.beat("mail")
            try:
                pause = 0.0 if send_due() else _POLL
            except DatabaseError as error:
                logger.error("mails wait: %s", type(error).__name__)
                connection.close()
                pause = _AFTER_TROUBLE
            stop.wait(pause)
        heartbeat.rest("mail")
