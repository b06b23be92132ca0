"""What those who run the assistant can do and see: switch it off, ask how it is, read its figures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from puljeguiden import heartbeat
from tests.conftest import ROOT, Running, Visitor, answered


def command(assistant: Running, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator would, on the machine where the assistant runs."""
    return subprocess.run(
        [sys.executable, "-m", "puljeguiden", *words],
        cwd=ROOT,
        env={**os.environ, "PULJEGUIDEN_VAR_DIR": str(assistant.var)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("notice", ["", "Chatten er lukket i dag, mens vi flytter."])
def test_the_chat_can_be_switched_off_with_a_notice_and_on_again(
    notice: str, assistant: Running, visitor: Visitor
) -> None:
    visitor.say("hej")
    assert command(assistant, "close", notice).returncode == 0
    try:
        reply = visitor.say("hvad er fristen?")
        assert answered(reply) == [(None, "unknown", "error")]
        assert (notice or "lukket lige nu") in reply["text"]
        assert reply["text"].count("kommunale handlingsplaner") == 1  # whom to ask, for each pool
        assert "boligområder" in reply["text"]
        page = requests.post(f"{assistant.url}/spoerg", data={"message": "hvad er fristen?"}, timeout=10).text
        assert "lukket" in page
        history = requests.post(f"{assistant.url}/webhooks/rest/history", json={"sender": visitor.sender}, timeout=10)
        assert [one["text"] for one in history.json()["messages"] if one["who"] == "visitor"] == ["hej"]
        assert "puljeguiden_closed 1.0" in requests.get(f"{assistant.url}/metrics", timeout=10).text
    finally:
        assert "is on" in command(assistant, "open").stdout
    assert answered(visitor.say("hvad er fristen for handlingsplanerne?"))[0][2] == "stated"
    assert "was on already" in command(assistant, "open").stdout


def test_figures_count_answers_and_say_nothing_of_what_was_said(assistant: Running, visitor: Visitor) -> None:
    def figures() -> str:
        return requests.get(f"{assistant.url}/metrics", timeout=10).text

    def count(status: str) -> float:
        found = re.search(rf'puljeguiden_answers_total{{status="{status}"}} (\S+)', figures())
        return float(found[1]) if found else 0.0

    before = count("stated"), count("out_of_scope")
    visitor.say("hvad er fristen for handlingsplanerne?")
    requests.post(f"{assistant.url}/webhooks/rest/webhook", json={"sender": "a b"}, timeout=10)
    assert count("stated") == before[0] + 1
    assert re.search(r'puljeguiden_refused_total{reason="unusable"} [1-9]', figures())
    assert re.search(r"puljeguiden_turn_seconds_count [1-9]", figures())
    assert re.search(r'puljeguiden_model_info{version="[0-9a-f]{16}"} 1.0', figures())
    assert 'puljeguiden_broken{part="facts"} 0.0' in figures()
    assert "process_cpu_seconds_total" in figures()
    assert "handlingsplan" not in figures()
    assert visitor.sender not in figures()


def test_the_staff_service_tells_what_waits_and_who_is_alive(assistant: Running) -> None:
    text = requests.get(f"{assistant.staff_url}/metrics", timeout=10).text
    figures = dict(re.findall(r"(?m)^(puljeguiden_[^ ]+) (\S+)$", text))
    for name in ("outbox", "staff", "model", "job"):
        assert figures[f'puljeguiden_unread{{what="{name}"}}'] == "0.0"
    for worker in heartbeat.WORKERS:
        assert 0 <= float(figures[f'puljeguiden_worker_seconds{{worker="{worker}"}}']) < 60
    assert float(figures["puljeguiden_follower_events"]) >= 0
    assert float(figures["puljeguiden_model_trained_timestamp"]) > 1_700_000_000
    assert 'puljeguiden_outbox_cases{state="waiting"}' in figures


def test_both_say_that_they_are_ready_and_that_the_workers_are_alive(assistant: Running) -> None:
    assert requests.get(f"{assistant.url}/ready", timeout=10).json() == {"ready": True}
    assert requests.get(f"{assistant.staff_url}/ready", timeout=10).json() == {"ready": True}
    assert command(assistant, "alive").returncode == 0


def test_a_worker_without_a_sign_is_taken_for_dead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_folder", lambda: tmp_path / "alive")
    monkeypatch.setattr(heartbeat, "_last", {})
    assert set(heartbeat.dead()) == set(heartbeat.WORKERS)
    for worker in heartbeat.WORKERS:
        heartbeat.beat(worker)
    assert list(heartbeat.dead()) == []
    long_ago = (tmp_path / "alive" / "mail").stat().st_mtime - heartbeat.WORKERS["mail"] - 1
    os.utime(tmp_path / "alive" / "mail", (long_ago, long_ago))
    assert list(heartbeat.dead()) == ["mail"]
    heartbeat.rest("deliver")
    assert list(heartbeat.dead()) == ["deliver", "mail"]
