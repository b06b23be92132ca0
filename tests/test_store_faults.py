"""Killed processes, two processes in one conversation, a full disk: what was answered is stored, whole and once."""

from __future__ import annotations

import json
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rasa.core.agent import Agent

from puljeguiden.conversations import Conversations
from puljeguiden.database import Unavailable
from rasa_project.tracker_store import ConversationStore
from tests.conftest import ROOT
from tests.small import assistant
from tests.small.forked import SENDER

Rounds = list[list[tuple[str, int]]]


class Outcome(NamedTuple):
    """What the processes' visitors were told, and the databases that they have left."""

    killed: Rounds
    killed_in: str
    together: Rounds
    together_in: str


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def outcome(request: pytest.FixtureRequest, small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Let processes talk to the small assistant, kill some, and let two talk at once; on each database in turn."""
    if request.param == "postgresql":
        databases = [request.getfixturevalue("postgresql").database() for _ in range(2)]
    else:
        databases = [f"sqlite:///{tmp_path_factory.mktemp('forked') / 'conversations.db'}" for _ in range(2)]
    command = [sys.executable, "-W", "ignore", "-m", "tests.small.forked", str(small_model), *databases]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=500)
    killed, together = (
        [[(text, count) for text, count in answers] for answers in rounds] for rounds in json.loads(done.stdout)
    )
    return Outcome(killed, databases[0], together, databases[1])


def turns(database: str) -> list[list[dict[str, Any]]]:
    """Return the stored turns: each begins with a message."""
    store = Conversations(database)
    found: list[list[dict[str, Any]]] = []
    for stored in store.history(SENDER):
        if stored.event["event"] == "user":
            found.append([])
        if found:
            found[-1].append(stored.event)
    store.close()
    return found


def check_whole(stored: list[list[dict[str, Any]]]) -> None:
    """Assert that every turn was stored whole, and counted one more than the one before."""
    for number, turn in enumerate(stored, 1):
        kinds = [event["event"] for event in turn]
        assert kinds.count("bot") == kinds.count("user") == 1
        assert (turn[-1]["event"], turn[-1]["name"]) == ("action", "action_listen")
        assert [event["text"] for event in turn if event["event"] == "bot"] == [str(number)]


def test_what_was_answered_survives_kill_9(outcome: Outcome) -> None:
    answers = [answer for answers in outcome.killed for answer in answers]
    assert len(answers) >= 200
    stored = turns(outcome.killed_in)
    check_whole(stored)
    places = {turn[0]["text"]: place for place, turn in enumerate(stored, 1)}
    assert len(places) == len(stored)
    assert [places[text] for text, _ in answers] == [count for _, count in answers]
    assert len(stored) - len(answers) <= len(outcome.killed)  # stored, and killed before the answer was out


def test_of_two_processes_in_one_conversation_each_turn_is_stored_whole_or_refused(outcome: Outcome) -> None:
    """PostgreSQL's locks let them take turns; on an SQLite file, whoever comes second is refused."""
    stored = turns(outcome.together_in)
    check_whole(stored)
    answers = sorted((count, text) for answers in outcome.together for text, count in answers)
    assert answers == [(number, turn[0]["text"]) for number, turn in enumerate(stored, 1)]
    if outcome.together_in.startswith("postgresql"):
        assert [len(answers) for answers in outcome.together] == [100, 100]


class SmallDisk:
    """A file system of two megabytes; where this process may not mount one, a limit on the size of its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        mounting = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False)
        self.mounted = mounting.returncode == 0

    def fill(self) -> None:
        """Leave no room."""
        if self.mounted:
            with (self.folder / "filling").open("wb", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(4096))
                except OSError:
                    pass
        else:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            largest = max(file.stat().st_size for file in self.folder.iterdir())
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

    def free(self) -> None:
        """Make room again."""
        if self.mounted:
            (self.folder / "filling").unlink()
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk that can be filled."""
    disk = SmallDisk(tmp_path)
    yield disk
    if disk.mounted:
        subprocess.run(["umount", disk.folder], check=True)
    else:
        disk.free()


async def test_a_full_disk_refuses_turns_and_keeps_what_it_has(small: Agent, small_disk: SmallDisk) -> None:
    file = small_disk.folder / "conversations.db"
    store = ConversationStore(f"sqlite:///{file}")
    assistant.use(small, store)
    for number in range(1, 6):
        assert await assistant.say(small, SENDER, "tæl") == [str(number)]
    small_disk.fill()
    refused = 0
    for _ in range(30):  # the last bytes of the log are used up first
        try:
            number += int(await assistant.say(small, SENDER, "tæl") == [str(number + 1)])
        except Unavailable:
            refused += 1
    assert refused >= 20
    small_disk.free()
    assert await assistant.say(small, SENDER, "tæl") == [str(number + 1)]
    store.close()
    stored = turns(f"sqlite:///{file}")
    check_whole(stored)
    assert len(stored) == number + 1
    with sqlite3.connect(file) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    database.close()
