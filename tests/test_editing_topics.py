"""A new topic, a new pool and changed answers are written in one step to every file that has to know of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from puljeguiden import facts
from puljeguiden.editing import Refused, files, pools, proposals, texts, topics
from tests.conftest import ROOT
from tests.house import PARKING, B, H, build, changed, codes, content

PAGES = ROOT / "tests" / "pools" / "pages"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what trainers edit."""
    return build(tmp_path)


def test_a_new_topic_stands_everywhere_and_is_gone_without_a_trace(root: Path) -> None:
    before = content(root)
    written = topics.add(root, PARKING)
    after = content(root)
    assert changed(before, after) == set(written) == {
        "data/topics.yml", "data/nlu/parking.yml", "data/rules/answer.yml", f"data/pools/{B}.yml", f"data/pools/{H}.yml",
        "rasa_project/domain/intents.yml", "rasa_project/domain/responses/not_stated.yml", "docs/contract.md",
    }  # fmt: skip
    assert files.check(root) == []
    known = facts.load(root / "data")
    assert known.topics["parking"].label == "Parkering"
    assert [known.pools[pool].fact("parking").state for pool in (B, H)] == ["not_stated", "stated"]
    gone = [line for name in before for line in before[name].splitlines() if line not in after[name].splitlines()]
    assert all("passage" in line for line in gone)  # the contract's one line of topics
    topics.remove(root, "parking")
    assert content(root) == before


def test_a_new_intent_stands_among_the_pools_questions(root: Path) -> None:
    topics.add(root, {**PARKING, "name": "visits"})
    lines = (root / "rasa_project" / "domain" / "intents.yml").read_text(encoding="utf-8").splitlines()
    assert lines.index("  - visits") == lines.index("  - updated") - 1


MISSING = {
    "name": ("Parking!", "topic_name"),
    "label": ("", "empty"),
    "ask": ("nobody", "one_of"),
    "acts": ("maybe", "one_of"),
    "examples": (["er der parkering"] * 9, "too_few_examples"),
    "not_stated": ("Det står der ikke.", "page_placeholder"),
}


@pytest.mark.parametrize("field", MISSING)
def test_what_a_new_topic_lacks_is_told_at_its_field(root: Path, field: str) -> None:
    value, code = MISSING[field]
    assert [(one.field, one.code) for one in topics.missing(root, {**PARKING, field: value})] == [(field, code)]
    without = {key: entry for key, entry in PARKING.items() if key != field}
    assert [one.field for one in topics.missing(root, without)] == ([] if field == "acts" else [field])


def test_every_pool_needs_an_answer_to_a_new_topic(root: Path) -> None:
    assert [one.field for one in topics.missing(root, {**PARKING, "answers": {B: "not_stated"}})] == [f"answers.{H}"]


def test_a_topic_whose_quote_is_not_on_the_page_is_not_written(root: Path) -> None:
    before = content(root)
    wrong = {"state": "stated", "text": "Der er plads.", "quotes": ["Der er parkering."]}
    with pytest.raises(Refused) as refused:
        topics.add(root, {**PARKING, "answers": {B: "not_stated", H: wrong}})
    (problem,) = refused.value.problems
    assert (problem.file, problem.code, problem.values) == (
        f"{H}.yml",
        "quote_not_on_page",
        {"quote": "Der er parkering."},
    )
    assert content(root) == before


@pytest.mark.parametrize(
    ("name", "code"), [("deadline", "in_code"), ("parking", "no_such_topic"), ("centre", "in_code")]
)
def test_a_topic_that_is_needed_or_unknown_is_not_removed(root: Path, name: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        topics.remove(root, name)
    assert codes(refused.value) == [("name", code)]


def test_an_answer_changes_in_its_place(root: Path) -> None:
    before = content(root)
    answer = pools.answers(root, H)["amount.payout"]
    pools.set_answer(root, H, "amount.payout", {**answer, "short": "Støtten er hjælp fra Deloitte."})
    after = content(root)
    assert changed(before, after) == {f"data/pools/{H}.yml"}
    old, new = (text[f"data/pools/{H}.yml"].splitlines() for text in (before, after))
    assert [line.strip() for line in new if line not in old] == ["short: Støtten er hjælp fra Deloitte."]
    assert len(new) == len(old)


@pytest.mark.parametrize("pool", [B, H])
def test_saving_an_answer_as_it_is_changes_nothing(root: Path, pool: str) -> None:
    before = content(root)
    with files.changing(root) as change:
        for question, answer in pools.answers(root, pool).items():
            pools.put_answer(change, pool, question, answer)
        assert change.staged() == {}
    assert content(root) == before


def test_a_silent_answer_becomes_stated_and_silent_again(root: Path) -> None:
    before = content(root)
    stated = {
        "state": "stated",
        "rounds": [{"date": "2017-08-25"}],
        "quotes": ["Ansøgningsfristen er den 25. august 2017"],
    }
    text = {"state": "stated", "text": "Puljen kan søges af kommuner.", "quotes": ["Puljen kan søges af kommuner."]}
    pools.set_answer(root, H, "deadline", stated)
    pools.set_answer(root, H, "budget", text)
    known = facts.load(root / "data").pools[H]
    assert known.fact("deadline").rounds[0].day == date(2017, 8, 25)
    assert known.fact("budget").text == text["text"]
    pools.set_answer(root, H, "budget", "not_stated")
    assert content(root) == before


WRONG: dict[str, tuple[Any, str]] = {
    "quote": ({"state": "stated", "text": "Puljen er åben.", "quotes": ["Puljen er åben."]}, "quote_not_on_page"),
    "number": ({"state": "stated", "text": "Der er 30.", "quotes": ["Puljen kan søges af kommuner."]}, "value_not_in_quote"),
    "no quote": ({"state": "stated", "text": "Puljen er åben."}, "no_quote"),
    "no text": ({"state": "stated", "quotes": ["Puljen kan søges af kommuner."]}, "no_text"),
    "shape": (["not_stated"], "answer_shape"),
    "state": ("maybe", "other"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_an_answer_that_the_page_does_not_prove_is_refused(root: Path, name: str) -> None:
    before = content(root)
    answer, code = WRONG[name]
    with pytest.raises(Refused) as refused:
        pools.set_answer(root, H, "budget", answer)
    assert code in {problem.code for problem in refused.value.problems}
    assert content(root) == before


def test_a_new_pool_is_silent_until_somebody_reads_its_page(root: Path) -> None:
    text = (PAGES / "lokale-ildsjaele.txt").read_text(encoding="utf-8")
    before = content(root)
    pool = {"id": "lokale-ildsjaele", "name": "lokale ildsjæle", "names": ["lokale ildsjæle", "ildsjæle"], "text": text}
    written = pools.add(root, {**pool, "url": "https://example.org/pulje"})
    assert changed(before, content(root)) == set(written)
    assert len(written) == 2
    known = facts.load(root / "data").pools["lokale-ildsjaele"]
    assert {fact.state for fact in known.facts.values()} == {"not_stated"}
    assert (known.page.title, known.page.updated) == ("Lokale ildsjæle 2027", date(2027, 1, 10))
    assert known.page.url == "https://example.org/pulje"


def test_accepted_proposals_are_proven_answers(root: Path) -> None:
    text = (PAGES / "lokale-ildsjaele.txt").read_text(encoding="utf-8")
    found = {question: one for one in reversed(proposals.find(text)) for question in one.questions[:1]}
    answers = {question: one.answer(question) for question, one in found.items()}
    pool = {"id": "ildsjaele", "name": "lokale ildsjæle", "names": ["ildsjæle"], "text": text, "facts": answers}
    pools.add(root, pool)
    known = facts.load(root / "data").pools["ildsjaele"]
    assert known.fact("deadline").rounds[0].day == date(2027, 3, 1)
    assert {"deadline", "deadline.time", "amount", "amount.per_applicant", "updated"} <= set(answers)


def test_what_a_new_pool_lacks_is_told(root: Path) -> None:
    assert [one.field for one in pools.missing(root, {})] == ["id", "name", "names", "text"]
    assert [one.field for one in pools.missing(root, {"id": H, "name": "x" * 3, "names": ["y"], "text": "Kort"})] == [
        "id", "title", "updated", "updated_quote",
    ]  # fmt: skip


def test_a_pools_contact_has_to_be_proven_too(root: Path) -> None:
    text = (PAGES / "ildsjaele-i-idraetten.txt").read_text(encoding="utf-8")
    pool = {"id": "idraet", "name": "ildsjæle i idrætten", "names": ["idrætten"], "text": text}
    contacts = {"subject": {"who": "Kontoret", "fact": "contact"}}
    with pytest.raises(Refused) as refused:
        pools.add(root, {**pool, "contacts": contacts})
    assert codes(refused.value) == [("idraet.subject.fact", "other")]


def test_a_pages_new_text_is_taken_over_with_its_answers(root: Path) -> None:
    text = (root / "data" / "pages" / f"{H}.txt").read_text(encoding="utf-8")
    new = text.replace("25. august 2017", "1. oktober 2017").replace("23/08 2017", "30/08 2017")
    updated = {"updated": "2017-08-30", "updated_quote": "Sidst opdateret 30/08 2017"}
    with pytest.raises(Refused) as refused:
        pools.set_page(root, H, new, {}, updated)
    assert {"facts.deadline.rounds.quotes.0", "facts.updated.main.quotes.0"} <= {
        field for field, _ in codes(refused.value)
    }
    quote = "Ansøgningsfristen er den 1. oktober 2017"
    answers = {
        "deadline": {"state": "stated", "rounds": [{"date": "2017-10-01"}], "quotes": [quote]},
    }
    for aspect in ("updated", "updated.current", "updated.no_deadline"):
        dated = {"text": "Opslaget er sidst opdateret den 30. august 2017.", "quotes": ["Sidst opdateret 30/08 2017"]}
        answers[aspect] = {"state": "stated", **dated}
    pools.set_page(root, H, new, answers, updated)
    assert facts.load(root / "data").pools[H].fact("deadline").rounds[0].day == date(2017, 10, 1)


FOUND = {
    "Ring på 33 92 10 20.": ("phone", "33 92 10 20"),
    "Der er 4,5 mio. kr. i puljen.": ("sum", 4_500_000),
    "Hver får 150.000 kr.": ("sum", 150_000),
    "Fristen er den 1. maj 2027.": ("date", "2027-05-01"),
    "Fristen er den 1. maj.": ("date", "--05-01"),
    "Senest kl. 9 om morgenen.": ("time", "09:00"),
    "Skriv til pulje@example.org.": ("email", "pulje@example.org"),
    "Mærk den § 14.69.04.20.": ("section", "§ 14.69.04.20"),
    "Læs mere på www.uim.dk.": ("site", "www.uim.dk"),
}


@pytest.mark.parametrize("text", FOUND)
def test_what_facts_are_made_of_is_found_with_its_sentence(text: str) -> None:
    (found,) = proposals.find(f"Om puljen\n\nNoget andet. {text}\n")
    assert (found.kind, found.value, found.quote) == (*FOUND[text], text)


def test_nothing_is_proposed_where_nothing_stands() -> None:
    assert proposals.find("Puljen kan søges af 98 kommuner i 2027. Kapitel 3 beskriver det.") == []


def test_a_pools_names_change_and_the_comments_around_them_stay(root: Path) -> None:
    before = content(root)[f"data/pools/{H}.yml"]
    names = list(facts.load(root / "data").pools[H].names)
    pools.set_details(root, H, {"names": [*names[1:], "planpuljen"], "url": "https://example.org/p", "order": 2})
    after = content(root)[f"data/pools/{H}.yml"]
    assert [line for line in before.splitlines() if line not in after.splitlines()] == [
        "  url: null",
        f"  - {names[0]}",
    ]
    assert [line for line in after.splitlines() if line not in before.splitlines()] == [
        "order: 2", '  url: "https://example.org/p"', "  - planpuljen",
    ]  # fmt: skip
    lines = after.splitlines()
    assert lines[lines.index("  - planpuljen") + 1].startswith("# … and words")
    known = facts.load(root / "data").pools[H]
    assert (known.names[-1], known.page.url) == ("planpuljen", "https://example.org/p")


@pytest.mark.parametrize(
    ("details", "code"),
    [({"facts": {}}, "unknown_field"), ({"title": "En anden"}, "title_not_on_page"), ({"names": []}, "other")],
)
def test_details_that_do_not_fit_are_refused(root: Path, details: dict[str, Any], code: str) -> None:
    before = content(root)
    with pytest.raises(Refused) as refused:
        pools.set_details(root, H, details)
    assert code in {problem.code for problem in refused.value.problems}
    assert content(root) == before


def test_contacts_change_where_a_fact_proves_them(root: Path) -> None:
    contacts = {"subject": {"who": "Ayse Göksu", "fact": "contact"}, "admin": {"who": "Deloitte", "fact": "partner"}}
    pools.set_contacts(root, H, contacts)
    assert facts.load(root / "data").pools[H].contacts["subject"].who == "Ayse Göksu"
    with pytest.raises(Refused):
        pools.set_contacts(root, H, {"subject": {"who": "x", "fact": "budget"}})


def test_a_topics_label_changes_in_its_line(root: Path) -> None:
    before = content(root)["data/topics.yml"]
    topics.set_details(root, "budget", {"label": "Budgettet", "ask": "subject"})
    after = content(root)["data/topics.yml"]
    assert after == before.replace("budget: {label: Budget, ask: admin", "budget: {label: Budgettet, ask: subject")
    for details in ({"label": " "}, {"ask": "nobody"}, {"acts": "x"}, {"aspects": []}):
        with pytest.raises(Refused):
            topics.set_details(root, "budget", details)
    assert content(root)["data/topics.yml"] == after


def test_a_text_changes_and_keeps_its_values(root: Path) -> None:
    name = "utter_not_stated_budget"
    before = content(root)
    texts.set_text(root, name, "Der står ikke noget om budget i {page}.")
    after = content(root)
    assert changed(before, after) == {"rasa_project/domain/responses/not_stated.yml"}
    assert texts.every(root)[name] == "Der står ikke noget om budget i {page}."
    for text in ("", "Det ved jeg ikke.", "{page} {pool}", "{page} {", "{page} {}"):
        with pytest.raises(Refused) as refused:
            texts.set_text(root, name, text)
        assert codes(refused.value)[0][0] == name
    with pytest.raises(Refused):
        texts.set_text(root, "utter_nothing", "Hej.")
    assert content(root) == after


def test_a_text_that_starts_a_line_still_does(root: Path) -> None:
    before = content(root)
    for name, text in texts.every(root).items():
        if text.startswith("\n"):
            texts.set_text(root, name, text)
            break
    assert content(root) == before
