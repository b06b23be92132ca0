"""Reads what a visitor writes about themselves and the form: name, organisation, question, command words, corrections."""

from __future__ import annotations

import re
from dataclasses import dataclass

from puljeguiden.danish import fold, squeeze
from puljeguiden.facts import Facts
from puljeguiden.handoff import mail
from puljeguiden.handoff.form import EMAIL, NAME, ORGANISATION, QUESTION
from puljeguiden.masking import MASK
from puljeguiden.mentions import find

CANCEL, BACK, SKIP, YES, NO, CHANGE = "cancel", "back", "skip", "yes", "no", "change"

_ORDERS = {
    CANCEL: "annuller|annulleret|annuler|annullere|glem det|glem det igen|stop|stop nu|stop det|afbryd|fortryd|drop det|"
    "slet det|cancel|lad vare|lad vare alligevel|jeg har fortrudt|jeg fortryder|pyt|send det ikke|send ikke",
    BACK: "tilbage|ga tilbage|et skridt tilbage|forrige|forrige sporgsmal",
    SKIP: "spring over|spring det over|spring den over|skip|naste|videre|ingen|ingenting|vil ikke oplyse|vil ikke sige|"
    "det vil jeg ikke oplyse|det vil jeg ikke sige|anonym|jeg vil vare anonym|privat|jeg er privat|ikke relevant|"
    "det ved jeg ikke|ved ikke",
    YES: "ja|ja tak|jo|jo tak|jep|yes|ok|okay|ja ok|fint|ja det er fint|det er fint|det er rigtigt|ja det er rigtigt|"
    "rigtigt|korrekt|ja send|ja send det|ja send den|send|send det|send den|send nu|gerne|ja gerne|ja brug det|brug det|"
    "godkend|bekraft|ja det ma du gerne|ja det er det|det ser rigtigt ud|det ser fint ud|ser fint ud|det passer|ja det passer|"
    "kan du sende den|kan du sende det|kan du sende den nu|du ma gerne sende den|du ma gerne sende det|afsted med den",
    NO: "nej|nej tak|na|nah|niks|nope|ellers tak|nej ellers tak|ikke nu",
    CHANGE: "ret|rette|ret det|ret noget|jeg vil rette|jeg vil rette noget|andre|andr|andre det|skriv det om|skriv om|"
    "omskriv|lav det om|ja andre det|nej ret|nej ret det",
}
_POLITE_WORDS = {"tak", "venligst", "lige", "bare", "sa", "nu", "ok"}
_ORDER_OF = {words: order for order, listed in _ORDERS.items() for words in listed.split("|")}


def order(text: str) -> str:
    """Return the command that a message is, where it is nothing else; else nothing."""
    words = re.findall(r"\w+", fold(text))
    bare = " ".join(word for word in words if word not in _POLITE_WORDS)
    if _ORDER_OF.get(bare.removeprefix("nej ")) == CANCEL:  # «nej, glem det»
        return CANCEL
    return _ORDER_OF.get(" ".join(words)) or _ORDER_OF.get(bare, "")


_HESITATES = re.compile(r"\b(?:men|vent|hvis|ikke|forst|bortset|undtagen)\b")


def hesitates(text: str) -> bool:
    """Return whether a «ja» comes with a reservation: «ja, men vent lige»."""
    return bool(_HESITATES.search(fold(text)))


_BREAKS_OFF = re.compile(r"(?:(?:nej|na|hov|nah)[ ,.!]+)*(?:vent|hov|stop|glem det|drop det)\b")


def breaks_off(text: str) -> bool:
    """Return whether a message begins as one that leaves the form for something else: «nej vent, hvad er fristen?»."""
    return bool(_BREAKS_OFF.match(fold(text)))


_CAPITAL = r"[A-ZÆØÅÉÖÜÄ][\w'’.-]*"
_SMALL = r"(?:af|al|bin|da|de|del|den|der|di|el|la|van|von)"
_NAME = rf"{_CAPITAL}(?: +(?:{_SMALL} +)?{_CAPITAL}){{0,4}}"
_SAYS_NAME = r"(?i:jeg hedder|mit navn er|mit navn|navnet er|navn ?[:=])"
_INTRODUCED = re.compile(rf"\b{_SAYS_NAME}:? +({_NAME})")
_IN_SMALL_LETTERS = re.compile(
    rf"\b{_SAYS_NAME}:? +((?:(?!(?:og|fra|i|ved|hos|min|mit|er|men|som)\b)[^\W\d_]+ ?){{1,4}})"
)
_I_AM = re.compile(rf"\b(?i:jeg er) +({_CAPITAL}(?: +{_CAPITAL}){{1,3}})")
_FROM = re.compile(
    rf"(?:{_SAYS_NAME}:? +[^,.\n]*?|\b(?i:jeg|vi|er)(?: (?!en |et )\w+){{0,3}}?|\b{_NAME},?) +"
    r"(?:fra|i|hos|ved|for) +([^,.;\n?]+?)(?= og (?:min|mit|jeg)\b| *[,.;\n?]|$)"
)
_OPENING = re.compile(r"^(?:(?:hej|det er|jeg er|her er|ja|jo)\b[ ,]*)+", re.IGNORECASE)
_WHY = re.compile(
    r"\bhvad skal (?:i|du)\b.*\bbruge|\bhvorfor (?:skal|vil) (?:i|du|jeg)\b|\bhvem (?:læser|ser|får det|kan se)\b"
    r"|\bhvad sker der med (?:mi[nt]e?|det)\b|\bhvor længe gemme",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"(?:^|[\s,.?!])(?:mvh|m\.v\.h|vh|(?:med )?venlige? hilsen|(?:de |med )?(?:bedste|venlige|kærlige) hilsn(?:er|inger)|hilsen"
    r"|hilsner fra)"
    r"\b[\s,.:!]*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ORGANISATION_WORD = re.compile(
    r"(?:kommune|region|forening|selskab|skole|gymnasi|universitet|styrelse|ministeri|organisation|klub|center|institut"
    r"|forvaltning|afdeling|aps|a/s|fond|politi|råd|bibliotek|netværk|sekretariat)",
    re.IGNORECASE,
)
# Words that are in no name: a message that holds one is a sentence.
_NO_NAME = frozenset(
    fold(
        """jeg du han hun det den der er var ikke hvad hvem hvor hvorfor hvornår hvordan hvilken hvilket hvis kan skal vil
        har må med til om for på at og eller men som fra i ja nej tak hej mit min vi os I dig mig send ret forkert
        navn navnet mail mailen email spørgsmål spørgsmålet telefon ingen intet"""
    ).split()
)
_MOST_WORDS_IN_NAME = 5
_LONGEST = 120


@dataclass(frozen=True)
class Details:
    """What a message tells about who writes it; None where it does not."""

    name: str | None = None
    organisation: str | None = None
    email: str | None = None

    def or_else(self, earlier: Details) -> Details:
        """Return the same, with what only an earlier message told."""
        return Details(
            self.name or earlier.name, self.organisation or earlier.organisation, self.email or earlier.email
        )


NOBODY = Details()


def details(text: str, facts: Facts) -> Details:
    """Return the name, organisation and address that a message states: «jeg hedder …», «mvh …», «…, Odense Kommune, m@x.dk»."""
    addresses = mail.addresses(text, facts)
    name = introduced(text)
    place = _FROM.search(text)
    organisation = organisation_in(place.group(1), facts) if place else None
    for piece in _card(text):
        if name is None and organisation_in(piece, facts) is None and is_name(piece) and piece[:1].isupper():
            name = tidy_name(piece)
        elif organisation is None and not is_introduction(piece):
            organisation = organisation_in(piece, facts)
    return Details(name, organisation, addresses[0] if len(addresses) == 1 else None)


def presented(text: str, facts: Facts) -> Details:
    """Return what a message tells about who writes it, where it says so outright: «jeg hedder …», «mvh …», an address."""
    outright = introduced(text) or SIGNATURE.search(text) or mail.addresses(text, facts)
    return details(text, facts) if outright else NOBODY


def introduced(text: str) -> str | None:
    """Return the name in «jeg hedder …», «mit navn er …», «jeg er Mette Hansen»."""
    found = _INTRODUCED.search(text) or _IN_SMALL_LETTERS.search(text) or _I_AM.search(text)
    name = found.group(1) if found else ""
    return tidy_name(name) if name and is_name(name) else None


def name_in(text: str) -> str | None:
    """Return the name that an answer to «hvad hedder du?» is: «Mette», «det er Mette»."""
    name = text if is_full_name(text) else _OPENING.sub("", text)
    return tidy_name(name) if is_name(name) else None


def asks_why(text: str) -> bool:
    """Return whether a message asks what happens with what one writes: «hvad skal I bruge min mail til», «hvem læser det»."""
    return bool(_WHY.search(text))


def is_introduction(text: str) -> bool:
    """Return whether a piece of text says «jeg hedder …» and the like."""
    return bool(re.search(_SAYS_NAME, text))


def _card(text: str) -> list[str]:
    """Return the pieces of a signature, or of a message that is nothing but name, organisation and address."""
    signature = SIGNATURE.search(text)
    pieces = re.split(r"[,;|\n]+|\s+(?=\S+@)|\s+fra\s+", signature.group(1) if signature else text)
    pieces = [piece.strip(" .:-") for piece in pieces if "@" not in piece]
    if signature or ("@" in text and not re.search(r"[?!]|[.:] ", text)):
        return [piece for piece in pieces if piece and len(piece) <= _LONGEST]
    return []


def organisation_in(text: str, facts: Facts) -> str | None:
    """Return the organisation that a short text names: an official name where it is a municipality or region."""
    text = squeeze(text).strip(" .,:;-")
    if not text or len(text) > _LONGEST or "@" in text or text.endswith("?"):
        return None
    applicants = find(text, facts).applicants
    places = [found for found in applicants if found.name]
    if len(places) == 1 and len(applicants) == 1 and len(text.split()) <= len((places[0].name or "").split()) + 1:
        return places[0].name
    return text if applicants or _ORGANISATION_WORD.search(text) else None


def is_name(text: str) -> bool:
    """Return whether a text can be somebody's name: a few words of letters, none of which a sentence is made of."""
    words = text.strip(" .,!").split()
    if not 1 <= len(words) <= _MOST_WORDS_IN_NAME or len(text) > _LONGEST:
        return False
    if not all(re.fullmatch(r"[^\W\d_][^\W\d_'’.-]*(?:['’.-][^\W\d_'’.-]*)*", word) for word in words):
        return False
    return not {fold(word) for word in words} & _NO_NAME and not _ORGANISATION_WORD.search(text)


def is_full_name(text: str) -> bool:
    """Return whether a text is surely a name: two words or more, each with a capital letter."""
    words = [word for word in text.split() if not re.fullmatch(_SMALL, word)]
    return is_name(text) and len(words) > 1 and all(word[0].isupper() for word in words)


def tidy_name(text: str) -> str:
    """Return a name as it is written: «mette hansen» gets its capital letters."""
    text = squeeze(text).strip(" .,:;!")
    return text.title() if text.islower() else text


_FIELDS = {
    QUESTION: r"spørgsmål(?:et)?",
    NAME: r"(?:for|efter)?navn(?:et)?",
    ORGANISATION: r"organisation(?:en)?|kommune(?:n)?|arbejdsplads(?:en)?|firma(?:et)?|sted(?:et)?",
    EMAIL: r"(?:e-?)?mail(?:en)?(?:adresse[nr]?)?|(?:mail-?|e-mail-?)?adresse[nr]?",
}
_WRONG = re.compile(
    r"\b(?:ret|rette[tr]?|ændre?r?|ændring|skifte?|forkerte?|galt?|fejl|rigtigt?|passer|stavet)\b|\bskriv\b.+\bom\b"
    r"|\bikke (?:mi[nt]|det rigtige|den rigtige)\b",
    re.IGNORECASE,
)
_SET = {
    field: re.compile(
        rf"\b(?:{words})(?: (?:til|er|skal være|hedder|:)|:) +(?!ikke\b|forkert|galt?\b|fejl|stavet|rigtigt?\b)(.+)$",
        re.IGNORECASE | re.DOTALL,
    )
    for field, words in _FIELDS.items()
}
_INSTEAD = re.compile(
    r"^(?:nej|næ|hov|ups|forkert|rettelse|undskyld|øh)?[\s,.:!]*"
    r"(?:(?P<say>det hedder|jeg hedder|hedder|det staves|det skrives|den hedder)"
    r"|(?P<is>det er|jeg mente|jeg mener|det skal være|skal være))"
    r" +(?P<value>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_NOT_BUT = re.compile(r"\bikke\b[^?]+?\bmen\s+(.+)$", re.IGNORECASE)
_LONGEST_COMPLAINT = 6  # words
_DENIED = re.compile(r"^(?:nej|næ|hov|ups|forkert|rettelse|undskyld)\b", re.IGNORECASE)


def correction(text: str, last: str, facts: Facts) -> tuple[str, str] | None:
    """Return which field a message corrects and what it is to be (nothing where it does not say); None for others.

    Args:
        text: the message.
        last: the field that was filled last; what «nej, det er …» is about.
        facts: the facts, for the names of municipalities.
    """
    for field, pattern in _SET.items():
        if found := pattern.search(text):
            return field, found.group(1).strip()
    if found := _INSTEAD.match(text):
        value = found["value"].strip(" .!")
        if found["say"]:
            if name := introduced(text):
                return NAME, name
            return (ORGANISATION if organisation_in(value, facts) else NAME), value
        if _DENIED.match(text) and last in (NAME, ORGANISATION):
            return last, value
        if _DENIED.match(text) and (organisation_in(value, facts) or is_full_name(value)):
            return (ORGANISATION if organisation_in(value, facts) else NAME), value
    if found := _NOT_BUT.search(text):
        value = found.group(1).strip(" .!")
        if organisation_in(value, facts):
            return ORGANISATION, value
        return (NAME, value) if is_name(value) else None
    if is_wrong(text):
        for field, words in _FIELDS.items():
            if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE):
                return field, ""
    return None


def is_wrong(text: str) -> bool:
    """Return whether a short message says that something is wrong, without saying what."""
    return bool(_WRONG.search(text)) and len(text.split()) <= _LONGEST_COMPLAINT and not text.rstrip().endswith("?")


def field_named(text: str) -> str:
    """Return the field that a short answer to «hvad vil du rette?» names; else nothing."""
    hits = [field for field, words in _FIELDS.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)]
    return hits[0] if len(hits) == 1 and len(text.split()) <= 5 else ""


def is_empty(text: str) -> bool:
    """Return whether nothing is left of a message when a masked CPR number is taken out."""
    return not re.search(r"[^\W\d_]{2}", text.replace(MASK, ""))
