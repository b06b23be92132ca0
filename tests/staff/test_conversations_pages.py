"""What staff can do with conversations, and what is written down about it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from puljeguiden.masking import keyed_hash
from puljeguiden.secret import key as secret_key
from tests.staff.conversations import store as store
from tests.staff.talks import NOW, POOL, talk, turn, usual
from tests.talk import replied, said

if TYPE_CHECKING:
    from django.test import Client

    from puljeguiden.conversations import Conversations


def text(client: Client, path: str) -> str:
    """Return a page's text."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def looking(client: Client, why: str = "quality") -> Client:
    """Say why somebody looks at conversations."""
    assert client.post("/samtaler/formaal/", {"purpose": why}).status_code == 302
    return client


def looks() -> list[tuple[str, str, str]]:
    """Return who looked at conversations, how and why, oldest first."""
    from staff.conversations.models import Look

    return [(look.who.username, look.what, look.purpose) for look in Look.objects.order_by("id")]


def test_the_list_shows_what_is_needed_to_choose(anna: Client) -> None:
    usual()
    page = text(anna, "/samtaler/")
    row = page[page.index("kan man bruge penge på cykler") :]
    row = row[: row.index("</tr>")]
    for shown in (
        "2 beskeder",
        "Ukendt emne, Kontakt med en person",
        "Ingen pulje",
        "Ikke forstået",
        "Sendt videre som sag",
    ):
        assert shown in row
    for mark in ("Samme spørgsmål igen", "Usikkert gæt", "<td>50</td>"):
        assert mark in row
    assert page.index("Hvornår er fristen?") < page.index("Skal vi selv betale noget?")
    assert "Tommel ned med begrundelse" in page
    assert "Gennemgået" in page


def test_what_an_applicant_wrote_is_text_and_never_markup(anna: Client) -> None:
    evil = "<script>alert(1)</script>{% debug %}{{ 7|add:7 }}"
    told = talk(turn(evil, evil, useful=False, reason=evil, intent=evil[:20], model="<b>", case="<b>"))
    for path in ("/samtaler/", f"/samtaler/{told.key}/", "/overblik/"):
        page = text(looking(anna), path)
        assert "<script>alert" not in page
        assert "<b>" not in page


def test_a_long_list_has_pages_that_keep_the_filter(anna: Client) -> None:
    for number in range(120):
        talk(f"Hvad er nummer {number}?", at=NOW - timedelta(hours=number))
    seen, path = [], "/samtaler/?q=nummer&topic=deadline"
    while path:
        page = text(anna, path)
        seen += [int(number) for number in re.findall(r"Hvad er nummer (\d+)\?", page)]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = f"/samtaler/{following[1].replace('&amp;', '&')}" if following else ""
    assert seen == list(range(120))
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert back
    assert "Hvad er nummer 50?" in text(anna, f"/samtaler/{back[1].replace('&amp;', '&')}")


def test_a_filter_that_is_nonsense_is_told(anna: Client) -> None:
    usual()
    page = text(anna, "/samtaler/?since=igår&pool=findes-ikke")
    assert "errorlist" in page
    assert "Hvornår er fristen?" not in page


def test_filters_are_kept_under_a_name_and_are_ones_own(anna: Client, bo: Client) -> None:
    from staff.conversations.models import SavedFilter

    anna.post("/samtaler/filtre/?q=frist&status=not_stated&page=7&pool=", {"name": "Ubesvaret"})
    assert "?q=frist&amp;status=not_stated" in text(anna, "/samtaler/")
    assert "Ubesvaret" not in text(bo, "/samtaler/")
    anna.post("/samtaler/filtre/?q=andet", {"name": "Ubesvaret"})
    saved = SavedFilter.objects.get()
    assert saved.query == "q=andet"
    assert bo.post(f"/samtaler/filtre/{saved.pk}/slet/").status_code == 404
    anna.post(f"/samtaler/filtre/{saved.pk}/slet/")
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("name", ["", "x" * 81])
def test_a_filter_without_a_good_name_is_not_kept(anna: Client, name: str) -> None:
    anna.post("/samtaler/filtre/?q=frist", {"name": name})
    assert "Filteret er ikke gemt" in text(anna, "/samtaler/")


def test_a_conversation_opens_when_the_purpose_is_said_and_is_written_down_once_a_visit(anna: Client) -> None:
    told = talk("Hvornår er fristen?")
    asked = anna.get(f"/samtaler/{told.key}/?q=frist")
    assert asked.url == f"/samtaler/formaal/?next=/samtaler/{told.key}/%3Fq%3Dfrist"
    assert looks() == []
    assert anna.post(asked.url, {"purpose": "nysgerrighed"}).status_code == 400
    assert anna.post(asked.url, {"purpose": "training"}).url == f"/samtaler/{told.key}/?q=frist"
    text(anna, f"/samtaler/{told.key}/")
    assert "Formål: Træning" in text(anna, f"/samtaler/{told.key}/")
    looking(anna, "request")
    text(anna, f"/samtaler/{told.key}/")
    assert [(who, what, why.partition(":")[0]) for who, what, why in looks()] == [
        ("anna", "opened", "Træning"),
        ("anna", "opened", "Henvendelse"),
    ]


def test_after_the_purpose_nobody_is_sent_to_another_site(anna: Client) -> None:
    for target in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        assert anna.post(f"/samtaler/formaal/?next={target}", {"purpose": "quality"}).url == "/samtaler/"


def test_the_transcript_shows_how_each_answer_came_about(anna: Client) -> None:
    told = talk(
        turn("Hvornår er fristen?", confidence=0.931, margin=0.88, useful=False, reason="Mangler år", repeats=True)
    )
    page = text(looking(anna), f"/samtaler/{told.key}/")
    for shown in (
        "Hvornår er fristen?",
        "Fristen var den",
        "Ansøgningsfrist, sikkerhed 0,93",
        "Er puljen åben, 0,88 efter",
    ):
        assert shown in page
    for shown in (
        "Ansøgningsfristen er den 25. august 2017",
        "opdateret 23. august 2017",
        "84 ms",
        "20261101-frost",
        "Mangler år",
    ):
        assert shown in page


def test_next_and_previous_keep_to_the_list_one_came_from(anna: Client) -> None:
    newest, cost, bikes, old = usual()
    page = text(looking(anna), f"/samtaler/{cost.key}/?status=not_stated")
    assert f'rel="next" data-key="n" href="/samtaler/{old.key}/?status=not_stated"' in page
    assert 'rel="prev"' not in page
    page = text(anna, f"/samtaler/{cost.key}/")
    assert f'href="/samtaler/{newest.key}/"' in page
    assert f'href="/samtaler/{bikes.key}/"' in page


def test_a_verdict_is_kept_with_its_author_and_replaces_the_earlier_one(anna: Client, erik: Client) -> None:
    from staff.conversations.models import Verdict

    told = talk("Hvornår er fristen?")
    path = f"/samtaler/{told.key}/1/vurdering/"
    answer = anna.post(f"{path}?q=frist", {"what": "wrong", "comment": "Forkert år"})
    assert answer.url == f"/samtaler/{told.key}/?q=frist#tur-1"
    assert "Forkert år" in text(looking(erik), f"/samtaler/{told.key}/")
    erik.post(path, {"what": "other_topic", "topic": "period"})
    verdict = Verdict.objects.get()
    assert (verdict.what, verdict.topic, verdict.comment, verdict.author.username) == (
        "other_topic",
        "period",
        "",
        "erik",
    )
    erik.post(path, {"what": "right", "topic": "period"})
    verdict.refresh_from_db()
    assert (verdict.what, verdict.topic) == ("right", "")


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"what": "other_topic"}, "Vælg det emne"),
        ({"what": "other_topic", "topic": "findes-ikke"}, "errorlist"),
        ({"what": "right", "comment": "Hun er 010190-1234"}, "CPR-nummer"),
        ({"what": "godt"}, "errorlist"),
        ({}, "errorlist"),
    ],
)
def test_a_wrong_verdict_is_told_by_the_field_and_not_kept(anna: Client, form: dict[str, str], wrong: str) -> None:
    from staff.conversations.models import Verdict

    told = talk("Hvornår er fristen?")
    answer = looking(anna).post(f"/samtaler/{told.key}/1/vurdering/", form)
    assert answer.status_code == 400
    assert wrong in answer.content.decode()
    assert not Verdict.objects.exists()


def test_a_reviewed_conversation_leads_on_to_the_next_and_needs_no_eyes(anna: Client) -> None:
    _, cost, bikes, old = usual()
    assert cost.attention == 100
    answer = looking(anna).post(f"/samtaler/{cost.key}/gennemgang/?order=attention", {"reviewed": "yes"})
    assert answer.url == f"/samtaler/{bikes.key}/?order=attention"
    cost.refresh_from_db()
    assert (cost.reviewed, cost.attention) == (True, 0)
    anna.post(f"/samtaler/{cost.key}/gennemgang/", {"reviewed": "no"})
    cost.refresh_from_db()
    assert (cost.reviewed, cost.attention) == (False, 100)
    assert anna.post(f"/samtaler/{old.key}/gennemgang/?q=støtten", {"reviewed": "yes"}).url.startswith(
        "/samtaler/?q=st"
    )


def test_one_click_proposes_a_message_to_the_trainers_once(anna: Client) -> None:
    from staff.conversations.models import Proposal

    told = talk(turn("Hvornår er fristen?", status="not_stated"))
    path = f"/samtaler/{told.key}/1/forslag/"
    for use in ("example", "example", "test", "noget"):
        anna.post(path, {"use": use})
    assert {(one.use, one.text, one.topic, one.pool, one.status) for one in Proposal.objects.all()} == {
        ("example", "Hvornår er fristen?", "deadline", POOL, "not_stated"),
        ("test", "Hvornår er fristen?", "deadline", POOL, "not_stated"),
    }
    anna.post(f"/samtaler/{told.key}/1/vurdering/", {"what": "other_topic", "topic": "period"})
    assert {one.topic for one in Proposal.objects.all()} == {"period"}
    assert "Foreslået som regressionstest" in text(looking(anna), f"/samtaler/{told.key}/")
    told.delete()
    assert Proposal.objects.count() == 2


@pytest.fixture
def written(store: Conversations) -> Any:
    """A conversation that is in the tracker store, with its masked copy."""
    sender = "besoegende-0123456789012345"
    store.append(
        sender,
        [said("Ring til Mette på 20 30 40 50"), replied(text="Det gør vi."), said("Tak"), replied(text="Selv tak.")],
        0,
    )
    events = [one.id for one in store.history(sender) if one.event["event"] == "user"]
    turns = [turn("Ring til [navn] på [telefonnummer]", event=events[0]), turn("Tak", event=events[1])]
    return talk(*turns, key=keyed_hash(sender, secret_key()))


def test_the_unmasked_text_is_shown_for_a_reason_that_is_kept(dorte: Client, written: Any) -> None:
    path = f"/samtaler/{written.key}/umaskeret/"
    assert "Ring til [navn]" in text(looking(dorte), f"/samtaler/{written.key}/")
    for reason in ("", "fordi", "Hun hedder 010190-1234"):
        refused = dorte.post(path, {"reason": reason})
        assert refused.status_code == 400
        assert "Mette" not in refused.content.decode()
    shown = dorte.post(path, {"reason": "Ansøgeren har ringet og bedt om hjælp"})
    assert "Ring til Mette på 20 30 40 50" in shown.content.decode()
    assert "Selv tak." in shown.content.decode()
    assert [(what, why) for _, what, why in looks()][1:] == [("unmasked", "Ansøgeren har ringet og bedt om hjælp")]
    assert "Mette" not in text(dorte, f"/samtaler/{written.key}/")


def test_what_is_no_longer_kept_unmasked_is_said_to_be_gone(dorte: Client, written: Any, store: Conversations) -> None:
    store.delete("besoegende-0123456789012345")
    shown = dorte.post(f"/samtaler/{written.key}/umaskeret/", {"reason": "Ansøgeren har ringet"}).content.decode()
    assert shown.count("Den oprindelige tekst er slettet") == 2
    assert "Ring til [navn]" in shown


def test_what_the_follower_copies_is_found_until_it_is_deleted(anna: Client, store: Conversations) -> None:
    from staff.conversations.follower import follow

    store.append("besoegende-0123456789012345", [said("Må vi købe cykler?"), replied()], 0)
    while follow(store):
        pass
    assert "Må vi købe cykler?" in text(anna, "/samtaler/?q=cyklerne&topic=deadline")
    store.append(
        "besoegende-0123456789012345", [said("Og hjelme?"), replied()], store.last_id("besoegende-0123456789012345")
    )
    while follow(store):
        pass
    assert "Må vi købe cykler?" in text(anna, "/samtaler/?q=hjelm cykler")
    store.delete("besoegende-0123456789012345")
    while follow(store):
        pass
    assert "Ingen samtaler passer" in text(anna, "/samtaler/?q=cykler")


def exported(client: Client, query: str = "", why: str = "quality") -> list[dict[str, str]]:
    """Return the rows of a download."""
    response = client.post(f"/samtaler/eksport.csv{query}", {"purpose": why})
    assert response.status_code == 200
    assert response.streaming
    assert "attachment" in response["Content-Disposition"]
    content = b"".join(response)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_export_holds_each_turn_of_the_conversations_in_the_filter(anna: Client) -> None:
    usual()
    assert len(exported(anna)) == 6
    rows = exported(anna, "?q=cykler&order=attention")
    assert [row["svar"] for row in rows] == ["Det forstod jeg ikke.", "Vil du spørge en person?"]
    assert (rows[0]["sikkerhed"], rows[1]["samme spørgsmål igen"], rows[1]["sag"]) == ("0,310", "1", "PG-2222-2222")
    assert [why for _, what, why in looks() if what == "exported"][1].endswith("(q=cykler&order=attention)")


def test_a_long_export_is_whole(anna: Client) -> None:
    for number in range(450):
        talk(f"Nummer {number}", at=NOW - timedelta(minutes=number // 3))
    rows = exported(anna)
    assert {row["spørgsmål"] for row in rows} == {f"Nummer {number}" for number in range(450)}
    assert len(rows) == 450


@pytest.mark.parametrize("evil", ["=1+1", "+45", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(anna: Client, evil: str) -> None:
    talk(turn(evil, evil, useful=False, reason=evil))
    row = exported(anna)[0]
    assert row["spørgsmål"] == f"'{evil}"
    assert row["begrundelse"] == f"'{evil}"


def test_an_export_without_a_purpose_is_none(anna: Client) -> None:
    assert anna.post("/samtaler/eksport.csv").status_code == 302
    assert anna.get("/samtaler/eksport.csv").status_code == 405
    assert looks() == []


def test_the_overview_counts_what_happened(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "localdate", lambda value=None: (value or NOW).date())
    usual()
    talk(turn("kan man bruge penge på cykler", "Nej", status="not_understood", pool="", topic="unknown"))
    page = text(anna, "/overblik/")
    assert "4 samtaler fra" in page
    for share in ("Besvaret: 33 %", "Fremgår ikke af opslaget: 17 %", "Sendt videre: 17 %", "Ikke forstået: 33 %"):
        assert share in page
    assert re.search(r"kan man bruge penge på cykler</a></th><td>2</td>", page)
    assert "Tommel op: 0 %" in page
    assert "84 ms" not in page
    assert "80 ms" in page  # in steps of 10
    assert "20261001-tang" in page
    year = text(anna, f"/overblik/?days=365&pool={POOL}")
    assert "2 samtaler fra" in year
    assert "om Kommunale handlingsplaner" in year or POOL in year


def test_an_empty_overview_is_kind_and_nonsense_is_no_error(anna: Client) -> None:
    assert "Alle spørgsmål i perioden fik et svar" in text(anna, "/overblik/")
    text(anna, "/overblik/?days=x&pool=findes-ikke")


def test_percentiles_are_those_of_the_values() -> None:
    from collections import Counter

    from staff.conversations.numbers import percentile

    values = Counter(range(1, 101))
    assert (percentile(values, 0.5), percentile(values, 0.95), percentile(Counter(), 0.5)) == (50, 95, None)


def test_who_sees_no_cases_begins_with_the_conversations(erik: Client) -> None:
    assert erik.get("/").url == "/samtaler/"
    page = text(erik, "/samtaler/")
    assert 'href="/overblik/"' in page
    assert 'href="/sager/"' not in page
    assert "Hent som regneark" not in page


def test_bo_reads_and_is_offered_nothing_else(bo: Client) -> None:
    told = talk("Hvornår er fristen?")
    page = text(looking(bo), f"/samtaler/{told.key}/")
    for action in ("vurdering", "forslag", "gennemgang", "umaskeret"):
        assert f"/{action}/" not in page
    assert "review.js" not in page


def test_a_session_ends_and_conversations_are_kept_out_of_caches(person: Callable[..., Client]) -> None:
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    anna = person("anna", "Sagsbehandler")
    response = anna.get("/samtaler/")
    assert "no-store" in response["Cache-Control"]
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert anna.get("/samtaler/").url == "/log-ind/?next=/samtaler/"
