"""docker-compose.yml's services, started by hand as it describes them, with trouble in the middle of conversations."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from benchmarks.scale import servers, trouble
from benchmarks.scale.services import Services


@pytest.fixture(scope="module")
def services(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """All services, with two processes of Rasa."""
    if lacking := servers.missing():
        pytest.skip(f"not installed: Debian's {', '.join(lacking)}")
    everything = Services(
        tmp_path_factory.mktemp("services"), trained.parent, assistants=2, PULJEGUIDEN_ADDRESS_RATE_LIMIT="0"
    )
    try:
        everything.start_all()
        for process in ("proxy", "workers", "assistant-0", "assistant-1"):
            everything.wait_until_healthy(process)
        yield everything
    finally:
        everything.stop_all()


def run(work: Any) -> dict[str, Any]:
    result: dict[str, Any] = asyncio.run(work)
    return result


def test_conversations_are_spread_and_each_stays_with_one_process(services: Services) -> None:
    result = run(trouble.spread(services))
    assert (result["answered"], result["unanswered"], result["faults"]) == (100, 0, [])
    assert all(count > 0 for count in result["answers_of_each_process"])


def test_messages_of_one_conversation_at_both_at_once_are_all_answered_once(services: Services) -> None:
    result = run(trouble.both_at_once(services))
    assert (result["answered"], result["unanswered"], result["faults"]) == (40, 0, [])
    assert all(count > 0 for count in result["answers_of_each_process"])


def test_limits_count_what_both_processes_got(services: Services) -> None:
    def ask(number: int) -> int:
        address = f"http://127.0.0.1:{services.assistants[number % 2]}/webhooks/rest/webhook"
        return requests.post(address, json={"sender": "one-at-both", "message": "hej"}, timeout=20).status_code

    if time.time() % 60 > 40:  # they count by the minute of the clock
        time.sleep(61 - time.time() % 60)
    status = [ask(number) for number in range(62)]
    assert status == [200] * 60 + [429] * 2


def test_when_redis_dies_nobody_notices(services: Services) -> None:
    result = run(trouble.restarted_redis(services, seconds=1))
    assert (result["unanswered"], result["faults"]) == (0, [])
    assert result["answered"] > 20


def test_when_a_process_dies_nothing_that_was_answered_is_lost_or_doubled(services: Services) -> None:
    result = run(trouble.killed_assistant(services, seconds=2))
    assert (result["unanswered_after_it_was_over"], result["faults"]) == (0, [])
    assert result["answered"] > 20


def test_a_model_that_goes_live_is_taken_by_both_and_nobody_waits_in_vain(services: Services) -> None:
    result = run(trouble.swapped_model(services))
    assert (result["follow"], result["unanswered"], result["faults"]) == (2, 0, [])
    assert result["answered"] > 20


def test_when_postgresql_dies_nothing_that_was_answered_is_lost_or_doubled(services: Services) -> None:
    result = run(trouble.restarted_postgresql(services, seconds=1))
    assert (result["unanswered_after_it_was_over"], result["faults"]) == (0, [])
    assert result["answered"] > 20
    assert result["unanswered"] > 0


def test_cases_and_copies_get_through(services: Services) -> None:
    result = run(trouble.handed_over(services))
    assert (result["cases_at_staff"], result["copied_for_staff"]) == (1, result["messages"])
    assert "conversations" in services.run("staff", "python", "-m", "staff", "retention", "--preview")


def test_the_proxy_shows_the_two_sites_and_hides_what_is_for_inside(services: Services) -> None:
    def ask(host: str, path: str, **more: Any) -> requests.Response:
        url = f"https://127.0.0.1:{services.ports['proxy:8443']}{path}"
        session = requests.Session()
        session.mount("https://", _Named(host))
        return session.get(url, headers={"Host": host}, verify=str(services.certificate), timeout=10, **more)

    chat, staff = "chat.example.test", "staff.example.test"
    assert ask(chat, "/health").json()["status"] == "ok"
    assert "max-age" in ask(chat, "/").headers["Strict-Transport-Security"]
    assert "Log ind" in ask(staff, "/log-ind/").text
    for host in (chat, staff):
        assert [ask(host, path).status_code for path in ("/metrics", "/ready")] == [404, 404]
    assert ask(staff, "/api/cases").status_code == 404
    with pytest.raises(requests.exceptions.SSLError):
        ask("other.example.test", "/")
    plain = requests.get(f"http://127.0.0.1:{services.ports['proxy:8080']}/chat", allow_redirects=False, timeout=10)
    assert (plain.status_code, plain.headers["Location"]) == (301, "https://127.0.0.1/chat")


def test_no_log_holds_what_visitors_wrote(services: Services) -> None:
    logs = "".join(file.read_text(encoding="utf-8", errors="replace") for file in (services.folder / "log").iterdir())
    assert "proxy" in os.listdir(services.folder / "log")[0] or logs
    assert "boligområder" not in logs
    assert "anna@example.org" not in logs


class _Named(requests.adapters.HTTPAdapter):
    """Greets a server by a name of our choice."""

    def __init__(self, name: str) -> None:
        self._name = name
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        super().init_poolmanager(*arguments, server_hostname=self._name, assert_hostname=self._name, **more)
