"""Says how much a conversation needs somebody's eyes."""

from __future__ import annotations

from collections.abc import Iterable

from staff.conversations.models import Conversation, Turn

LOW_MARGIN = 0.15
"""Below this, another topic was nearly as likely."""


def of_turn(turn: Turn, statuses: Iterable[str]) -> int:
    """Return a turn's score: the sum of what may have gone wrong. A thumb down outweighs everything else together."""
    seen = set(statuses)
    return (
        100 * (turn.useful is False)
        + 40 * bool(seen & {"not_understood", "error"})
        + 25 * turn.repeats
        + 15 * (turn.intent.partition(".")[0] == "handoff")
        + 10 * (turn.margin is not None and turn.margin < LOW_MARGIN)
    )


def score(conversation: Conversation) -> int:
    """Return a conversation's score: that of its worst turn. Once somebody has reviewed it, it counts as 0."""
    turns = conversation.turns.prefetch_related("answers")
    return max((of_turn(turn, (one.status for one in turn.answers.all())) for turn in turns), default=0)
