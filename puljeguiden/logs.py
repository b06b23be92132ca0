"""Logs that never hold what a citizen wrote."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import datetime, timezone
from types import TracebackType

from puljeguiden import settings
from puljeguiden.masking import mask_cpr

_LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"


class PrivateFormatter(logging.Formatter):
    """Writes where an exception was raised, not its message: that may quote a message. And no CPR number, wherever from."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = mask_cpr(record.message)  # libraries log addresses that somebody asked for
        return super().formatMessage(record)

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _, trace = ei
        frames = "".join(f"\n  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace))
        return f"{kind.__name__ if kind else 'no exception'}{frames}"


class JsonFormatter(PrivateFormatter):
    """The same as one JSON object a line, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname, "logger": record.name, "message": mask_cpr(record.getMessage())}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def formatter() -> logging.Formatter:
    """Return the formatter that the settings ask for."""
    return JsonFormatter() if settings.get("PULJEGUIDEN_LOG_FORMAT") == "json" else PrivateFormatter(_LINE)


def configure(level: str = "") -> None:
    """Send our logs to standard error, from the settings' level on or another; other libraries' only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level or settings.get("PULJEGUIDEN_LOG_LEVEL"))
    for name in ("urllib3", "sanic", "asyncio", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
