"""Slips are mended towards known words; real words and what is unclear stay."""

from __future__ import annotations

import pytest

from puljeguiden.spelling import Spelling

KNOWN = Spelling(["fristen", "frist", "ansogning", "handlingsplanerne", "kommune", "skema", "hvornar", "er"])


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("hvornår er fritsen", "hvornar er fristen"),
        ("ansøgnning", "ansogning"),
        ("ANSOEGNIGN", "ansogning"),
        ("handlinsplanrne", "handlingsplanerne"),
    ],
)
def test_a_slip_in_a_long_word_is_mended(written: str, mended: str) -> None:
    assert KNOWN.mend(written) == mended


@pytest.mark.parametrize(
    ("written", "mended"), [("skma", "skema"), ("frst", "frist"), ("FRST", "frist"), ("ksema", "skema")]
)
def test_a_short_word_gets_the_letter_it_lost(written: str, mended: str) -> None:
    assert KNOWN.mend(written) == mended


def test_a_lost_letter_that_may_be_of_two_words_stays_lost() -> None:
    assert Spelling(["soge", "sige"]).mend("sge") == "sge"
    assert Spelling(["soge", *"abcdefgh", "sige"]).mend("sge") == "soge"  # the one is much commoner


def test_a_word_that_is_as_common_as_what_it_looks_like_stays() -> None:
    assert Spelling(["frist", "frst"]).mend("frst") == "frst"


@pytest.mark.parametrize("word", ["netto", "kommunal", "frost", "smea", "erd", "kan", "qwertyuiop", "ser", "be"])
def test_a_real_a_short_and_an_unknown_word_stay(word: str) -> None:
    assert KNOWN.mend(word) == word


def test_punctuation_and_numbers_stay() -> None:
    assert KNOWN.mend("frist? 25/8, § 14") == "frist? 25/8, § 14"
