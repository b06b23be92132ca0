"""The one place where what visitors wrote is masked, before any of it comes into the staff database."""

from __future__ import annotations

from puljeguiden.handoff import form
from puljeguiden.privacy import mask as _mask
from puljeguiden.privacy.names import Persons

HIDDEN = {
    form.NAME: "[navn]",
    form.ORGANISATION: "[organisation]",
    form.EMAIL: "[e-mail]",
    form.CONFIRM: "[rettelse]",
}
"""What stands for an answer to the form, by what was asked."""


def masked(text: str, persons: Persons | None = None) -> str:
    """Return what a visitor wrote as staff may see it, and as every database takes it. `persons`: as in `privacy.mask`."""
    cleaned = clean(text)
    return _mask(cleaned, persons if cleaned == text else None)


def clean(text: str) -> str:
    """Return text without what databases refuse: NUL, half characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
