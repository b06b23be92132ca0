"""Pools: what they are called, whom to ask, and a new one from a page that was pasted or fetched."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from puljeguiden import facts, settings
from puljeguiden.editing import drafts, pools
from tests.conftest import ROOT
from tests.house import H
from tests.site import Site, serving
from tests.staff.training import draft_of, fields, read

if TYPE_CHECKING:
    from django.test import Client

POOLS, NEW = "/traening/puljer/", "/traening/ny-pulje/"
PAGE = (ROOT / "tests" / "pools" / "pages" / "lokale-ildsjaele.txt").read_text(encoding="utf-8")
GIVEN = {"name": "lokale ildsjæle", "names": "lokale ildsjæle\nildsjæle", "url": "", "text": "", "hints": "", "id": ""}


@pytest.fixture
def site() -> Iterator[Site]:
    """A website on this machine."""
    with serving() as running:
        yield running


def found(client: Client, **changes: Any) -> Any:
    """Describe a pool, and return the page with what was found."""
    return client.post(NEW, {**GIVEN, "text": PAGE, **changes})


def chosen(page: Any, *wanted: tuple[str, str]) -> dict[str, Any]:
    """Return what is sent where only some findings are used: (piece of the quote, question)."""
    sent = fields(page, NEW)
    for name in [name for name in sent if name.endswith("-question")]:
        quote = sent[name.replace("question", "quote")][0]
        sent[name] = next((question for piece, question in wanted if piece in quote), "")
    return sent


def test_the_list_and_a_pools_page_show_what_it_answers(erik: Client, root: Path) -> None:
    said = read(erik.get(POOLS))
    assert "Kommunale handlingsplaner 23. august 2017" in said
    assert "25.8.2017" in said
    page = read(erik.get(f"{POOLS}{H}/"))
    for shown in ("Puljen kan søges af kommuner.", "Står der ikke", "Sidst opdateret 23. august 2017"):
        assert shown in page
    assert erik.get(f"{POOLS}findes-ikke/").status_code == 404


def test_a_pasted_page_becomes_a_pool_with_the_answers_that_were_accepted(erik: Client, root: Path) -> None:
    page = found(erik)
    assert page.status_code == 200, read(page)
    rows = page.context["rows"]
    kinds = {row["kind"].value() for row in rows}
    assert {"date", "sum"} <= kinds
    (deadline, *_) = [row for row in rows if row["question"].value() == "deadline"]
    quote = deadline["quote"].value()
    saved = erik.post(NEW, chosen(page, (quote, "deadline")))
    assert saved.status_code == 302, read(saved)
    pool = saved.headers["Location"].rstrip("/").rpartition("/")[2]
    work = draft_of("erik").work
    known = facts.load(work / "data").pools[pool]
    assert known.fact("deadline").rounds
    assert known.fact("budget").state == "not_stated"
    assert "Ny pulje, Lokale ildsjæle" in read(erik.get("/traening/aendringer/"))


def test_what_was_accepted_wrongly_is_told_and_nothing_is_lost(erik: Client, root: Path) -> None:
    page = found(erik)
    sent = chosen(page)
    sent["f-0-question"], sent["f-0-text"], sent["f-0-quote"] = "purpose", "Der er 777 pladser.", "Det står der ikke"
    answer = erik.post(NEW, sent)
    assert answer.status_code == 409
    for told in ("«777» står ikke i citatet", "Citatet står ikke ordret i opslaget: «Det står der ikke»"):
        assert told in read(answer)
    assert "Der er 777 pladser." in answer.content.decode()
    assert pools.names(draft_of("erik").work) == pools.names(root)


def test_a_page_that_does_not_tell_its_date_asks_for_it(erik: Client, root: Path) -> None:
    text = "Pulje til en ny slags arbejde\n\nDu kan søge om 10.000 kr. til lokale.\n\nDen 3. marts 2026 åbner puljen."
    page = erik.post(NEW, {**GIVEN, "text": text})
    sent = {**chosen(page), "head-updated": "", "head-updated_quote": ""}
    assert erik.post(NEW, sent).status_code == 400
    sent |= {"head-title": "Pulje til en ny slags arbejde", "head-updated": "2026-03-03"}
    assert erik.post(NEW, {**sent, "head-updated_quote": "Den 3. marts 2026"}).status_code == 302


def test_a_page_is_fetched_from_its_address(
    erik: Client, root: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in PAGE.splitlines() if line)
    site.put("/pulje", f"<!doctype html><html><body>{lines}</body></html>")
    url = f"{site.url}/pulje"
    refused = erik.post(NEW, {**GIVEN, "url": url})
    assert "ind i et internt netværk" in read(refused)
    usual = settings.get
    monkeypatch.setattr(settings, "get", lambda name: 1 if name == "PULJEGUIDEN_FETCH_PRIVATE" else usual(name))
    assert "fejlen 404" in read(erik.post(NEW, {**GIVEN, "url": f"{site.url}/findes-ikke"}))
    page = erik.post(NEW, {**GIVEN, "url": url})
    assert page.status_code == 200, read(page)
    saved = erik.post(NEW, chosen(page))
    assert saved.status_code == 302, read(saved)
    (pool,) = set(pools.names(draft_of("erik").work)) - set(pools.names(root))
    assert facts.load(draft_of("erik").work / "data").pools[pool].page.url == url


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"text": ""}, "Skriv opslagets adresse, eller indsæt teksten"),
        ({"names": "x"}, "mindst tre bogstaver"),
        ({"name": "", "text": PAGE}, "Dette felt er påkrævet"),
        ({"url": "ftp://x"}, "gyldig URL"),
    ],
)
def test_what_a_new_pool_lacks_is_told_at_once(erik: Client, root: Path, changes: dict[str, str], told: str) -> None:
    answer = erik.post(NEW, {**GIVEN, **changes})
    assert answer.status_code == 400
    assert told in read(answer)


def test_names_page_and_contacts_of_a_pool_change(erik: Client, root: Path) -> None:
    path, change = f"{POOLS}{H}/", f"{POOLS}{H}/ret/"
    page = erik.get(path)
    parts = page.content.decode().split("<form")
    assert any('value="contacts"' in part for part in parts)
    about = {"name": "kommunale handlingsplaner", "names": "handlingsplan\nhandleplan", "hints": "", "url": ""}
    assert erik.post(change, {**about, "do": "about"}).status_code == 302
    assert list(facts.load(draft_of("erik").work / "data").pools[H].names) == ["handlingsplan", "handleplan"]
    head = {"title": "En anden titel", "updated": "2017-08-23", "updated_quote": "Sidst opdateret 23/08 2017"}
    assert "Titlen står ikke i opslaget" in read(erik.post(change, {**head, "do": "head"}))
    contacts = {"subject-who": "Ayse Göksu", "subject-fact": "contact", "admin-who": "", "admin-fact": ""}
    assert erik.post(change, {**contacts, "do": "contacts"}).status_code == 302
    told = [str(one) for one in drafts.differences(draft_of("erik"))]
    assert told == [f"names of {H} changed", f"hints of {H} changed", f"contacts of {H} changed"]
    wrong = erik.post(change, {**contacts, "subject-who": "Karl 12345678", "do": "contacts"})
    assert wrong.status_code == 409
