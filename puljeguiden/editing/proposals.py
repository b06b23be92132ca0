"""Finds in a page's text what facts are made of: dates, times, sums, addresses, phone numbers, budget lines.

Each is proposed with the sentence it stands in and the questions it may answer. A trainer accepts or corrects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from puljeguiden import evidence
from puljeguiden.danish import MONTHS, squeeze
from puljeguiden.facts import STATED

_MONTHS = "|".join(MONTHS)
_KINDS = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "site",
        re.compile(r"(?:https?://\S+?(?=[.,;)]?(?:\s|$)))|\b(?:www\.)?[a-zæøå0-9-]+(?:\.[a-z0-9-]+)*\.(?:dk|eu|org)\b"),
    ),
    ("section", re.compile(r"§ ?\d+(?:\.\d+)*(?:, stk\. \d+)?")),
    ("date", re.compile(rf"\b\d{{1,2}}\. ?(?:{_MONTHS})(?: \d{{4}})?|\b\d{{1,2}}[/.-]\d{{1,2}}[ /.-]\d{{4}}\b", re.I)),
    ("time", re.compile(r"\bkl\.? ?\d{1,2}(?:[.:]\d{2})?\b", re.I)),
    (
        "sum",
        re.compile(
            r"(?:\bkr\.? ?)?\b\d{1,3}(?:\.\d{3})+(?: ?kr\.?| kroner)?|\b\d+(?:,\d+)? ?(?:mio|mia)\b\.?(?: ?kr\.?| kroner)?"
            r"|\b\d+ ?(?:kr\b\.?|kroner)",
            re.I,
        ),
    ),
    (
        "phone",
        re.compile(r"(?:\+45 ?)?\b(?:\d{2} \d{2} \d{2} \d{2}|\d{4} \d{4}|(?<=tlf\. )\d{8}|(?<=telefon )\d{8})\b", re.I),
    ),
)
# Which question a thing answers, by words around it; the first that fits comes first.
_HINTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "date": (
        (r"sidst opdateret|opdateret den", "updated"),
        (r"åbner|søges? fra|tidligst", "deadline.opening"),
        (r"periode|afslutte|projektet", "period"),
        (r"svar|afgørelse|besked", "reply_time"),
        (r"rapport|regnskab", "reporting"),
        (r"frist|senest|ansøg", "deadline"),
    ),
    "time": ((r"frist|senest|ansøg|den \d", "deadline.time"),),
    "sum": (
        (r"pr\. |per |hver|den enkelte|højst|maksimalt|op til", "amount.per_applicant"),
        (r"medfinans|egenfinans", "cofinancing"),
        (r"", "amount"),
    ),
    "email": (
        (r"tilmeld|afmeld|nyhed", "newsletter"),
        (r"send|ansøgningen|indsend", "submission"),
        (r"administra", "admin_contact.address"),
        (r"faglig|spørgsmål|kontakt|henvend", "contact.address"),
    ),
    "phone": ((r"administra", "admin_contact.address"), (r"", "contact.address")),
    "site": ((r"skema|vejledning|hent", "form"), (r"ansøg|send", "submission"), (r"center", "centre.contact")),
    "section": ((r"mærk|emne", "subject_line"), (r"klage", "complaint")),
}
_UPDATED = re.compile(r"(?:sidst )?opdateret:? (?:den )?(\S+(?: \S+){0,2})", re.I)
_PUBLISHED = re.compile(rf"^({_MONTHS}) (\d{{4}})$", re.I)
_MENU = re.compile(r"»|^Gå til indhold|^(?:Sidst )?opdateret", re.I)
_FEWEST_WORDS_OF_TITLE = 3


@dataclass(frozen=True)
class Proposal:
    """Something found on a page.

    `value` is machine-readable (ISO date, «--05-15» without a year, whole kroner, «12:00»), or the text itself.
    """

    kind: str
    text: str
    value: str | int
    quote: str
    questions: tuple[str, ...]

    def answer(self, question: str) -> dict[str, Any]:
        """Return the answer to start from; its text is the page's own sentence until the trainer writes another."""
        if question == "deadline" and self.kind == "date":
            year, month, day = str(self.value).rsplit("-", 2)
            one = {"date": self.value} if year.strip("-") else {"day": int(day), "month": int(month)}
            return {"state": STATED, "rounds": [one], "quotes": [self.quote]}
        return {"state": STATED, "text": self.quote, "values": {self.kind: self.value}, "quotes": [self.quote]}


def find(text: str) -> list[Proposal]:
    """Return what is found on a page, in its order, each once a sentence."""
    found: list[Proposal] = []
    for quote in sentences(text):
        taken: list[tuple[int, int]] = []
        here: list[tuple[int, Proposal]] = []
        for kind, pattern in _KINDS:
            for match in pattern.finditer(quote):
                if any(match.start() < end and start < match.end() for start, end in taken):
                    continue
                value = _value(kind, match.group())
                if value is None:
                    continue
                taken.append(match.span())
                here.append((match.start(), Proposal(kind, match.group(), value, quote, _questions(kind, quote))))
        for _, proposal in sorted(here, key=lambda one: one[0]):
            if proposal not in found:
                found.append(proposal)
    return found


def head(text: str) -> dict[str, str]:
    """Return what a page tells of itself, as far as it does: title, updated, published, with their quotes."""
    told: dict[str, str] = {}
    for line in (squeeze(line) for line in text.splitlines()):
        if updated := _UPDATED.search(line):
            days = [day for day in evidence.dates(updated.group()) if day[0]]
            if days and "updated" not in told:
                year, month, day = days[0]
                told |= {"updated": f"{year}-{month:02}-{day:02}", "updated_quote": _to_last_digit(updated.group())}
        elif "title" not in told and len(line.split()) >= _FEWEST_WORDS_OF_TITLE and not _MENU.search(line):
            told["title"] = line
        if (published := _PUBLISHED.match(line)) and "published" not in told:
            month = MONTHS.index(published.group(1).lower()) + 1
            told |= {"published": f"{published.group(2)}-{month:02}", "published_quote": line}
    return told


def _to_last_digit(text: str) -> str:
    return re.sub(r"\D+$", "", text)


def sentences(text: str) -> list[str]:
    """Return a page's sentences, each on one line as it would be quoted."""
    lines = (squeeze(line) for line in text.splitlines())
    return [part for line in lines for part in re.split(r"(?<=[.!?]) (?=[A-ZÆØÅ])", line) if part]


def _value(kind: str, text: str) -> str | int | None:
    """Return a machine-readable value, one that its own text proves; None where it is none after all."""
    value: str | int = text
    if kind == "date":
        known = sorted(evidence.dates(text), key=str)
        if not known or not (1 <= known[0][1] <= 12 and 1 <= known[0][2] <= 31):
            return None
        year, month, day = known[0]
        value = f"{year}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"
    elif kind == "time":
        hour, _, minute = re.sub(r"[^\d.:]", "", text).strip(".:").replace(":", ".").partition(".")
        if int(hour) > 24 or int(minute or 0) > 59:
            return None
        value = f"{int(hour):02}:{minute or '00'}"
    elif kind == "sum":
        known_numbers = evidence.numbers(text)
        if len(known_numbers) != 1:
            return None
        value = known_numbers.pop()
    return value


def _questions(kind: str, quote: str) -> tuple[str, ...]:
    lowered = quote.lower()
    return tuple(question for words, question in _HINTS[kind] if re.search(words, lowered))
