"""A case through HTTP: what the contract promises of the form, and that a number is given only for what is stored."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests

from puljeguiden import outbox
from puljeguiden.database import Unavailable
from puljeguiden.outbox import NUMBER
from tests.conftest import ROOT, Running, Visitor, answered
from tests.inprocess import Conversation, load_agent
from tests.trust import planting

H = "kommunale-handlingsplaner"
EVERYTHING = (
    "Send mit spørgsmål videre: hvordan samarbejder vi med skolerne om handlingsplanen? "
    "Mvh Mette Østergård, Odense Kommune, mette@odense.dk"
)


def stored(assistant: Running) -> list[dict[str, Any]]:
    """Return the cases in an assistant's outbox."""
    file = assistant.var / "outbox.db"
    if not file.exists():
        return []
    with sqlite3.connect(file) as database:
        return [json.loads(row[0]) for row in database.execute("select content from outbox order by id")]


def case_of(assistant: Running, number: str) -> dict[str, Any]:
    (found,) = [case for case in stored(assistant) if case["number"] == number]
    return found


def test_every_reply_in_the_form_says_what_it_asks(visitor: Visitor) -> None:
    asked = [("jeg vil tale med et menneske om handlingsplanerne", "question"), ("Må vi holde en konference?", "name")]
    asked += [("Mette", "organisation"), ("Odense", "email"), ("mette@odense.dk", "confirm")]
    for message, ask in asked:
        reply = visitor.say(message)
        assert reply["custom"]["form"] == {"name": "handoff", "ask": ask}
        assert answered(reply) == [(H, "handoff", "handoff")]
        assert "case" not in reply["custom"]
    assert [button["title"] for button in reply["buttons"]] == [button["payload"] for button in reply["buttons"]]
    assert len(reply["buttons"]) == 3


def test_a_confirmed_case_is_stored_as_it_was_shown(assistant: Running, visitor: Visitor) -> None:
    visitor.say("hvornår er fristen for handlingsplanerne?")
    visitor.say(EVERYTHING)
    reply = visitor.say("ja, send")
    told = reply["custom"]["case"]
    assert NUMBER.fullmatch(told["number"])
    assert told["number"] in reply["text"]
    assert told["contacts"] == ["Ayse Göksu", "Anders Bo Christensen"]
    assert "form" not in reply["custom"]
    case = case_of(assistant, told["number"])
    assert (case["pool"], case["kind"], case["contacts"]) == (H, "subject", told["contacts"])
    assert case["question"] == "hvordan samarbejder vi med skolerne om handlingsplanen?"
    assert (case["name"], case["organisation"], case["email"]) == (
        "Mette Østergård",
        "Odense Kommune",
        "mette@odense.dk",
    )
    assert visitor.sender not in json.dumps(case)
    jsonschema.validate(case, json.loads((ROOT / "staff/cases/case.schema.json").read_text(encoding="utf-8")))
    lines = case["transcript"]
    assert [line["from"] for line in lines] == ["visitor", "assistant", "visitor", "assistant", "visitor"]
    assert lines[1]["answers"][0]["sources"][0]["quote"] == "Ansøgningsfristen er den 25. august 2017"


def test_a_case_takes_along_all_that_was_said_before_it(assistant: Running, visitor: Visitor) -> None:
    """Rasa keeps only the last turns at hand."""
    questions = [f"hvornår er fristen for handlingsplanerne, nr. {number}?" for number in range(20)]
    answers = [visitor.say(question)["custom"]["answers"] for question in questions]
    visitor.say(EVERYTHING)
    lines = case_of(assistant, visitor.say("ja")["custom"]["case"]["number"])["transcript"]
    assert [line["text"] for line in lines[::2]] == [*questions, EVERYTHING, "ja"]
    assert [line["answers"] for line in lines[1::2]][:20] == answers


def test_a_yes_that_comes_twice_makes_one_case(assistant: Running, visitor: Visitor) -> None:
    visitor.say(EVERYTHING)
    first, second = visitor.say("ja"), visitor.say("ja")
    assert first["custom"]["case"] == second["custom"]["case"]
    assert [case["number"] for case in stored(assistant)].count(first["custom"]["case"]["number"]) == 1


def test_another_question_is_another_case(visitor: Visitor) -> None:
    visitor.say(EVERYTHING)
    first = visitor.say("ja")["custom"]["case"]["number"]
    visitor.say(EVERYTHING)
    assert visitor.say("ja")["custom"]["case"]["number"] != first


def test_a_cpr_number_in_a_question_is_masked_and_told(assistant: Running, visitor: Visitor) -> None:
    visitor.say("jeg vil tale med et menneske om handlingsplanerne")
    reply = visitor.say("Må borgeren 070761-4285 være med?")
    assert "CPR" in reply["text"]
    for message in ("spring over", "spring over", "m@odense.dk"):
        visitor.say(message)
    number = visitor.say("ja")["custom"]["case"]["number"]
    assert "[CPR-nummer fjernet]" in case_of(assistant, number)["question"]
    assert not any(b"070761-4285" in content for _, content in planting.files(assistant.var))


def test_markup_and_very_long_words_do_no_harm(visitor: Visitor) -> None:
    visitor.say("jeg vil tale med et menneske om handlingsplanerne")
    for message in ("<script>alert(1)</script> {name} {0} %s", "<b>Bo</b>", "x" * 900, "m@odense.dk", "\\\\ {pool}"):
        reply = visitor.say(message)
        assert reply["custom"]["form"]["name"] == "handoff"


async def test_when_the_outbox_fails_there_is_no_number_and_it_can_be_tried_again(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "outbox.db"
    box = outbox.Outbox(f"sqlite:///{file}")
    monkeypatch.setattr(outbox, "current", lambda: box)
    conversation = Conversation(load_agent(trained, tmp_path, monkeypatch))
    file.mkdir()  # what SQLite cannot open
    await conversation.say(EVERYTHING)
    for _ in range(2):
        reply = await conversation.say("ja")
        assert "utter_handoff_failed" in reply["responses"]
        assert "case" not in reply["custom"]
        assert not NUMBER.search(reply["text"])
        assert reply["custom"]["form"] == {"name": "handoff", "ask": "confirm"}
    file.rmdir()
    again = await conversation.say("ja")
    assert [case.number for case in box.pending(outbox.WAITING)] == [again["custom"]["case"]["number"]]


async def test_a_turn_that_breaks_off_after_storing_loses_no_correction_and_hides_no_case(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = outbox.Outbox(f"sqlite:///{tmp_path}/outbox.db")
    monkeypatch.setattr(outbox, "current", lambda: box)
    conversation = Conversation(load_agent(trained, tmp_path, monkeypatch))

    async def break_off() -> str:
        with monkeypatch.context() as broken:
            broken.setattr(conversation.agent.tracker_store, "save", fail)
            with pytest.raises(Unavailable):
                await conversation.say("ja")
        return box.pending(outbox.WAITING)[-1].number

    async def fail(_: Any) -> None:
        raise Unavailable("a full disk")

    await conversation.say(EVERYTHING)
    first = await break_off()
    told = await conversation.say("nej tak")
    assert told["responses"] == ["utter_handoff_sent_before"]
    assert told["custom"]["case"]["number"] == first
    await conversation.say(EVERYTHING)
    await break_off()
    await conversation.say("nej, ikke Odense, men Assens")
    await conversation.say("ja")
    sent = [case.content["organisation"] for case in box.pending(outbox.WAITING) if case.content]
    assert sent == ["Odense Kommune", "Odense Kommune", "Assens Kommune"]


def test_a_crash_between_storing_and_answering_still_makes_one_case(start: Callable[..., Running]) -> None:
    assistant = start(PULJEGUIDEN_TURN_SECONDS="20")
    visitor = Visitor(assistant.url)
    visitor.say(EVERYTHING)
    with sqlite3.connect(assistant.var / "conversations.db", isolation_level=None) as lock:
        lock.execute("begin immediate")  # the case is stored, and the conversation is not: then the process dies
        try:
            requests.post(
                f"{assistant.url}/webhooks/rest/webhook", json={"sender": visitor.sender, "message": "ja"}, timeout=2
            )
            raise AssertionError("it answered though the conversation could not be stored")
        except requests.Timeout:
            pass
        assistant.process.kill()
        assistant.process.wait()
        lock.execute("rollback")
    (before,) = stored(assistant)
    assistant.begin()
    assistant.wait()
    reply = visitor.say("ja")
    assert reply["custom"]["case"]["number"] == before["number"]
    assert len(stored(assistant)) == 1
