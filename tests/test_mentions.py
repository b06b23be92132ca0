"""Pools and kinds of applicants are found however people spell them, and not in words that only look like them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from puljeguiden.facts import Facts
from puljeguiden.mentions import POOL_NAME, find, mask

B, H = "udsatte-boligomraader", "kommunale-handlingsplaner"

NAMED = {
    H: """kommunale handlingsplaner|Kommunale Handlingsplaner|KOMMUNALE HANDLINGSPLANER|kommunale handlingsplaners
        kommunal handlingsplan|handlingsplan|handlingsplanen|handlingsplanens|handlingsplanernes|handleplan|handleplanen
        handlings planerne|handlings-planerne|kommunalehandlingsplaner|handlingsplanspuljen|handlingsplan-puljen
        handlingsplan puljen|komunale handlingsplaner|handlinsplanerne|handlngsplaner|hanldingsplanen|handlingplaner""",
    B: """udsatte boligområder|UDSATTE BOLIGOMRÅDER|udsatte boligområders|udsat boligområde|boligområde|boligområdet
        boligområdernes|udsatte boligomraader|udsatte boligomrader|boligomraadet|udsatte bolig områder|bolig-området
        udsatteboligområder|boligpuljen|bolig puljen|boligområdepuljen|boligområde puljen|socialt belastede boligområder
        udsatte områder|utsatte boligområder|usatte bolgområder|boligomådepuljen|rekruttering til ekstremistiske miljøer""",
}
HINTS = {
    H: """Deloitte|deloites|Ayse Göksu|ayse goksu|Anders Bo Christensen|pulje@siri.dk|PULJE@SIRI.DK|14.69.04.20
        § 14.69.04.20|genudmeldingen|parathedsvurderingen|økonomi, kontrol og tilskud|konsulentstøtten
        planen|planerne""",
    B: """Rambøll|ramboel|rambol|identifikationsværktøjet|identifikationsvaerktoej|samarbejdsmodellen|indsatsmodel
        yngre søskende|stopekstremisme.dk|www.stopekstremisme.dk|Integration i Tal|1 mio. kr.|en million
        1 mill|1 million kr.|1.000.000 kr.|millionen|den million|boligen|den med boliger""",
}
NO_POOL = """behandlingsplan|behandlingsplaner|forhandlingsplan|handling|handlekraft|handel|planer|lokalplan
    kommunale|kommunale planer|vejledning|bolig|område|områder|boligorganisation|boligforening|boligsocial
    forebyggende indsats|rekruttering|puljen|11 mio. kr.|2,1 mio. kr.|10 millioner|ekstremisme@siri.dk|en kommune|"""
KINDS = {
    "kommune": "kommune|komune|kommunerne|KOMMUNENS|byrådet|forvaltningen|nabokommunen|kommunalbestyrelsen",
    "region": "region|regionerne|hospitalet",
    "forening": "forening|foreningens|idrætsforening|idraetsforening|idrætsklubben|klubber|ngo|frivillige|fonden",
    "boligorganisation": "boligorganisation|boligselskabet|boligforening|andelsboligforening|boligsociale|helhedsplan",
    "privatperson": "privatperson|private|borger|borgere|beboer|forældre|studerende",
    "virksomhed": "virksomhed|firmaet|konsulentfirma|iværksættere|enkeltmandsvirksomhed",
    "skole": "skole|folkeskolen|ungdomsskole|privatskolen|gymnasiet|institution|uddannelsesinstitution",
    "universitet": "universitet|universiteter|forskere",
    "trossamfund": "trossamfund|moske|moskeen|moskéen|kirken|folkekirken",
    "myndighed": "politiet|lokalpolitiet|politikreds|kriminalforsorgen|fængslet|socialstyrelsen",
}
NO_KIND = """første|den foerste|forkert|forskel|størrelse|politik|politiker|forældet|handlingsplan|frist|bestyrelse
    vejledning|ansøgning|kommunal|regional|skema|beløb"""


def each(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(entry.strip(), owner) for owner, names in table.items() for entry in names.replace("\n", "|").split("|")]


def words(text: str) -> list[str]:
    return [entry.strip() for entry in text.replace("\n", "|").split("|")]


@pytest.mark.parametrize("frame", ["{}", "Hvad er fristen for {}?", "kan man få penge fra {} i år"])
@pytest.mark.parametrize(("name", "pool"), each(NAMED))
def test_a_pool_is_found_by_name(facts: Facts, name: str, pool: str, frame: str) -> None:
    found = find(frame.format(name), facts)
    assert found.pool_ids() == [pool]
    assert not found.pools[0].hint


@pytest.mark.parametrize(("hint", "pool"), each(HINTS))
def test_what_only_one_page_has_points_to_its_pool(facts: Facts, hint: str, pool: str) -> None:
    found = find(f"Hvad med {hint}?", facts)
    assert [(mention.pools, mention.hint) for mention in found.pools] == [((pool,), True)]


@pytest.mark.parametrize("text", words(NO_POOL))
def test_a_near_word_is_no_pool(facts: Facts, text: str) -> None:
    assert find(text, facts).pools == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Er kommunale handlingsplaner med?", ["kommunale handlingsplaner"]),
        ("Er socialt belastede boligområder med?", ["socialt belastede boligområder"]),
        ("handlingsplanerne, boligpuljen", ["handlingsplanerne", "boligpuljen"]),
        ("boligområder og handlingsplaner", ["boligområder", "handlingsplaner"]),
        ("søge boligområder i Aarhus", ["boligområder"]),
        ("handlingsplaner er en mulighed", ["handlingsplaner"]),
    ],
)
def test_a_mention_is_the_longest_name_and_nothing_beside_it(facts: Facts, text: str, names: list[str]) -> None:
    assert [text[found.start : found.end] for found in find(text, facts).pools] == names


def test_a_name_that_two_pools_share_is_unclear_until_one_is_named(facts: Facts) -> None:
    newer = replace(facts.pools[B], id="newer", names=("boligpulje", "tryghedspulje"), hints=())
    both = replace(facts, pools={**facts.pools, newer.id: newer}, cache={})
    assert find("Hvad er fristen for boligpuljen?", both).unclear() == ("newer", B)
    assert find("Hvad er fristen for boligpuljen?", both).pool_ids() == []
    assert find("Er boligpuljen det samme som tryghedspuljen?", both).unclear() == ()
    assert find("Er boligpuljen det samme som tryghedspuljen?", both).pool_ids() == ["newer"]


def test_pools_come_in_the_order_they_are_named_and_each_once(facts: Facts) -> None:
    assert find("handlingsplaner, boligpuljen og Deloitte", facts).pool_ids() == [H, B]


@pytest.mark.parametrize(("word", "kind"), each(KINDS))
def test_a_kind_of_applicant_is_found(facts: Facts, word: str, kind: str) -> None:
    assert [found.kind for found in find(f"Kan {word} søge?", facts).who_asks()] == [kind]


@pytest.mark.parametrize(
    "text",
    words("""en kommune som ALLEREDE har en plan|Tak. Allerede nu?|VI ER LEJERE her|skal vi skrive kommunens navn
        hvad med Vejledere|Var der en frist|hvis øvre kommuner vil|Hvor høje Værdier har vi|Skriver du det ned"""),
)
def test_an_ordinary_word_is_no_misspelt_municipality(facts: Facts, text: str) -> None:
    assert [found.name for found in find(text, facts).applicants if found.name] == []


@pytest.mark.parametrize("word", words("banker|blander|brænder"))
def test_an_ordinary_word_is_no_misspelt_pool(facts: Facts, word: str) -> None:
    assert find(f"hvem {word} sig i det", facts).pools == ()


@pytest.mark.parametrize("text", ["SSP-konsulent i en mellemstor kommune", "jeg er konsulent i børneforvaltningen"])
def test_who_works_for_a_kommune_asks_for_it(facts: Facts, text: str) -> None:
    assert [found.kind for found in find(text, facts).who_asks()] == ["kommune"]


def test_a_consultant_of_several_asks_for_themselves(facts: Facts) -> None:
    assert "virksomhed" in [found.kind for found in find("privat konsulent for tre kommuner", facts).who_asks()]


@pytest.mark.parametrize("text", words(NO_KIND))
def test_a_near_word_is_no_applicant(facts: Facts, text: str) -> None:
    assert find(f"hvad er {text}", facts).applicants == ()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Kan en forening i Gladsaxe søge?", [("forening", None)]),
        ("kan borgere i Odense Kommune søge", [("privatperson", None)]),
        ("Kan en forening og en skole fra Aarhus søge?", [("forening", None), ("skole", None)]),
        ("Kan vi søge i Gladsaxe?", [("kommune", "Gladsaxe Kommune")]),
        ("Kan Gladsaxe Kommune og en forening søge?", [("kommune", "Gladsaxe Kommune"), ("forening", None)]),
        ("Vi er en kommune, nemlig Odense Kommune", [("kommune", "Odense Kommune")]),
        ("Kan kommunen og andre kommuner søge?", [("kommune", None)]),
        ("Kan Odense eller Aarhus søge?", [("kommune", "Odense Kommune"), ("kommune", "Aarhus Kommune")]),
        ("Hvem kan søge?", []),
    ],
)
def test_a_place_that_only_tells_where_does_not_ask(facts: Facts, text: str, who: list[tuple[str, str | None]]) -> None:
    assert [(found.kind, found.name) for found in find(text, facts).who_asks()] == who


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Hvad er fristen for udsatte boligområder?", f"Hvad er fristen for {POOL_NAME}?"),
        ("handlingsplanernes frist", f"{POOL_NAME} frist"),
        ("Kan Gladsaxe Kommune få kommunale handlingsplaner?", f"Kan kommunen få {POOL_NAME}?"),
        ("Kan Bornholms Regionskommune søge?", "Kan kommunen søge?"),
        ("boligområder og handlingsplaner i Odense", f"{POOL_NAME} og {POOL_NAME} i kommunen"),
        ("Hvad laver Deloitte for foreninger?", "Hvad laver Deloitte for foreninger?"),
        ("Har I allerede svaret de første?", "Har I allerede svaret de første?"),
        ("", ""),
    ],
)
def test_a_name_becomes_one_token_and_the_rest_stays(facts: Facts, text: str, masked: str) -> None:
    assert mask(text, find(text, facts)) == masked


@pytest.mark.parametrize(
    ("text", "meant", "not_meant"),
    [
        ("nej, ikke handlingsplanerne", [], [H]),
        ("ikke handlingsplaner, den anden", [], [H]),
        ("jeg mener ikke den med boligområder", [], [B]),
        ("den uden boligområder", [], [B]),
        ("er det ikke handlingsplanerne, der har frist i august?", [H], []),
    ],
)
def test_a_pool_that_is_not_meant_is_told_from_one_that_is(
    facts: Facts, text: str, meant: list[str], not_meant: list[str]
) -> None:
    found = find(text, facts)
    assert (found.pool_ids(), found.not_meant()) == (meant, not_meant)


def test_whoever_one_is_not_does_not_ask(facts: Facts) -> None:
    found = find("vi er jo ikke en kommune, vi er ansat i boligorganisationen", facts)
    assert [one.kind for one in found.who_asks()] == ["boligorganisation"]


def test_a_hint_with_pulje_behind_it_is_a_name(facts: Facts) -> None:
    text = "kan vi søge Deloitte-puljen"
    assert mask(text, find(text, facts)) == f"kan vi søge {POOL_NAME}"
    assert mask("er det Deloitte", find("er det Deloitte", facts)) == "er det Deloitte"
    assert mask("og i Rambøll-sporet", find("og i Rambøll-sporet", facts)) == f"og i {POOL_NAME}"


@pytest.mark.parametrize(
    ("text", "pool"),
    [("boligområdeansøgningen", B), ("handlingsplansforløbet", H), ("rambøllpuljen", B), ("Deloittepuljens frist", H)],
)
def test_a_word_made_with_a_pools_name_names_it(facts: Facts, text: str, pool: str) -> None:
    found = find(text, facts)
    assert found.pool_ids(hints=False) == [pool]


def test_words_side_by_side_are_no_such_word(facts: Facts) -> None:
    assert mask("boligområder fristen", find("boligområder fristen", facts)) == f"{POOL_NAME} fristen"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Min økonomikonsulent siger, at man kan få en million", []),
        ("Kan min konsulentvirksomhed søge?", ["virksomhed"]),
        ("kan vores konsulenthus få penge?", ["virksomhed"]),
        ("Hvad hvis kommunen ikke gider, kan jeg så selv?", []),
        ("kan en boligforening ikke selv søge?", ["boligorganisation"]),
        ("må en forening ikke gøre det?", ["forening"]),
        ("hvad med DGI eller et ApS", ["forening", "virksomhed"]),
    ],
)
def test_who_asks_is_not_who_is_only_spoken_of(text: str, kinds: list[str], facts: Facts) -> None:
    assert [found.kind for found in find(text, facts).who_asks()] == kinds
