"""Logs tell where something failed, never what somebody wrote."""

from __future__ import annotations

import logging
import sys

from puljeguiden.logs import PrivateFormatter


def test_an_exception_is_logged_by_kind_and_place_and_not_by_its_message() -> None:
    try:
        raise ValueError("min hemmelighed er kanelsnegl")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "turn failed", None, sys.exc_info())
    line = PrivateFormatter("%(message)s").format(record)
    assert "turn failed" in line
    assert "ValueError" in line
    assert "test_logs.py" in line
    assert "kanelsnegl" not in line
