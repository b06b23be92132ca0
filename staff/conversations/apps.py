"""The app of conversations."""

from __future__ import annotations

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """What applicants asked, and what they were answered."""

    name = "staff.conversations"
    label = "conversations"
    verbose_name = "Samtaler"
