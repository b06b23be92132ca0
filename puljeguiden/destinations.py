"""Where a new case is told: a configured mailbox, or nowhere, and then it waits in the staff service.

An address that a page publishes is a fact, never a destination: nobody agreed to get cases there.
"""

from __future__ import annotations

from collections.abc import Iterator

from puljeguiden import settings
from puljeguiden.facts import Facts


def destination(facts: Facts, pool: str, kind: str) -> str | None:
    """Return the mailbox for a pool's cases of a kind (`subject`, `admin`); None where none may be used."""
    found = _configured(facts).get(f"{pool}.{kind}")
    return None if found is None or _is_published(found, facts) else found


def problems(facts: Facts) -> Iterator[str]:
    """Tell which configured destinations cannot be used, and why."""
    for name, address in _configured(facts).items():
        if name.partition(".")[0] not in facts.pools:
            yield f"{name}: no such pool, so no case will be told to {address}"
        elif _is_published(address, facts):
            yield f"{name}: {address} stands on a page; a published address is a fact and never gets cases"


def _configured(facts: Facts) -> dict[str, str]:
    from_file = {
        f"{pool.id}.{kind}": contact.deliver
        for pool in facts.pools.values()
        for kind, contact in pool.contacts.items()
        if contact.deliver
    }
    return {**from_file, **settings.get("PULJEGUIDEN_CASE_ADDRESSES")}


def _is_published(address: str, facts: Facts) -> bool:
    return any(address.lower() in page.lower() for page in facts.pages.values())
