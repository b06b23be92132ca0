"""Resolves what a message refers to without naming it: «den anden», «de 25 kommuner», «har de et nummer»."""

from __future__ import annotations

import re
from collections.abc import Sequence

from puljeguiden import evidence
from puljeguiden.danish import MONTHS, fold
from puljeguiden.facts import Facts

# Before a noun they are something else: «den 1. september», «den anden dag», «den første af de to personer».
_GOES_ON = (
    r"(?:pulj\w*|af (?:dem|puljerne)|heller|ogsa|ikke|sa|nu|da|mon|har|er|kan|far|giver|gar|galder|bliver|vel|hvem|hvad"
    r"|hvor\w*|igen|opdateret)"
)
_END = rf"(?=\s*(?:$|[,?!;]|\.\s*$|{_GOES_ON}\b))"
_WORD_END = rf"(?:{_END}|(?=\.\s))"
_NOBODY = r"(?<!\bham )(?<!\bhende )"
_FEWEST_WORDS_TO_MASK = 5
_FIRST = re.compile(
    rf"{_NOBODY}\b(?:den|det) (?:(?:forste|overste){_WORD_END}|1\.?{_END})"
    rf"|\b(?:nr\.?|nummer) (?:1|et|en){_END}|\b(?:1'?eren|etteren)\b"
)
_LAST = re.compile(
    rf"{_NOBODY}\b(?:den|det) (?:(?:sidste|nederste){_WORD_END}|2\.?{_END})"
    rf"|\b(?:nr\.?|nummer) (?:2|to){_END}|\b(?:2'?eren|toeren)\b"
)
_OTHER = re.compile(rf"{_NOBODY}\b(?:den|det) (?:anden|andn|andre){_WORD_END}")
_ALL = re.compile(
    r"\b(?:begge|begges|dem begge|hvilken pulje|de to (?:puljer|sider|opslag)|forskel\w*)\b"
    r"|\bde to(?=\W*$)|\bhv(?:ilken|ilke|er) af (?:dem|puljerne|de to)\b"
    r"|\bi (?:nogen|ingen|hver) af dem\b"
    r"|^(?:og |men )?hvilken (?:pulje )?(?:blev|udlober|lukker|slutter|giver|har|er (?:mest|forst|sidst|ny))"
)


def referred(text: str, pools: Sequence[str], shown: Sequence[str], spoken_of: Sequence[str]) -> list[str]:
    """Return the pools a text refers to without naming them; nothing where that is not clear.

    Args:
        text: the question.
        pools: all pools, in their order.
        shown: the pools last shown, in that order; what «den første» counts in.
        spoken_of: the pools the conversation, or the rest of the message, is about; what «den anden» is seen from.
    """
    folded = fold(text)
    listed = shown if len(shown) > 1 else pools
    if _ALL.search(folded):
        return list(listed)
    if _FIRST.search(folded):
        return [listed[0]]
    if _LAST.search(folded):
        return [listed[-1]]
    if _OTHER.search(folded):
        others = [pool for pool in pools if pool not in spoken_of]
        if len(others) == 1 and spoken_of:
            return others
        if not spoken_of and len(listed) == 2:
            return [listed[1]]
    return []


def mask(text: str, name: str) -> str:
    """Return a longer text with «den anden», «den første pulje» as a pool's name, which is what they stand for."""
    if len(text.split()) < _FEWEST_WORDS_TO_MASK:
        return text
    folded = fold(text)
    if len(folded) != len(text):  # a spelling of several letters was folded into one; the places no longer agree
        return text
    for pattern in (_FIRST, _LAST, _OTHER):
        if found := pattern.search(folded):
            return f"{text[: found.start()]}{name}{text[found.end() :]}"
    return text


# Words around a pool's name in a message that asks nothing: «og hvad med handlingsplanerne så?», «nej, jeg mente …».
_FILLERS = frozenset(
    fold(
        """
        og men eller hvad med så nu da nå altså ja nej undskyld sorry jeg vi mente mener tænkte tænker på den det er var i
        om til for ved hos puljen pulje puljer bare kun samme også lige ok okay tak hej gælder jo vist skal skulle vælger
        første anden andet sidste nummer siger sagde
        """
    ).split()
)
_ASKING = frozenset(fold("er var det skal skulle på gælder").split())


def only_names(text: str, spans: Sequence[tuple[int, int]], hints: bool = False) -> bool:
    """Return whether a text, but for the names at `spans`, holds nothing but filler words.

    With hints among the names («Deloitte»), fewer words are fillers: «er det Deloitte» is a question.
    """
    rest = text
    for start, end in sorted(spans, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    return set(re.findall(r"\w+", fold(rest))) <= (_FILLERS - _ASKING if hints else _FILLERS)


_ASKS_SO = frozenset(fold("hvem hvor mange meget hvornår hvilke hvilken hvilket").split())


def asks_the_same(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether a part says no more than which pool, as «… og hvem er det på boligområder»."""
    rest = text
    for start, end in sorted(spans, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    refers = bool(spans) or bool(_OTHER.search(fold(text)))
    return refers and set(re.findall(r"\w+", fold(rest))) <= _FILLERS | _ASKS_SO


_MAY_THEY = re.compile(
    r"\b(?:kan|ma|far|kunne|vil|ville)\b.*\b(?:soger?|ansoger?|fa|modtage|deltage|med)\b|\bnoget (?:at hente )?(?:for|til) \w+"
)


def asks_whether_they_may(text: str) -> bool:
    """Return whether a text asks if somebody can apply or get something: «kan en forening få tilskud?»."""
    return bool(_MAY_THEY.search(fold(text)))


_SELF = re.compile(r"\b(?:os|vi|vores|jeg|mig|min|mit|mine)\b")


def speaks_of_self(text: str) -> bool:
    """Return whether a text says «os», «vi», «jeg»: «hvad så med os?»."""
    return bool(_SELF.search(fold(text)))


_NO_HELP = re.compile(
    r"\bhjalp(?:er|te)?\b.{0,15}\bikke\b|\bikke\b.{0,12}\b(?:nogen|meget|megen|til) hjalp\b|\bikke bruge\b.*\btil noget\b"
)
_LONGEST_COMPLAINT = 8  # words


def was_no_help(text: str) -> bool:
    """Return whether a short message says that the last answer did not help: «det hjalp mig ikke»."""
    return len(text.split()) <= _LONGEST_COMPLAINT and "?" not in text and bool(_NO_HELP.search(fold(text)))


_FEWEST_TELLING = 10
"""Smaller numbers stand on every page."""


def pools_with(text: str, topic: str, facts: Facts) -> list[str]:
    """Return the pools whose sentences on a topic hold a month or a number that a text claims: «er fristen i august?»."""
    folded = fold(text)
    months = {month for month in MONTHS if re.search(rf"\b{month}\b", folded)}
    numbers = {number for number in evidence.numbers(text) if number >= _FEWEST_TELLING}
    found = []
    for pool in facts.pools.values():
        quotes = " ".join(
            source.quote for fact in pool.facts.values() if fact.topic == topic for source in fact.sources
        )
        if any(month in quotes.lower() for month in months) or numbers & evidence.numbers(quotes):
            found.append(pool.id)
    return found


_WHOM = re.compile(
    r"\b(?:cent(?:er|re)\w*|styrelse\w*|kontor\w*|okonomi\w*|administrati\w*|faglig\w*|siri|nyhed\w*|ministeri\w*)"
)


def tells_whom(text: str) -> bool:
    """Return whether a text tells whom it is about: «centerets nummer», not «har de et nummer»."""
    return bool(_WHOM.search(fold(text)))


_THEM = re.compile(r"\b(?:de|dem|deres|han|ham|hans|hun|hende|hendes)\b")


def speaks_of_them(text: str) -> bool:
    """Return whether a text says «de», «hun», «deres»: «har de en hjemmeside?»."""
    return bool(_THEM.search(fold(text)))


_GOES_ON_WITH = re.compile(r"(?:(?:na|ok|okay|tak|jamen)[ ,.]*)?(?:og|men|sa|hvad|ogsa|i|for|med|ved|altsa)\b")


def goes_on(text: str) -> bool:
    """Return whether a text begins as one that goes on from before: «og i Rambøll-sporet?»."""
    return bool(_GOES_ON_WITH.match(fold(text)))


def asks_what(text: str) -> bool:
    """Return whether a text asks with «hvad», «hvem», «hvor …», and not for a yes or no."""
    return bool(re.search(r"\bhv[aeo]\w*", fold(text)))
