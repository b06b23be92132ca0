"""Whatever `puljeguiden.editing` tells by a code is said in Danish, and no technical word reaches a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from puljeguiden.editing import fetching, files, summary, watch
from puljeguiden.editing.examples import Advice
from puljeguiden.editing.files import Refused
from puljeguiden.editing.summary import Difference
from puljeguiden.facts import read_yaml
from puljeguiden.proofs import Problem
from tests.conftest import ROOT
from tests.house import H

SAYS = re.compile(r'(?:refuse|given)\(\s*(?:f?"[^"]*"|[\w.\[\]]+),\s*"([a-z_]+)"')


def codes() -> set[str]:
    """Return every code of a problem that the code names."""
    folder = ROOT / "puljeguiden"
    sources = [*(folder / "editing").glob("*.py"), *(ROOT / "staff" / "training").glob("*.py")]
    found = {code for file in sources for code in SAYS.findall(file.read_text(encoding="utf-8"))}
    for name in ("proofs.py", "wiring.py"):
        text = (folder / name).read_text(encoding="utf-8")
        found |= set(re.findall(r'"((?:\w+_){1,3}(?:page|quote|text|answer|twice|examples|placeholder))"', text))
    fetched = (folder / "editing" / "fetching.py").read_text(encoding="utf-8")
    return found | set(re.findall(r'FetchError\("(\w+)"', fetched)) | {"other", "busy"}


def test_every_code_is_said_in_danish(django: None) -> None:
    from staff.training.words import words

    known = set(words()["problems"])
    assert len(codes()) > 40
    assert codes() - known - {"utter_answer"} == set()


def test_every_advice_difference_and_state_is_said_in_danish(django: None) -> None:
    from staff.training.words import words

    source = (ROOT / "puljeguiden" / "editing" / "examples.py").read_text(encoding="utf-8")
    assert set(re.findall(r'Advice\("(\w+)"', source)) <= set(words()["advice"])
    assert set(summary._ENGLISH) <= set(words()["differences"])
    assert {watch.SAME, watch.CHANGED, watch.OTHER_PAGE, watch.FAILED, watch.NEW} == set(words()["watch"])


def test_every_intent_has_a_name_that_people_read(django: None) -> None:
    from staff.training.words import Names, words

    names = Names(ROOT)
    intents = read_yaml(ROOT / "rasa_project" / "domain" / "intents.yml")["intents"]
    said = [names.intent(one) for one in intents]
    assert len(set(said)) == len(said)
    assert not [one for one in said if re.search(r"[._]", one)]
    assert set(words()["intents"]) - set(intents) == {
        "chitchat",
        "concern",
        "move",
        "nlu_fallback",
        "passage",
        "unknown",
    }


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (
            Problem(f"{H}.yml", 4, "facts.deadline.rounds.0.date", "x", "value_not_in_quote", {"value": "2017-08-26"}),
            "Kommunale handlingsplaner, Ansøgningsfrist, Frister: «2017-08-26» står ikke i citatet.",
        ),
        (Problem("budget.yml", 3, "(file)", "x", "broken_file"), "Filen Budget kan ikke læses (linje 3)."),
        (Problem("x.yml", 7, "page", "x", "never_heard_of"), "Det gælder x.yml, linje 7"),
        (files.given("name", "name_taken", "x", name="deadline"), "«deadline» findes allerede."),
    ],
)
def test_a_problem_is_said_with_its_place(django: None, problem: Problem, said: str) -> None:
    from staff.training import words

    (told,) = words.problems(Refused([problem, problem]), words.Names(ROOT))
    assert said in told


def test_values_are_named_as_people_know_them(django: None) -> None:
    from staff.training import words

    names = words.Names(ROOT)
    error = fetching.FetchError("status", "x", status=404)
    assert "fejlen 404" in words.problems(error, names)[0]
    near = Advice("near_duplicate", {"intent": "deadline.time", "example": "hvad tid"})
    assert "Ansøgningsfrist – klokkeslæt: «hvad tid»" in words.advice(near, names)
    one = Difference("pool_changed", {"pool": H, "field": "names"})
    assert words.difference(one, names) == "Navne ændret for Kommunale handlingsplaner"
    file = Difference("file_changed", {"file": str(Path("data/tests/from_log.yml"))})
    assert words.difference(file, names) == "Regressionsspørgsmål ændret"
