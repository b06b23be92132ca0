"""Tells the results: docs/trust.md, a table of what was tried, how often, what happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.conftest import ROOT
from tests.trust.load import LONGEST

_AROUND = ROOT / "tests" / "trust" / "page.md"
PAGE = ROOT / "docs" / "trust.md"
_GROWTH = 5.0


def write(results: dict[str, Any]) -> None:
    """Write the page."""
    found = problems(results)
    verdict = [f"- **Not as it should be:** {one}" for one in found] or ["Everything is as it should be."]
    page = _AROUND.read_text(encoding="utf-8")
    PAGE.write_text(page.replace("{results}", "\n".join([table(results), "", *verdict])), encoding="utf-8")


def table(results: dict[str, Any]) -> str:
    """Return the table."""
    head = ["| What was tried | How often | What happened | When |", "|---|---|---|---|"]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in _rows(results))])


def _rows(results: dict[str, Any]) -> Iterator[list[str]]:
    for name, tell in (("hostile", _hostile), ("privacy", _privacy), ("faults", _faults), ("soak", _soak)):
        if name in results:
            when = results[name]["_"]["at"][:10]
            yield from ([*row, when] for row in tell(results[name]))


def _hostile(told: dict[str, Any]) -> Iterator[list[str]]:
    failed = sum(count for status, count in told["statuses"].items() if status.startswith("5"))
    yield [
        "hostile and odd input at every door",
        f"{told['inputs']:,} inputs",
        f"{failed} × 5xx, {len(told['wrong'])} answers that are not as described, or tell of code, or hold markup",
    ]
    yield ["commands in every disguise, among these", "", f"{len(told['commands'])} accepted"]
    seen = told["browser"]
    yield [
        "markup in a real browser: chat, plain page, staff's pages",
        f"{seen['markups']} markups, {seen['pages']} pages",
        f"{len(seen['ran'])} ran",
    ]
    before, meanwhile = told["others_p95_ms"]
    yield [
        "somebody else asks meanwhile",
        f"{told['others_unanswered']} unanswered",
        f"95 % answered within {meanwhile} ms ({before} ms without the attack, so {meanwhile / before:.1f} ×)",
    ]
    yield [
        "a body that never ends",
        "1",
        f"ended after {told['slow_body_seconds']} s; open files before and after all that is broken: {told['open_files']}",
    ]


def _privacy(told: dict[str, Any]) -> Iterator[list[str]]:
    yield [
        "CPR numbers at every door, in every file, database and log afterwards",
        f"{told['spellings']} spellings; {told['files']} files, {told['bytes'] / 1e6:.1f} MB",
        f"in {len(told['cpr'])} files",
    ]
    yield [
        "names and e-mail addresses",
        "the same files",
        f"in {', '.join(told['names'])}; {len(told['undocumented'])} of them not in the [data map](data-map.md)",
    ]


def _faults(told: dict[str, Any]) -> Iterator[list[str]]:
    for setup, one in told.items():
        if setup == "_":
            continue
        count, kinds = sum(one["faults"].values()), len(one["faults"])
        requests = sum(one["outcomes"].values())
        outcomes = ", ".join(f"{number:,} {name}" for name, number in sorted(one["outcomes"].items()))
        kept = ", ".join(f"{number:,} {name}" for name, number in one["promised"].items())
        yield [
            f"faults: {setup}",
            f"{count} faults of {kinds} kinds in {one['seconds'] / 60:.0f} min; {requests:,} requests",
            f"{outcomes}; longest wait {one['longest_seconds']} s; of {kept} acknowledged, {len(one['broken'])} lost or"
            f" doubled; well again by itself {one['healed_seconds']:.0f} s after the last fault",
        ]


def _soak(told: dict[str, Any]) -> Iterator[list[str]]:
    sizes = {name: pair[1] for name, pair in told["memory_mb"].items()}
    memory = ", ".join(f"{name} {size} MB ({told['growth_percent'][name]:+} %)" for name, size in sizes.items())
    p50, p95 = (" → ".join(str(one) for one in told[name]) for name in ("p50_ms", "p95_ms"))
    files = ", ".join(f"{name} {pair[0]:g} → {pair[1]:g}" for name, pair in told["files"].items())
    yield [
        "very many messages in one go",
        f"{told['messages']:,} in {told['seconds'] / 60:.0f} min, {told['failed']} without an answer",
        f"memory after the warm-up: {memory}; half within {p50} ms, 95 % within {p95} ms (early → late); "
        f"files and connections: {files}; logs grew {told['logs_bytes'][1] - told['logs_bytes'][0]:,} bytes",
    ]


def problems(results: dict[str, Any]) -> list[str]:
    """Return what is not as it should be."""
    return [
        f"{name}: {problem}" for name, tell in _PROBLEMS.items() if name in results for problem in tell(results[name])
    ]


def _hostile_problems(told: dict[str, Any]) -> Iterator[str]:
    yield from told["wrong"]
    yield from told["commands"]
    yield from told["browser"]["ran"]
    if told["others_unanswered"]:
        yield f"{told['others_unanswered']} messages of others without an answer"
    before, meanwhile = told["others_p95_ms"]
    if meanwhile > 2 * before:
        yield f"others wait {meanwhile / before:.1f} × as long"


def _privacy_problems(told: dict[str, Any]) -> Iterator[str]:
    yield from (f"a CPR number in {name}" for name in told["cpr"])
    yield from (f"not in the data map: {name}" for name in told["undocumented"])


def _fault_problems(told: dict[str, Any]) -> Iterator[str]:
    for setup, one in told.items():
        if setup != "_":
            yield from (f"{setup}: {problem}" for problem in [*one["broken"], *one["wrong"]])
            if one["longest_seconds"] > LONGEST:
                yield f"{setup}: somebody waited {one['longest_seconds']} s"


def _soak_problems(told: dict[str, Any]) -> Iterator[str]:
    yield from (f"{name} grew by {grown} %" for name, grown in told["growth_percent"].items() if grown > _GROWTH)
    if told["failed"]:
        yield f"{told['failed']} messages without an answer"


_PROBLEMS = {
    "hostile": _hostile_problems,
    "privacy": _privacy_problems,
    "faults": _fault_problems,
    "soak": _soak_problems,
}
