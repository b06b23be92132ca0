"""Topics: how well they are known, their examples, answers and texts, and a new one in one form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from puljeguiden import facts
from puljeguiden.editing import drafts, examples, pools, texts
from tests.house import PARKING, B, H
from tests.staff.training import NEW, draft_of, fields, read

if TYPE_CHECKING:
    from django.test import Client

TOPICS, DEADLINE = "/traening/emner/", "/traening/emner/deadline/"
ONLY = "Puljen kan søges af kommuner."


def new_topic(client: Client, **changes: Any) -> Any:
    """Fill in the form of a new topic, and send it."""
    path = "/traening/nyt-emne/"
    given = {
        "label": PARKING["label"],
        "name": PARKING["name"],
        "examples": "\n".join(PARKING["examples"]),
        "not_stated": PARKING["not_stated"],
        f"{H}-state": "stated",
        f"{H}-text": ONLY,
        f"{H}-quotes": ONLY,
        f"{B}-state": "not_stated",
    }
    return client.post(path, {**fields(client.get(path), path), **given, **changes})


def test_the_list_tells_how_well_each_topic_is_known(
    erik: Client, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Kvaliteten er ikke målt" in read(erik.get(TOPICS))
    report = {
        "classifier": {
            "topics": {"deadline": {"examples": 200, "right": 150, "taken_for_it": 3}},
            "mixed_up": [{"topic": "deadline", "taken_for": "period", "count": 9, "examples": ["hvornår slutter det"]}],
        }
    }
    (tmp_path / "report.json").write_text(json.dumps(report), encoding="utf-8")
    monkeypatch.setattr("puljeguiden.bank.live", lambda: "tang")
    monkeypatch.setattr("puljeguiden.bank.report_file", lambda version: tmp_path / "report.json")
    said = read(erik.get(TOPICS))
    count = sum(len(lines) for intent, lines in examples.by_intent(root).items() if intent.startswith("deadline"))
    assert f"{count} 75 % Svagt Projektperiode" in said
    assert "Ansøgningsfrist – klokkeslæt" in said
    page = read(erik.get(DEADLINE))
    assert "Projektperiode (9), for eksempel ”hvornår slutter det”" in page


def test_examples_are_looked_through_moved_and_deleted(erik: Client, root: Path) -> None:
    lines = examples.by_intent(root)["budget"]
    page = erik.get(f"{TOPICS}budget/?q={lines[0][:12]}")
    assert lines[0] in read(page)
    path = f"{TOPICS}budget/eksempler/"
    erik.post(path, {"example": lines[:2], "do": "move", "topic": "Projektperiode"})
    erik.post(path, {"example": [lines[2]], "do": "delete"})
    after = examples.by_intent(draft_of("erik").work)
    assert after["budget"] == lines[3:]
    assert after["period"][-2:] == lines[:2]
    assert "2 nye eksempler i Projektperiode" in read(erik.get("/traening/aendringer/"))
    gone = erik.post(path, {"example": [lines[0]], "do": "delete"})
    assert gone.status_code == 409
    assert f"«{lines[0]}» står ikke længere i emnet" in read(gone)
    assert "Vælg et emne" in read(erik.post(path, {"example": [lines[3]], "do": "move", "topic": ""}, follow=True))


def test_an_example_gets_another_wording(erik: Client, root: Path) -> None:
    old = examples.by_intent(root)["deadline"][3]
    page = erik.get(f"{DEADLINE}eksempel/", {"example": old})
    assert fields(page)["text"] == [old]
    path = page.wsgi_request.get_full_path()
    assert "noget, der kan pege på en person" in read(
        erik.post(path, {"text": "mit cpr er 010190-1234", "anyway": "on"})
    )
    assert erik.post(path, {"text": NEW}).status_code == 302
    assert examples.by_intent(draft_of("erik").work)["deadline"][3] == NEW


def test_a_new_topic_is_written_everywhere_and_answers_at_once(erik: Client, root: Path) -> None:
    done = new_topic(erik)
    assert done.headers["Location"] == f"{TOPICS}parking/"
    work = draft_of("erik").work
    known = facts.load(work / "data")
    assert [known.pools[pool].fact("parking").state for pool in (B, H)] == ["not_stated", "stated"]
    assert "Ny" not in known.topics
    page = read(erik.get(done.headers["Location"]))
    for shown in ("Parkering", "8 eksempler. 30 er bedre", ONLY, "Står der ikke"):
        assert shown in page
    assert "Nyt emne, Parkering" in read(erik.get("/traening/aendringer/"))
    assert "parking" not in facts.load(root / "data").topics


def test_what_a_new_topic_lacks_is_told_in_danish_and_nothing_is_lost(erik: Client, root: Path) -> None:
    attempts = [
        ({"examples": "hvor parkerer man"}, "Et emne skal have mindst 8, og 30 er bedre"),
        ({"name": "deadline", "label": "Frist"}, "«deadline» findes allerede"),
        ({"not_stated": "Det ved jeg ikke."}, "indeholde {page} én gang"),
        ({f"{H}-quotes": "Det står her ikke"}, "Citatet står ikke ordret i opslaget"),
        ({f"{H}-text": "Der er 300 pladser."}, "«300» står ikke i citatet"),
        ({f"{H}-quotes": ""}, "skal der være et citat"),
    ]
    for changes, told in attempts:
        answer = new_topic(erik, **changes)
        assert answer.status_code == 409, told
        assert told in read(answer)
        assert f">{PARKING['not_stated']}<" in answer.content.decode().replace("\n", "") or "not_stated" in changes
    assert drafts.differences(draft_of("erik")) == []


def test_a_new_topic_is_warned_of_what_others_have_already(erik: Client, root: Path) -> None:
    lines = [*PARKING["examples"], "Budget skema"]
    refused = new_topic(erik, examples="\n".join(lines))
    assert refused.status_code == 400
    assert "”Budget skema”: Findes allerede som eksempel i Budget." in read(refused)
    near = [*PARKING["examples"], examples.by_intent(root)["budget"][1] + " x"]
    assert "Ligner et eksempel i et andet emne" in read(new_topic(erik, examples="\n".join(near)))
    assert new_topic(erik, examples="\n".join(near), anyway="on").status_code == 302


def test_a_topic_without_a_short_name_gets_one(erik: Client, root: Path) -> None:
    assert new_topic(erik, name="", label="Kørsel og færger").headers["Location"] == f"{TOPICS}korsel_og_farger/"


def test_texts_and_details_of_a_topic_change(erik: Client, root: Path) -> None:
    path = f"{TOPICS}budget/ret/"
    assert "skal indeholde {page}" in read(erik.post(path, {"text": "Det står der ikke."}))
    assert erik.post(path, {"text": "Budgettet nævnes ikke i {page}."}).status_code == 302
    assert texts.every(draft_of("erik").work)["utter_not_stated_budget"] == "Budgettet nævnes ikke i {page}."
    assert erik.post(path, {"label": "Budget og løn", "ask": "subject"}).status_code == 302
    assert "Budget og løn" in read(erik.get(TOPICS))
    assert "Feltet" not in read(erik.get(f"{TOPICS}budget/"))


def test_a_topic_is_deleted_unless_the_code_needs_it(erik: Client, root: Path) -> None:
    new_topic(erik)
    assert "Slet emnet Parkering?" in read(erik.get(f"{TOPICS}parking/slet/"))
    assert erik.post(f"{TOPICS}parking/slet/").headers["Location"] == TOPICS
    assert erik.get(f"{TOPICS}parking/").status_code == 404
    assert "kan ikke slettes" in read(erik.post(f"{DEADLINE}slet/"))


def test_an_answer_is_changed_with_a_quote(erik: Client, root: Path) -> None:
    path = f"/traening/puljer/{H}/svar/budget/"
    page = erik.get(path)
    assert ONLY in read(page)
    sent = {**fields(page), "a-state": "stated", "a-text": ONLY, "a-quotes": "Det står her ikke"}
    assert "Budget, Citat: Citatet står ikke ordret i opslaget" in read(erik.post(path, sent))
    assert erik.post(path, {**sent, "a-quotes": ONLY}).headers["Location"] == f"/traening/puljer/{H}/"
    assert pools.answers(draft_of("erik").work, H)["budget"] == {"state": "stated", "text": ONLY, "quotes": [ONLY]}
    assert f"<mark>{ONLY}</mark>" in erik.get(path).content.decode()


def test_a_deadline_and_who_may_apply_keep_what_the_form_shows(erik: Client, root: Path) -> None:
    before = pools.answers(root, H)
    for question in ("deadline", "eligibility", "contact", "amount.recipients"):
        path = f"/traening/puljer/{H}/svar/{question}/"
        erik.post(path, fields(erik.get(path)))
        assert pools.answers(draft_of("erik").work, H)[question] == before[question], question
    path = f"/traening/puljer/{H}/svar/deadline/"
    sent = {**fields(erik.get(path)), "a-rounds-0-day": "26.8.2017"}
    assert "«2017-08-26» står ikke i citatet" in read(erik.post(path, sent))
    assert "Skriv datoen som" in read(erik.post(path, {**sent, "a-rounds-0-day": "31.2.2017"}))


def test_a_broken_file_is_told_in_words(erik: Client, root: Path) -> None:
    (root / "data" / "nlu" / "budget.yml").write_text("nlu:\n- intent: [budget\n", encoding="utf-8")
    for path in (TOPICS, DEADLINE, "/traening/indbakke/"):
        answer = erik.get(path)
        assert answer.status_code == 409
        assert "Filen Budget kan ikke læses (linje" in read(answer)
    (root / "data" / "topics.yml").write_text("a: [", encoding="utf-8")
    assert erik.get("/traening/puljer/").status_code == 409


@pytest.mark.parametrize("path", ["parking/", "..%2Ftopics/", "parking/slet/", "deadline/eksempel/?example=x"])
def test_what_is_not_there_is_not_found(erik: Client, root: Path, path: str) -> None:
    assert erik.get(f"{TOPICS}{path}").status_code == 404
