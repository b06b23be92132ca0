"""Every single mistake in data/ is told with its file, line and field; data/ itself has none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from puljeguiden import proofs
from puljeguiden.facts import FactsError, load
from tests.conftest import ROOT
from tests.invented import invent

B, H = "pools/udsatte-boligomraader.yml", "pools/kommunale-handlingsplaner.yml"
C, T = "contacts.yml", "topics.yml"
CENTRE = "      quotes:\n        - Læs mere på stopekstremisme.dk (nyt vindue)\n"
REPORTING = "  reporting:\n    main: not_stated\n    evaluation: not_stated\n"

# What is wrong: file, the change (first place only), the field to be named, what the line to be named holds.
MISTAKES = {
    "changed quote": (B, "- Læs mere på stop", "- Se mere på stop", "facts.centre.contact.quotes.0", "- Se mere"),
    "title not on page": (B, "title: Pulje", "title: Puljer", "page.title", "title: Puljer"),
    "wrong updated date": (B, "updated: 2017-05-02", "updated: 2017-05-03", "page.updated", "updated: 2017-05-03"),
    "day and month swapped": (B, "updated: 2017-05-02", "updated: 2017-02-05", "page.updated", "updated: 2017-02-05"),
    "no such day": (B, "updated: 2017-05-02", "updated: 2017-02-31", "", ""),
    "wrong month of publication": (B, "published: 2017-04", "published: 2017-03", "page.published", "2017-03"),
    "updated quote not on page": (B, "updated_quote: Sidst", "updated_quote: Senest", "page.updated_quote", "Senest"),
    "published without its quote": (B, "  published_quote: F", "# F", "page", "page:"),
    "address of the page": (B, "url: null", "url: www.uim.dk", "page.url", "url: www.uim.dk"),
    "unknown field of the page": (B, "url: null", "url: null\n  adresse: her", "page", "page:"),
    "changed date": (H, "date: 2017-08-25", "date: 2017-08-26", "facts.deadline.rounds.rounds.0.date", "08-26"),
    "changed month": (H, "date: 2017-08-25", "date: 2017-09-25", "facts.deadline.rounds.rounds.0.date", "09-25"),
    "time not on page": (H, "08-25}", '08-25, time: "12:00"}', "facts.deadline.rounds.rounds.0.time", "12:00"),
    "changed sum": (B, "amount_dkk: 1000000", "amount_dkk: 2000000", "facts.amount.total.values.amount_dkk", "2000000"),
    "sum without its millions": (B, "dkk: 1000000", "dkk: 1", "facts.amount.total.values.amount_dkk", "dkk: 1}"),
    "wrong e-mail in values": (H, "[pulje@", "[puljen@", "facts.form.how.values.emails", "puljen@"),
    "wrong e-mail in text": (
        H,
        "text: Skemaerne u",
        "text: Til x@siri.dk u",
        "facts.submission.main.text",
        "x@siri.dk",
    ),
    "wrong site in text": (B, "på stopekstremisme.dk.", "på start.dk.", "facts.centre.contact.text", "text:"),
    "part of a site in text": (B, "på stopekstremisme.dk.", "på ekstremisme.dk.", "facts.centre.contact.text", "text:"),
    "part of an e-mail": (H, "[pulje@siri.dk]", "[pulje@siri.d]", "facts.form.how.values.emails", "siri.d]"),
    "wrong number in text": (H, "at op til 25", "at op til 35", "facts.amount.recipients.text", "35"),
    "wrong number in short": (H, "short: Støtten", "short: De 40", "facts.amount.payout.short", "short: De 40"),
    "wrong month in text": (B, "den 2. maj 2017", "den 2. juni 2017", "facts.updated.main.text", "juni"),
    "wrong number in a condition": (B, ": har soc", ": har 3 soc", "facts.eligibility.main.who.0.condition", "har 3"),
    "unknown kind": (B, "kind: kommune", "kind: kommuner", "facts.eligibility.main.who.0.kind", "kind: kommuner"),
    "missing aspect": (B, "    both_pools: not_stated\n", "", "facts.joint_application", "joint_application:"),
    "one answer to two questions": (B, REPORTING, "  reporting: not_stated\n", "facts.reporting", "reporting"),
    "missing topic": (B, "  period: not_stated\n", "", "facts", "facts:"),
    "unknown topic": (B, "  budget:", "  parking: not_stated\n  budget:", "facts.parking", "parking:"),
    "unknown aspect": (B, "    opening:", "    end: not_stated\n    opening:", "facts.deadline.end", "end:"),
    "stated without quotes": (B, CENTRE, "", "facts.centre.contact", "contact:"),
    "stated without text": (H, "      text: Puljen kan søges af kommuner.\n", "", "facts.eligibility.main", "main:"),
    "unknown state": (B, "state: in_document", "state: in_dokument", "facts.overview", ""),
    "YAML slip": (B, "text: Der er", "text: Husk: Der er", "(file)", "Husk:"),
    "key given twice": (B, "  period:", "  period: not_stated\n  period:", "(file)", "period:"),
    "also an unknown topic": (B, "also: [deadline]", "also: [frist]", "facts.overview.main.also.0", "[frist]"),
    "also an unknown aspect": (B, "[deadline]", "[deadline.end]", "facts.overview.main.also.0", "deadline.end"),
    "also a first aspect": (B, "[deadline]", "[deadline.rounds]", "facts.overview.main.also.0", "[deadline.rounds]"),
    "also what has no fact": (B, "also: [deadline]", "also: [status]", "facts.overview.main.also.0", "[status]"),
    "contact for unknown pool": (C, "udsatte-b", "udsat-b", "udsat-boligomraader", "udsat-"),
    "contact fact without quote": (C, ": admin_", ": budget #", "kommunale-handlingsplaner.admin.fact", "budget"),
    "contact fact of no topic": (C, ": contact", ": kontakt", "kommunale-handlingsplaner.subject.fact", "kontakt"),
    "contact by first aspect": (C, ": contact", ": contact.names", "kommunale-handlingsplaner.subject.fact", "names"),
    "contact of unknown sort": (C, "  admin:", "  press:", "kommunale-handlingsplaner.press", "press:"),
    "contact without who": (C, "    who: Ayse", "    # Ayse", "kommunale-handlingsplaner.subject", "subject:"),
    "contact with wrong site": (C, "(stop", "(start", "udsatte-boligomraader.subject.who", "(start"),
    "topic that nobody answers for": (T, "ask: subject", "ask: minister", "purpose.ask", "minister"),
    "topic without label": (T, "{label: Formål, ", "{", "purpose", "purpose:"),
    "topic that is only a word": (T, "{label: Klage, ask: admin, aspects: [main]}", "Klage", "complaint", "Klage"),
}


def told(data_dir: Path) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.field) for problem in proofs.problems(data_dir)]


def test_data_is_proven() -> None:
    assert proofs.problems(ROOT / "data") == []


@pytest.mark.parametrize(("name", "old", "new", "field", "line"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_told(data_dir: Path, name: str, old: str, new: str, field: str, line: str) -> None:
    file = data_dir / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    lines = file.read_text(encoding="utf-8").splitlines()
    found = [one for one in proofs.problems(data_dir) if one.file == file.name and one.field.startswith(field)]
    assert found, told(data_dir)
    assert any(line in lines[one.line - 1] for one in found), found
    assert all(str(one).startswith(f"{one.file}:{one.line}: {one.field}: ") and one.message for one in found)


@pytest.mark.parametrize("name", [B, "topics.yml", "contacts.yml", "pages/udsatte-boligomraader.txt"])
def test_text_that_is_not_utf8_is_told(data_dir: Path, name: str) -> None:
    file = data_dir / name
    file.write_bytes(file.read_text(encoding="utf-8").encode("latin-1", "replace"))
    assert (file.name, 1, "(file)") in told(data_dir)


@pytest.mark.parametrize(
    "name", ["topics.yml", "contacts.yml", "applicants.yml", "municipalities.yml", "help_lines.yml"]
)
def test_a_missing_file_is_told(data_dir: Path, name: str) -> None:
    (data_dir / name).unlink()
    assert told(data_dir) == [(name, 1, "(file)")]


def test_a_missing_page_is_told(data_dir: Path) -> None:
    (data_dir / "pages" / "udsatte-boligomraader.txt").unlink()
    assert told(data_dir) == [("udsatte-boligomraader.yml", 1, "(file)")]


def test_no_pool_at_all_is_told(data_dir: Path) -> None:
    for file in (data_dir / "pools").glob("*.yml"):
        file.unlink()
    assert ("pools", 1, "(folder)") in told(data_dir)


def test_facts_with_a_problem_are_not_loaded(data_dir: Path) -> None:
    (data_dir / H).write_text("name: x", encoding="utf-8")
    with pytest.raises(FactsError, match=r"kommunale-handlingsplaner.yml:\d+: "):
        load(data_dir)


def test_a_date_written_as_text_is_refused_or_read_as_the_date_it_is(data_dir: Path) -> None:
    text = (data_dir / B).read_text(encoding="utf-8")
    (data_dir / B).write_text(text.replace("updated: 2017-05-02", 'updated: "2017-05-02"', 1), encoding="utf-8")
    if not told(data_dir):
        assert load(data_dir).pools["udsatte-boligomraader"].page.updated == date(2017, 5, 2)


PAGE = "Der er 500.000 kr. i puljen. Fristen er den 1. maj 2026 kl. 12.00, forlænget fra den 15. april 2026."
ROUND = {"date": date(2026, 5, 1), "time": "12:00", "extended_from": date(2026, 4, 15)}


@pytest.mark.parametrize(
    "answer",
    [
        {"amount": {"text": "Der er 500.000 kr. i puljen.", "values": {"amount_dkk": 500000}}},
        {"deadline": {"rounds": [ROUND]}},
        {"deadline": {"rounds": [{"day": 1, "month": 5, "time": "12:00"}]}},
    ],
    ids=["sum", "round", "round without a year"],
)
def test_what_the_page_says_is_accepted(data_dir: Path, answer: dict) -> None:
    assert "skolehaver" in invent(data_dir, "skolehaver", [PAGE], answer).pools


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"amount": {"text": "Der er 500 kr. i puljen."}}, "amount.total.text"),
        ({"amount": {"text": "Der er 600.000 kr. i puljen."}}, "amount.total.text"),
        ({"amount": {"text": "Som det står.", "values": {"amount_dkk": 500}}}, "amount.total.values.amount_dkk"),
        ({"deadline": {"rounds": [ROUND, {**ROUND, "time": "13:00"}]}}, "deadline.rounds.rounds.1.time"),
        (
            {"deadline": {"rounds": [{**ROUND, "extended_from": date(2026, 4, 16)}]}},
            "deadline.rounds.rounds.0.extended_from",
        ),
        ({"deadline": {"rounds": [{"day": 2, "month": 5}]}}, "deadline.rounds.rounds.0.date"),
    ],
    ids=["part of a sum in text", "sum in text", "part of a sum", "time", "first deadline", "day without a year"],
)
def test_what_the_page_does_not_say_is_refused(data_dir: Path, answer: dict, field: str) -> None:
    with pytest.raises(FactsError, match=rf"skolehaver.yml:\d+: facts.{field}: "):
        invent(data_dir, "skolehaver", [PAGE], answer)
