"""From the outbox to the staff service, with real processes: nothing lost, nothing doubled."""

from __future__ import annotations

import http.server
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from puljeguiden import moment
from puljeguiden.commands import outbox as tell
from puljeguiden.delivery import Backoff, Courier
from puljeguiden.outbox import DELIVERED, REFUSED, WAITING, Outbox, new_key
from tests.cases import Visitors, case
from tests.conftest import wait_for
from tests.postgresql import Server
from tests.staff.service import TOKEN, Service


def numbers(service: Service) -> list[str]:
    """Return the numbers of the cases that the staff service has."""
    with sqlite3.connect(service.var / "staff.db", timeout=20) as database:
        return [row[0] for row in database.execute("select number from cases_case order by number")]


def courier(service: Service, outbox: Outbox, token: str = TOKEN) -> Courier:
    """Return what delivers from an outbox, in this process."""
    return Courier(outbox, service.url, token, days=30)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """An empty outbox."""
    return Outbox(f"sqlite:///{tmp_path}/outbox.db")


def test_a_case_shows_in_the_staff_service_at_once(service: Service) -> None:
    service.start("staff", "deliver")
    service.outbox.submit(case())
    wait_for(lambda: service.outbox.counts()[DELIVERED] == 1)  # from here on, all are warm
    staff = service.login()
    number = service.outbox.submit(case(question="Hvor hurtigt går det?"))
    began = time.monotonic()
    wait_for(lambda: number in staff.get(f"{service.url}/sager/", timeout=20).text)
    assert time.monotonic() - began < 10  # on an idle machine, within two seconds


def test_200_cases_under_random_kills_lose_none_and_double_none(service: Service) -> None:
    service.start("staff", "deliver")
    chance = random.Random(200)
    keys = [new_key() for _ in range(200)]
    visitors = Visitors(service.var / "outbox.db")
    victims = ["deliver"] * 5 + ["staff"] * 4
    chance.shuffle(victims)
    for enough in range(20, 201, 20):  # each time, the visitors' process is killed too
        with visitors:
            # What has no number yet is asked for again with the key it has, as the assistant does.
            visitors.ask(key for key in keys if key not in visitors.promised)
            wait_for(lambda: len(visitors.promised) >= enough)  # noqa: B023 - over before it changes
        if victims:
            time.sleep(chance.uniform(0, 0.5))
            victim = victims.pop()
            service.kill(victim)
            service.start(victim)
    wait_for(lambda: service.outbox.counts()[DELIVERED] == len(keys), 90)
    assert numbers(service) == sorted(visitors.promised.values())
    assert service.outbox.counts() == {WAITING: 0, DELIVERED: 200, REFUSED: 0}


def test_the_same_cases_sent_at_once_by_several_couriers_are_there_once(served: Service, outbox: Outbox) -> None:
    given = [outbox.submit(case(email=f"{index}@eksempel.dk")) for index in range(10)]
    couriers = [threading.Thread(target=courier(served, outbox).turn) for _ in range(4)]
    for thread in couriers:
        thread.start()
    for thread in couriers:
        thread.join()
    assert [number for number in numbers(served) if number in given] == sorted(given)
    with sqlite3.connect(served.var / "staff.db") as database:
        letters = database.execute('select "to" from cases_letter where "to" like \'_@eksempel.dk\'').fetchall()
    assert len(letters) == len(set(letters)) == 10


def test_what_is_refused_is_kept_with_its_reason_and_holds_up_nobody(
    served: Service, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = outbox.submit(case(question="")), outbox.submit(case())
    assert courier(served, outbox).turn() == 0
    assert good in numbers(served)
    (refused,) = outbox.pending(REFUSED)
    assert (refused.number, refused.reason[:3]) == (bad, "400")
    monkeypatch.setattr("puljeguiden.outbox.current", lambda: outbox)
    assert tell.main() == 1
    told = capsys.readouterr().out
    assert "refused: 1" in told
    assert bad in told
    assert "question" in told


def test_with_a_wrong_token_cases_wait(served: Service, outbox: Outbox) -> None:
    outbox.submit(case())
    assert courier(served, outbox, token="wrong").turn() >= 0.5
    assert outbox.counts()[WAITING] == 1
    assert courier(served, outbox).turn() == 0
    assert outbox.counts()[DELIVERED] == 1


def test_while_the_service_is_away_cases_wait_and_then_they_arrive(service: Service) -> None:
    given = [service.outbox.submit(case()) for _ in range(3)]
    service.start("deliver")
    wait_for(lambda: "cases wait" in service.log("deliver"))
    assert service.outbox.counts()[WAITING] == 3
    service.start("staff")
    wait_for(lambda: service.outbox.counts()[DELIVERED] == 3)
    assert numbers(service) == sorted(given)
    assert "skolerne" not in service.log("deliver")


def test_when_the_staff_database_fails_cases_wait(served: Service, outbox: Outbox) -> None:
    outbox.submit(case())
    with sqlite3.connect(served.var / "staff.db") as database:
        database.execute("alter table cases_case rename to gone")
    try:
        assert courier(served, outbox).turn() >= 0.5
        assert outbox.counts()[WAITING] == 1
    finally:
        with sqlite3.connect(served.var / "staff.db") as database:
            database.execute("alter table gone rename to cases_case")
    assert courier(served, outbox).turn() == 0


@pytest.fixture
def portal() -> Iterator[str]:
    """A server that answers everything with a friendly page, as a broken proxy may."""

    class Friendly(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<h1>Velkommen</h1>")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Friendly) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_somebody_who_only_says_ok_is_not_believed(portal: str, outbox: Outbox) -> None:
    outbox.submit(case())
    assert Courier(outbox, portal, "token", days=30).turn() >= 0.5
    assert outbox.counts()[WAITING] == 1


@pytest.mark.parametrize("now", [datetime(1970, 1, 1), datetime(2100, 1, 1)], ids=["set back", "set forward"])
def test_a_clock_that_is_wrong_holds_up_no_case_and_forgets_none(
    served: Service, outbox: Outbox, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = courier(served, outbox)
    outbox.submit(case())
    assert ours.turn() == 0
    monkeypatch.setattr(moment, "utc", lambda: now)
    monkeypatch.setattr(time, "time", now.timestamp)
    waiting = outbox.submit(case())
    outbox.forget(now)
    assert outbox.pending(WAITING)[0].content
    assert ours.turn() == 0
    assert outbox.counts()[DELIVERED] == 2
    assert waiting in numbers(served)


def test_waits_grow_to_a_minute_and_start_over() -> None:
    backoff = Backoff()
    waits = [backoff.failed() for _ in range(12)]
    assert 0.5 <= waits[0] <= 1
    assert all(30 <= wait <= 60 for wait in waits[7:])
    backoff.worked()
    assert backoff.failed() <= 1


def test_the_service_works_on_postgresql_too(tmp_path: Path, postgresql: Server) -> None:
    addresses = {f"PULJEGUIDEN_{name}_DATABASE_URL": postgresql.database() for name in ("STAFF", "OUTBOX")}
    service = Service(tmp_path, **addresses)
    outbox = Outbox(addresses["PULJEGUIDEN_OUTBOX_DATABASE_URL"])
    try:
        service.prepare()
        service.start("staff", "deliver", "mail")
        number = outbox.submit(case(question="Gælder det også på ØSTERBRO?\0"))
        wait_for(lambda: list((tmp_path / "mail").glob("*")))
        page = service.login().get(f"{service.url}/sager/?q=østerbro", timeout=10).text
        assert number in page
        assert outbox.counts() == {WAITING: 0, DELIVERED: 1, REFUSED: 0}
    finally:
        service.stop()
