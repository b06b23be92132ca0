"""Whether anything that was sent was taken for a command: what the conversations' database says."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

# What a conversation of ours consists of. `restart`, `rewind`, `pause` and the like come from nowhere but commands.
_OURS = {
    "action",
    "session_started",
    "user",
    "user_featurization",
    "bot",
    "slot",
    "active_loop",
    "loop_interrupted",
    "action_execution_rejected",
    "answer_rated",
    "conversation_deleted",
    "conversation_expired",
    "entities",
}
_SLOTS = {"context", "session_started_metadata", "requested_slot"}


def accepted(database: Path) -> list[str]:
    """Return what looks as if a command had been obeyed: none of it should be there."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened:
        kinds = Counter(row[0] for row in opened.execute("select type_name from events"))
        commands = opened.execute(
            "select count(*) from events where type_name = 'user' and json_extract(data, '$.text') like '/%'"
        ).fetchone()[0]
        given = opened.execute(
            "select count(*) from events where type_name = 'user' and json_extract(data, '$.parse_data.intent.name')"
            " in ('restart', 'back', 'session_start')"
        ).fetchone()[0]
    found = [f"{count} × {kind}" for kind, count in kinds.items() if kind not in _OURS]
    found += [f"{commands} messages that begin with «/»"] if commands else []
    return found + ([f"{given} intents of commands"] if given else [])
