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


@pytest.mark.parametrize("word", ["netto", "kommunal", "frost", "sema", "erd", "kan", "qwertyuiop"])
def test_a_real_a_short_and_an_unknown_word_stay(word: str) -> None:
    assert KNOWN.mend(word) == word


def test_punctuation_and_numbers_stay() -> None:
    assert KNOWN.mend("frist? 25/8, § 14") == "frist? 25/8, § 14"
