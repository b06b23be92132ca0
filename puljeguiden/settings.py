"""Every setting of Puljeguiden, declared once: name, type, default and help.

Values come from the environment (`NAME`), or from a file that `NAME_FILE` points to (container secrets).
An empty value counts as not set. A value that does not fit its type stops the start with a clear message.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class SettingError(ValueError):
    """A setting has a value that cannot be used. The message names the setting."""


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    parse: Callable[[str], Any]
    help: str


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return parse


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 600:
        raise ValueError("seconds, more than 0 and at most 600")
    return value


def _path(text: str) -> Path:
    return (ROOT / text).resolve()


def _url(text: str) -> str:
    address = urlsplit(text)
    if text and not (address.scheme in {"http", "https"} and address.hostname):
        raise ValueError("an address that starts with http:// or https://")
    return text


def _level(text: str) -> str:
    if text not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("DEBUG, INFO, WARNING or ERROR")
    return text


def _database(text: str) -> str:
    """Only databases that keep conversations: an SQLite file, or a PostgreSQL server."""
    kind, _, rest = text.partition("://")
    if kind in {"postgresql", "postgresql+psycopg2"} and rest:
        return text
    file = rest.removeprefix("/")
    if kind == "sqlite" and file not in {rest, ""} and not file.startswith((":", "file:")) and "?" not in file:
        return f"sqlite:///{_path(file)}"
    raise ValueError("sqlite:///<file> or postgresql://<user>:<password>@<host>/<database>")


def _today(text: str) -> datetime | None:
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


def _origins(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


SETTINGS = (
    Setting("PULJEGUIDEN_HOST", "127.0.0.1", str, "Address the chat endpoint listens on."),
    Setting("PULJEGUIDEN_PORT", "5005", _number(1, 65535), "Port the chat endpoint listens on."),
    Setting("PULJEGUIDEN_DATA_DIR", "data", _path, "Folder with pools, pages and the other facts."),
    Setting(
        "PULJEGUIDEN_TEXTS_DIR",
        "rasa_project/domain/responses",
        _path,
        "Folder with the Danish texts.",
    ),
    Setting("PULJEGUIDEN_VAR_DIR", "var", _path, "Folder for all that is written: databases, models, logs."),
    Setting(
        "PULJEGUIDEN_DATABASE_URL",
        "",
        lambda text: _database(text) if text else "",
        "Where conversations are stored: sqlite:///file or postgresql://… Empty: SQLite in the var folder.",
    ),
    Setting(
        "PULJEGUIDEN_TODAY",
        "",
        _today,
        "The moment answers are given for (2017-08-25 or 2017-08-25T12:00). Empty: the real clock.",
    ),
    Setting("PULJEGUIDEN_MESSAGE_LENGTH", "1000", _number(100, 4000), "Longest message in characters."),
    Setting(
        "PULJEGUIDEN_TURN_SECONDS",
        "8",
        _seconds,
        "A turn that takes longer ends in an apology.",
    ),
    Setting(
        "PULJEGUIDEN_RATE_LIMIT",
        "60",
        _number(0, 100_000),
        "Messages a minute from one conversation. 0: no limits at all.",
    ),
    Setting(
        "PULJEGUIDEN_ADDRESS_RATE_LIMIT",
        "600",
        _number(0, 100_000),
        "Messages a minute from one network address. 0: no limit.",
    ),
    Setting(
        "PULJEGUIDEN_TRUSTED_ADDRESS_HEADER",
        "",
        str,
        "Header in which a trusted proxy gives the visitor's address. Empty: the connection's own address.",
    ),
    Setting(
        "PULJEGUIDEN_CORS_ORIGINS",
        "",
        _origins,
        "Sites that may embed the chat, separated by commas. Empty: only our own pages.",
    ),
    Setting(
        "ACTION_SERVER_URL",
        "",
        _url,
        "Address of a separate action server. Empty: actions run inside Rasa's process.",
    ),
    Setting("PULJEGUIDEN_LOG_LEVEL", "INFO", _level, "How much the logs say: DEBUG, INFO, WARNING, ERROR."),
    Setting(
        "PULJEGUIDEN_SECRET",
        "",
        str,
        "Key for keyed hashes. Empty: made at the first start and kept in the var folder.",
    ),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def read(name: str, environment: Mapping[str, str] | None = None) -> Any:
    """Return the typed value of one setting.

    Raises:
        SettingError: the value does not fit, or the file that `NAME_FILE` names cannot be read.
        KeyError: no such setting is declared.
    """
    environment = os.environ if environment is None else environment
    setting = _BY_NAME[name]
    text = environment.get(name, "").strip()
    if file := environment.get(f"{name}_FILE", "").strip():
        if text:
            raise SettingError(f"{name} and {name}_FILE are both set; keep one of them.")
        try:
            text = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{name}_FILE: {file} cannot be read ({error}).") from None
    try:
        return setting.parse(text or setting.default)
    except ValueError as error:
        shown = re.sub("//.*@", "//…@", text)  # an address may hold a password
        raise SettingError(f"{name} is {shown!r}, but has to be {error}.") from None


@cache
def get(name: str) -> Any:
    """Return a setting's value, read once a process."""
    return read(name)


def check_all() -> list[str]:
    """Read every setting, so that a wrong one stops the start and not a visitor.

    Returns:
        The variables that look like settings but are none: a typing slip, most likely.

    Raises:
        SettingError: as `read`.
    """
    for setting in SETTINGS:
        get(setting.name)
    known = {name for setting in SETTINGS for name in (setting.name, f"{setting.name}_FILE")}
    return sorted(name for name in os.environ if name.startswith("PULJEGUIDEN_") and name not in known)


def database_url() -> str:
    """Return the SQLAlchemy address of the conversations."""
    return get("PULJEGUIDEN_DATABASE_URL") or f"sqlite:///{get('PULJEGUIDEN_VAR_DIR') / 'conversations.db'}"
