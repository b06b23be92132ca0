"""What a word means: the word that is asked is found, and the page's sentence with it; never a definition."""

from __future__ import annotations

import pytest

from puljeguiden import wording
from puljeguiden.answers import Asked, answer
from puljeguiden.danish import squeeze
from puljeguiden.facts import Facts
from tests.conftest import NOW

B, H = "udsatte-boligomraader", "kommunale-handlingsplaner"
ASKED = [
    ("hvad er en parathedsvurdering", "parathedsvurdering"),
    ("og samskabelse?? hvad betyder det", "samskabelse"),
    ("hvad betyder boligsociale så", "boligsociale"),
    ("hva er et identifikationsværktøj for noget", "identifikationsværktøj"),
    ("faglig forstås ved en operationel handlingsplan i puljen?", "operationel handlingsplan"),
    ("hvad menes der med tværsektorielt samarbejde i puljen med handlingsplaner?", "tværsektorielt samarbejde"),
    ("hvad mener I med ”helhedsorienteret indsatsmodel”, spørger min chef", "helhedsorienteret indsatsmodel"),
    ("og SIRI, hvad er det en forkortelse for", "SIRI"),
    ("der står vel islamisme et sted?", "islamisme"),
    ("civilsamfund, er det os?", "civilsamfund"),
    ("hvad betyder boligsocial helhedsplan", "boligsocial helhedsplan"),
]
SAME = [
    ("er en parathedsvurdering det samme som en risikovurdering", ("parathedsvurdering", "risikovurdering")),
    ("er bander og kriminelle miljøer det samme", ("bander", "kriminelle miljøer")),
    (
        "et sted står der særligt udsatte, et andet socialt belastede, er det det samme?",
        {"særligt udsatte", "socialt belastede"},
    ),
]
STANDS = [
    (H, "paratheds vurdering", "parathedsvurdering"),
    (H, "paratedsvurdering", "parathedsvurdering"),
    (H, "parallelindsats", "parallelindsatser"),
    (B, "samskabelse", "samskabelsesprocessen"),
    (B, "boligsocial", "boligsociale"),
    (H, "Ansøgerkreds", "Ansøgerkreds"),
]
MISSING = [(B, "parathedsvurdering"), (H, "boligsociale"), (B, "islamisme"), (H, "hygge"), (H, "DSB"), (B, "!?")]


@pytest.mark.parametrize(("text", "term"), ASKED)
def test_the_word_that_is_asked_is_found(facts: Facts, text: str, term: str) -> None:
    assert wording.asked_in(text, facts) == (term,)


@pytest.mark.parametrize(("text", "terms"), SAME)
def test_two_words_that_may_mean_the_same_are_found(facts: Facts, text: str, terms: set[str] | tuple[str, str]) -> None:
    found = wording.asked_in(text, facts)
    assert (set(found) if isinstance(terms, set) else found) == terms


@pytest.mark.parametrize("text", ["hvad betyder det", "hvad vil det sige?", "forklar det lige"])
def test_without_a_word_there_is_none(facts: Facts, text: str) -> None:
    assert wording.asked_in(text, facts) == ()


@pytest.mark.parametrize(("pool", "term", "written"), STANDS)
def test_a_word_is_found_on_its_page_inflected_split_or_misspelt(
    facts: Facts, pool: str, term: str, written: str
) -> None:
    found = wording.place(facts, pool, term)
    assert found is not None
    assert found.word == written
    assert [quote for quote in found.quotes if quote not in squeeze(facts.pages[pool])] == []
    assert any(written in quote for quote in found.quotes)


@pytest.mark.parametrize(("pool", "term"), MISSING)
def test_a_word_that_is_not_on_a_page_is_not_found(facts: Facts, pool: str, term: str) -> None:
    assert wording.place(facts, pool, term) is None


@pytest.mark.parametrize("pool", [B, H])
def test_an_abbreviation_is_the_first_letters_of_a_name_and_not_part_of_an_address(facts: Facts, pool: str) -> None:
    found = wording.place(facts, pool, "siri")
    assert found is not None
    assert found.name == "Styrelsen for International Rekruttering og Integration"
    assert "@" not in "".join(found.quotes)


def test_a_heading_comes_with_its_sentence(facts: Facts) -> None:
    found = wording.place(facts, H, "ansøgerkreds")
    assert found is not None
    assert found.quotes == ("Ansøgerkreds", "Puljen kan søges af kommuner.")


def test_an_answer_says_that_the_word_is_not_explained_and_quotes_its_sentence(facts: Facts) -> None:
    found = answer(facts, facts.pools[B], Asked("wording.samskabelse"), NOW)
    assert (found.topic, found.status, found.silent) == ("passage", "not_stated", False)
    assert [one.response for one in found.says] == ["utter_wording"]
    assert [one.quote in squeeze(facts.pages[B]) for one in found.sources] == [True]
    absent = answer(facts, facts.pools[H], Asked("wording.samskabelse"), NOW)
    assert (absent.silent, absent.sources, absent.ask) == (True, (), "")
    assert [one.response for one in absent.says] == ["utter_not_stated_wording"]
