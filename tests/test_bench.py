"""What `make bench` rests on: that visitors count what is not answered, and that figures are told as they are."""

from __future__ import annotations

import copy
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from aiohttp import web

from benchmarks.stock import driver, measure, report
from benchmarks.stock.processes import Processes, free_port
from benchmarks.stock.variants import Stock
from tests.conftest import ROOT

STOCK: dict[str, Any] = {
    "label": "Rasa as installed",
    "training": {"seconds": 600, "on": "2026-11-20", "note": "5 of its 100 epochs"},
    "unanswered": 0,
    "start_s": 20,
    "memory_idle_mb": 980,
    "memory_load_mb": 1000,
    "alone_ms": {"p50": 42, "p95": 60, "p99": 80},
    "together_ms": {"p50": 600, "p95": 700, "p99": 800},
    "cpu_alone_ms": 42,
    "cpu_together_ms": 41,
    "messages_a_second": 25,
    "turn_ms": {"10": 45, "100": 120, "1000": 712},
    "others_wait_ms": 50,
    "others_wait_unbounded_ms": 10_000,
}


def results(**ours: Any) -> dict[str, Any]:
    variants = {name: copy.deepcopy(STOCK) for name in ("stock", "pipeline", "puljeguiden", "apart")}
    variants["puljeguiden"] |= {"label": "Puljeguiden", **ours}
    return {"when": "2026-11-20 12:00", "cpus": 2, "load_before": 0.1, "variants": variants}


def line(table: str, start: str) -> str:
    (found,) = (line for line in table.splitlines() if line.startswith(f"| {start} |"))
    return found


def test_a_goal_that_is_reached_is_ticked_and_another_is_not() -> None:
    table = report.table(results(alone_ms={"p50": 6, "p95": 9, "p99": 12}, messages_a_second=100, start_s=15))
    assert line(table, "Answer, one visitor, p50").endswith("6.0 ms | 42.0 ms | ≤ 1/6: 1/7.0 ✓ |")
    assert line(table, "Messages a second").endswith("≥ 6×: 4.0× ✗ |")
    assert line(table, "Start to first answer").endswith("≤ 0.8: 0.75 ✓ |")
    assert "≤ 1/6: 1/1.0 ✗; apart ≤ 1/4: 1/1.0 ✗" in line(table, "Processor time a message, one visitor")
    assert line(table, "Turn 1000 beside turn 10").endswith("15.82 | ≤ 1.2: ✗ |")
    assert "5 of its 100 epochs" in line(table, "Training")


def test_the_picture_draws_each_value_beside_the_largest() -> None:
    picture = ElementTree.fromstring(report.picture(results(start_s=5)))
    widths = [
        int(bar.get("width") or 0)
        for bar in picture.iter("{http://www.w3.org/2000/svg}rect")
        if bar.get("class") == "puljeguiden"
    ]
    assert min(widths[1:]) * 4 == max(widths)


def test_percentiles_are_those_of_the_times() -> None:
    assert measure.percentiles([float(time) for time in range(1, 102)]) == {"p50": 51, "p95": 96, "p99": 100}


def test_messages_are_those_it_was_trained_on_and_none_of_the_unseen() -> None:
    pile = measure.messages()
    assert len(pile) > 10_000
    assert pile == measure.messages()


async def test_visitors_count_what_is_not_answered() -> None:
    senders = []

    async def answer(request: web.Request) -> web.Response:
        body = await request.json()
        senders.append(body["sender"])
        return web.json_response([{"text": "svar"}] if body["message"] == "hej" else [])

    app = web.Application()
    app.router.add_post("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        job = {"url": f"http://127.0.0.1:{port}/", "messages": ["hej", "tavs"]}
        alone = await driver.run({**job, "do": "alone", "with": {"count": 10}})
        assert (len(alone["times"]), alone["unanswered"], len(set(senders))) == (10, 5, 2)
        crowd = await driver.run({**job, "do": "together", "with": {"clients": 4, "seconds": 0.2}})
        assert len(crowd["times"]) == len(senders) - 10
        beside = await driver.run({**job, "do": "beside_a_long_message", "with": {"length": 1000}})
        assert beside["others"] > 0
    finally:
        await runner.cleanup()


def test_processes_are_counted_with_their_children_and_all_are_stopped(tmp_path: Path) -> None:
    child = "x = bytearray(50_000_000)\nwhile True: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    processes = Processes(tmp_path / "log")
    processes.start([sys.executable, "-c", parent], ROOT)
    while processes.cpu_seconds() < 0.5:
        assert processes.alive()
    assert processes.memory_mb() > 50
    assert len(processes.all()) == 2
    everyone = processes.all()
    processes.stop()
    time.sleep(0.2)
    assert not any(runs(pid) for pid in everyone)


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_stock_conversation_is_lengthened_by_its_latest_turn(tmp_path: Path) -> None:
    stock = Stock(tmp_path, dict, "", fresh=False)
    with sqlite3.connect(tmp_path / "conversations.db") as database:
        database.execute(
            "create table events (id integer primary key, sender_id, type_name, timestamp, intent_name, action_name, data)"
        )
        for sender, kind in (("a", "session_started"), ("a", "user"), ("b", "user"), ("a", "user"), ("a", "bot")):
            database.execute("insert into events (sender_id, type_name) values (?, ?)", (sender, kind))
    stock.lengthen("a", 2)
    with sqlite3.connect(tmp_path / "conversations.db") as database:
        kinds = [kind for (kind,) in database.execute("select type_name from events where sender_id = 'a' order by id")]
    assert kinds == ["session_started", "user", "user", "bot", "user", "bot", "user", "bot"]
