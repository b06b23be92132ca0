"""How settings' values are read: each function takes the text and returns the value, or says what it has to be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent

MAILBOX = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_CASE_KIND = re.compile(r"[a-z0-9-]+\.(?:subject|admin)")
_SITE = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::[0-9]{1,5})?")


def number(low: int, high: int) -> Callable[[str], int]:
    """Return what reads a whole number between two."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return parse


def seconds(text: str) -> float:
    """Read a time in seconds."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 600:
        raise ValueError("seconds, more than 0 and at most 600")
    return value


def path(text: str) -> Path:
    """Read a path; relative ones count from the root."""
    return (ROOT / text).resolve()


def url(text: str) -> str:
    """Read an address of the web."""
    address = urlsplit(text)
    if text and not (address.scheme in {"http", "https"} and address.hostname):
        raise ValueError("an address that starts with http:// or https://")
    return text


def level(text: str) -> str:
    """Read how much logs say."""
    if text not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("DEBUG, INFO, WARNING or ERROR")
    return text


def database(text: str) -> str:
    """Only databases that keep conversations: an SQLite file, or a PostgreSQL server."""
    kind, _, rest = text.partition("://")
    if kind in {"postgresql", "postgresql+psycopg2"} and rest:
        return text
    file = rest.removeprefix("/")
    if kind == "sqlite" and file not in {rest, ""} and not file.startswith((":", "file:")) and "?" not in file:
        return f"sqlite:///{path(file)}"
    raise ValueError("sqlite:///<file> or postgresql://<user>:<password>@<host>/<database>")


def log_format(text: str) -> str:
    """Read the form of log lines."""
    if text not in {"text", "json"}:
        raise ValueError("text or json")
    return text


def redis(text: str) -> str:
    """Read a Redis server's address."""
    address = urlsplit(text)
    if text and not (address.scheme in {"redis", "rediss"} and address.hostname):
        raise ValueError("an address that starts with redis:// or rediss://")
    return text


def issuer(text: str) -> str:
    """Only https, but for trying on one machine."""
    address = urlsplit(text)
    local = address.scheme == "http" and address.hostname in {"127.0.0.1", "localhost"}
    if text and not (local or (address.scheme == "https" and address.hostname)):
        raise ValueError("an address that starts with https://")
    return text.rstrip("/")


def roles(text: str) -> dict[str, str]:
    """«value=role, …» as {"value": "role"}; staff.access knows which roles there are."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    found = {value.strip(): role.strip() for value, _, role in pairs}
    if not all(value and role for value, role in found.items()):
        raise ValueError("a list such as puljer-laes=Læser, puljer-sag=Sagsbehandler")
    return found


def today(text: str) -> datetime | None:
    """A date means the start of that day; nothing means the real clock. Danish local time."""
    if not text:
        return None
    try:
        if len(text) == len("2017-08-25"):
            return datetime.combine(date.fromisoformat(text), time())
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("a date (2017-08-25) or a date and time (2017-08-25T12:00)") from None
    if moment.tzinfo is not None:
        raise ValueError("Danish local time, without a time zone")
    return moment


def origins(text: str) -> tuple[str, ...]:
    """Read a list of sites, each in full: Sanic-CORS would take `*` or `?` for a pattern that lets others in."""
    sites = tuple(part.strip() for part in text.split(",") if part.strip())
    if not all(_SITE.fullmatch(site) for site in sites):
        raise ValueError("a list such as https://www.example.org, https://other.example.org, without * and paths")
    return sites


def smtp(text: str) -> str:
    """Read a mail server's address."""
    address = urlsplit(text)
    if text and not (address.scheme in {"smtp", "smtps", "smtp+plain"} and address.hostname):
        raise ValueError("an address that starts with smtp://, smtps:// or smtp+plain://")
    return text


def mailbox(text: str) -> str:
    """Read an e-mail address."""
    if text and not MAILBOX.fullmatch(text):
        raise ValueError("an e-mail address, such as puljer@example.org")
    return text


def addresses(text: str) -> dict[str, str]:
    """«pool.kind=address, …» as {"pool.kind": "address"}."""
    found = {}
    for part in (part.strip() for part in text.split(",") if part.strip()):
        name, _, address = (piece.strip() for piece in part.partition("="))
        if not _CASE_KIND.fullmatch(name) or not MAILBOX.fullmatch(address):
            raise ValueError("a list such as pool.subject=someone@example.org, pool.admin=other@example.org")
        found[name] = address
    return found
