"""A message is cut between its questions, and not inside a date, a sum or an abbreviation."""

from __future__ import annotations

import pytest

from puljeguiden.splitting import MOST_PARTS, beside_courtesy, beside_yes_or_no, only_tells, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hvem kan søge? Hvad er fristen?", ["Hvem kan søge?", "Hvad er fristen?"]),
        ("Hvem kan søge?Hvad er fristen?", ["Hvem kan søge?", "Hvad er fristen?"]),
        ("hvem kan søge\nhvad er fristen", ["hvem kan søge", "hvad er fristen"]),
        ("hvem kan søge; hvad er fristen", ["hvem kan søge", "hvad er fristen"]),
        ("Hej. Hvem kan søge?", ["Hej.", "Hvem kan søge?"]),
        ("hvem kan søge og hvornår er fristen", ["hvem kan søge", "hvornår er fristen"]),
        ("hvem kan søge, og hvornår er fristen", ["hvem kan søge", "hvornår er fristen"]),
        ("hvem kan søge og så hvor meget", ["hvem kan søge", "så hvor meget"]),
        ("HVEM KAN SØGE OG HVORNÅR", ["HVEM KAN SØGE", "HVORNÅR"]),
        ("hvad er formålet samt hvem kan søge", ["hvad er formålet", "hvem kan søge"]),
        ("hvad er formålet, kan vi søge, er der et skema", ["hvad er formålet", "kan vi søge", "er der et skema"]),
        ("Vi fik penge i 2016. Hvem kan søge nu?", ["Vi fik penge i 2016.", "Hvem kan søge nu?"]),
        ("1) hvem kan søge 2) frist", ["hvem kan søge", "frist"]),
        ("spm 1: hvem hjælper. spm 2: frist", ["hvem hjælper.", "frist"]),
        ("Vi mangler 200.000 kr. Hvem kan søge?", ["Vi mangler 200.000 kr.", "Hvem kan søge?"]),
    ],
)
def test_a_question_starts_a_part_for_certain(text: str, parts: list[str]) -> None:
    assert split(text) == [(part, True) for part in parts]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("frist og beløb", ["frist", "beløb"]),
        ("frist, beløb og kontakt", ["frist", "beløb", "kontakt"]),
        ("frist & beløb", ["frist", "beløb"]),
        ("formål plus skema", ["formål", "skema"]),
        ("handlingsplaner og boligområder", ["handlingsplaner", "boligområder"]),
    ],
)
def test_a_list_is_cut_on_trial(text: str, parts: list[str]) -> None:
    assert split(text) == [(part, False) for part in parts]


def test_a_question_keeps_its_whole_before_its_pieces() -> None:
    assert split("Hvad er frist og beløb? Hvem kan søge?") == [
        ("Hvad er frist og beløb?", True),
        ("Hvad er frist", False),
        ("beløb?", False),
        ("Hvem kan søge?", True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Er det f.eks. kommuner?",
        "Hvad støttes bl.a. af puljen?",
        "Er der 1 mio. kr. til os?",
        "Er det kl. 12 eller kl. 14?",
        "Er fristen den 25. august 2017?",
        "Er fristen d. 25. august?",
        "Er fristen den 25.08.2017 kl. 12.00 eller senere?",
        "Hvad er § 14.69.04.20?",
        "Jeg skriver vedr. fristen",
        "Jeg skriver ang. fristen",
        "Kan løn m.m. støttes i år?",
        "Læs mere på stopekstremisme.dk",
        "skriv til pulje@siri.dk",
    ],
)
def test_an_abbreviation_or_a_date_is_not_cut(text: str) -> None:
    assert split(text) == []


@pytest.mark.parametrize(
    "text", ["", " ", "?!", "...", "hej", "Hvad er fristen?", "hvem kan søge...", "og hvornår", ", frist"]
)
def test_nothing_to_cut_gives_nothing(text: str) -> None:
    assert split(text) == []


@pytest.mark.parametrize("text", ["hvem? " * 50, "frist, " * 50, "hvem kan søge og hvornår, " * 50, "a\n" * 500])
def test_parts_are_few(text: str) -> None:
    assert len(split(text)) == MOST_PARTS


@pytest.mark.parametrize("text", ["hvem? og hvornår; frist,, beløb", "? ? hvem\n\n\nhvad , og", "a, b & c. og hvor"])
def test_no_part_is_empty_and_each_is_the_visitors_own_words(text: str) -> None:
    assert split(text)
    for part, _ in split(text):
        assert part == part.strip() != ""
        assert part in text


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("nej, han er ikke hjemme nu", "han er ikke hjemme nu"),
        ("ja hvor præcis", "hvor præcis"),
        ("nej tak, det er ikke nødvendigt", ""),
        ("ja gør det", ""),
        ("nej glem det igen", ""),
    ],
)
def test_what_follows_a_yes_or_no(text: str, rest: str) -> None:
    assert beside_yes_or_no(text) == rest


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SSP her.", True),
        ("De vil have både værktøjet og en plan.", True),
        ("nej ikke hvem der kan søge", True),
        ("Kommune eller ministerium?", True),
        ("Skal den underskrives eller ej?", False),
        ("Er det gratis eller dyrt?", False),
        ("Jeg har et spørgsmål om fristen.", False),
        ("Jeg er i tvivl om egenbetaling.", False),
        ("Fortæl om fristen.", False),
        ("Vi mangler skemaet.", False),
        ("frist", False),
    ],
)
def test_what_only_tells_is_told_from_what_asks(text: str, told: bool) -> None:
    assert only_tells(text) is told


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Tak skal du have. Sig mig, gælder det også Vejle?", "Sig mig, gælder det også Vejle?"),
        ("Hej, bare et par hurtige :) er puljen ny?", "bare et par hurtige :) er puljen ny?"),
        ("mange tak, hvad er fristen?", ""),
        ("hej med dig", ""),
        ("hvem kan søge handlingsplanerne?", ""),
        ("Tak for hjælpen.", ""),
    ],
)
def test_a_question_after_courtesy_is_found(text: str, rest: str) -> None:
    assert beside_courtesy(text) == rest
