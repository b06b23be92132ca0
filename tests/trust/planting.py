"""Plants CPR numbers, names and e-mail addresses wherever somebody can write, and finds what became of them on disk."""

from __future__ import annotations

import base64
import email
import email.policy
import re
import secrets
import sqlite3
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from tests.cases import body
from tests.conftest import ROOT, Running, Visitor, wait_for
from tests.staff.service import PASSWORD, login

CPR = "1211543817"
SPELLINGS = [
    "121154-3817",
    CPR,
    "12 11 54 38 17",
    "12.11.54-3817",
    "12/11-1954 3817",
    "１２１１５４-3817",
    "121154 – 3817",
]
_ANY_CPR = re.compile(rb"12\D{0,4}11\D{0,4}(?:19)?54\D{0,6}38\D{0,3}17")
NAME, ADDRESS = "Zorblatta Quixendal", "zorblatta.quixendal@eksempel-kommune.dk"
GONE_NAME, GONE_ADDRESS = "Kvortelix Brumlund", "kvortelix@brumlund-kommune.dk"
CASE_NAME, CASE_ADDRESS = "Vimpelina Tordentop", "vimpelina@tordentop-kommune.dk"


class Planter:
    """Somebody who writes what he should not, at every door of one assistant."""

    def __init__(self, assistant: Running) -> None:
        self.assistant = assistant
        self.visitor = Visitor(assistant.url)
        self.number = ""

    def plant(self) -> None:
        """Write it everywhere."""
        self._chat()
        self._form()
        self._addresses()
        self._case_door()
        wait_for(lambda: self.number in self._staff().get(f"{self.assistant.staff_url}/sager/").text)
        self._staff_pages()

    def plant_and_delete(self) -> None:
        """Write a name and an address in a conversation, wait for its copy, and delete it as its visitor may."""
        visitor = Visitor(self.assistant.url)
        answer = visitor.say(f"Jeg hedder {GONE_NAME}, {GONE_ADDRESS}. Hvem kan søge?")["custom"]["answer"]["id"]
        rating = {"sender": visitor.sender, "answer": answer, "useful": False, "reason": GONE_NAME}
        doors = f"{self.assistant.url}/webhooks/rest"
        assert requests.post(f"{doors}/feedback", json=rating, timeout=10).ok
        wait_for(lambda: answer in self._copied())
        assert requests.post(f"{doors}/delete", json={"sender": visitor.sender}, timeout=10).ok
        wait_for(lambda: answer not in self._copied())

    def _copied(self) -> set[str]:
        with sqlite3.connect(self.assistant.var / "staff.db", timeout=20) as database:
            return {row[0] for row in database.execute("select number from conversations_answer")}

    def _chat(self) -> None:
        url = self.assistant.url
        for spelling in SPELLINGS:
            self.visitor.say(f"Jeg er {spelling}. Hvem kan søge?", pool=CPR, cpr=CPR)
        reply = self.visitor.say(f"Jeg hedder {NAME}, skriv til {ADDRESS}. Hvornår er fristen?")
        answer = reply["custom"]["answer"]["id"]
        for reason in SPELLINGS:
            rating = {"sender": self.visitor.sender, "answer": answer, "useful": False, "reason": f"{reason} {NAME}"}
            assert requests.post(f"{url}/webhooks/rest/feedback", json=rating, timeout=10).ok
        for sender in (f"a-{CPR}-a", f"{CPR}-{secrets.token_hex(12)}"):
            Visitor(url).post({"sender": sender, "message": f"hej {SPELLINGS[0]}"})
            for door in ("history", "feedback", "delete"):
                requests.post(f"{url}/webhooks/rest/{door}", json={"sender": sender, "answer": CPR}, timeout=10)
            requests.post(f"{url}/spoerg", data={"sender": sender, "message": SPELLINGS[1], "pool": CPR}, timeout=10)

    def _form(self) -> None:
        """Hand a question to people, with a number in each field."""
        asked = self.visitor.say("Jeg vil tale med et menneske om handlingsplanerne")
        said = {
            "question": [f"Kan {CASE_NAME} med {SPELLINGS[0]} få hjælp?"],
            "name": [f"{CASE_NAME} {SPELLINGS[1]}", CASE_NAME],
            "organisation": [f"Tordentop Kommune {SPELLINGS[2]}", "Tordentop Kommune"],
            "email": [f"{CPR}@tordentop-kommune.dk", CASE_ADDRESS],
            "confirm": ["ja"],
        }
        for _ in range(15):
            if "case" in asked["custom"]:
                self.number = asked["custom"]["case"]["number"]
                return
            left = said[asked["custom"]["form"]["ask"]]
            asked = self.visitor.say(left.pop(0) if len(left) > 1 else left[0])
        raise AssertionError(asked)

    def _addresses(self) -> None:
        """Ask for addresses, and with headers, that hold a number."""
        odd = {"User-Agent": CPR, "Referer": f"http://x/{CPR}", "X-Forwarded-For": CPR, "Accept-Language": CPR}
        for url in (self.assistant.url, self.assistant.staff_url):
            for path in (
                f"/{CPR}",
                f"/sager/{CPR}/?q={CPR}",
                f"/puljer/{SPELLINGS[0]}",
                f"/chat?pulje={CPR}",
                f"/%FF{CPR}",
            ):
                requests.get(url + path, headers={**odd, "Cookie": f"a={CPR}"}, timeout=10)
            requests.get(url, headers={"Host": f"{CPR}.dk"}, timeout=10)
            requests.request(f"X{CPR}", url, timeout=10)

    def _case_door(self) -> None:
        token = (self.assistant.var / "staff_token").read_text(encoding="utf-8").strip()
        line = {"at": "", "from": "visitor", "text": f"{SPELLINGS[0]} {CASE_NAME}"}
        fields = dict.fromkeys(("question", "name", "organisation", "email"), f"{SPELLINGS[0]} {CASE_NAME}")
        for given in (body(**fields, transcript=[line]), body(number=CPR), {CPR: CPR}):
            requests.post(
                f"{self.assistant.staff_url}/api/cases",
                json=given,
                headers={"Authorization": f"Bearer {token}"},
                timeout=10,
            )

    def _staff(self) -> requests.Session:
        if not hasattr(self, "_session"):
            self._session = login(self.assistant.staff_url, "administrator", PASSWORD)
        return self._session

    def _staff_pages(self) -> None:
        url, session = self.assistant.staff_url, self._staff()
        for name in (CPR, f"x{SPELLINGS[0]}"):
            self._post("/log-ind/", requests.Session(), username=name, password=f"{CPR}{NAME}", next=f"/{CPR}")
        session.get(f"{url}/samtaler/?q={CPR}&pool={CPR}", timeout=10)
        listed: list[str] = []
        wait_for(lambda: listed.extend(re.findall(r"/samtaler/([0-9a-f]{32})/", self._list())) or listed)
        key = listed[0]
        sent: dict[str, dict[str, Any]] = {
            f"/sager/{self.number}/notat/": {"text": f"Ring om {SPELLINGS[0]}"},
            f"/sager/{self.number}/svar/": {"subject": f"Om {CPR}", "body": SPELLINGS[2], "step": "send"},
            f"/samtaler/filtre/?q={SPELLINGS[0]}&pool={CPR}": {"name": "mit filter"},
            "/samtaler/filtre/": {"name": f"filter {SPELLINGS[0]}"},
            f"/samtaler/formaal/?next=/{CPR}": {"purpose": "quality", "x": CPR},
            f"/samtaler/eksport.csv?q={SPELLINGS[0]}": {"purpose": "quality"},
            f"/samtaler/{key}/umaskeret/": {"reason": f"Ansøgeren {SPELLINGS[0]} har bedt om det"},
            f"/samtaler/{key}/1/vurdering/": {"what": "right", "comment": f"{CPR} er rigtigt"},
            f"/samtaler/{key}/1/forslag/": {"use": "example", "x": CPR},
            "/indsigt/": {"whose": CPR, "action": "find", "purpose": f"{SPELLINGS[0]} har bedt om det"},
        }
        for path, form in sent.items():
            self._post(path, session, **form)

    def _list(self) -> str:
        return str(self._staff().get(f"{self.assistant.staff_url}/samtaler/", timeout=10).text)

    def _post(self, path: str, session: requests.Session, **form: str) -> None:
        page = session.get(f"{self.assistant.staff_url}/log-ind/", timeout=10).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        data = {**form, "csrfmiddlewaretoken": token[1] if token else ""}
        assert session.post(self.assistant.staff_url + path, data, timeout=30).status_code < 500


def files(var: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file that the assistant wrote, by its path, with mails also as they are read; models aside."""
    for file in sorted(var.rglob("*")):
        name = file.relative_to(var).as_posix()
        if not file.is_file() or name.startswith("models/"):
            continue
        try:
            content = file.read_bytes()
        except FileNotFoundError:  # SQLite's log of what is not in the database yet; now it is
            continue
        if name.startswith("mail/"):
            parts = email.message_from_bytes(content, policy=email.policy.default).walk()
            content += b"".join(part.get_payload(decode=True) or b"" for part in parts if not part.is_multipart())
        yield name, content


def cpr_in(content: bytes) -> bool:
    """Return whether the planted number is there, in whatever spelling or encoding."""
    if _ANY_CPR.search(content) or _ANY_CPR.search(content.replace(b"\0", b"")):
        return True
    encoded = [base64.b64encode(b"x" * shift + one.encode())[4:-4] for one in SPELLINGS for shift in range(3)]
    return any(one in content for one in [*encoded, *(quote(one).encode() for one in SPELLINGS)])


def with_words(var: Path, *words: str) -> set[str]:
    """Return the files that hold one of some words, SQLite's free pages and logs of writes among them."""
    wanted = [word.encode() for word in words]
    return {name.removesuffix("-wal") for name, content in files(var) if any(word in content for word in wanted)}


def undocumented(found: set[str]) -> set[str]:
    """Return the files that hold names or addresses although docs/data-map.md does not say so."""
    allowed = [pattern for pattern, personal in documented().items() if personal]
    return {name for name in found if not any(fnmatch(name, pattern) for pattern in allowed)}


def unknown(var: Path) -> set[str]:
    """Return the files that docs/data-map.md does not name at all."""
    return {name for name, _ in files(var) if not any(fnmatch(name, pattern) for pattern in documented())}


def documented() -> dict[str, bool]:
    """Return the files that docs/data-map.md names, and whether it says that names and addresses stand there."""
    lines = (ROOT / "docs" / "data-map.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("| `")]
    return {row[0].split("`")[1]: row[2].startswith("yes") for row in rows}
