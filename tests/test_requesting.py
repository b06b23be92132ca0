"""A message that asks for a person: whether it does, and which question it holds."""

from __future__ import annotations

import pytest

from puljeguiden.facts import Facts
from puljeguiden.handoff import reading, requesting


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Send det. Jeg hedder Poul, poul@eksempel.dk", True),
        ("ok så send mit spørgsmål: må vi det? Lene, lene@eksempel.dk", True),
        ("Send den vejledning til jens@eksempel.dk", False),
        ("send det ikke til jens@eksempel.dk", False),
        ("hvor skal vi sende det hen? jens@eksempel.dk", False),
        ("Send det.", False),
    ],
)
def test_an_address_sends_the_question_only_with_send_it(text: str, does: bool, facts: Facts) -> None:
    assert requesting.sends_with_address(text, facts) is does


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Jens, jens@eksempel.dk. Hvad sker der så nu?", True),
        ("ja, min mail er jens@eksempel.dk", True),
        ("Jens Holm, Kolding Kommune, jens@eksempel.dk", True),
        ("Hvem skal skrive under? jens@eksempel.dk", False),
        ("Nej, spørg hellere til egenbetaling, jens@eksempel.dk", False),
        ("Vi mangler svar på egenbetaling. jens@eksempel.dk", False),
        ("Jens Holm", False),
    ],
)
def test_a_card_is_no_question_and_a_question_no_card(text: str, does: bool, facts: Facts) -> None:
    assert requesting.only_presents(text, reading.details(text, facts), facts) is does


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Hvem kan så svare på det, helst en med telefon", False),
        ("Både det med timerne og aftalen.", False),
        ("Send det.", False),
        ("Hvem skal underskrive ved puljens start?", True),
        ("Hvem kan hjælpe os med budgettet?", True),
        ("Det med aftalen, hvem skal skrive den under?", True),
    ],
)
def test_what_is_about_other_questions_is_not_sent_itself(text: str, asked: bool, facts: Facts) -> None:
    assert requesting.is_asked(text, facts) is asked
