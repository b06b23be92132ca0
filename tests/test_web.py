"""The website over HTTP: what every page keeps, how files are cached, and the plain form."""

from __future__ import annotations

import gzip
import re
from html import unescape

import pytest
import requests

from tests.conftest import ROOT, Running, Visitor

PAGES = ["/", "/puljer/udsatte-boligomraader", "/puljer/kommunale-handlingsplaner", "/chat", "/spoerg", "/om-chatten"]


def get(assistant: Running, path: str, **headers: str) -> requests.Response:
    return requests.get(assistant.url + path, headers={"Accept": "text/html", **headers}, timeout=10)


@pytest.mark.parametrize(
    "path", [*PAGES, "/nope", "/puljer/nope", "/health", "/chat.json", "/pulje-guide.js", "/openapi.json"]
)
def test_every_answer_has_a_strict_policy(assistant: Running, path: str) -> None:
    response = get(assistant, path)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'self'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in response.headers
    behind_tls = get(assistant, path, **{"X-Forwarded-Proto": "https"}).headers
    assert behind_tls["Strict-Transport-Security"] == "max-age=31536000"
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_needs_no_other_host(assistant: Running, path: str) -> None:
    response = get(assistant, path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<style|style=|<script(?! src)|\son\w+=|https?://", response.text)
    for address in re.findall(r'(?:src|href)="(/[^"#]*)', response.text):
        assert get(assistant, unescape(address)).status_code == 200, address


def test_an_address_that_is_not_there_is_a_page_for_people_and_json_for_programs(assistant: Running) -> None:
    page, data = get(assistant, "/nope"), get(assistant, "/nope", Accept="application/json")
    assert (page.status_code, data.status_code) == (404, 404)
    assert "<h1>Adressen findes ikke.</h1>" in page.text
    assert data.json()["text"] == "Adressen findes ikke."


def test_status_and_deadline_follow_the_facts_and_the_day(assistant: Running) -> None:
    page = get(assistant, "/puljer/kommunale-handlingsplaner").text
    assert "Fristen er overskredet" in page
    assert "25. august 2017" in page
    assert "Opslaget nævner ingen ansøgningsfrist" in get(assistant, "/puljer/udsatte-boligomraader").text


def test_files_are_kept_for_good_under_an_address_with_their_digest(assistant: Running) -> None:
    page = get(assistant, "/").text
    (style,) = re.findall(r'href="(/static/[^"]*dkfds.css)"', page)
    (script,) = re.findall(r'src="(/pulje-guide.js[^"]*)"', page)
    for address in (style, script):
        response = get(assistant, address)
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Content-Encoding"] == "gzip"
        again = get(assistant, address, **{"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert get(assistant, re.sub(r"/static/\w+/", "/static/000000000000/", style)).status_code == 404
    for address in ("/pulje-guide.js", "/pulje-guide.js?v=000000000000"):
        assert get(assistant, address).headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize(
    "name", ["../widget/draw.js", "..%2f..%2fREADME.md", "%2e%2e/%2e%2e/README.md", "//etc/passwd"]
)
def test_only_static_files_are_sent(assistant: Running, name: str) -> None:
    (folder,) = re.findall(r'href="(/static/\w+/)site.css"', get(assistant, "/").text)
    assert get(assistant, folder + name).status_code == 404


def test_the_widget_is_one_file_of_at_most_ten_kilobytes(assistant: Running) -> None:
    widget = get(assistant, "/pulje-guide.js").content
    assert len(gzip.compress(widget, 9)) <= 10_000
    assert not re.search(rb"\bimport\b|\beval\b|innerHTML|document\.cookie|localStorage", widget)
    assert set(re.findall(rb"https?://[a-z.]+", widget)) <= set()


def test_the_widget_has_only_colours_of_the_design_system_and_its_corners_and_type() -> None:
    style = (ROOT / "web" / "widget" / "style.css").read_text(encoding="utf-8")
    tokens = (ROOT / "web" / "static" / "dkfds" / "dkfds.css").read_text(encoding="utf-8")
    system = set(re.findall(r"--fds-\S+: #(\w{6});", tokens.lower())) | {"000000", "ffffff"}
    used = {color.lower() for color in re.findall(r"#([0-9a-fA-F]{3,8})\b(?![^{]*\{)", style)}
    solid = {
        "".join(char * 2 for char in color) if len(color) == 3 else color for color in used if len(color) in (3, 6)
    }
    assert solid - system == set()
    assert set(re.findall(r"border-radius: ([^;]+);", style)) <= set(re.findall(r"border-radius: ([^;]+);", tokens)) | {
        "0"
    }
    assert re.search(r"font: [^;]*\"IBM Plex Sans\"", style)


def test_nothing_in_the_widget_moves() -> None:
    style = (ROOT / "web" / "widget" / "style.css").read_text(encoding="utf-8")
    assert not re.search("transition|animation|scroll-behavior", style)


def test_fonts_are_woff2_only_and_there_is_no_logo() -> None:
    files = [file for file in (ROOT / "web" / "static").rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".css", ".js", ".md", ".svg", ".txt", ".woff2"}
    assert [file.name for file in files if re.search("logo|borger|virk", file.name, re.IGNORECASE)] == []


def test_about_the_chat_tells_what_the_law_asks(assistant: Running) -> None:
    page = unescape(get(assistant, "/om-chatten").text)
    for words in (
        "er en robot",
        "afgør ikke noget",
        "når der er gået 30 dage",
        "når der er gået 365 dage",
        "Datatilsynet",
    ):
        assert words in page
    for part in ("Overholdelse", "Utilgængeligt indhold", "Kontakt", "Håndhævelse", "Udarbejdelse af erklæringen"):
        assert f"<h3>{part}</h3>" in page


def ask(assistant: Running, **form: str) -> requests.Response:
    return requests.post(f"{assistant.url}/spoerg", data=form, headers={"Accept": "text/html"}, timeout=10)


def field(page: str, name: str) -> str:
    (value,) = set(re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', page))
    return value


def test_without_javascript_the_same_question_gets_the_same_answer(assistant: Running, visitor: Visitor) -> None:
    question = "Hvornår er fristen for handlingsplanerne?"
    page = unescape(ask(assistant, message=question).text)
    reply = visitor.say(question)
    assert reply["text"] in page
    assert f"”{reply['custom']['answers'][0]['sources'][0]['quote']}”" in page
    assert "Kilde: opslaget om kommunale handlingsplaner, opdateret 23. august 2017" in page


def test_without_javascript_the_conversation_goes_on_and_can_be_deleted(assistant: Running) -> None:
    first = ask(assistant, message="Hvornår er fristen?", pool="kommunale-handlingsplaner").text
    sender = field(first, "sender")
    assert len(sender) >= 22
    second = unescape(ask(assistant, sender=sender, message="og den anden pulje?").text)
    assert second.count("Puljeguiden svarede") == 2
    assert "ingen ansøgningsfrist" in second
    deleted = ask(assistant, sender=sender, do="delete").text
    assert "Samtalen er slettet." in deleted
    assert requests.post(f"{assistant.url}/webhooks/rest/history", json={"sender": sender}, timeout=20).json() == {
        "messages": []
    }


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Jeg modtog ikke noget spørgsmål."),
        ({"message": "   "}, "Jeg modtog ikke noget spørgsmål."),
        ({"message": "a" * 1001}, "Beskeden er for lang."),
        ({"message": "hej", "sender": "a b" * 10}, "Feltet sender skal være"),
        ({"do": "delete", "sender": "kort"}, "Feltet sender skal være"),
    ],
)
def test_the_form_says_what_is_wrong(assistant: Running, form: dict[str, str], said: str) -> None:
    page = ask(assistant, **form).text
    assert said in page
    assert 'aria-describedby="hint problem"' in page
    assert "<title>Fejl: " in page


def test_what_could_not_be_sent_stays_in_the_form(assistant: Running) -> None:
    page = ask(assistant, message="010190-1234 " + "b" * 1001).text
    assert "b" * 1001 + "</textarea>" in page
    assert "010190" not in page


def test_the_form_shows_no_conversation_whose_id_could_be_guessed(assistant: Running) -> None:
    Visitor(assistant.url).post({"sender": "demo-1", "message": "min hemmelighed er kanelsnegl"})
    assert "kanelsnegl" not in ask(assistant, sender="demo-1", message="hej").text


def test_markup_in_the_form_stays_text_and_cpr_numbers_go(assistant: Running) -> None:
    page = ask(assistant, message="<script>alert(1)</script> 010190-1234", pool='"><b>').text
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "010190" not in page
    assert "[CPR-nummer fjernet]" in page
