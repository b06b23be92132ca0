"""Reads a message that asks for a person: whether it does, and which question it holds."""

from __future__ import annotations

import re

from puljeguiden import splitting
from puljeguiden.danish import squeeze
from puljeguiden.facts import Facts
from puljeguiden.handoff import mail
from puljeguiden.handoff.reading import SIGNATURE, Details, introduced, is_introduction

# «send mit spørgsmål videre», «kan en medarbejder svare mig»: asks for a person, and is no question itself.
_REQUEST = re.compile(
    r"\b(?:videre(?:send|stil)?\w*|medarbejder\w*|menneske\w*|sagsbehandler\w*|person|kollega\w*|konsulent|nogen der|en der|"
    r"ring(?:e|er)? (?:mig|til mig)|kontakt(?:e|er)? mig|stil mig om)\b",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"^(?:(?:hej|goddag)[,.! ]+)?(?:kan|vil|må|gider)? ?(?:du|i|jeg)? ?(?:godt|lige|venligst)? ?(?:bede dig )?"
    r"(?:(?:send|stil|giv|oversend|videregiv)e? (?:lige |gerne |venligst )?"
    r"(?:mit|dette|det|det her|min|følgende|denne)\b[^:?]*\bvidere\b"
    r"|videresende? )"
    r"|^(?:\w+[,. ]+){0,2}spørg (?:lige|bare|endelig|dem|nogen|en af)\b",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(
    r"\bom (?:jeg|vi|man|der|det|de|en|et)\b|\b(?:hvad|hvem|hvor\w*|hvilke\w*|hvordan)\b", re.IGNORECASE
)
_POLITE = re.compile(r"^(?:hej|goddag|kære|tak|på forhånd|mange tak|ja tak|ja|jo|gerne)\b[^?]{0,25}$", re.IGNORECASE)


# «ok, send gerne alle tre spørgsmål videre», «send mit spørgsmål om kørsel til en medarbejder»; not «send det ikke videre».
_SENDS_ON = re.compile(
    r"(?:^|[.!?,] *|\b(?:ok|okay|ja|jo|fint|godt|nok|så|nå|suk|men|jamen|tak)[,. ]+)"
    r"(?:(?:du |i )?(?:må|kan|vil|gider) (?:(?:du|i|gerne|godt|lige|ikke) )*)?"
    r"(?:send|sende|stil|giv|oversend|videregiv|videresend) (?:(?:lige|bare|gerne|så|venligst|nu|det) )*"
    r"(?:mit|mine|det|den|dem|dette|disse|alle|begge|alt|de|spørgsmål\w*|spm)\b"
    r"(?:(?!\bikke\b)[^?\n])*?\b(?:videre|til (?:en|et|nogen)\b(?! (?:anden )?(?:mail|adresse)))",
    re.IGNORECASE,
)


_ASK_SOMEBODY = re.compile(
    r"\b(?:må|kan|vil|gider) (?:du|i) (?:(?:meget|gerne|godt|lige|ikke|så) )*(?:spørge|høre) (?:en|nogen|dem)\b",
    re.IGNORECASE,
)


def forwards(text: str) -> bool:
    """Return whether a message says «send mit spørgsmål videre», whatever question follows."""
    return bool(_FORWARD.match(text) or _SENDS_ON.search(text) or _ASK_SOMEBODY.search(text))


_SEND_IT = re.compile(
    r"(?<!\bhvor )\bsend (?:(?:bare|lige|så|gerne) )*(?:det|den|dem|mit spørgsmål|mine spørgsmål|spørgsmålet)"
    r"(?= *(?:[.,:;!]|videre\b|afsted\b|til (?:dem|ham|hende)\b|$))",
    re.IGNORECASE,
)


def sends_with_address(text: str, facts: Facts) -> bool:
    """Return whether a message says «send det» and gives the visitor's address."""
    return bool(_SEND_IT.search(text) and mail.addresses(text, facts))


_CALL = re.compile(
    r"\bringe?r? (?:til )?(?:mig|os)\b|\bringes? op\b|\bringet op\b"
    r"|\b(?:vil|kan|må) (?:jeg |vi |i )?(?:hellere |gerne |helst |ikke |bare )*ringe(?: i stedet)?(?=\W*$)"
    r"|\b(?:hellere|helst) (?:ringe|tale i telefon|snakke i telefon)\b|\bikke skrive\b.*\bring\w*",
    re.IGNORECASE,
)
_LONGEST_CALL = 10  # words


def wants_call(text: str) -> bool:
    """Return whether a short message asks to be phoned, or to phone rather than write: «kan I ringe mig op»."""
    if len(text.split()) > _LONGEST_CALL or re.search(r"\bhv(?:or|ad|em)\w*|\d{2}", text, re.IGNORECASE):
        return False
    return bool(_CALL.search(text))


_WHEN = re.compile(
    r"(?:[,.;–-]|\bog\b)?\s*\b(?:hvor (?:lang tid|længe|hurtigt|snart)\b[^.?!\n]*?"
    r"\b(?:tage|tager|går|svar\w*|hører|vender|får|venter?)\b"
    r"|hvornår\b[^.?!\n]*?\b(?:svar\w*|hører|vender|ringer|skriver)\b)[^.?!\n]*[.?!]*",
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE = re.compile(r"ansøg|støtte|projekt|pulje|tilskud|penge|betal|handlingsplan|forløb", re.IGNORECASE)


def asks_when_answered(text: str) -> bool:
    """Return whether a message asks when the question that is sent gets its answer: «hvor lang tid går der, før I svarer»."""
    return any(not _OF_SOMETHING_ELSE.search(found.group()) for found in _WHEN.finditer(text))


def without_when(text: str) -> str:
    """Return a request for a person without «og hvor lang tid tager det?», which is not the question to send."""
    return _WHEN.sub(lambda found: found.group() if _OF_SOMETHING_ELSE.search(found.group()) else " ", text).strip()


# «hvem kan så svare på det?», «det med aftalen»: about questions that were asked before.
_OF_ANOTHER = re.compile(
    r"(?:(?:ja|ok|okay|og|men|så|nå)[ ,]+)*"
    r"(?:hvem\b[^?]{0,25}\b(?:svare|hjælpe|ved)(?: på)?(?: det| dem)?(?:,? (?:helst )?en med \w+)?\W*"
    r"|(?:kan|vil|gider) (?:du|i) (?:(?:ikke|lige|godt) )*(?:sørge for|ordne|klare|sende) det(?: for (?:mig|os))?\W*"
    r"|(?:både |kun |bare )?(?:det|dem|den) med\b(?!.*(?:\?|\bhv\w)).*)",
    re.IGNORECASE,
)


def _is_of_another(text: str) -> bool:
    return bool(_OF_ANOTHER.fullmatch(text.strip()))


_WHAT_NOW = re.compile(r"(?:(?:og|men|så) )*hvad (?:sker der|så|nu|gør (?:jeg|vi))\b[^?]{0,12}\??", re.IGNORECASE)
_MOST_AROUND_A_CARD = 4  # words


def only_presents(text: str, given: Details, facts: Facts) -> bool:
    """Return whether a message gives the visitor's name or address, and nothing else that could be a question to send."""
    if not (given.email or introduced(text)):
        return False
    if asked := question_in(text, facts):
        return bool(_WHAT_NOW.fullmatch(asked))
    known = f"{given.name} {given.organisation}".split()
    return (
        len([word for word in re.findall(r"[^\s,;]+", text) if "@" not in word and word not in known])
        <= _MOST_AROUND_A_CARD
    )


def is_asked(part: str, facts: Facts) -> bool:
    """Return whether a part of a request for a person may be the question: no address, no name, no «send det videre»."""
    sends = _SEND_IT.search(part) and not _EMBEDDED.search(part)
    return _may_ask(part, facts) and not asks_when_answered(part) and not sends


def question_in(text: str, facts: Facts) -> str:
    """Return the question in a message that also asks for a person or tells who writes; nothing where there is none."""
    if signature := SIGNATURE.search(text):
        text = text[: signature.start() + 1]
    kept = [piece for piece in re.split(r"(?<=[.?!])\s+|\n+|:\s+", text) if _asks_something(piece.strip(), facts)]
    question = squeeze(" ".join(kept)).strip(" ,;:-")
    asks = "?" in question or splitting.asks(question) or _EMBEDDED.search(question)
    return question if asks and len(question.split()) >= 3 else ""


def _asks_something(piece: str, facts: Facts) -> bool:
    return bool(piece) and not _POLITE.match(piece) and _may_ask(piece, facts)


def _may_ask(text: str, facts: Facts) -> bool:
    """Return whether a text is neither who writes, nor only a request for a person, nor about questions asked before."""
    if mail.addresses(text, facts) or is_introduction(text) or _is_of_another(text):
        return False
    return not (forwards(text) or _REQUEST.search(text)) or bool(_EMBEDDED.search(text))
