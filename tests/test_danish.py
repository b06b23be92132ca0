"""Danish is written as Danes write it, and read in any spelling."""

from __future__ import annotations

from datetime import date, time

import pytest

from puljeguiden import danish


@pytest.mark.parametrize(
    "spellings",
    [
        "område omraade omrade OMRÅDE Omraade",
        "Rambøll Ramboell Ramboll ramböll",
        "værktøj vaerktoej vaerktøj varktoj VÆRKTØJ",
        "Gladsaxe gladsakse",
        "moské moske",
        "Aarhus Århus arhus",
        "ansøgningsfrist ansoegningsfrist ansogningsfrist",
    ],
)
def test_all_spellings_of_a_word_become_one(spellings: str) -> None:
    assert len({danish.fold(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize(("one", "other"), [("frist", "fristen"), ("skive", "skrive"), ("vejle", "vejledning")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert danish.fold(one) != danish.fold(other)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("planernes", "plan"),
        ("planerne", "plan"),
        ("planers", "plan"),
        ("planens", "plan"),
        ("omradets", "omrade"),
        ("foreninger", "forening"),
        ("kommunernes", "kommune"),
        ("plan", "plan"),
    ],
)
def test_a_word_loses_its_ending(word: str, stem: str) -> None:
    assert {word, stem} <= set(danish.stems(word))


@pytest.mark.parametrize("word", ["den", "er", "s", "", "husets", "ens"])
def test_no_stem_is_shorter_than_three_letters(word: str) -> None:
    assert all(len(stem) >= 3 for stem in danish.stems(word) if stem != word)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (danish.long_date(date(2017, 8, 25)), "25. august 2017"),
        (danish.long_date(date(2026, 1, 1)), "1. januar 2026"),
        (danish.day_and_month(2, 5), "2. maj"),
        (danish.day_and_month(31, 12), "31. december"),
        (danish.month_and_year("2017-04"), "april 2017"),
        (danish.clock(time(12)), "kl. 12.00"),
        (danish.clock(time(9, 5)), "kl. 09.05"),
        (danish.join([]), ""),
        (danish.join(["a"]), "a"),
        (danish.join(["a", "b"]), "a og b"),
        (danish.join(("a", "b", "c")), "a, b og c"),
        (danish.capitalise("åben for SIRI"), "Åben for SIRI"),
        (danish.capitalise(""), ""),
        (danish.squeeze("  a \n\t b\u00a0c "), "a b c"),
        (danish.squeeze(" \n"), ""),
    ],
)
def test_dates_times_and_lists_are_written_the_danish_way(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_the_name_it_has_in_a_long_date(month: int) -> None:
    assert danish.long_date(date(2026, month, 7)) == f"{danish.day_and_month(7, month)} 2026"


@pytest.mark.parametrize(
    ("kroner", "written"),
    [
        (5_000, "5.000 kr."),
        (40_000, "40.000 kr."),
        (1_000_000, "1 mio. kr."),
        (2_500_000, "2,5 mio. kr."),
        (1_234_567, "1.234.567 kr."),
        (3_000_000_000, "3 mia. kr."),
    ],
)
def test_a_sum_is_written_the_danish_way(kroner: int, written: str) -> None:
    assert danish.money(kroner) == written
