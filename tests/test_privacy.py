"""Staff see no personal data: numbers, addresses and names are masked; what applicants ordinarily ask stays as it is."""

from __future__ import annotations

import re
import time

import pytest

from puljeguiden import privacy
from puljeguiden.privacy import names
from tests.conftest import ROOT

LINES = (ROOT / "tests" / "masking" / "examples.txt").read_text(encoding="utf-8").splitlines()
EXAMPLES = [line.replace("\\n", "\n") for line in LINES if line and not line.startswith("#")]
MARK = re.compile(r"\{(\w+):([^}]*)\}")


@pytest.mark.parametrize("marked", EXAMPLES)
def test_personal_data_is_masked_and_nothing_else(marked: str) -> None:
    plain = MARK.sub(lambda match: match[2], marked)
    assert privacy.mask(plain) == MARK.sub(lambda match: privacy.WORDS[match[1]], marked)


def test_masking_twice_changes_nothing() -> None:
    for marked in EXAMPLES:
        masked = privacy.mask(MARK.sub(lambda match: match[2], marked))
        assert privacy.mask(masked) == masked


def test_a_letter_of_many_lines_is_masked() -> None:
    letter = "Hej\nJeg hedder Mette og bor på Vestergade 12.\nRing på 20 30 40 50.\nMvh\nMette Holm\nSSP-konsulent"
    masked = privacy.mask(letter)
    assert masked == (
        "Hej\nJeg hedder [navn] og bor på [adresse].\nRing på [telefonnummer].\nMvh\n[navn]\nSSP-konsulent"
    )


@pytest.mark.parametrize(
    "part", ["A", "A ", "Aa ", "1", "12 ", "1-", "a.", "@", "a@", "Ab vej ", "a-", " ", "x at ", "mette "]
)
def test_a_long_text_takes_no_long_time(part: str) -> None:
    before = time.process_time()
    privacy.mask(part * (2000 // len(part)))
    assert time.process_time() - before < 5  # what backtracks takes minutes


def test_the_lists_are_large_and_tell_where_they_are_from() -> None:
    for name, least in (("first", 1000), ("surnames", 600), ("words", 100)):
        lines = (ROOT / "data" / "names" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        names = [word for line in lines if not line.startswith("#") for word in line.split()]
        assert len(names) == len(set(names)) >= least
        assert "Mozilla Public License" in lines[1]


def test_persons_that_the_assistant_saw_already_are_masked_without_asking_the_model_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never() -> None:
        raise AssertionError("the model was asked")

    monkeypatch.setattr(names, "_model", never)
    text = "kan Zorblatta Quixen hjælpe os?"
    start = text.index("Zorblatta")
    assert privacy.mask(text, [(start, start + len("Zorblatta Quixen"))]) == "kan [navn] hjælpe os?"
    assert privacy.mask(text, []) == text
