"""The facts are the two pages', all of them and nothing else; the loader keeps them current."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from puljeguiden import facts
from puljeguiden.danish import squeeze
from puljeguiden.facts import Facts, FactsError, Loader, Pool
from tests.conftest import ROOT
from tests.invented import invent

B, H = "udsatte-boligomraader", "kommunale-handlingsplaner"

# Lines that say nothing: navigation, headings, a form's mark.
FURNITURE = {
    B: {
        "Forside » Nyheder » 2017 » 2017-04 » Pulje til udvikling af forebyggende indsats mod rekruttering til"
        " ekstremistiske miljøer i udsatte boligområder",
        "Nationalt Center for Forebyggelse af Ekstremisme",
        "Abonnér på nyt fra UIM",
        "(Required)",
        "Nyhedsbreve",
    },
    H: {
        "Gå til indhold",
        "Forside » Nyheder » Genudmelding - Støtte til udvikling af kommunale handlingsplaner til forebyggelse af"
        " ekstremisme og radikalisering",
        "Ansøgerkreds",
        "Ansøgningsfrist og ansøgningsmateriale",
        "Yderligere oplysninger",
    },
}
# Questions that a page leaves open without a word.
SILENT = {
    B: """deadline deadline.time deadline.opening form form.guidance form.filling form.attachments form.length
        form.signature form.language form.file submission submission.channel subject_line support.extent
        contact contact.address admin_contact
        admin_contact.address newsletter.unsubscribe newsletter.centre support.plan""",
    H: "deadline.time deadline.opening deadline.late target_group.age support.tool",
}
SILENT_BOTH = """cofinancing criteria period reply_time budget budget.changes reporting reporting.evaluation complaint
    joint_application joint_application.both_pools data_protection centre.cost"""
# Pool, question, state, what the text has to hold, what the quotes have to hold (alternatives of a row: «|»).
FACTS = [
    (B, "purpose", "stated", "kriminelle personer|bander|søskende", "Formålet med|yngre søskende|understøttes"),
    (B, "target_group", "stated", "kriminelle personer|bander|yngre søskende", "randgruppen|i risiko|søskende"),
    (B, "eligibility", "stated", "socialt belastede boligområder", "kan søges af kommuner med|målrettet kommuner"),
    (B, "eligibility.areas", "not_stated", "liste|definition", "socialt belastede|særligt udsatte"),
    (H, "eligibility.areas", "not_stated", "bestemte kommuner", "kan søges af kommuner"),
    (B, "centre.role", "stated", "leverandør|Rambøll", "leverandør"),
    (H, "centre.role", "not_stated", "rolle", "ekspertbistand"),
    (B, "amount", "stated", "1 mio. kr.|i alt", "Der afsættes i denne pulje 1 mio. kr."),
    (B, "amount.per_applicant", "not_stated", "den enkelte kommune|1 mio. kr.", "1 mio. kr."),
    (B, "amount.recipients", "not_stated", "hvor mange kommuner|1 mio. kr.", "1 mio. kr."),
    (B, "amount.payout", "not_stated", "udbetales|1 mio. kr.", "1 mio. kr.|professionel støtte"),
    (B, "support", "stated", "identifikationsværktøj|samarbejdsmodel|indsatsmodel|Rambøll", "kvalitetsteste|Rambøll"),
    (B, "partner", "stated", "Rambøll|Nationalt Center", "med Rambøll|leverandør af samskabelsesprocessen"),
    (B, "target_group.age", "not_stated", "ingen alder|yngre søskende", "yngre søskende"),
    (B, "target_group.groups", "not_stated", "køn|rockere|bander|yngre søskende", "randgruppen|i risiko"),
    (B, "target_group.belief", "not_stated", "ingen religion|ingen politisk retning", "radikalisering|ekstremistiske"),
    (B, "target_group.family", "stated", "yngre søskende|forældre er ikke nævnt", "yngre søskende"),
    (B, "centre.who", "stated", "ekspertbistand|eksempel|i en pulje", "aktører i forebyggelsesindsatsen, blandt andet"),
    (B, "centre.ministry", "stated", "Udlændinge- og|Styrelsen for", "Centeret er en del af"),
    (B, "partner.address", "not_stated", "telefon|hjemmeside|Rambøll", "Rambøll"),
    (H, "partner.address", "not_stated", "telefon|hjemmeside|Deloitte", "Deloitte"),
    (B, "cooperation", "stated", "boligsociale|lokalpoliti|civilsamfund|overblik", "systematisk og struktureret"),
    (B, "centre", "stated", "ekspertbistand|hele landet|Styrelsen for", "nyetablerede|Centeret er en del af"),
    (B, "centre.contact", "stated", "stopekstremisme.dk", "Læs mere på stopekstremisme.dk"),
    (B, "newsletter", "stated", "UIM|Integration i Tal|Æresrelateret Viden", "Hvis du abonnerer|to nyhedsbreve"),
    (B, "updated", "stated", "april 2017|2. maj 2017", "Sidst opdateret 02/05 2017|2017-04"),
    (B, "updated.current", "stated", "2. maj 2017|ved ikke", "Sidst opdateret 02/05 2017"),
    (
        B,
        "updated.no_deadline",
        "stated",
        "2. maj 2017|ikke en frist|ingen ansøgningsfrist",
        "Sidst opdateret 02/05 2017",
    ),
    (B, "target_group.decides", "not_stated", "i risiko|overblik over målgrupper|melde nogen", "i fællesskab danner"),
    (B, "support.tool", "not_stated", "identifikationsværktøj|indsatsmodel|hvem der ejer|at se", "kvalitetsteste"),
    (B, "form.how", "not_stated", "et skema|adresse|ansøgningsfrist|Læs mere om puljen", "Læs mere om puljen"),
    (B, "centre.people", "not_stated", "hvem der leder|hvor mange|hvilken dag|andre navne|nyt", "nyetablerede"),
    (B, "deadline.late", "not_stated", "udsættelse|dispensation|ingen ansøgningsfrist", ""),
    (B, "deadline.earlier", "not_stated", "ingen tidligere runde", ""),
    (B, "joint_application.again", "not_stated", "søge igen|ingen tidligere runde", ""),
    (B, "criteria.outcome", "not_stated", "hvilke kommuner|hvor mange|hvor meget|1 mio. kr.", "1 mio. kr."),
    (B, "overview", "stated", "1 mio. kr.|socialt belastede|Rambøll", "Pulje til udvikling|1 mio. kr.|Rambøll"),
    (B, "overview.more", "in_document", "Læs mere om puljen", "Læs mere om puljen"),
    (H, "purpose", "stated", "tværsektorielt|helhedsorienteret|parallel", "har til formål|Med initiativet|sammentænke"),
    (H, "target_group", "not_stated", "ingen bestemt gruppe|handlingsplaner", "Med initiativet støttes"),
    (H, "target_group.groups", "not_stated", "køn|rockere|handlingsplaner", "Med initiativet støttes"),
    (H, "target_group.belief", "not_stated", "ingen religion|ingen politisk retning", "radikalisering og ekstremisme"),
    (H, "target_group.family", "not_stated", "forældre|familien", "Med initiativet støttes"),
    (
        H,
        "support.plan",
        "not_stated",
        "byrådet|for sig selv|allerede|parallel",
        "sammentænke|parallel",
    ),
    (H, "centre.who", "stated", "ekspertbistand|eksempel|i en pulje", "aktører i forebyggelsesindsatsen, blandt andet"),
    (H, "centre.ministry", "stated", "Udlændinge- og|Styrelsen for", "Centeret er en del af"),
    (H, "newsletter.centre", "stated", "tilmelde|ekstremisme@siri.dk", "Abonnér på nyt fra|ekstremisme@siri.dk"),
    (H, "eligibility", "stated", "kommuner", "Puljen kan søges af kommuner."),
    (H, "amount", "not_stated", "ikke noget beløb", ""),
    (H, "amount.per_applicant", "not_stated", "ikke noget beløb", ""),
    (H, "amount.recipients", "stated", "op til 25 kommuner|konsulent", "op til 25 kommuner kan få"),
    (H, "amount.payout", "not_stated", "udbetales|Deloitte", "professionel støtte af Deloitte"),
    (H, "support", "stated", "Deloitte|workshops|undervisningsforløb|parathedsvurdering", "Deloitte|eksekvering"),
    (H, "partner", "stated", "Deloitte", "professionel støtte af Deloitte"),
    (H, "cooperation", "stated", "tværsektorielt samarbejde|ikke, hvem|Deloitte", "styrket tværsektorielt samarbejde"),
    (H, "deadline", "stated", "", "Ansøgningsfristen er den 25. august 2017"),
    (H, "form", "stated", "ansøgningsskemaet (Word)|linkene mangler", "Hent ansøgningskema (Word)"),
    (
        H,
        "form.how",
        "stated",
        "(Word)|elektronisk|pulje@siri.dk|”Ansøgning – Kommunale handlingsplaner, § 14.69.04.20”|linkene mangler",
        "søges af kommuner|ansøgningskema|ansøgningsvejledning|sendes til pulje@siri.dk|Mærk",
    ),
    (H, "target_group.decides", "not_stated", "i risiko|lister over|melde nogen", "Med initiativet støttes"),
    (H, "centre.people", "not_stated", "hvem der leder|hvor mange|hvilken dag|andre navne|nyt", "netop er etableret"),
    (H, "form.guidance", "stated", "ansøgningsvejledning (Word)", "Hent ansøgningsvejledning (Word)"),
    (H, "form.filling", "stated", "elektronisk", "skal udfyldes elektronisk"),
    (H, "form.attachments", "not_stated", "ingen bilag", "ansøgningskema|ansøgningsvejledning"),
    (H, "form.length", "not_stated", "hvor lang|ansøgningsskemaet", "ansøgningskema|ansøgningsvejledning"),
    (H, "form.signature", "not_stated", "godkende eller underskrive", "ansøgningskema|ansøgningsvejledning"),
    (H, "support.extent", "not_stated", "hvor meget|workshops", "workshops"),
    (B, "eligibility.beforehand", "not_stated", "på plads|socialt belastede", "socialt belastede"),
    (H, "eligibility.beforehand", "not_stated", "på plads|allerede har", "kan søges af kommuner"),
    (B, "eligibility.reason", "not_stated", "ingen grund|boligsociale", "kan søges af kommuner med|Sigtet er"),
    (H, "eligibility.reason", "not_stated", "ingen grund|kommuner", "Puljen kan søges af kommuner."),
    (B, "eligibility.on_behalf", "not_stated", "på kommunens vegne|socialt belastede", "kan søges af kommuner med"),
    (H, "eligibility.on_behalf", "not_stated", "på kommunens vegne", "Puljen kan søges af kommuner."),
    (B, "eligibility.unit", "not_stated", "del af kommunen|skole|SSP", "kan søges af kommuner med"),
    (H, "eligibility.unit", "not_stated", "del af kommunen|skole|SSP", "Puljen kan søges af kommuner."),
    (B, "cooperation.members", "not_stated", "civilsamfund mv.|hverken ja eller nej", "lokalpoliti, civilsamfund mv."),
    (H, "cooperation.members", "not_stated", "ingen lokale|hverken ja eller nej", "tværsektorielt samarbejde"),
    (B, "cooperation.required", "stated", "siger ikke, at det er et krav|Lokalpoliti", "lokalpoliti, civilsamfund mv."),
    (H, "cooperation.required", "stated", "siger ikke, at bestemte parter|politiet", "tværsektorielt samarbejde"),
    (B, "cooperation.agreement", "not_stated", "skriftligt|hvor mange partnere", "systematisk og struktureret"),
    (H, "cooperation.agreement", "not_stated", "skriftligt|hvor mange partnere", "tværsektorielt samarbejde"),
    (
        B,
        "cooperation.join",
        "stated",
        "hvem i kommunen|spørge din kommune",
        "kan søges af kommuner med|civilsamfund",
    ),
    (H, "cooperation.join", "not_stated", "hvem i kommunen|spørge din kommune", "Puljen kan søges af kommuner."),
    (B, "cooperation.role", "not_stated", "tovholder eller partner", "kan søges af kommuner med|boligsociale"),
    (
        H,
        "cooperation.role",
        "not_stated",
        "tovholder eller partner|Deloitte",
        "søges af kommuner|Samarbejdet indebærer",
    ),
    (B, "cooperation.delegation", "not_stated", "udføre arbejdet|videre", "kan søges af kommuner med|boligsociale"),
    (H, "cooperation.delegation", "not_stated", "udføre arbejdet|videre", "søges af kommuner|støtte af Deloitte"),
    (B, "joint_application.with_others", "not_stated", "andre end kommuner", "kan søges af kommuner med"),
    (H, "joint_application.with_others", "not_stated", "andre end kommuner", "Puljen kan søges af kommuner."),
    (H, "submission", "stated", "elektronisk|pulje@siri.dk", "sendes til pulje@siri.dk"),
    (H, "subject_line", "stated", "”Ansøgning – Kommunale handlingsplaner, § 14.69.04.20”", "Mærk|§ 14.69.04.20”"),
    (H, "contact", "stated", "Ayse Göksu|Anders Bo Christensen", "Ayse Göksu på eller Anders Bo Christensen på"),
    (H, "contact.address", "lost_in_copy", "Ayse Göksu|Anders Bo Christensen|hverken", "Ayse Göksu på eller"),
    (H, "admin_contact", "stated", "Økonomi, Kontrol og Tilskud|mangler", "behandles af Økonomi, Kontrol og Tilskud"),
    (H, "admin_contact.address", "lost_in_copy", "Økonomi, Kontrol og Tilskud|hverken", "kan sendes til e-mail"),
    (H, "centre", "stated", "ekspertbistand|hele landet|Styrelsen for", "netop er etableret|Centeret er en del af"),
    (H, "centre.contact", "not_stated", "ingen telefon|ekstremisme@siri.dk", "tilmelde og afmelde nyheder"),
    (H, "newsletter", "stated", "tilmelde|ekstremisme@siri.dk", "Abonnér på nyt fra|ekstremisme@siri.dk"),
    (H, "newsletter.unsubscribe", "stated", "afmelde|ekstremisme@siri.dk", "ekstremisme@siri.dk"),
    (H, "updated", "stated", "genudmelding|23. august 2017", "Sidst opdateret 23/08 2017|Genudmelding"),
    (H, "updated.current", "stated", "23. august 2017|ved ikke", "Sidst opdateret 23/08 2017"),
    (H, "updated.no_deadline", "stated", "23. august 2017|ikke fristen", "Sidst opdateret 23/08 2017"),
    (H, "deadline.earlier", "not_stated", "genudmelding|første runde", "Genudmelding"),
    (H, "joint_application.again", "not_stated", "genudmelding|søge igen", "Genudmelding"),
    (H, "criteria.outcome", "not_stated", "hvilke kommuner|hvor mange|op til 25", "op til 25 kommuner kan få"),
    (H, "overview", "stated", "25 kommuner|Deloitte", "støttes udviklingen|25 kommuner|Deloitte|søges af kommuner"),
    (H, "overview.more", "in_document", "ansøgningsvejledning|ansøgningsskema", "ansøgningsvejledning|ansøgningskema"),
    (B, "budget.costs", "not_stated", "hvilke udgifter|løn|identifikationsværktøj", "professionel støtte"),
    (H, "budget.costs", "not_stated", "hvilke udgifter|løn|handlingsplaner", "professionel støtte af Deloitte"),
    (B, "budget.passing_on", "not_stated", "give penge videre|lokalpoliti", "kan søges af kommuner med|lokalpoliti"),
    (
        H,
        "budget.passing_on",
        "not_stated",
        "give noget videre|Deloitte",
        "kan søges af kommuner|konsulentstøtte|Deloitte",
    ),
    (B, "cofinancing.price", "not_stated", "gratis|hvem der betaler Rambøll|1 mio. kr.", "1 mio. kr.|Rambøll"),
    (H, "cofinancing.price", "not_stated", "gratis|hvem der betaler Deloitte|op til 25", "op til 25 kommuner|Deloitte"),
    (B, "partner.choice", "stated", "Rambøll|en anden konsulent", "Rambøll"),
    (H, "partner.choice", "stated", "Deloitte|en anden konsulent", "Deloitte"),
    (B, "partner.contract", "not_stated", "kontrakt|Rambøll", "Rambøll"),
    (H, "partner.contract", "not_stated", "kontrakt|Deloitte", "Deloitte"),
    (B, "support.writing", "stated", "i samarbejde med Rambøll|hvem der udfører hvad", "i samarbejde med Rambøll"),
    (H, "support.writing", "stated", "udarbejdet|der skriver den", "udarbejdelse af parathedsvurdering, operationel"),
    (
        B,
        "support.afterwards",
        "stated",
        "implementere|ikke, om der er hjælp bagefter",
        "udvikle, kvalitetsteste og implementere",
    ),
    (H, "support.afterwards", "stated", "ud i praksis|ikke, hvor længe", "faglig støtte til eksekvering"),
    (H, "form.language", "not_stated", "engelsk|dansk", "ansøgningsvejledning|ansøgningskema"),
    (H, "form.file", "stated", "kan ikke sende|hverken filerne eller linkene", "ansøgningsvejledning|ansøgningskema"),
    (H, "submission.channel", "stated", "pulje@siri.dk|Digital Post", "sendes til pulje@siri.dk"),
    (B, "submission.questions", "not_stated", "ingen e-mailadresse", ""),
    (H, "submission.questions", "not_stated", "kun pulje@siri.dk|skrive spørgsmål", "sendes til pulje@siri.dk"),
    (B, "subject_line.meaning", "not_stated", "ingen paragraf", ""),
    (H, "subject_line.meaning", "stated", "§ 14.69.04.20|forklarer ikke", "Mærk|§ 14.69.04.20”"),
]
ONLY = {
    B: r"Rambøll|stopekstremisme\.dk|1 mio|boligområd|boligsocial|bander|søskende|UIM|Integration i Tal|Æresrel|lokalpoliti",
    H: r"Deloitte|@siri\.dk|Göksu|Christensen|Økonomi, Kontrol|25|14\.69|workshops|parathed|konsulentstøtte|handlingsplan",
}


def silent(pool: str) -> list[str]:
    return f"{SILENT[pool]} {SILENT_BOTH}".split()


def words_of(pool: Pool) -> str:
    """Return everything a pool's facts and contacts can make the assistant say."""
    says = [part for fact in pool.facts.values() for part in (fact.text, fact.short, *(one.named for one in fact.who))]
    return "\n".join([*filter(None, says), *(contact.who for contact in pool.contacts.values())])


@pytest.mark.parametrize("pool", [B, H])
def test_every_sentence_of_a_page_is_quoted_unless_it_is_furniture(facts: Facts, pool: str) -> None:
    known = facts.pools[pool]
    heads = [known.page.title, known.page.quote, known.published_source.quote if known.published_source else ""]
    quoted = [*heads, *(source.quote for fact in known.facts.values() for source in fact.sources)]
    lines = [squeeze(line) for line in facts.pages[pool].splitlines() if squeeze(line)]
    assert set(lines) >= FURNITURE[pool]
    sentences = [
        one for line in lines if line not in FURNITURE[pool] for one in re.split(r"(?<=[.]) (?=[A-ZÆØÅ])", line)
    ]
    assert [one for one in sentences if not any(one in quote for quote in quoted)] == []


@pytest.mark.parametrize("pool", [B, H])
def test_a_pool_answers_every_question(facts: Facts, pool: str) -> None:
    questions = [question for topic in facts.topics.values() for question in topic.questions()]
    assert sorted(facts.pools[pool].facts) == sorted(questions)
    assert sorted(questions) == sorted([*silent(pool), *(row[1] for row in FACTS if row[0] == pool)])


@pytest.mark.parametrize(("pool", "question", "state", "text", "quotes"), FACTS, ids=[f"{r[0]}-{r[1]}" for r in FACTS])
def test_a_fact_is_what_the_page_says(
    facts: Facts, pool: str, question: str, state: str, text: str, quotes: str
) -> None:
    fact = facts.pools[pool].fact(question)
    assert fact.state == state
    assert bool(fact.text) == bool(text)
    assert [part for part in text.split("|") if part not in (fact.text or "")] == []
    said = "\n".join(source.quote for source in fact.sources)
    assert bool(said) == bool(quotes)
    assert [part for part in quotes.split("|") if part not in said] == []


@pytest.mark.parametrize(("pool", "question"), [(pool, question) for pool in (B, H) for question in silent(pool)])
def test_where_a_page_is_silent_nothing_is_claimed(facts: Facts, pool: str, question: str) -> None:
    fact = facts.pools[pool].fact(question)
    assert (fact.state, fact.text, fact.sources, fact.rounds) == ("not_stated", None, (), ())
    assert set(fact.also) <= {"deadline"}


def test_the_one_deadline_is_a_day_without_a_time(facts: Facts) -> None:
    (entry,) = facts.pools[H].fact("deadline").rounds
    assert (entry.day, entry.at, entry.name, entry.extended_from) == (date(2017, 8, 25), None, None, None)


def test_the_pages_carry_their_dates(facts: Facts) -> None:
    assert [pool.page.updated for pool in facts.pools.values()] == [date(2017, 5, 2), date(2017, 8, 23)]
    assert [pool.published for pool in facts.pools.values()] == ["2017-04", None]


def test_who_may_apply_and_who_may_be_asked(facts: Facts) -> None:
    assert [(one.kind, bool(one.condition)) for one in facts.pools[B].fact("eligibility").who] == [("kommune", True)]
    assert [(one.kind, bool(one.condition)) for one in facts.pools[H].fact("eligibility").who] == [("kommune", False)]
    asked = {pool.id: {kind: contact.fact for kind, contact in pool.contacts.items()} for pool in facts.pools.values()}
    assert asked[B] == {"subject": "centre.contact", "admin": "centre.contact"}
    assert asked[H] == {"subject": "contact", "admin": "admin_contact"}


@pytest.mark.parametrize(("pool", "other"), [(B, H), (H, B)])
def test_no_fact_names_what_belongs_to_the_other_pool(facts: Facts, pool: str, other: str) -> None:
    assert re.search(ONLY[pool], words_of(facts.pools[pool]))
    assert re.findall(ONLY[other], words_of(facts.pools[pool])) == []
    pages = {name: facts.pages[name].lower() for name in (pool, other)}
    assert [hint for hint in facts.pools[other].hints if hint.lower() in pages[pool]] == []


def test_pools_stand_in_order_of_their_pages_dates_unless_told_otherwise(facts: Facts, data_dir: Path) -> None:
    assert list(facts.pools) == [B, H]
    file = data_dir / "pools" / f"{H}.yml"
    file.write_text(f"order: 1\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    assert list(invent(data_dir, "skolehaver", [], {}).pools) == [H, B, "skolehaver"]


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_within_a_moment_the_disk_is_looked_at_once(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOMENT", 3600)
    before = facts.marks(data_dir)
    (data_dir / "new.yml").touch()
    assert facts.marks(data_dir) is before
    monkeypatch.setattr(facts, "MOMENT", -1)
    assert len(facts.marks(data_dir)) == len(before) + 1


def test_a_file_changed_on_disk_is_noticed(data_dir: Path) -> None:
    loader = Loader(data_dir)
    before = loader.facts()
    assert loader.facts() is before
    change(data_dir / "pools" / f"{H}.yml", "Puljen kan søges af kommuner.\n      who", "Kommuner kan søge.\n      who")
    assert loader.facts().pools[H].fact("eligibility").text == "Kommuner kan søge."
    invent(data_dir, "skolehaver", [], {})
    assert "skolehaver" in loader.facts().pools
    (data_dir / "pools" / "skolehaver.yml").unlink()
    assert list(loader.facts().pools) == [B, H]


BROKEN = {
    "not YAML": ("pools/udsatte-boligomraader.yml", b"name: ["),
    "empty pool": ("pools/udsatte-boligomraader.yml", b""),
    "pool not UTF-8": ("pools/udsatte-boligomraader.yml", b"name: bolig\xf8"),
    "page not UTF-8": ("pages/udsatte-boligomraader.txt", b"Puljen\xf8"),
    "empty page": ("pages/udsatte-boligomraader.txt", b""),
    "no such day": ("pools/udsatte-boligomraader.yml", b"updated: 2017-02-31"),
    "empty topics": ("topics.yml", b""),
    "a contact without «who»": ("contacts.yml", b"kommunale-handlingsplaner: {subject: {fact: contact}}"),
    "no municipalities": ("municipalities.yml", b"regions: []"),
    "a kind without words": ("applicants.yml", b"kommune: {plural: kommuner, definite: kommunen}"),
}


@pytest.mark.parametrize(("name", "content"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_file_keeps_the_last_good_version(data_dir: Path, name: str, content: bytes) -> None:
    loader = Loader(data_dir)
    good = loader.facts()
    (data_dir / name).write_bytes(content)
    assert loader.facts() is good
    assert loader.error
    assert Path(name).stem in loader.error
    (data_dir / name).write_bytes((ROOT / "data" / name).read_bytes())
    assert loader.facts().pools.keys() == good.pools.keys()
    assert loader.error is None


def test_without_any_good_version_there_are_no_facts(data_dir: Path) -> None:
    (data_dir / "pools" / f"{B}.yml").write_text("name: [", encoding="utf-8")
    loader = Loader(data_dir)
    for _ in range(2):
        with pytest.raises(FactsError, match=rf"{B}.yml:\d+"):
            loader.facts()


def test_a_pool_may_have_nobody_to_ask(data_dir: Path) -> None:
    (data_dir / "contacts.yml").write_text("# Nobody yet.\n", encoding="utf-8")
    assert {pool: dict(known.contacts) for pool, known in Loader(data_dir).facts().pools.items()} == {B: {}, H: {}}
