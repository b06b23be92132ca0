"""Accounts, in Django's own administration. It shows nothing else: cases have pages of their own."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from staff.access import manages_people


class Site(AdminSite):
    """The administration, for those who may manage people."""

    site_header = site_title = "Puljeguiden"
    index_title = "Brugere"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether somebody may be here."""
        return request.user.is_active and manages_people(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the one login page, which slows down guessing."""
        return redirect("home" if request.user.is_authenticated else "login")


class People(UserAdmin):
    """An account has a name, a role and a password. Accounts are closed, not deleted: the trail names them."""

    list_display = ("username", "first_name", "last_name", "email", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Rolle", {"fields": ("groups",)}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Rolle", {"fields": ("groups",)}),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Show the roles as boxes to tick."""
        return super().formfield_for_manytomany(db_field, request, widget=CheckboxSelectMultiple, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody delete an account."""
        return False


site = Site(name="admin")
site.register(User, People)
