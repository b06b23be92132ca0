"""Cuts a message into the questions it may hold. Which cuts are kept is decided when the parts have been understood."""

from __future__ import annotations

import re

from puljeguiden.danish import fold

MOST_PARTS = 6
_FEWEST_WORDS = 4
_ASKING = r"(?:hva[dr]?|hvem|hvor\w*|hvordan|hvilke\w*|hvis|hvorfor|kan|skal|må|er|får|gælder|findes|har)"
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+|;\s+|(?<=\?)(?=\w)")
_AND_QUESTION = re.compile(rf"(?:,|\bog|\bsamt|\bplus|\bogså|\bog så)\s+(?=(?:så |også )?{_ASKING}\b)", re.IGNORECASE)
# A comma before such a word starts a clause of the same question: «en ung, der er ved at …».
_CLAUSE = r"(?!(?:der|som|at|hvis|fordi|når|men|så|hvilket|selvom|da|og|eller|ikke|tak)\b)"
_AND = re.compile(rf"\s*(?:\bog\b|\bsamt\b|\bplus\b|[&+]|,)\s+{_CLAUSE}", re.IGNORECASE)
# «1) hvem kan søge 2) frist», «spm 1: … spm 2: …»
_NUMBERED = re.compile(r"(?:^|(?<=\s))(?:(?:spm|spørgsmål)\.? ?)?([1-9])[).:]\s+", re.IGNORECASE)
_YES_OR_NO = re.compile(
    r"(?:(?:nej+|næ+h?|nah?|niks|nix|ja+|jo|jep|jeps|jow|ok|okay|nå|øh|jamen|fint|godt|hm+|aha|tak)\b[\s,.!:–-]*)+",
    re.IGNORECASE,
)
# Words that a yes, a no or a «glem det» may come with; folded, see danish.fold.
_NOTHING_MORE = frozenset(
    fold(
        """
        a af afsted aftale aldeles altså an at bare behov behøver behøves bekræfte bekræftet besvær bestemt bliver bro brug
        da dag de dejligt dem den der det dette dig du eller ellers emnet en endelig endnu enige er et fint for fornuftigt
        forstået for ganske gang gern gerne gider gjort god godt grund gør gøre går ha har have heller hellere helst helt her
        hjælp hvis hvad hvorfor i igen ik ikke ingen interesseret it ja jeg jer jo jow kan ka klar klarer klart kom korrekt
        kør lad lade lidt lige lille ligge lov lyder man mange med meget men mente mig min mit må måde måske naturligvis
        nej nemlig netop nix nok nu nytter næ nødvendigt nå når og også okay om op orden orker os overhovedet passer
        pls plz pokker prøv på præcis rigtigt senere selv selvfølgelig sende sender sendt sgu si sige siger sikkert sin
        skal skete skyld skynd skønt slet som spare sådan søren så tak tage tager takker tilbud tilbuddet tilfældet til
        tja tro tror u ud uden ulejlighed var ved venlig venligst venligt vent venter vi videre vil ville være værsgo
        yes øh ønsker ååh
        """
    ).split()
)
# With one of these, a message takes something back, whatever else it says.
_TAKES_BACK = re.compile(
    r"\b(?:glem\w*|stop\w*|drop\w*|luk|slet|annul\w*|anul\w*|afbryd\w*|fortry\w*|fortrud\w*|pyt|ombestem\w*|alligevel|skip"
    r"|spring\w*|hop\w*|næste|afslut\w*|cancel|send\w*|oplyse\w*|svare|anonym\w*|ligegyldig\w*|ringer|skriver"
    r"|tilbage\w*|træk\w*|hold op|stands\w*|frafald\w*|streg)\b",
    re.IGNORECASE,
)
_ASKS_A_YES = re.compile(r"(?:er|har|kan|må|skal|får) (?:det|der|man|vi|jeg|i|de|den)\b", re.IGNORECASE)
_MOST_UNKNOWN = 1
_ABBREVIATION = re.compile(
    r"\b(?:bl\.a|f\.eks|fx|mv|osv|ca|nr|mio|kr|kl|evt|pga|vedr|inkl|ekskl|dvs|tlf|pr|stk|jf|d|ang|m\.m|bla)\.$",
    re.IGNORECASE,
)


def split(text: str) -> list[tuple[str, bool]]:
    """Return the parts of a message, each with whether the cut around it is a clear one (sentence, «og hvornår …»).

    An empty list means that there is nothing to cut.
    """
    clear = [piece for sentence in _sentences(text) for piece in _AND_QUESTION.split(sentence)]
    clear = [piece for piece in (tidy(piece) for piece in clear) if piece]
    parts: list[tuple[str, bool]] = []
    for piece in clear:
        smaller = [small for small in (tidy(small) for small in _AND.split(piece)) if small]
        if len(clear) > 1:
            parts.append((piece, True))
        if len(smaller) > 1:
            parts += [(small, False) for small in smaller]
    return parts[:MOST_PARTS]


def is_question(text: str) -> bool:
    """Return whether a part reads as a question of its own: by its length, and its question mark or first word."""
    return len(text.split()) >= _FEWEST_WORDS and asks(text)


def asks(text: str) -> bool:
    """Return whether a text has the form of a question, however short."""
    return text.rstrip().endswith("?") or bool(re.match(rf"(?:og |så |også )*{_ASKING}\b", text, re.IGNORECASE))


_WANTS = re.compile(
    r"\b(?:hv\w+|om (?:vi|man|jeg|der|det|en|et)|vide|høre|spørg\w*|tvivl|fortæl|forklar|beskriv|giv|send|oplys|mangler?|brug\w*"
    r"|leder|finde\w*|ønsker|søger?|gerne|behov|videre)\b",
    re.IGNORECASE,
)
_NOT_THAT = re.compile(r"(?:nej[, ]+)?ikke\b", re.IGNORECASE)
_CHOICE = re.compile(rf"(?!{_ASKING}\b)(?:\w+[ ,]+){{1,3}}eller \w+\?", re.IGNORECASE)


def denies(text: str) -> bool:
    """Return whether a part says what is not meant: «nej ikke hvem der kan søge.»"""
    return bool(_NOT_THAT.match(text))


def only_tells(text: str) -> bool:
    """Return whether a part is no question beside one that is: «SSP her.», «ikke hvem der kan søge», «A eller B?»"""
    if denies(text) or _CHOICE.fullmatch(text):
        return True
    return text.endswith((".", "!")) and not asks(text) and not _WANTS.search(text)


def _sentences(text: str) -> list[str]:
    if _NUMBERED.findall(text)[:2] == ["1", "2"]:
        text = _NUMBERED.sub("\n", text)
    found: list[str] = []
    for piece in _SENTENCE_END.split(text):
        unfinished = found and (_ABBREVIATION.search(found[-1]) or re.search(r"\b\d{1,2}\.$", found[-1]))
        if unfinished and not piece[:1].isupper():
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def tidy(text: str) -> str:
    """Return a part of a message without what stands around it; nothing where it is only signs."""
    return text.strip(" \t,.;:-–?!") and text.strip(" \t,;:-–")


def beside_yes_or_no(text: str) -> str:
    """Return what a message says besides the yes, no or «glem det» it looks like: «nej, han er ikke hjemme nu»; else nothing."""
    rest = _YES_OR_NO.sub("", text, count=1) if _YES_OR_NO.match(text) else text
    if _TAKES_BACK.search(text):
        return ""
    words = re.findall(r"\w+", fold(rest))
    asks_something = rest != text and bool(_ASKS_A_YES.match(rest))
    asks_something |= len(words) > 1 and bool(re.match(r"hv(?:or|em|ad|il)", words[0])) and words != ["hvorfor", "ikke"]
    unknown = [word for word in words if word not in _NOTHING_MORE]
    return tidy(rest) if asks_something or "?" in rest.rstrip()[-1:] or len(unknown) > _MOST_UNKNOWN else ""


_COURTESY = re.compile(
    r"(?:(?:he+j+(?:sa)?|hey|davs|halløj\w*|goddag|god ?(?:morgen|aften|dag)"
    r"|(?:mange |tusind )?tak(?: (?:skal (?:du|i) ha\w*|for \w+))?)\b[\s,.!:)–-]*)+",
    re.IGNORECASE,
)


def beside_courtesy(text: str) -> str:
    """Return the question after the «hej» or «tak» that a message looks like: «tak. gælder det også Vejle?»; else nothing."""
    found = _COURTESY.match(text)
    rest = tidy(text[found.end() :]) if found else ""
    return rest if rest.endswith("?") and len(rest.split()) >= _FEWEST_WORDS else ""
