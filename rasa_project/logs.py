"""Logs that never hold what a citizen wrote."""

from __future__ import annotations

import logging
import sys

import structlog

from puljeguiden.logs import PrivateFormatter

_QUIET = ("rasa", "rasa_sdk", "sanic", "apscheduler", "tensorflow", "matplotlib", "sqlalchemy", "asyncio", "urllib3")


def configure(level: str) -> None:
    """Send our logs to standard error at a level; other libraries only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PrivateFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Rasa logs messages' text through structlog; only the names of its events are kept.
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _only_the_event],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,
    )


def _only_the_event(_logger: object, _method: str, event: structlog.typing.EventDict) -> str:
    return str(event.get("event", ""))
