"""All 98 municipalities and the regions are found by name; names that are also words only where they are names."""

from __future__ import annotations

import pytest

from puljeguiden.facts import Facts, Municipality, read_yaml
from puljeguiden.mentions import find
from tests.conftest import ROOT

PLACES = read_yaml(ROOT / "data" / "municipalities.yml")
NAMES = [entry["name"] for entry in PLACES["municipalities"]]
UNCLEAR = ["Faxe", "Greve", "Køge", "Lejre", "Odder", "Skive", "Struer", "Tønder", "Varde", "Vejen", "Vejle"]
WORDS = ["Tønder", "Vejen"]  # words even after a preposition
REGIONS = ["Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland"]
TYPED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})
BARE = str.maketrans("æøåÆØÅ", "aoaAOA")


def named(text: str, facts: Facts) -> list[str | None]:
    return [found.name for found in find(text, facts).applicants]


def municipality(name: str, facts: Facts) -> Municipality:
    return next(place for place in facts.municipalities if place.names[0] == name)


def test_all_98_are_there_once(facts: Facts) -> None:
    assert len(facts.municipalities) == len({place.full for place in facts.municipalities}) == 98


def test_the_five_regions_are_there(facts: Facts) -> None:
    assert set(REGIONS) <= set(facts.regions)


@pytest.mark.parametrize("name", NAMES)
def test_a_municipality_is_found_by_its_full_name(facts: Facts, name: str) -> None:
    full = municipality(name, facts).full
    for text in (
        full,
        f"Kan {full} søge?",
        f"kan {full.lower()} søge?",
        f"KAN {full.upper()} SØGE?",
        f"kan {full.translate(TYPED).lower()} soge",
        f"kan {full.translate(BARE).lower()} soge",
        f"Er {full}s ansøgning med?",
    ):
        found = find(text, facts).who_asks()
        assert [(mention.kind, mention.name) for mention in found] == [("kommune", full)], text


@pytest.mark.parametrize("name", NAMES)
def test_a_municipality_is_found_by_its_bare_name(facts: Facts, name: str) -> None:
    full = municipality(name, facts).full
    for text in (name, f"Kan {name} søge?", f"Vi bor i {name}", f"Hvad med {name.translate(TYPED)}?"):
        assert named(text, facts) == [full], text


@pytest.mark.parametrize("name", NAMES)
def test_a_municipality_is_found_in_the_genitive(facts: Facts, name: str) -> None:
    genitive = name if name.endswith("s") else f"{name}s"
    assert named(f"Er {genitive} ansøgning med?", facts) == [municipality(name, facts).full]


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(UNCLEAR)))
def test_a_bare_municipality_name_is_found_in_lower_case(facts: Facts, name: str) -> None:
    assert named(f"kan {name.lower()} søge", facts) == [municipality(name, facts).full]


@pytest.mark.parametrize(
    ("called", "name"),
    [(called, entry["name"]) for entry in PLACES["municipalities"] for called in entry.get("called", ())],
)
def test_a_municipality_is_found_by_what_people_call_it(facts: Facts, called: str, name: str) -> None:
    assert named(f"Kan {called} Kommune søge?", facts) == [municipality(name, facts).full]


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("Esbjærg", "Esbjerg Kommune"),
        ("silkborg", "Silkeborg Kommune"),
        ("Gladsakse Kommune", "Gladsaxe Kommune"),
        ("fredriksberg", "Frederiksberg Kommune"),
        ("Rinkøbing-Skjern", "Ringkøbing-Skjern Kommune"),
        ("høje taastrup", "Høje-Taastrup Kommune"),
        ("Aalborgs", "Aalborg Kommune"),
    ],
)
def test_a_municipality_is_found_in_spite_of_a_slip(facts: Facts, typed: str, full: str) -> None:
    assert named(f"kan {typed} søge", facts) == [full]


@pytest.mark.parametrize("name", UNCLEAR)
def test_a_name_that_is_also_a_word_needs_more_than_itself(facts: Facts, name: str) -> None:
    full, word = municipality(name, facts).full, name.lower()
    for text in (f"hvad er {word}", f"{name} og andet", f"HVAD ER {word.upper()}", word):
        assert named(text, facts) == [], text
    for text in (
        f"kan {word} kommune søge",
        f"Kan {name} søge?",
        f"en forening i {name}",
        f"Er {name}s ansøgning med?",
    ):
        assert full in named(text, facts), text
    assert named(f"vi er i {word}", facts) == ([] if name in WORDS else [full])


@pytest.mark.parametrize(
    "text",
    """Har I allerede svaret?|Det er åbenbar sådan|min mors brev|min mor hjælper|der er brand i huset|vi har haft brande
    unge fra midtbyen|en stjerne|vi skal rangere dem|det blandes sammen|hvor finder jeg vejledningen
    kan vejlederen hjælpe|skal vi skrive til jer|i skiven|er der penge til lejren|hos greven|hvad er vejen frem
    vi er i vejen for hinanden|vi er godt i gang|på vej|tøndens indhold|det vælger vi|en varderegel|hvad koster det""".replace(
        "\n", "|"
    ).split("|"),
)
def test_an_everyday_word_is_no_municipality(facts: Facts, text: str) -> None:
    assert named(text.strip(), facts) == []


@pytest.mark.parametrize("name", REGIONS)
def test_a_region_is_found_by_name(facts: Facts, name: str) -> None:
    typed = name.translate(TYPED).lower()
    for text in (f"Kan Region {name} søge?", f"kan region {typed} soge", f"Er Region {name}s ansøgning med?"):
        found = find(text, facts).who_asks()
        assert [(mention.kind, mention.name) for mention in found] == [("region", f"Region {name}")], text


def test_a_region_without_a_name_is_only_a_kind(facts: Facts) -> None:
    assert [(found.kind, found.name) for found in find("Kan regionen søge?", facts).who_asks()] == [("region", None)]
