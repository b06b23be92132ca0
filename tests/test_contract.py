"""The contract (docs/contract.md) through HTTP, against the assistant as `make run` starts it."""

from __future__ import annotations

import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from puljeguiden import bank
from puljeguiden.danish import squeeze
from tests.conftest import ROOT, Running, Visitor, answered

STATUSES = {"stated", "not_stated", "clarify", "handoff", "out_of_scope", "chitchat", "not_understood", "error"}
PAGES = {page.stem: squeeze(page.read_text(encoding="utf-8")) for page in (ROOT / "data" / "pages").glob("*.txt")}


@pytest.mark.parametrize(
    "message",
    [
        "hej",
        "frist?",
        "hvem kan søge",
        "hvor mange penge",
        "vejret i morgen",
        "asdf qwer",
        "hvor sender vi det hen",
        "ja",
    ],
)
def test_every_reply_has_text_and_answers_as_the_contract_says(visitor: Visitor, message: str) -> None:
    reply = visitor.say(message)
    assert reply["recipient_id"] == visitor.sender
    assert reply["text"]
    answers = reply["custom"]["answers"]
    assert reply["custom"]["answer"] == answers[0]
    for answer in answers:
        assert set(answer) == {"id", "pool", "topic", "status", "sources"}
        assert answer["status"] in STATUSES
        assert answer["status"] != "stated" or answer["sources"]
        for source in answer["sources"]:
            assert squeeze(source["quote"]) in PAGES[source["document"]]
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", source["updated"])


def test_the_example_of_the_contract(visitor: Visitor) -> None:
    (answer,) = visitor.say("hvornår er fristen for kommunale handlingsplaner")["custom"]["answers"]
    source = answer["sources"][0]
    assert (answer["pool"], answer["topic"], answer["status"]) == ("kommunale-handlingsplaner", "deadline", "stated")
    assert source["quote"] == "Ansøgningsfristen er den 25. august 2017"
    assert source["updated"] == "2017-08-23"
    assert source["url"] is None


def test_without_a_sender_everybody_gets_an_id_of_their_own(assistant: Running) -> None:
    ids = [Visitor(assistant.url).post({"message": "hej"}).json()[0]["recipient_id"] for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22,128}", one) for one in ids)


@pytest.mark.parametrize("sender", ["", " ", "a" * 129, "æ", "a/b", "a b", "<b>", 7, ["x"], {"a": 1}, True])
def test_a_forged_sender_is_refused(assistant: Running, sender: object) -> None:
    response = Visitor(assistant.url).post({"sender": sender, "message": "hej"})
    assert response.status_code == 400
    assert response.json()["text"]


@pytest.mark.parametrize(
    "command",
    [
        "/restart",
        " /restart",
        "\t/restart",
        "//restart",
        "/ /restart",
        "\u200b/restart",
        '/deadline{"pool":"x"}',
        "／restart",
        "/",
    ],
)
def test_commands_have_no_power(visitor: Visitor, command: str) -> None:
    visitor.say("jeg vil høre om handlingsplanerne")
    assert visitor.say(command)["text"]
    assert answered(visitor.say("hvad er fristen?")) == [("kommunale-handlingsplaner", "deadline", "stated")]


@pytest.mark.parametrize("message", ["", "   ", "\n\t", "\u200b", None, "???", "a" * 1001, "☃☃☃"])
def test_unusable_messages_get_a_polite_error(assistant: Running, message: object) -> None:
    response = Visitor(assistant.url).post({"sender": "x" * 30, "message": message})
    assert response.status_code == 200
    (reply,) = response.json()
    assert answered(reply) == [(None, "unknown", "error")]


def test_a_message_of_just_the_greatest_length_is_answered(visitor: Visitor) -> None:
    assert answered(visitor.say("hvornår er fristen for handlingsplanerne? " + "a" * (1000 - 42)))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b'"hej"',
        b"null",
        b"[" * 5000,
        b'{"sender": "a", "message": 7}',
        b'{"message": {}}',
        b'{"message": "hej", "n": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_request_gets_a_clear_400(assistant: Running, raw: bytes) -> None:
    response = Visitor(assistant.url).post(raw=raw, **{"Content-Type": "application/json"})
    assert response.status_code == 400
    assert set(response.json()) == {"error", "text"}


def test_a_huge_body_is_refused(assistant: Running) -> None:
    body = json.dumps({"sender": "a" * 30, "message": "a" * 10_000_000}).encode()
    with suppress(requests.ConnectionError):  # the server may close the connection before all was sent
        assert Visitor(assistant.url).post(raw=body).status_code == 413
    assert Visitor(assistant.url).say("hej")["text"]


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/nope", "get"),
        ("/webhooks/rest/webhook", "get"),
        ("/model", "put"),
        ("/status", "get"),
        ("/conversations/x/tracker", "get"),
        ("/webhooks/rest", "post"),
    ],
)
def test_there_are_no_other_doors(assistant: Running, path: str, method: str) -> None:
    response = requests.request(method, assistant.url + path, timeout=10)
    assert response.status_code in (404, 405)
    assert "rasa" not in response.text.lower()
    assert "sanic" not in response.text.lower()


def test_surrogates_markup_and_odd_characters_do_no_harm(visitor: Visitor) -> None:
    raw = (
        b'{"sender": "%s", "message": "fristen \\ud800 <script>alert(1)</script> \\u202e \\u0000?"}'
        % visitor.sender.encode()
    )
    response = visitor.post(raw=raw)
    assert response.status_code == 200
    assert "<script" not in response.text


def test_the_page_one_is_on_is_the_default_pool(visitor: Visitor) -> None:
    page = {"pool": "udsatte-boligomraader"}
    assert answered(visitor.say("hvad er fristen?", **page)) == [("udsatte-boligomraader", "deadline", "not_stated")]
    named = visitor.say("og for handlingsplanerne?", **page)
    assert answered(named) == [("kommunale-handlingsplaner", "deadline", "stated")]
    assert answered(visitor.say("hvem kan søge?", **page))[0][0] == "kommunale-handlingsplaner"
    changed = visitor.say("hvad er fristen?", pool="kommunale-handlingsplaner")
    assert answered(changed) == [("kommunale-handlingsplaner", "deadline", "stated")]
    again = visitor.say("hvad er fristen?", **page)
    assert answered(again) == [("udsatte-boligomraader", "deadline", "not_stated")]


@pytest.mark.parametrize("pool", ["ukendt", "../../etc", "", 7, ["udsatte-boligomraader"], None])
def test_an_unknown_page_is_ignored(visitor: Visitor, pool: object) -> None:
    assert len(visitor.say("hvad er fristen?", pool=pool)["custom"]["answers"]) == 2


def test_other_metadata_is_not_stored(assistant: Running, visitor: Visitor) -> None:
    visitor.say("hej", hemmelig="4711-hemmelig")
    assert "4711-hemmelig" not in stored(assistant)


def stored(assistant: Running) -> str:
    with sqlite3.connect(assistant.var / "conversations.db") as database:
        return "\n".join(str(row) for row in database.execute("select * from events"))


def test_a_cpr_number_reaches_neither_disk_nor_log(assistant: Running, visitor: Visitor) -> None:
    numbers = ["0707614285", "070761-4285", "07 07 61 42 85", "07.07.61-4285"]
    for number in numbers:
        assert "utter_" not in visitor.say(f"mit cpr er {number}, kan jeg søge?")["text"]
    Visitor(assistant.url).post({"sender": "p-0707614285-x", "message": "hej"})
    Visitor(assistant.url).post({"sender": "a" * 30, "message": "hej", "metadata": {"pool": "0707614285"}})
    for file in [file for file in assistant.var.rglob("*") if file.is_file() and "models" not in file.parts]:
        content = file.read_bytes()
        assert not re.search(rb"07\D{0,3}07\D{0,3}61\D{0,3}42\D{0,3}85", content), file


def test_logs_hold_nothing_that_visitors_wrote(assistant: Running, visitor: Visitor) -> None:
    visitor.say("min helt særlige hemmelighed er kanelsnegl")
    logs = b"".join(file.read_bytes() for file in (assistant.var / "log").glob("*.log"))
    assert b"kanelsnegl" not in logs


def test_messages_of_one_conversation_are_answered_in_order(assistant: Running) -> None:
    visitors = [Visitor(assistant.url) for _ in range(8)]

    def talk(visitor: Visitor) -> bool:
        first = answered(visitor.say("hvad er fristen for handlingsplanerne?"))
        second = answered(visitor.say("og den anden?"))
        return [first[0][0], second[0][0]] == ["kommunale-handlingsplaner", "udsatte-boligomraader"]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(talk, visitors))


def test_limits_and_foreign_sites_are_as_configured(start) -> None:
    limited = start(
        PULJEGUIDEN_RATE_LIMIT="3",
        PULJEGUIDEN_ADDRESS_RATE_LIMIT="5",
        PULJEGUIDEN_TRUSTED_ADDRESS_HEADER="X-Forwarded-For",
        PULJEGUIDEN_CORS_ORIGINS="https://kommune.example",
    )
    for origin, allowed in (("https://kommune.example", True), ("https://andre.example", False)):
        preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = requests.options(f"{limited.url}/webhooks/rest/webhook", headers=preflight, timeout=20)
        assert (answer.headers.get("Access-Control-Allow-Origin") == origin) is allowed
        start_up = requests.get(f"{limited.url}/chat.json", headers={"Origin": origin}, timeout=20)
        assert (start_up.headers.get("Access-Control-Allow-Origin") == origin) is allowed
    visitor = Visitor(limited.url)
    codes = [visitor.post({"sender": visitor.sender, "message": "hej"}).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    refused = visitor.post({"sender": visitor.sender, "message": "hej"})
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json()["text"]
    assert visitor.post({"sender": visitor.sender, "message": "hej"}, Origin="https://kommune.example").headers[
        "Access-Control-Allow-Origin"
    ]
    history = requests.post(f"{limited.url}/webhooks/rest/history", json={"sender": visitor.sender}, timeout=20)
    assert history.status_code == 429
    form = {"sender": visitor.sender, "message": "hej"}
    assert refused.json()["text"] in requests.post(f"{limited.url}/spoerg", data=form, timeout=20).text
    assert Visitor(limited.url).say("hej")["text"]

    def visit(forwarded: str) -> int:
        return Visitor(limited.url).post({"message": "hej"}, **{"X-Forwarded-For": forwarded}).status_code

    # The proxy adds the address it saw at the end; what stands before it the visitor may have made up.
    assert [visit(f"10.0.0.{number}, 192.0.2.7") for number in range(6)] == [200] * 5 + [429]
    assert visit("192.0.2.8") == 200


def test_the_start_prints_where_the_assistant_is(assistant: Running) -> None:
    assert assistant.url in assistant.output()


def test_health_is_green(assistant: Running) -> None:
    response = requests.get(f"{assistant.url}/health", timeout=20)
    assert (response.status_code, response.json()) == (200, {"status": "ok", "broken": [], "model": bank.live()})


def test_the_contract_in_the_docs_names_every_topic() -> None:
    contract = Path(ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    topics = re.findall(r"^([a-z_]+):", (ROOT / "data" / "topics.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert [topic for topic in topics if f"`{topic}`" not in contract] == []
