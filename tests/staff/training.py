"""What the tests of trainers' pages share: a checkout of what they edit, and how a page is read."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.house import build

if TYPE_CHECKING:
    from django.test import Client

    from puljeguiden.editing.drafts import Draft

NEW = "hvornår lukker vinduet for at søge"


def git(root: Path, *arguments: str) -> str:
    """Run git in a folder."""
    command = ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout that stands for what is live, with drafts and fetched pages of its own."""
    made = build(tmp_path / "root")
    git(made, "init", "--quiet")
    git(made, "add", "--all")
    git(made, "commit", "--quiet", "--message=Begin")
    monkeypatch.setattr("staff.training.desk.root", lambda: made)
    monkeypatch.setattr("puljeguiden.editing.drafts.home", lambda: tmp_path / "drafts")
    monkeypatch.setattr("puljeguiden.watched.home", lambda: tmp_path / "watch")
    return made


@pytest.fixture
def frida(person: Callable[..., Client]) -> Client:
    """Frida, who trains the assistant, too."""
    return person("frida", "Træner")


def draft_of(name: str) -> Draft:
    """Return somebody's draft."""
    from puljeguiden.editing import drafts

    (draft,) = [one for one in drafts.every(drafts.home()) if one.author == name]
    return draft


def read(response: Any) -> str:
    """Return what one reads on a page: its text, without tags, in one line."""
    text = re.sub(r"<(?:head|datalist)\b.*?</(?:head|datalist)>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def fields(response: Any, form: str = "") -> dict[str, Any]:
    """Return what a browser would send of a page's form: the one whose action is given, or else the last of them."""
    page = response.content.decode()
    parts = [part.partition("</form>")[0] for part in re.split(r"<form", page)[1:]]
    (part, *_) = [part for part in parts if f'action="{form}"' in part] if form else parts[-1:]
    found: dict[str, Any] = {}

    def put(name: str, value: str) -> None:
        found.setdefault(name, []).append(html.unescape(value))

    for tag in re.findall(r"<input\b[^>]*>", part):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in given and (given.get("type") not in ("checkbox", "radio") or re.search(r"\bchecked\b", tag)):
            put(given["name"], given.get("value", "on" if given.get("type") == "checkbox" else ""))
    for name, text in re.findall(r'<textarea\b[^>]*?name="([^"]+)"[^>]*>\n?(.*?)</textarea>', part, re.S):
        put(name, text)
    for name, options in re.findall(r'<select\b[^>]*?name="([^"]+)"[^>]*>(.*?)</select>', part, re.S):
        values = re.findall(r'<option value="([^"]*)"( selected)?', options)
        put(name, next((value for value, is_chosen in values if is_chosen), values[0][0] if values else ""))
    found.pop("csrfmiddlewaretoken", None)
    return found
