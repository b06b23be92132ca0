"""The app of training."""

from __future__ import annotations

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """Edits of what the assistant knows, the job that puts them live, and the models there are."""

    name = "staff.training"
    label = "training"
    verbose_name = "Træning"
