"""What trainers fill in about topics, answers and pools. What is wrong is said in Danish, by the field it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms import formset_factory

from puljeguiden.danish import fold
from puljeguiden.facts import IN_DOCUMENT, LOST_IN_COPY, NOT_STATED, STATED
from puljeguiden.wiring import FEWEST_EXAMPLES
from staff.cases.forms import without_cpr

STATES = (
    (STATED, "Det står i opslaget"),
    (NOT_STATED, "Det står der ikke"),
    (IN_DOCUMENT, "Det står i et dokument, som opslaget henviser til"),
    (LOST_IN_COPY, "Det mangler i vores kopi af opslaget"),
)
ASKS = (("subject", "Dem, der svarer på faglige spørgsmål"), ("admin", "Dem, der svarer på administrative spørgsmål"))
_DAY = re.compile(r"(\d{1,2})[./-]\s?(\d{1,2})[./-]?(?:\s?(\d{4}))?")
_CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})")


def lines(text: str) -> list[str]:
    """Return the lines of a text that are not empty, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def short_name(label: str, between: str) -> str:
    """Return a name for files, made from what people read."""
    return between.join(re.findall(r"[a-z]+" if between == "_" else r"[a-z0-9]+", fold(label)))[:30].strip(between)


class LinesField(forms.CharField):
    """Several lines, each one thing."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": rows}), max_length=kwargs.pop("max_length", 20_000), **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the lines."""
        return lines(super().to_python(value) or "")

    def prepare_value(self, value: Any) -> Any:
        """Show a list with a line for each."""
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def run_validators(self, value: Any) -> None:
        """Look at the whole, not at a list."""
        super().run_validators("\n".join(value))

    def validate(self, value: Any) -> None:
        """Ask for a line where one is needed."""
        super().validate("\n".join(value))


class DayField(forms.Field):
    """A date as Danes write it, with or without a year: a `date`, or (day, month)."""

    def to_python(self, value: Any) -> Any:
        """Return the date; None where there is none."""
        text = str(value or "").strip()
        if not text:
            return None
        found = _DAY.fullmatch(text)
        try:
            if not found:
                raise ValueError
            day, month = int(found[1]), int(found[2])
            full = date(int(found[3] or 2000), month, day)
        except ValueError:
            raise forms.ValidationError("Skriv datoen som 25.8.2026, eller som 25.8. uden årstal.") from None
        return full if found[3] else (day, month)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether somebody wrote another date."""
        return str(initial or "") != str(data or "")


class ClockField(forms.CharField):
    """A time of day: «12.00» becomes «12:00»."""

    def to_python(self, value: Any) -> str:
        """Return the time as it stands in facts."""
        text = str(super().to_python(value) or "").strip()
        found = _CLOCK.fullmatch(text)
        if text and not (found and int(found[1]) < 24 and int(found[2]) < 60):
            raise forms.ValidationError("Skriv klokkeslættet som 12.00.")
        return f"{int(found[1]):02}:{found[2]}" if found else ""


class RoundForm(forms.Form):
    """One deadline."""

    day = DayField(label="Dato", required=False)
    time = ClockField(label="Klokkeslæt", required=False, max_length=5)
    name = forms.CharField(label="Rundens navn", required=False, max_length=100)
    extended_from = DayField(label="Udsat fra", required=False)

    def clean_extended_from(self) -> date | None:
        """Ask for the year."""
        day = self.cleaned_data["extended_from"]
        if isinstance(day, tuple):
            raise forms.ValidationError("Skriv også årstallet.")
        return day if isinstance(day, date) else None


Rounds = formset_factory(RoundForm, extra=2, max_num=12, absolute_max=12)


class AnswerForm(forms.Form):
    """What a pool's page answers to one question."""

    state = forms.ChoiceField(label="Står det i opslaget?", choices=STATES, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Det skal Puljeguiden svare",
        required=False,
        min_length=5,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )
    quotes = LinesField(label="Citater, ét på hver linje", required=False)

    def clean_text(self) -> str:
        """Refuse CPR numbers."""
        return without_cpr(self.cleaned_data["text"])


class TopicForm(forms.Form):
    """A new topic; its answers are forms of their own."""

    label = forms.CharField(label="Emnets navn", max_length=60)
    name = forms.CharField(label="Kort navn (a–z)", required=False, max_length=30)
    examples = LinesField(label="Eksempler på spørgsmål, ét på hver linje", rows=12)
    not_stated = forms.CharField(
        label="Det siger Puljeguiden, når det ikke står i opslaget", max_length=300, widget=forms.Textarea({"rows": 2})
    )
    ask = forms.ChoiceField(label="Hvem kan svare, når opslaget ikke gør?", choices=ASKS)
    acts = forms.BooleanField(label="Svaret lægger op til at søge puljen", required=False)
    anyway = forms.BooleanField(label="Tilføj eksemplerne alligevel", required=False)

    def clean(self) -> dict[str, Any]:
        """Make a short name where none was given."""
        given = super().clean() or {}
        if not given.get("name") and given.get("label"):
            given["name"] = short_name(given["label"], "_")
        return given

    @property
    def count(self) -> int:
        """Return how many examples there are so far."""
        return len(lines(str(self["examples"].value() or "")))

    @property
    def fewest(self) -> int:
        return FEWEST_EXAMPLES


class DetailsForm(forms.Form):
    """A topic's name and whom to ask."""

    label = forms.CharField(label="Emnets navn", max_length=60)
    ask = forms.ChoiceField(label="Hvem kan svare, når opslaget ikke gør?", choices=ASKS)
    acts = forms.BooleanField(label="Svaret lægger op til at søge puljen", required=False)


class TextForm(forms.Form):
    """One of the assistant's texts."""

    text = forms.CharField(
        label="Det siger Puljeguiden, når det ikke står i opslaget",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class PoolForm(forms.Form):
    """What a pool is called, and where its page is."""

    name = forms.CharField(label="Navn, som efter «puljen om …»", min_length=3, max_length=100)
    names = LinesField(label="Det kalder folk puljen, ét navn på hver linje")
    hints = LinesField(label="Ord, som kun denne pulje har (kan stå tomt)", required=False)
    url = forms.URLField(label="Opslagets adresse (kan stå tom)", required=False, max_length=500, assume_scheme="https")

    def clean_names(self) -> list[str]:
        """Ask for names that can be found in a sentence."""
        return _long_enough(self.cleaned_data["names"])

    def clean_hints(self) -> list[str]:
        """Ask for words that can be found in a sentence."""
        return _long_enough(self.cleaned_data["hints"])


class NewPoolForm(PoolForm):
    """A new pool, with its page."""

    field_order = ("name", "names", "url", "text", "hints", "id")
    id = forms.CharField(label="Kort navn (a–z, tal og bindestreg)", required=False, max_length=60)
    text = forms.CharField(
        label="Opslagets tekst",
        required=False,
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea({"rows": 10}),
    )

    def clean(self) -> dict[str, Any]:
        """Make a short name where none was given; ask for a text or an address."""
        given = super().clean() or {}
        if not given.get("id") and given.get("name"):
            given["id"] = short_name(given["name"], "-")
        if not self.errors and not given.get("text", "").strip() and not given.get("url"):
            raise forms.ValidationError("Skriv opslagets adresse, eller indsæt teksten.")
        return given


class HeadForm(forms.Form):
    """What a page tells of itself."""

    title = forms.CharField(label="Opslagets titel, som den står", max_length=300)
    updated = forms.DateField(label="Sidst opdateret", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    updated_quote = forms.CharField(label="Sådan står datoen i opslaget", max_length=200)


class FoundForm(forms.Form):
    """Something found on a page, and what it answers."""

    kind = forms.CharField(widget=forms.HiddenInput)
    value = forms.CharField(required=False, widget=forms.HiddenInput)
    question = forms.ChoiceField(label="Svar på", required=False)
    text = forms.CharField(
        label="Det skal Puljeguiden svare", required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    quote = forms.CharField(label="Citat", required=False, max_length=5000, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, questions: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["question"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Brug det ikke"), *questions.items()]


FoundRows = formset_factory(FoundForm, extra=0, max_num=150, absolute_max=150)


class ContactForm(forms.Form):
    """Who answers what a pool's page does not say."""

    who = forms.CharField(label="Hvem", required=False, max_length=300)
    fact = forms.ChoiceField(label="Svaret, hvis citat viser det", required=False)

    def __init__(self, *args: Any, questions: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["fact"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Vælg"), *questions.items()]


LONGEST_REASON = 300


class ReasonForm(forms.Form):
    """Why something is done. It stays beside the model, and in the history of the data."""

    reason = forms.CharField(label="Hvorfor? Det står i historikken", min_length=3, max_length=LONGEST_REASON)

    def clean_reason(self) -> str:
        """Refuse CPR numbers, and keep it to one line."""
        return without_cpr(" ".join(self.cleaned_data["reason"].split()))


def _long_enough(names: list[str]) -> list[str]:
    if any(len(name) < 3 for name in names):
        raise forms.ValidationError("Et navn skal have mindst tre bogstaver.")
    return names


class WhoForm(forms.Form):
    """Somebody whom a page names as one who may apply, or may not."""

    may = forms.ChoiceField(label="Kan søge?", choices=[("who", "Kan søge"), ("excluded", "Kan ikke søge")])
    kind = forms.ChoiceField(label="Slags", required=False)
    named = forms.CharField(label="Som opslaget siger det", required=False, max_length=200)
    condition = forms.CharField(label="Kun hvis de … (kan stå tomt)", required=False, max_length=300)

    def __init__(self, *args: Any, kinds: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Ingen"), *kinds.items()]


WhoRows = formset_factory(WhoForm, extra=2, max_num=20, absolute_max=20)
