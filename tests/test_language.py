"""Danish counts as Danish however it is typed; other languages are noticed."""

from __future__ import annotations

import pytest

from puljeguiden.language import is_foreign, is_plainly_foreign

DANISH = """Hvem kan søge puljen?
hvad er fristen for handlingsplaner
hvornaar er fristen for boligomraader
hvem kan soge om penge
kan vi faa tilskud til det
vornår er frissten
ka man søg som forening
hva me beløbet
er der egenfinansierng
frist belob ansogning skema
skema download link
deadline boligområder
kontakt mail telefon
pulje info support budget plan
Kommunale handlingsplaner deadline 2017
email Deloitte Gladsaxe Kommune
identifikationsvaerktoj samarbejdsmodel indsatsmodel
Nationalt Center for Forebyggelse af Ekstremisme
radikalisering ekstremisme forebyggelse indsats
Er Deloitte partner i projektet?
Jeg hedder Ahmed Hassan Yusuf og jeg vil søge
Ayse Goksu Anders Bo Christensen
HVEM KAN SØGE OG HVORNÅR
start forfra
tak
ok
25/8-2017 § 14.69.04.20"""
NEIGHBOURS = """Hvem kan søke om støtte?
Vem kan söka bidrag och när är sista dagen"""
FOREIGN = """What is the deadline for applying?
When is the deadline?
Who can apply for the grant?
How much money can we get?
Can you help me with my application please
Where do I send the application?
Do you speak English?
Wer kann sich bewerben und wie viel Geld gibt es?
Wann ist die Bewerbungsfrist?
Sprechen Sie Deutsch?
Wo finde ich das Formular?
Qui peut demander une subvention pour notre commune ?
¿Cuál es el plazo para solicitar la ayuda?
Kto może złożyć wniosek o dotację?
Wie kan een aanvraag indienen voor de subsidie?
Son başvuru tarihi ne zaman acaba?
ما هو الموعد النهائي لتقديم الطلب
Хто може подати заявку на грант?
Ko može da se prijavi za sredstva?"""


@pytest.mark.parametrize("text", DANISH.splitlines())
def test_danish_counts_as_danish_with_slips_and_in_keywords(text: str) -> None:
    assert not is_foreign(text)


@pytest.mark.parametrize("text", NEIGHBOURS.splitlines())
def test_danish_neighbours_are_understood(text: str) -> None:
    assert not is_foreign(text)


@pytest.mark.parametrize("text", FOREIGN.splitlines())
def test_another_language_is_noticed(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize("text", ["", "hello", "the deadline", "?!", "12345", "🙂"])
def test_too_few_words_count_as_danish(text: str) -> None:
    assert not is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "What is the deadline for the municipal action plans?",
        "Är det kommuner som kan söka pengarna?",
        "Wann ist die Bewerbungsfrist für die Kommunen?",
    ],
)
def test_a_question_in_another_language_is_plain_even_where_it_looks_like_ours(text: str) -> None:
    assert is_plainly_foreign(text)


@pytest.mark.parametrize(
    "text", ["hvad er Ayse Göksus mail", "die for handlingsplaner", "send mig the link", "er der frist"]
)
def test_a_word_or_two_is_no_other_language(text: str) -> None:
    assert not is_plainly_foreign(text)
