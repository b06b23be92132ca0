"""A case, what people wrote about it and mailed about it, and who did what when."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone


class State(models.TextChoices):
    """Where a case has got to."""

    NEW = "new", "Ny"
    OPEN = "open", "I gang"
    ANSWERED = "answered", "Besvaret"
    CLOSED = "closed", "Lukket"


class Kind(models.TextChoices):
    """What kind of question it is, which decides who answers."""

    SUBJECT = "subject", "Fagligt"
    ADMIN = "admin", "Administration"


UNANSWERED = (State.NEW, State.OPEN)


class Case(models.Model):
    """A question from an applicant. What the applicant sent never changes."""

    number = models.CharField("sagsnummer", max_length=16, unique=True)
    key = models.CharField(max_length=64, unique=True, editable=False)
    pool = models.CharField("pulje", max_length=100, blank=True, db_index=True)
    kind = models.CharField("slags", max_length=16, choices=Kind.choices)
    contacts = models.JSONField("kontaktpersoner", default=list)
    question = models.TextField("spørgsmål")
    # Twice as long as the API lets in: masking may lengthen them.
    name = models.CharField("navn", max_length=1000, blank=True)
    organisation = models.CharField("organisation", max_length=1000, blank=True)
    email = models.CharField("e-mail", max_length=1000)
    conversation = models.CharField(max_length=64, blank=True, db_index=True)
    transcript = models.JSONField("samtale", default=list)
    created = models.DateTimeField("sendt")
    received = models.DateTimeField("modtaget", auto_now_add=True, db_index=True)

    state = models.CharField("status", max_length=16, choices=State.choices, default=State.NEW, db_index=True)
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="sagsbehandler"
    )
    reply_by = models.DateField("svarfrist", db_index=True)
    # SQLite folds only ASCII when it compares, so «ØSTER» would not find «øster».
    folded = models.TextField(editable=False)

    class Meta:
        ordering = ("-received", "-id")
        default_permissions = ("view", "change")
        permissions = (("answer_case", "Kan svare på sager"), ("export_case", "Kan hente sager til journalen"))
        verbose_name = "sag"
        verbose_name_plural = "sager"

    def __str__(self) -> str:
        return self.number

    @property
    def is_overdue(self) -> bool:
        """Tell whether the applicant should have had an answer by now."""
        return self.state in UNANSWERED and self.reply_by < timezone.localdate()


class Note(models.Model):
    """What a colleague should know about a case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT)
    written = models.DateTimeField(auto_now_add=True)
    text = models.TextField("notat", max_length=5000)

    class Meta:
        ordering = ("written", "id")
        default_permissions = ()


class Letter(models.Model):
    """A mail about a case: the copy that is kept, and the queue it is sent from."""

    class Purpose(models.TextChoices):
        """What a mail is for."""

        RECEIPT = "receipt", "Kvittering til ansøgeren"
        NOTICE = "notice", "Besked til kontakten"
        REPLY = "reply", "Svar til ansøgeren"

    class Status(models.TextChoices):
        """How far a mail has got."""

        QUEUED = "queued", "På vej"
        SENT = "sent", "Sendt"
        FAILED = "failed", "Ikke leveret"

    case = models.ForeignKey(Case, models.CASCADE, related_name="letters")
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    to = models.CharField("til", max_length=254)
    subject = models.CharField("emne", max_length=200)
    body = models.TextField("besked")
    author = models.ForeignKey(User, models.PROTECT, null=True)
    written = models.DateTimeField(auto_now_add=True)
    token = models.CharField(max_length=64, unique=True, help_text="Sent twice, a form makes one mail.")

    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED, db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    due = models.DateTimeField(auto_now_add=True)
    sent = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("written", "id")
        default_permissions = ()


class Event(models.Model):
    """One line of a case's trail: who did what, when. Lines are only ever added (`staff.cases.trail`)."""

    class What(models.TextChoices):
        """What can happen to a case."""

        RECEIVED = "received", "Sagen kom ind"
        OPENED = "opened", "Åbnede sagen"
        CHANGED = "changed", "Ændrede sagen"
        NOTED = "noted", "Skrev et notat"
        ANSWERED = "answered", "Svarede ansøgeren"
        EXPORTED = "exported", "Hentede sagen til journalen"
        PRINTED = "printed", "Åbnede udskriften"
        SENT = "sent", "Mail sendt"
        RETURNED = "returned", "Mail kunne ikke leveres"
        RESENT = "resent", "Prøvede at sende en mail igen"

    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    who = models.ForeignKey(User, models.PROTECT, null=True)
    what = models.CharField(max_length=16, choices=What.choices)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        default_permissions = ()


def reply_by(day: date, working_days: int) -> date:
    """Return the day a number of working days after another; holidays are not known here."""
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < 5
    return day
