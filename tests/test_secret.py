"""Secrets are made once, kept from other users, and replaced by what is configured."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from puljeguiden import secret, settings


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A var folder without secrets."""
    monkeypatch.setattr(settings, "get", lambda name: tmp_path / "var" if name.endswith("VAR_DIR") else "")
    return tmp_path / "var"


def test_a_secret_is_made_once_however_many_ask_at_the_same_time(var: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(lambda _: secret._kept("PULJEGUIDEN_SECRET", "secret"), range(64)))
    assert len(made) == 1
    assert len(made.pop()) == 64
    assert [file.name for file in var.iterdir()] == ["secret"]


def test_nobody_else_can_read_it(var: Path) -> None:
    secret._kept("PULJEGUIDEN_SECRET", "secret")
    assert stat.S_IMODE((var / "secret").stat().st_mode) == 0o600


def test_secrets_differ(var: Path) -> None:
    assert secret._kept("PULJEGUIDEN_SECRET", "one") != secret._kept("PULJEGUIDEN_STAFF_SECRET", "two")


def test_what_is_configured_wins_and_nothing_is_written(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "get", lambda name: "given")
    assert secret._kept("PULJEGUIDEN_SECRET", "secret") == "given"
    assert not var.exists()


@pytest.mark.parametrize(
    ("elsewhere", "given", "refused"),
    [
        ({"PULJEGUIDEN_HOST": "0.0.0.0"}, "kort", True),
        ({"PULJEGUIDEN_HOST": "0.0.0.0"}, "changeme-changeme-changeme", True),
        ({"PULJEGUIDEN_HOST": "10.0.0.1"}, "a" * 64, True),
        ({"PULJEGUIDEN_STAFF_HOST": "::"}, "hemmelig-hemmelig-hemmelig", True),
        ({"PULJEGUIDEN_STAFF_PUBLIC_URL": "https://sager.dk"}, "1234", True),
        ({"PULJEGUIDEN_HOST": "0.0.0.0"}, "8f1d0c6a4b7e92d35f60718a", False),
        ({"PULJEGUIDEN_HOST": "0.0.0.0"}, "", False),
        ({}, "kort", False),
    ],
)
def test_a_secret_that_can_be_guessed_stops_the_start_where_others_may_try(
    elsewhere: dict[str, str], given: str, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PULJEGUIDEN_SECRET", "PULJEGUIDEN_STAFF_SECRET", "PULJEGUIDEN_STAFF_TOKEN"):
        environment = {**elsewhere, name: given}
        monkeypatch.setattr(settings, "get", lambda asked, known=environment: settings.read(asked, known))
        if not refused:
            secret.check()
            continue
        with pytest.raises(settings.SettingError, match=name) as told:
            secret.check()
        assert given not in str(told.value)
