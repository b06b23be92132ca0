"""Cases as the assistant would make them, and a process that submits them: `python -m tests.cases`, a key a line."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from puljeguiden import outbox, settings
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


def body(**changes: Any) -> dict[str, Any]:
    """Return a case as the outbox hands it over."""
    usual = case()
    content = {
        **asdict(usual),
        "number": outbox._draw(),
        "created": usual.created.isoformat(),
        "contacts": list(usual.contacts),
        "transcript": list(usual.transcript),
    }
    return {**content, **changes}


class Visitors:
    """A process that submits a case for each key it is asked for, and may be killed at any moment."""

    def __init__(self, file: Path, **options: Any) -> None:
        self.promised: dict[str, str] = {}
        self.errors = ""
        self._file, self._options = file, options
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Visitors:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.cases"],
            cwd=settings.ROOT,
            env={**os.environ, "PULJEGUIDEN_OUTBOX_DATABASE_URL": f"sqlite:///{self._file}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **self._options,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        return self

    def ask(self, keys: Iterable[str]) -> None:
        """Ask for a case for each key."""
        assert self._process
        assert self._process.stdin
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write("".join(f"{key}\n" for key in keys))
            self._process.stdin.flush()

    def is_alive(self) -> bool:
        """Return whether the process has not ended by itself."""
        return self._process is not None and self._process.poll() is None

    def __exit__(self, *_: object) -> None:
        """Kill the process; what it promised before counts."""
        assert self._process
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self.errors = self._process.stderr.read()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.stderr.close()

    def _read(self) -> None:
        assert self._process
        for line in self._process.stdout or ():
            if not line.endswith("\n"):  # killed in the middle of a word: nothing was promised
                return
            key, number = line.split()
            assert self.promised.setdefault(key, number) == number, "two numbers for one key"


def main() -> None:
    """Submit a case for each key on standard input, and print each number once it is promised."""
    for line in sys.stdin:
        key = line.strip()
        print(key, outbox.current().submit(case(key=key)), flush=True)


if __name__ == "__main__":
    main()
