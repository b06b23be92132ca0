"""Drafts: told in words and lines, taken apart, brought up to date with what others publish, and undone afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from puljeguiden import facts
from puljeguiden.editing import drafts, examples, files, history, pools, topics
from puljeguiden.editing.dropping import CAN_BE_DROPPED
from puljeguiden.editing.history import Author
from puljeguiden.jobs import Order
from tests.house import PARKING, B, H
from tests.staff.training import NEW, draft_of, fields, git, read

if TYPE_CHECKING:
    from django.test import Client

CHANGES = "/traening/aendringer/"
ONLY = "Puljen kan søges af kommuner."
SAYS = {"state": "stated", "text": ONLY, "quotes": [ONLY]}


def begin(client: Client, root: Path, name: str = "erik") -> drafts.Draft:
    """Begin somebody's draft, as their first edit would."""
    return drafts.create(drafts.home(), root, name)


def publish(name: str, root: Path, reason: str = "Fristen var svær at finde") -> str:
    """Put somebody's draft live, as the job does, and return the commit."""
    done = drafts.publish(draft_of(name), root, Author(name.capitalize()), reason)
    assert done.commit
    return done.commit


def test_without_a_draft_the_page_says_what_it_is_for(erik: Client, root: Path) -> None:
    said = read(erik.get(CHANGES))
    assert "Du har ingen ændringer" in said
    assert "Begin" in said
    assert erik.post(f"{CHANGES}fjern/").status_code == 409
    assert "Udkastet findes ikke længere" in read(erik.get(f"{CHANGES}kasser/"))


def test_a_draft_is_told_in_words_and_lines_and_goes_to_the_job(erik: Client, root: Path) -> None:
    work = begin(erik, root).work
    examples.add(work, "deadline", [NEW, "hvad er skæringsdatoen"])
    pools.set_answer(work, H, "budget", SAYS)
    page = erik.get(CHANGES)
    said = read(page)
    for told in (
        "2 nye eksempler i Ansøgningsfrist",
        "Svar ændret for Kommunale handlingsplaner: Budget (før: står der ikke, nu: står i opslaget)",
        f"+ - {NEW}",
        "Puljeguiden skal trænes",
    ):
        assert told in said
    sent = fields(page, "/traening/udgivelse/start/")
    assert sent["draft"] == [draft_of("erik").id]
    assert "reason" in sent
    assert erik.get(f"{CHANGES}{draft_of('erik').id}/").headers["Location"] == CHANGES


def test_what_needs_no_training_says_so(erik: Client, root: Path) -> None:
    pools.set_answer(begin(erik, root).work, H, "budget", SAYS)
    assert "Det kræver ingen træning" in read(erik.get(CHANGES))


def test_every_kind_of_change_is_taken_out_by_itself(erik: Client, root: Path) -> None:
    draft = begin(erik, root)
    text = (Path(__file__).parents[1] / "pools" / "pages" / "lokale-ildsjaele.txt").read_text(encoding="utf-8")
    examples.add(draft.work, "deadline", [NEW])
    examples.delete(draft.work, "budget", ["budget skema"])
    pools.set_answer(draft.work, H, "budget", SAYS)
    pools.set_details(draft.work, H, {"names": ["handlingsplan", "planerne"]})
    pools.set_contacts(draft.work, H, {"subject": {"who": "Ayse Göksu", "fact": "contact"}})
    page = (draft.work / pools.page(B)).read_text(encoding="utf-8")
    pools.set_page(draft.work, B, f"{page}\nNy linje.", {}, {})
    pools.add(draft.work, {"id": "ildsjaele", "name": "lokale ildsjæle", "names": ["ildsjæle"], "text": text})
    topics.set_details(draft.work, "period", {"label": "Periode", "acts": True})
    with files.changing(draft.work) as change:
        moves = change.tree("rasa_project/domain/responses/moves.yml")
        moves["responses"]["utter_skip"][0]["text"] += " Tak."
    (draft.work / "data" / "tests" / "from_log.yml").write_text("", encoding="utf-8")
    kinds = {one.kind for one in drafts.differences(draft)}
    assert kinds == CAN_BE_DROPPED - {"topic_added"}
    for one in drafts.differences(draft):
        done = erik.post(f"{CHANGES}fjern/", {"difference": str(one)})
        assert done.status_code == 302, read(done)
    assert drafts.differences(draft) == []
    assert "Fortrød en rettelse i sit udkast" in read(erik.get("/traening/haendelser/"))
    assert facts.load(draft.work / "data") == facts.load(root / "data")


def test_a_new_topic_is_taken_out_and_what_others_build_on_is_not(erik: Client, root: Path) -> None:
    draft = begin(erik, root)
    topics.add(draft.work, PARKING)
    texts = draft.work / "rasa_project" / "domain" / "responses" / "not_stated.yml"
    assert "parkering" in texts.read_text(encoding="utf-8")
    refused = erik.post(f"{CHANGES}fjern/", {"difference": "8 new examples in parking"})
    assert "Det kan ikke fortrydes alene" in read(refused)
    erik.post(f"{CHANGES}fjern/", {"difference": "new topic parking"})
    assert drafts.diff(draft) == ""


def test_two_trainers_change_the_same_place_and_nothing_is_lost(erik: Client, frida: Client, root: Path) -> None:
    erik.post("/traening/emner/budget/ret/", {"text": "Erik: Der står intet om budget i {page}."})
    frida.post("/traening/emner/budget/ret/", {"text": "Frida: Budgettet nævnes ikke i {page}."})
    publish("frida", root)
    said = read(erik.get(CHANGES))
    assert "En anden har sat noget i drift, som rammer det samme" in said
    assert "Afprøv og sæt i drift" not in said
    path = "rasa_project/domain/responses/not_stated.yml"
    assert "Vælg selv for resten" in read(erik.post(f"{CHANGES}opdater/", follow=True))
    erik.post(f"{CHANGES}opdater/", {"file": path, "keep": "mine"})
    assert "Erik: Der står intet" in files.read(draft_of("erik").work / path)
    assert "Afprøv og sæt i drift" in read(erik.get(CHANGES))
    publish("erik", root, "Eriks ord er bedre")
    assert "Erik: Der står intet" in files.read(root / path)
    again = erik.post(f"{CHANGES}opdater/", {"file": path, "keep": "mine"})
    assert again.status_code == 409


def test_the_other_trainers_version_can_be_taken(erik: Client, frida: Client, root: Path) -> None:
    for client, text in ((erik, "Erik siger {page}."), (frida, "Frida siger {page}.")):
        client.post("/traening/emner/budget/ret/", {"text": text})
    publish("frida", root)
    path = "rasa_project/domain/responses/not_stated.yml"
    erik.post(f"{CHANGES}opdater/", {"file": path, "keep": "theirs"})
    assert drafts.differences(draft_of("erik")) == []


def test_examples_of_two_trainers_stand_side_by_side(erik: Client, frida: Client, root: Path) -> None:
    for client, text in ((erik, NEW), (frida, "hvad er skæringsdatoen")):
        page = client.post("/traening/eksempler/", {"topic": "deadline", "lines": text})
        client.post("/traening/eksempler/", fields(page, "/traening/eksempler/"))
    publish("frida", root)
    assert "rammer det samme" in read(erik.get(CHANGES))
    erik.post(f"{CHANGES}opdater/")
    assert examples.by_intent(draft_of("erik").work)["deadline"][-2:] == [NEW, "hvad er skæringsdatoen"]


def test_what_others_have_published_elsewhere_is_taken_in_first(erik: Client, frida: Client, root: Path) -> None:
    pools.set_answer(begin(erik, root).work, H, "budget", SAYS)
    frida.post("/traening/emner/period/ret/", {"text": "Perioden nævnes ikke i {page}."})
    publish("frida", root)
    said = read(erik.get(CHANGES))
    assert "Andre har sat noget i drift, siden du begyndte" in said
    assert "hentet ind i dit udkast" in read(erik.post(f"{CHANGES}opdater/", follow=True))
    assert "Afprøv og sæt i drift" in read(erik.get(CHANGES))


def test_a_draft_that_is_tried_out_stays_as_it_is(erik: Client, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = begin(erik, root)
    pools.set_answer(draft.work, H, "budget", SAYS)
    monkeypatch.setattr("puljeguiden.jobs.status", lambda: {"state": "running", "order": {"draft": draft.id}})
    assert "bliver afprøvet lige nu" in read(erik.get(CHANGES))
    attempts: list[Any] = [
        erik.post(f"{CHANGES}fjern/", {"difference": str(drafts.differences(draft)[0])}),
        erik.post(f"{CHANGES}kasser/"),
        erik.post("/traening/emner/budget/ret/", {"text": "Ikke i {page}."}),
        erik.post("/traening/emner/budget/eksempler/", {"example": ["budget skema"], "do": "delete"}),
    ]
    for answer in attempts:
        assert answer.status_code == 409
        assert "Dit udkast bliver afprøvet lige nu" in read(answer)
    assert len(drafts.differences(draft)) == 1


def test_what_went_live_is_undone_by_one_click(erik: Client, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[Order] = []
    monkeypatch.setattr("puljeguiden.publishing.start", lambda order, asked: orders.append(order))
    work = begin(erik, root).work
    examples.add(work, "deadline", [NEW])
    commit = publish("erik", root)
    said = read(erik.get(CHANGES))
    assert "Fristen var svær at finde Erik" in said
    path = f"{CHANGES}fortryd/{commit}/"
    assert "Fortryd «Fristen var svær at finde»?" in read(erik.get(path))
    assert "Afprøvningen er startet" in read(erik.post(path, follow=True))
    assert orders[0].draft == draft_of("erik").id
    assert orders[0].note == "Fortryd «Fristen var svær at finde»"
    assert not orders[0].hold
    assert NEW not in examples.by_intent(draft_of("erik").work)["deadline"]
    assert NEW in examples.by_intent(root)["deadline"]
    busy = erik.post(path)
    assert "Du har allerede et udkast med ændringer" in read(busy)
    publish("erik", root, "Fortryd")
    assert "Der er ingen ændringer" in read(erik.post(path))


@pytest.mark.parametrize("commit", ["0" * 40, "HEAD", "-x"])
def test_only_trainers_edits_are_undone(erik: Client, root: Path, commit: str) -> None:
    assert "kan ikke fortrydes her" in read(erik.get(f"{CHANGES}fortryd/{commit}/"))


def test_without_git_there_is_no_history(erik: Client, root: Path) -> None:
    git(root, "status")
    (root / ".git").rename(root / ".was-git")
    assert "Puljeguidens data ligger ikke i git her" in read(erik.get(CHANGES))
    assert history.recent(root) == []
