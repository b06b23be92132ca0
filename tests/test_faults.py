"""What a visitor gets when something behind the door fails, with real processes."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from puljeguiden.outbox import NUMBER
from tests.conftest import ROOT, Running, Visitor, answered, free_port, wait_for
from tests.trust import processes


@contextmanager
def silent(port: int) -> Iterator[None]:
    """Run a server that takes connections and never answers."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of the server before it linger
        server.bind(("127.0.0.1", port))
        server.listen()
        kept = []

        def accept() -> None:
            try:
                while True:
                    kept.append(server.accept())
            except OSError:
                pass

        threading.Thread(target=accept, daemon=True).start()
        yield


def test_a_separate_action_server_gives_the_same_answers_and_may_be_away_or_silent(
    start: Callable[..., Running], assistant: Running
) -> None:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "PULJEGUIDEN_TODAY": "2026-11-20T12:00", "ACTION_SERVER_HOST": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        apart = start(ACTION_SERVER_URL=f"http://127.0.0.1:{port}/webhook", PULJEGUIDEN_TODAY="2026-11-20T12:00")
        for question in ("hvad er fristen for handlingsplanerne?", "kan foreninger søge?", "hej"):
            ours, theirs = Visitor(assistant.url).say(question), Visitor(apart.url).say(question)
            assert (answered(ours), ours["text"]) == (answered(theirs), theirs["text"])
        asker = Visitor(apart.url)
        question = "Send mit spørgsmål videre: må vi holde foredrag om handlingsplanen? Mvh Bo Juul, Odense Kommune, bo@juul.dk"
        asks = [asker.say(message)["custom"]["form"]["ask"] for message in (question, "hvad er fristen?")]
        assert asks == ["confirm", "confirm"]
        assert NUMBER.search(asker.say("ja")["custom"]["case"]["number"])
    finally:
        server.terminate()
        server.wait(10)
    visitor = Visitor(apart.url)
    assert answered(visitor.say("hvad er fristen?")) == [(None, "unknown", "error")]
    kept = requests.post(f"{apart.url}/webhooks/rest/history", json={"sender": visitor.sender}, timeout=10).json()
    assert [one["who"] for one in kept["messages"]] == ["visitor", "guide"]
    with silent(port):
        began = time.monotonic()
        assert answered(Visitor(apart.url).say("hvad er fristen?")) == [(None, "unknown", "error")]
        assert time.monotonic() - began < 10


DEADLINE = "hvad er fristen for handlingsplanerne?"
STATED = ("kommunale-handlingsplaner", "deadline", "stated")


def refused(visitor: Visitor) -> bool:
    """Return whether a visitor's message gets the Danish 503, and no answer."""
    response = visitor.post({"sender": visitor.sender, "message": DEADLINE})
    assert "25. august" not in response.text or response.ok
    return response.status_code == 503 and "gemme samtalen" in response.json()["text"]


def test_when_nothing_can_be_stored_the_visitor_gets_503_and_no_answer(start: Callable[..., Running]) -> None:
    assistant = start()
    visitor = Visitor(assistant.url)
    visitor.say("hej")
    with sqlite3.connect(assistant.var / "conversations.db") as database:
        database.execute("alter table events rename to gone")
    assert refused(visitor)
    history = requests.post(f"{assistant.url}/webhooks/rest/history", json={"sender": visitor.sender}, timeout=10)
    assert (history.status_code, set(history.json())) == (503, {"error", "text"})
    with sqlite3.connect(assistant.var / "conversations.db") as database:
        database.execute("alter table gone rename to events")
    assert answered(visitor.say(DEADLINE)) == [STATED]
    # The same with a full disk: no file of the serving process may grow.
    server = assistant.process.pid
    resource.prlimit(server, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    assert refused(visitor)
    assert refused(visitor)
    resource.prlimit(server, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert answered(visitor.say(DEADLINE)) == [STATED]
    with sqlite3.connect(assistant.var / "conversations.db") as database:
        kinds = [row[0] for row in database.execute("select type_name from events order by id")]
    assert kinds.count("user") == kinds.count("bot") == 3


def test_with_postgresql_too_and_the_server_may_go_away_be_silent_and_come_back(
    start: Callable[..., Running], postgresql: Any
) -> None:
    assistant = start(PULJEGUIDEN_DATABASE_URL=postgresql.database())
    visitor = Visitor(assistant.url)
    assert answered(visitor.say(DEADLINE)) == [STATED]
    postgresql.stop()
    try:
        assert refused(visitor)
        assert refused(Visitor(assistant.url))
        assert requests.get(f"{assistant.url}/ready", timeout=10).status_code == 503
        assert requests.get(f"{assistant.url}/health", timeout=10).status_code == 200
    finally:
        postgresql.start()
    assert answered(visitor.say("hvem kan søge?"))[0][:2] == ("kommunale-handlingsplaner", "eligibility")
    assert not (assistant.var / "conversations.db").exists()
    postgresql.tell(signal.SIGSTOP)
    try:
        began = time.monotonic()
        response = visitor.post({"sender": visitor.sender, "message": DEADLINE})
        assert time.monotonic() - began < 10
        assert (response.status_code, response.json()["error"]) == (503, "store")
    finally:
        postgresql.tell(signal.SIGCONT)
    wait_for(lambda: visitor.post({"sender": visitor.sender, "message": DEADLINE}).ok)


def test_what_dies_is_restarted_and_stopping_stops_all(start: Callable[..., Running]) -> None:
    assistant = start(whole=True)
    visitor = Visitor(assistant.url)
    visitor.say(DEADLINE)
    for name in processes.NAMES:
        assert processes.find(assistant, name), name
    (server,) = processes.find(assistant, "assistant")
    os.kill(server, signal.SIGKILL)
    wait_for(assistant.answers, 180)
    assert answered(visitor.say("hvem kan søge?"))[0][:2] == ("kommunale-handlingsplaner", "eligibility")
    assert assistant.stop() == 0
    assert processes.working_for(assistant.var) == {}
    assert not (assistant.var / "conversations.db-wal").exists()  # closed in order


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"PULJEGUIDEN_TODAY": "i morgen"}, "PULJEGUIDEN_TODAY"),
        ({"PULJEGUIDEN_PORT": "nul"}, "PULJEGUIDEN_PORT"),
        ({"PULJEGUIDEN_DATA_DIR": "findes-ikke"}, "topics.yml"),
        ({"PULJEGUIDEN_DATABASE_URL": "sqlite://"}, "PULJEGUIDEN_DATABASE_URL"),
        ({"PULJEGUIDEN_DATABASE_URL": "postgres://db/chat"}, "PULJEGUIDEN_DATABASE_URL"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(environment: dict[str, str], word: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "puljeguiden", "run"],
        cwd=ROOT,
        env={
            **os.environ,
            "PULJEGUIDEN_PORT": str(free_port()),
            "PULJEGUIDEN_STAFF_PORT": str(free_port()),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode
    assert word in done.stderr
    assert "Traceback" not in done.stderr
