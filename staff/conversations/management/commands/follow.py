"""Copies conversations into the staff database until stopped, and deletes daily what has been kept for long enough."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from puljeguiden import heartbeat
from puljeguiden.database import Unavailable
from staff.conversations import retention
from staff.conversations.follower import OtherStore, follow
from staff.conversations.raw import store

logger = logging.getLogger(__name__)

_POLL = 1.0
_MANY = 250  # events; more are waiting
_BREATH = 0.02  # SQLite lets others write only when nobody does
_AFTER_TROUBLE = 10.0
_DAY = 86_400.0


class Command(BaseCommand):
    """Follow the tracker store until stopped."""

    help = __doc__
    requires_system_checks = ()  # `prepare` has made them

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--once", action="store_true", help="stop when everything is copied")

    def handle(self, *_: Any, once: bool = False, **__: Any) -> None:
        """Run the command."""
        if once:
            while follow(store()):
                pass
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _signal, _frame: stop.set())
        delete_at = 0.0
        while not stop.is_set():
            heartbeat.beat("follow")
            try:
                read = follow(store())
                if read < _MANY and time.monotonic() >= delete_at:
                    retention.run()
                    delete_at = time.monotonic() + _DAY
                pause = _BREATH if read >= _MANY else _POLL  # many turns at once cost less than one by one
            except OtherStore:
                logger.error("the tracker store is not the one that was read before: nothing is copied from it")
                pause = _AFTER_TROUBLE
            except (DatabaseError, Unavailable) as error:
                logger.error("conversations wait: %s", type(error).__name__)
                connection.close()
                pause = _AFTER_TROUBLE
            stop.wait(pause)
        heartbeat.rest("follow")
