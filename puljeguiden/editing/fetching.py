"""Fetches a web page politely and carefully: what it says as text, or unchanged, or why not.

Addresses come from people and from data: no other protocol than http(s), no address inside our own network, no page
without end. robots.txt is kept to.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from puljeguiden.danish import squeeze

AGENT = "Puljeguiden"
_HEADERS = {
    "User-Agent": f"{AGENT}/1.0 (reads announcements of grants, a few times a day)",
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.5",
    "Accept-Language": "da",
}
_LARGEST = 2_000_000
_SECONDS = 30.0
_WAIT = (5, 15)
"""Seconds to connect, and between two pieces."""
_REDIRECTS = 5
_TEXT = ("text/html", "application/xhtml+xml", "text/plain")


class FetchError(RuntimeError):
    """A page could not be fetched. Pages show `code` and `values` in Danish.

    Codes: address, private, robots, status (status), too_large, too_slow, not_text (type), unreachable.
    """

    def __init__(self, code: str, message: str, **values: object) -> None:
        super().__init__(message)
        self.code = code
        self.values: Mapping[str, str] = {key: str(value) for key, value in values.items()}


@dataclass(frozen=True)
class Fetched:
    """A page's text, and what the server wants to hear the next time."""

    text: str
    marks: Mapping[str, str] = field(default_factory=dict)


def fetch(url: str, marks: Mapping[str, str] | None = None, *, private: bool = False) -> Fetched | None:
    """Return a page, or None where the server says that it has not changed since `marks`.

    Args:
        url: http:// or https://
        marks: of the page as fetched before.
        private: whether addresses inside our own network may be asked, too.

    Raises:
        FetchError: it cannot be fetched, or may not be.
    """
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname or address.username is not None:
        raise FetchError("address", "has to be an address that starts with http:// or https://")
    with _session(private) as session:
        try:
            _ask_robots(session, url)
            response = session.get(url, headers=dict(marks or {}), timeout=_WAIT, stream=True)
            if response.status_code == 304 and marks:
                return None
            if response.status_code != 200:
                raise FetchError("status", f"the server answered {response.status_code}", status=response.status_code)
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if kind not in _TEXT:
                raise FetchError("not_text", f"is no web page but {kind or 'unknown'}", type=kind)
            source = _decode(_body(response), response.headers.get("Content-Type", ""))
        except requests.RequestException as error:
            raise FetchError("unreachable", f"cannot be reached ({type(error).__name__})") from None
    sent = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    kept = {ours: response.headers[theirs] for theirs, ours in sent.items() if theirs in response.headers}
    return Fetched(source if kind == "text/plain" else text_of(source), kept)


def _ask_robots(session: requests.Session, url: str) -> None:
    """Raise where the site's robots.txt forbids the page, or cannot tell at the moment."""
    address = urlsplit(url)
    response = session.get(f"{address.scheme}://{address.netloc}/robots.txt", timeout=_WAIT, stream=True)
    if response.status_code >= 500:
        raise FetchError("status", "the server cannot tell what may be fetched", status=response.status_code)
    if response.status_code != 200:
        return
    rules = RobotFileParser()
    rules.parse(_body(response).decode("utf-8", errors="replace").splitlines())
    if not rules.can_fetch(AGENT, url):
        raise FetchError("robots", "robots.txt forbids it")


def _body(response: requests.Response) -> bytes:
    until = time.monotonic() + _SECONDS
    body = b""
    for piece in response.iter_content(65536):
        body += piece
        if len(body) > _LARGEST:
            raise FetchError("too_large", f"is larger than {_LARGEST} bytes")
        if time.monotonic() > until:
            raise FetchError("too_slow", f"took longer than {_SECONDS:.0f} seconds")
    return body


def _decode(body: bytes, kind: str) -> str:
    """Return a page's characters: UTF-8 where it can be, else what server or page say."""
    told = re.search(r"charset=[\"']?([\w-]+)", kind) or re.search(
        r"charset=[\"']?([\w-]+)", body[:2048].decode("ascii", errors="replace")
    )
    for name in ("utf-8-sig", told.group(1) if told else "cp1252"):
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", errors="replace")


def _session(private: bool) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # a proxy would connect in our place, wherever it is told to
    session.max_redirects = _REDIRECTS
    session.headers.update(_HEADERS)
    if not private:
        session.mount("http://", _Adapter())
        session.mount("https://", _Adapter())
    return session


def _refuse_private(connected: Any) -> Any:
    """Return a connection whose other end is on the public internet.

    What a name leads to may change between looking it up and connecting; so the connection itself is looked at.
    """
    address = ipaddress.ip_address(connected.getpeername()[0].partition("%")[0])
    inside = getattr(address, "ipv4_mapped", None) or address
    if not inside.is_global or inside.is_multicast:
        connected.close()
        raise FetchError("private", "leads into a private network")
    return connected


class _Connection(HTTPConnection):
    def _new_conn(self) -> Any:
        return _refuse_private(super()._new_conn())


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> Any:
        return _refuse_private(super()._new_conn())


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


_UNSEEN = {"script", "style", "noscript", "template", "svg", "head", "iframe", "select", "textarea"}
_WITHIN_A_LINE = set(
    "a abbr b bdi cite code data em font i kbd label mark q s small span strong sub sup time u var".split()
)


class _Reader(HTMLParser):
    """Collects what one reads on a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""]
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag in ("td", "th"):
            self.lines[-1] += " "
        elif tag == "body":  # where <head> was never closed
            self._unseen.clear()
        elif tag not in _WITHIN_A_LINE and tag not in ("img", "wbr"):
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag not in _WITHIN_A_LINE and tag not in ("td", "th"):
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.lines[-1] += data.replace("\xad", "")


def text_of(source: str) -> str:
    """Return what one reads on an HTML page: a paragraph for each block, nothing of its scripts."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return "\n\n".join(line for line in map(squeeze, reader.lines) if line) + "\n"
