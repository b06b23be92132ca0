"""All that is checked before anything is trained or goes live: what `make check` says about data, texts and questions."""

from __future__ import annotations

from pathlib import Path

from puljeguiden import destinations, facts, proofs, settings, wiring
from puljeguiden.evaluation import questions


def problems(root: Path | None = None) -> list[str]:
    """Return every problem with its file, line and field; `root` holds another copy of `data/` and the domain."""
    data = root / "data" if root else settings.get("PULJEGUIDEN_DATA_DIR")
    found = [str(one) for one in (*proofs.problems(data), *wiring.problems(root or settings.ROOT, settings.ROOT))]
    if found:
        return found
    current = facts.load(data)
    try:
        asked = questions.load(data / "tests")
    except ValueError as error:
        return [str(error)]
    return [
        *map(str, destinations.problems(current)),
        *(f"tests: {one}" for one in questions.problems(asked, current.pools, current.topics)),
    ]
