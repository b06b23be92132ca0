"""Reads addresses of databases and mail servers into the forms Django wants."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import make_url

from puljeguiden.settings import SettingError


def database(address: str, var: Path) -> dict[str, Any]:
    """Return Django's settings for a database; for an empty address, SQLite in the var folder.

    Raises:
        SettingError: it is neither SQLite nor PostgreSQL.
    """
    url = make_url(address or f"sqlite:///{var}/staff.db")
    if url.get_backend_name() == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.database,
            "OPTIONS": {
                "timeout": 10,
                "transaction_mode": "IMMEDIATE",
                # FULL: the outbox forgets what we say we have
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
            },
        }
    if url.get_backend_name() != "postgresql":
        raise SettingError("PULJEGUIDEN_STAFF_DATABASE_URL has to start with sqlite:/// or postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.database,
        "USER": url.username or "",
        "PASSWORD": url.password or "",
        "HOST": url.host or "",
        "PORT": url.port or "",
        "OPTIONS": {"connect_timeout": 10, **url.query},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def mail(address: str, var: Path) -> dict[str, Any]:
    """Return Django's settings for a mail server; for an empty address, files in the var folder."""
    if not address:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(var / "mail"),
        }
    url = urlsplit(address)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or {"smtp": 587, "smtps": 465}.get(url.scheme, 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": url.scheme == "smtp",
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
