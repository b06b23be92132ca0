"""The action without a server: a tracker in, responses and events out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import ActionAnswer
from puljeguiden import facts, moment
from puljeguiden.dialogue import Context, Part, Turn, reply
from puljeguiden.dialogue.scene import Question
from tests.conftest import NOW


async def run(
    *topics: tuple[str, str], context: dict[str, Any] | None = None, **metadata: Any
) -> tuple[Any, dict[str, Any]]:
    """Run the action for a message understood as (text, intent) parts; return its message and the new context."""
    parts = [{"text": text, "intent": intent, "confidence": 0.9} for text, intent in topics]
    message = {
        "text": " ".join(text for text, _ in topics),
        "intent": {"name": topics[0][1], "confidence": 0.9},
        "topics": parts,
        "metadata": metadata,
    }
    tracker = Tracker("x", {"context": context}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = await ActionAnswer().run(dispatcher, tracker, {})
    (said,) = dispatcher.messages
    (slot,) = events
    assert slot["event"] == "slot"
    assert slot["name"] == "context"
    return said, slot["value"]


B, H, FALLBACK = "udsatte-boligomraader", "kommunale-handlingsplaner", "nlu_fallback"


def names(said: Any) -> list[str]:
    return [part["response"] for part in said["parts"]]


def kinds(said: Any) -> list[tuple[str | None, str, str]]:
    return [(answer["pool"], answer["topic"], answer["status"]) for answer in said["custom"]["answers"]]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moment, "now", lambda: NOW)


async def test_it_speaks_by_response_name_and_remembers_the_pool() -> None:
    said, context = await run(("fristen for handlingsplanerne", "deadline"))
    assert said["response"] == "utter_answer"
    assert names(said) == ["utter_deadline_passed"]
    assert context["pools"] == ("kommunale-handlingsplaner",)


async def test_two_parts_are_two_answers() -> None:
    said, _ = await run(("hvem kan søge handlingsplanerne", "eligibility"), ("hvad er fristen", "deadline"))
    assert kinds(said) == [
        ("kommunale-handlingsplaner", "eligibility", "stated"),
        ("kommunale-handlingsplaner", "deadline", "stated"),
    ]


async def test_a_question_beside_an_unknown_one_is_not_lost() -> None:
    said, _ = await run(("fristen for handlingsplanerne", "deadline"), ("og vejret i morgen", "out_of_scope"))
    assert kinds(said)[1] == (None, "out_of_scope", "out_of_scope")


async def test_danger_beats_everything_else_in_a_message() -> None:
    said, _ = await run(("hvad er fristen", "deadline"), ("han vil dræbe sig selv", "concern.suicide"))
    assert names(said) == ["utter_concern_suicide"]


async def test_a_context_with_a_pool_that_is_gone_is_no_harm() -> None:
    said, _ = await run(("og fristen?", "deadline"), context={"pools": ["nedlagt"], "said": [["nedlagt", "deadline"]]})
    assert len(kinds(said)) == 2


@pytest.mark.parametrize(
    ("text", "intent", "context", "expected"),
    [
        ("har de et nummer", "contact.address", {"questions": ["centre"], "pools": [B]}, [(B, "centre", "stated")]),
        ("har de en hjemmeside", "overview.more", {"questions": ["centre"], "pools": [B]}, [(B, "centre", "stated")]),
        ("og hvis vi laver en handlingsplan", FALLBACK, {"questions": ["deadline"]}, [(H, "deadline", "stated")]),
        ("deloitte ikke?", FALLBACK, {"pools": [B]}, [(B, "partner", "stated"), (H, "partner", "stated")]),
        ("hvad laver deloitte så", "partner", {"pools": [B]}, [(H, "partner", "stated")]),
        ("nå ok. den anden så", "move.pool", {"pools": [B], "questions": ["partner"]}, [(H, "partner", "stated")]),
        (
            "tilbage til den første, hvem hjælper der",
            "partner",
            {"seen": [H, B], "pools": [B]},
            [(H, "partner", "stated")],
        ),
        ("nummer et, hvem hjælper der", "partner", {"listed": [B, H], "seen": [H]}, [(B, "partner", "stated")]),
        ("min skole?", FALLBACK, {"pools": [B]}, [(B, "eligibility", "stated")]),
        (
            "er fristen i august?",
            "deadline",
            {"pools": [B]},
            [(B, "deadline", "not_stated"), (H, "deadline", "stated")],
        ),
        ("ikke handlingsplaner, den anden. hvem kan søge", "eligibility", {}, [(B, "eligibility", "stated")]),
        (
            "hvorfor ikke?",
            "eligibility.reason",
            {"questions": ["eligibility"], "pools": [H]},
            [(H, "eligibility", "not_stated")],
        ),
        ("hvorfor ikke?", "eligibility.reason", {"questions": ["amount"]}, [(None, "unknown", "not_understood")]),
        ("hvad gør vi så", "cooperation.join", {"questions": ["deadline"]}, [(None, "unknown", "not_understood")]),
        ("hvem ejer det bagefter", "support.tool", {"pools": [H]}, [(B, "support", "not_stated")]),
        ("har handlingsplanerne et værktøj", "support.tool", {}, [(H, "support", "not_stated")]),
        ("2", "move.pick_second", {"questions": ["amount", "form"], "shown": [H]}, [(H, "form", "stated")]),
        ("hvem hjælper med sådan noget", FALLBACK, {"offer": "help"}, [(None, "handoff", "handoff")]),
    ],
)
async def test_a_follow_up_is_read_in_the_light_of_what_came_before(
    text: str, intent: str, context: dict[str, Any], expected: list[tuple[str | None, str, str]]
) -> None:
    said, _ = await run((text, intent), context=context)
    assert kinds(said) == expected


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("vi er en moskeforening og har hørt, der er 1 mio til os", "amount"),
        ("vi er en teaterforening. kan vi få støtte til en forestilling", "handoff.advice"),
        (
            "Jeg er kasserer i en boldklub, vi vil søge om tilskud til løn. Er det noget, puljerne dækker?",
            "overview.list",
        ),
        ("tilskud kulturforening", FALLBACK),
    ],
)
async def test_who_asks_for_money_for_themselves_learns_who_may_apply(text: str, intent: str) -> None:
    said, _ = await run((text, intent))
    assert kinds(said)[0] == (B, "eligibility", "stated")
    assert "utter_eligible_no" in names(said)


async def test_who_asks_for_advice_does_not_ask_for_money() -> None:
    said, _ = await run(("vi er en klub, kan vi få et råd om unge, der trækker sig", "handoff.advice"))
    assert kinds(said) == [(None, "handoff", "handoff")]


async def test_taking_part_beside_a_kommune_is_no_question_of_who_may_apply() -> None:
    context = {"pools": [B]}
    said, _ = await run(
        ("og hvis det er os der søger", "eligibility"),
        ("foreningen er med i projektet", "cooperation.role"),
        context=context,
    )
    assert kinds(said) == [(B, "cooperation", "not_stated")]
    said, _ = await run(("må foreninger søge", "eligibility"), ("skal politiet med", "cooperation"), context=context)
    assert kinds(said) == [(B, "eligibility", "stated"), (B, "cooperation", "stated")]


async def test_of_two_parts_on_cooperation_the_one_that_asks_is_answered() -> None:
    told, asked = ("Vi har et godt samarbejde", "cooperation.required"), ("Kan vi være partner?", "cooperation.role")
    said, _ = await run(told, asked, context={"pools": [B]})
    assert kinds(said) == [(B, "cooperation", "not_stated")]


async def test_who_may_apply_is_said_once() -> None:
    said, _ = await run(("mentorforening", "eligibility"), ("hvilken pulje giver penge til os?", "overview.difference"))
    assert kinds(said) == [(B, "eligibility", "stated"), (H, "eligibility", "stated")]


async def test_two_lists_of_pools_keep_their_headings() -> None:
    said, _ = await run(("hvad er forskellen", "overview.difference"), ("hvor mange penge er der", "amount"))
    assert names(said).count("utter_pool_heading") == 4


async def test_where_does_it_say_that_quotes_the_page() -> None:
    context = {"said": [["kommunale-handlingsplaner", "deadline"]]}
    said, _ = await run(("hvor står det", "move.source"), context=context)
    assert {"response": "utter_quote", "values": {"quote": "Ansøgningsfristen er den 25. august 2017"}} in said["parts"]


async def test_a_removed_cpr_number_is_told() -> None:
    said, _ = await run(("hvad er fristen", "deadline"), cpr_removed=True)
    assert names(said)[0] == "utter_cpr_removed"


@pytest.mark.parametrize(
    "move",
    [
        "source",
        "sure",
        "more",
        "repeat",
        "affirm",
        "deny",
        "cancel",
        "skip",
        "correction",
        "pick_first",
        "pick_second",
        "other_pool",
        "both_pools",
        "pool",
        "applicant",
    ],
)
async def test_every_move_is_answered_at_the_start_of_a_conversation(move: str) -> None:
    said, _ = await run(("hm", f"move.{move}"))
    assert said["parts"]
    assert kinds(said)


def test_what_no_page_answered_is_sent_and_the_pool_is_its_own() -> None:
    asked = (
        Question("skal vi have revisor?", "reporting", (B,)),
        Question("kan løn dækkes?", "budget", (B,)),
        Question("hvad er fristen?", "deadline", (H,), answered=True),
    )
    turn = Turn("send alle spørgsmål videre", (Part("send alle spørgsmål videre", "handoff"),))
    said = reply(turn, Context(pools=(H,), asked=asked), facts.current(), datetime(2026, 1, 1))
    assert said.form
    assert (said.form.pool, said.form.suggestion) == (B, "skal vi have revisor?\nkan løn dækkes?")


async def test_a_reproach_is_no_topic() -> None:
    context = {"said": [[H, "deadline"]], "questions": ["deadline"]}
    said, _ = await run(("hvorfor siger du så ikke det først", "purpose"), context=context)
    assert names(said) == ["utter_sorry_late", "utter_offer_person"]
