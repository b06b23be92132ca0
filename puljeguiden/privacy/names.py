"""Finds names of persons: by lists, by the words before them, and last by the Danish model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from puljeguiden.danish import COMMON_WORDS
from puljeguiden.privacy import public
from puljeguiden.privacy.listed import (
    FIRST,
    SURNAME,
    WORD,
    is_everyday,
    is_near_everyday,
    is_public,
    looks_like_place,
    looks_like_surname,
    sort_of,
)
from puljeguiden.privacy.spans import Span

if TYPE_CHECKING:
    from spacy.language import Language

Persons = Sequence[tuple[int, int]]
"""Where the Danish model sees persons in a text: start and end."""

_WORD = re.compile(r"(?<![\w'’@])[^\W\d_]+(?:[-’'´`][^\W\d_]+)*")
_INITIAL = re.compile(r"[A-ZÆØÅ]")
_INITIALS = re.compile(r"\b(?:[A-ZÆØÅ]\.\s?)+$")
_PARTICLES = frozenset("á von van der de den di da dos el al bin ibn abu bint af ben la le du mc".split())
_LONGEST = 6  # words
_END_OF_SENTENCE = re.compile(r"(?:^|[.!?:;\n…]|[-–•]\s)[\s\"'»«”“(]*$")

_FAMILY = """
    søn sønner datter døtre barn børn dreng drenge pige piger kone mand hustru ægtefælle kæreste mor far moster faster onkel
    bror brødre lillebror storebror søster søstre lillesøster storesøster fætter kusine nevø niece svoger svigermor
    svigerfar mormor farmor morfar farfar barnebarn stedsøn steddatter papsøn papdatter plejesøn plejebarn tvillinger
    tvillingerne nabo ven veninde kollega kolleger kollegaer chef leder makker elev klient bonusdatter bonussøn kammerat
"""
_TITLES = """
    konsulent koordinator leder chef borgmester formand forperson lærer pædagog rådgiver sagsbehandler rådmand direktør
    fuldmægtig minister betjent assistent advokat medarbejder imam præst kontaktperson mentor læge sekretær inspektør
    behandler forsker vejleder vicevært kommissær kasserer rektor fru hr frk dr doktor professor
"""
_WHO = (
    "jeg han hun der som de og navn sønn?en? datter(?:en)? manden? konen? chef(?:en)? leder(?:en)? eleven drengen pigen"
)
# What a name follows, whatever it looks like: «jeg hedder anne sørensen», «mvh bo», «spørg efter lykke».
_SURE = re.compile(
    rf"(?:\b(?:{'|'.join(_WHO.split())}) +(?:hedder|heder|hed|kaldes)(?: altså| jo| så| faktisk)?"
    r"|\bhedder jeg|\bmi[tn] navn(?: er|:)?|\bnavnet? er|\b(?:fulde )?navn ?:|\bunderskrevet(?: af)?:?|\bkald mig(?: bare)?"
    r"|\bm\.?v\.?h\.?|\bv\.?h\.|\bvh|\bkh|\bde bedste|\b(?:hilsen|hilsner|hilsn|hilsener|hils)(?: (?:fra|til))?"
    r"|\bspørge? (?:gerne |evt\.? |eventuelt |bare |lige |venligst )?efter"
    r"|\b(?:jeg|det|der) er(?=\s+(?-i:[A-ZÆØÅ]))"
    rf"|\b(?:min|mine|vores|vor|hans|hendes|din|deres|jeres) (?:\w+ )?\w*(?:{'|'.join(_FAMILY.split())})"
    r"(?: på \d+(?: år)?)?,?(?: (?:der )?hedder)?)"
    r"[\s,:!.–—-]*$",
    re.IGNORECASE,
)
# After these a capital letter tells, even of a name that no list knows.
_PERSON = re.compile(
    rf"(?:\b\w*-?(?:{'|'.join(_TITLES.split())})(?:en|n|in|inden)?\.?(?: i [A-ZÆØÅ]\w+)?"
    r"|\b(?:hej|hejsa|hejs|halløj|kære|goddag|davs)(?: til)?"
    r"|\b(?:ring|ringe|ringer|ringet) (?:det |den |gerne |bare |evt\. |lige )?til"
    r"|\b(?:snakke?|snakker|snakket|tale?|taler|talte|talt|mødes|fat) (?:\w+ )?(?:med|i)|\b(?:att|attn)\.?)"
    r"[\s,:–—/-]*$",
    re.IGNORECASE,
)
# After these only of one that a list knows, or that looks like a surname.
_LIKELY = re.compile(
    r"\b(?:til|med|kontakte?|kontakter|kontaktede|tak|cc|v/|ved|fra|af|om|for|og|eller|samt|hos|mødte|kender|så|svarer|hører"
    r"|gav|siger|sagde|spurgte?|skylder|i dag|i går|at|når|hvis|fordi)[\s,:.–—/-]*$",
    re.IGNORECASE,
)
# Here a name that is a word counts in lower case too: «ring til bo», «hej pia».
_CALLED = re.compile(
    r"(?:\b(?:ringe?|ringer) (?:gerne |bare |evt\. |lige )?til|\b(?:snakket|talt) med|^\W*(?:hej|kære))[\s,]*$",
    re.IGNORECASE,
)
_AFTER_CALLED = re.compile(r"\s*(?:her fra\b|[,.!?\n]|$|på \d|i morgen|hvis)")


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    text: str
    sort: int
    first: bool
    """Whether it begins a sentence, where a capital letter tells nothing."""

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def find(text: str, taken: Sequence[Span], persons: Persons | None = None) -> Iterator[Span]:
    """Yield where persons' names stand, those that the pages publish left out.

    `persons` is what the Danish model says of the text; without it, the model is asked.
    """
    tokens = _tokens(text, taken)
    used: set[int] = set()
    for first in range(len(tokens)):
        if first in used:
            continue
        sure = _introduced(text, tokens, first)
        last = _name_end(text, tokens, first, sure)
        if last is None:
            continue
        while first and first - 1 not in used and _belongs_before(text, tokens, first):
            first -= 1
        run = tokens[first : last + 1]
        used.update(range(first, last + 1))
        if sure or not public.is_contact([token.text for token in run]):
            yield Span(run[0].start, _end(text, run[-1]), "name")
    rest = [token for index, token in enumerate(tokens) if index not in used]
    yield from _by_model(text, rest, persons)


def _tokens(text: str, taken: Sequence[Span]) -> list[_Token]:
    tokens = []
    for match in _WORD.finditer(text):
        if any(span.start < match.end() and match.start() < span.end for span in taken):
            continue
        first = bool(_END_OF_SENTENCE.search(text, max(0, match.start() - 8), match.start()))
        tokens.append(_Token(*match.span(), match.group(), sort_of(match.group()), first))
    return tokens


def _introduced(text: str, tokens: list[_Token], index: int) -> bool:
    """Return whether what stands before a word says that a name follows."""
    return bool(_SURE.search(text, max(0, tokens[index].start - 60), tokens[index].start))


def _name_end(text: str, tokens: list[_Token], first: int, sure: bool) -> int | None:
    """Return the last word of the name that begins with the word `first`; none where no name does."""
    token = tokens[first]
    if not _begins(text, tokens, first, sure):
        return None
    last = first
    for index in range(first + 1, min(first + _LONGEST, len(tokens))):
        if not _joined(text, tokens[index - 1], tokens[index]):
            break
        if _continues(tokens[index], token, sure):
            last = index
        elif tokens[index].text.lower() not in _PARTICLES:
            break
    return last


def _begins(text: str, tokens: list[_Token], index: int, sure: bool) -> bool:
    token = tokens[index]
    word = token.text
    strong = bool(token.sort) and not token.sort & WORD
    if strong and not (len(word) <= 3 and token.shouted and not sure):
        return not _is_place(text, token)
    if sure:
        return _could_be_name(token)
    before = text[max(0, token.start - 60) : token.start]
    if token.sort & WORD and token.sort & FIRST and _CALLED.search(before) and _AFTER_CALLED.match(text, token.end):
        return True
    if token.sort & FIRST and token.first and token.capital and re.match(r" her\b", text[token.end :]):
        return True  # «Storm her, formand for …»
    if not token.capital or token.shouted:
        return False
    following = tokens[index + 1] if index + 1 < len(tokens) and _joined(text, token, tokens[index + 1]) else None
    if following and following.capital:
        surname = following.sort & SURNAME or looks_like_surname(following.text)
        if token.sort & FIRST and surname:
            return True  # «Bo Lund»
        if following.sort & SURNAME and not following.sort & WORD and not is_everyday(word):
            return True  # «Tjodolf Hansen»
    if is_public(word):
        return False
    if _PERSON.search(before):
        return bool(token.sort) or _unknown(token)
    if _LIKELY.search(before) and not token.first:
        return bool(token.sort & FIRST) or (looks_like_surname(word) and not looks_like_place(word) and _unknown(token))
    return bool(token.sort & FIRST) and not token.first


def _could_be_name(token: _Token) -> bool:
    """Return whether a word can be the name that the words before it promise."""
    if is_public(token.text) or (token.shouted and not token.sort):
        return False
    if token.sort:
        return token.capital or not token.sort & WORD or bool(token.sort & FIRST)
    if is_everyday(token.text):
        return False
    return 3 <= len(token.text) <= 12 or token.capital


def _continues(token: _Token, start: _Token, sure: bool) -> bool:
    """Return whether a word goes on with a name that began with `start`."""
    if is_public(token.text) and not token.sort:
        return False
    if token.sort:
        return token.capital or not start.capital or not token.sort & WORD
    if _INITIAL.fullmatch(token.text):
        return True
    if token.capital and not token.shouted:
        return start.capital and token.text.lower() not in COMMON_WORDS
    if looks_like_surname(token.text) and not is_everyday(token.text):
        return True
    return (sure or not start.capital) and _could_be_name(token) and not is_near_everyday(token.text)


def _belongs_before(text: str, tokens: list[_Token], first: int) -> bool:
    """Return whether the word before a name is part of it: an initial, or a first name that no list knows."""
    before, token = tokens[first - 1], tokens[first]
    if not _joined(text, before, token) or not before.capital:
        return False
    if _INITIAL.fullmatch(before.text) and before.text != "I":
        return True
    return bool(before.sort & FIRST) and token.capital


def _joined(text: str, one: _Token, two: _Token) -> bool:
    between = text[one.end : two.start]
    if between in {". ", "."}:
        return bool(_INITIAL.fullmatch(one.text))
    return between in {" ", "\u00a0", "  "}


def _end(text: str, last: _Token) -> int:
    """Return where a name ends, with the full stop of an initial: «Mette H. har skrevet»."""
    return last.end + bool(_INITIAL.fullmatch(last.text) and re.match(r"\.\s+[^\WA-ZÆØÅ]", text[last.end :]))


def _is_place(text: str, token: _Token) -> bool:
    """Return whether a name is part of a municipality's or street's: «Karen Blixens Vej»."""
    return token.text.lower() in public.municipalities() or bool(re.match(r"\s+Kommune", text[token.end :]))


def _by_model(text: str, rest: list[_Token], persons: Persons | None) -> Iterator[Span]:
    """Yield what the Danish model takes for persons, where the words are no everyday ones."""
    if not any(_unknown(token) for token in rest):
        return
    if persons is None:
        persons = [(one.start_char, one.end_char) for one in _model()(text).ents if one.label_ == "PER"]
    for start, end in persons:
        inside = [token for token in rest if start <= token.start and token.end <= end]
        named = [token for token in inside if _unknown(token)]
        if not named or public.is_contact([token.text for token in inside]):
            continue
        initials = _INITIALS.search(text, max(0, named[0].start - 12), named[0].start)
        if len(named) == 1 and looks_like_place(named[0].text) and not initials:
            continue
        yield Span(initials.start() if initials else named[0].start, named[-1].end, "name")


def _unknown(token: _Token) -> bool:
    return (
        token.text.istitle()
        and len(token.text) > 2
        and not is_everyday(token.text)
        and not is_near_everyday(token.text)
    )


@lru_cache(maxsize=1)
def _model() -> Language:
    import spacy  # takes a second; most messages hold no unknown name

    return spacy.load("da_core_news_sm", exclude=["morphologizer", "lemmatizer", "parser", "attribute_ruler"])
