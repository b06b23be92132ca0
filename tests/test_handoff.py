"""The form for a question to people, without Rasa: what a message makes of it, and what is asked next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from puljeguiden.facts import Facts
from puljeguiden.handoff import (
    EMPTY,
    STEPS,
    Form,
    Privacy,
    Said,
    ask,
    introduce,
    mail,
    open_form,
    reading,
    requesting,
    sent,
    take,
)
from puljeguiden.masking import MASK

B, H = "udsatte-boligomraader", "kommunale-handlingsplaner"
WHOLE = Form(H, "subject", "0" * 32, "confirm", "Må vi?", "Mette Hansen", "Vejle Kommune", "mette@vejle.dk")
AT = {
    "question": Form(H, key="0" * 32),
    "name": replace(WHOLE, ask="name", name=None, organisation=None, email=None),
    "organisation": replace(WHOLE, ask="organisation", organisation=None, email=None),
    "email": replace(WHOLE, ask="email", email=None),
    "confirm": WHOLE,
}


def said_names(step: Any) -> list[str]:
    return [one.response for one in step.says]


@pytest.mark.parametrize(
    ("at", "text", "changes", "asks"),
    [
        ("question", "Må vi holde en konference?", {"question": "Må vi holde en konference?"}, "name"),
        ("question", "hvornår er fristen", {"question": "hvornår er fristen"}, "name"),
        (
            "question",
            "Må vi det? Mvh Bo Juul, bo@juul.dk",
            {"question": "Må vi det?", "name": "Bo Juul", "email": "bo@juul.dk"},
            "organisation",
        ),
        ("name", "Bo", {"name": "Bo"}, "organisation"),
        ("name", "bo nielsen", {"name": "Bo Nielsen"}, "organisation"),
        ("name", "jeg hedder Bo Nielsen", {"name": "Bo Nielsen"}, "organisation"),
        ("name", "Jeg er Bo Nielsen fra Odense", {"name": "Bo Nielsen", "organisation": "Odense Kommune"}, "email"),
        (
            "name",
            "Bo Nielsen, Odense Kommune, bo@odense.dk",
            {"name": "Bo Nielsen", "organisation": "Odense Kommune", "email": "bo@odense.dk"},
            "confirm",
        ),
        (
            "name",
            "jeg hedder Bo Nielsen og er fra Odense",
            {"name": "Bo Nielsen", "organisation": "Odense Kommune"},
            "email",
        ),
        (
            "name",
            "mit navn er bo nielsen fra odense kommune",
            {"name": "Bo Nielsen", "organisation": "Odense Kommune"},
            "email",
        ),
        ("name", "Søren Ø. Kristiansen", {"name": "Søren Ø. Kristiansen"}, "organisation"),
        ("name", "Mohammed El-Sayed", {"name": "Mohammed El-Sayed"}, "organisation"),
        ("name", "det er Jens", {"name": "Jens"}, "organisation"),
        ("name", "jeg er konsulent i Kolding Kommune", {"organisation": "Kolding Kommune"}, "name"),
        ("name", "spring over", {"name": ""}, "organisation"),
        ("name", "nej tak", {"name": ""}, "organisation"),
        ("name", "Odense Kommune", {"organisation": "Odense Kommune"}, "name"),
        ("name", "bo@odense.dk", {"email": "bo@odense.dk"}, "name"),
        ("organisation", "odense", {"organisation": "Odense Kommune"}, "email"),
        ("organisation", "Region Midtjylland", {"organisation": "Region Midtjylland"}, "email"),
        ("organisation", "Hjørring boligselskab", {"organisation": "Hjørring boligselskab"}, "email"),
        ("organisation", "DUI Leg og Virke", {"organisation": "DUI Leg og Virke"}, "email"),
        (
            "organisation",
            "vi er en boligforening i Aalborg",
            {"organisation": "vi er en boligforening i Aalborg"},
            "email",
        ),
        ("organisation", "privat", {"organisation": ""}, "email"),
        ("organisation", "nej, det hedder Metha", {"name": "Metha"}, "organisation"),
        ("organisation", "nej, det er Metha", {"name": "Metha"}, "organisation"),
        (
            "organisation",
            "jeg hedder Metha Hansen og er fra Odense Kommune",
            {"name": "Metha Hansen", "organisation": "Odense Kommune"},
            "email",
        ),
        ("organisation", "navnet er forkert", {"name": None}, "name"),
        ("email", "nej, det er Vejen Kommune", {"organisation": "Vejen Kommune"}, "email"),
        ("email", "det er <Bo@Odense.dk>.", {"email": "Bo@Odense.dk"}, "confirm"),
        ("email", "min mail er bo@ødis.dk", {"email": "bo@ødis.dk"}, "confirm"),
        ("confirm", "forkert mail, det er m@h.dk", {"email": "m@h.dk"}, "confirm"),
        ("confirm", "nej, ikke Vejle, men Vejen", {"organisation": "Vejen Kommune"}, "confirm"),
        ("confirm", "nej det er Vejen kommune", {"organisation": "Vejen Kommune"}, "confirm"),
        ("confirm", "nej, det er Metha Hansen", {"name": "Metha Hansen"}, "confirm"),
        ("confirm", "det er ikke mit spørgsmål", {"question": None}, "question"),
        ("confirm", "ret e-mail", {"email": None}, "email"),
        ("confirm", "navnet er Bo Juul", {"name": "Bo Juul"}, "confirm"),
        ("confirm", "ret organisationen til Vejen", {"organisation": "Vejen Kommune"}, "confirm"),
        ("confirm", "skriv spørgsmålet om", {"question": None}, "question"),
        ("confirm", "tilbage", {"email": None}, "email"),
    ],
)
def test_a_message_fills_or_corrects_the_form(
    facts: Facts, at: str, text: str, changes: dict[str, Any], asks: str
) -> None:
    step = take(AT[at], Said(text), facts)
    assert step.form is not None
    assert {name: getattr(step.form, name) for name in changes} == changes
    assert step.form.ask == asks
    untouched = [name for name in STEPS[:-1] if name not in changes]
    assert [getattr(step.form, name) for name in untouched] == [getattr(AT[at], name) for name in untouched]


@pytest.mark.parametrize("at", STEPS)
@pytest.mark.parametrize("text", ["annullér", "Stop!", "glem det", "Annuller", "fortryd", "nej, glem det igen, tak"])
def test_a_command_word_ends_the_form_at_any_step(facts: Facts, at: str, text: str) -> None:
    assert take(AT[at], Said(text), facts).form is None


@pytest.mark.parametrize("at", STEPS[1:])
def test_back_asks_for_the_field_before_again(facts: Facts, at: str) -> None:
    step = take(AT[at], Said("tilbage"), facts)
    assert step.form is not None
    assert step.form.ask == STEPS[STEPS.index(at) - 1]


def test_there_is_nothing_before_the_question(facts: Facts) -> None:
    step = take(AT["question"], Said("tilbage"), facts)
    assert (step.form, said_names(step)) == (AT["question"], ["utter_handoff_first"])


def test_the_question_as_it_was_is_on_offer_after_going_back(facts: Facts) -> None:
    step = take(AT["name"], Said("tilbage"), facts)
    assert step.form is not None
    assert (step.form.ask, step.form.suggestion) == ("question", "Må vi?")
    kept = take(step.form, Said("ja"), facts).form
    assert kept is not None
    assert (kept.question, kept.ask) == ("Må vi?", "name")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("mette.vejle.dk", "utter_email_no_at"),
        ("mette (at) vejle.dk", "utter_email_no_at"),
        ("mette@", "utter_email_no_domain"),
        ("@vejle.dk", "utter_email_no_user"),
        ("mette@vejle", "utter_email_no_dot"),
        ("mette@@vejle.dk", "utter_email_two_at"),
        ("mette @vejle.dk", "utter_email_blank"),
        ("mette@ vejle.dk", "utter_email_blank"),
        ("mette@vejle .dk", "utter_email_blank"),
        ("min mail er mette hansen@vejle.dk", "utter_email_blank"),
        ("mette@vejle,dk", "utter_email_comma"),
        ("mé;tte..x@vejle.dk", "utter_email_odd"),
        ("m@a.dk eller m@b.dk", "utter_email_several"),
        ("pulje@siri.dk", "utter_email_published"),
        ("12 34 56 78", "utter_email_phone"),
        ("det ved alle", "utter_email_none"),
    ],
)
def test_what_is_wrong_with_an_address_is_told(facts: Facts, text: str, why: str) -> None:
    step = take(AT["email"], Said(text), facts)
    assert said_names(step) == [why]
    assert step.form == AT["email"]


@pytest.mark.parametrize(
    "text", ["a@b", "a b@c.dk", "a..b@c.dk", ".a@c.dk", "a@-c.dk", "a@c..dk", "ø@c.dk", "a" * 65 + "@c.dk"]
)
def test_what_no_mail_library_takes_is_no_address(text: str) -> None:
    assert not mail.is_address(text)


@pytest.mark.parametrize("text", ["spring over", "nej", "jeg har ikke nogen mail", "jeg vil ikke give jer min e-mail"])
def test_without_an_address_the_public_contact_is_named_and_no_case_is_made(facts: Facts, text: str) -> None:
    step = take(AT["email"], Said(text), facts)
    assert (step.form, step.send) == (None, False)
    assert said_names(step) == ["utter_handoff_no_email", "utter_ask_about"]
    assert step.says[1].values["who"] == "Ayse Göksu eller Anders Bo Christensen"


def test_without_an_address_and_without_a_pool_each_pools_contact_is_named(facts: Facts) -> None:
    step = take(replace(AT["email"], pool=None, kind="admin"), Said("jeg har ikke nogen mail"), facts)
    told = {said.values["pools"]: said.values["who"] for said in step.says[1:]}
    assert "stopekstremisme.dk" in str(told["udsatte boligområder"])
    assert "Økonomi, Kontrol og Tilskud" in str(told["kommunale handlingsplaner"])


@pytest.mark.parametrize("at", ["name", "organisation", "email", "confirm"])
@pytest.mark.parametrize(("text", "intent"), [("hvad er fristen?", "deadline"), ("hvor står det", "move.source")])
def test_a_confident_question_is_let_through(facts: Facts, at: str, text: str, intent: str) -> None:
    assert take(AT[at], Said(text, intent, 0.95), facts).interrupted


def test_a_question_that_is_nothing_the_form_asks_for_need_not_be_so_sure(facts: Facts) -> None:
    for at in ("email", "confirm"):
        assert take(AT[at], Said("vent, hvad er fristen egentlig?", "deadline", 0.6), facts).interrupted
        assert not take(AT[at], Said("vent, hvad er fristen egentlig?", "deadline", 0.4), facts).interrupted


@pytest.mark.parametrize(("text", "move"), [("må man springe over", "skip"), ("vi vil ikke mere", "deny")])
def test_a_question_that_only_resembles_a_command_is_the_question(facts: Facts, text: str, move: str) -> None:
    step = take(AT["question"], Said(text, f"move.{move}", 0.99), facts)
    assert step.form is not None
    assert (step.form.question, step.form.ask) == (text, "name")


@pytest.mark.parametrize("text", ["Peter Frist", "Ayse Göksu", "Jo Nesbø"])
def test_a_full_name_is_a_name_whatever_the_model_hears_in_it(facts: Facts, text: str) -> None:
    for intent in ("deadline", "move.affirm", "out_of_scope", "contact.address"):
        step = take(AT["name"], Said(text, intent, 0.98), facts)
        assert step.form is not None
        assert step.form.name == text


@pytest.mark.parametrize("at", STEPS[1:])
def test_worry_is_let_through_at_once(facts: Facts, at: str) -> None:
    assert take(AT[at], Said("jeg kan ikke mere", "concern.suicide", 0.9), facts).interrupted


@pytest.mark.parametrize("text", ["ja", "Ja, send", "ok", "send den", "kan du sende den nu?", "det ser rigtigt ud"])
def test_only_a_yes_to_all_of_it_sends(facts: Facts, text: str) -> None:
    assert take(WHOLE, Said(text), facts).send
    for at in STEPS[:-1]:
        assert not take(AT[at], Said(text), facts).send


@pytest.mark.parametrize(
    "text", ["nej", "Nej tak", "måske", "hm", "ret", "spring over", "nej det er forkert", "hvem læser det?"]
)
def test_nothing_else_sends(facts: Facts, text: str) -> None:
    assert not take(WHOLE, Said(text), facts).send


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ja, men vent lige", "move.affirm"),
        ("ja hvis du lover det", "move.affirm"),
        ("nej det er noget andet", "move.deny"),
    ],
)
def test_a_reservation_neither_sends_nor_throws_away(facts: Facts, text: str, intent: str) -> None:
    step = take(WHOLE, Said(text, intent, 0.99), facts)
    assert (step.form, step.send) == (WHOLE, False)


def test_a_button_counts_whatever_is_written_on_it(facts: Facts) -> None:
    assert take(WHOLE, Said("Afsted med den", pressed="button_send"), facts).send
    changed = take(WHOLE, Said("Navn", pressed="button_change_name"), facts).form
    assert changed is not None
    assert (changed.ask, changed.name) == ("name", None)


@pytest.mark.parametrize("at", STEPS[:-1])
def test_a_removed_cpr_number_is_taken_for_nothing(facts: Facts, at: str) -> None:
    step = take(AT[at], Said(MASK), facts)
    assert step.form == AT[at]
    assert step.again


@pytest.mark.parametrize(
    ("pool", "topic", "says", "contacts"),
    [
        (H, "cofinancing", ["utter_handoff_goes_admin"], ["Økonomi, Kontrol og Tilskud"]),
        (H, "partner", ["utter_handoff_goes_subject"], ["Ayse Göksu og Anders Bo Christensen"]),
        (H, "", ["utter_handoff_goes_subject"], ["Ayse Göksu"]),
        (B, "partner", ["utter_handoff_place", "utter_handoff_anyone"], ["stopekstremisme.dk"]),
        (None, "partner", ["utter_handoff", "utter_handoff_anyone"], []),
    ],
)
def test_pool_and_kind_decide_who_gets_it(
    facts: Facts, pool: str | None, topic: str, says: list[str], contacts: list[str]
) -> None:
    who, sources = introduce(open_form(facts, pool, "ja", "Hvordan gør vi?", topic), facts)
    assert [one.response for one in who] == says
    values = " ".join(str(value) for one in who for value in one.values.values())
    assert all(name in values for name in contacts)
    assert bool(sources) == (pool is not None)


def test_before_the_question_is_known_both_kinds_are_named(facts: Facts) -> None:
    who, _ = introduce(open_form(facts, H, "jeg vil tale med et menneske", "", ""), facts)
    assert [one.response for one in who] == ["utter_handoff", "utter_handoff_subject", "utter_handoff_admin"]


def test_no_contact_is_promised_where_the_page_names_none(facts: Facts) -> None:
    said = sent("PG-2222-2222", replace(WHOLE, pool=B), facts)
    assert "utter_handoff_sent" in [one.response for one in said]


@pytest.mark.parametrize(
    ("days", "url", "expected"),
    [
        (0, "", ["utter_handoff_privacy", "utter_handoff_kept"]),
        (90, "", ["utter_handoff_privacy", "utter_handoff_kept_days"]),
        (90, "https://x.dk/privat", ["utter_handoff_privacy", "utter_handoff_kept_days", "utter_handoff_privacy_more"]),
    ],
)
def test_before_sending_it_shows_all_and_tells_what_is_kept(
    facts: Facts, days: int, url: str, expected: list[str]
) -> None:
    said, buttons = ask(WHOLE, facts, Privacy(days, url))
    names = [one.response for one in said]
    assert [name for name in names if "privacy" in name or "kept" in name] == expected
    assert names[-1] == "utter_handoff_ask_confirm"
    shown = [str(value) for one in said for value in one.values.values()]
    assert all(value in shown for value in (WHOLE.question, WHOLE.name, WHOLE.organisation, WHOLE.email))
    assert [button.response for button in buttons] == ["utter_button_send", "utter_button_change", "utter_button_no"]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("send mit spørgsmål videre", ""),
        ("kan du sende mit spørgsmål videre til nogen der ved det", ""),
        ("jeg vil tale med et menneske om handlingsplanerne", ""),
        ("Hej. Send mit spørgsmål videre: må vi holde en konference?", "må vi holde en konference?"),
        ("Må vi holde en konference? Mvh Bo", "Må vi holde en konference?"),
        (
            "Kan en medarbejder svare på, om vi må holde foredrag",
            "Kan en medarbejder svare på, om vi må holde foredrag",
        ),
    ],
)
def test_the_question_is_told_from_the_request(facts: Facts, text: str, question: str) -> None:
    assert requesting.question_in(text, facts) == question


@pytest.mark.parametrize(
    "text", ["Hvem kan søge?", "det ved jeg ikke", "jeg er ikke sikker", "12345678", "ja", "Odense Kommune"]
)
def test_a_sentence_is_no_name(text: str) -> None:
    assert not reading.is_name(text)


def test_what_is_sent_again_unchanged_is_the_same_case_and_what_was_corrected_another() -> None:
    assert replace(WHOLE, ask="email").submission() == WHOLE.submission()
    corrected = [replace(WHOLE, **{field: "anden"}) for field in ("key", "pool", *STEPS[:-1])]
    assert len({form.submission() for form in (WHOLE, *corrected)}) == len(corrected) + 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Hej, jeg hedder Mette Hansen og er fra Vejle Kommune. Hvad er fristen?",
            ("Mette Hansen", "Vejle Kommune", None),
        ),
        ("Hvem kan søge? Mvh Bo Juul, Odense Kommune", ("Bo Juul", "Odense Kommune", None)),
        ("min mail er bo@juul.dk", (None, None, "bo@juul.dk")),
        ("Hvad er fristen for handlingsplanerne i Vejle Kommune?", (None, None, None)),
        ("skal det sendes til pulje@siri.dk?", (None, None, None)),
    ],
)
def test_who_presents_themselves_outright_is_remembered(
    facts: Facts, text: str, told: tuple[str | None, str | None, str | None]
) -> None:
    assert reading.presented(text, facts) == reading.Details(*told)


@pytest.mark.parametrize("form", [*AT.values(), replace(WHOLE, choosing=True, pool=None)])
def test_the_form_travels_in_slots(facts: Facts, form: Form) -> None:
    assert Form.from_slots(form.as_slots().get, facts) == form
    assert form.as_slots().keys() == EMPTY.keys()


def test_a_form_for_a_pool_that_is_gone_goes_on_without_it(facts: Facts) -> None:
    assert Form.from_slots(replace(WHOLE, pool="nedlagt").as_slots().get, facts).pool is None
