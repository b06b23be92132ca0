"""Makes the staff service ready to start: database, roles, first account."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from puljeguiden import destinations, facts, settings
from staff.access import Role
from staff.people import signon
from staff.people.roles import make_roles

_NAME = "administrator"


class Command(BaseCommand):
    """Bring the database up to date; where there is no account, make one and print its password, this once."""

    help = __doc__
    requires_system_checks = "__all__"

    def handle(self, *_: Any, **__: Any) -> None:
        """Run the command."""
        if problems := list(destinations.problems(facts.current())):
            raise CommandError("\n".join(problems))
        if wrong := signon.problem():
            raise CommandError(wrong)
        call_command("migrate", verbosity=0)
        make_roles()
        call_command("clearsessions")
        if not User.objects.exists():
            self._make_first_account()

    def _make_first_account(self) -> None:
        configured = settings.get("PULJEGUIDEN_ADMIN_PASSWORD")
        password = configured or secrets.token_urlsafe(12)
        try:
            validate_password(password, User(username=_NAME))
        except ValidationError as error:
            raise CommandError("PULJEGUIDEN_ADMIN_PASSWORD: " + " ".join(error.messages)) from None
        with transaction.atomic():
            account = User.objects.create_user(_NAME, password=password)
            account.groups.add(Group.objects.get(name=Role.ADMINISTRATOR.value))
        if configured:
            self.stdout.write(f"First staff account: {_NAME}, with the password of PULJEGUIDEN_ADMIN_PASSWORD.")
        else:
            self.stdout.write(f"First staff account: {_NAME}, password {password} (shown this once).")
