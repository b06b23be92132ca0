"""A message that only speaks of other things is told from one about pools, and short questions are never strange."""

from __future__ import annotations

import pytest

from puljeguiden.familiarity import Familiar

FAMILIAR = Familiar.of(
    ["hvornar er ansogningsfristen", "ansogningsfristen er hvornar", "rapport om budget", "budget og rapport"]
)


@pytest.mark.parametrize("text", ["hvornar skal man sa gras", "hvor mange stater er der i usa"])
def test_a_message_about_other_things_is_strange(text: str) -> None:
    assert FAMILIAR.is_strange(text)


@pytest.mark.parametrize(
    "text", ["hvornar", "", "hvor meget far man", "er ansogningsfristen gras", "rapportering", "budgettet"]
)
def test_a_message_with_a_known_word_or_none_is_not(text: str) -> None:
    assert not FAMILIAR.is_strange(text)


def test_a_word_that_was_read_once_may_be_a_slip() -> None:
    assert Familiar.of(["hvad med fritsen"]).is_strange("fritsen")
