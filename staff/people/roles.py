"""Makes the roles as `staff.access` names them."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from staff.access import ROLES


def make_roles() -> None:
    """Give each role's group its permissions, and no others. Called after migrating: only then do they exist."""
    for role, names in ROLES.items():
        group, _created = Group.objects.get_or_create(name=role.value)
        wanted = [name.split(".") for name in names]
        group.permissions.set(
            Permission.objects.get(content_type__app_label=app, codename=codename) for app, codename in wanted
        )
