"""What is kept about one conversation can be handed out and deleted; who did so, and why, is written down."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from puljeguiden import secret
from puljeguiden.conversations import DELETED, Conversations
from puljeguiden.masking import keyed_hash
from puljeguiden.outbox import ERASED, Outbox, new_key
from tests.cases import case as outbox_case
from tests.staff.conversations import Both
from tests.talk import replied, said, tell

SENDER = "besoegende-0123456789012345678901"
PURPOSE = "Anmodning om indsigt, brev af 20. november"


@pytest.fixture
def kept(store: Conversations, outbox: Outbox, received: Callable[..., Any]) -> Any:
    """A conversation of which something is kept everywhere; the case that was made of it."""
    from staff.conversations.follower import follow

    tell(store, SENDER, said("hvad er fristen for Mette?"), replied())
    tell(store, "somebody-else", said("noget andet"), replied())
    while follow(store):
        pass
    key = keyed_hash(SENDER, secret.key())
    number = outbox.submit(outbox_case(key=new_key(), conversation=key, question="Fra udbakken?"))
    outbox.delivered(number)
    return received(number=number, conversation=key, question="Fra sagen?")


def ask(client: Any, action: str, whose: str = SENDER, **fields: str) -> Any:
    return client.post("/indsigt/", {"whose": whose, "action": action, **fields})


def looks() -> list[tuple[str, str, str]]:
    from staff.conversations.models import Look

    return list(Look.objects.order_by("id").values_list("who__username", "what", "purpose"))


def copies() -> list[str]:
    from staff.conversations.models import Turn

    return list(Turn.objects.order_by("event").values_list("question", flat=True))


@pytest.mark.parametrize("by_case", [False, True])
def test_all_that_is_kept_is_found_by_id_and_by_case(kept: Any, anna: Any, by_case: bool) -> None:
    page = ask(anna, "find", kept.number.lower() if by_case else f" {SENDER} ").content.decode()
    assert "2 beskeder, svar og vurderinger" in page
    assert "1 besked, den seneste" in page
    assert page.count(kept.number) >= 2
    assert looks() == []


@pytest.mark.parametrize("by_case", [False, True])
def test_all_that_is_kept_is_handed_out_for_a_purpose(kept: Any, anna: Any, by_case: bool) -> None:
    whose = kept.number if by_case else SENDER
    data = json.loads(ask(anna, "json", whose, purpose=PURPOSE).content)
    assert [event["text"] for event in data["conversation"]] == [
        "hvad er fristen for Mette?",
        "Fristen var den 25. august.",
    ]
    assert [turn["reply"] for turn in data["review"]] == ["Fristen var den 25. august."]
    assert [case["question"] for case in data["cases"]] == ["Fra sagen?"]
    assert [one["question"] for one in data["outbox"]] == ["Fra udbakken?"]
    assert data["looks"][0]["purpose"] == PURPOSE
    assert "noget andet" not in str(data)
    assert SENDER not in str(data)
    assert looks() == [("anna", "exported", PURPOSE)]
    event = kept.events.first()
    assert (event.what, event.detail) == ("exported", PURPOSE)


def test_it_can_be_read_as_text(kept: Any, anna: Any) -> None:
    response = ask(anna, "text", purpose=PURPOSE)
    assert response["Content-Type"].startswith("text/plain")
    text = response.content.decode()
    for piece in ("hvad er fristen for Mette?", "Fra sagen?", "Fra udbakken?", PURPOSE, "mette@eksempelkommune.dk"):
        assert piece in text
    assert "&quot;" not in text


@pytest.mark.parametrize("action", ["json", "text", "delete"])
@pytest.mark.parametrize("purpose", ["", "kort", "Personen 010190-1234 har bedt om det"])
def test_without_a_good_purpose_nothing_happens(
    kept: Any, dorte: Any, store: Conversations, action: str, purpose: str
) -> None:
    assert ask(dorte, action, purpose=purpose, sure="on").status_code == 400
    assert looks() == []
    assert store.history(SENDER)


@pytest.mark.parametrize("by_case", [False, True])
def test_all_but_the_case_is_deleted(
    kept: Any, dorte: Any, store: Conversations, outbox: Outbox, by_case: bool
) -> None:
    from staff.cases.models import Case
    from staff.conversations.models import Deletion

    assert ask(dorte, "delete", kept.number if by_case else SENDER, purpose=PURPOSE, sure="on").status_code == 302
    assert store.senders() == ["somebody-else"]
    assert store.follow(0)[-1].event == {"event": DELETED}
    assert copies() == ["noget andet"]
    assert outbox.about("", kept.number) == []
    assert Case.objects.filter(pk=kept.pk).exists()
    assert looks() == [("dorte", "deleted", PURPOSE)]
    proofs = set(Deletion.objects.values_list("what", "count", "older_than"))
    assert proofs == {("conversations", 1, None), ("turns", 1, None), ("outbox", 1, None)}


def test_the_case_goes_too_where_that_is_asked_for(kept: Any, dorte: Any, outbox: Outbox) -> None:
    from staff.cases.models import Case
    from staff.conversations.models import Deletion

    waiting = outbox.submit(outbox_case(conversation=kept.conversation))
    ask(dorte, "delete", purpose=PURPOSE, sure="on", cases_too="on")
    assert not Case.objects.filter(pk=kept.pk).exists()
    assert outbox.about(kept.conversation) == []
    assert waiting not in [case.number for case in outbox.pending("waiting")]
    assert [case.number for case in outbox.pending(ERASED)] == [waiting]
    assert dict(Deletion.objects.values_list("what", "count")) == {
        "conversations": 1,
        "turns": 1,
        "outbox": 2,
        "cases": 1,
    }
    assert "Der er ikke gemt noget om det." in ask(dorte, "find").content.decode()


def test_a_case_on_its_way_is_not_lost_when_only_the_conversation_is_deleted(
    kept: Any, dorte: Any, outbox: Outbox
) -> None:
    waiting = outbox.submit(outbox_case(conversation=kept.conversation))
    ask(dorte, "delete", purpose=PURPOSE, sure="on")
    assert [case.number for case in outbox.pending("waiting")] == [waiting]


def test_the_copy_goes_also_when_the_conversation_itself_is_gone_already(
    kept: Any, dorte: Any, store: Conversations
) -> None:
    assert store.expire([SENDER], 9e9) == 1
    assert "som den blev skrevet: nej" in ask(dorte, "find").content.decode()
    ask(dorte, "delete", purpose=PURPOSE, sure="on")
    assert copies() == ["noget andet"]
    assert store.follow(0)[-1].event == {"event": DELETED}


def test_nothing_is_deleted_that_somebody_is_not_sure_of(kept: Any, dorte: Any, store: Conversations) -> None:
    assert ask(dorte, "delete", purpose=PURPOSE).status_code == 400
    assert len(store.senders()) == 2
    assert looks() == []


def test_anna_may_hand_out_and_not_delete(kept: Any, anna: Any, store: Conversations) -> None:
    assert "Slet det hele" not in ask(anna, "find").content.decode()
    assert ask(anna, "delete", purpose=PURPOSE, sure="on").status_code == 403
    assert len(store.senders()) == 2


def test_what_staff_see_in_place_of_the_id_finds_nothing(kept: Any, dorte: Any) -> None:
    assert "Der er ikke gemt noget om det." in ask(dorte, "find", kept.conversation).content.decode()


def test_the_id_is_stored_nowhere(kept: Any, dorte: Any) -> None:
    from django.apps import apps

    ask(dorte, "find")
    ask(dorte, "json", purpose=PURPOSE)
    ask(dorte, "delete", purpose=PURPOSE, sure="on")
    rows = [row for model in apps.get_models() for row in model.objects.values()]
    assert len(rows) > 10
    assert SENDER not in str(rows)


def test_when_the_tracker_store_is_away_nothing_is_half_told(
    kept: Any, dorte: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from puljeguiden.database import Unavailable

    def gone() -> Conversations:
        raise Unavailable

    monkeypatch.setattr("staff.conversations.insight.store", gone)
    response = ask(dorte, "json", purpose=PURPOSE)
    assert response.status_code == 503
    assert "kan ikke nås" in response.content.decode()
    assert looks() == []


@pytest.mark.parametrize("both", ["sqlite"], indirect=True)
def test_what_was_deleted_on_request_is_in_no_file(both: Both) -> None:
    planted = "plantet hemmelighed"
    tell(both.store, SENDER, said(planted), replied(text=f"svar på {planted}"))
    both.follow()
    both.outbox.submit(outbox_case(conversation=both.key(SENDER), question=planted))
    delete = f"""from django.contrib.auth.models import User
from staff.cases.receive import receive
from staff.conversations import insight
from tests.cases import body
receive(body(conversation={both.key(SENDER)!r}, question={planted!r}))
found = insight.find({SENDER!r})
assert all((found.raw, found.copy, found.cases, found.outbox)), found
insight.delete(found, User.objects.get(), {PURPOSE!r}, cases_too=True)
"""
    both.run("-m", "staff", "shell", "-c", delete)
    files = [file for file in both.var.iterdir() if ".db" in file.name]
    assert len(files) >= 3
    assert [file.name for file in files if planted.encode() in file.read_bytes()] == []
