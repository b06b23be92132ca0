"""Asks a running assistant the unseen questions, and scores topic, pool, status, facts and quotes through the contract."""

from __future__ import annotations

import argparse
import random
import re
import secrets
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import requests
from ruamel.yaml import YAML

from puljeguiden.danish import squeeze

HERE = Path(__file__).parent
PAGES = {
    page.stem: squeeze(page.read_text(encoding="utf-8"))
    for page in (HERE.parent.parent / "data" / "pages").glob("*.txt")
}
BOTH = sorted(PAGES)


def ask(url: str, sender: str, message: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the reply's text and its answers."""
    response = requests.post(f"{url}/webhooks/rest/webhook", json={"sender": sender, "message": message}, timeout=20)
    response.raise_for_status()
    items = response.json()
    return "\n".join(item["text"] for item in items), [answer for item in items for answer in item["custom"]["answers"]]


def roughen(message: str, chance: random.Random) -> str:
    """Return a message as typed in haste on a foreign keyboard: no æøå, and one slip in each long word."""

    def slip(match: re.Match[str]) -> str:
        word = match.group()
        place = chance.randrange(1, len(word) - 1)
        kind = chance.choice(("swap", "drop", "double"))
        if kind == "swap":
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        return word[:place] + (word[place + 1 :] if kind == "drop" else word[place] + word[place:])

    for letters, typed in (("æ", "ae"), ("ø", "oe"), ("å", "aa"), ("Æ", "Ae"), ("Ø", "Oe"), ("Å", "Aa")):
        message = message.replace(letters, typed)
    return re.sub(r"[^\W\d_]{7,}", slip, message)


def faults(item: dict[str, Any], text: str, answers: list[dict[str, Any]]) -> list[str]:
    """Return what is wrong with a reply; an empty list means that it is right."""
    found = []
    if "status" in item:  # an entry of outside.yml
        expected = [{"pool": "null", "topic": item["topic"], "status": item["status"]}]
    else:
        expected = [
            {**entry, "pool": pool}
            for entry in item["expect"]
            for pool in (BOTH if entry["pool"] == "both" else [entry["pool"]])
        ]
    for entry in expected:
        fits = [
            answer
            for answer in answers
            if entry["pool"] in (answer["pool"], "null", None)
            and answer["topic"] in entry["topic"]
            and answer["status"] in entry["status"]
        ]
        if not fits and not _same_for_all(entry, answers):
            found.append(f"no {entry['pool']} · {'/'.join(entry['topic'])} · {'/'.join(entry['status'])}")
    quotes = [source["quote"] for answer in answers for source in answer["sources"]]
    everything = squeeze(f"{text} {' '.join(quotes)}").lower()
    found += [f"lacks «{piece}»" for piece in item.get("must") or [] if piece.lower() not in everything]
    found += [f"WRONG «{piece}»" for piece in item.get("never") or [] if piece.lower() in text.lower()]
    for answer in answers:
        if answer["status"] == "stated" and not answer["sources"]:
            found.append("WRONG stated without a source")
        for source in answer["sources"]:
            if squeeze(source["quote"]) not in PAGES[source["document"]]:
                found.append(f"WRONG quote «{source['quote']}»")
    return found


def _same_for_all(entry: dict[str, Any], answers: list[dict[str, Any]]) -> bool:
    """Return whether one answer without a pool (a person, out of scope) stands for an expected pool's."""
    return any(
        answer["pool"] is None and answer["topic"] in entry["topic"] and answer["status"] in entry["status"]
        for answer in answers
    )


def questions(name: str, sealed: bool = False, tuning: bool = False) -> list[Any]:
    """Return the entries of a file: one half of the unseen ones, or all of those that are used for tuning."""
    folder = HERE.parent / "tuning" if tuning else HERE
    items = YAML(typ="safe").load((folder / f"{name}.yml").read_text(encoding="utf-8"))
    return list(items if tuning else items[1 if sealed else 0 :: 2])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--url", default="http://127.0.0.1:5005")
    options.add_argument("--sealed", action="store_true", help="measure the sealed half")
    options.add_argument("--tuning", action="store_true", help="ask the questions of tests/tuning instead")
    options.add_argument("--rough", action="store_true", help="without æøå, and with a slip in each long word")
    options.add_argument("--show", action="store_true", help="print what was wrong (never with --sealed)")
    chosen = options.parse_args()
    if chosen.sealed and chosen.show:
        sys.exit("What is sealed is measured, not read.")
    chance = random.Random(2017)

    def said(message: str) -> str:
        return roughen(message, chance) if chosen.rough else message

    for name in ("singles", "outside"):
        items = questions(name, chosen.sealed, chosen.tuning)
        right, wrong = 0, 0
        statuses: Counter[str] = Counter()
        for item in items:
            text, answers = ask(chosen.url, secrets.token_hex(16), said(item["say"]))
            statuses.update(answer["status"] for answer in answers[:1])
            problems = faults(item, text, answers)
            right += not problems
            wrong += any(problem.startswith("WRONG") for problem in problems)
            if problems and chosen.show:
                print(f"- {item['say']}\n    {text!r}\n    {'; '.join(problems)}")
        print(
            f"{name}: {right}/{len(items)} right ({right / len(items):.1%}), wrong facts {wrong}, first status {dict(statuses)}"
        )
    conversations = questions("conversations", chosen.sealed, chosen.tuning)
    whole, turns, turns_right = 0, 0, 0
    for conversation in conversations:
        sender, all_right = secrets.token_hex(16), True
        for turn in conversation["turns"]:
            text, answers = ask(chosen.url, sender, said(turn["say"]))
            problems = faults(turn, text, answers)
            turns += 1
            turns_right += not problems
            all_right = all_right and not problems
            if problems and chosen.show:
                print(f"- [{conversation['name']}] {turn['say']}\n    {text!r}\n    {'; '.join(problems)}")
        whole += all_right
    print(
        f"conversations: {whole}/{len(conversations)} wholly right, turns {turns_right}/{turns} ({turns_right / turns:.1%})"
    )


if __name__ == "__main__":
    main()
