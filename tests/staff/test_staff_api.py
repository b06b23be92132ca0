"""The door for the outbox: takes a case once, refuses with reasons, and breaks on nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puljeguiden.outbox import WAITING, Outbox
from staff.cases import intake
from tests.cases import body, case

Post = Callable[..., Any]


def test_a_new_case_is_created_and_known_the_second_time(post: Post) -> None:
    given = body()
    first, second = post(given), post(given)
    assert (first.status_code, first.json()) == (201, {"number": given["number"]})
    assert (second.status_code, second.json()) == (200, {"number": given["number"]})


def test_a_case_is_stored_as_it_was_sent(received: Callable[..., Any]) -> None:
    given = body()
    case = received(**given)
    for field in ("number", "pool", "kind", "question", "name", "organisation", "email", "contacts", "conversation"):
        assert getattr(case, field) == given[field]
    assert case.transcript[1]["answers"] == given["transcript"][1]["answers"]
    assert (case.state, case.assignee) == ("new", None)
    assert case.created.isoformat() == "2026-11-20T12:00:00+00:00"


def test_a_case_about_no_pool_is_a_case(received: Callable[..., Any]) -> None:
    assert received(pool=None).pool == ""


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic eDp5", "Bearer æøå"])
def test_without_the_token_nobody_gets_in(db: None, header: str | None) -> None:
    from django.test import Client

    from staff.cases.models import Case

    headers = {} if header is None else {"Authorization": header}
    response = Client().post("/api/cases", body(), content_type="application/json", headers=headers)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert not Case.objects.exists()


WRONG = {
    "no body": (b" ", "body"),
    "no JSON": (b"{", "body"),
    "no UTF-8": (b'{"number": "\xff"}', "body"),
    "a list": (b"[]", "body"),
    "nested deeply": (b"[" * 100_000, "body"),
    "no question": ({"question": ""}, "question"),
    "only spaces": ({"question": " \n"}, "question"),
    "a number of another form": ({"number": "42"}, "number"),
    "a weak key": ({"key": "1"}, "key"),
    "an unknown kind": ({"kind": "other"}, "kind"),
    "a pool that is no id": ({"pool": "../../etc"}, "pool"),
    "a day that does not exist": ({"created": "2026-02-30T12:00:00"}, "created"),
    "a speaker who is nobody": ({"transcript": [{"at": "", "from": "x", "text": ""}]}, "transcript.0.from"),
    "a question that is a list": ({"question": ["hej"]}, "question"),
    "a name that is far too long": ({"name": "x" * 501}, "name"),
}


@pytest.mark.parametrize(("sent", "field"), WRONG.values(), ids=list(WRONG))
def test_what_is_no_case_is_refused_with_the_field_and_without_its_content(post: Post, sent: Any, field: str) -> None:
    response = post(body(**sent) if isinstance(sent, dict) else sent)
    assert response.status_code == 400
    (problem,) = response.json()["problems"]
    assert problem.startswith(f"{field}: ")
    assert "hej" not in problem


def test_a_case_that_lacks_everything_is_told_so(post: Post) -> None:
    response = post({})
    assert response.status_code == 400
    assert all("lacks" in problem for problem in response.json()["problems"])


def test_a_body_that_is_too_large_is_refused(post: Post) -> None:
    assert post(b'"' + b"x" * 3_000_000 + b'"').status_code == 413


def test_a_body_that_is_no_json_by_its_header_is_refused(post: Post) -> None:
    assert post(body(), content_type="text/plain").status_code == 415


def test_a_number_that_belongs_to_another_case_is_refused(post: Post) -> None:
    given = body()
    assert post(given).status_code == 201
    assert post(body(number=given["number"])).status_code == 409


def test_a_key_in_the_header_has_to_be_the_cases(post: Post) -> None:
    given = body()
    assert post(given, **{"Idempotency-Key": "another"}).status_code == 400
    assert post(given, **{"Idempotency-Key": given["key"]}).status_code == 201


def test_cpr_numbers_are_masked_here_too(received: Callable[..., Any]) -> None:
    line = {"at": "", "from": "visitor", "text": "010190-1234"}
    case = received(question="Jeg er 0101901234", name="010190 1234", transcript=[line])
    assert "1234" not in f"{case.question} {case.name} {case.transcript} {case.folded}"


def test_what_is_not_known_is_dropped(received: Callable[..., Any]) -> None:
    case = received(secret="x", transcript=[{"at": "", "from": "visitor", "text": "hej", "ip": "10.0.0.1"}])
    assert case.transcript == [{"at": "", "from": "visitor", "text": "hej"}]


def test_an_address_that_cannot_be_mailed_loses_no_case(received: Callable[..., Any]) -> None:
    assert not received(email="mette snabela eksempel").letters.exists()


def test_only_post_is_answered(db: None) -> None:
    from django.test import Client

    assert Client().get("/api/cases").status_code == 405


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
FIELDS = st.sampled_from(sorted(body()))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(changes=st.dictionaries(FIELDS, ANY, max_size=3))
def test_no_field_breaks_the_service(post: Post, changes: dict[str, Any]) -> None:
    response = post(json.dumps({**body(), **changes}).encode("utf-8", "surrogatepass"))
    assert response.status_code in (200, 201, 400, 409), response.content
    assert response.json()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(text=st.text(st.characters()), raw=st.binary(min_size=1, max_size=200))
def test_no_text_and_no_bytes_break_the_service(post: Post, text: str, raw: bytes) -> None:
    line = {"at": text[:40], "from": "visitor", "text": text}
    given = {**body(), "question": f"{text}?", "name": text[:500], "email": text[:500], "transcript": [line]}
    assert post(json.dumps(given).encode()).status_code == 201
    assert post(raw).status_code == 400


@settings(max_examples=80, deadline=None, database=None)
@given(
    texts=st.lists(st.text(st.characters(), max_size=30), min_size=6, max_size=6),
    times=st.integers(1, 3000),
    pool=st.sampled_from(["kommunale-handlingsplaner", None]),
    kind=st.sampled_from(["subject", "admin"]),
)
def test_whatever_the_outbox_stores_the_service_takes(
    texts: list[str], times: int, pool: str | None, kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    question, name, organisation, email, said, contact = (text * times for text in texts)
    outbox = Outbox(f"sqlite:///{tmp_path_factory.getbasetemp()}/any.db")
    line = {"at": "2026-11-20T12:00:00", "from": "visitor", "text": said[:4000]}
    given_case = case(
        question=f"?{question}",
        name=name,
        organisation=organisation,
        email=email,
        pool=pool,
        kind=kind,
        contacts=(contact,),
        transcript=[line] * 20,
    )
    number = outbox.submit(given_case)
    (stored,) = (one for one in outbox.pending(WAITING) if one.number == number)
    assert intake.read(json.dumps(stored.content).encode())["number"] == number
    outbox.delivered(number)
