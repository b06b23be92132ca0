"""Which models have answered, and when. Their index is long but they are few, so each is looked up by itself.

Compared with «at least» and «at most»: asked for one model's first turn, PostgreSQL would go through all earlier turns.
"""

from __future__ import annotations

from staff.conversations.models import Turn

_MOST = 50


def names() -> list[str]:
    """Return the models that have answered, in the order of their names."""
    found: list[str] = []
    last = ""
    while len(found) < _MOST:
        name = Turn.objects.filter(model__gt=last).order_by("model").values_list("model", flat=True).first()
        if name is None:
            break
        found.append(last := name)
    return found


def first_turn(model: str) -> Turn | None:
    """Return the first turn a model answered."""
    turn = Turn.objects.filter(model__gte=model).order_by("model", "event").first()
    return turn if turn and turn.model == model else None


def last_turn(model: str) -> Turn | None:
    """Return the last turn a model answered."""
    turn = Turn.objects.filter(model__lte=model).order_by("-model", "-event").first()
    return turn if turn and turn.model == model else None
