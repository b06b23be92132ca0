"""A message is cut between its questions, and not inside a date, a sum or an abbreviation."""

from __future__ import annotations

import pytest

from puljeguiden.splitting import MOST_PARTS, split


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
