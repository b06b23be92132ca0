"""An answer is the fact, what follows from it at the moment, its proof, and whom to ask when the page is silent."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from puljeguiden.answers import Answer, Asked, answer
from puljeguiden.danish import squeeze
from puljeguiden.facts import Facts
from puljeguiden.mentions import ApplicantMention
from puljeguiden.say import say
from tests.conftest import NOW
from tests.invented import invent

B, H = "udsatte-boligomraader", "kommunale-handlingsplaner"
BEFORE, ON_THE_DAY, AFTER = datetime(2017, 8, 1), datetime(2017, 8, 25, 20, 0), datetime(2017, 8, 26)
PAGE = ["Puljen er for foreninger.", "Fristen er den 1. maj 2026 kl. 12.00.", "Der er 40 kr. til hver."]
ROUND = {"rounds": [{"date": date(2026, 5, 1), "time": "12:00"}]}
OPEN, LATE = datetime(2026, 5, 1, 11, 59), datetime(2026, 5, 1, 12, 1)


def ask(facts: Facts, pool: str, question: str, moment: datetime = NOW, *applicants: ApplicantMention) -> Answer:
    return answer(facts, facts.pools[pool], Asked(question, applicants), moment)


def names(answered: Answer) -> list[str]:
    return [one.response.removeprefix("utter_") for one in answered.says]


def a(kind: str, name: str | None = None) -> ApplicantMention:
    return ApplicantMention(0, 1, kind, name)


def questions(facts: Facts) -> list[str]:
    return [*facts.pools[B].facts, "status"]


@pytest.mark.parametrize("pool", [B, H])
def test_every_answer_is_stated_with_proof_or_says_that_it_is_not(facts: Facts, pool: str) -> None:
    page = squeeze(facts.pages[pool])
    for question in questions(facts):
        found = ask(facts, pool, question)
        fact = facts.pools[pool].facts.get(question)
        stated = fact.state == "stated" if fact else pool == H
        assert (found.pool, found.topic, found.question) == (pool, question.partition(".")[0], question)
        assert found.status == ("stated" if stated else "not_stated"), question
        assert found.says, question
        assert found.sources or not stated, question
        assert [one.quote for one in (*found.sources, *found.note_sources) if one.quote not in page] == []


@pytest.mark.parametrize(
    ("pool", "question", "said", "quotes"),
    [
        (B, "amount", ["fact"], ["1 mio. kr."]),
        (B, "amount.recipients", ["fact"], ["1 mio. kr."]),
        (B, "deadline", ["not_stated_deadline"], []),
        (B, "contact.address", ["not_stated_contact_address"], []),
        (B, "status", ["status_unknown"], []),
        (H, "amount", ["fact", "fact", "fact"], ["støtte af Deloitte", "25 kommuner", "25 kommuner"]),
        (H, "deadline", ["deadline_passed"], ["25. august 2017"]),
        (H, "deadline.time", ["not_stated_deadline_time", "deadline_passed"], ["25. august 2017"]),
        (H, "deadline.late", ["not_stated_deadline_late", "deadline_passed"], ["25. august 2017"]),
        (H, "deadline.earlier", ["fact", "deadline_passed"], ["Genudmelding", "25. august 2017"]),
        (H, "joint_application.again", ["fact", "deadline_passed"], ["Genudmelding", "25. august 2017"]),
        (H, "updated.current", ["fact", "deadline_passed"], ["23/08", "25. august 2017"]),
        (B, "updated.no_deadline", ["fact"], ["02/05"]),
        (B, "criteria.outcome", ["fact"], ["1 mio. kr."]),
        (H, "status", ["status_closed"], ["25. august 2017"]),
        (H, "contact.address", ["fact"], ["Ayse Göksu på eller"]),
        (H, "overview", ["fact", "deadline_passed"], ["støttes", "25 kommuner", "Deloitte", "kommuner.", "25. august"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_said_and_what_it_rests_on(
    facts: Facts, pool: str, question: str, said: list[str], quotes: list[str]
) -> None:
    found = ask(facts, pool, question)
    assert names(found) == said
    assert len(found.sources) == len(quotes)
    assert all(part in source.quote for part, source in zip(quotes, found.sources, strict=True))


def test_where_a_short_sentence_follows_another_it_is_used(facts: Facts) -> None:
    fact = facts.pools[H].fact("amount.payout")
    texts = [one.values["text"] for one in ask(facts, H, "amount").says]
    assert fact.short in texts
    assert fact.text not in texts
    assert [one.values["text"] for one in ask(facts, H, "amount.payout").says] == [fact.text]


INVITING = ["eligibility", "amount.recipients", "form", "form.guidance", "form.filling", "submission", "subject_line"]


@pytest.mark.parametrize("question", INVITING)
def test_who_is_invited_to_apply_hears_that_the_deadline_has_passed(facts: Facts, question: str) -> None:
    assert ask(facts, H, question, BEFORE).notes == ask(facts, H, question, ON_THE_DAY).notes == ()
    found = ask(facts, H, question, AFTER)
    assert found.notes == (say("note_passed", date="25. august 2017"),)
    assert [source.quote for source in found.note_sources] == ["Ansøgningsfristen er den 25. august 2017"]
    assert found.as_dict("1")["sources"][-1]["quote"] == "Ansøgningsfristen er den 25. august 2017"


@pytest.mark.parametrize("question", ["purpose", "support", "partner", "deadline", "contact", "centre", "newsletter"])
def test_who_is_not_invited_to_apply_hears_nothing_of_it(facts: Facts, question: str) -> None:
    found = ask(facts, H, question, AFTER)
    assert (found.notes, found.note_sources) == ((), ())


@pytest.mark.parametrize("question", ["eligibility", "amount", "deadline", "deadline.time", "status"])
def test_without_a_deadline_the_page_is_said_to_be_of_its_date(facts: Facts, question: str) -> None:
    found = ask(facts, B, question)
    assert found.notes == (say("note_undated", published="april 2017", updated="2. maj 2017"),)
    assert [source.quote for source in found.note_sources] == [
        "Sidst opdateret 02/05 2017",
        "Forside » Nyheder » 2017 » 2017-04 » Pulje til udvikling",
    ]


CENTRE, OFFICE, PEOPLE = "Nationalt Center", "Økonomi, Kontrol og Tilskud", "Ayse Göksu"
WHOM = {
    (B, "deadline contact admin_contact.address amount.per_applicant status overview.more"): CENTRE,
    (H, "amount budget complaint deadline.time"): OFFICE,
    (H, "target_group criteria overview.more centre.contact"): PEOPLE,
    (B, "amount purpose centre.contact"): "",
    # The page answers, or it is the very contact that is missing:
    (H, "purpose status deadline contact.address admin_contact.address"): "",
}


@pytest.mark.parametrize(
    ("pool", "question", "who"),
    [(pool, question, who) for (pool, several), who in WHOM.items() for question in several.split()],
)
def test_whom_to_ask_when_the_page_is_silent(facts: Facts, pool: str, question: str, who: str) -> None:
    assert ask(facts, pool, question).ask.startswith(who)
    assert bool(ask(facts, pool, question).ask) == bool(who)


def test_only_a_page_without_a_word_on_it_is_silent(facts: Facts) -> None:
    silent = {question for question in questions(facts) if ask(facts, H, question).silent}
    assert {"budget", "criteria", "complaint"} <= silent
    assert not silent & {"amount", "target_group", "deadline", "deadline.time", "contact.address", "status"}


GLADSAXE, IF = a("kommune", "Gladsaxe Kommune"), "har socialt belastede boligområder"
ONLY, ONLY_IF = (
    say("eligible_no", who="kommuner"),
    say("eligible_no", who="kommuner med socialt belastede boligområder"),
)
VERDICTS = {
    "kommuner": (H, [a("kommune")], [say("eligible_yes", applicant="kommuner")]),
    "a kommune by name": (H, [GLADSAXE], [say("eligible_yes", applicant="Gladsaxe Kommune")]),
    "if": (B, [a("kommune")], [say("eligible_if", applicant="kommunen", condition=IF)]),
    "if, by name": (B, [GLADSAXE], [say("eligible_if", applicant="Gladsaxe Kommune", condition=IF)]),
    "forening": (H, [a("forening")], [ONLY]),
    "boligorganisation": (B, [a("boligorganisation")], [ONLY_IF]),
    "two, said once": (H, [a("forening"), a("skole")], [ONLY]),
    "no and yes, each with whom": (
        H,
        [a("forening"), GLADSAXE, a("skole")],
        [
            say("eligible_no_for", applicants="foreninger eller skoler", who="kommuner"),
            say("eligible_yes", applicant="Gladsaxe Kommune"),
        ],
    ),
    "the no names kommuner already": (
        H,
        [a("forening"), a("kommune")],
        [say("eligible_no_for", applicants="foreninger", who="kommuner")],
    ),
}


@pytest.mark.parametrize(("pool", "applicants", "said"), VERDICTS.values(), ids=list(VERDICTS))
def test_who_may_apply(facts: Facts, pool: str, applicants: list[ApplicantMention], said: list) -> None:
    found = ask(facts, pool, "eligibility", NOW, *applicants)
    assert list(found.says) == said
    assert found.status == "stated"
    assert found.sources == facts.pools[pool].fact("eligibility").sources


def test_the_applicant_changes_no_other_answer(facts: Facts) -> None:
    assert ask(facts, H, "submission", NOW, a("forening")) == ask(facts, H, "submission")


TEXT = {"text": "Puljen er for foreninger."}
CLUBS, NO_TOWNS = {"kind": "forening", "as": "foreninger"}, [{"kind": "kommune", "as": "kommuner"}]
INVENTED = {
    "excluded": ({"who": [CLUBS], "excluded": NO_TOWNS}, "kommune", say("eligible_excluded", excluded="kommuner")),
    "neither": ({"who": [CLUBS], "excluded": NO_TOWNS}, "skole", say("eligible_no", who="foreninger")),
    "allowed": ({"who": [CLUBS], "excluded": NO_TOWNS}, "forening", say("eligible_yes", applicant="foreninger")),
    "the page names no kind": ({}, "kommune", say("fact", **TEXT)),
    "the page only excludes others": ({"excluded": NO_TOWNS}, "forening", say("fact", **TEXT)),
}


@pytest.mark.parametrize(("given", "kind", "said"), INVENTED.values(), ids=list(INVENTED))
def test_who_may_apply_to_an_invented_pool(data_dir: Path, given: dict, kind: str, said: Any) -> None:
    known = invent(data_dir, "skolehaver", PAGE, {"eligibility": {**TEXT, **given}})
    assert list(ask(known, "skolehaver", "eligibility", OPEN, a(kind)).says) == [said]


def test_an_invented_pool_is_open_until_its_minute(data_dir: Path) -> None:
    known = invent(data_dir, "skolehaver", PAGE, {"deadline": ROUND, "amount": {"text": "Der er 40 kr. til hver."}})
    early, late = (ask(known, "skolehaver", "status", moment) for moment in (OPEN, LATE))
    assert [names(early), names(late)] == [["status_open", "deadline_today_time"], ["status_closed"]]
    assert [ask(known, "skolehaver", "amount", moment).notes for moment in (OPEN, LATE)] == [
        (),
        (say("note_passed", date="1. maj 2026 kl. 12.00"),),
    ]
    assert ask(known, "skolehaver", "budget").ask == ""


def test_after_several_rounds_the_last_one_is_named(data_dir: Path) -> None:
    page = ["Fristerne er den 1. maj 2026 og den 1. april 2026."]
    rounds = {"rounds": [{"date": date(2026, 5, 1)}, {"date": date(2026, 4, 1)}]}
    known = invent(data_dir, "skolehaver", page, {"deadline": rounds, "submission": {"text": "Send den."}})
    assert ask(known, "skolehaver", "submission", datetime(2026, 4, 15)).notes == ()
    assert ask(known, "skolehaver", "submission", LATE).notes == ()
    assert ask(known, "skolehaver", "submission", NOW).notes == (say("note_passed", date="1. maj 2026"),)


def test_a_deadline_without_a_year_is_never_said_to_have_passed(data_dir: Path) -> None:
    rounds = {"rounds": [{"day": 1, "month": 5}]}
    known = invent(data_dir, "skolehaver", PAGE, {"deadline": rounds, "submission": {"text": "Send den."}})
    assert ask(known, "skolehaver", "submission").notes == ()
    assert names(ask(known, "skolehaver", "status")) == ["deadline_no_year"]


def test_a_page_that_only_tells_its_update_is_of_that_date(data_dir: Path) -> None:
    known = invent(data_dir, "skolehaver", PAGE, {"submission": {"text": "Send den."}})
    found = ask(known, "skolehaver", "submission")
    assert found.notes == (say("note_undated_updated", updated="5. marts 2026"),)
    assert [source.quote for source in found.note_sources] == ["Sidst opdateret 05/03 2026"]


def test_an_unknown_question_is_an_error(facts: Facts) -> None:
    with pytest.raises(KeyError):
        ask(facts, B, "parking")


@pytest.mark.parametrize("pool", [B, H])
def test_each_source_is_told_once(facts: Facts, pool: str) -> None:
    for question in questions(facts):
        given = ask(facts, pool, question).as_dict("7")
        assert (given["id"], given["pool"], given["topic"]) == ("7", pool, question.partition(".")[0])
        quotes = [source["quote"] for source in given["sources"]]
        assert len(quotes) == len(set(quotes))
