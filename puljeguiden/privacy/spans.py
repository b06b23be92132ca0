"""Places in a text that hold personal data of one kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """Personal data at text[start:end]; `kind` is a key of `privacy.WORDS`."""

    start: int
    end: int
    kind: str


def free(spans: Iterable[Span], taken: Sequence[Span]) -> list[Span]:
    """Return the spans that overlap neither what is taken nor a span before them."""
    kept: list[Span] = []
    for span in spans:
        if not any(span.start < other.end and other.start < span.end for other in (*taken, *kept)):
            kept.append(span)
    return kept
