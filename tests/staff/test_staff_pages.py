"""What staff can do with a case, and what is written down about it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from staff.cases.models import Case

Received = Callable[..., "Case"]


def text(client: Client, path: str) -> str:
    """Return a page's text."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def listed(client: Client, query: str = "") -> set[str]:
    """Return the numbers of the cases on the list."""
    return set(re.findall(r">(PG-[0-9A-Z-]{9})</a>", text(client, f"/sager/{query}")))


def trail(case: Case) -> list[tuple[str | None, str, str]]:
    """Return who did what to a case, oldest first."""
    return [(event.who and event.who.username, event.what, event.detail) for event in reversed(case.events.all())]


def change(client: Client, case: Case, **fields: Any) -> Any:
    """Change a case as the form does, on a page that shows the case as it is given."""
    shown = {"state": case.state, "assignee": case.assignee_id or "", "reply_by": case.reply_by.isoformat()}
    before = {f"initial-{name}": value for name, value in shown.items()}
    return client.post(f"/sager/{case.number}/aendr/", {**shown, **before, **fields})


def test_the_case_page_shows_the_question_first_then_what_was_said_with_its_sources(
    anna: Client, received: Received
) -> None:
    page = text(anna, f"/sager/{received().number}/")
    order = [
        "Hvordan tager vi bedst fat",
        "Samtalen med Puljeguiden",
        "Fristen var den 25. august",
        "Ansøgningsfristen er",
    ]
    assert sorted(order, key=page.index) == order
    assert "Ayse Göksu, Anders Bo Christensen" in page


def test_what_an_applicant_wrote_is_text_and_never_markup(anna: Client, received: Received) -> None:
    evil = "<script>alert(1)</script>{% debug %}{{ 7|add:7 }}"
    line = {"at": "", "from": "visitor", "text": evil}
    case = received(question=evil, name=evil, organisation=evil, transcript=[line], contacts=[evil])
    for page in (f"/sager/{case.number}/", "/sager/", f"/sager/{case.number}/svar/", f"/sager/{case.number}/udskrift/"):
        shown = text(anna, page)
        assert "<script>" not in shown
        assert "{{ 7|add:7 }}" in shown
    receipt = case.letters.get(purpose="receipt")
    assert evil in receipt.body


def test_a_change_is_made_and_written_down(anna: Client, received: Received) -> None:
    case = received()
    anna_id = int(anna.session["_auth_user_id"])
    assert change(anna, case, state="open", assignee=anna_id, reply_by="2027-01-04").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.assignee_id, case.reply_by) == ("open", anna_id, date(2027, 1, 4))
    who, what, detail = trail(case)[-1]
    assert (who, what) == ("anna", "changed")
    assert "Ny → I gang" in detail
    assert "Ingen → Anna" in detail
    assert "2027-01-04" in detail
    page = text(anna, f"/sager/{case.number}/")
    assert "Ændrede sagen" in page
    assert "Ny → I gang" in page


def test_a_form_that_changes_nothing_writes_nothing_down(anna: Client, received: Received) -> None:
    case = received()
    change(anna, case)
    assert [what for _, what, _ in trail(case)] == ["received"]


def test_an_old_page_changes_only_what_its_reader_changed(
    anna: Client, person: Callable[..., Client], received: Received
) -> None:
    old = received()
    change(person("gerda", "Sagsbehandler"), old, state="answered")
    change(anna, old, reply_by="2027-01-04")
    old.refresh_from_db()
    assert (old.state, old.reply_by) == ("answered", date(2027, 1, 4))


def test_opening_a_case_is_written_down_once_a_visit(anna: Client, bo: Client, received: Received) -> None:
    from django.utils import timezone

    case = received()
    for client in (bo, bo, anna, bo):
        text(client, f"/sager/{case.number}/")
    assert trail(case) == [(None, "received", ""), ("bo", "opened", ""), ("anna", "opened", "")]
    case.events.update(at=timezone.now() - timedelta(minutes=11))
    text(bo, f"/sager/{case.number}/")
    assert trail(case)[-1] == ("bo", "opened", "")
    assert len(trail(case)) == 4


@pytest.mark.parametrize("fields", [{"state": "gone"}, {"reply_by": "snart"}, {"assignee": "99999"}])
def test_a_wrong_change_is_told_in_danish_and_not_made(
    anna: Client, received: Received, fields: dict[str, str]
) -> None:
    case = received()
    answer = change(anna, case, **fields)
    assert answer.status_code == 400
    assert re.search(r'class="errorlist"[^>]*>\s*<li>(Marker|Indtast|Vælg)', answer.content.decode())
    case.refresh_from_db()
    assert (case.state, case.assignee) == ("new", None)


def test_only_those_who_work_with_cases_can_be_given_one(
    anna: Client, bo: Client, carl: Client, received: Received
) -> None:
    page = text(anna, f"/sager/{received().number}/")
    options = re.search(r'<select name="assignee".*?</select>', page, re.DOTALL)
    assert options
    assert "Anna" in options[0]
    assert "Bo<" not in options[0]
    assert "Carl" not in options[0]


def test_a_note_is_kept_with_its_author(anna: Client, received: Received) -> None:
    case = received()
    anna.post(f"/sager/{case.number}/notat/", {"text": "Ring til Mette."})
    page = text(anna, f"/sager/{case.number}/")
    assert "Ring til Mette." in page
    assert ("anna", "noted", "") in trail(case)


@pytest.mark.parametrize("note", ["", "Hun er 010190-1234"])
def test_an_empty_note_and_one_with_a_cpr_number_are_not_kept(anna: Client, received: Received, note: str) -> None:
    case = received()
    answer = anna.post(f"/sager/{case.number}/notat/", {"text": note})
    assert answer.status_code == 400
    assert 'class="errorlist"' in answer.content.decode()
    assert not case.notes.exists()


def test_search_finds_danish_words_in_any_case(anna: Client, received: Received) -> None:
    case = received(organisation="ØSTERBRO Lokaludvalg")
    received(name="En anden", question="Noget andet")
    for query in ("østerbro", "ØSTERBRO lokal", case.number.lower(), "mette@eksempel"):
        assert case.number in listed(anna, f"?q={query}")
    assert listed(anna, "?q=østerbro") == {case.number}
    assert listed(anna, "?q=findes+ikke") == set()
    assert "Ingen sager passer" in text(anna, "/sager/?q=findes+ikke")


def test_filters_narrow_the_list(anna: Client, received: Received) -> None:
    one = received(pool="udsatte-boligomraader", kind="admin")
    two, none = received(), received(pool=None)
    me = anna.session["_auth_user_id"]
    change(anna, two, state="open", assignee=me)
    assert listed(anna) == {one.number, two.number, none.number}
    assert listed(anna, "?state=open") == {two.number}
    assert listed(anna, "?state=unanswered") == {one.number, two.number, none.number}
    assert listed(anna, "?pool=udsatte-boligomraader") == {one.number}
    assert listed(anna, "?pool=none") == {none.number}
    assert listed(anna, "?kind=admin") == {one.number}
    assert listed(anna, f"?who={me}") == {two.number}
    assert listed(anna, "?who=none") == {one.number, none.number}
    today = date.today()
    assert listed(anna, f"?since={today + timedelta(days=2)}") == set()
    assert listed(anna, f"?until={today + timedelta(days=2)}") == {one.number, two.number, none.number}


def test_a_filter_that_is_nonsense_is_told(anna: Client, received: Received) -> None:
    received()
    page = text(anna, "/sager/?since=igår&state=gone")
    assert page.count('class="errorlist"') == 2


def test_what_should_have_been_answered_is_overdue_until_it_is(anna: Client, received: Received) -> None:
    late, fresh = received(), received()
    change(anna, late, reply_by="2020-01-01")
    assert listed(anna, "overskredet/") == listed(anna, "?overdue=on") == {late.number}
    assert "1 over svarfristen" in text(anna, "/sager/")
    assert "Overskredet" in text(anna, f"/sager/{late.number}/")
    late.refresh_from_db()
    change(anna, late, state="answered")
    assert "Ingen sager er over svarfristen" in text(anna, "/sager/overskredet/")
    assert fresh.number in listed(anna)


def test_the_deadline_is_counted_in_working_days() -> None:
    from staff.cases.models import reply_by

    assert reply_by(date(2026, 11, 20), 5) == date(2026, 11, 27)  # a Friday, and the next
    assert reply_by(date(2026, 11, 21), 1) == date(2026, 11, 23)  # a Saturday, and Monday


def test_a_long_list_has_pages_that_keep_the_filters(anna: Client, received: Received) -> None:
    for _ in range(51):
        received()
    page = text(anna, "/sager/?state=new")
    assert "51 sager, side 1 af 2" in page
    assert 'href="?state=new&amp;page=2"' in page
    assert len(listed(anna, "?state=new&page=2")) == 1


def test_an_empty_list_says_what_will_come(anna: Client) -> None:
    assert "Der er ingen sager endnu" in text(anna, "/sager/")


def test_the_export_holds_date_theme_and_the_exact_answers_with_their_sources(anna: Client, received: Received) -> None:
    case = received()
    anna.post(f"/sager/{case.number}/notat/", {"text": "Ring."})
    response = anna.get(f"/sager/{case.number}/journal.json")
    assert response["Content-Disposition"] == f'attachment; filename="{case.number}.json"'
    exported = json.loads(response.content)
    assert exported["format"] == "puljeguiden-case/1"
    assert exported["date"] == "2026-11-20T12:00:00Z"
    assert exported["theme"] == ["Ansøgningsfrist"]
    assert exported["pool"]["name"]
    assert exported["conversation"] == case.transcript
    assert (
        exported["conversation"][1]["answers"][0]["sources"][0]["quote"] == "Ansøgningsfristen er den 25. august 2017"
    )
    assert exported["notes"][0]["text"] == "Ring."
    assert exported["letters"][0]["body"]
    assert [entry["what"] for entry in exported["trail"]][-1] == "Hentede sagen til journalen"
    assert ("anna", "exported", "") in trail(case)


def test_the_print_view_holds_the_same_and_is_written_down(anna: Client, received: Received) -> None:
    case = received()
    page = text(anna, f"/sager/{case.number}/udskrift/")
    for part in (
        "Ansøgningsfrist",
        "Fristen var den 25. august 2017.",
        "Ansøgningsfristen er den 25. august 2017",
        "Kvittering",
    ):
        assert part in page
    assert ("anna", "printed", "") in trail(case)


def test_pools_that_are_gone_go_by_their_id(anna: Client, received: Received) -> None:
    case = received(pool="en-gammel-pulje")
    assert "en-gammel-pulje" in text(anna, f"/sager/{case.number}/")
    assert "en-gammel-pulje" in text(anna, "/sager/")


def test_the_migrations_are_those_of_the_models(django: None) -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
