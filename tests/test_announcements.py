"""What the website shows of a pool: its page word for word, how it stands today, questions that it answers."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from puljeguiden import facts as facts_module
from puljeguiden.announcements import announcement, starters
from puljeguiden.danish import squeeze
from puljeguiden.facts import Facts
from puljeguiden.texts import Texts
from tests.conftest import NOW, ROOT, Visitor
from tests.invented import invent

INVENTED = "lokale-ildsjaele"


@pytest.fixture
def with_rounds(data_dir: Path) -> Facts:
    for folder, kind in (("pages", "txt"), ("pools", "yml")):
        shutil.copy(ROOT / "tests" / "pools" / folder / f"{INVENTED}.{kind}", data_dir / folder)
    return facts_module.load(data_dir)


@pytest.mark.parametrize("pool", ["udsatte-boligomraader", "kommunale-handlingsplaner"])
def test_every_line_stands_on_the_page_and_no_sentence_of_it_is_left_out(facts: Facts, pool: str) -> None:
    shown = announcement(facts, facts.pools[pool], NOW)
    page = squeeze(facts.pages[pool])
    assert all(block.text in page for block in shown.blocks)
    sentences = [squeeze(line) for line in facts.pages[pool].splitlines() if line.strip().endswith(".")]
    assert [line for line in sentences if line not in [block.text for block in shown.blocks]] == []


def test_headings_paragraphs_and_links_are_told_apart(facts: Facts, with_rounds: Facts) -> None:
    blocks = announcement(facts, facts.pools["kommunale-handlingsplaner"], NOW).blocks
    headings = [block.text for block in blocks if block.kind == "heading"]
    assert headings == ["Ansøgerkreds", "Ansøgningsfrist og ansøgningsmateriale", "Yderligere oplysninger"]
    assert [block.text for block in blocks if block.kind == "link"] == [
        "Hent ansøgningsvejledning (Word)",
        "Hent ansøgningskema (Word)",
    ]
    invented = announcement(with_rounds, with_rounds.pools[INVENTED], NOW).blocks
    assert "Hvem kan søge?" in [block.text for block in invented if block.kind == "heading"]


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2027, 2, 1), "open"),
        (datetime(2027, 3, 1, 11), "today"),
        (datetime(2027, 3, 1, 13), "open"),
        (datetime(2027, 9, 2), "passed"),
    ],
)
def test_the_state_follows_the_moment(with_rounds: Facts, moment: datetime, state: str) -> None:
    shown = announcement(with_rounds, with_rounds.pools[INVENTED], moment)
    assert shown.state == state
    assert shown.deadlines == ("1. marts 2027 kl. 12.00", "1. september 2027 kl. 12.00")


def test_a_page_without_a_deadline_says_so(facts: Facts) -> None:
    shown = announcement(facts, facts.pools["udsatte-boligomraader"], NOW)
    assert (shown.state, shown.deadlines) == ("none", ())


def test_a_silent_pool_is_shown_and_offers_no_question(data_dir: Path) -> None:
    silent = invent(data_dir, "tavs", ["Her står intet."], {})
    shown = announcement(silent, silent.pools["tavs"], NOW)
    assert (shown.state, shown.brief) == ("none", ())
    assert starters([silent.pools["tavs"]]) == []


@pytest.mark.parametrize("pool", [None, "udsatte-boligomraader", "kommunale-handlingsplaner"])
def test_each_question_offered_is_answered_from_the_page(facts: Facts, visitor: Visitor, pool: str | None) -> None:
    pools = [facts.pools[pool]] if pool else list(facts.pools.values())
    offered = starters(pools)
    assert 4 <= len(offered) <= 6
    texts = Texts(ROOT / "rasa_project" / "domain" / "responses")
    for name in offered:
        reply = visitor.say(texts.text(name), pool=pool)
        assert "stated" in [answer["status"] for answer in reply["custom"]["answers"]], (name, reply["text"])
        topic = name.removeprefix("utter_start_").replace("overviews", "overview").replace("recipients", "amount")
        assert topic in [answer["topic"] for answer in reply["custom"]["answers"]]
