"""Who is told of a new case: whoever is configured, and never an address that a page publishes."""

from __future__ import annotations

from pathlib import Path

import pytest

from puljeguiden import destinations, facts, settings
from puljeguiden.proofs import problems

SUBJECT = "  subject:\n    who: Ayse"


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What PULJEGUIDEN_CASE_ADDRESSES says."""
    found: dict[str, str] = {}
    monkeypatch.setattr(settings, "get", lambda name: found if name == "PULJEGUIDEN_CASE_ADDRESSES" else None)
    return found


def deliver(folder: Path, address: str) -> None:
    file = folder / "contacts.yml"
    text = file.read_text(encoding="utf-8")
    assert SUBJECT in text
    file.write_text(text.replace(SUBJECT, f"  subject:\n    deliver: {address}\n    who: Ayse"), encoding="utf-8")


def test_nobody_is_configured_from_the_start(facts: facts.Facts, addresses: dict[str, str]) -> None:
    for pool in facts.pools.values():
        for kind in ("subject", "admin"):
            assert destinations.destination(facts, pool.id, kind) is None


def test_the_file_names_who_is_told_and_the_environment_beats_it(data_dir: Path, addresses: dict[str, str]) -> None:
    deliver(data_dir, "fag@eksempel.dk")
    current = facts.load(data_dir)
    assert destinations.destination(current, "kommunale-handlingsplaner", "subject") == "fag@eksempel.dk"
    assert destinations.destination(current, "kommunale-handlingsplaner", "admin") is None
    addresses["kommunale-handlingsplaner.subject"] = "anden@eksempel.dk"
    assert destinations.destination(current, "kommunale-handlingsplaner", "subject") == "anden@eksempel.dk"


@pytest.mark.parametrize("address", ["pulje@siri.dk", "ekstremisme@siri.dk", "PULJE@siri.dk"])
def test_a_published_address_is_refused_and_told(data_dir: Path, addresses: dict[str, str], address: str) -> None:
    deliver(data_dir, address)
    current = facts.load(data_dir)
    assert destinations.destination(current, "kommunale-handlingsplaner", "subject") is None
    (problem,) = destinations.problems(current)
    assert address in problem


@pytest.mark.parametrize("address", ["ingen", "a@b@c", "[]"])
def test_what_is_no_address_is_told_with_its_line(data_dir: Path, address: str) -> None:
    deliver(data_dir, address)
    (problem,) = problems(data_dir)
    assert (problem.file, problem.field) == ("contacts.yml", "kommunale-handlingsplaner.subject.deliver")
