"""Finds street addresses: a street and a number, with what may follow (floor, postal code, town)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from puljeguiden.privacy.spans import Span

_ENDINGS = (
    "vej gade gaden allé alle alleen alléen vænge vænget stræde strædet plads pladsen torv torvet boulevard park parken have "
    "haven bakke bakken toft toften vang vangen kaj kajen gård gården gaard ager agre ageren sti stien lund lunden høj "
    "høje højen brink brinken eng engen mark marken kær kæret skrænt skrænten krog krogen huse husene løkke løkken dal "
    "dalen bro passage kvarteret ring ringen bue buen sving svinget svinge holm holmen brygge bryggen dige diget mose mosen "
    "vænger bo hus huset parkvej borg stien vejen skov skoven hegn hegnet kløft lyng banke banken væng led ledet gang gangen"
)
_ALONE = r"vej|gade|allé|alle|vænge|stræde|plads|torv|boulevard|park|have|bakke|kaj|gård|strand|ager|sti|lund|bro"
_WORD = r"[^\W\d_]+(?:[-'’][^\W\d_]+)*"
_CAPITAL = r"[A-ZÆØÅÖ][^\W\d_]*(?:[-'’][^\W\d_]+)*\.?"
_BEFORE = (
    r"(?:gl|gammel|ny|nye|nørre|sønder|øster|vester|store|lille|st|sankt|sct|skt|indre|ydre|dronning|kong|prins)\.?"
)
_SUFFIX = "|".join(sorted(set(_ENDINGS.split()), key=len, reverse=True))
_NO_STREET = r"(?:over|gen|under|om|af|ud|ind|op|til|far|en)vej\b|udgave|opgave|\w*områd"
_COMPOUND = rf"(?:{_BEFORE}\s)?(?!{_NO_STREET})[^\W\d_]{{3,}}(?:{_SUFFIX})"
_TWO_WORDS = rf"(?-i:(?:[A-ZÆØÅ]\.\s?){{0,3}}(?:{_CAPITAL}\s){{1,3}})(?:{_ALONE})"
_UNIT = r"kr|%|år|procent|stk|mio|mia|kommuner|unge|børn|personer|timer|dage|uger|måneder|pladser|puljer|km|m2|m²|og"
_NUMBER = rf"(?:nr\.?\s)?\d{{1,3}}(?!\d)(?![.:]\d)(?:\s?[a-zæøå]\b)?(?:\s?-\s?\d{{1,3}}\b)?(?!\s(?:{_UNIT})\b)"
_LEVEL = r"(?:\d{1,2}\.?\s?(?:sal|etage)\b\.?|\d{1,2}\.(?!\d)|st\b\.?|kld?\b\.?|stuen\b|kælderen\b)"
_SIDE = r"(?:th|tv|mf|dør\s\d+|lejl\.?\s\d+|\d{1,3}(?!\d))\b\.?"
_FLOOR = rf"(?:,?\s{_LEVEL}(?:,?\s?{_SIDE})?|,?\s\d{{1,2}}\s?(?:th|tv|mf)\b\.?)?"
_TOWN = (
    r"(?:,?\s(?:DK-?\s?)?\d{4}\s(?!kr\b)[^\W\d_]{2,}(?:\s(?:n|s|v|k|c|ø|nv|nø|sv|sø|øst|(?-i:[A-ZÆØÅ]{1,2})|Sjælland|Falster|Mors|Fyn)\b)?"
    r"|,\s(?-i:[A-ZÆØÅ])[^\W\d_]{2,}(?=[.,!?]|\s*$))?"
)
_ADDRESS = re.compile(rf"\b(?:{_COMPOUND}|{_TWO_WORDS})\s{_NUMBER}{_FLOOR}{_TOWN}", re.IGNORECASE)
# Without a street's ending, the postal code or the words before tell: «Strandlodden 4, 8000 Aarhus», «bor på Vesterhold 3».
_BY_CODE = re.compile(
    rf"\b(?:{_CAPITAL}\s){{1,4}}\d{{1,3}}[ ]?[A-Za-z]?{_FLOOR},?\s(?:DK-?\s?)?\d{{4}}\s{_CAPITAL}(?:\s[A-ZÆØÅ]{{1,2}}\b)?",
)
_BY_CUE = re.compile(
    rf"\b(?:bor|boede|boende|bopæl|flyttet)\s(?:\w+\s)?(?:på|i|til)\s((?:{_WORD}\s){{1,3}}{_NUMBER}{_FLOOR}{_TOWN})"
    rf"|\b\w*adressen?(?:\ser)?:?\s((?:{_WORD}\s){{1,4}}{_NUMBER}{_FLOOR}{_TOWN})",
    re.IGNORECASE,
)


def find(text: str, taken: Sequence[Span]) -> Iterator[Span]:
    """Yield where street addresses stand."""
    for match in _ADDRESS.finditer(text):
        yield Span(*match.span(), "address")
    for match in _BY_CODE.finditer(text):
        yield Span(*match.span(), "address")
    for match in _BY_CUE.finditer(text):
        yield Span(*match.span(match.lastindex or 0), "address")
