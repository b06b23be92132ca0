"""Logs that never hold what a citizen wrote."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

from puljeguiden.masking import mask_cpr


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
