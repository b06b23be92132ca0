"""Who did what to the assistant. What it knows stands in `data/`, and its models in the bank."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models


class Deed(models.Model):
    """One line of the trail: who did what, when. Lines are only ever added (`staff.training.trail`)."""

    class What(models.TextChoices):
        """What can be done."""

        SORTED = "sorted", "Behandlede et spørgsmål"
        EDITED = "edited", "Rettede i sit udkast"
        DROPPED = "dropped", "Fortrød en rettelse i sit udkast"
        DISCARDED = "discarded", "Kasserede et udkast"
        SETTLED = "settled", "Afgjorde en konflikt"
        APPROVED = "approved", "Godkendte en ændret side"
        REVERTED = "reverted", "Fortrød en udgivelse"
        STARTED = "started", "Startede en afprøvning"
        STARTED_LIVE = "started_live", "Startede en afprøvning, der selv går i drift"
        CANCELLED = "cancelled", "Stoppede en afprøvning"
        PUBLISHED = "published", "Satte i drift"
        OVERRODE = "overrode", "Satte i drift, selvom svar blev dårligere"
        ROLLED_BACK = "rolled_back", "Gik tilbage til en tidligere model"

    who = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=16, choices=What.choices)
    detail = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        default_permissions = ()
        permissions = (
            ("train", "Kan rette det, Puljeguiden kan, og afprøve det"),
            ("publish", "Kan sætte i drift og gå tilbage til en tidligere model"),
            ("override", "Kan sætte i drift, selvom svar bliver dårligere"),
        )
