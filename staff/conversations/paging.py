"""Pages of a list that may be very long: each begins where another ended, so that none has to be counted up to."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Q, QuerySet

from staff.conversations.models import Conversation

NEWEST = ("latest", "id")
ATTENTION = ("attention", "latest", "id")


class Page(NamedTuple):
    """Some conversations of a list, and whether there are any before and after them."""

    conversations: list[Conversation]
    before: bool
    after: bool


def page(found: QuerySet[Conversation], order: tuple[str, ...], size: int, before: str = "", after: str = "") -> Page:
    """Return the page of a list that ends before or begins after a conversation (by its key); else the first one."""
    at = Conversation.objects.filter(key=before or after).first()
    backwards = bool(at and before)
    rows = list((beyond(found, order, at, backwards) if at else _ordered(found, order))[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        return Page(rows[::-1], more, True)
    return Page(rows, at is not None, more)


def beyond(
    found: QuerySet[Conversation], order: tuple[str, ...], at: Conversation, backwards: bool = False
) -> QuerySet[Conversation]:
    """Return what follows a conversation in a list (backwards: what goes before it, the nearest first)."""
    compare = "gt" if backwards else "lt"
    follows = Q()
    for place, field in enumerate(order):
        same = {name: getattr(at, name) for name in order[:place]}
        follows |= Q(**same, **{f"{field}__{compare}": getattr(at, field)})
    # The first condition follows from the second; databases need it to begin at the right place of the index.
    reached = Q(**{f"{order[0]}__{compare}e": getattr(at, order[0])})
    return _ordered(found.filter(reached, follows), order, backwards)


def _ordered(found: QuerySet[Conversation], order: tuple[str, ...], backwards: bool = False) -> QuerySet[Conversation]:
    return found.order_by(*(field if backwards else f"-{field}" for field in order))
