"""Watched pages: what changed is shown beside the answers that lost their quotes, and the new text is approved."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from puljeguiden import facts, watched
from puljeguiden.editing import files, pools, watch
from tests.house import B, H
from tests.site import Site, serving
from tests.staff.training import draft_of, fields, read

if TYPE_CHECKING:
    from django.test import Client

PAGES, ONE = "/traening/sider/", f"/traening/sider/{H}/"


@pytest.fixture
def site() -> Iterator[Site]:
    """A website on this machine."""
    with serving() as running:
        yield running


@pytest.fixture
def live(root: Path, site: Site) -> Path:
    """What is live, where one pool's page stands on the website."""
    with files.changing(root) as change:
        change.tree(pools.path(H))["page"]["url"] = f"{site.url}/pulje"
    return root


def look(root: Path, site: Site, **changed: str) -> None:
    """Put a page on the website, with some words changed, and look at it."""
    text = (root / pools.page(H)).read_text(encoding="utf-8")
    for old, new in changed.items():
        text = text.replace(old.replace("_", " "), new)
    lines = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines() if line)
    site.put("/pulje", f"<!doctype html><html><body>{lines}</body></html>")
    watch.look(root / "data", watched.home(), private=True, pause=0)


def test_the_list_tells_how_each_page_stands(erik: Client, live: Path, site: Site) -> None:
    said = read(erik.get(PAGES))
    assert "Ikke hentet endnu Endnu ikke" in said
    assert "Uden adresse: Udsatte boligområder" in said
    look(live, site)
    assert "Uændret" in read(erik.get(PAGES))
    assert "Teksten på nettet er den samme som vores" in read(erik.get(ONE))
    site.put("/pulje", "væk", status=500)
    watch.look(live / "data", watched.home(), private=True, pause=0)
    assert "Webstedet svarede med fejlen" in read(erik.get(PAGES))


def test_a_changed_page_is_approved_with_its_new_answers(erik: Client, live: Path, site: Site) -> None:
    look(live, site, **{"25. august 2017": "1. oktober 2017", "23/08 2017": "30/08 2017"})
    said = read(erik.get(PAGES))
    assert "Ændret" in said
    assert "Ansøgningsfrist" in said
    page = erik.get(ONE)
    shown = read(page)
    assert "Ny:" in shown
    assert "1. oktober 2017" in shown
    assert fields(page)["head-updated"] == ["2017-08-30"]
    refused = erik.post(ONE, fields(page))
    assert refused.status_code == 400
    assert "Citatet står ikke ordret i opslaget" in read(refused)
    sent = {
        name: [
            value.replace("25. august 2017", "1. oktober 2017").replace("25.8.2017", "1.10.2017") for value in values
        ]
        for name, values in fields(page).items()
    }
    sent = {
        name: [v.replace("23/08 2017", "30/08 2017").replace("23. august", "30. august") for v in values]
        for name, values in sent.items()
    }
    done = erik.post(ONE, sent)
    assert done.status_code == 302, read(done)
    known = facts.load(draft_of("erik").work / "data")
    assert str(known.pools[H].fact("deadline").rounds[0].day) == "2017-10-01"
    assert "1. oktober 2017" in known.pages[H]
    assert "Godkendte en ændret side" in read(erik.get("/traening/haendelser/"))
    assert "Ny tekst fra opslaget om Kommunale handlingsplaner" in read(erik.get("/traening/aendringer/"))


def test_a_page_that_is_not_watched_is_not_found(erik: Client, live: Path) -> None:
    assert erik.get(f"{PAGES}{B}/").status_code == 404
    assert erik.get(f"{PAGES}findes-ikke/").status_code == 404
