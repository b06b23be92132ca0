"""A new pool by data alone: two invented pools, unlike the real ones, with the model as it was trained."""

from __future__ import annotations

import shutil
import time
from datetime import datetime
from pathlib import Path

import pytest
from rasa.core.agent import Agent

from puljeguiden import proofs
from tests.conftest import NOW, ROOT, Visitor, answered
from tests.inprocess import Conversation, kinds, load_agent, use

INVENTED = ROOT / "tests" / "pools"
SPRING = datetime(2027, 2, 27, 9, 0)


def add_pool(data: Path, *names: str) -> None:
    for name in names:
        # The page first: a pool whose page is not there yet would be refused, and the last good facts kept.
        shutil.copy(INVENTED / "pages" / f"{name}.txt", data / "pages")
        shutil.copy(INVENTED / "pools" / f"{name}.yml", data / "pools")


@pytest.fixture(scope="module")
def agent(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Agent:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return load_agent(trained, tmp_path_factory.mktemp("pools"), monkeypatch)


@pytest.fixture
def visitor_of_four(agent: Agent, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Conversation:
    add_pool(data_dir, "lokale-ildsjaele", "ildsjaele-i-idraetten")
    use(monkeypatch, data=data_dir, now=SPRING)
    return Conversation(agent)


def test_the_invented_pools_are_proven_by_their_pages(data_dir: Path) -> None:
    add_pool(data_dir, "lokale-ildsjaele", "ildsjaele-i-idraetten")
    assert [str(problem) for problem in proofs.problems(data_dir)] == []


@pytest.mark.parametrize(
    ("question", "kind", "text"),
    [
        ("hvornår er fristen for lokale ildsjæle?", "lokale-ildsjaele deadline stated", "1. marts 2027 kl. 12.00"),
        ("hvad er fristen i lokalpuljen", "lokale-ildsjaele deadline stated", "2 dage"),
        ("fristen for idrætspuljen?", "ildsjaele-i-idraetten deadline stated", "15. maj"),
        ("kan en kommune søge lokalpuljen?", "lokale-ildsjaele eligibility stated", "Nej"),
        ("kan vores idrætsforening søge lokale ildsjæle", "lokale-ildsjaele eligibility stated", "mindst 20 medlemmer"),
        ("hvor meget kan man få fra lokale ildsjæle pr. ansøger", "lokale-ildsjaele amount stated", "150.000"),
        ("skal vi selv medfinansiere i lokalpuljen", "lokale-ildsjaele cofinancing stated", "10 procent"),
        ("hvem kan jeg ringe til om lokale ildsjæle?", "lokale-ildsjaele contact stated", "33 92 10 20"),
        (
            "hvor sender man ansøgningen til lokalpuljen hen",
            "lokale-ildsjaele submission stated",
            "tilskudsportalen.dk",
        ),
        (
            "hvornår skal projektet i lokale ildsjæle være færdigt",
            "lokale-ildsjaele period stated",
            "31. december 2028",
        ),
        ("lokle ildsjæle", "lokale-ildsjaele overview stated", "generationer"),
    ],
)
async def test_a_new_pool_answers(visitor_of_four: Conversation, question: str, kind: str, text: str) -> None:
    reply = await visitor_of_four.say(question)
    assert kinds(reply) == [kind], reply["text"]
    assert text in reply["text"]


async def test_of_four_pools_and_none_named_the_visitor_is_asked_which(visitor_of_four: Conversation) -> None:
    reply = await visitor_of_four.say("hvornår er fristen?")
    assert kinds(reply) == ["nobody deadline clarify"]
    assert len(reply["buttons"]) == 4
    chosen = await visitor_of_four.say(reply["buttons"][2]["payload"])
    assert [answer["topic"] for answer in chosen["custom"]["answers"]] == ["deadline"]


async def test_a_nickname_that_two_pools_share_is_asked_about(visitor_of_four: Conversation) -> None:
    reply = await visitor_of_four.say("hvad er fristen for ildsjælepuljen")
    assert kinds(reply) == ["nobody deadline clarify"]
    assert [button["title"] for button in reply["buttons"]] == ["Lokale ildsjæle", "Ildsjæle i idrætten"]
    assert kinds(await visitor_of_four.say("den anden")) == ["ildsjaele-i-idraetten deadline stated"]


async def test_after_the_last_round_it_is_too_late(
    visitor_of_four: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, now=datetime(2027, 9, 1, 12, 1))
    reply = await visitor_of_four.say("kan man stadig søge lokalpuljen?")
    assert "utter_status_closed" in reply["responses"]


@pytest.mark.parametrize(
    "question",
    [
        "hvornår er fristen for handlingsplanerne?",
        "hvor mange penge er der til udsatte boligområder",
        "hvem hjælper med de kommunale handlingsplaner",
        "kan vores forening søge boligområdepuljen",
    ],
)
async def test_the_old_pools_answer_as_before(
    agent: Agent, data_dir: Path, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    use(monkeypatch, data=data_dir, now=NOW)
    before = await Conversation(agent).say(question)
    add_pool(data_dir, "lokale-ildsjaele", "ildsjaele-i-idraetten")
    after = await Conversation(agent).say(question)
    assert after["text"] == before["text"]
    assert kinds(after) == kinds(before)


def test_a_pool_added_while_the_assistant_runs_is_answered_at_once(start, tmp_path: Path) -> None:
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    running = start(PULJEGUIDEN_DATA_DIR=str(data), PULJEGUIDEN_TODAY="2027-02-27")
    visitor = Visitor(running.url)
    assert answered(visitor.say("hvornår er fristen for lokale ildsjæle?"))[0][0] != "lokale-ildsjaele"
    add_pool(data, "lokale-ildsjaele")
    time.sleep(0.2)  # more than puljeguiden.facts.MOMENT
    assert answered(visitor.say("hvornår er fristen for lokale ildsjæle?")) == [
        ("lokale-ildsjaele", "deadline", "stated")
    ]
    (data / "pools" / "lokale-ildsjaele.yml").write_text("name: [", encoding="utf-8")
    assert answered(visitor.say("og hvem kan søge lokale ildsjæle?")) == [("lokale-ildsjaele", "eligibility", "stated")]
    assert Visitor(running.url).post(raw=b"{").status_code == 400
