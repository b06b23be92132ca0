"""The short form of `make trust`: hostile input at every door of the running assistant."""

from __future__ import annotations

import json
import os
import random
import re
import stat
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.conftest import ROOT, Running, running, wait_for
from tests.staff.service import PASSWORD
from tests.trust import commands, faults, planting, raw
from tests.trust.doors import Knocker
from tests.trust.load import Load

INPUTS = 600
FAULT_SECONDS = 12


def token(assistant: Running) -> str:
    """Return the token that lets cases in."""
    return (assistant.var / "staff_token").read_text(encoding="utf-8").strip()


def test_whatever_is_sent_gets_an_answer_that_is_described(assistant: Running) -> None:
    chance = random.randrange(2**32)
    knocker = Knocker(assistant.url, assistant.staff_url, token(assistant))
    knocker.try_all(INPUTS, chance)
    assert knocker.tally.wrong == [], f"made with {chance}"
    assert knocker.tally.sent.total() > INPUTS * 0.9
    assert {200, 201, 400, 404} <= set(knocker.tally.statuses)
    assert commands.accepted(assistant.var / "conversations.db") == []


def test_broken_http_breaks_nothing(assistant: Running) -> None:
    tally = Knocker(assistant.url, assistant.staff_url, token(assistant)).tally
    raw.try_all(assistant.port, b"/webhooks/rest/webhook", tally)
    raw.try_all(assistant.staff_port, b"/api/cases", tally)
    assert tally.wrong == []


@pytest.fixture(scope="module")
def own(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant that these tests may fill and break."""
    set_to = {"PULJEGUIDEN_ADMIN_PASSWORD": PASSWORD, "PULJEGUIDEN_MAIL_FROM": "pulje@example.org"}
    with running(tmp_path_factory.mktemp("own") / "var", **set_to) as assistant:
        yield assistant


def test_cpr_numbers_are_nowhere_and_names_only_where_the_data_map_says(own: Running) -> None:
    planter = planting.Planter(own)
    planter.plant()
    planter.plant_and_delete()
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "staff", "retention"],
        cwd=ROOT,
        env={**os.environ, "PULJEGUIDEN_VAR_DIR": str(own.var)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    assert [name for name, content in planting.files(own.var) if planting.cpr_in(content)] == []
    found = planting.with_words(own.var, planting.NAME, planting.ADDRESS, planting.CASE_NAME, planting.CASE_ADDRESS)
    assert {"conversations.db", "staff.db"} <= found
    assert planting.undocumented(found) == set()
    assert planting.unknown(own.var) == set()
    assert planting.with_words(own.var, *planting.GONE_NAME.split(), planting.GONE_ADDRESS) == set()


def test_a_number_that_is_there_is_found(tmp_path: Path) -> None:
    for spelling in (
        b"121154-3817",
        "121154-3817".encode("utf-16"),
        b64encode(b"nr. 121154-3817 og mere"),
        b"12.11.1954 3817",
    ):
        assert planting.cpr_in(b"abc" + spelling + b"def"), spelling
    assert not planting.cpr_in(b"121154-3818")
    (tmp_path / "conversations.db-wal").write_bytes(b"\0Zorblatta\0")
    assert planting.with_words(tmp_path, "Zorblatta") == {"conversations.db"}


def test_nobody_else_on_the_machine_reads_it(own: Running) -> None:
    assert stat.S_IMODE(own.var.stat().st_mode) == 0o700


def test_what_is_killed_paused_and_full_loses_and_doubles_nothing(own: Running) -> None:
    every = faults.Faults(own, faults.Mailbox()).all()
    chosen = [one for one in every if "mail" not in one[0] and one[0] != "assistant killed"]
    told = faults.run(own, chosen, FAULT_SECONDS, random.randrange(2**32), fewest=3)
    assert (told["broken"], told["wrong"]) == ([], []), told
    assert min(told["promised"].values()) > 0
    assert sum(told["faults"].values()) >= 3


def test_what_was_lost_or_doubled_is_noticed(own: Running) -> None:
    with Load(own, visitors=1, pause=0) as load:
        wait_for(lambda: load.promises()["messages"] >= 4 and load.promises()["ratings"])
    assert load.broken({}) == [f"case {number}: None" for number in load.visitors[0].cases.values()]
    visitor = load.visitors[0]
    visitor.kept[next(iter(visitor.kept))].append("aldrig sagt")
    visitor.tried.add("a@b.dk")
    found = " ".join(load.broken({"a@b.dk": ["PG-1", "PG-2"]}))
    for word in ("message lost: aldrig sagt", "in another order", "case doubled"):
        assert word in found


def test_what_is_hostile_is_noticed() -> None:
    """The judge is no rubber stamp: markup that runs, a trace, and an undescribed answer are faults."""
    from tests.trust.description import operations
    from tests.trust.doors import fault

    answer = requests.Response()
    answer.status_code, answer.encoding = 200, "utf-8"
    answer.headers.update(
        {
            "Content-Security-Policy": "default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Content-Type": "text/html",
        }
    )
    for body, word in (
        ("<p>hej</p>", None),
        ("<p onclick=x>hej</p>", "could run"),
        ("<script>x</script>", "could run"),
        ("<a href='javascript:x'>x</a>", "could run"),
        ("Traceback (most recent call last)", "code"),
    ):
        answer._content = body.encode()
        assert (fault(answer) is None) is (word is None)
        assert not word or re.search(word, fault(answer) or "")
    answer.status_code = 500
    assert fault(answer)
    (ask,) = [operation for operation in operations() if operation.name == "ask"]
    assert ask.problem(200, "application/json", b"[]")
    assert ask.problem(201, "application/json", b"[]")
    assert ask.problem(400, "application/json", json.dumps({"error": "x", "text": ""}).encode())
    assert ask.problem(400, "application/json", json.dumps({"error": "x", "text": "Nej."}).encode()) is None
