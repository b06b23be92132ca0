"""«Den anden», «begge» and their like are resolved to pools where it is clear which; other uses of the words are not."""

from __future__ import annotations

import pytest

from puljeguiden.references import only_names, referred

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
