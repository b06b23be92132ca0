"""Asks a running assistant the conversations of strangers, and prints the transcripts for somebody to judge."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.unseen.score import ask

JUDGED = Path(__file__).parent / "judged"


def transcript(url: str, turns: list[str], good: list[str]) -> Iterator[str]:
    """Yield the lines of one conversation: what is said, what a good reply tells, what was replied."""
    sender = secrets.token_hex(16)
    for number, (message, expected) in enumerate(zip(turns, good, strict=True), 1):
        text, answers = ask(url, sender, message)
        kinds = [(one["pool"], one["topic"], one["status"]) for one in answers]
        yield f"{number}. {message}\n   expected: {expected}\n   reply: {text}\n   {kinds}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("files", nargs="*", type=Path, default=sorted(JUDGED.glob("*.yml")))
    options.add_argument("--url", default="http://127.0.0.1:5005")
    chosen = options.parse_args()
    for file in chosen.files:
        conversations: list[dict[str, Any]] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        for number, conversation in enumerate(conversations, 1):
            print(f"\n{file.stem} {number}")
            print("\n".join(transcript(chosen.url, conversation["turns"], conversation["good"])))


if __name__ == "__main__":
    main()
