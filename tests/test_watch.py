"""Pages are fetched with care; when one changes, its facts are listed and the assistant says so until it is taken over."""

from __future__ import annotations

import html
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from puljeguiden.answers import Asked, answer
from puljeguiden.composing import compose
from puljeguiden.editing import fetching, files, pools, watch
from puljeguiden.editing.fetching import FetchError, fetch, text_of
from puljeguiden.facts import Loader
from puljeguiden.say import say
from tests.conftest import NOW, ROOT
from tests.house import B, H, build
from tests.site import Site, serving

DEADLINE = "Ansøgningsfristen er den 25. august 2017"


@pytest.fixture
def site() -> Iterator[Site]:
    """A website on this machine."""
    with serving() as running:
        yield running


@pytest.fixture
def root(tmp_path: Path, site: Site) -> Path:
    """A copy of what trainers edit, where one pool's page stands on the site as we have it."""
    build(tmp_path / "root")
    with files.changing(tmp_path / "root") as change:
        change.tree(pools.path(H))["page"]["url"] = site.url + "/pulje"
    publish(site, (tmp_path / "root" / pools.page(H)).read_text(encoding="utf-8"))
    return tmp_path / "root"


def publish(site: Site, text: str) -> None:
    lines = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines() if line)
    site.put("/pulje", f"<!doctype html><html><head><title>x</title></head><body>{lines}</body></html>")


def look(root: Path) -> watch.Page:
    (page,) = watch.look(root / "data", root.parent / "watch", private=True, pause=0)
    return page


def changed_page(root: Path) -> str:
    return (root / pools.page(H)).read_text(encoding="utf-8").replace("25. august 2017", "1. oktober 2017")


def said(loader: Loader, question: str, *names: str) -> list[str]:
    facts = loader.facts()
    row = [answer(facts, facts.pools[name], Asked(question), NOW) for name in names]
    return [one.response.removeprefix("utter_") for one in compose(facts, [row])]


def test_a_page_as_we_have_it_is_the_same(root: Path) -> None:
    page = look(root)
    assert (page.pool, page.state, page.lost) == (H, watch.SAME, ())
    assert watch.diff(root / "data", root.parent / "watch", H) == []


def test_the_second_look_asks_only_whether_it_changed(root: Path, site: Site) -> None:
    look(root)
    assert look(root).state == watch.SAME
    (_, first), (_, second) = [(path, headers) for path, headers in site.asked if path == "/pulje"]
    assert "If-None-Match" not in first
    assert "If-None-Match" in second
    assert first["User-Agent"].startswith("Puljeguiden/")


def test_a_changed_page_is_told_until_it_is_taken_over(root: Path, site: Site) -> None:
    loader = Loader(root / "data", root.parent / "watch")
    look(root)
    assert "note_changed" not in said(loader, "deadline", H)
    publish(site, changed_page(root))
    page = look(root)
    assert (page.state, page.lost) == (watch.CHANGED, ("deadline",))
    lines = [line for line in watch.diff(root / "data", root.parent / "watch", H) if line[0] in "+-"]
    assert lines == [f"-{DEADLINE}", "+Ansøgningsfristen er den 1. oktober 2017"]
    assert said(loader, "deadline", H) == ["deadline_passed", "note_changed"]
    assert "note_changed" in said(loader, "status", H)
    assert "note_changed" in said(loader, "eligibility", H)  # it says that the deadline has passed
    assert "note_changed" not in said(loader, "support", H)
    quote = "Ansøgningsfristen er den 1. oktober 2017"
    new = {"deadline": {"state": "stated", "rounds": [{"date": "2017-10-01"}], "quotes": [quote]}}
    pools.set_page(root, H, changed_page(root), new, {})
    assert "note_changed" not in said(loader, "deadline", H)
    assert watch.report(root / "data", root.parent / "watch")[0].state == watch.SAME


def test_the_note_names_the_page_and_stands_with_its_pool(root: Path, site: Site) -> None:
    publish(site, changed_page(root))
    look(root)
    facts = Loader(root / "data", root.parent / "watch").facts()
    row = [answer(facts, facts.pools[name], Asked("deadline"), NOW) for name in (B, H)]
    spoken = compose(facts, [row])
    assert spoken[-1] == say("note_changed", url=f"{site.url}/pulje")
    assert [one.response for one in spoken].index("utter_note_changed") > 1


def test_a_login_page_is_no_change_of_the_announcement(root: Path, site: Site) -> None:
    publish(site, "Log ind for at læse videre")
    page = look(root)
    assert (page.state, page.lost) == (watch.OTHER_PAGE, ())
    assert "note_changed" not in said(Loader(root / "data", root.parent / "watch"), "deadline", H)


def test_a_page_that_cannot_be_fetched_keeps_what_is_known(root: Path, site: Site) -> None:
    publish(site, changed_page(root))
    look(root)
    site.put("/pulje", "", status=503)
    page = look(root)
    assert (page.state, page.error, page.lost) == (watch.FAILED, "status", ("deadline",))


def test_another_address_starts_anew(root: Path, site: Site) -> None:
    publish(site, changed_page(root))
    look(root)
    with files.changing(root) as change:
        change.tree(pools.path(H))["page"]["url"] = site.url + "/ny"
    (page,) = watch.report(root / "data", root.parent / "watch")
    assert (page.state, page.lost) == (watch.NEW, ())


def test_pages_without_an_address_are_left_alone(tmp_path: Path) -> None:
    assert watch.look(ROOT / "data", tmp_path, private=True) == []


def test_the_command_looks_once_and_tells(root: Path, site: Site) -> None:
    publish(site, changed_page(root))
    var = root.parent / "var"
    settings = {
        "PULJEGUIDEN_DATA_DIR": str(root / "data"),
        "PULJEGUIDEN_VAR_DIR": str(var),
        "PULJEGUIDEN_FETCH_PRIVATE": "1",
    }
    command = [sys.executable, "-m", "puljeguiden", "watch", "--once"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"{H}: changed; no longer there: deadline\n"), done.stderr
    assert (var / "watch" / f"{H}.txt").exists()


REFUSED = {
    "ftp://example.org/x": "address",
    "file:///etc/passwd": "address",
    "http://user:secret@127.0.0.1/": "address",
    "www.uim.dk": "address",
}


@pytest.mark.parametrize("url", REFUSED)
def test_only_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(FetchError) as failed:
        fetch(url, private=True)
    assert failed.value.code == REFUSED[url]


def test_private_addresses_are_never_asked(site: Site) -> None:
    url = site.put("/hemmelig", "<p>internt</p>")
    for address in (url, url.replace("127.0.0.1", "localhost")):
        with pytest.raises(FetchError) as failed:
            fetch(address)
        assert failed.value.code == "private"
    assert site.asked == []


def test_a_redirect_is_followed_but_to_no_other_protocol(site: Site) -> None:
    site.put("/ny", "<p>her</p>")
    site.moved = {"/gammel": "/ny", "/ud": "file:///etc/passwd", "/rundt": "/rundt"}
    page = fetch(f"{site.url}/gammel", private=True)
    assert page is not None
    assert page.text == "her\n"
    for path in ("/ud", "/rundt"):
        with pytest.raises(FetchError) as failed:
            fetch(site.url + path, private=True)
        assert failed.value.code == "unreachable"


def test_what_robots_txt_forbids_is_not_fetched(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /intern\n", "text/plain")
    with pytest.raises(FetchError) as failed:
        fetch(site.put("/intern/x", "<p>x</p>"), private=True)
    assert failed.value.code == "robots"
    assert fetch(site.put("/pulje", "<p>x</p>"), private=True)
    assert site.paths() == ["/pulje"]


def test_what_is_no_page_of_a_fair_size_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = [
        (site.put("/pdf", b"%PDF", "application/pdf"), "not_text"),
        (site.put("/stor", b"x" * 2_100_000), "too_large"),
        (site.url + "/findes-ikke", "status"),
        ("http://127.0.0.1:1/", "unreachable"),
    ]
    for url, code in wrong:
        with pytest.raises(FetchError) as failed:
            fetch(url, private=True)
        assert failed.value.code == code
    monkeypatch.setattr(fetching, "_SECONDS", -1.0)
    with pytest.raises(FetchError) as failed:
        fetch(site.put("/langsom", "<p>x</p>"), private=True)
    assert failed.value.code == "too_slow"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_danish_letters_survive(site: Site, charset: str) -> None:
    page = fetch(site.put("/x", "<p>blåbærgrød</p>".encode(charset), f"text/html; charset={charset}"), private=True)
    assert page is not None
    assert page.text == "blåbærgrød\n"


def test_html_becomes_the_text_one_reads() -> None:
    source = """<html><head><title>nej</title><style>p {}</style></head><body><script>let nej = "<p>";</script>
    <h1>Pulje &amp; støtte</h1><p>Fristen er <b>den 1. maj</b>\n 2027,<br>kl.&nbsp;12.</p><ul><li>Skema<li>Bilag</ul>
    <table><tr><td>Sum</td><td>1 mio. kr.</td></tr></table><!-- nej --></body></html>"""
    assert text_of(source).split("\n\n") == [
        "Pulje & støtte", "Fristen er den 1. maj 2027,", "kl. 12.", "Skema", "Bilag", "Sum 1 mio. kr.\n",
    ]  # fmt: skip


def test_the_text_of_a_fetched_page_is_one_a_pool_can_be_made_from(root: Path, site: Site) -> None:
    page = fetch(f"{site.url}/pulje", private=True)
    assert page is not None
    pools.add(root, {"id": "ny", "name": "ny pulje", "names": ["nypulje"], "text": page.text})
    assert Loader(root / "data").facts().pools["ny"].page.title.startswith("Genudmelding")
