"""Every setting of Puljeguiden, declared once: name, type, default and help.

Values come from the environment (`NAME`), or from a file that `NAME_FILE` points to (container secrets).
An empty value counts as not set. A value that does not fit its type stops the start with a clear message.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from puljeguiden import setting_kinds as kinds
from puljeguiden.setting_kinds import MAILBOX, ROOT

__all__ = ["MAILBOX", "ROOT"]


class SettingError(ValueError):
    """A setting has a value that cannot be used. The message names the setting."""


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    parse: Callable[[str], Any]
    help: str


SETTINGS = (
    Setting("PULJEGUIDEN_HOST", "127.0.0.1", str, "Address the chat endpoint listens on."),
    Setting("PULJEGUIDEN_PORT", "5005", kinds.number(1, 65535), "Port the chat endpoint listens on."),
    Setting("PULJEGUIDEN_DATA_DIR", "data", kinds.path, "Folder with pools, pages and the other facts."),
    Setting(
        "PULJEGUIDEN_TEXTS_DIR",
        "rasa_project/domain/responses",
        kinds.path,
        "Folder with the Danish texts.",
    ),
    Setting("PULJEGUIDEN_VAR_DIR", "var", kinds.path, "Folder for all that is written: databases, models, logs."),
    Setting(
        "PULJEGUIDEN_DATABASE_URL",
        "",
        lambda text: kinds.database(text) if text else "",
        "Where conversations are stored: sqlite:///file or postgresql://… Empty: SQLite in the var folder.",
    ),
    Setting(
        "PULJEGUIDEN_TODAY",
        "",
        kinds.today,
        "The moment answers are given for (2017-08-25 or 2017-08-25T12:00). Empty: the real clock.",
    ),
    Setting("PULJEGUIDEN_MESSAGE_LENGTH", "1000", kinds.number(100, 4000), "Longest message in characters."),
    Setting(
        "PULJEGUIDEN_TURN_SECONDS",
        "8",
        kinds.seconds,
        "A turn that takes longer ends in an apology.",
    ),
    Setting(
        "PULJEGUIDEN_RATE_LIMIT",
        "60",
        kinds.number(0, 100_000),
        "Messages a minute from one conversation. 0: no limits at all.",
    ),
    Setting(
        "PULJEGUIDEN_ADDRESS_RATE_LIMIT",
        "600",
        kinds.number(0, 100_000),
        "Messages a minute from one network address. 0: no limit.",
    ),
    Setting(
        "PULJEGUIDEN_REDIS_URL",
        "",
        kinds.redis,
        "Where several processes count messages together (redis://…). Empty: each counts its own.",
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
        kinds.origins,
        "Sites that may embed the chat, in full, separated by commas. Empty: only our own pages.",
    ),
    Setting(
        "ACTION_SERVER_URL",
        "",
        kinds.url,
        "Address of a separate action server. Empty: actions run inside Rasa's process.",
    ),
    Setting(
        "PULJEGUIDEN_OUTBOX_DATABASE_URL",
        "",
        lambda text: kinds.database(text) if text else "",
        "Where cases wait for the staff service (SQLAlchemy address). Empty: SQLite in the var folder.",
    ),
    Setting(
        "PULJEGUIDEN_OUTBOX_DAYS",
        "30",
        kinds.number(0, 3650),
        "Days after which a delivered case's content is removed from the outbox.",
    ),
    Setting("PULJEGUIDEN_STAFF_HOST", "127.0.0.1", str, "Address the staff service listens on."),
    Setting("PULJEGUIDEN_STAFF_PORT", "5006", kinds.number(1, 65535), "Port the staff service listens on."),
    Setting(
        "PULJEGUIDEN_STAFF_URL",
        "",
        kinds.url,
        "Where cases are delivered. Empty: the staff service on this machine.",
    ),
    Setting(
        "PULJEGUIDEN_STAFF_PUBLIC_URL",
        "",
        kinds.url,
        "Address staff open in the browser (https://…). Empty: the staff service is for this machine alone.",
    ),
    Setting(
        "PULJEGUIDEN_STAFF_TOKEN",
        "",
        str,
        "Token that lets cases in. Empty: made at the first start and kept in the var folder.",
    ),
    Setting(
        "PULJEGUIDEN_STAFF_SECRET",
        "",
        str,
        "Key that staff sessions are signed with. Empty: made at the first start and kept in the var folder.",
    ),
    Setting(
        "PULJEGUIDEN_STAFF_DATABASE_URL",
        "",
        lambda text: kinds.database(text) if text else "",
        "Where cases and accounts are stored (sqlite:///… or postgresql://…). Empty: SQLite in the var folder.",
    ),
    Setting(
        "PULJEGUIDEN_STAFF_SESSION_MINUTES",
        "120",
        kinds.number(5, 1440),
        "Minutes without a click after which staff have to log in again.",
    ),
    Setting(
        "PULJEGUIDEN_ADMIN_PASSWORD",
        "",
        str,
        "Password of the first account. Empty: drawn, and printed once.",
    ),
    Setting(
        "PULJEGUIDEN_OIDC_ISSUER",
        "",
        kinds.issuer,
        "Single sign-on for staff: the OpenID provider's issuer address (https://…). Empty: passwords only.",
    ),
    Setting("PULJEGUIDEN_OIDC_CLIENT_ID", "", str, "Single sign-on: what the provider calls this service."),
    Setting("PULJEGUIDEN_OIDC_CLIENT_SECRET", "", str, "Single sign-on: the secret shared with the provider."),
    Setting("PULJEGUIDEN_OIDC_ROLE_CLAIM", "roles", str, "Single sign-on: the claim that tells somebody's roles."),
    Setting(
        "PULJEGUIDEN_OIDC_ROLES",
        "",
        kinds.roles,
        "Single sign-on: which value of the claim is which role: «value=role», separated by commas. Empty: the roles' own names.",
    ),
    Setting("PULJEGUIDEN_REPLY_DAYS", "5", kinds.number(1, 60), "Working days within which a case has to be answered."),
    Setting(
        "PULJEGUIDEN_CASE_ADDRESSES",
        "",
        kinds.addresses,
        "Who is told of new cases: «pool.kind=address», separated by commas. Beats «deliver» in data/contacts.yml.",
    ),
    Setting(
        "PULJEGUIDEN_SMTP_URL",
        "",
        kinds.smtp,
        "Mail server: smtp://user:password@host:587 (STARTTLS), smtps://…, or smtp+plain://… Empty: files in the var folder.",
    ),
    Setting(
        "PULJEGUIDEN_MAIL_FROM",
        "",
        kinds.mailbox,
        "Mailbox that mails come from and people read. Empty: puljeguiden@localhost, and mails say not to answer them.",
    ),
    Setting(
        "PULJEGUIDEN_CONVERSATION_DAYS",
        "30",
        kinds.number(0, 3650),
        "Days after a conversation's last message after which it is deleted; a masked copy stays. 0: never.",
    ),
    Setting(
        "PULJEGUIDEN_REVIEW_DAYS",
        "365",
        kinds.number(0, 3650),
        "Days after a conversation's last message after which its masked copy is deleted. 0: never.",
    ),
    Setting(
        "PULJEGUIDEN_CASE_DAYS",
        "730",
        kinds.number(0, 3650),
        "Days after its last change or mail after which an answered or closed case is deleted, as applicants are told. 0: never.",
    ),
    Setting(
        "PULJEGUIDEN_AUDIT_DAYS",
        "730",
        kinds.number(0, 3650),
        "Days after which the record of who looked into which conversation is deleted. 0: never.",
    ),
    Setting(
        "PULJEGUIDEN_PRIVACY_URL",
        "",
        kinds.url,
        "Page on how personal data is handled, named where a case is made. Empty: none is named.",
    ),
    Setting(
        "PULJEGUIDEN_WATCH_HOURS", "6", kinds.number(1, 168), "Hours between two looks at the pools' pages on the web."
    ),
    Setting(
        "PULJEGUIDEN_FETCH_PRIVATE",
        "0",
        kinds.number(0, 1),
        "1: pages may be fetched from private networks, too.",
    ),
    Setting("PULJEGUIDEN_LOG_LEVEL", "INFO", kinds.level, "How much the logs say: DEBUG, INFO, WARNING, ERROR."),
    Setting(
        "PULJEGUIDEN_LOG_FORMAT",
        "text",
        kinds.log_format,
        "Form of the logs' lines: text, or json for programs that collect them.",
    ),
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


def local_url(door: str) -> str:
    """Return where one finds, on this machine, what listens on `PULJEGUIDEN_<door>HOST` and `…PORT`."""
    host = get(f"PULJEGUIDEN_{door}HOST")
    here = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - only compared  # nosec B104
    return f"http://{f'[{here}]' if ':' in here else here}:{get(f'PULJEGUIDEN_{door}PORT')}"


def staff_url() -> str:
    """Return where cases are delivered, without a slash at the end."""
    return str(get("PULJEGUIDEN_STAFF_URL") or local_url("STAFF_")).rstrip("/")
