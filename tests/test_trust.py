"""The short form of `make trust`: hostile input at every door of the running assistant."""

from __future__ import annotations

import json
import random
import re

import requests

from tests.conftest import Running
from tests.trust import commands, raw
from tests.trust.doors import Knocker

INPUTS = 600


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


def test_what_is_hostile_is_noticed() -> None:
    """The judge is no rubber stamp: markup that runs, a trace, and an undescribed answer are faults."""
    from tests.trust.description import operations
    from tests.trust.doors import fault

    answer = requests.Response()
    answer.status_code, answer.encoding = 200, "utf-8"
    answer.headers.update(
        {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Content-Type": "text/html"}
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
