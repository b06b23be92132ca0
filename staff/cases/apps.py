"""The app of cases."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Questions that applicants handed to people."""

    name = "staff.cases"
    label = "cases"
    verbose_name = "Sager"
