"""What no topic covers is answered with the page's own sentence, or not at all."""

from __future__ import annotations

import pytest

from puljeguiden.danish import squeeze
from puljeguiden.facts import Facts
from puljeguiden.passages import search

B, H = "udsatte-boligomraader", "kommunale-handlingsplaner"
OWN_WORDS = [
    (H, "Hvad indebærer samarbejdet af workshops og undervisningsforløb?", "Samarbejdet indebærer bl.a."),
    (H, "Skal kommunerne sammentænke forebyggelse med øvrige politikker?", "så der ikke opbygges parallelindsatser"),
    (H, "hvad er parallelindsatser i forhold til håndtering af ekstremisme", "parallelindsatser"),
    (H, "hvad er et styrket tværsektorielt samarbejde", "tværsektorielt samarbejde"),
    (B, "indgår lokalpoliti og civilsamfund i samarbejdet?", "lokalpoliti, civilsamfund mv."),
    (B, "Hvad skal kommunerne danne et overblik over?", "danner et overblik over målgrupper"),
    (B, "hvornår får jeg tilsendt nyheder fra hjemmesiden", "når de publiceres på hjemmesiden"),
    (B, "har yngre søskende en ekstremistisk retorik og adfærd", "holdninger, retorik og adfærd"),
    (B, "skal indsatsmodellen kvalitetstestes", "kvalitetsteste og implementere"),
]
UNRELATED = """Hvordan er vejret i morgen?|Hvad hedder statsministeren?|Kan man få penge til en svømmehal?
    Hvor mange ansatte har styrelsen i Odense?|hvad koster en billet til toget|fortæl en vittighed|Hvem vandt kampen i går
    er der moms på tilskuddet|skal vi betale skat af pengene|Hvornår åbner jobcentret?|hej|tak for hjælpen||?!"""
FURNITURE = """Gå til indhold på siden|Forside Nyheder Genudmelding|Hent ansøgningsvejledning Word nyt vindue
    Sidst opdateret 23/08 2017|Abonnér på nyt fra UIM|Læs mere på stopekstremisme.dk nyt vindue|Læs om Integration i Tal
    Required Nyhedsbreve|Ansøgningsfrist og ansøgningsmateriale|Yderligere oplysninger"""


def each(text: str) -> list[str]:
    return [entry.strip() for entry in text.replace("\n", "|").split("|")]


@pytest.mark.parametrize(("pool", "question", "part"), OWN_WORDS)
def test_a_question_in_the_pages_own_words_gets_its_sentence(facts: Facts, pool: str, question: str, part: str) -> None:
    found = search(facts, question, [B, H])
    assert found is not None
    assert part in found.source.quote
    assert (found.pool, found.source.document) == (pool, pool)
    assert found.source.updated == facts.pools[pool].page.updated
    assert 0 < found.score <= 1


@pytest.mark.parametrize(("pool", "question", "part"), OWN_WORDS)
def test_the_sentence_stands_verbatim_on_the_page(facts: Facts, pool: str, question: str, part: str) -> None:
    found = search(facts, question, [pool])
    assert found is not None
    assert found.source.quote in squeeze(facts.pages[pool])


@pytest.mark.parametrize("question", each(UNRELATED))
def test_an_unrelated_question_gets_nothing(facts: Facts, question: str) -> None:
    assert search(facts, question, [B, H]) is None


@pytest.mark.parametrize("question", each(FURNITURE))
def test_page_furniture_is_no_answer(facts: Facts, question: str) -> None:
    assert search(facts, question, [B, H]) is None


@pytest.mark.parametrize(("pool", "question", "part"), OWN_WORDS)
def test_only_the_given_pools_are_searched(facts: Facts, pool: str, question: str, part: str) -> None:
    other = search(facts, question, [B if pool == H else H])
    assert other is None or other.pool != pool
    assert search(facts, question, []) is None
