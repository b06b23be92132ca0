"""What staff fill in about conversations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from staff.cases.forms import without_cpr
from staff.conversations import labels, search, versions
from staff.conversations.models import Conversation, SavedFilter, Verdict
from staff.conversations.paging import ATTENTION, NEWEST, Found

_ANY = ("", "Alle")
_LONGEST_ANSWER = timedelta(hours=1)


class SearchField(forms.CharField):
    """Words to search for. Whatever is typed is fine."""

    def to_python(self, value: Any) -> str:
        """Return the text, cut where nobody would type so much."""
        return str(super().to_python(value) or "").replace("\0", " ")[:300]


class FilterForm(forms.Form):
    """Which conversations to list, and in which order."""

    q = SearchField(label="Søg i spørgsmål og svar", required=False)
    since = forms.DateField(label="Fra", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="Til", required=False, widget=forms.DateInput({"type": "date"}))
    pool = forms.ChoiceField(label="Pulje", required=False)
    topic = forms.ChoiceField(label="Emne", required=False)
    status = forms.ChoiceField(label="Svar", required=False, choices=[_ANY, *labels.Status.choices])
    mark = forms.ChoiceField(label="Mærke", required=False, choices=[_ANY, *labels.Mark.choices])
    reviewed = forms.ChoiceField(
        label="Gennemgang", required=False, choices=[_ANY, ("no", "Ikke gennemgået"), ("yes", "Gennemgået")]
    )
    model = forms.ChoiceField(label="Model", required=False)
    order = forms.ChoiceField(
        label="Rækkefølge",
        required=False,
        choices=[("", "Nyeste først"), ("attention", "Mest brug for opmærksomhed først")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("pool", labels.pools())
        self._choices("topic", labels.topics())
        self._choices("model", [(name, name[:24]) for name in versions.names()])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [_ANY, *choices]

    def chosen(self) -> Found:
        """Return the conversations that fit; all of them where nothing is chosen."""
        found = Conversation.objects.all()
        if not self.is_valid():
            return Found(found.none())
        given = self.cleaned_data
        if given["since"]:
            found = found.filter(latest__gte=_midnight(given["since"]))
        if given["until"]:
            found = found.filter(latest__lt=_midnight(given["until"] + timedelta(days=1)))
        if given["reviewed"]:
            found = found.filter(reviewed=given["reviewed"] == "yes")
        if given["model"]:
            found = found.filter(**_time_of(given["model"]))
        try:
            return Found(found, search.query(given["q"], self._tags()))
        except search.Nothing:
            return Found(found.none())

    def _tags(self) -> Iterator[str]:
        given = self.cleaned_data
        if given["pool"] or given["topic"] or given["status"]:
            yield search.answer_tag(given["pool"], given["topic"], given["status"])
        if given["mark"]:
            yield search.mark_tag(given["mark"])
        if given["model"]:
            yield search.model_tag(given["model"])

    def sorting(self) -> tuple[str, ...]:
        """Return the fields the list is sorted by, each falling."""
        return ATTENTION if self["order"].value() == "attention" else NEWEST


class SaveForm(forms.ModelForm):
    """A name for the filter one is looking through."""

    class Meta:
        model = SavedFilter
        fields = ("name",)

    def clean_name(self) -> str:
        """Refuse CPR numbers."""
        return without_cpr(self.cleaned_data["name"])


class PurposeForm(forms.Form):
    """Why somebody looks."""

    purpose = forms.ChoiceField(label="Formål", choices=labels.Purpose.choices, widget=forms.RadioSelect)


class ReasonForm(forms.Form):
    """Why somebody has to see what is masked."""

    reason = forms.CharField(
        label="Hvorfor skal du se det, der er maskeret?",
        min_length=10,
        max_length=400,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean_reason(self) -> str:
        """Refuse CPR numbers."""
        return without_cpr(self.cleaned_data["reason"])


class VerdictForm(forms.ModelForm):
    """What a reviewer thinks of an answer."""

    topic = forms.ChoiceField(label="Rigtigt emne", required=False)

    class Meta:
        model = Verdict
        fields = ("what", "topic", "comment")
        widgets = {"comment": forms.Textarea({"rows": 2})}  # noqa: RUF012 - Django's own form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["topic"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Vælg emne"), *labels.topics()]

    def clean_comment(self) -> str:
        """Refuse CPR numbers."""
        return without_cpr(self.cleaned_data["comment"])

    def clean(self) -> dict[str, Any]:
        """Ask for the topic where another one would have been right; elsewhere it says nothing."""
        given = super().clean() or {}
        if given.get("what") != Verdict.What.OTHER_TOPIC:
            return given | {"topic": ""}
        if not given.get("topic"):
            self.add_error("topic", "Vælg det emne, som beskeden handler om.")
        return given


class OverviewForm(forms.Form):
    """What an overview is about."""

    days = forms.ChoiceField(label="Periode", required=False, choices=labels.Window.choices)
    pool = forms.ChoiceField(label="Pulje", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pool"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [_ANY, *labels.pools()]


def _time_of(model: str) -> dict[str, datetime]:
    """Return the time in which conversations ended that a model gave the last answer in, so that no other is looked at."""
    first, last = versions.first_turn(model), versions.last_turn(model)
    return {"latest__gte": first.at, "latest__lt": last.at + _LONGEST_ANSWER} if first and last else {}


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
