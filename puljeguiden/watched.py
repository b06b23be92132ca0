"""Which facts no longer stand on their page on the web. `puljeguiden watch` fetches the pages; here they are compared.

The comparison is with the facts as they are now: once a trainer has taken over the new text, nothing is lost any more.
"""

from __future__ import annotations

from pathlib import Path

from puljeguiden import settings
from puljeguiden.danish import squeeze
from puljeguiden.facts import Facts, Pool


def home() -> Path:
    """Return the folder that fetched pages are kept in."""
    path: Path = settings.get("PULJEGUIDEN_VAR_DIR") / "watch"
    return path


def changed(facts: Facts, folder: Path) -> dict[str, frozenset[str]]:
    """Return the quotes of each pool that its page, as fetched last, does not hold."""
    return {pool.id: lost for pool in facts.pools.values() if (lost := frozenset(lost_quotes(pool, folder) or ()))}


def fetched(pool: Pool, folder: Path) -> str | None:
    """Return a pool's page as fetched last; None where it has no address or was not fetched yet."""
    try:
        return (folder / f"{pool.id}.txt").read_text(encoding="utf-8") if pool.page.url else None
    except (OSError, UnicodeDecodeError):
        return None


def lost_quotes(pool: Pool, folder: Path) -> list[str] | None:
    """Return the quotes of a pool's facts that its fetched page lacks; None where that is another page altogether."""
    text = fetched(pool, folder)
    if text is None:
        return []
    page = squeeze(text)
    quotes = list(dict.fromkeys(source.quote for fact in pool.facts.values() for source in fact.sources))
    lost = [quote for quote in quotes if quote not in page]
    # A login, or an apology: it tells nothing about the announcement.
    return None if len(lost) == len(quotes) and squeeze(pool.page.title) not in page else lost
