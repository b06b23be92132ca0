"""Resolves what a message refers to without naming it: «den anden», «de 25 kommuner», «har de et nummer»."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from puljeguiden import evidence
from puljeguiden.danish import COMMON_FOLDED, MONTHS, fold, stems
from puljeguiden.facts import Facts, Pool

# Before a noun they are something else: «den 1. september», «den anden dag», «den første af de to personer».
_GOES_ON = (
    r"(?:pulj\w*|af (?:dem|puljerne)|heller|ogsa|ikke|sa|nu|da|mon|har|er|kan|far|giver|gar|galder|bliver|vel|hvem|hvad"
    r"|hvor\w*|igen|opdateret|sendes?|sender|skal|ma|soges?|soger|lukker|krav\w*)"
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
    r"\b(?:begge|begges|dem begge|puljerne|opslagene|siderne)\b"
    r"|\b(?:hvilken pulje|de to (?:puljer|sider|opslag)|forskel(?:le|len|lene)?)\b"
    r"|\bde to(?=\W*$)|\bhv(?:ilken|ilke|er) af (?:dem|puljerne|de to)\b"
    r"|\bi (?:nogen|ingen|hver) af dem\b|\bkun (?:i |for |ved )?den ene\b"
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
        første anden andet sidste nummer siger sagde blev bliver blevet de af
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


_MONEY = r"(?:penge\w*|stotte\w*|tilskud\w*|midler\w*|mio|million\w*|pulje\w*|bevilling\w*)"
_MAY_THEY = re.compile(
    r"\b(?:kan|ma|far|kunne|vil|ville)\b.*\b(?:soger?|ansoger?|fa|modtage|deltage|(?:vare|komme|ga) med)\b"
    r"|\bnoget (?:at hente )?(?:for|til) \w+"
    rf"|\b{_MONEY}\b.*\b(?:til|for) (?:os|mig|vores|vor|min|mit|en|et|sadan)\b"
    rf"|\b(?:sog\w*|mangler?|behov for)\b.*\b{_MONEY}\b"
)
_KEYWORDS = re.compile(rf"\b{_MONEY}\b")
_MOST_KEYWORDS = 4


def asks_whether_they_may(text: str) -> bool:
    """Return whether a text asks if somebody can apply or get something: «kan en forening få tilskud?», «tilskud klub»."""
    folded = fold(text)
    return bool(_MAY_THEY.search(folded)) or (len(folded.split()) <= _MOST_KEYWORDS and bool(_KEYWORDS.search(folded)))


def asks_for_money(text: str) -> bool:
    """Return whether a text asks if somebody can get money, and not only advice: «kan vi få støtte til en forestilling?»."""
    return asks_whether_they_may(text) and bool(_KEYWORDS.search(fold(text)))


_APPLIES = re.compile(rf"\b(?:soge?|soges|ansog\w*|{_MONEY})\b")
_IF_THEY_APPLY = re.compile(
    r"\b(?:hvis|nar)\b.*\b(?:os|vi|kommunen?|de|dem)\b.*\bsog\w*|\b(?:er|bliver) .*\bder soger\b"
)


def asks_to_apply(text: str) -> bool:
    """Return whether a text asks about applying itself, and not what follows «hvis kommunen søger»."""
    folded = fold(text)
    return bool(_APPLIES.search(folded)) and not _IF_THEY_APPLY.search(folded)


_BARE_WHY = re.compile(r"^(?:\w+[ ,.]+){0,2}(?:hvad|hvorfor)\b")
_LONGEST_BARE = 6  # words


def asks_only_why_or_what_then(text: str) -> bool:
    """Return whether a short text only asks on from what was said: «hvorfor ikke?», «hvad gør vi så?»."""
    return len(text.split()) <= _LONGEST_BARE and bool(_BARE_WHY.match(fold(text)))


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


def pools_with_sum(text: str, facts: Facts) -> list[str]:
    """Return the pools whose pages name a sum that a text names."""
    told = set(evidence.sums(text))
    return [pool.id for pool in facts.pools.values() if told & _sums_of(pool)] if told else []


def unknown_sums(text: str, question: str, facts: Facts) -> list[int]:
    """Return the sums that somebody takes for granted and no page names: «hvem får de 25 mio.?».

    In a question about something else than the amount, a sum is as likely the visitor's own, unless it is «de 25 mio.»
    or «kan man få 25 mio.».
    """
    told = text if question.partition(".")[0] == "amount" else " ".join(_THAT_SUM.findall(text.lower()))
    sums = evidence.sums(told)
    known = {one for pool in facts.pools.values() for one in _sums_of(pool)} if sums else set()
    return [one for one in sums if one not in known]


_ONLY = re.compile(r"\bkun(?: \w{1,3}){0,2} ?$")


def says_only(before: str) -> bool:
    """Return whether the words before a name say that it is the only one: «er det kun (i) …»."""
    return bool(_ONLY.search(before.lower()))


_CHOOSES = re.compile(
    r"\b(?:(?:den|dem|pulj\w*|projekt\w*|initiativ\w*|spor\w*|del\w*|opslag\w*)(?: (?:her|der))?"
    r" (?:med|om|hos|fra)|det (?:her |der )?med)(?: (?:de|den|det))? ?$"
)


def chooses(before: str) -> bool:
    """Return whether the words before a hint make it choose a pool: «den med Rambøll», «i puljen om søskende»."""
    return bool(_CHOOSES.search(before.lower()))


_THAT_SUM = re.compile(
    r"\b(?:de|den|man (?:kan |kunne )?f(?:å|a|aa)r?|kan \w+ f(?:å|a|aa)) (?:der |op til )?(\d[\d.,]* ?(?:mio|mill|mia|kr)\w*)"
)


def _sums_of(pool: Pool) -> set[int]:
    return {one for fact in pool.facts.values() for source in fact.sources for one in evidence.sums(source.quote)}


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


_TELLING = 3
"""Shorter words tell little of what a text is about."""
_ALIKE = 4
"""So many letters are enough where one word is part of another: «frist», «ansøgningsfrist»."""
_CLOSE = 0.8


def telling_words(text: str) -> set[str]:
    """Return the words, without their endings, that tell what a text is about."""
    words = (word for word in re.findall(r"\w+", fold(text)) if len(word) >= _TELLING)
    return {stems(word)[-1] for word in words if word not in COMMON_FOLDED and word not in _FILLERS}


def is_alike(one: str, other: str) -> bool:
    """Return whether two folded words are the same but for a slip, or one is part of the other."""
    short, long = sorted((one, other), key=len)
    if one == other or (len(short) >= _ALIKE and (long.startswith(short) or long.endswith(short))):
        return True
    return OSA.normalized_similarity(one, other) >= _CLOSE


_AGAIN = re.compile(
    r"\bigen(?=\W*$)"
    r"|\b(?:en gang til|(?:er du|helt) sikker|sikkert|virkelig|hvad (?:sagde|skrev) du|nu det var|var det nu|gentag\w*"
    r"|som sagt|sporger igen|passer det|kort(?:ere)?|kort sagt)\b"
)
_SAME_WORDS = 0.6
_FEWEST_OTHER = 4  # words


def asks_again(text: str, before: str) -> bool:
    """Return whether a text asks once more what was asked before: in the same words, or with «igen?»."""
    if _AGAIN.search(fold(text)):
        return True
    words, known = telling_words(text), telling_words(before)
    if not words:  # «og fristen?» has none but the pool's name; «men hvad må de så gå til» is another question
        return len(text.split()) < _FEWEST_OTHER
    same = {word for word in words if any(is_alike(word, other) for other in known)}
    return len(same) / max(len(words | known) - len(same), 1) >= _SAME_WORDS


_SAME_ANSWER = re.compile(
    r"\bsamme (?:svar|ting|igen)\b|\b(?:svarer|siger|skriver|far) (?:jo |bare |kun )*det samme\b"
    r"|\bgentager (?:jo |bare )*dig selv\b|\bdu svarer (?:jo |altsa )*ikke\b"
    r"|\b(?:rigtigt|ordentligt|klart) svar\b"
)
_TOLD_LATE = re.compile(r"\bhvorfor (?:siger|sagde|skriver|skrev|svarer|svarede|far) (?:du|jeg) (?:sa |da |jo )*ikke\b")
_LONGEST_REPROACH = 12  # words
LATE, SAME = "late", "same"


def reproaches(text: str) -> str:
    """Return what a short message reproaches the assistant with: what was told LATE, or the SAME answer again; else nothing."""
    folded = fold(text)
    if len(text.split()) > _LONGEST_REPROACH:
        return ""
    return LATE if _TOLD_LATE.search(folded) else SAME if _SAME_ANSWER.search(folded) else ""


_BACK = re.compile(r"\b(?:det|dt|de?t? her|sa|sadan noget|den slags|dem)\b")


def refers_back(text: str) -> bool:
    """Return whether a text is about what was said before: «hvem kan svare på det», «hvem spørger jeg så»."""
    return bool(_BACK.search(fold(text)))


_STILL = re.compile(r"\b(?:stadig\w*|endnu|i ?dag|fortsat|nu om dage|aktuel\w*|galder? (?:det )?nu)\b")


def asks_if_still(text: str) -> bool:
    """Return whether a text asks if something holds today: «er du sikker på, at det stadig passer?»."""
    return bool(_STILL.search(fold(text)))


def asks_if_both(text: str) -> bool:
    """Return whether a text asks if all pages say something: «står det i begge?»."""
    return bool(re.search(r"\b(?:begge|alle (?:tre|fire|puljer|opslag)|kun (?:i |for |ved )?den ene)\b", fold(text)))
