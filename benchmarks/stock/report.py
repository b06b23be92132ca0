"""Tells the figures: a table in Markdown, and a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

Figures = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One line of the table; with a goal, also what is to be reached beside stock."""

    name: str
    value: Callable[[Figures], float]
    unit: str
    goal: tuple[str, float] | None = None
    """What it says, and the largest allowed share of stock's value (for a rate: of its inverse)."""
    rate: bool = False
    drawn: bool = False


def _turn(goal: int) -> Callable[[Figures], float]:
    return lambda figures: float(figures["turn_ms"][str(goal)])


ROWS = [
    Row("Answer, one visitor, p50", lambda f: f["alone_ms"]["p50"], "ms", ("≤ 1/6", 1 / 6), drawn=True),
    Row("– p95", lambda f: f["alone_ms"]["p95"], "ms"),
    Row("– p99", lambda f: f["alone_ms"]["p99"], "ms"),
    Row("Answer, 16 visitors at once, p50", lambda f: f["together_ms"]["p50"], "ms", drawn=True),
    Row("– p95", lambda f: f["together_ms"]["p95"], "ms"),
    Row("– p99", lambda f: f["together_ms"]["p99"], "ms"),
    Row("Messages a second", lambda f: f["messages_a_second"], "", ("≥ 6×", 1 / 6), rate=True, drawn=True),
    Row("Processor time a message, one visitor", lambda f: f["cpu_alone_ms"], "ms", ("≤ 1/6", 1 / 6), drawn=True),
    Row("– 16 visitors", lambda f: f["cpu_together_ms"], "ms", ("≤ 1/6", 1 / 6)),
    Row("Turn 10 of a conversation", _turn(10), "ms"),
    Row("– turn 100", _turn(100), "ms"),
    Row("– turn 1000", _turn(1000), "ms", drawn=True),
    Row("Others wait beside a message of 1,000 characters", lambda f: f["others_wait_ms"], "ms"),
    Row("– of 40,000 characters", lambda f: f["others_wait_unbounded_ms"], "ms"),
    Row("Start to first answer", lambda f: f["start_s"], "s", ("≤ 0.8", 0.8), drawn=True),
    Row("Memory, idle", lambda f: f["memory_idle_mb"], "MB", ("≤ 0.7", 0.7)),
    Row("– under load", lambda f: f["memory_load_mb"], "MB", ("≤ 0.7", 0.7), drawn=True),
]


def table(results: dict[str, Any]) -> str:
    """Return the figures of all variants side by side, and whether the goals are reached."""
    found: dict[str, Figures] = results["variants"]
    stock, ours, apart = found["stock"], found["puljeguiden"], found["apart"]
    lines = [
        "| | " + " | ".join(figures["label"] for figures in found.values()) + " | Goal beside Rasa as installed |",
        "|---|" + "---:|" * len(found) + "---|",
    ]
    for row in ROWS:
        cells = [_number(row.value(figures), row.unit) for figures in found.values()]
        lines.append(f"| {row.name} | {' | '.join(cells)} | {_goal(row, stock, ours, apart)} |")
    trained = [figures["training"] for figures in found.values()]
    cells = [
        _number(one["seconds"], "s") + (f" ({one['note']})" if one["note"] else "") if one else "" for one in trained
    ]
    share = ours["training"]["seconds"] / stock["training"]["seconds"]
    lines.append(f"| Training | {' | '.join(cells)} | ≤ 1/2: {_reached(share, 0.5)} |")
    growth = ours["turn_ms"]["1000"] / ours["turn_ms"]["10"]
    lines.append(
        f"| Turn 1000 beside turn 10 | {' | '.join(_growth(f) for f in found.values())} | ≤ 1.2: {_yes(growth <= 1.2)} |"
    )
    unanswered = [str(figures["unanswered"]) for figures in found.values()]
    lines.append(f"| Messages without an answer | {' | '.join(unanswered)} | |")
    return "\n".join([*lines, "", *_notes(results)])


def _notes(results: dict[str, Any]) -> list[str]:
    stock = results["variants"]["stock"]["training"]
    return [
        f"Measured {results['when']} on {results['cpus']} processors; load before: {results['load_before']:.2f}.",
        f"Rasa as installed was trained on {stock['on']} for {stock['note']}, and that model is kept: its training time"
        " is thus a lower bound. All have the same training data, rules, domain and answers.",
        "In stock's long conversation most turns are written to the database, not sent: sending them takes many minutes.",
    ]


def _goal(row: Row, stock: Figures, ours: Figures, apart: Figures) -> str:
    if not row.goal:
        return ""
    text, limit = row.goal
    said = f"{text}: {_reached(_share(row, ours, stock), limit, row.rate)}"
    if row.name.startswith("Processor"):
        said += f"; apart ≤ 1/4: {_reached(_share(row, apart, stock), 1 / 4)}"
    return said


def _share(row: Row, ours: Figures, stock: Figures) -> float:
    share = row.value(ours) / row.value(stock)
    return 1 / share if row.rate else share


def _reached(share: float, limit: float, rate: bool = False) -> str:
    told = f"{1 / share:.1f}×" if rate else f"1/{1 / share:.1f}" if limit <= 0.5 else f"{share:.2f}"
    return f"{told} {_yes(share <= limit)}"


def _yes(reached: bool) -> str:
    return "✓" if reached else "✗"


def _growth(figures: Figures) -> str:
    return f"{figures['turn_ms']['1000'] / figures['turn_ms']['10']:.2f}"


def _number(value: float, unit: str) -> str:
    return f"{value:,.{0 if value >= 100 else 1}f} {unit}".strip()


_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1a1a1a}.small{font-size:12px}.stock{fill:#8a8f98}.pipeline{fill:#c4c8ce}"
    ".puljeguiden{fill:#0059b3}@media(prefers-color-scheme:dark){text{fill:#e6e6e6}.stock{fill:#9aa0a8}"
    ".pipeline{fill:#5c6168}.puljeguiden{fill:#6cb2ff}}"
)
_WIDTH, _LEFT, _BAR, _ROOM = 760, 250, 14, 420


def picture(results: dict[str, Any]) -> str:
    """Return bars as SVG: for each drawn figure stock, stock with our pipeline, and ours, on a scale of its own."""
    shown = {name: results["variants"][name] for name in ("stock", "pipeline", "puljeguiden")}
    parts, y = [], 30
    for place, (name, figures) in enumerate(shown.items()):
        x = _LEFT + place * 170
        parts.append(f'<rect class="{name}" x="{x}" y="8" width="12" height="12"/>')
        parts.append(f'<text class="small" x="{x + 17}" y="19">{escape(figures["label"])}</text>')
    for row in (row for row in ROWS if row.drawn):
        values = {name: row.value(figures) for name, figures in shown.items()}
        title = row.name if not row.name.startswith("–") else _whole_name(row)
        parts.append(f'<text x="{_LEFT - 10}" y="{y + 2 * _BAR}" text-anchor="end">{escape(title)}</text>')
        for name, value in values.items():
            width = max(_ROOM * value / max(values.values()), 1)
            parts.append(f'<rect class="{name}" x="{_LEFT}" y="{y}" width="{width:.0f}" height="{_BAR - 2}"/>')
            label = _number(value, row.unit)
            parts.append(f'<text class="small" x="{_LEFT + width + 6:.0f}" y="{y + _BAR - 3}">{label}</text>')
            y += _BAR
        y += 12
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" role="img"'
    about = "Puljeguiden beside stock Rasa; shorter is better, except for messages a second"
    return f'{head} aria-label="{about}"><title>{about}</title><style>{_STYLE}</style>{"".join(parts)}</svg>\n'


def _whole_name(row: Row) -> str:
    before = next(other for other in reversed(ROWS[: ROWS.index(row)]) if not other.name.startswith("–"))
    return f"{before.name.partition(',')[0]}, {row.name.removeprefix('– ')}".replace(
        "Turn 10 of a conversation, t", "T"
    )
