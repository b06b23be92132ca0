"""`make run` starts the staff service with all around it, and stops all of it."""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from puljeguiden.outbox import Outbox
from tests.cases import case
from tests.conftest import ROOT, Running, wait_for
from tests.staff.service import Service


def test_a_case_reaches_whoever_logs_in_with_the_password_that_was_printed(assistant: Running) -> None:
    printed = re.search(r"First staff account: (\S+), password (\S+) \(shown this once\)", assistant.output())
    assert printed
    assert assistant.staff_url in assistant.output()
    staff = requests.Session()
    door = f"{assistant.staff_url}/log-ind/"
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', staff.get(door, timeout=10).text)
    assert token
    form = {"username": printed[1], "password": printed[2], "csrfmiddlewaretoken": token[1]}
    assert staff.post(door, form, timeout=10).url.endswith("/sager/")
    number = Outbox(f"sqlite:///{assistant.var}/outbox.db").submit(case())
    wait_for(lambda: number in staff.get(f"{assistant.staff_url}/sager/", timeout=10).text)
    wait_for(lambda: list((assistant.var / "mail").glob("*")))


def test_the_first_account_is_made_once(service: Service) -> None:
    assert service.prepare() == ""


def test_what_a_visitor_writes_shows_to_staff_masked_and_goes_when_they_delete_it(assistant: Running) -> None:
    sender = f"besoegende-{secrets.token_hex(12)}"
    doors = f"{assistant.url}/webhooks/rest"
    message = {"sender": sender, "message": "Hvad er fristen for handlingsplanerne? 010190-1234"}
    (reply,) = requests.post(f"{doors}/webhook", json=message, timeout=30).json()
    rating = {"sender": sender, "answer": reply["custom"]["answer"]["id"], "useful": False, "reason": "forkert"}
    assert requests.post(f"{doors}/feedback", json=rating, timeout=10).json() == {"stored": True}

    def copy() -> list[Any]:
        with sqlite3.connect(assistant.var / "staff.db", timeout=20) as database:
            joined = "conversations_turn t join conversations_answer a on a.turn_id = t.id"
            query = (
                f"select t.question, t.intent, t.useful, t.reason, a.topic, a.status from {joined} where a.number = ?"
            )
            return database.execute(query, (rating["answer"],)).fetchall()

    shown = "Hvad er fristen for handlingsplanerne? [CPR-nummer fjernet]"
    wait_for(lambda: copy() == [(shown, "deadline", 0, "forkert", "deadline", "stated")])
    assert requests.post(f"{doors}/delete", json={"sender": sender}, timeout=10).json() == {"deleted": True}
    wait_for(lambda: copy() == [])


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"PULJEGUIDEN_STAFF_HOST": "0.0.0.0"}, "PULJEGUIDEN_STAFF_PUBLIC_URL"),
        ({"PULJEGUIDEN_STAFF_HOST": "0.0.0.0", "PULJEGUIDEN_STAFF_PUBLIC_URL": "http://x.dk"}, "https://"),
        ({"PULJEGUIDEN_STAFF_DATABASE_URL": "mysql://x/y"}, "postgresql://"),
        ({"PULJEGUIDEN_HOST": "0.0.0.0", "PULJEGUIDEN_STAFF_TOKEN": "token"}, "PULJEGUIDEN_STAFF_TOKEN"),
        ({"PULJEGUIDEN_ADMIN_PASSWORD": "kodeord"}, "PULJEGUIDEN_ADMIN_PASSWORD"),
        ({"PULJEGUIDEN_CASE_ADDRESSES": "kommunale-handlingsplaner.subject=pulje@siri.dk"}, "pulje@siri.dk"),
        ({"PULJEGUIDEN_CASE_ADDRESSES": "gone.subject=a@example.org"}, "gone.subject"),
    ],
)
def test_what_would_be_unsafe_stops_the_start(tmp_path: Path, environment: dict[str, str], word: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "staff", "prepare"],
        cwd=ROOT,
        env={**os.environ, "PULJEGUIDEN_VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode
    assert word in done.stderr
    assert "Traceback" not in done.stderr
