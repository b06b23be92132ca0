"""Showing, deleting and rating a conversation over HTTP: who may, and what is refused."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import datetime, timezone
from typing import Any

import pytest
import requests

from tests.conftest import Running, Visitor, answered
from tests.test_contract import stored

DOORS = ["history", "delete", "feedback"]


def knock(visitor: Visitor, door: str, **body: Any) -> requests.Response:
    given = {"sender": visitor.sender, **body}
    return requests.post(f"{visitor.url}/webhooks/rest/{door}", json=given, timeout=10)


def messages(visitor: Visitor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = knock(visitor, "history").json()["messages"]
    return found


def test_the_history_is_what_was_said(visitor: Visitor) -> None:
    reply = visitor.say("hvornår er fristen for handlingsplanerne?")
    visitor.say("mit cpr er 010190-1234")
    first, second, third, fourth = messages(visitor)
    assert (first["who"], first["text"]) == ("visitor", "hvornår er fristen for handlingsplanerne?")
    assert (second["who"], second["text"]) == ("guide", reply["text"])
    assert second["custom"]["answers"] == reply["custom"]["answers"]
    assert third["text"] == "mit cpr er [CPR-nummer fjernet]"
    assert fourth["who"] == "guide"
    age = datetime.now(timezone.utc) - datetime.fromisoformat(first["at"])
    assert 0 <= age.total_seconds() < 60


def test_the_history_keeps_buttons(visitor: Visitor) -> None:
    asked = visitor.say("hvad koster parkering?")
    assert messages(visitor)[-1].get("buttons") == asked.get("buttons")


def test_nobody_elses_conversation_is_shown(visitor: Visitor) -> None:
    visitor.say("hej")
    assert messages(Visitor(visitor.url)) == []


def test_deleting_leaves_nothing_and_the_conversation_begins_anew(assistant: Running, visitor: Visitor) -> None:
    other = Visitor(visitor.url)
    other.say("hej")
    visitor.say("jeg vil høre om handlingsplanerne")
    assert knock(visitor, "delete").json() == {"deleted": True}
    assert visitor.sender not in stored(assistant)
    assert messages(visitor) == []
    assert len(messages(other)) == 2
    assert len(answered(visitor.say("hvad er fristen?"))) == 2, "the pool is forgotten too"
    assert knock(visitor, "delete").status_code == knock(Visitor(visitor.url), "delete").status_code == 200


def test_a_rating_is_stored_as_an_event_of_the_conversation(assistant: Running, visitor: Visitor) -> None:
    answer = visitor.say("hvem kan søge?")["custom"]["answers"][0]["id"]
    visitor.say("tak")
    assert knock(visitor, "feedback", answer=answer, useful=True).json() == {"stored": True}
    assert knock(visitor, "feedback", answer=answer, useful=False, reason="Ring 010190-1234").status_code == 200
    with sqlite3.connect(assistant.var / "conversations.db") as database:
        rows = database.execute(
            "select data from events where sender_id = ? and type_name = 'answer_rated' order by id", [visitor.sender]
        )
        events = [json.loads(row[0]) for row in rows]
    assert [(event["answer"], event["useful"], event.get("reason")) for event in events] == [
        (answer, True, None),
        (answer, False, "Ring [CPR-nummer fjernet]"),
    ]
    assert [message.get("useful") for message in messages(visitor)] == [None, False, None, None]


def test_a_rating_changes_nothing_in_the_dialogue(visitor: Visitor) -> None:
    answer = visitor.say("hvad er fristen for handlingsplanerne?")["custom"]["answers"][0]["id"]
    knock(visitor, "feedback", answer=answer, useful=True)
    assert answered(visitor.say("og den anden?")) == [("udsatte-boligomraader", "deadline", "not_stated")]


def test_only_an_answer_of_ones_own_can_be_rated(visitor: Visitor) -> None:
    answer = visitor.say("hvem kan søge?")["custom"]["answers"][0]["id"]
    stranger = Visitor(visitor.url)
    stranger.say("hej")
    for response in (
        knock(stranger, "feedback", answer=answer, useful=True),
        knock(visitor, "feedback", answer="0" * 16, useful=True),
    ):
        assert response.status_code == 404
        assert set(response.json()) == {"error", "text"}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("sender", [None, "", "a" * 21, "a" * 129, "æ" * 30, "a/" * 15, 7, ["a" * 30], {"a": 1}])
def test_an_id_that_could_be_guessed_opens_nothing(assistant: Running, door: str, sender: object) -> None:
    body = {"sender": sender, "answer": "a", "useful": True}
    response = requests.post(f"{assistant.url}/webhooks/rest/{door}", json=body, timeout=10)
    assert response.status_code == 400
    assert re.search("[æøå]|sender", response.json()["text"])


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[]", b"null", b"[" * 5000])
def test_what_is_no_request_gets_a_400(assistant: Running, door: str, raw: bytes) -> None:
    response = requests.post(f"{assistant.url}/webhooks/rest/{door}", data=raw, timeout=10)
    assert response.status_code == 400
    assert set(response.json()) == {"error", "text"}


@pytest.mark.parametrize(
    "rating",
    [
        {},
        {"answer": "a"},
        {"useful": True},
        {"answer": "", "useful": True},
        {"answer": "a b", "useful": True},
        {"answer": "a" * 65, "useful": True},
        {"answer": 7, "useful": True},
        {"answer": "a", "useful": 1},
        {"answer": "a", "useful": "ja"},
        {"answer": "a", "useful": True, "reason": 7},
        {"answer": "a", "useful": True, "reason": "a" * 501},
    ],
)
def test_a_rating_that_makes_no_sense_is_refused(visitor: Visitor, rating: dict[str, Any]) -> None:
    visitor.say("hej")
    assert knock(visitor, "feedback", **rating).status_code == 400


@pytest.mark.parametrize("door", DOORS)
def test_ids_do_not_travel_in_addresses(visitor: Visitor, door: str) -> None:
    visitor.say("hej")
    address = f"{visitor.url}/webhooks/rest/{door}"
    assert requests.get(address, params={"sender": visitor.sender}, timeout=10).status_code == 405
    assert requests.post(address, params={"sender": visitor.sender}, timeout=10).status_code == 400
