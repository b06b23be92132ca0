"""What staff see of conversations: a masked copy that the follower writes, and what reviewers add to it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models


class Position(models.Model):
    """How far the follower has read in the tracker store. There is one row."""

    event = models.BigIntegerField("sidst læste hændelse", default=0)
    read = models.DateTimeField("læst", auto_now=True)

    class Meta:
        default_permissions = ()


class Conversation(models.Model):
    """A conversation. Its id is not kept, only the keyed hash that `puljeguiden.masking.keyed_hash` makes of it."""

    key = models.CharField("nøgle", max_length=32, unique=True)
    started = models.DateTimeField("begyndt")
    latest = models.DateTimeField("senest", db_index=True)
    length = models.PositiveIntegerField("beskeder", default=0)
    attention = models.PositiveSmallIntegerField("trænger til øjne", default=0)
    reviewed = models.BooleanField("gennemgået", default=False)
    asks = models.CharField("hvad formularen spørger om", max_length=16, blank=True)

    class Meta:
        ordering = ("-latest", "-id")
        indexes = (
            models.Index(fields=("attention", "latest")),
            models.Index(fields=("reviewed", "latest")),
        )
        default_permissions = ("view",)
        permissions = (
            ("review_conversation", "Kan gennemgå samtaler"),
            ("unmask_conversation", "Kan se samtaler uden maskering"),
            ("export_conversation", "Kan hente samtaler og tal"),
            ("delete_conversation", "Kan slette en samtale efter anmodning"),
        )
        verbose_name = "samtale"
        verbose_name_plural = "samtaler"

    def __str__(self) -> str:
        return self.key[:8]


class Turn(models.Model):
    """A message and what was answered, masked."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="turns")
    number = models.PositiveIntegerField("nr.")
    event = models.BigIntegerField("hændelse i samtalelageret", unique=True)
    at = models.DateTimeField("tidspunkt", db_index=True)
    question = models.TextField("spørgsmål")
    reply = models.TextField("svar", blank=True)

    intent = models.CharField("gættet emne", max_length=100, blank=True)
    confidence = models.FloatField("sikkerhed", null=True, db_index=True)
    runner_up = models.CharField("næstbedste emne", max_length=100, blank=True)
    margin = models.FloatField("forspring", null=True)
    model = models.CharField("model", max_length=64, blank=True)
    milliseconds = models.PositiveIntegerField("svartid", null=True)

    repeats = models.BooleanField("samme spørgsmål igen", default=False)
    useful = models.BooleanField("nyttigt", null=True, db_index=True)
    reason = models.TextField("begrundelse", blank=True)
    case = models.CharField("sag", max_length=16, blank=True, db_index=True)

    class Meta:
        ordering = ("event",)
        default_permissions = ()
        indexes = (models.Index(fields=("model", "event")),)
        constraints = (models.UniqueConstraint(fields=("conversation", "number"), name="turn_number"),)


class Answer(models.Model):
    """One of a turn's answers, as `custom.answers` has it (docs/contract.md)."""

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="answers")
    number = models.CharField("svar-id", max_length=16, db_index=True)
    pool = models.CharField("pulje", max_length=100, blank=True)
    topic = models.CharField("emne", max_length=100)
    status = models.CharField("status", max_length=32)
    sources = models.JSONField("kilder", default=list)

    class Meta:
        ordering = ("id",)
        default_permissions = ()
        indexes = (
            models.Index(fields=("topic", "turn")),
            models.Index(fields=("pool", "turn")),
            models.Index(fields=("status", "turn")),
        )


class Verdict(models.Model):
    """What a reviewer thinks of a turn's answer. A new verdict replaces the earlier one."""

    class What(models.TextChoices):
        """What a reviewer can say."""

        RIGHT = "right", "Rigtigt"
        WRONG = "wrong", "Forkert"
        OTHER_TOPIC = "other_topic", "Burde være et andet emne"
        OUT_OF_SCOPE = "out_of_scope", "Uden for puljerne"

    turn = models.OneToOneField(Turn, models.CASCADE, related_name="verdict")
    what = models.CharField("vurdering", max_length=16, choices=What.choices)
    topic = models.CharField("rigtigt emne", max_length=100, blank=True)
    comment = models.TextField("kommentar", max_length=2000, blank=True)
    author = models.ForeignKey(User, models.PROTECT)
    written = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()


class Proposal(models.Model):
    """A masked message that a reviewer proposes to trainers. It outlives the conversation."""

    class Use(models.TextChoices):
        """What it is proposed as."""

        EXAMPLE = "example", "Træningseksempel"
        TEST = "test", "Regressionstest"

    class State(models.TextChoices):
        """What has become of it."""

        NEW = "new", "Ny"
        TAKEN = "taken", "Taget i brug"
        DISMISSED = "dismissed", "Afvist"

    use = models.CharField("foreslået som", max_length=16, choices=Use.choices)
    text = models.TextField("besked")
    topic = models.CharField("emne", max_length=100, blank=True)
    pool = models.CharField("pulje", max_length=100, blank=True)
    status = models.CharField("svarets status", max_length=32, blank=True)
    turn = models.ForeignKey(Turn, models.SET_NULL, null=True, related_name="proposals")
    author = models.ForeignKey(User, models.PROTECT, null=True)
    made = models.DateTimeField(auto_now_add=True)
    state = models.CharField("tilstand", max_length=16, choices=State.choices, default=State.NEW, db_index=True)

    class Meta:
        ordering = ("-made", "-id")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("use", "turn"), name="proposed_once"),)


class SavedFilter(models.Model):
    """A search somebody wants to use again."""

    owner = models.ForeignKey(User, models.CASCADE)
    name = models.CharField("navn", max_length=80)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("owner", "name"), name="filter_name"),)


class Look(models.Model):
    """Somebody opened, exported or deleted a conversation, and why. Rows are only ever added, and outlive it."""

    class What(models.TextChoices):
        """What was done."""

        OPENED = "opened", "Åbnede samtalen"
        UNMASKED = "unmasked", "Så samtalen uden maskering"
        EXPORTED = "exported", "Hentede samtalen"
        DELETED = "deleted", "Slettede samtalen"

    key = models.CharField("samtale", max_length=32, db_index=True)
    who = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=16, choices=What.choices)
    purpose = models.CharField("formål", max_length=500)

    class Meta:
        ordering = ("-at", "-id")
        default_permissions = ()


class Deletion(models.Model):
    """Proof that something was deleted: what, how much, up to when. Holds nothing of what was deleted."""

    class What(models.TextChoices):
        """What can be deleted by itself."""

        CONVERSATIONS = "conversations", "Samtaler, som de blev skrevet"
        TURNS = "turns", "Maskerede samtaler"
        CASES = "cases", "Sager"
        LOOKS = "looks", "Opslag i samtaler"
        OUTBOX = "outbox", "Sager på vej"

    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=16, choices=What.choices)
    older_than = models.DateTimeField("ældre end", null=True)
    count = models.PositiveIntegerField("antal")

    class Meta:
        ordering = ("-at", "-id")
        default_permissions = ("view",)
