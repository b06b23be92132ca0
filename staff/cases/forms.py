"""What staff fill in about cases. What is wrong is said in Danish, by the field it is about."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone

from puljeguiden.masking import holds_cpr
from staff.access import CHANGE_CASES, ROLES
from staff.cases import names
from staff.cases.models import UNANSWERED, Case, Kind, Letter, Note, State

_ANY = ("", "Alle")


def caseworkers(also: int | None = None) -> QuerySet[User]:
    """Return who can have cases, and also the person (by id) who has one already."""
    roles = [role.value for role, permissions in ROLES.items() if CHANGE_CASES in permissions]
    may = Q(is_active=True, groups__name__in=roles) | Q(pk=also)
    return User.objects.filter(may).distinct().order_by("username")


def shown_name(user: User) -> str:
    """Return what a person is called on the pages."""
    return user.get_full_name() or user.username


def without_cpr(text: str) -> str:
    """Return a text that may be kept and mailed.

    Raises:
        ValidationError: it holds a CPR number.
    """
    if holds_cpr(text):
        raise forms.ValidationError("Teksten indeholder noget, der ligner et CPR-nummer. Fjern det.")
    return text


class PersonField(forms.ModelChoiceField):
    """A person, by name."""

    def label_from_instance(self, obj: User) -> str:
        """Return what a choice is called."""
        return shown_name(obj)


class FilterForm(forms.Form):
    """Which cases to list."""

    q = forms.CharField(label="Søg", required=False, max_length=200)
    state = forms.ChoiceField(label="Status", required=False)
    pool = forms.ChoiceField(label="Pulje", required=False)
    kind = forms.ChoiceField(label="Slags", required=False, choices=[_ANY, *Kind.choices])
    who = forms.ChoiceField(label="Sagsbehandler", required=False)
    since = forms.DateField(label="Fra", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="Til", required=False, widget=forms.DateInput({"type": "date"}))
    overdue = forms.BooleanField(label="Kun overskredne", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pools = Case.objects.order_by("pool").values_list("pool", flat=True).distinct()
        people = [(str(user.pk), shown_name(user)) for user in caseworkers()]
        self._choices("state", [_ANY, ("unanswered", "Ikke besvaret"), *State.choices])
        self._choices("pool", [_ANY, *((pool or "none", names.pool(pool) or "Ingen pulje") for pool in pools)])
        self._choices("who", [_ANY, ("none", "Ingen"), *people])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def chosen(self) -> QuerySet[Case]:
        """Return the cases that fit; all of them where nothing is chosen."""
        found = Case.objects.select_related("assignee").defer("transcript")
        if not self.is_valid():
            return found.none()
        given = self.cleaned_data
        for word in given["q"].casefold().split():
            found = found.filter(folded__contains=word)
        if given["state"]:
            found = found.filter(state__in=UNANSWERED if given["state"] == "unanswered" else [given["state"]])
        if given["pool"]:
            found = found.filter(pool="" if given["pool"] == "none" else given["pool"])
        if given["kind"]:
            found = found.filter(kind=given["kind"])
        if given["who"]:
            found = found.filter(assignee=None if given["who"] == "none" else given["who"])
        if given["since"]:
            found = found.filter(received__date__gte=given["since"])
        if given["until"]:
            found = found.filter(received__date__lte=given["until"])
        if given["overdue"]:
            found = found.filter(state__in=UNANSWERED, reply_by__lt=timezone.localdate())
        return found


class CaseForm(forms.ModelForm):
    """Where a case has got to, who has it, and until when."""

    assignee = PersonField(User.objects.none(), label="Sagsbehandler", required=False, empty_label="Ingen")

    class Meta:
        model = Case
        fields = ("state", "assignee", "reply_by")
        widgets = {"reply_by": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}  # noqa: RUF012 - Django's own form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assignee"]
        assert isinstance(field, PersonField)
        field.queryset = caseworkers(also=self.instance.assignee_id)
        for one in self.fields.values():
            one.show_hidden_initial = True  # so that an old page changes only what its reader changed on it


class NoteForm(forms.ModelForm):
    """A note for colleagues."""

    class Meta:
        model = Note
        fields = ("text",)
        widgets = {"text": forms.Textarea({"rows": 3})}  # noqa: RUF012 - Django's own form

    def clean_text(self) -> str:
        """Refuse CPR numbers."""
        return without_cpr(self.cleaned_data["text"])


class ReplyForm(forms.Form):
    """An answer to the applicant. `token` makes a form that is sent twice one mail; `seen` counts the answers there were."""

    subject = forms.CharField(label="Emne", max_length=200)
    body = forms.CharField(label="Besked", max_length=20_000, widget=forms.Textarea({"rows": 16}))
    token = forms.RegexField(r"[0-9a-f]{32}", widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    @classmethod
    def start(cls, case: Case, subject: str, body: str) -> ReplyForm:
        """Return a form that holds the beginning of an answer."""
        return cls(
            case,
            initial={"subject": subject, "body": body, "token": secrets.token_hex(16), "seen": answers(case)},
        )

    def clean_subject(self) -> str:
        """Refuse CPR numbers."""
        return without_cpr(self.cleaned_data["subject"])

    def clean_body(self) -> str:
        """Refuse CPR numbers."""
        return without_cpr(self.cleaned_data["body"])

    def clean(self) -> dict[str, Any]:
        """Refuse a second answer by somebody who has not seen the first."""
        given = super().clean() or {}
        again = Letter.objects.filter(token=given.get("token", "")).exists()
        if not again and given.get("seen", 0) < answers(self.case):
            raise forms.ValidationError("En kollega har svaret, mens du skrev. Læs svaret på sagen, og begynd forfra.")
        return given


def answers(case: Case) -> int:
    """Return how many answers the applicant has been sent."""
    return case.letters.filter(purpose=Letter.Purpose.REPLY).count()
