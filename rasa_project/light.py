"""Puts off what only training needs, and with it TensorFlow, until something uses it. Measured in docs/decisions/0011.

Rasa imports its training functions beside its answering ones. With `put_off_training` they are imported when one of
them is first asked for: by Rasa's own classifiers, where config.yml names one, or never.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

_TRAINING = "rasa.utils.train_utils"


class _WhenUsed(MetaPathFinder):
    """Finds the training functions where they are, and loads them when one is used."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the module's specification with a lazy loader; None for every other module."""
        if name != _TRAINING:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


def put_off_training() -> None:
    """Let Rasa's training functions wait. To be called before Rasa is imported; called again, it changes nothing."""
    if not any(isinstance(finder, _WhenUsed) for finder in sys.meta_path):
        sys.meta_path.insert(0, _WhenUsed())
