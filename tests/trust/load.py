"""Visitors who go on whatever happens, and remember what they were promised."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.conftest import Running
from tests.crowd import Crowd

LONGEST = 10.0
_HISTORY_SECONDS = 90
_QUESTIONS = (
    "Hvornår er fristen for handlingsplanerne?",
    "hvem kan søge?",
    "hvor mange penge er der",
    "hvad koster en is",
)
_SAYS = {"question": "Hvordan samarbejder vi bedst med skolerne?", "name": "spring over", "organisation": "spring over"}


@dataclass
class Visitor:
    """One visitor: conversations, ratings and cases in turn; `kept` is what was acknowledged."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)
    outcomes: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    wrong: list[str] = field(default_factory=list)
    kept: dict[str, list[str]] = field(default_factory=dict)
    rated: list[tuple[str, str, bool]] = field(default_factory=list)
    cases: dict[str, str] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)

    def visit(self, stop: threading.Event, pause: float) -> None:
        """Go on until told to stop."""
        while not stop.is_set():
            sender = secrets.token_urlsafe(24)
            for number in range(4):
                self._ask(sender, f"{_QUESTIONS[number]} {secrets.token_hex(3)}")
                stop.wait(pause)
            if not stop.is_set():
                self._hand_over(stop, pause)

    def _ask(self, sender: str, text: str) -> dict[str, Any] | None:
        reply = self._post("webhook", {"sender": sender, "message": text})
        if not reply:
            return None
        self.kept.setdefault(sender, []).append(text)
        answer = reply[0]["custom"]["answer"]
        if answer["status"] != "error" and secrets.randbelow(4) == 0:
            useful = bool(secrets.randbelow(2))
            rating = {"sender": sender, "answer": answer["id"], "useful": useful}
            if self._post("feedback", rating):
                self.rated.append((sender, answer["id"], useful))
        return dict(reply[0])

    def _hand_over(self, stop: threading.Event, pause: float) -> None:
        """Fill in the form, whatever it takes; say again what got no answer."""
        sender, address = secrets.token_urlsafe(24), f"v{secrets.token_hex(8)}@eksempel-kommune.dk"
        says = {**_SAYS, "email": address, "confirm": "ja"}
        said = "Jeg vil tale med et menneske om handlingsplanerne"
        self.tried.add(address)
        for _ in range(40):
            reply = self._post("webhook", {"sender": sender, "message": said})
            if reply:
                custom = reply[0]["custom"]
                if "case" in custom:
                    self.cases[address] = custom["case"]["number"]
                    return
                if custom["answer"]["status"] != "error" and "form" in custom:
                    said = says[custom["form"]["ask"]]
            if stop.wait(pause if reply else 1.0):
                return

    def _post(self, door: str, body: dict[str, Any]) -> Any:
        """Send a request; return the answer where it was acknowledged, and count what else came."""
        began = time.monotonic()
        try:
            response = self.session.post(f"{self.url}/webhooks/rest/{door}", json=body, timeout=30)
        except requests.RequestException:
            self._count("not reached", began)
            return None
        if response.status_code == 200:
            told = response.json()
            failed = isinstance(told, list) and told[0]["custom"]["answer"]["status"] == "error"
            self._count("apology" if failed else "answered", began)
            return told
        self._count(f"error {response.status_code}", began)
        if not response.json().get("text") or response.status_code not in (404, 429, 503):
            self.wrong.append(f"{response.status_code} {response.text[:200]}")
        return None

    def _count(self, outcome: str, began: float) -> None:
        took = time.monotonic() - began
        self.longest = max(self.longest, took)
        self.outcomes[outcome] += 1
        if took > LONGEST:
            self.wrong.append(f"{outcome} after {took:.1f} s")


class Load(Crowd):
    """Some visitors at once, for as long as the block lasts."""

    _patience = 120

    def __init__(self, assistant: Running, visitors: int = 4, pause: float = 0.4) -> None:
        super().__init__()
        self.assistant = assistant
        self.visitors = [Visitor(assistant.url) for _ in range(visitors)]
        for one in self.visitors:
            self._add(one.visit, self._stop, pause)

    def outcomes(self) -> Counter[str]:
        """Return how requests ended."""
        return sum((one.outcomes for one in self.visitors), Counter())

    def longest(self) -> float:
        """Return the longest that anybody waited, in seconds."""
        return max(one.longest for one in self.visitors)

    def wrong(self) -> list[str]:
        """Return answers that should not be: no sentence for the visitor, or too late."""
        return [problem for one in self.visitors for problem in one.wrong]

    def promises(self) -> dict[str, int]:
        """Return how much was acknowledged."""
        return {
            "messages": sum(len(texts) for one in self.visitors for texts in one.kept.values()),
            "ratings": sum(len(one.rated) for one in self.visitors),
            "cases": sum(len(one.cases) for one in self.visitors),
        }

    def broken(self, numbers: dict[str, list[str]]) -> list[str]:
        """Return the promises that were not kept; `numbers` are the staff service's cases by e-mail address."""
        return [problem for one in self.visitors for problem in self._broken(one, numbers)]

    def _history(self, sender: str) -> list[dict[str, Any]]:
        """Return what a conversation shows, as soon as it does not ask too much any more."""
        for _ in range(_HISTORY_SECONDS):
            response = requests.post(f"{self.assistant.url}/webhooks/rest/history", json={"sender": sender}, timeout=30)
            if response.ok:
                told: list[dict[str, Any]] = response.json()["messages"]
                return told
            time.sleep(1)
        raise AssertionError(f"the history is not shown: {response.status_code}")

    def _broken(self, one: Visitor, numbers: dict[str, list[str]]) -> list[str]:
        problems = []
        histories: dict[str, list[dict[str, Any]]] = {}
        for sender, texts in one.kept.items():
            told = histories[sender] = self._history(sender)
            shown = [message["text"] for message in told if message["who"] == "visitor"]
            problems += [f"message lost: {text}" for text in texts if text not in shown]
            problems += [f"message doubled: {text}" for text in texts if shown.count(text) > 1]
            if [text for text in shown if text in texts] != texts:
                problems.append(f"messages in another order: {shown}")
        last = {(sender, answer): useful for sender, answer, useful in one.rated}
        for (sender, answer), useful in last.items():
            rated = [
                message.get("useful")
                for message in histories[sender]
                if answer in [given["id"] for given in message.get("custom", {}).get("answers", ())]
            ]
            problems += [] if rated == [useful] else [f"rating lost: {rated}"]
        for address, number in one.cases.items():
            problems += [] if numbers.get(address) == [number] else [f"case {number}: {numbers.get(address)}"]
        problems += [f"case doubled: {numbers[one]}" for one in one.tried if len(numbers.get(one, ())) > 1]
        return problems


def cases(database: str) -> dict[str, list[str]]:
    """Return the numbers of the staff service's cases by the applicant's address."""
    found: dict[str, list[str]] = {}
    with sqlite3.connect(database, timeout=20) as opened:
        for address, number in opened.execute("select email, number from cases_case"):
            found.setdefault(address, []).append(number)
    return found
