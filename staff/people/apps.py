"""The application of accounts and roles, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import pre_save


class PeopleConfig(AppConfig):
    """Accounts, roles, and who tried to log in."""

    name = "staff.people"

    def ready(self) -> None:
        """Keep of failed logins only what slows down guessing."""
        from axes.models import AccessAttempt

        from staff.people import attempts

        pre_save.connect(attempts.forget_form, AccessAttempt)
