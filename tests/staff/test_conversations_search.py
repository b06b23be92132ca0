"""Full-text search and filters, on both databases: what is typed finds what was said, in whatever form."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.postgresql import Server
from tests.staff.conftest import OTHER_DATABASE
from tests.staff.talks import NOW, POOL, talk, turn, usual


def found(**given: str) -> list[str]:
    """Return the first messages of the conversations a filter finds."""
    from staff.conversations import paging
    from staff.conversations.forms import FilterForm

    form = FilterForm(given)
    page = paging.page(form.chosen(), form.sorting(), 1000)
    assert {one.pk for one in page.conversations} == set(form.chosen().filtered().values_list("pk", flat=True))
    return [one.turns.first().question for one in page.conversations]


@pytest.mark.parametrize(
    "typed",
    [
        "støtte",
        "støtten",
        "STØTTE",
        "stoette",
        "stotte",
        "støttens",
        "naeste år",
        "aar næste",
        '"næste år"',
        "«støtten forlænget»",
    ],
)
def test_a_word_is_found_in_any_form_and_spelling(db: None, typed: str) -> None:
    usual()
    assert found(q=typed) == ["Kan vi få støtten forlænget til naeste aar?"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ansøge", "Hvornår skal ansøgningen være inde?"),
        ("ansøgninger", "Kan man ansøge to gange?"),
        ("kommune", "Gælder det alle kommunerne?"),
        ("betaling", "Hvad skal vi betale?"),
        ("foreningen", "Vi er en forening"),
        ("Ærø", "Gælder det AERØ?"),
        ("projekt", "projekternes periode"),
    ],
)
def test_inflection_and_what_is_made_of_verbs(db: None, typed: str, written: str) -> None:
    talk("Noget helt andet", at=NOW - timedelta(days=1))
    talk(written)
    assert found(q=typed) == [written]


def test_short_words_do_not_find_long_ones(db: None) -> None:
    talk("Vi er en forening")
    assert found(q="for") == []


def test_all_words_have_to_be_there_and_phrases_in_their_order(db: None) -> None:
    talk("Hvem kan søge støtte?", turn("Og hvornår er fristen?", "Den var i august."))
    talk("Hvad er fristen?", "Hvad er støtten?")
    assert len(found(q="støtte frist")) == 2
    assert found(q="støtte hvem frist") == ["Hvem kan søge støtte?"]
    assert found(q='"søge støtte"') == ["Hvem kan søge støtte?"]
    assert found(q='"støtte søge"') == []
    assert found(q='"støtte fristen"') == []


def test_a_phrase_does_not_reach_into_the_next_message(db: None) -> None:
    talk(turn("Noget om penge", "Svaret"), turn("til kommuner", "Andet"))
    assert found(q='"penge svaret"') == []
    assert found(q='"svaret til"') == []


def test_replies_and_reasons_are_searched_too(db: None) -> None:
    talk(turn("Hvad så?", "Du kan spørge Rambøll.", useful=False, reason="Jeg ville vide noget om Lolland."))
    assert found(q="rambøll lolland") == ["Hvad så?"]


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        '""',
        "'",
        "-",
        "*",
        "(",
        ")",
        "a AND",
        "NOT a",
        "a:b",
        "words:frist",
        "NEAR(a b)",
        "\\",
        "'; DROP TABLE x",
        "!",
        "&|!<->",
        "ord " * 500,
        "\x00",
        "\ud800",
        "ｆｒｉｓｔ",
        "😀",
        "frist😀",
        "é",
        "१२३",
        "x" * 5000,
        "a" + "̀" * 50,
        "\ue000",
        '"uden slut',
    ],
)
def test_nothing_anybody_types_is_an_error(db: None, anna: Any, typed: str) -> None:
    usual()
    if "\ud800" not in typed:  # no browser sends half a character
        assert anna.get("/samtaler/", {"q": typed}).status_code == 200
    found(q=typed)


def test_a_text_without_a_word_finds_nothing_and_no_text_everything(db: None) -> None:
    usual()
    assert found(q="???") == []
    assert len(found(q="  ")) == 4


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ({"since": "2026-11-19"}, 2),
        ({"until": "2026-11-18"}, 2),
        ({"since": "2026-11-18", "until": "2026-11-19"}, 2),
        ({"pool": POOL}, 2),
        ({"pool": "udsatte-boligomraader"}, 1),
        ({"topic": "deadline"}, 1),
        ({"topic": "handoff"}, 1),
        ({"status": "not_stated"}, 2),
        ({"status": "not_understood"}, 1),
        ({"mark": "low"}, 1),
        ({"mark": "down"}, 1),
        ({"mark": "reason"}, 1),
        ({"mark": "case"}, 1),
        ({"mark": "repeated"}, 1),
        ({"reviewed": "no"}, 3),
        ({"reviewed": "yes"}, 1),
        ({"model": "20261001-tang"}, 2),
        ({"model": "20261001-tang", "reviewed": "no", "q": "cykler"}, 1),
        ({"pool": POOL, "status": "not_stated"}, 1),
        ({"pool": POOL, "topic": "period"}, 0),
    ],
)
def test_filters_find_what_they_say(db: None, given: dict[str, str], number: int) -> None:
    usual()
    assert len(found(**given)) == number


def test_pool_topic_and_status_are_of_the_same_answer(db: None) -> None:
    talk(
        "Hvornår er fristen?",
        turn("Skal vi betale?", status="not_stated", topic="cofinancing", pool="udsatte-boligomraader"),
    )
    assert found(topic="deadline", status="not_stated") == []
    assert found(topic="deadline", pool="udsatte-boligomraader") == []
    assert found(topic="cofinancing", status="not_stated", pool="udsatte-boligomraader") == ["Hvornår er fristen?"]


def test_what_most_needs_eyes_stands_first(db: None) -> None:
    usual()
    assert found(order="attention")[0] == "Skal vi selv betale noget?"  # a thumb down
    assert found(order="attention")[1] == "kan man bruge penge på cykler"
    assert found()[0] == "Hvornår er fristen?"


def test_a_conversation_is_found_by_what_it_is_now(db: None) -> None:
    from staff.conversations import search

    told = talk("Hvornår er fristen?")
    told.turns.update(question="Hvem kan søge?")
    search.index([told.pk, told.pk, 424242])
    assert found(q="hvem") == ["Hvem kan søge?"]
    assert found(q="hvornår") == []


def test_of_a_very_long_conversation_the_latest_words_and_all_marks_are_found(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from staff.conversations import search

    monkeypatch.setattr(search, "_MOST_TURNS", 2)
    talk(turn("Hvad koster kagen?", useful=False), turn("Hvad er beløbet?"), turn("Hvornår er fristen?"))
    assert found(q="fristen") == found(mark="down") == ["Hvad koster kagen?"]
    assert found(q="kagen") == []


def test_a_deleted_conversation_leaves_no_word_behind(db: None) -> None:
    from django.db import connection

    from staff.conversations import search

    talk("Hvornår er fristen for hippopotamus?").delete()
    search.forget()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM conversations_search")
        assert cursor.fetchone()[0] == 0
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT count(*) FROM conversations_search_data WHERE hex(block) LIKE '%' || hex('hippo') || '%'"
            )
            assert cursor.fetchone()[0] == 0


def test_pages_of_a_list_meet_without_gap_or_overlap(db: None) -> None:
    from staff.conversations import paging
    from staff.conversations.models import Conversation

    for number in range(23):
        talk("Hej", at=NOW - timedelta(hours=number // 4), attention=number % 3)
    for order in (paging.NEWEST, paging.ATTENTION):
        wanted = list(Conversation.objects.order_by(*(f"-{name}" for name in order)))
        page, seen = paging.page(paging.Found(Conversation.objects.all()), order, 5), []
        assert not page.before
        while True:
            seen += page.conversations
            if not page.after:
                break
            page = paging.page(paging.Found(Conversation.objects.all()), order, 5, after=page.conversations[-1].key)
            assert page.before
        assert seen == wanted
        back = paging.page(paging.Found(Conversation.objects.all()), order, 5, before=wanted[7].key)
        assert back.conversations == wanted[2:7]
        assert (back.before, back.after) == (True, True)
        first = paging.page(paging.Found(Conversation.objects.all()), order, 5, before=wanted[3].key)
        assert (first.conversations, first.before) == (wanted[:3], False)


def test_what_is_far_down_the_list_is_found_as_what_is_near(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from staff.conversations import paging, search
    from staff.conversations.models import Conversation

    for number in range(30):
        talk("Hvad er fristen?" if number % 7 else "Hvem kan søge?", at=NOW - timedelta(hours=number))
    wanted = paging.take(paging.Found(Conversation.objects.all(), search.query("søge")), paging.NEWEST, 10)
    assert len(wanted) == 5
    for near in ((), (1,), (2, 4), (8, 16), (40,)):
        monkeypatch.setattr(paging, "_NEAR", near)
        found = paging.Found(Conversation.objects.all(), search.query("søge"))
        assert paging.take(found, paging.NEWEST, 10) == wanted
        assert paging.take(found, paging.NEWEST, 2, wanted[1]) == wanted[2:4]
        assert paging.take(found, paging.NEWEST, 2, wanted[3], backwards=True) == [wanted[2], wanted[1]]
        assert paging.take(found, paging.ATTENTION, 10) == wanted


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    server = Server()
    server.start()
    yield server.database()
    server.remove()


def test_all_of_this_on_postgresql_too(request: pytest.FixtureRequest) -> None:
    """Django keeps to one database in a process, so this file runs once more in another process."""
    if OTHER_DATABASE in os.environ:
        return  # this is that process
    done = subprocess.run(
        [sys.executable, "-m", "pytest", __file__],
        cwd=ROOT,
        env={**os.environ, OTHER_DATABASE: request.getfixturevalue("postgresql")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_it_is_the_database_that_was_meant(db: None) -> None:
    from django.db import connection

    assert connection.vendor == ("postgresql" if OTHER_DATABASE in os.environ else "sqlite")


def test_filters_and_exports_keep_no_cpr_number_that_was_searched_for(anna: Any) -> None:
    from staff.conversations.models import Look, SavedFilter

    looked_for = "/samtaler/{}?q=010190-1234&pool=0101901234"
    assert anna.post(looked_for.format("filtre/"), {"name": "Mit filter"}).status_code == 302
    assert anna.post("/samtaler/filtre/?q=frist", {"name": "010190-1234"}).status_code == 302
    anna.post(looked_for.format("eksport.csv"), {"purpose": "quality"})
    kept = [*SavedFilter.objects.values_list("name", "query"), *Look.objects.values_list("purpose")]
    assert len(kept) == 2
    assert "1234" not in str(kept)
