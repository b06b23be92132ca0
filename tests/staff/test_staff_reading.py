"""What staff see of a conversation: which topic was guessed, what was answered, and nothing of who asked."""

from __future__ import annotations

import re
from typing import Any

import pytest

from puljeguiden.conversations import Conversations
from puljeguiden.settings import ROOT
from tests.talk import answer, rated, replied, said, tell

# What stands in braces in the assistant's texts and is filled from the facts.
OURS = set(
    "applicant applicants centre condition count date days emergency excluded length lifeline lifeline_number number page "
    "pool pools published quote reply rounds site sum text title topics updated url who".split()
)
HANDOFF = {"topic": "handoff", "status": "handoff"}


def follow(store: Conversations) -> None:
    from staff.conversations.follower import follow

    while follow(store):
        pass


def turns() -> list[Any]:
    from staff.conversations.models import Turn

    return list(Turn.objects.order_by("event"))


def test_a_turn_holds_what_was_asked_guessed_and_answered(store: Conversations) -> None:
    guess = said("hvad er fristen?", "deadline", 0.5, at=1000.0, deadline__time=0.3, amount=0.15, form=0.05)
    tell(store, "anna", guess, replied(answer(), answer("amount", "not_stated", None), at=1000.25, case="PG-2222-3333"))
    follow(store)
    (turn,) = turns()
    assert (turn.number, turn.question, turn.reply) == (1, "hvad er fristen?", "Fristen var den 25. august.")
    assert (turn.intent, turn.confidence, turn.runner_up, round(turn.margin, 2)) == ("deadline", 0.5, "amount", 0.35)
    assert (turn.milliseconds, turn.case, turn.model) == (250, "PG-2222-3333", "3a35c92195274953b43309761b87d53d")
    given = [(one.pool, one.topic, one.status, len(one.sources)) for one in turn.answers.all()]
    assert given == [("kommunale-handlingsplaner", "deadline", "stated", 1), ("", "amount", "not_stated", 0)]
    assert (turn.conversation.length, turn.conversation.key == "anna") == (1, False)


def test_a_message_with_two_questions_has_no_runner_up(store: Conversations) -> None:
    event = said("hvem kan søge, og hvornår er fristen?", "eligibility", 0.94, deadline=0.6)
    event["parse_data"]["topics"] = [{"text": "a", "intent": "eligibility"}, {"text": "b", "intent": "deadline"}]
    tell(store, "anna", event, replied())
    follow(store)
    (turn,) = turns()
    assert (turn.intent, turn.runner_up, turn.margin) == ("eligibility", "", None)


def test_asking_again_is_noticed_and_asking_for_more_is_not_that(store: Conversations) -> None:
    for intent, given in [
        ("deadline", answer()),
        ("amount", answer("amount")),
        ("move.source", answer()),
        ("deadline.time", answer()),
        ("deadline", answer(pool="udsatte-boligomraader")),
        ("chitchat.greet", answer("chitchat", "chitchat")),
        ("chitchat.greet", answer("chitchat", "chitchat")),
    ]:
        tell(store, "anna", said("?", intent), replied(given))
        follow(store)
    assert [turn.repeats for turn in turns()] == [False, False, False, True, False, False, False]


def test_answers_to_the_form_are_hidden_and_orders_buttons_and_questions_are_not(store: Conversations) -> None:
    handoff, asked = answer(**HANDOFF), answer("deadline")
    for text, reply in [
        ("jeg vil tale med nogen", replied(handoff, asks="question")),
        ("hvordan søger vi?", replied(handoff, asks="name")),
        ("hvad er fristen?", replied(asked, handoff, asks="name")),
        ("Mette Østergård", replied(handoff, asks="organisation")),
        ("Spring over", replied(handoff, asks="email")),
        ("tilbage", replied(handoff, asks="organisation")),
        ("Eksempelkøbing Kommune", replied(handoff, asks="email")),
        ("mette@eksempel.dk", replied(answer("unknown", "error", None), asks="email")),
        ("mette@eksempel.dk", replied(handoff, asks="confirm")),
        ("nej, jeg hedder Mette Øster", replied(handoff, asks="confirm")),
        ("Ja, send det", replied(handoff, case="PG-2222-3333")),
        ("tak", replied(answer("chitchat", "chitchat", None))),
    ]:
        tell(store, "anna", said(text, "amount", 0.4, form=0.39), reply)
    follow(store)
    assert [turn.question for turn in turns()] == [
        "jeg vil tale med nogen",
        "hvordan søger vi?",
        "hvad er fristen?",
        "[navn]",
        "Spring over",
        "tilbage",
        "[organisation]",
        "[e-mail]",
        "[e-mail]",
        "[rettelse]",
        "Ja, send det",
        "tak",
    ]
    assert [turn.margin is None for turn in turns()] == [False] * 3 + [True] * 8 + [False]


def test_the_form_is_remembered_when_the_follower_stops_in_between(store: Conversations) -> None:
    tell(store, "anna", said("jeg vil tale med nogen"), replied(answer(**HANDOFF), asks="name"))
    follow(store)
    tell(store, "anna", said("Mette Østergård"), replied(answer(**HANDOFF), asks="email"))
    follow(store)
    assert turns()[-1].question == "[navn]"


def test_what_the_reply_repeats_of_the_visitor_is_hidden_too(store: Conversations) -> None:
    values = {"name": "Mette Østergård", "organisation": "Boligforeningen Fremad", "email": "mette@eksempel.dk"}
    parts = [{"response": f"utter_handoff_shows_{name}", "values": {name: value}} for name, value in values.items()]
    parts.append({"response": "utter_handoff_shows_question", "values": {"question": "Må 010190-1234 søge?"}})
    text = f"Det sender jeg: ”Må 010190-1234 søge?” {' '.join(values.values())}"
    tell(store, "anna", said("mette@eksempel.dk"), replied(answer(**HANDOFF), text=text, parts=parts, asks="confirm"))
    follow(store)
    (turn,) = turns()
    assert turn.reply == "Det sender jeg: ”Må [CPR-nummer fjernet] søge?” [navn] [organisation] [e-mail]"


def test_no_other_response_repeats_what_a_visitor_wrote() -> None:
    """A new name in braces may carry the visitor's words: then `staff.conversations.reading` has to hide it."""
    named: set[str] = set()
    for file in (ROOT / "rasa_project/domain/responses").glob("*.yml"):
        named |= set(re.findall(r"\{(\w+)\}", file.read_text(encoding="utf-8")))
    visitors = {"question", "name", "organisation", "email"}
    assert named - visitors == OURS


def test_who_somebody_is_is_masked_before_it_is_stored(store: Conversations) -> None:
    given = answer()
    tell(
        store,
        "anna",
        said("jeg hedder mette sørensen, ring på 20 30 40 50 eller skriv til m@eksempel.dk"),
        replied(given),
    )
    tell(store, "anna", rated(given["id"], False, "Spørg Mette Sørensen"))
    follow(store)
    (turn,) = turns()
    assert turn.question == "jeg hedder [navn], ring på [telefonnummer] eller skriv til [e-mail]"
    assert turn.reason == "Spørg [navn]"


def test_a_wrong_cpr_number_and_strange_characters_are_no_trouble(store: Conversations) -> None:
    tell(store, "anna", said("mit nr. er 010190-1234 \0\ud83d"), replied(text="svar \0"))
    follow(store)
    (turn,) = turns()
    assert turn.question == "mit nr. er [CPR-nummer fjernet] ?"
    assert turn.reply == "svar"


@pytest.mark.parametrize(
    ("changes", "status", "score"),
    [
        ({}, "stated", 0),
        ({}, "not_stated", 0),
        ({"margin": 0.1}, "stated", 10),
        ({"margin": 0.15}, "stated", 0),
        ({"intent": "handoff"}, "handoff", 15),
        ({"repeats": True}, "stated", 25),
        ({}, "error", 40),
        ({}, "not_understood", 40),
        ({"margin": 0.1, "intent": "handoff", "repeats": True}, "not_understood", 90),
        ({"useful": False}, "stated", 100),
        ({"useful": True}, "stated", 0),
    ],
)
def test_what_needs_eyes(db: None, changes: dict[str, Any], status: str, score: int) -> None:
    from staff.conversations import attention
    from staff.conversations.models import Turn

    assert attention.of_turn(Turn(**changes), [status]) == score


def test_a_review_puts_a_conversation_to_rest_until_something_new_is_said(store: Conversations) -> None:
    from staff.conversations.models import Conversation

    given = answer("unknown", "not_understood", None)
    tell(store, "anna", said("blah"), replied(given))
    follow(store)
    row = Conversation.objects.get()
    assert (row.attention, row.reviewed) == (40, False)
    Conversation.objects.update(attention=0, reviewed=True)
    tell(store, "anna", rated(given["id"], True))
    follow(store)
    row.refresh_from_db()
    assert (row.attention, row.reviewed) == (0, True)
    tell(store, "anna", said("hvad er fristen?", "deadline", 0.4, amount=0.35), replied())
    follow(store)
    row.refresh_from_db()
    assert (row.attention, row.reviewed) == (10, False)


def test_a_turn_that_is_cut_off_waits_for_its_reply(store: Conversations) -> None:
    from staff.conversations.follower import follow as step

    for number in range(3):
        tell(store, f"visitor-{number}", said("hej"), replied())
    assert [step(store, limit=3) for _ in range(4)] == [2, 2, 2, 0]
    assert [turn.reply for turn in turns()] == ["Fristen var den 25. august."] * 3
