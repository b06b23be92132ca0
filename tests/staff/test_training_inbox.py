"""The inbox: what waits is grouped, goes to a topic with warnings before it is saved, and comes back if it is undone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from puljeguiden.editing import examples
from puljeguiden.evaluation import questions
from puljeguiden.evaluation.questions import Answer, Question
from tests.staff.talks import POOL, talk, turn
from tests.staff.training import draft_of, fields, read

if TYPE_CHECKING:
    from django.test import Client

INBOX, LEARN, SORT = "/traening/indbakke/", "/traening/eksempler/", "/traening/indbakke/behandl/"
UNKNOWN = {"pool": "", "topic": "unknown", "status": "not_understood", "intent": "amount", "confidence": 0.31}
ASKED = "hvornår lukker vinduet for at søge"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the conversations be recent."""
    from tests.staff.talks import NOW

    monkeypatch.setattr("staff.training.inbox.timezone.now", lambda: NOW)


def propose(text: str, use: str = "example", **turn_values: Any) -> Any:
    """Propose a message, as a reviewer does."""
    from staff.conversations.models import Proposal

    told = talk(turn(text, **turn_values))
    row = told.turns.get()
    topic = turn_values.get("topic", "deadline")
    return Proposal.objects.create(use=use, text=text, topic=topic, pool=POOL, turn=row)


def keys(client: Client) -> list[str]:
    """Return the names of the messages that wait."""
    return [key for group in client.get(INBOX).context["shown"] for key in [item.key for item, _ in group["items"]]]


def test_what_waits_is_grouped_with_the_guess_and_why_it_waits(erik: Client, root: Path) -> None:
    talk(turn("kan man bruge pengene på cykler", **UNKNOWN))
    talk(turn("kan man bruge pengene til cykler?", useful=False))
    talk(turn("Hvad med bilag til skemaet", margin=0.05))
    propose(ASKED)
    talk("Det her forstod den fint")
    page = erik.get(INBOX)
    said = read(page)
    groups = [[item.text for item, _ in shown["items"]] for shown in page.context["shown"]]
    assert sorted(map(len, groups)) == [1, 1, 2]
    assert "og 1 til, der ligner" in said
    for why in ("Ikke forstået", "Tommel ned", "Usikkert gæt", "Foreslået"):
        assert why in said
    assert "Gæt: Beløb, 31 % sikker" in said
    assert "forstod den fint" not in said


def test_what_the_assistant_knows_already_is_told(erik: Client, root: Path) -> None:
    propose("hvad er sidste øjeblik for at søge i år", confidence=0.97)
    propose("Budget skema!", topic="budget", intent="budget", confidence=0.5)
    propose("hvor skal vi parkere bilen henne", topic="submission", intent="deadline", confidence=0.97)
    said = read(erik.get(INBOX))
    assert said.count("Puljeguiden lærer ikke meget af det") == 1
    assert said.count("Står allerede som eksempel") == 1
    assert said.count("Se samtalen") == 3


def test_messages_go_to_a_topic_and_no_longer_wait(erik: Client, root: Path) -> None:
    talk(turn(ASKED, **UNKNOWN))
    talk(turn(ASKED.upper(), useful=False))
    (key,) = keys(erik)  # the same words, once
    page = erik.post(LEARN, {"item": key, "topic": "Ansøgningsfrist"})
    assert page.status_code == 200
    saved = erik.post(LEARN, fields(page, LEARN))
    assert saved.headers["Location"] == INBOX
    assert examples.by_intent(draft_of("erik").work)["deadline"][-1].lower() == ASKED
    assert ASKED not in examples.by_intent(root)["deadline"]
    assert "Indbakken er tom" in read(erik.get(INBOX))
    trail = read(erik.get("/traening/haendelser/"))
    assert "Rettede i sit udkast Ansøgningsfrist" in trail
    assert "Behandlede et spørgsmål Ansøgningsfrist" in trail


def test_what_went_into_a_draft_waits_again_when_it_is_thrown_away(erik: Client, root: Path) -> None:
    propose(ASKED)
    (key,) = keys(erik)
    erik.post(LEARN, fields(erik.post(LEARN, {"item": key, "topic": "deadline"}), LEARN))
    assert keys(erik) == []
    assert "1 nyt eksempel i Ansøgningsfrist" in read(erik.get("/traening/aendringer/kasser/"))
    erik.post("/traening/aendringer/kasser/")
    assert keys(erik) == [key]


def test_what_speaks_against_an_example_is_told_before_it_is_saved(erik: Client, root: Path) -> None:
    near = examples.by_intent(root)["budget"][1] + " x"
    long = "hvornår er fristen for at søge puljen " * 7
    lines = [near, "what is the deadline for this grant please", long]
    page = erik.post(LEARN, {"topic": "deadline", "back": "deadline", "lines": "\n".join(lines)})
    said = read(page)
    for warning in ("Ligner et eksempel i et andet emne, Budget", "Ser ikke ud til at være dansk", "Er meget langt (2"):
        assert warning in said
    sent = fields(page, LEARN)
    refused = erik.post(LEARN, sent)
    assert refused.status_code == 400
    assert "Tilføj alligevel" in read(refused)
    confirmed = erik.post(LEARN, {**sent, **{f"r-{number}-anyway": "on" for number in range(3)}})
    assert confirmed.headers["Location"] == "/traening/emner/deadline/"
    assert near in examples.by_intent(draft_of("erik").work)["deadline"]


def test_personal_data_is_never_added(erik: Client, root: Path) -> None:
    texts = ["ring til mig på 20 30 40 50", "jeg hedder [navn], hvornår er fristen", "frist"]
    page = erik.post(LEARN, {"topic": "deadline", "back": "deadline", "lines": "\n".join(texts)})
    said = read(page)
    for told in (
        "noget, der kan pege på en person",
        "Her er skjult noget om en person",
        "Findes allerede som eksempel",
    ):
        assert told in said
    assert "Tilføj alligevel" not in said
    sent = {**fields(page, LEARN), **{f"r-{number}-anyway": "on" for number in range(3)}}
    assert erik.post(LEARN, sent).status_code == 400
    with pytest.raises(ValueError, match="not enough values"):
        draft_of("erik")


def test_a_message_becomes_a_regression_question_with_what_the_page_answers(erik: Client, root: Path) -> None:
    told = talk("Hvad handler puljen om?", turn("og må vi så selv betale", topic="cofinancing", useful=False))
    key = f"t{told.turns.get(number=2).pk}"
    page = erik.post(LEARN, {"item": key, "topic": "Medfinansiering", "test": "on"})
    sent = fields(page, LEARN)
    assert (sent["r-0-test"], sent["r-0-pool"]) == (["on"], [POOL])
    assert sent["r-0-before"] == ["Hvad handler puljen om?"]
    del sent["r-0-example"]
    assert erik.post(LEARN, sent).status_code == 302
    gets = (Answer(POOL, "cofinancing", "not_stated"),)
    wanted = Question("og må vi så selv betale", ("Hvad handler puljen om?",), POOL, gets)
    assert wanted in questions.load(draft_of("erik").work / "data" / "tests")
    assert "Regressionsspørgsmål ændret" in read(erik.get("/traening/aendringer/"))


def test_out_of_scope_is_a_topic_like_others(erik: Client, root: Path) -> None:
    talk(turn("kan jeg få en ny opvaskemaskine af staten", **UNKNOWN))
    page = erik.post(LEARN, {"item": keys(erik), "topic": ["", "out_of_scope"], "test": "on"})
    assert "Læg i emnet Uden for puljerne" in read(page)
    erik.post(LEARN, fields(page, LEARN))
    (asked,) = [one for one in questions.load(draft_of("erik").work / "data" / "tests") if "opvaske" in one.text]
    assert asked.gets == (Answer("", "out_of_scope", "out_of_scope"),)


def test_what_is_dismissed_is_gone_and_stays_gone(erik: Client, root: Path) -> None:
    talk(turn("asdf asdf", **UNKNOWN))
    talk(turn("asdf, asdf!", useful=False))
    erik.post(SORT, {"item": keys(erik), "do": "dismiss"})
    assert keys(erik) == []


def test_messages_are_taken_along_to_a_new_topic(erik: Client, root: Path) -> None:
    talk(turn("hvor kan man parkere", **UNKNOWN))
    answer = erik.post(SORT, {"item": keys(erik), "do": "new"})
    page = erik.get(answer.headers["Location"])
    assert fields(page)["examples"] == ["hvor kan man parkere"]
    assert fields(page)["item"] == keys(erik)


def test_a_click_without_a_message_or_a_topic_says_what_is_missing(erik: Client, root: Path) -> None:
    talk(turn(ASKED, **UNKNOWN))
    assert "Vælg mindst et spørgsmål" in read(erik.post(SORT, {"do": "dismiss"}, follow=True))
    assert "Vælg et emne fra listen" in read(erik.post(LEARN, {"item": keys(erik), "topic": "Parkering"}, follow=True))


def test_somebody_else_has_dealt_with_it_meanwhile(erik: Client, frida: Client, root: Path) -> None:
    talk(turn(ASKED, **UNKNOWN))
    chosen = keys(erik)
    frida.post(SORT, {"item": chosen, "do": "dismiss"})
    assert "Måske har en anden behandlet dem" in read(erik.post(LEARN, {"item": chosen, "topic": "deadline"}))


def test_names_that_the_form_asked_for_never_wait(erik: Client, root: Path) -> None:
    talk(turn("[navn]", **UNKNOWN), turn("[e-mail]", useful=False))
    assert keys(erik) == []
