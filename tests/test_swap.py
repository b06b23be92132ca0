"""A running assistant follows the live model: nobody notices, and a model that cannot be loaded is not taken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from puljeguiden import bank, settings
from tests import conftest
from tests.conftest import ROOT, Running, Visitor, answered, wait_for

HANDLINGSPLANER = "kommunale-handlingsplaner"
DEADLINE = "hvornår er fristen for handlingsplanerne?"  # also the model that has learned little is sure of it


@pytest.fixture(scope="module")
def running(trained: Path, taught: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant whose models a test may change; «another» is one that has learned little, and loads quickly."""
    var = tmp_path_factory.mktemp("swap") / "var"
    with conftest.running(var, whole=False, PULJEGUIDEN_TODAY="2026-11-20T12:00") as assistant:
        (little,) = (taught / "var" / "models").glob("*.tar.gz")
        shutil.copy(little, assistant.var / "models" / "another.tar.gz")
        yield assistant


@pytest.fixture(autouse=True)
def its_bank(running: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process's bank is the assistant's."""
    monkeypatch.setenv("PULJEGUIDEN_VAR_DIR", str(running.var))
    settings.get.cache_clear()
    yield
    monkeypatch.undo()
    settings.get.cache_clear()


def health(running: Running) -> dict[str, Any]:
    body: dict[str, Any] = requests.get(f"{running.url}/health", timeout=10).json()
    return body


def puljeguiden(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the assistant's own folder."""
    return subprocess.run(
        [sys.executable, "-m", "puljeguiden", *words], cwd=ROOT, env=os.environ, capture_output=True, text=True
    )


def test_a_conversation_goes_on_with_another_model_and_no_message_fails(running: Running) -> None:
    visitor = Visitor(running.url)
    assert answered(visitor.say("hvem kan søge handlingsplanerne?")) == [(HANDLINGSPLANER, "eligibility", "stated")]
    statuses: list[str] = []
    enough = threading.Event()

    def chat() -> None:
        while not enough.is_set():
            statuses.append(answered(Visitor(running.url).say(DEADLINE))[0][2])

    chatting = threading.Thread(target=chat)
    chatting.start()
    done = puljeguiden("rollback", "another", "--who", "Anna", "--note", "prøve")
    assert done.returncode == 0, done.stderr
    wait_for(lambda: health(running)["model"] == "another")
    enough.set()
    chatting.join()
    assert set(statuses) == {"stated"}
    assert answered(visitor.say("og hvad er fristen?")) == [(HANDLINGSPLANER, "deadline", "stated")]
    assert "Anna: prøve" in puljeguiden("models").stdout


def test_a_model_that_cannot_be_loaded_leaves_the_old_one_answering(running: Running) -> None:
    before = health(running)["model"]
    bank.file("broken").write_bytes(b"no model at all")
    bank.publish("broken", "Anna", "")
    wait_for(lambda: health(running)["broken"] == ["model"])
    assert health(running)["model"] == before
    assert answered(Visitor(running.url).say("hvem kan søge handlingsplanerne?"))[0][2] == "stated"
    bank.publish(before, "Anna", "")
    wait_for(lambda: health(running)["broken"] == [])


def test_a_model_whose_checksum_differs_is_not_loaded(running: Running) -> None:
    before = health(running)["model"]
    shutil.copy(bank.file("another"), bank.file("changed"))
    bank.judge("changed", {})  # it has a card from now on
    with bank.file("changed").open("ab") as file:
        file.write(b"and more")
    refused = puljeguiden("rollback", "changed")
    assert (refused.returncode, "checksum" in refused.stderr) == (1, True)
    (running.var / "models" / "live").write_text("changed.tar.gz\n", encoding="utf-8")  # whoever wrote it
    wait_for(lambda: health(running)["broken"] == ["model"])
    assert health(running)["model"] == before
    bank.publish(before, "Anna", "")
    wait_for(lambda: health(running)["broken"] == [])


def test_nor_at_the_start(trained: Path, tmp_path: Path) -> None:
    shutil.copytree(trained.parent, tmp_path / "models")
    with (tmp_path / "models" / trained.name).open("ab") as file:
        file.write(b"and more")
    assistant = Running(tmp_path, whole=False)
    assert assistant.process.wait(60)
    assert "its checksum differs" in assistant.output()
