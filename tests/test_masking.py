"""CPR numbers are masked in any spelling; dates, telephone numbers, sums and paragraphs are left alone."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puljeguiden.masking import MASK, holds_cpr, keyed_hash, mask_cpr

NUMBERS = """010190-1234|0101901234|010190 1234|010190.1234|010190/1234|010190_1234|010190–1234|010190—1234
    010190 - 1234|010190 – 1234|010190- 1234|010190--1234|01 01 90 1234|01-01-90-1234|01.01.90-1234|01/01/90 1234
    01/01-90 1234|01.01.1990-1234|01 01 1990 1234|010119901234|01011990-1234|01 01 90 12 34|010190 1 2 3 4
    311299-0001|291200-9999|30112012-4321|010190\u00a01234|010190\n1234|010190\u20111234|010190\u22121234
    010190  -  1234|0 1 0 1 9 0 1 2 3 4|٠١٠١٩٠-١٢٣٤|０１０１９０１２３４"""
LOOK_ALIKES = """25. august 2017|25.08.2017|25-08-2017|25/08 2017|25/8-2017|2017-08-25|2017-08-25 12:00|2017-08-25T12:00
    20170825|25.08.2017 kl. 12.00|25.08.2017 12:00|25/08 2017 kl. 1200|01.01.2018-31.12.2018|01.08.17 - 31.12.17
    fra 01-09-2026 til 01-10-2027|12345678|12 34 56 78|33 92 33 92|+45 12 34 56 78|0045 12345678|tlf. 20 12 12 34
    14.69.04.20|§ 14.69.04.20|1.000.000 kr.|10.121.000,00 kr.|1 mio. kr.|200.000|12.00|kl. 10.15-12.30|2017/2018
    CVR 12101890|EAN 5798000012345|010190|010190-123|010190-12345|320190-1234|011390-1234|000090-1234|9101901234
    4190 Munke Bjergby|120 m²|１２３|¼"""
SEPARATORS = st.sampled_from(["", " ", "-", ".", "/", "–", "—", "_", " - ", " – ", "\n", "\u00a0"])
TALK = st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøå ABCÆØÅ,.;:!?()«»\n", max_size=60)


def each(table: str) -> list[str]:
    return [entry.strip(" ") for entry in re.sub(r"\n {4}", "|", table).split("|")]


@pytest.mark.parametrize("frame", ["{}", "Mit CPR-nummer er {}.", "cpr{}ja", "({})", "den 25. august: {} kl. 12.00"])
@pytest.mark.parametrize("number", each(NUMBERS))
def test_a_cpr_number_is_masked(number: str, frame: str) -> None:
    assert mask_cpr(frame.format(number)) == frame.format(MASK)
    assert holds_cpr(frame.format(number))


@pytest.mark.parametrize("frame", ["{}", "Er det {}?", "Vi har {}, ikke?"])
@pytest.mark.parametrize("text", each(LOOK_ALIKES))
def test_a_look_alike_is_left_alone(text: str, frame: str) -> None:
    assert mask_cpr(frame.format(text)) == frame.format(text)
    assert not holds_cpr(frame.format(text))


def test_every_cpr_number_of_a_text_is_masked() -> None:
    assert mask_cpr("010190-1234 og 0202921234, 030393 1234") == f"{MASK} og {MASK}, {MASK}"


@pytest.mark.parametrize("text", ["den 25. 01.01.1990-1234", "12 01 01 1990 1234", "10.10 010190-1234"])
def test_digits_in_front_do_not_save_the_end_of_a_cpr_number(text: str) -> None:
    assert "1234" not in mask_cpr(text)


def test_masking_twice_changes_nothing() -> None:
    assert mask_cpr(mask_cpr("jeg er 010190-1234")) == mask_cpr("jeg er 010190-1234")


@settings(max_examples=500, deadline=None, database=None)
@given(
    born=st.dates(date(1900, 1, 1), date(2057, 12, 31)),
    serial=st.integers(0, 9999),
    whole_year=st.booleans(),
    between=SEPARATORS,
    before_serial=SEPARATORS,
    before=TALK,
    after=TALK,
)
def test_any_cpr_number_is_masked_in_any_text(
    born: date, serial: int, whole_year: bool, between: str, before_serial: str, before: str, after: str
) -> None:
    year = f"{born:%Y}" if whole_year else f"{born:%y}"
    number = f"{born:%d}{between}{born:%m}{between}{year}{before_serial}{serial:04}"
    assert mask_cpr(before + number + after) == before + MASK + after


@settings(max_examples=200, deadline=None, database=None)
@given(text=TALK)
def test_a_text_without_digits_stays_as_it_is(text: str) -> None:
    assert mask_cpr(text) == text


def test_a_keyed_hash_is_stable_and_depends_on_text_and_key() -> None:
    assert keyed_hash("a", "key") == keyed_hash("a", "key")
    assert len({keyed_hash("a", "key"), keyed_hash("b", "key"), keyed_hash("a", "another")}) == 3
    assert re.fullmatch(r"[0-9a-f]{32}", keyed_hash("æ", ""))
