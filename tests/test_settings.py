"""Settings are declared once, loud when wrong, and documented as they are."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from puljeguiden import settings
from puljeguiden.settings import SETTINGS, SettingError, check_all, read
from tests.conftest import ROOT

NAMES = [setting.name for setting in SETTINGS]
WRONG = [
    ("PULJEGUIDEN_PORT", "0|65536|-1|5005.0|http|5 005"),
    (
        "PULJEGUIDEN_DATABASE_URL",
        "var/conversations.db|sqlite|sqlite://|sqlite:///|sqlite:///:memory:|sqlite:///file:x?mode=memory&uri=true"
        "|sqlite://x.db|mysql://db/chat|postgres://db/chat|postgresql://|redis://db",
    ),
    ("PULJEGUIDEN_TODAY", "25/08/2017|2017-13-01|2017-02-30|i dag|2017-08-25T25:00|2017-08-25T12:00+02:00|2017"),
    ("PULJEGUIDEN_MESSAGE_LENGTH", "0|99|4001|mange|1e3"),
    ("PULJEGUIDEN_TURN_SECONDS", "0|-1|601|nan|inf|otte"),
    ("PULJEGUIDEN_RATE_LIMIT", "-1|100001|mange|1.5"),
    ("PULJEGUIDEN_ADDRESS_RATE_LIMIT", "-1|100001|mange|1.5"),
    ("ACTION_SERVER_URL", "localhost:5055|ftp://actions|//actions|http:actions|https://|http://[::1"),
    (
        "PULJEGUIDEN_CORS_ORIGINS",
        "*|https://*.dk|https://a.dk/|a.dk|https://a.d?k|https://[a].dk|null|https://a.dk b.dk",
    ),
    ("PULJEGUIDEN_LOG_LEVEL", "debug|LOUD|WARN|10"),
    ("PULJEGUIDEN_STAFF_URL", "localhost:5006|ftp://staff"),
    ("PULJEGUIDEN_REPLY_DAYS", "0|61|fem"),
    ("PULJEGUIDEN_SMTP_URL", "mail.example.org|http://mail|smtp://"),
    ("PULJEGUIDEN_MAIL_FROM", "puljer|a@b@c|a b@c.dk"),
    ("PULJEGUIDEN_CASE_ADDRESSES", "a@b.dk|pool=a@b.dk|pool.other=a@b.dk|pool.subject=a|pool.subject=a@b.dk;x"),
]
RIGHT = [
    ("PULJEGUIDEN_PORT", " 80 ", 80),
    ("PULJEGUIDEN_VAR_DIR", "/tmp/var", Path("/tmp/var")),
    ("PULJEGUIDEN_VAR_DIR", "other", settings.ROOT / "other"),
    ("PULJEGUIDEN_DATABASE_URL", "postgresql://db/chat", "postgresql://db/chat"),
    ("PULJEGUIDEN_DATABASE_URL", "sqlite:////srv/chat.db", "sqlite:////srv/chat.db"),
    ("PULJEGUIDEN_DATABASE_URL", "sqlite:///var/chat.db", f"sqlite:///{settings.ROOT / 'var/chat.db'}"),
    ("PULJEGUIDEN_TODAY", "2017-08-25", datetime(2017, 8, 25)),
    ("PULJEGUIDEN_TODAY", "2017-08-25T12:30", datetime(2017, 8, 25, 12, 30)),
    ("PULJEGUIDEN_TODAY", "", None),
    ("PULJEGUIDEN_TURN_SECONDS", "0.5", 0.5),
    ("PULJEGUIDEN_RATE_LIMIT", "0", 0),
    ("PULJEGUIDEN_CORS_ORIGINS", "https://a.dk, https://b.dk,", ("https://a.dk", "https://b.dk")),
    ("PULJEGUIDEN_CORS_ORIGINS", "", ()),
    ("ACTION_SERVER_URL", "http://actions:5055/webhook", "http://actions:5055/webhook"),
    ("PULJEGUIDEN_LOG_LEVEL", "WARNING", "WARNING"),
    ("PULJEGUIDEN_SMTP_URL", "smtps://a:b@mail.example.org", "smtps://a:b@mail.example.org"),
    (
        "PULJEGUIDEN_CASE_ADDRESSES",
        "a-b.admin = x@y.dk, c.subject=z@y.dk,",
        {"a-b.admin": "x@y.dk", "c.subject": "z@y.dk"},
    ),
    ("PULJEGUIDEN_CASE_ADDRESSES", "", {}),
]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG for value in values.split("|")])
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=rf"\b{name}\b"):
        read(name, {name: value})


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(SettingError) as told:
        read("PULJEGUIDEN_DATABASE_URL", {"PULJEGUIDEN_DATABASE_URL": "postgres://chat:hemmelig@db/chat"})
    assert "hemmelig" not in str(told.value)


@pytest.mark.parametrize(("name", "value", "expected"), RIGHT)
def test_a_right_value_is_read_in_its_type(name: str, value: str, expected: Any) -> None:
    assert read(name, {name: value}) == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_that_is_empty_or_missing_has_its_default(name: str) -> None:
    assert read(name, {name: " "}) == read(name, {}) == read(name, {name: settings._BY_NAME[name].default})


def test_a_setting_that_nobody_declared_is_none() -> None:
    with pytest.raises(KeyError):
        read("PULJEGUIDEN_COLOUR", {"PULJEGUIDEN_COLOUR": "blue"})


@pytest.mark.parametrize("name", NAMES)
def test_a_value_may_stand_in_a_file(name: str, tmp_path: Path) -> None:
    file = tmp_path / "value"
    file.write_text(f" {settings._BY_NAME[name].default}\n", encoding="utf-8")
    assert read(name, {f"{name}_FILE": str(file), name: ""}) == read(name, {})


def test_a_secret_in_a_file_is_read_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hemmelig æøå\n", encoding="utf-8")
    assert read("PULJEGUIDEN_SECRET", {"PULJEGUIDEN_SECRET_FILE": str(tmp_path / "secret")}) == "hemmelig æøå"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"70000"], ids=["missing", "not text", "wrong"])
def test_a_file_that_cannot_be_used_is_refused_by_name(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "port").write_bytes(content)
    with pytest.raises(SettingError, match="PULJEGUIDEN_PORT"):
        read("PULJEGUIDEN_PORT", {"PULJEGUIDEN_PORT_FILE": str(tmp_path / "port")})


@pytest.mark.parametrize("name", NAMES)
def test_a_value_and_a_file_at_once_are_refused_by_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=f"{name} and {name}_FILE"):
        read(name, {name: "x", f"{name}_FILE": str(tmp_path / "any")})


def test_a_name_that_is_no_setting_is_noticed_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULJEGUIDEN_PROT", "80")
    monkeypatch.setenv("PULJEGUIDEN_SECRET_FILE", "")
    assert check_all() == ["PULJEGUIDEN_PROT"]


def test_a_wrong_value_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "get", read)
    monkeypatch.setenv("PULJEGUIDEN_PORT", "http")
    with pytest.raises(SettingError, match="PULJEGUIDEN_PORT"):
        check_all()


def test_every_setting_is_declared_once_with_help() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(setting.help.endswith(".") for setting in SETTINGS)


def test_the_example_file_holds_every_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    found = [
        (match[1], match[2], lines[index - 1])
        for index, line in enumerate(lines)
        if (match := re.fullmatch(r"#? ?([A-Z_]+)=(.*)", line))
    ]
    assert found == [(setting.name, setting.default, f"# {setting.help}") for setting in SETTINGS]
    assert all(line.startswith("#") for line in lines if line)


def test_the_readme_has_a_row_for_every_setting() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(NAMES)
