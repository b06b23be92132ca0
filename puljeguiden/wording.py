"""Finds the words somebody asks the meaning of, and where the pages use them. The pages explain no word themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from puljeguiden.danish import COMMON_WORDS, fold, squeeze, stems
from puljeguiden.facts import Facts
from puljeguiden.mentions import find

TOPIC = "wording"
SHOWN_AS = "passage"
"""The topic of the answer in a reply: it quotes where the word stands."""
_BETWEEN = "|"
_MOST_WORDS = 5
_LONGEST = 60  # letters of what is asked; more is no word
_FEWEST_LETTERS = 7
"""A word that stands in a message without «hvad betyder» before it, and is shorter, is hardly what is asked."""
_NOT_AT_ALL = 9
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"\S+@\S+|\b\w+\.dk\b")
_NAVIGATION = re.compile(r"»|^Gå til indhold|^\(Required\)")
_POINTER = re.compile(r"^(?:Læs|Hent|Sidst|Abonnér)\b")
_PRACTICE = re.compile(r"\bi praksis\b", re.IGNORECASE)
_HEADING = 3  # words
_LONGEST_RUN = 4  # words
_SMALL_IN_NAMES = {"for", "af", "og", "i"}

_QUOTED = re.compile(r"[«»\"”“„]([^«»\"”“„]{3,60})[«»\"”“„]")
_AFTER = re.compile(
    r"\bhva[d]?\s+(?:er\s+det\s+)?(?:egentlig\s+)?(?:betyder|bet[iy]der|mene[sr]\s+(?:i|man|de|du|der)\s+(?:egentlig\s+)?med"
    r"|mene[sr]\s+med|forst(?:å|aa|a)r?s?\s+(?:i|man|de|der)?\s*ved|dækker|daekker|ligger\s+der\s+i|kalder\s+(?:i|man))\s+(.+)"
    r"|\bhva[d]?\s+står\s+(?!der\b|det\b)(.+?)\s+for\b"
    r"|\bhva[d]?\s+er\s+(?:så\s+)?(.+?)\s+(?:en\s+)?forkortelse"
    r"|\b(?:forklar\w*|definition\w*\s+(?:på|af)|betydning\w*\s+af|ordet|begrebet|udtrykket)\s+(.+)"
    r"|\bder\s+står\s+(?:vel|da|jo)?\s*(.+?)\s+(?:et|noget|nogen)\s+steds?"
    r"|\bhva[d]?\s+(?:er|r)\s+(?:så\s+)?(.+)",
    re.IGNORECASE,
)
_PLAINLY = re.compile(
    r"\bbet[iy]der\b|\bforkortelse|\bmene[sr]\b.{0,12}\bmed\b|\bforst(?:å|aa)r?s\b.{0,6}\bved\b", re.IGNORECASE
)
_SAME = re.compile(r"\bsamme?\b|\bens\b|\bforskel|\bsynonym", re.IGNORECASE)
_TWO = re.compile(
    r"\b(?:er|mellem|på)\s+(?:en\s+|et\s+)?(.+?)\s+(?:(?:lig\s+|det\s+)?samme?\s+som|lig\s+med|og|eller)\s+(?:en\s+|et\s+)?(.+?)"
    r"(?:\s+(?:det\s+)?samme?|\s+ens)?(?:\s+ting)?\W*$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[?!,;:()]|\.\s|\.$|\s[-–]\s"
    r"|\s(?:for (?:noget|en|et|os)|egentlig\w*|lige|helt|så|nu|mon|når|og (?:hvad|hvem|er|får|skal|hvordan)"
    r"|i (?:den her|det her|praksis|opslaget|puljen|teksten)"
    r"|på (?:dansk|almindelig\w*|jævnt)|her|der|som|betyder|over|ved|altså|konkret|præcis\w*|er)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:(?:en|et|den|det|de|der|dette|denne|ordet|begrebet|udtrykket|forskel\w*|mellem|i|med|af|på|så|mon)\s+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """Where a page uses a word: as it is written there, and the sentences.

    `name` is the name whose first letters the word is, where the page has only that.
    """

    word: str
    quotes: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True)
class _Line:
    text: str
    quotes: tuple[str, ...]
    """What is shown for it: a heading comes with the sentence under it."""
    words: tuple[tuple[int, int, str, str], ...]
    """Where each word stands, as it is written and folded."""


def question(terms: tuple[str, ...]) -> str:
    """Return the question for the meaning of a word, or whether two mean the same."""
    return f"{TOPIC}.{_BETWEEN.join(terms)}"


def terms_of(asked: str) -> tuple[str, ...]:
    """Return the words that a question asks about; nothing where it is another question."""
    topic, _, terms = asked.partition(".")
    return tuple(terms.split(_BETWEEN)) if topic == TOPIC and terms else ()


def asked_in(text: str, facts: Facts) -> tuple[str, ...]:
    """Return the word whose meaning a text asks, or the two that may mean the same; nothing where there is none."""
    if _SAME.search(text):
        two = _TWO.search(text)
        terms = tuple(_clean(term) for term in two.groups()) if two else ()
        if len(terms) == 2 and all(terms) and any(_stands(facts, term) for term in terms):
            return terms
        return tuple(_on_pages(text, facts)[:2])
    if quoted := _QUOTED.search(text):
        return (_clean(quoted[1]),)
    for found in _AFTER.finditer(text):
        term = next(group for group in found.groups() if group)
        for cut in (_clean(term), _clean(_ENDS.split(_BEFORE.sub("", term.strip()))[0])):
            if cut and _stands(facts, cut):
                return (cut,)
        if cut and len(cut.split()) <= 3:
            return (cut,)
    return tuple(_on_pages(text, facts)[:1])


def plainly_asked_in(text: str, facts: Facts) -> tuple[str, ...]:
    """Return the words of the pages whose meaning a text asks in so many words: «samskabelse?? hvad betyder det»."""
    terms = asked_in(text, facts) if _PLAINLY.search(text) else ()
    return tuple(term for term in terms if _stands(facts, term))


def place(facts: Facts, pool: str, term: str) -> Place | None:
    """Return where a pool's page uses a word, inflected or with typing slips; None where it does not."""
    wanted = [fold(word) for word in _WORD.findall(term)]
    if not wanted:
        return None
    in_one = ["".join(wanted)]  # «paratheds vurdering»
    found = _find(facts, pool, wanted) or (_find(facts, pool, in_one) if len(wanted) > 1 else None)
    return found or _by_initials(facts, pool, term)


def _find(facts: Facts, pool: str, wanted: list[str]) -> Place | None:
    best: tuple[int, bool, Place] | None = None
    for line in _lines(facts)[pool]:
        for start in range(len(line.words) - len(wanted) + 1):
            run = line.words[start : start + len(wanted)]
            rank = 0
            for one, (_, _, _, written) in zip(wanted, run, strict=True):
                rank = max(rank, _rank(one, written))
                if rank == _NOT_AT_ALL:  # mostly at the first word: a message may be long
                    break
            order = rank, not line.text.endswith(".")  # rather a sentence than a heading
            if rank < _NOT_AT_ALL and (best is None or order < best[:2]):
                best = (*order, Place(line.text[run[0][0] : run[-1][1]], line.quotes))
    return best[2] if best else None


def pools_with(facts: Facts, asked: str) -> list[str]:
    """Return the pools whose pages use a word that a question asks about."""
    return [pool for pool in facts.pools if any(place(facts, pool, term) for term in terms_of(asked))]


def _stands(facts: Facts, term: str) -> bool:
    return any(place(facts, pool, term) for pool in facts.pools)


def _clean(term: str) -> str:
    """Return a term without what stands around it: «en parathedsvurdering for noget?» is «parathedsvurdering»."""
    bare = _ENDS.split(_BEFORE.sub("", term.strip(" \"'«»”“„?!.,;:")))[0]
    words = re.findall(r"[^\W_]+(?:[-./][^\W_]+)*", bare[:_LONGEST])
    while words and words[-1].lower() in COMMON_WORDS:
        words.pop()
    return " ".join(words[:_MOST_WORDS])


def _on_pages(text: str, facts: Facts) -> list[str]:
    """Return the longest runs of a text's words that stand so on a page, and are more than a pool's name."""
    text = _PRACTICE.sub("", text)
    named = [(one.start, one.end) for one in find(text, facts).pools if not one.hint]
    words = list(_WORD.finditer(text))
    found: list[tuple[int, int, int]] = []
    for size in range(min(_LONGEST_RUN, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            run = words[start : start + size]
            small = {run[0].group().lower(), run[-1].group().lower()} & COMMON_WORDS
            name = all(any(begin <= word.start() < end for begin, end in named) for word in run)
            if small or name or any(begin < start + size and start < end for _, begin, end in found):
                continue
            if _tells(facts, [word.group() for word in run]):
                found.append((-sum(len(word.group()) for word in run), start, start + size))
    return [" ".join(word.group() for word in words[start:end]) for _, start, end in sorted(found)]


def _tells(facts: Facts, run: list[str]) -> bool:
    """Return whether words stand on a page, and are no everyday word: «civilsamfund», «SIRI»."""
    if len("".join(run)) >= _FEWEST_LETTERS:
        return any(_find(facts, pool, [fold(word) for word in run]) for pool in facts.pools)
    return len(run) == 1 and any(_by_initials(facts, pool, run[0]) for pool in facts.pools)


@lru_cache(maxsize=20_000)
def _rank(wanted: str, written: str) -> int:
    """Return how surely a word of a page is the one that is asked: 0 the same, `_NOT_AT_ALL` not it."""
    if wanted == written:
        return 0
    if any(len(stem) >= 4 for stem in {*stems(wanted)} & {*stems(written)}):
        return 1
    # «samskabelse» in «samskabelsesproces»
    parts = [stem for stem in stems(wanted) if len(stem) >= _FEWEST_LETTERS]
    if any(written.startswith(stem) or written.endswith(stem) for stem in parts):
        return 2
    slips = 2 if len(wanted) >= 10 else 1 if len(wanted) >= _FEWEST_LETTERS else 0
    return 3 if slips and OSA.distance(wanted, written, score_cutoff=slips) <= slips else _NOT_AT_ALL


def _by_initials(facts: Facts, pool: str, term: str) -> Place | None:
    """Return where a page has a name whose first letters a word is: «SIRI»."""
    letters = fold(term)
    if not re.fullmatch(r"[a-z]{3,6}", letters):
        return None
    for line in _lines(facts)[pool]:
        for first, (start, _, _, _) in enumerate(line.words):
            initials = ""
            for _, end, word, _ in line.words[first:]:
                if word in _SMALL_IN_NAMES and initials:
                    continue
                if not word[0].isupper():
                    break
                initials += fold(word[0])
                if initials == letters:
                    return Place(term.upper(), line.quotes, line.text[start:end])
    return None


def _lines(facts: Facts) -> dict[str, list[_Line]]:
    if TOPIC not in facts.cache:
        facts.cache[TOPIC] = {pool: _read(page) for pool, page in facts.pages.items()}
    built: dict[str, list[_Line]] = facts.cache[TOPIC]
    return built


def _read(page: str) -> list[_Line]:
    lines = [squeeze(line) for line in page.splitlines() if line.strip() and not _NAVIGATION.search(line)]
    found = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        for sentence in re.split(r"(?<=[.!?]) (?=[A-ZÆØÅ])", line):
            heading = len(line.split()) <= _HEADING and not _POINTER.match(line) and line[-1] not in ".!?"
            quotes = (line, after) if heading and after else (sentence,)
            blank = _ADDRESS.sub(lambda match: " " * len(match.group()), sentence)
            words = tuple(
                (match.start(), match.end(), match.group(), fold(match.group())) for match in _WORD.finditer(blank)
            )
            found.append(_Line(sentence, quotes, words))
    return found
