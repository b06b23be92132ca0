"""Logs that never hold what a citizen wrote."""

from __future__ import annotations

import logging

import structlog

from puljeguiden import logs

_QUIET = ("rasa", "rasa_sdk", "apscheduler", "tensorflow", "matplotlib")


def configure(level: str = "") -> None:
    """Send our logs to standard error; Rasa's and other libraries' only when something is wrong."""
    logs.configure(level)
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
