"""Logs tell where something failed, never what somebody wrote."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

from puljeguiden.logs import JsonFormatter, PrivateFormatter
from tests.conftest import ROOT


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


def test_a_cpr_number_that_a_library_logs_is_masked() -> None:
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, "Not Found: %s", ("/sager/010190-1234",), None)
    line = PrivateFormatter("%(asctime)s %(message)s").format(record)
    assert line.endswith("Not Found: /sager/[CPR-nummer fjernet]")


def test_of_what_rasa_logs_only_warnings_are_kept_and_only_their_names() -> None:
    script = """
import structlog
from rasa_project import logs
logs.configure("DEBUG")
log = structlog.get_logger("rasa.core.processor")
log.debug("processor.message.parse", text="kanelsnegl")
log.warning("processor.warned", text="kanelsnegl")
try:
    raise ValueError("kanelsnegl")
except ValueError:
    log.exception("processor.failed", text="kanelsnegl")
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = done.stderr.splitlines()
    assert [line.split()[-1] for line in lines] == ["processor.warned", "processor.failed"]
    assert "kanelsnegl" not in done.stderr + done.stdout


def test_for_programs_each_line_is_one_object_without_what_an_exception_says() -> None:
    try:
        raise ValueError("min hemmelighed er kanelsnegl")
    except ValueError:
        record = logging.LogRecord("x.y", logging.ERROR, __file__, 1, "turn of %s\nfailed", ("æ",), sys.exc_info())
    line = JsonFormatter().format(record)
    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["logger"], told["message"]) == ("ERROR", "x.y", "turn of æ\nfailed")
    assert told["at"].endswith("+00:00")
    assert "ValueError" in told["exception"]
    assert "kanelsnegl" not in line
