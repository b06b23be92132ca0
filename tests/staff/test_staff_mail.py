"""Mails to applicants and contacts: what they say, and that they arrive when the server is down, slow or picky."""

from __future__ import annotations

import asyncio
import email
import email.policy
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller

from puljeguiden import settings
from tests.cases import case
from tests.conftest import free_port, wait_for
from tests.staff.service import Service

if TYPE_CHECKING:
    from django.test import Client

    from staff.cases.models import Case

Received = Callable[..., "Case"]


class Mailbox:
    """What a real SMTP server takes in, and how it misbehaves: an answer of its own, or a pause."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        self.pause = 0.0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own names
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.answer[0] == "2":
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.pause)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    """A real SMTP server."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box
    server.stop()


@pytest.fixture
def smtp(port: int, db: None) -> Iterator[None]:
    """Send by the SMTP server, be it there or not."""
    from django.test import override_settings

    from staff.connections import mail

    with override_settings(**{**mail(f"smtp+plain://127.0.0.1:{port}", settings.ROOT), "EMAIL_TIMEOUT": 0.5}):
        yield


def send() -> int:
    """Send what is due, as the worker does."""
    from staff.cases.postman import send_due

    return send_due()


def later() -> None:
    """Let the time come for every mail."""
    from django.utils import timezone

    from staff.cases.models import Letter

    Letter.objects.update(due=timezone.now() - timedelta(seconds=1))


def states(case: Case) -> list[tuple[str, str]]:
    """Return purpose and status of a case's mails."""
    return list(case.letters.values_list("purpose", "status"))


def answer(client: Client, case: Case, step: str = "send", **fields: str) -> Any:
    """Answer a case as the form does."""
    form = {"subject": "Svar", "body": "Hej Mette\n\nSådan her.", "token": "a" * 32, "seen": "0", **fields}
    return client.post(f"/sager/{case.number}/svar/", {**form, "step": step})


def test_the_receipt_has_the_number_who_has_it_and_what_was_sent(
    smtp: None, mailbox: Mailbox, received: Received
) -> None:
    case = received()
    assert send() == 1
    (mail,) = mailbox.mails
    assert mail["To"] == "mette@eksempelkommune.dk"
    assert case.number in mail["Subject"]
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_content()
    for part in (
        case.number,
        "Ayse Göksu, Anders Bo Christensen",
        case.question,
        "Mette Østergård",
        "kan ikke besvares",
    ):
        assert part in body
    assert states(case) == [("receipt", "sent")]


def test_nobody_but_the_applicant_is_mailed_where_nothing_is_configured(received: Received) -> None:
    for pool in ("kommunale-handlingsplaner", "udsatte-boligomraader", None, "en-anden"):
        for kind in ("subject", "admin"):
            assert states(received(pool=pool, kind=kind, email=f"{pool}.{kind}@eksempel.dk")) == [("receipt", "queued")]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Configure who is told of new cases."""
    usual = settings.get

    def configure(text: str) -> None:
        found = settings.read("PULJEGUIDEN_CASE_ADDRESSES", {"PULJEGUIDEN_CASE_ADDRESSES": text})
        monkeypatch.setattr(settings, "get", lambda name: found if name.endswith("CASE_ADDRESSES") else usual(name))

    return configure


def test_a_configured_contact_is_told_with_the_way_to_the_case(
    smtp: None, mailbox: Mailbox, received: Received, configured: Callable[[str], None]
) -> None:
    configured("kommunale-handlingsplaner.subject=fag@eksempel.dk, kommunale-handlingsplaner.admin=adm@eksempel.dk")
    case = received()
    assert states(case) == [("receipt", "queued"), ("notice", "queued")]
    send()
    told = next(mail for mail in mailbox.mails if mail["To"] == "fag@eksempel.dk")
    assert f"/sager/{case.number}/" in told.get_content()
    assert case.question in told.get_content()


def test_a_pool_that_names_nobody_has_a_mailbox_of_its_own(
    received: Received, configured: Callable[[str], None]
) -> None:
    configured("udsatte-boligomraader.subject=bolig@eksempel.dk, kommunale-handlingsplaner.subject=fag@eksempel.dk")
    case = received(pool="udsatte-boligomraader", contacts=())
    assert case.letters.get(purpose="notice").to == "bolig@eksempel.dk"


@pytest.mark.parametrize("address", ["pulje@siri.dk", "Ekstremisme@SIRI.dk"])
def test_an_address_that_a_page_publishes_never_gets_a_case(
    received: Received, configured: Callable[[str], None], address: str
) -> None:
    from puljeguiden import destinations, facts

    configured(f"kommunale-handlingsplaner.subject={address}")
    assert states(received()) == [("receipt", "queued")]
    (problem,) = destinations.problems(facts.current())
    assert address in problem


def test_a_stranger_gets_only_so_many_receipts_a_day(received: Received) -> None:
    sent = [received(email="Offer@eksempel.dk").letters.count() for _ in range(7)]
    assert sent == [1, 1, 1, 1, 1, 0, 0]
    assert received(email="en.anden@eksempel.dk").letters.count() == 1


def test_line_breaks_in_what_an_applicant_sent_make_no_headers(
    smtp: None, mailbox: Mailbox, received: Received
) -> None:
    received(name="Mette\r\nBcc: alle@eksempel.dk", question="?\r\n.\r\nQUIT")
    received(email="a@eksempel.dk\r\nBcc: alle@eksempel.dk")
    send()
    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert "QUIT" in mail.get_content()


def test_an_answer_is_looked_at_first_then_sent_and_kept(
    anna: Client, smtp: None, mailbox: Mailbox, received: Received
) -> None:
    case = received()
    start = anna.get(f"/sager/{case.number}/svar/").content.decode()
    assert "Hej Mette Østergård" in start
    preview = answer(anna, case, "preview").content.decode()
    assert "Sådan her." in preview
    assert "mette@eksempelkommune.dk" in preview
    assert states(case) == [("receipt", "queued")]
    assert answer(anna, case, "edit").status_code == 200
    assert answer(anna, case).status_code == 302
    send()
    mail = mailbox.mails[-1]
    assert (mail["Subject"], mail.get_content().split()) == ("Svar", ["Hej", "Mette", "Sådan", "her."])
    case.refresh_from_db()
    assert (case.state, case.assignee and case.assignee.username) == ("answered", "anna")
    assert "Sådan her." in anna.get(f"/sager/{case.number}/").content.decode()
    received_, opened, answered = list(reversed(case.events.all()))[:3]
    assert (received_.what, opened.what, answered.what) == ("received", "opened", "answered")
    assert answered.detail == "Status: Ny → Besvaret; Sagsbehandler: – → Anna"


def test_an_answer_that_is_sent_twice_is_one_mail(anna: Client, received: Received) -> None:
    case = received()
    assert answer(anna, case).status_code == answer(anna, case).status_code == 302
    assert states(case).count(("reply", "queued")) == 1


def test_two_colleagues_do_not_answer_past_each_other(
    anna: Client, person: Callable[..., Client], received: Received
) -> None:
    case = received()
    answer(anna, case)
    second = answer(person("gerda", "Sagsbehandler"), case, token="b" * 32)
    assert second.status_code == 400
    assert "kollega" in second.content.decode()
    assert states(case).count(("reply", "queued")) == 1


@pytest.mark.parametrize(
    "fields", [{"subject": ""}, {"body": " "}, {"body": "Dit CPR-nummer er 010190-1234"}, {"token": "x"}, {"seen": ""}]
)
def test_an_answer_that_cannot_be_sent_is_not(anna: Client, received: Received, fields: dict[str, str]) -> None:
    case = received()
    assert answer(anna, case, **fields).status_code == 400
    assert states(case) == [("receipt", "queued")]


def test_a_case_without_a_usable_address_cannot_be_answered_and_says_so(anna: Client, received: Received) -> None:
    case = received(email="mette(at)eksempel")
    assert "ikke besvares herfra" in anna.get(f"/sager/{case.number}/").content.decode()
    assert answer(anna, case).status_code == 302
    assert states(case) == []


def test_a_server_that_is_down_for_a_while_gets_the_mail_later(smtp: None, port: int, received: Received) -> None:
    case = received()
    assert (send(), states(case)) == (1, [("receipt", "queued")])
    assert send() == 0  # not at once again
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        later()
        send()
    finally:
        server.stop()
    assert states(case) == [("receipt", "sent")]
    assert len(box.mails) == 1


def test_a_slow_server_holds_up_no_other_mail_for_long_and_gets_it_later(
    smtp: None, mailbox: Mailbox, received: Received
) -> None:
    case = received()
    mailbox.pause = 2
    assert (send(), states(case)) == (1, [("receipt", "queued")])
    mailbox.pause = 0
    later()
    send()
    assert states(case) == [("receipt", "sent")]


def test_the_same_mail_twice_has_one_message_id(smtp: None, mailbox: Mailbox, received: Received) -> None:
    from staff.cases.models import Letter

    received()
    send()
    Letter.objects.update(status="queued")  # killed after the server took it, before that was written down
    later()
    send()
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_told(
    anna: Client, smtp: None, mailbox: Mailbox, received: Received
) -> None:
    case = received()
    answer(anna, case)
    mailbox.answer = "451 try later"
    send()
    assert states(case) == [("receipt", "queued"), ("reply", "queued")]
    mailbox.answer = "550 mette@eksempelkommune.dk does not live here"
    later()
    send()
    assert states(case) == [("receipt", "failed"), ("reply", "failed")]
    case.refresh_from_db()
    assert case.state == "open"  # nobody has been answered
    page = anna.get(f"/sager/{case.number}/").content.decode()
    assert "Ikke leveret" in page
    assert "Mail kunne ikke leveres: Svar til ansøgeren; Status: Besvaret → I gang" in page
    mailbox.answer = "250 OK"
    failed = case.letters.get(purpose="reply")
    assert anna.post(f"/sager/{case.number}/mail/{failed.pk}/igen/").status_code == 302
    send()
    assert states(case) == [("receipt", "failed"), ("reply", "sent")]


def test_after_three_days_a_mail_is_given_up_and_told(smtp: None, received: Received) -> None:
    from django.utils import timezone

    case = received()
    case.letters.update(written=timezone.now() - timedelta(days=4))
    send()
    assert states(case) == [("receipt", "failed")]


def test_a_clock_that_was_set_back_holds_up_no_mail(smtp: None, mailbox: Mailbox, received: Received) -> None:
    from django.utils import timezone

    case = received()
    case.letters.update(due=timezone.now() + timedelta(days=300))
    send()
    assert states(case) == [("receipt", "sent")]


def test_a_mail_that_cannot_be_built_stops_no_other(smtp: None, mailbox: Mailbox, received: Received) -> None:
    broken, good = received(), received(email="anden@eksempel.dk")
    broken.letters.update(subject="to\nlinjer")
    send()
    assert states(broken) == [("receipt", "failed")]
    assert states(good) == [("receipt", "sent")]


def test_logs_and_trail_tell_no_address(
    smtp: None, mailbox: Mailbox, received: Received, caplog: pytest.LogCaptureFixture
) -> None:
    case = received()
    mailbox.answer = "550 mette@eksempelkommune.dk does not live here"
    send()
    logged = "".join(record.getMessage() for record in caplog.records if record.name.startswith("staff"))
    told = logged + "".join(event.detail for event in case.events.all()) + case.letters.get().problem
    assert "550" in told
    assert "mette" not in told


def test_the_queue_survives_a_killed_worker_and_a_server_that_comes_late(service: Service, port: int) -> None:
    service.environment["PULJEGUIDEN_SMTP_URL"] = f"smtp+plain://127.0.0.1:{port}"
    service.start("staff", "deliver", "mail")
    for index in range(5):
        service.outbox.submit(case(email=f"{index}@eksempel.dk"))
    wait_for(lambda: "failed" in service.log("mail"))
    service.kill("mail")
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with sqlite3.connect(service.var / "staff.db", timeout=20) as database:
            database.execute("update cases_letter set due = '2020-01-01 00:00:00'")
        service.start("mail")
        wait_for(lambda: len(box.mails) == 5)
        service.kill("mail")
    finally:
        server.stop()
    assert {mail["To"] for mail in box.mails} == {f"{index}@eksempel.dk" for index in range(5)}


def test_without_a_mail_server_mails_become_files(service: Service) -> None:
    service.start("staff", "deliver", "mail")
    number = service.outbox.submit(case())
    wait_for(lambda: [file for file in (service.var / "mail").glob("*") if number in file.read_text(encoding="utf-8")])


@pytest.mark.parametrize(
    ("address", "port", "tls", "ssl"),
    [
        ("smtp://anna:p%40ss@mail.example.org", 587, True, False),
        ("smtps://mail.example.org", 465, False, True),
        ("smtp+plain://127.0.0.1:2525", 2525, False, False),
    ],
)
def test_the_mail_servers_address_is_read(address: str, port: int, tls: bool, ssl: bool) -> None:
    from staff.connections import mail

    found = mail(address, settings.ROOT)
    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)
    assert found["EMAIL_HOST_PASSWORD"] == ("p@ss" if "anna" in address else "")
