"""Finds e-mail addresses, CPR, telephone, account and card numbers, and number plates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from puljeguiden import masking
from puljeguiden.privacy import public
from puljeguiden.privacy.spans import Span, free

_EMAIL = re.compile(
    r"""[\w.+-]+@[\w-]+,(?:dk|com|net|org|eu)\b
    |(?:"[^"\n]{1,64}"|[^\s@<>()\[\]",;:«»”“]+)@(?:\[[\d.a-fA-F:]+\]|[^\s@<>()\[\]",;:«»”“/]+)
    |[\w.+-]+\s?(?:\(at\)|\[at\]|\(a\)|\(snabel-?a\)|snabel-?a|@)\s?[\w-]+(?:\s?(?:\.|\bdot\b|\bpunktum\b|\(dot\))\s?[a-z]{2,}\b)+
    |[\w.+-]+\sat\s[\w-]+(?:\.[a-z]{2,}|\s(?:dot|punktum|prik)\s[a-z]{2,})+\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AFTER_EMAIL = ".,;:!?*_'’…"
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", re.IGNORECASE)
_CARD = re.compile(
    r"(?<![\d.,-])(?:\d{4}([ .-]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}[ .-]\d{6}[ .-]\d{5}|\d{15,19})(?!\d)"
)
_ACCOUNT = re.compile(
    r"(?<![\d.,/-])(?:\d{4}(?:[ \u00a0]|[ ]?[-–/+.][ ]?)\d{10}|(?!19\d\d|20[0-3]\d)\d{4}[ -]\d{7,9})(?![\d-]|[ ]?kr)"
)
_ACCOUNT_CUE = re.compile(
    r"\b(?:\w*konto(?!r)\w*|reg(?:istrerings)?(?=[ .:\-]|nr|nummer|\d))\.?[ -]*(?:nr|nummer|no)?\.?[ ]*(?:er|:|=)?[ ]*"
    r"(\d[\d \u00a0.\-–/]{2,20}\d)",
    re.IGNORECASE,
)
# Said to be one: the day needs not be a day of a month (replacement numbers add 60).
_CPR_CUE = re.compile(
    r"\b(?:cpr|person-?nummer|personnr)\w*[-. ]*(?:nr|nummer)?[.: ]*(?:er )?"
    r"(\d{6}[-–. /]{0,3}\d{4}|\d\d(?:[-. ]\d\d){2}[-. ]\d{4})(?!\d)",
    re.IGNORECASE,
)
_PLATE = re.compile(r"\b(?!(?:DK|EU|KR|PG|UK|CVR|NR)\b)[A-ZÆØÅ]{2}[ ]?\d{2}[ ]?\d{3}\b(?![ ]?(?:kr|,))")
_PLATE_CUE = re.compile(r"\bnummerplade\w*\W{0,3}(?:er\s)?([a-zæøå]{2}[ ]?\d{2}[ ]?\d{3})\b", re.IGNORECASE)
_ABROAD = re.compile(r"(?<![\w+])\(?(?:\+|00)[ ]?[1-9]\d{0,2}\)?(?:[\s\u00a0.\-–/()]{0,3}\d){5,12}(?!\d)")
_PHONE_CUE = re.compile(
    r"\b(?:tlf|tlfnr|telefon\w*|tel|mob|mobil\w*|fastnet\w*|nummer(?:et)?|nr|ring\w*|sms|whats ?app|fax|lokal)\b"
    r"[\s.:]*(?:nr|nummer|til|på|er|:|\.|mig|min|mit|direkte|lige|gerne|tilbage|\s)*\(?$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_BETWEEN = re.compile(r"[ \u00a0.\-–/]{1,3}|\)[ ]?")
_SHAPES = {"8", "2222", "44", "26", "62", "332", "233", "323", "224", "422", "35", "53", "242", "2213", "1223"}
_NO_PHONE_BEFORE = re.compile(
    r"(?:\b(?:cvr|se|ean|gln|p|sags?|sagsnummer|journal|jnr|j\.? ?nr|løbe|projekt)[-. ]*(?:nr|nummer|no)?[-.: ]*(?:er )?"
    r"|[§#]\s*|\b(?:kr|kroner|dkk|eur|beløb|beløbet)\.? ?|[A-Za-z]-)$",
    re.IGNORECASE,
)
_SUM_AFTER = re.compile(r"\s?(?:kr\b|kroner|dkk|mio|mia|euro|eur\b|%|,-|,\d|procent)", re.IGNORECASE)
_YEAR = re.compile(r"(?:19[4-9]|20[0-3])\d")


def find(text: str, taken: Sequence[Span]) -> list[Span]:
    """Return where numbers and e-mail addresses of persons stand."""
    found: list[Span] = list(taken)
    for finder in (_emails, _accounts_abroad, _cards, _accounts, _cpr, _plates, _phones):
        found += free(finder(text), found)
    return found[len(taken) :]


def _emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text):
        written = match.group().rstrip(_AFTER_EMAIL)
        start = match.start() + len(written) - len(written.lstrip("'’*"))
        if not public.is_mailbox(written):
            yield Span(start, match.start() + len(written), "email")


def _accounts_abroad(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        if sum(char.isdigit() for char in match.group()) >= 10:
            yield Span(*match.span(), "account")


def _cards(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        yield Span(*match.span(), "card")


def _accounts(text: str) -> Iterator[Span]:
    for match in _ACCOUNT.finditer(text):
        yield Span(*match.span(), "account")
    for match in _ACCOUNT_CUE.finditer(text):
        digits = re.sub(r"\D", "", match.group(1))
        if digits not in public.numbers() and not _SUM_AFTER.match(text, match.end()):
            yield Span(*match.span(1), "account")


def _cpr(text: str) -> Iterator[Span]:
    for place in masking.cpr_places(text):
        yield Span(*place, "cpr")
    for match in _CPR_CUE.finditer(text):
        yield Span(*match.span(1), "cpr")


def _plates(text: str) -> Iterator[Span]:
    for match in _PLATE.finditer(text):
        yield Span(*match.span(), "plate")
    for match in _PLATE_CUE.finditer(text):
        yield Span(*match.span(1), "plate")


def _phones(text: str) -> Iterator[Span]:
    for match in _ABROAD.finditer(text):
        yield Span(*match.span(), "phone")
    groups = [match.span() for match in _DIGITS.finditer(text)]
    first = 0
    while first < len(groups):
        chain = groups[first : _last_connected(text, groups, first) + 1]
        if _is_other_number(text, chain):
            first += len(chain)
            continue
        last = _phone_end(text, groups, first)
        if last is None:
            first += 1
        else:
            yield Span(groups[first][0], groups[last][1], "phone")
            first = last + 1


def _last_connected(text: str, groups: list[tuple[int, int]], first: int) -> int:
    last = first
    while last + 1 < len(groups) and _BETWEEN.fullmatch(text, groups[last][1], groups[last + 1][0]):
        last += 1
    return last


def _phone_end(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """Return the last digit group of the telephone number that begins with the group `first`."""
    cued = bool(_PHONE_CUE.search(text[max(0, groups[first][0] - 40) : groups[first][0]]))
    chain = groups[first : _last_connected(text, groups, first) + 1]
    if _with_country(text, chain):
        return first + len(chain) - 1
    digits = ""
    fits: int | None = None
    for last in range(first, first + len(chain)):
        digits += text[slice(*groups[last])]
        if len(digits) > 12:
            break
        run = groups[first : last + 1]
        if len(digits) == 8 and _is_phone(text, run, cued):
            return last
        if cued and len(digits) in (6, 7, 9, 10, 11, 12) and not _looks_like_sum_or_date(text, run):
            fits = last
    return fits


def _with_country(text: str, chain: list[tuple[int, int]]) -> bool:
    """Return whether digit groups are «45» and a Danish number: «45 20 30 40 50»."""
    digits = "".join(text[start:end] for start, end in chain)
    return len(digits) == 10 and digits.startswith("45") and digits[2] not in "01"


def _is_phone(text: str, run: list[tuple[int, int]], cued: bool) -> bool:
    """Return whether eight digits, grouped as they are written, are a telephone number."""
    digits = "".join(text[start:end] for start, end in run)
    if digits in public.numbers() or _is_budget_line(text[run[0][0] : run[-1][1]]):
        return False
    if _looks_like_sum_or_date(text, run):
        return False
    if cued:
        return True
    shape = "".join(str(end - start) for start, end in run)
    separators = {text[one[1] : two[0]].strip(") \u00a0") for one, two in pairwise(run)}
    if digits[0] == "0" or not (shape in _SHAPES or shape == "1" * 8) or len(separators) > 1:
        return False
    if text[run[0][0] - 1 : run[0][0]].isalpha():
        return False  # «0x80001234»
    if re.match(r"[.,-]?\d", text[run[-1][1] :]) or re.search(r"\d[.,-]$", text[: run[0][0]]):
        return False  # part of a longer number
    if len(run) == 1:
        return not _is_day(digits[6:], digits[4:6], digits[:4]) and not _is_day(digits[:2], digits[2:4], digits[4:])
    if shape == "44":  # «2017-1234» is a file number, «2017/2018» a period
        years = [bool(_YEAR.fullmatch(text[slice(*group)])) for group in run]
        return not (all(years) or (years[0] and separators != {""}))
    return True


def _is_other_number(text: str, chain: list[tuple[int, int]]) -> bool:
    """Return whether digit groups are said to be another number, or are three of four digits: an order's."""
    fours = all(end - start == 4 for start, end in chain)
    return bool(_NO_PHONE_BEFORE.search(text, max(0, chain[0][0] - 24), chain[0][0])) or (fours and len(chain) == 3)


def _is_budget_line(written: str) -> bool:
    """Return whether a number is of the same section of the budget as a published one: «14.69.04.10»."""
    return bool(re.fullmatch(r"\d\d(?:\.\d\d){3}", written)) and written[:6] in public.published()


def _looks_like_sum_or_date(text: str, run: list[tuple[int, int]]) -> bool:
    written = [text[start:end] for start, end in run]
    if _SUM_AFTER.match(text, run[-1][1]):
        return True
    sizes = [len(group) for group in written]
    thousands = len(sizes) > 1 and sizes[0] <= 3 and all(size == 3 for size in sizes[1:])
    if thousands and ("." in text[run[0][1] : run[1][0]] or set(written[-1]) == {"0"}):
        return True
    if len(written) != 3:
        return False
    return _is_day(written[0], written[1], written[2]) or _is_day(written[2], written[1], written[0])


def _is_day(day: str, month: str, year: str) -> bool:
    """Return whether three numbers are a date of our time."""
    return bool(_YEAR.fullmatch(year)) and 1 <= int(day) <= 31 and 1 <= int(month) <= 12
