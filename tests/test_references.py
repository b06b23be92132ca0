"""«Den anden», «begge» and their like are resolved to pools where it is clear which; other uses of the words are not."""

from __future__ import annotations

import pytest

from puljeguiden.facts import Facts
from puljeguiden.references import (
    asks_again,
    chooses,
    goes_on,
    only_names,
    pools_with,
    pools_with_sum,
    referred,
    says_only,
    speaks_of_them,
    tells_whom,
    unknown_sums,
)

TWO, THREE = ("a", "b"), ("a", "b", "c")


@pytest.mark.parametrize(
    ("text", "pools", "shown", "spoken_of", "expected"),
    [
        ("hvad med den første?", TWO, (), (), ["a"]),
        ("den foerste pulje", TWO, ("b", "a"), (), ["b"]),
        ("DEN ØVERSTE", TWO, ("b", "a"), (), ["b"]),
        ("den 1.", TWO, (), (), ["a"]),
        ("hvem kan søge den første af dem", THREE, ("c", "a"), (), ["c"]),
        ("den første", TWO, ("b",), (), ["a"]),
        ("den sidste?", TWO, (), (), ["b"]),
        ("hvad er fristen for den nederste", THREE, ("b", "c", "a"), (), ["a"]),
        ("den 2.", TWO, (), (), ["b"]),
        ("hvad med den anden", TWO, (), ("a",), ["b"]),
        ("hvad med den anden", TWO, ("a", "b"), ("b",), ["a"]),
        ("den andn pulje", TWO, (), ("b",), ["a"]),
        ("den anden", TWO, (), (), ["b"]),
        ("den anden", THREE, ("c", "a"), (), ["a"]),
        ("har den anden heller ingen frist?", TWO, (), ("b",), ["a"]),
        ("den anden har vel samme dato", TWO, (), ("a",), ["b"]),
        ("og 1'eren", TWO, (), (), ["a"]),
        ("beløbet i nummer to", TWO, ("b", "a"), (), ["a"]),
        ("er der krav om det i nogen af dem?", TWO, (), ("a",), ["a", "b"]),
        ("begge", TWO, (), ("a",), ["a", "b"]),
        ("hvad er begges frist", TWO, ("b", "a"), (), ["b", "a"]),
        ("dem begge to", THREE, ("a", "c"), (), ["a", "c"]),
        ("de to puljer", TWO, (), (), ["a", "b"]),
    ],
)
def test_a_reference_finds_its_pools(
    text: str, pools: tuple[str, ...], shown: tuple[str, ...], spoken_of: tuple[str, ...], expected: list[str]
) -> None:
    assert referred(text, pools, shown, spoken_of) == expected


@pytest.mark.parametrize(
    "text",
    [
        "hvem kan søge",
        "hvad er den første frist",
        "kan den anden kommune også søge",
        "på den ene og den anden side",
        "er det den sidste dag",
        "den andenårsstuderende",
        "for første gang",
        "har du nummeret",
        "og ham den anden, hvad hedder han",
        "den første af de to personer",
        "hvem af dem tager sig af det administrative",
        "Er fristen den 1. september?",
        "er den opdateret den 2. maj",
        "den 25. august",
        "",
    ],
)
def test_other_uses_of_the_words_point_to_no_pool(text: str) -> None:
    assert referred(text, TWO, (), ("a",)) == []


@pytest.mark.parametrize(
    ("pools", "shown", "spoken_of"), [(THREE, (), ("a",)), (THREE, (), ()), (TWO, (), ("a", "b")), (("a",), (), ("a",))]
)
def test_the_other_one_of_many_or_of_none_is_not_clear(
    pools: tuple[str, ...], shown: tuple[str, ...], spoken_of: tuple[str, ...]
) -> None:
    assert referred("hvad med den anden?", pools, shown, spoken_of) == []


@pytest.mark.parametrize(
    ("text", "names", "only"),
    [
        ("boligpuljen", ["boligpuljen"], True),
        ("og hvad med boligpuljen så?", ["boligpuljen"], True),
        ("nej, jeg mente boligpuljen!", ["boligpuljen"], True),
        ("Naa, ogsaa boligpuljen", ["boligpuljen"], True),
        ("boligpuljen og handlingsplanerne", ["boligpuljen", "handlingsplanerne"], True),
        ("boligpuljen", [], False),
        ("boligpuljens frist", ["boligpuljens"], False),
        ("hvem kan søge boligpuljen", ["boligpuljen"], False),
        ("hvad med boligpuljen i 2018", ["boligpuljen"], False),
        ("", [], True),
    ],
)
def test_a_message_of_names_and_fillers_asks_nothing(text: str, names: list[str], only: bool) -> None:
    spans = [(text.index(name), text.index(name) + len(name)) for name in names]
    assert only_names(text, spans) is only


@pytest.mark.parametrize(
    ("text", "topic", "pools"),
    [
        ("hvor står det, at fristen er i august?", "deadline", ["kommunale-handlingsplaner"]),
        ("er fristen i september?", "deadline", []),
        ("så vi får 25 mio.?", "amount", []),
        ("er det jer, der udbetaler de 25?", "amount", ["kommunale-handlingsplaner"]),
        ("er det 1 mio. til hver?", "amount", ["udsatte-boligomraader"]),
        ("hvad er fristen?", "deadline", []),
    ],
)
def test_a_month_or_number_tells_which_page_somebody_has_read(
    text: str, topic: str, pools: list[str], facts: Facts
) -> None:
    assert pools_with(text, topic, facts) == pools


@pytest.mark.parametrize(
    ("text", "question", "sums"),
    [
        ("er der 25 mio. til ghettoerne?", "amount", [25_000_000]),
        ("en million på 25 kommuner, så 40.000 hver?", "amount.per_applicant", [40_000]),
        ("er der 2,5 mill. kr. i puljen", "amount", [2_500_000]),
        ("er det 1 mio. til hver?", "amount", []),
        ("får de 25 kommuner lige meget i 2017?", "amount", []),
        ("hvem får de 25 mio", "criteria", [25_000_000]),
        ("må vi flytte 20.000 kr. til løn", "budget.changes", []),
    ],
)
def test_a_sum_that_is_on_no_page_is_told_from_the_pages_and_the_visitors_own(
    text: str, question: str, sums: list[int], facts: Facts
) -> None:
    assert unknown_sums(text, question, facts) == sums


def test_the_only_one_is_told_from_one_of_which_only_little_is_said() -> None:
    assert says_only("så er det kun ")
    assert says_only("er der kun penge i ") is False
    assert says_only("er der penge kun i ")
    assert says_only("er der kun 1 mio i ") is False


def test_a_sum_points_to_the_page_that_names_it(facts: Facts) -> None:
    assert pools_with_sum("får vi en million?", facts) == ["udsatte-boligomraader"]
    assert pools_with_sum("får vi 25 mio. kr.?", facts) == []


@pytest.mark.parametrize(("text", "told"), [("har de et nummer", False), ("hvad er centerets nummer", True)])
def test_whose_number_is_asked_for_is_told_or_not(text: str, told: bool) -> None:
    assert tells_whom(text) is told


def test_words_about_others_and_words_that_go_on_are_known() -> None:
    assert speaks_of_them("Har de en hjemmeside?")
    assert not speaks_of_them("har I en hjemmeside")
    assert goes_on("nå, og hvis vi laver en handlingsplan")
    assert not goes_on("skriver du om handlingsplaner")


@pytest.mark.parametrize(
    ("text", "before", "again"),
    [
        ("hvor skal man sende ansøgningen hen", "hvor sendes ansøgningen hen?", True),
        ("er du sikker?", "hvad er fristen", True),
        ("og piger", "gælder det også rockere", False),
        ("Men hvad MÅ de så gå til??", "hvad med frikøb af lærere", False),
    ],
)
def test_only_a_repeated_question_is_asked_again(text: str, before: str, again: bool) -> None:
    assert asks_again(text, before) is again


@pytest.mark.parametrize(
    ("before", "does"),
    [
        ("hvad er fristen for den med ", True),
        ("og i puljen om ", True),
        ("er det her med ", True),
        ("sendes den til ", False),
        ("kan vi søge om ", False),
        ("gælder det også for de ", False),
        ("holder de ", False),
    ],
)
def test_words_before_a_hint_choose_a_pool_or_do_not(before: str, does: bool) -> None:
    assert chooses(before) is does


@pytest.mark.parametrize(
    ("text", "question", "sums"),
    [
        ("kan man få 25 mio. til det?", "eligibility", [25_000_000]),
        ("hvem får de 25 mio.?", "eligibility", [25_000_000]),
        ("vi får 200.000 kr. fra en fond, må man det?", "cofinancing", []),
    ],
)
def test_a_sum_of_the_visitors_own_is_not_taken_for_a_claim(
    text: str, question: str, sums: list[int], facts: Facts
) -> None:
    assert unknown_sums(text, question, facts) == sums


@pytest.mark.parametrize("text", ["er der forskel på fristerne", "hvad er forskellen", "er der forskelle på dem"])
def test_a_difference_is_between_all_and_different_things_are_not(text: str, facts: Facts) -> None:
    pools = tuple(facts.pools)
    assert referred(text, pools, (), ()) == list(pools)
    assert referred("jeg har spurgt tre forskellige kontorer", pools, (), ()) == []
