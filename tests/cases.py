"""Cases as the assistant would make them, and a process that submits them: `python -m tests.cases`, a key a line."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from typing import Any

from puljeguiden import outbox
from puljeguiden.outbox import Case, new_key

SOURCE = {
    "document": "kommunale-handlingsplaner",
    "title": "Genudmelding - Støtte til udvikling af kommunale handlingsplaner",
    "url": None,
    "quote": "Ansøgningsfristen er den 25. august 2017",
    "updated": "2017-08-23",
}
ANSWER = {
    "id": "c5924486e7cd3b39",
    "pool": "kommunale-handlingsplaner",
    "topic": "deadline",
    "status": "stated",
    "sources": [SOURCE],
}
TRANSCRIPT = (
    {"at": "2026-11-20T11:58:00", "from": "visitor", "text": "Hvornår er fristen for handlingsplanerne?"},
    {"at": "2026-11-20T11:58:00", "from": "assistant", "text": "Fristen var den 25. august 2017.", "answers": [ANSWER]},
)


def case(**changes: Any) -> Case:
    """Return a case with a key of its own."""
    usual = Case(
        key=new_key(),
        pool="kommunale-handlingsplaner",
        kind="subject",
        question="Hvordan tager vi bedst fat på samarbejdet med skolerne?",
        name="Mette Østergård",
        organisation="Eksempelkøbing Kommune",
        email="mette@eksempelkommune.dk",
        contacts=("Ayse Göksu", "Anders Bo Christensen"),
        conversation="5e0f" * 8,
        transcript=TRANSCRIPT,
        created=datetime(2026, 11, 20, 12, 0),
    )
    return replace(usual, **changes)


def main() -> None:
    """Submit a case for each key on standard input, and print each number once it is promised."""
    for line in sys.stdin:
        key = line.strip()
        print(key, outbox.current().submit(case(key=key)), flush=True)


if __name__ == "__main__":
    main()
