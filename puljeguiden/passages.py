"""Looks a question up in the pages' own text, for what no topic covers. Finds a sentence to quote, or nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import simplemma

from puljeguiden.danish import COMMON_WORDS, fold, squeeze
from puljeguiden.facts import Facts, Source

_FURNITURE = re.compile(
    r"»|nyt vindue|^Gå til indhold|^\(Required\)|^Sidst opdateret|^Abonnér|^Læs |^Hent ", re.IGNORECASE
)
_COMMON = COMMON_WORDS | frozenset(
    "pulje puljen opslag opslaget står mon egentlig høre spørge spørgsmål hjælpe bruge bruges bruger".split()
)
_FOUND = 0.75
"""Share of a question's weight that a passage has to hold. Chosen on questions that the pages do and do not answer."""


@dataclass(frozen=True)
class Passage:
    """A sentence of a page, with how much of the question it holds (0–1)."""

    pool: str
    source: Source
    score: float


@dataclass(frozen=True)
class _Index:
    passages: tuple[tuple[str, str, frozenset[str]], ...]
    weights: dict[str, float]


def search(facts: Facts, question: str, pools: Sequence[str]) -> Passage | None:
    """Return the passage of the pools' pages that answers a question best, or None where none is close enough."""
    index = _index(facts)
    wanted = _lemmas(question)
    unknown = max(index.weights.values(), default=1.0)
    whole = math.fsum(index.weights.get(lemma, unknown) for lemma in wanted)
    if len(wanted) < 2:
        return None
    best: Passage | None = None
    for pool, text, lemmas in index.passages:
        if pool not in pools:
            continue
        score = math.fsum(index.weights[lemma] for lemma in wanted & lemmas) / whole
        if len(wanted & lemmas) >= 2 and score >= _FOUND and (best is None or score > best.score):
            page = facts.pools[pool].page
            best = Passage(pool, Source(page.document, page.title, page.url, text, page.updated), score)
    return best


def _index(facts: Facts) -> _Index:
    if "passages" not in facts.cache:
        facts.cache["passages"] = _build(facts)
    built: _Index = facts.cache["passages"]
    return built


def _build(facts: Facts) -> _Index:
    passages = []
    for pool, page in facts.pages.items():
        for line in page.splitlines():
            line = squeeze(line)
            if len(line.split()) < 5 or _FURNITURE.search(line) or line == squeeze(facts.pools[pool].page.title):
                continue
            for sentence in re.split(r"(?<=[.!?]) (?=[A-ZÆØÅ])", line):
                passages.append((pool, sentence, frozenset(_lemmas(sentence))))
    count = len(passages)
    lemmas = {lemma for _, _, found in passages for lemma in found}
    weights = {lemma: math.log(1 + count / sum(lemma in found for _, _, found in passages)) for lemma in lemmas}
    return _Index(tuple(passages), weights)


def _lemmas(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]{2,}|\d+", text.lower())
    return {fold(simplemma.lemmatize(word, lang="da", low_memory=True)) for word in words if word not in _COMMON} - {""}
