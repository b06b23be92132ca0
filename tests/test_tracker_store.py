"""Conversations in memory are bounded and never spoilt: they go on as if nothing had been left out."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ConversationResumed, FollowupAction, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from puljeguiden.conversations import Conflict
from puljeguiden.database import Unavailable
from rasa_project import conversation, tracker_store
from rasa_project.conversation import MOST_EVENTS, Conversation
from rasa_project.tracker_store import ConversationStore
from tests.small import assistant
from tests.small.assistant import say, state

ANNA = "anna-0123456789012345678901"
Opener = Callable[[], ConversationStore]


@pytest.fixture
def opened(small: Agent, database: str) -> Iterator[Opener]:
    """Open the database and let the small assistant use it, as after a restart."""
    stores: list[ConversationStore] = []

    def begin() -> ConversationStore:
        stores.append(ConversationStore(database))
        assistant.use(small, stores[-1])
        return stores[-1]

    yield begin
    for store in stores:
        store.close()


@pytest.fixture
def elsewhere(database: str) -> Iterator[sa.engine.Engine]:
    """Somebody else's connection to the database."""
    engine = sa.create_engine(database)
    yield engine
    engine.dispose()


async def taken(store: ConversationStore) -> Conversation:
    """Return Anna's conversation, which is there."""
    found = await store.retrieve(ANNA)
    assert found is not None
    return found


async def said(store: ConversationStore) -> list[str]:
    """Return what is stored of Anna's messages."""
    return [stored.event["text"] for stored in await store.history(ANNA) if stored.event["event"] == "user"]


class Whole(TrackerStore):
    """Keeps conversations in memory as they are."""

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        self.trackers: dict[str, DialogueStateTracker] = {}

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a conversation."""
        return self.trackers.get(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep a conversation."""
        self.trackers[tracker.sender_id] = tracker


MESSAGES = "frist frist frist tæl tæl skriv skriv skriv Anna Ærø a@b.dk stop begge volapyk fejl".split()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_conversation_that_is_cut_goes_as_one_that_is_not(
    small: Agent, opened: Opener, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Forms, follow-ups, reverted and failed turns; restarts; cuts at every chance, in forms too."""
    monkeypatch.setattr(conversation, "MOST_EVENTS", 10)
    monkeypatch.setattr(conversation, "MOST_EVENTS_IN_A_FORM", 25)
    chance = random.Random(seed)
    script = chance.choices(MESSAGES, k=100)
    assistant.use(small, whole := Whole(small.domain))
    expected = [(text, await say(small, ANNA, text), state(whole.trackers[ANNA])) for text in script]
    store, longest, forms = opened(), 0, 0
    for turn, (text, replies, then) in enumerate(expected):
        if not turn % 13:
            store = opened()
        assert (await say(small, ANNA, text), turn) == (replies, turn)
        tracker = await taken(store)
        assert (state(tracker), turn) == (then, turn)
        assert state(tracker.copy()) == state(tracker)
        longest, forms = max(longest, len(tracker.events)), forms + bool(tracker.active_loop)
    assert longest < 80  # of about 600; while a form is rejected again and again, there is no place to cut
    assert forms > 10
    assert await said(store) == script


async def test_a_form_that_is_open_when_the_conversation_is_cut_is_filled_in(small: Agent, opened: Opener) -> None:
    store = opened()
    for _ in range(20):
        await say(small, ANNA, "tæl")
    assert await say(small, ANNA, "skriv") == ["Hvad hedder du?"]
    for _ in range(60):
        replies = await say(small, ANNA, "frist")
        assert replies == ["Fristen er den 1. maj. Du er nummer 20.", "Hvad hedder du?"]
        assert len((await taken(store)).events) <= conversation.MOST_EVENTS_IN_A_FORM + 10
    opened()
    assert await say(small, ANNA, "Anna Ærø") == ["Hvad er din e-mail, Anna Ærø?"]
    assert await say(small, ANNA, "a@b.dk") == ["Tak, Anna Ærø (a@b.dk)."]


async def test_a_conversation_stays_short_and_nothing_is_lost(small: Agent, opened: Opener) -> None:
    store = opened()
    for turn in range(1, 121):
        assert await say(small, ANNA, "tæl") == [str(turn)]
        tracker = await taken(store)
        assert len(tracker.events) <= MOST_EVENTS + 6
        if turn == 60:
            store = opened()
    assert await said(store) == ["tæl"] * 120
    full = await store.retrieve_full_tracker(ANNA)
    assert full is not None
    assert len(full.events) == len(await store.history(ANNA))
    assert full.get_slot("count") == 120


async def test_a_message_is_one_commit(small: Agent, opened: Opener) -> None:
    commits: list[Any] = []
    store = opened()
    engine = store._conversations._engine
    if engine.dialect.name == "sqlite":  # each message goes past SQLAlchemy

        def trace(connection: Any, *_: Any) -> None:
            connection.set_trace_callback(lambda done: commits.append(done) if done == "COMMIT" else None)

        sa.event.listen(engine, "checkout", trace)
    else:
        sa.event.listen(engine, "commit", commits.append)
    for turn, text in enumerate(["frist", "tæl", "skriv", "Anna", "begge"], 1):
        await say(small, ANNA, text)
        assert len(commits) == turn


async def test_a_conversation_in_memory_is_used_again_until_somebody_else_writes(small: Agent, opened: Opener) -> None:
    here = opened()
    await say(small, ANNA, "tæl")
    kept = here._kept[ANNA]
    assert await here.retrieve(ANNA) is kept
    await say(small, ANNA, "tæl")
    there = opened()
    assert await say(small, ANNA, "tæl") == ["3"]
    assistant.use(small, here)
    assert await say(small, ANNA, "tæl") == ["4"]
    assistant.use(small, there)
    assert await say(small, ANNA, "tæl") == ["5"]


async def test_memory_holds_the_latest_conversations_only(
    small: Agent, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker_store, "_KEPT", 3)
    store = opened()
    for n in [*range(6), 4]:
        await say(small, f"visitor-{n}", "tæl")
    assert list(store._kept) == ["visitor-3", "visitor-5", "visitor-4"]


async def test_whoever_stores_second_stores_nothing(small: Agent, opened: Opener) -> None:
    here, there = opened(), opened()
    await say(small, ANNA, "tæl")
    first, second = await taken(here), await taken(there)
    for tracker, text in ((first, "først"), (second, "for sent")):
        tracker.update(UserUttered(text))
    await here.save(first)
    with pytest.raises(Conflict):
        await there.save(second)
    assert await said(there) == ["tæl", "først"]
    assert (await taken(there)).latest_message.text == "først"


async def test_a_cancelled_turn_leaves_nothing_behind(small: Agent, opened: Opener) -> None:
    store = opened()
    await say(small, ANNA, "tæl")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(say(small, ANNA, "sov"), 0.3)
    assert await say(small, ANNA, "tæl") == ["2"]
    assert await said(store) == ["tæl", "tæl"]


async def test_a_turn_that_cannot_be_stored_leaves_nothing_behind(
    small: Agent, opened: Opener, elsewhere: sa.engine.Engine
) -> None:
    store = opened()
    await say(small, ANNA, "tæl")
    tracker = await taken(store)
    tracker.update(UserUttered("glemt"))
    elsewhere.execute("alter table events rename to gone")
    with pytest.raises(Unavailable):
        await store.save(tracker)
    with pytest.raises(Unavailable):
        await say(small, ANNA, "tæl")
    elsewhere.execute("alter table gone rename to events")
    assert await say(small, ANNA, "tæl") == ["2"]
    assert await said(store) == ["tæl", "tæl"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_commit_that_has_begun_is_finished_and_answered(
    small: Agent, opened: Opener, elsewhere: sa.engine.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The turn's time runs out while the server takes its time: what is stored is what the visitor gets."""
    monkeypatch.setattr("rasa_project.tracker_store._OUTCOME_SECONDS", 30)
    store = opened()
    await say(small, ANNA, "tæl")
    with elsewhere.begin() as other:
        other.execute("lock table events in share mode")  # reading goes on, writing waits
        turn = asyncio.create_task(asyncio.wait_for(say(small, ANNA, "tæl"), 1))
        await asyncio.sleep(3)
        assert not turn.done()
    assert await turn == ["2"]
    assert await said(store) == ["tæl", "tæl"]


async def test_only_conversations_of_the_store_can_be_stored(opened: Opener) -> None:
    foreign = DialogueStateTracker(ANNA, [])
    foreign.update(UserUttered("hej"))
    with pytest.raises(TypeError):
        await opened().save(foreign)


async def test_a_deleted_conversation_cannot_come_back(small: Agent, opened: Opener) -> None:
    store = opened()
    await say(small, ANNA, "tæl")
    under_way = await taken(store)
    under_way.update(UserUttered("for sent"))
    assert await store.delete(ANNA)
    with pytest.raises(Conflict):
        await store.save(under_way)
    assert await store.retrieve(ANNA) is None
    assert not await store.exists(ANNA)
    assert await store.keys() == []
    assert await say(small, ANNA, "tæl") == ["1"]
    assert await store.keys() == [ANNA]


async def test_another_model_finds_its_own_slots(small: Agent, opened: Opener) -> None:
    store = opened()
    await say(small, ANNA, "tæl")
    store.domain = Domain.from_dict(
        {"slots": {name: {"type": "any", "mappings": [{"type": "custom"}]} for name in ("count", "new")}}
    )
    tracker = await taken(store)
    assert tracker.current_slot_values().keys() >= {"count", "new"}
    assert tracker.get_slot("count") == 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Set the clock forward or back by hours."""
    real = time.time

    def set_by(hours: float) -> None:
        monkeypatch.setattr(time, "time", lambda: real() + hours * 3600)

    return set_by


async def test_an_expired_session_begins_anew(small: Agent, opened: Opener, clock: Callable[[float], None]) -> None:
    store = opened()
    for _ in range(20):
        await say(small, ANNA, "tæl")
    clock(0.9)
    assert await say(small, ANNA, "tæl") == ["21"]
    clock(2)
    assert await say(small, ANNA, "tæl") == ["1"]
    store = opened()
    assert await say(small, ANNA, "tæl") == ["2"]
    assert len(await said(store)) == 23


async def test_a_clock_that_is_set_back_changes_nothing(
    small: Agent, opened: Opener, clock: Callable[[float], None]
) -> None:
    store = opened()
    for turn in range(1, 41):
        clock(-turn)
        if not turn % 10:
            store = opened()
        assert await say(small, ANNA, "tæl") == [str(turn)]
        tracker = await taken(store)
        assert state(tracker.copy()) == state(tracker)


async def test_a_follow_up_that_waits_is_kept(small: Agent, opened: Opener) -> None:
    store = opened()
    assert (await say(small, ANNA, "begge"))[:2] == ["Først dette.", "Fristen er den 1. maj. Du er nummer None."]
    tracker = await taken(store)
    tracker.update(FollowupAction("utter_stopped"))
    await store.save(tracker)
    assert (await taken(opened())).followup_action == "utter_stopped"


async def test_a_paused_conversation_stays_paused_and_short(small: Agent, opened: Opener) -> None:
    store = opened()
    assert await say(small, ANNA, "pause") == ["Nu kommer der et menneske."]
    for _ in range(60):
        assert await say(small, ANNA, "tæl") == []
        assert len((await taken(store)).events) <= MOST_EVENTS + 6
    store = opened()
    tracker = await taken(store)
    tracker.update(ConversationResumed())
    tracker.update(ActionExecuted("action_listen"))
    await store.save(tracker)
    assert await say(small, ANNA, "tæl") == ["1"]
