"""Knocks at every described door with what `hostile` makes, and judges each answer."""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote

import requests
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.cases import body
from tests.trust import hostile
from tests.trust.description import Operation, operations, resolved

# How many inputs of each thousand a door gets; what is not named here takes no input worth varying.
SHARES = {
    "ask": 400,
    "history": 90,
    "delete": 70,
    "feedback": 120,
    "ask_plainly": 110,
    "submit_case": 110,
    "start": 30,
    "pool": 25,
    "form": 15,
    "chat": 15,
    "widget": 5,
    "static": 10,
}
_LIVING = 20
_TRACE = re.compile(
    r"Traceback|File \"/|\.py\"?, line|sanic|django(?!-admin)|werkzeug|site-packages|OperationalError|psycopg", re.I
)
_OWN_SCRIPT = re.compile(r"/(pulje-guide\.js|static/|brugere/jsi18n/$)")


@dataclass
class Tally:
    """What was sent, how it was answered, and what was wrong with it."""

    sent: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def judge(self, door: str, response: requests.Response, described: str | None = None) -> None:
        """Count an answer, and note what should not be."""
        self.sent[door] += 1
        self.statuses[response.status_code] += 1
        if problem := described or fault(response):
            self.wrong.append(f"{door}: {problem}")


def fault(response: requests.Response) -> str | None:
    """Return what no answer of ours may be: a failure of the server, a trace of code, a page that runs what was sent."""
    status = response.status_code
    if status >= 500:
        return f"{status}: {response.text[:200]!r}"
    said = response.text
    kind = response.headers.get("Content-Type", "")
    if "javascript" not in kind and (found := _TRACE.search(said)):
        return f"{status} tells of code: {found[0]!r}"
    policy = response.headers.get("Content-Security-Policy", "")
    if status == 414 and "Request Line is too large" in said:
        return None  # gunicorn's own words, with nothing in them that was sent; none of our code was reached
    if "default-src 'none'" not in policy or response.headers.get("X-Content-Type-Options") != "nosniff":
        return f"{status} without the headers that protect it"
    if kind.startswith("text/html") and (found := running(said)):
        return f"{status} with markup that could run: {found[0][:200]}"
    return None


class _Running(HTMLParser):
    """Collects what a browser would run, or take for a form or a place of somebody else's."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        addresses = [given[name] or "" for name in ("href", "src", "action", "formaction", "srcdoc") if name in given]
        if (
            tag in ("iframe", "object", "embed", "base", "style")
            or any(name.startswith("on") or name == "style" for name in given)
            or (tag == "script" and not _OWN_SCRIPT.match(given.get("src") or ""))
            or any(
                re.match(r"\s*(javascript|data|vbscript):|//|https?://(?!127\.0\.0\.1)", one, re.I) for one in addresses
            )
            or (tag == "meta" and "http-equiv" in given)
        ):
            self.found.append(self.get_starttag_text() or tag)


def running(page: str) -> list[str]:
    """Return the tags of a page that are not ours."""
    reader = _Running()
    reader.feed(page)
    return reader.found


class Knocker:
    """Somebody who tries all doors of one assistant, with some conversations of his own under way."""

    def __init__(self, url: str, staff_url: str, token: str, addresses: int = 0) -> None:
        self.tally = Tally()
        self._urls = {False: url, True: staff_url}
        self._token, self._addresses = token, addresses
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # a broken «Host» breaks cookie jars
        self._living: dict[str, str] = {}

    def _begin(self) -> None:
        """Begin conversations; those from before may have been deleted."""
        self._living = {}
        for _ in range(_LIVING):
            sender = secrets.token_urlsafe(24)
            message = {"sender": sender, "message": "hvem kan søge?"}
            address = f"{self._urls[False]}/webhooks/rest/webhook"
            reply = self._session.post(address, json=message, headers=self._from(), timeout=30)
            self._living[sender] = reply.json()[0]["custom"]["answer"]["id"]

    def try_all(self, count: int, chance: int) -> None:
        """Send so many inputs in all, spread over the doors by their shares."""
        for operation in operations():
            number = count * SHARES.get(operation.name, 0) // 1000
            if number:
                if operation.takes:
                    self._begin()
                self._try(operation, number, chance)

    def _try(self, operation: Operation, count: int, chance: int) -> None:
        @seed(chance)
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        @given(path=self._paths(operation), sent=self._bodies(operation), headers=hostile.headers() | st.just({}))
        def once(path: tuple[str, dict[str, str]], sent: bytes | None, headers: dict[str, str]) -> None:
            self._knock(operation, path, sent, headers)

        once()

    def _knock(
        self, operation: Operation, path: tuple[str, dict[str, str]], sent: bytes | None, headers: dict[str, str]
    ) -> None:
        kind = {"Content-Type": operation.kinds[0]} if operation.kinds else {}
        token = {"Authorization": f"Bearer {self._token}"} if operation.name == "submit_case" else {}
        response = self._session.request(
            operation.method,
            self._urls[operation.of_staff] + path[0],
            params=path[1],
            data=sent,
            headers={**kind, **token, **self._from(), **headers},
            timeout=30,
            allow_redirects=False,
        )
        described = None
        if not headers:
            answered = response.headers.get("Content-Type", "")
            described = operation.problem(response.status_code, answered, response.content)
        self.tally.judge(operation.name, response, described and f"{described}, for {sent!r:.300} {path}")

    def _from(self) -> dict[str, str]:
        """Return the header that says from which address this comes, where the assistant trusts one."""
        if not self._addresses:
            return {}
        return {"X-Real-IP": f"10.0.{secrets.randbelow(self._addresses)}.1"}

    def _paths(self, operation: Operation) -> SearchStrategy[tuple[str, dict[str, str]]]:
        in_path = [one["name"] for one in operation.parameters if one["in"] == "path"]
        in_query = {one["name"]: hostile.TEXT for one in operation.parameters if one["in"] == "query"}
        texts = st.fixed_dictionaries(dict.fromkeys(in_path, hostile.TEXT))
        paths = texts.map(lambda given: operation.path.format(**{name: _quoted(text) for name, text in given.items()}))
        query = st.fixed_dictionaries({}, optional=in_query)
        return st.tuples(paths, query.map(lambda given: {name: _whole(text) for name, text in given.items()}))

    def _bodies(self, operation: Operation) -> SearchStrategy[bytes | None]:
        if operation.takes is None:
            return st.none()
        if "application/json" not in operation.kinds:
            return self._mine(hostile.values(operation.takes)).map(_form) | st.sampled_from(hostile.RAW)
        if operation.name == "submit_case":
            return _either(_cases(operation.takes).map(hostile._json), hostile.bodies(operation.takes))
        if "sender" not in resolved(operation.takes).get("properties", {}):
            return hostile.bodies(operation.takes)
        mine = self._mine(hostile.values(operation.takes)).map(hostile._json)
        return _either(mine, hostile.bodies(operation.takes))

    def _mine(self, values: SearchStrategy[Any]) -> SearchStrategy[Any]:
        """Let half of the inputs be about a conversation that there is, and about an answer that was given in it."""
        senders = st.none() | st.sampled_from(sorted(self._living))
        return st.tuples(values, senders, st.booleans()).map(self._in_conversation)

    def _in_conversation(self, drawn: tuple[Any, str | None, bool]) -> Any:
        value, sender, rated = drawn
        if not isinstance(value, dict) or sender is None:
            return value
        return {**value, "sender": sender, **({"answer": self._living[sender]} if rated and "answer" in value else {})}


def _either(one: SearchStrategy[bytes], other: SearchStrategy[bytes]) -> SearchStrategy[bytes | None]:
    """Return each of two kinds half of the time; `one_of` would count their parts."""
    return st.booleans().flatmap(lambda first: one if first else other)


def _cases(schema: dict[str, Any]) -> SearchStrategy[dict[str, Any]]:
    """Return cases as the assistant makes them, with up to two fields from elsewhere."""
    fields = resolved(schema)["properties"]
    changes = st.dictionaries(st.sampled_from(sorted(fields)), hostile.ANYTHING, max_size=2)
    texts = st.fixed_dictionaries({"question": hostile.TEXT, "name": hostile.TEXT})
    return st.builds(lambda texts, changes: body(**{**texts, **changes}), texts, changes)


def _form(value: Any) -> bytes:
    """Return a form's body; a field that is a list comes twice."""
    if not isinstance(value, dict):
        return json.dumps(value).encode()
    pairs = [(name, one) for name, given in value.items() for one in (given if isinstance(given, list) else [given])]
    return "&".join(f"{_quoted(str(name))}={_quoted(str(one))}" for name, one in pairs).encode()


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _whole(text: str) -> str:
    """Return text that can stand in an address."""
    return text.encode("utf-8", "replace").decode()
