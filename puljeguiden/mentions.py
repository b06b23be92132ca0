"""Finds what a message mentions: pools, kinds of applicants, municipalities. With inflection, typos and any spelling of æøå.

Everything is found from the names in `data/`, so a new pool or name needs no training.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from puljeguiden.danish import are_words, fold, stems
from puljeguiden.facts import Facts
from puljeguiden.name_index import LONG_NAME, SHORTEST_CUT, WITH_SLIPS, NameIndex

POOL_NAME = "puljen"
"""What the classifier sees instead of a pool's name."""
PLACE_NAME = "kommunen"
"""What the classifier sees instead of a municipality's name."""

_WORD = re.compile(r"[^\W_]+")
_LONGEST_NAME = 6  # words
_REMEMBERED_TEXTS = 100
_PREPOSITIONS = {"i", "fra", "for", "hos", "til", "med"}
# «ikke handlingsplaner, den anden», «den uden boligområder»; not «er det ikke handlingsplanerne, der …?».
_NOT_THIS = re.compile(
    r"(?:(?:^|[,.;!]|\b(?:nej|mener|mente|altså|men)) *ikke|\buden)(?: (?:den|dem|det|de))?(?: (?:med|om|til|i))? *$",
    re.IGNORECASE,
)
# After a pool's hint they make a name of it: «Deloitte puljen», «Rambøll-sporet».
_NAMES_IT = re.compile(r"[ -]?(?:pulj|forløb|projekt|spor)|-(?:ting|del|opslag)", re.IGNORECASE)
_NAME_ENDINGS = ("pulje", "forløb", "projekt")
# «SSP-konsulent i en kommune» works there: it is the kommune that asks.
_WORKS_FOR_ONE = re.compile(r"\w*konsulent\w* (?:i|hos|ved) (?:\w+ ){0,3}?\w*(?:kommun|forvaltning)", re.IGNORECASE)
_OURS = {"min", "vor", "vores", "din", "deres", "jeres"}  # «vores konsulent siger …»
_CONSULTANT = re.compile(r"\w*konsulent(?:en|er|erne)?")
# «hvis kommunen ikke vil, kan jeg så selv?»: it is not the kommune that asks.
_IF = re.compile(r"\b(?:hvis|når)\b[^.,;?!]*$", re.IGNORECASE)
_WILL_NOT = re.compile(r"\w* ikke (?:vil|gider|søger|kan|selv|orker|gør)\b", re.IGNORECASE)
_NOT_AN = re.compile(r"(?<!heller )\bikke (?:er )?(?:selv )?(?:en |et |nogen )?$", re.IGNORECASE)


@dataclass(frozen=True)
class PoolMention:
    """A pool named at text[start:end]. Several pools where they share the name. A hint only points to its pool."""

    start: int
    end: int
    pools: tuple[str, ...]
    hint: bool = False
    negated: bool = False
    """True in «nej, ikke handlingsplanerne»: whatever is meant, it is not this one."""


@dataclass(frozen=True)
class ApplicantMention:
    """A kind of applicant at text[start:end]; `name` is the official name of a municipality or region."""

    start: int
    end: int
    kind: str
    name: str | None = None
    within: bool = False
    """True after a preposition: «en forening i Gladsaxe» is no question about Gladsaxe."""


@dataclass(frozen=True)
class Mentions:
    """All that a message mentions, in its order."""

    pools: tuple[PoolMention, ...]
    applicants: tuple[ApplicantMention, ...]

    def spans(self) -> list[tuple[int, int]]:
        """Return where pools are named or hinted at."""
        return [(mention.start, mention.end) for mention in self.pools]

    def pool_ids(self, hints: bool = True) -> list[str]:
        """Return the pools that are named for certain, each once; those that are only hinted at where `hints`."""
        meant = [
            mention
            for mention in self.pools
            if len(mention.pools) == 1 and not mention.negated and (hints or not mention.hint)
        ]
        return list(dict.fromkeys(mention.pools[0] for mention in meant))

    def not_meant(self) -> list[str]:
        """Return the pools that the text says it is not about."""
        return list(dict.fromkeys(mention.pools[0] for mention in self.pools if mention.negated))

    def unclear(self) -> tuple[str, ...]:
        """Return the pools that share a name used here, where nothing else in the message tells which is meant."""
        for mention in self.pools:
            if len(mention.pools) > 1 and not set(mention.pools) & set(self.pool_ids()):
                return mention.pools
        return ()

    def who_asks(self) -> tuple[ApplicantMention, ...]:
        """Return the applicants the message is about: each kind once, a place that is only where somebody is left out."""
        others = [found for found in self.applicants if found.kind != "kommune"]
        kept = others + [
            found for found in self.applicants if found.kind == "kommune" and not (others and found.within)
        ]
        named = {found.kind for found in kept if found.name}
        unique: dict[tuple[str, str | None], ApplicantMention] = {}
        for found in kept:
            if found.name or found.kind not in named:
                unique.setdefault((found.kind, found.name), found)
        return tuple(sorted(unique.values(), key=lambda found: found.start))


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str
    folded: str


_Window = tuple[int, int, str]
"""The first word of a run, the one after its last, and how it is written."""


def _words(text: str) -> list[_Word]:
    return [_Word(match.start(), match.end(), match.group(), fold(match.group())) for match in _WORD.finditer(text)]


@dataclass
class _Indexes:
    names: NameIndex
    hints: NameIndex
    exact_hints: dict[str, str]
    kinds: NameIndex
    places: NameIndex
    place_by_name: dict[str, tuple[str, bool, bool]]


def _indexes(facts: Facts) -> _Indexes:
    if "mentions" not in facts.cache:
        facts.cache["mentions"] = _build(facts)
    built: _Indexes = facts.cache["mentions"]
    return built


def _key(name: str) -> str:
    return "".join(word.folded for word in _words(name))


def _build(facts: Facts) -> _Indexes:
    built = _Indexes(NameIndex(), NameIndex(), {}, NameIndex(), NameIndex(), {})
    for pool in facts.pools.values():
        for name in pool.names:
            built.names.add(_key(name), pool.id)
        for hint in pool.hints:
            if re.search(r"[\d@.«]", hint):  # «millionen» in quotes: in no other form, not even «millioner»
                built.exact_hints[re.sub("«(.*)»", r"\1", hint.lower())] = pool.id
            else:
                built.hints.add(_key(hint), pool.id)
                if " " not in hint:  # «Deloittepuljen», «Deloitteforløbet»
                    for ending in _NAME_ENDINGS:
                        built.names.add(_key(hint + ending), pool.id)
    for kind in facts.kinds.values():
        for word in kind.words:
            built.kinds.add(_key(word), kind.id)
    for place in facts.municipalities:
        built.place_by_name[place.full] = ("kommune", place.ambiguous, place.word)
        for name in place.names:
            built.places.add(_key(name), place.full)
    for region in facts.regions:
        built.place_by_name[f"Region {region}"] = ("region", True, True)
        built.places.add(_key(f"Region {region}"), f"Region {region}")
    return built


def find(text: str, facts: Facts) -> Mentions:
    """Return the pools, kinds of applicants and municipalities that a text mentions."""
    # A turn asks for the same text several times: before it is classified, and when it is answered.
    found: dict[str, Mentions] = facts.cache.setdefault("mentions of texts", {})
    if text not in found:
        if len(found) >= _REMEMBERED_TEXTS:
            found.clear()
        found[text] = _find(text, facts)
    return found[text]


def _find(text: str, facts: Facts) -> Mentions:
    indexes = _indexes(facts)
    words = _words(text)
    pools = _pool_mentions(text, words, indexes)
    taken = [(mention.start, mention.end) for mention in pools if not mention.hint]
    return Mentions(tuple(pools), tuple(_applicant_mentions(text, words, indexes, taken)))


def _windows(words: list[_Word]) -> list[_Window]:
    """Return all runs of words, longest first, so that «kommunale handlingsplaner» wins over «handlingsplaner»."""
    count = len(words)
    return [
        (first, first + size, "".join(word.folded for word in words[first : first + size]))
        for size in range(min(_LONGEST_NAME, count), 0, -1)
        for first in range(count - size + 1)
    ]


def _pool_mentions(text: str, words: list[_Word], indexes: _Indexes) -> list[PoolMention]:
    found: list[PoolMention] = []
    used: set[int] = set()
    windows = _windows(words)
    for hint, index in ((False, indexes.names), (True, indexes.hints)):
        for first, last, owners in _hits(words, windows, index, hint):
            if not used.isdisjoint(range(first, last)):
                continue
            used |= set(range(first, last))
            run = words[first:last]
            names_it = hint and last < len(words) and bool(_NAMES_IT.match(text, run[-1].end))
            end = words[last].end if names_it else run[-1].end
            negated = bool(_NOT_THIS.search(text[: run[0].start]))
            found.append(PoolMention(run[0].start, end, tuple(sorted(owners)), hint and not names_it, negated))
    lowered = text.lower()
    for name, pool in indexes.exact_hints.items():
        # «de 25», not «de 25 mio.» and not «de 250»
        more = r"(?![.,]?\d| ?(?:mio|mill|kr\b))" if name[0].isalpha() and name[-1].isdigit() else ""
        after = r"(?!\w)" if name.replace(" ", "").isalpha() else more
        if place := re.search(rf"(?<!\w)(?<!\d[.,]){re.escape(name)}{after}", lowered):
            found.append(PoolMention(place.start(), place.end(), (pool,), True))
    return sorted(found, key=lambda mention: mention.start)


def _hits(words: list[_Word], windows: list[_Window], index: NameIndex, hint: bool) -> list[tuple[int, int, set[str]]]:
    """Return the runs of words that mean a name, surest first, and the owners of the name."""
    found = []
    for first, last, written in windows:
        several = last - first > 1
        # A small word at an end is no part of a name, unless it is written just so: «handlingsplaner er».
        small_end = several and (len(words[first].folded) < 3 or len(words[last - 1].folded) < 4)
        if hit := index.look_up(written, exactly=small_end, begins=not (hint or several)):
            if hit[0] == WITH_SLIPS and not several and are_words([words[first].text]):  # «banker» are no «bander»
                continue
            found.append((hit[0], first, last, hit[1]))
    return [(first, last, owners) for _, first, last, owners in sorted(found, key=lambda hit: hit[0])]


def _applicant_mentions(
    text: str, words: list[_Word], indexes: _Indexes, taken: list[tuple[int, int]]
) -> list[ApplicantMention]:
    found: list[ApplicantMention] = []
    shouting = text.isupper()
    index = 0
    while index < len(words):
        if any(start <= words[index].start < end for start, end in taken):
            index += 1
            continue
        place = _place(words, index, indexes, shouting)
        if place:
            size, mention = place
            found.append(mention)
            index += size
            continue
        before = words[index - 1].folded if index else ""
        kind = None if _is_another(text, words[index], before) else _kind(words[index], indexes)
        denied = kind and (_NOT_AN.search(text[: words[index].start]) or _will_not(text, words[index], kind))
        if kind and not denied:  # «vi er ikke en kommune»
            found.append(ApplicantMention(words[index].start, words[index].end, kind, within=before in _PREPOSITIONS))
        index += 1
    return found


def _is_another(text: str, word: _Word, before: str) -> bool:
    """Return whether a word names somebody who does not ask: who works for a kommune or for the visitor."""
    ours = before in _OURS and bool(_CONSULTANT.fullmatch(word.folded))
    return ours or bool(_WORKS_FOR_ONE.match(text, word.start))


def _will_not(text: str, word: _Word, kind: str) -> bool:
    return kind == "kommune" and bool(_IF.search(text[: word.start]) and _WILL_NOT.match(text, word.start))


def _place(words: list[_Word], index: int, indexes: _Indexes, shouting: bool) -> tuple[int, ApplicantMention] | None:
    before = words[index - 1].folded if index else ""
    for size in (2, 1):
        run = words[index : index + size]
        if len(run) < size:
            continue
        after = words[index + size].folded if index + size < len(words) else ""
        with_kommune = after.startswith(("kommun", "regionskommun"))
        capital = run[0].text[0].isupper() and not shouting
        written = "".join(word.folded for word in run)
        owners = indexes.places.names.get(written) or indexes.places.names.get(written.removesuffix("s"))
        if not owners:
            certain = with_kommune or (capital and index > 0)
            owners = indexes.places.near(written, shortest=0 if certain else LONG_NAME)
            if owners and are_words([word.text for word in run]):  # «ALLEREDE» is not Allerød, «Var der» not Varde
                continue
        if not owners:
            continue
        full = sorted(owners)[0]
        kind, ambiguous, word = indexes.place_by_name[full]
        clear_capital = capital and (index > 0 or len(words) == size)
        genitive = written not in indexes.places.names and len(written) >= SHORTEST_CUT  # «vejles» is no other word
        clear = (
            with_kommune
            or genitive
            or clear_capital
            or (before in _PREPOSITIONS and not word)
            or full.startswith("Region ")
        )
        if ambiguous and not clear:
            continue
        taken = size + (1 if with_kommune else 0)
        within = before in _PREPOSITIONS
        return taken, ApplicantMention(run[0].start, words[index + taken - 1].end, kind, full, within)
    return None


def _kind(word: _Word, indexes: _Indexes) -> str | None:
    if len(word.folded) < 3:
        return None
    if owners := indexes.kinds.exact(word.folded):
        return sorted(owners)[0]
    # «idrætsforening», «folkeskolen»: the last part of a compound tells the kind.
    for stem in stems(word.folded):
        for length in range(len(stem) - 3, 3, -1):
            if stem[-length:] in indexes.kinds.names:
                return sorted(indexes.kinds.names[stem[-length:]])[0]
    owners = indexes.kinds.near(word.folded, shortest=LONG_NAME)
    return sorted(owners)[0] if owners else None


def mask(text: str, mentions: Mentions) -> str:
    """Return text with every pool's name as one token, and every municipality's as another."""
    spans = [(mention.start, mention.end, POOL_NAME) for mention in mentions.pools if not mention.hint]
    spans += [
        (mention.start, mention.end, PLACE_NAME)
        for mention in mentions.applicants
        if mention.name and mention.kind == "kommune"
    ]
    for start, end, token in sorted(spans, reverse=True):
        text = text[:start] + token + text[end:]
    return text


def without_hints(text: str, facts: Facts) -> str:
    """Return a text without the words that only point to a pool, «Rambøll»; nothing where it holds none."""
    rest = text
    for mention in reversed(find(text, facts).pools):
        if mention.hint:
            rest = rest[: mention.start] + rest[mention.end :]
    return "" if rest == text else rest
