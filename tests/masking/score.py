"""Measures masking on sentences that somebody else wrote: `python -m tests.masking.score [--show]`.

Figures only, so that nobody tunes on the sentences; --show prints what went wrong.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from puljeguiden import privacy

SENTENCES = Path(__file__).parent / "sentences.yml"
# Of a number only the digits are private: «reg. 1234 konto 5678901».
_NUMBERS = {"phone", "account", "card", "cpr"}


def places(item: dict[str, Any]) -> list[tuple[int, int, str]]:
    """Return where a sentence's private texts stand; one that is given twice stands in two places."""
    found: list[tuple[int, int, str]] = []
    for private in item["private"]:
        start = item["say"].find(private["text"])
        while any(start < end and begin < start + len(private["text"]) for begin, end, _ in found):
            start = item["say"].find(private["text"], start + 1)
        assert start >= 0, "a private text is not in its sentence"
        found.append((start, start + len(private["text"]), private["kind"]))
    return found


def is_hidden(say: str, place: tuple[int, int, str], spans: list[privacy.Span]) -> bool:
    """Return whether every letter and digit of a private text is masked (of a number: every digit)."""
    start, end, kind = place
    pattern = r"\d" if kind in _NUMBERS else r"[^\W_]"
    told = {start + match.start() for match in re.finditer(pattern, say[start:end])}
    return all(any(span.start <= at < span.end for span in spans) for at in told)


def is_right(span: privacy.Span, private: list[tuple[int, int, str]]) -> bool:
    """Return whether a masked place has anything private in it."""
    return any(start < span.end and span.start < end for start, end, _ in private)


def main() -> None:
    """Print recall and precision by kind, and how many ordinary questions are touched."""
    options = argparse.ArgumentParser()
    options.add_argument("--show", action="store_true", help="print the sentences that went wrong, too")
    show = options.parse_args().show
    items = YAML(typ="safe").load(SENTENCES.read_text(encoding="utf-8"))
    there, hidden, masked, right = (Counter[str]() for _ in range(4))
    ordinary = touched = 0
    for item in items:
        private, spans = places(item), privacy.find(item["say"])
        missed = [place for place in private if not is_hidden(item["say"], place, spans)]
        wrong = [span for span in spans if not is_right(span, private)]
        there.update(kind for _, _, kind in private)
        hidden.update(kind for _, _, kind in private)
        hidden.subtract(kind for _, _, kind in missed)
        masked.update(span.kind for span in spans)
        right.update(span.kind for span in spans if span not in wrong)
        ordinary += not private
        touched += not private and bool(spans)
        if show and (missed or wrong):
            print(
                f"{item['say']}\n   missed: {[item['say'][a:b] for a, b, _ in missed]}  mask: {privacy.mask(item['say'])}"
            )
    print(f"{'kind':10}{'there':>7}{'hidden':>8}{'recall':>9}{'masked':>8}{'rightly':>9}{'precision':>11}")
    for kind in sorted(there | masked):
        recall = f"{hidden[kind] / there[kind]:.1%}" if there[kind] else "–"
        precision = f"{right[kind] / masked[kind]:.1%}" if masked[kind] else "–"
        print(f"{kind:10}{there[kind]:7}{hidden[kind]:8}{recall:>9}{masked[kind]:8}{right[kind]:9}{precision:>11}")
    print(f"ordinary messages touched: {touched} of {ordinary} ({touched / ordinary:.1%})")


if __name__ == "__main__":
    main()
