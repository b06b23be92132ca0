"""E-mail addresses: finds them in a message, and tells what is wrong with one that cannot be right."""

from __future__ import annotations

import re

from puljeguiden.facts import Facts

# What the staff service's mail library takes, and no more: a case must not be refused for its address.
_USER = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_ADDRESS = re.compile(rf"{_USER}@(?:{_LABEL}\.)+[^\W\d_]{{2,63}}")
_LONGEST, _LONGEST_USER = 254, 64
_AROUND = " \t\n<>()[]{}\"'«»”“,;:!?."
_AT_IN_WORDS = re.compile(r"\(at\)|\[at\]|snabel[- ]?a|krølle[- ]?a|\bat\b", re.IGNORECASE)
# Words that stand before an address without being meant as its beginning: «min mail er m@x.dk».
_BEFORE = re.compile(
    r"(?:\b(?:det|er|e-?mail(?:en|adresse[nr]?)?|mail(?:en|adresse[nr]?)?|adressen?|ja|nej|jo|ok|okay|til|på|skal|være|skriv|send|svar|"
    r"brug|forkert|ret|min|mine|mit|mig|og|kontakt|fra|jeg|hedder|kommune|tak|den|rigtige|rigtig|nye?|hov|undskyld|mener|mente|mailto|bruger|skriver|læser|her|vores)|[:,.;|\n(<«”\"-])\s*$",
    re.IGNORECASE,
)


def is_address(text: str) -> bool:
    """Return whether a text is an e-mail address that mail can be sent to."""
    if not _ADDRESS.fullmatch(text) or len(text) > _LONGEST or text.index("@") > _LONGEST_USER:
        return False
    try:
        text.partition("@")[2].encode("idna")
    except UnicodeError:
        return False
    return True


def addresses(text: str, facts: Facts) -> list[str]:
    """Return the addresses in a text, each once; not those that a page publishes, which are never the visitor's."""
    tokens = [token.strip(_AROUND).removeprefix("mailto:") for token in re.split(r"[\s,;|<>()]+", text) if "@" in token]
    found = dict.fromkeys(token for token in tokens if is_address(token))
    return [one for one in found if not _is_published(one, facts)]


def _is_published(address: str, facts: Facts) -> bool:
    return any(address.lower() in page.lower() for page in facts.pages.values())


def fault(text: str, facts: Facts) -> str:
    """Return what is wrong with the address a visitor was asked for, as the name of what to say; nothing where all is well.

    A text that holds no attempt at an address is no fault: it is something else.
    """
    text = text.strip()
    token = next((word.strip(_AROUND) for word in text.split() if "@" in word), "")
    if found := addresses(text, facts):
        if len(found) > 1:
            return "email_several"
        before = text[: text.index(found[0])]
        split = re.search(r"(?:^|\s)[a-zæøå.]+ +$", before) and not _BEFORE.search(before)  # «bo hansen@x.dk»
        return "email_blank" if split and len(text.split()) <= 6 else ""
    if not token:
        looks_like_one = re.fullmatch(r"[\w.+-]+\.[A-Za-z]{2,}", text.strip(_AROUND)) or (
            _AT_IN_WORDS.search(text) and "." in text and len(text.split()) <= 6
        )
        return "email_no_at" if looks_like_one else ""
    if is_address(token):
        return "email_published"
    user, _, domain = token.partition("@")
    if re.search(r"\s@|@\s*\S+\s+\.|@\s+\S|@\S+\.\s+\S", text):
        return "email_blank"
    if "@" in domain:
        return "email_two_at"
    if not user:
        return "email_no_user"
    if not domain:
        return "email_no_domain"
    if "," in text[text.index("@") :]:
        return "email_comma"
    if not re.search(r"\.[^\W\d_]{2,}$", domain):
        return "email_no_dot"
    return "email_odd"


def refuses(text: str) -> bool:
    """Return whether a visitor has no e-mail address, or will not give it."""
    return bool(_REFUSED.search(text))


_REFUSED = re.compile(
    r"\b(?:har (?:ikke|ingen)|uden|ikke (?:give|oplyse|skrive|have|dele|ud med|nogen)|får ikke)\b.{0,25}\b(?:e-?)?mail",
    re.IGNORECASE,
)


def is_phone_number(text: str) -> bool:
    """Return whether a message is about a phone number."""
    return len(re.findall(r"\d", text)) >= 8 or bool(re.search(r"\b(?:ring|telefon|tlf|mobil)\w*", text, re.IGNORECASE))
