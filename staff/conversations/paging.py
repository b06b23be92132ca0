"""Pages of a list that may be very long: each begins where another ended, so that none has to be counted up to."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from staff.conversations import search
from staff.conversations.models import Conversation

NEWEST = ("latest", "id")
ATTENTION = ("attention", "latest", "id")
_NEAR = (1_000, 10_000)
"""So many conversations are looked at one by one before PostgreSQL's index is asked, which knows no order."""


class Found(NamedTuple):
    """The conversations that fit, all those of a selection that a search's query finds."""

    conversations: QuerySet[Conversation]
    query: str = ""

    def filtered(self) -> QuerySet[Conversation]:
        """Return them in no order."""
        return search.matching(self.conversations, self.query)


class Page(NamedTuple):
    """Some conversations of a list, and whether there are any before and after them."""

    conversations: list[Conversation]
    before: bool
    after: bool


def page(found: Found, order: tuple[str, ...], size: int, before: str = "", after: str = "") -> Page:
    """Return the page of a list that ends before or begins after a conversation (by its key); else the first one."""
    at = Conversation.objects.filter(key=before or after).first() if before or after else None
    backwards = bool(at and before)
    rows = take(found, order, size + 1, at, backwards)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        return Page(rows[::-1], more, True)
    return Page(rows, at is not None, more)


def take(
    found: Found, order: tuple[str, ...], count: int, at: Conversation | None = None, backwards: bool = False
) -> list[Conversation]:
    """Return the next conversations of a list, after one of them (backwards: before it, the nearest first)."""
    walk = found.conversations.filter(_beyond(order, at, backwards)) if at else found.conversations
    walk = walk.order_by(*(field if backwards else f"-{field}" for field in order))
    if found.query and connection.vendor == "postgresql":
        near, are_all = _near(walk, found.query, count)
        if are_all:
            return near
    return list(search.matching(walk, found.query)[:count])


def _near(walk: QuerySet[Conversation], query: str, count: int) -> tuple[list[Conversation], bool]:
    """Return what a query finds at the beginning of a walk, and whether that is all that was asked for."""
    for size in _NEAR:
        ids = list(walk.values_list("pk", flat=True)[:size])
        those = search.among(ids, query)
        hits = [id_ for id_ in ids if id_ in those][:count]
        if len(hits) == count or len(ids) < size:
            rows = Conversation.objects.in_bulk(hits)
            return [rows[id_] for id_ in hits if id_ in rows], True
    return [], False


def _beyond(order: tuple[str, ...], at: Conversation, backwards: bool) -> Q:
    compare = "gt" if backwards else "lt"
    follows = Q()
    for place, field in enumerate(order):
        same = {name: getattr(at, name) for name in order[:place]}
        follows |= Q(**same, **{f"{field}__{compare}": getattr(at, field)})
    # The first condition follows from the second; databases need it to begin at the right place of the index.
    return Q(**{f"{order[0]}__{compare}e": getattr(at, order[0])}) & follows
