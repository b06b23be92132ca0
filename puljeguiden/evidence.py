"""Whether a quote proves a value: reads numbers, sums, dates, times and addresses out of Danish text."""

from __future__ import annotations

import re

from puljeguiden.danish import MONTHS, squeeze

_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{3})+(?![\d])|\d+)(?:,(\d+))?(?: ?(mio|mia)\b)?")
_UNIT = {"": 1, "mio": 10**6, "mia": 10**9}
# As people type a sum: «25 mio», «2,5 mill. kr», «40.000 kr.», «en million», «40.000 til hver».
_SUM = re.compile(
    r"(?<![\w.,])(?:(\d{1,3}(?:\.\d{3})+(?!\d)|\d+)(?:,(\d+))?|(en|to|tre|fire|fem|ti))"
    r"(?: ?(mio|mill|million\w*|mia|milliard\w*|tusinde?)\b|(,-|\.-| ?kr\b| ?kroner\b)|(?= (?:til )?(?:hver|pr|per)\b))"
)
_COUNTS = {"en": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "ti": 10}
_SIZES = {"mia": 10**9, "milliard": 10**9, "mi": 10**6, "tusind": 1000}
_SMALLEST_SUM = 1000
_WRITTEN_DATE = re.compile(rf"\b(\d{{1,2}})\. ?({'|'.join(MONTHS)})(?: (\d{{4}}))?", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[ /.-](\d{4})\b")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:dk|org|com|eu|net)\b")

Day = tuple[int | None, int, int]
"""(year or None, month, day)."""


def proves(value: object, quote: str) -> bool:
    """Return whether a quote holds a value.

    Args:
        value: a whole number, a date («2017-08-25»), a month («2017-04»), (day, month), a time («12:00»), or a text.
        quote: text of a page.
    """
    if isinstance(value, int):
        return value in numbers(quote)
    if isinstance(value, (list, tuple)):
        day, month = value
        return any((one[1], one[2]) == (month, day) for one in dates(quote))
    text = str(value)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        year, month, day = (int(part) for part in text.split("-"))
        return bool({(year, month, day)} & dates(quote))
    if re.fullmatch(r"\d{4}-\d{2}", text):
        year, month = (int(part) for part in text.split("-"))
        return text in quote or f"{MONTHS[month - 1]} {year}" in quote.lower()
    if clock := re.fullmatch(r"(\d{2}):(\d{2})", text):
        return _holds_time(clock.group(1), clock.group(2), quote)
    return _stands_in(text, quote)


def unproven(text: str, proof: str) -> list[str]:
    """Return the addresses, dates and numbers of a Danish sentence that its quotes do not hold."""
    found = [address for address in _ADDRESS.findall(text) if not _stands_in(address, proof)]
    rest = _ADDRESS.sub(" ", text)
    known = dates(proof)
    found += [match.group() for match in _WRITTEN_DATE.finditer(rest) if not _is_known(_written(match), known)]
    numbers_known = numbers(proof) | {part for day in known for part in day if part}
    return found + [str(number) for number in sorted(numbers(rest)) if number not in numbers_known]


def numbers(text: str) -> set[int]:
    """Return the whole numbers of a text; «4,5 mio.» is 4500000, and no 4 and no 5."""
    found = set()
    for whole, part, unit in _NUMBER.findall(text.lower()):
        size = _UNIT[unit]
        exact = int(whole.replace(".", "")) * size
        found.add(exact + (int(part) * size // 10 ** len(part) if part and size > 1 else 0))
    return found


def sums(text: str) -> list[int]:
    """Return the sums of money of a text, in whole kroner, each once; «40.000 hver» is one, «25 kommuner» is none."""
    found = []
    for whole, part, word, unit, kroner in _SUM.findall(text.lower()):
        if not (unit or kroner or "." in whole):  # «i 2017 pr. kommune»
            continue
        size = next((size for name, size in _SIZES.items() if unit.startswith(name)), 1)
        exact = (_COUNTS[word] if word else int(whole.replace(".", ""))) * size
        found.append(exact + (int(part) * size // 10 ** len(part) if part else 0))
    return [one for one in dict.fromkeys(found) if one >= _SMALLEST_SUM]


def dates(text: str) -> set[Day]:
    """Return the dates of a text: «25. august 2017», «25. august», «23/08 2017»."""
    found: set[Day] = {_written(match) for match in _WRITTEN_DATE.finditer(text)}
    for day, month, year in _NUMERIC_DATE.findall(text):
        found.add((int(year), int(month), int(day)))
    return found


def _written(match: re.Match[str]) -> Day:
    day, month, year = match.groups()
    return (int(year) if year else None, MONTHS.index(month.lower()) + 1, int(day))


def _is_known(day: Day, known: set[Day]) -> bool:
    return any(one[1:] == day[1:] and day[0] in (None, one[0]) for one in known)


def _holds_time(hour: str, minute: str, quote: str) -> bool:
    spellings = [rf"{hour}[.:]{minute}"] + ([rf"kl\.? {int(hour)}"] if minute == "00" else [])
    return any(re.search(rf"(?<!\d){spelling}(?![\d.:]*\d)", quote.lower()) for spelling in spellings)


def _stands_in(text: str, quote: str) -> bool:
    """Return whether a text stands in a quote as a whole: «ekstremisme.dk» does not stand in «stopekstremisme.dk»."""
    whole = rf"(?<![\w@])(?<!\w[.-]){re.escape(squeeze(text))}(?!\w|[.@-]\w)"
    return bool(re.search(whole, squeeze(quote)))
