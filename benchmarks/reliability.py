"""Draws how sure each pipeline is against how often it is right, as one small SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.measures import Guess
from benchmarks.measures import reliability as bins

_SIDE = 320
_LEFT, _TOP = 50, 15
_COLOURS = ("#c8102e", "#f28e2b", "#59a14f", "#4e79a7", "#b07aa1", "#9c755f", "#222222", "#7f7f7f")
_FEWEST = 10


def draw(guesses: Mapping[str, Sequence[Guess]]) -> str:
    """Return the plot. A curve under the diagonal: surer than right. Bins of fewer than ten messages are left out."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _SIDE + 190} {_TOP + _SIDE + 50}" '
        'font-family="sans-serif" font-size="12">',
        "<title>How often each pipeline is right, by how sure it is</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<path d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}" fill="none" stroke="#444"/>',
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#aaa" stroke-dasharray="4"/>',
    ]
    for tenths in range(0, 11, 2):
        share = tenths / 10
        parts.append(f'<text x="{_x(share)}" y="{_y(0) + 16}" text-anchor="middle">{share:.1f}</text>')
        parts.append(f'<text x="{_LEFT - 6}" y="{_y(share) + 4}" text-anchor="end">{share:.1f}</text>')
    parts.append(f'<text x="{_x(0.5)}" y="{_y(0) + 36}" text-anchor="middle">confidence</text>')
    parts.append(f'<text transform="translate(14 {_y(0.5)}) rotate(-90)" text-anchor="middle">share right</text>')
    for number, (name, held) in enumerate(guesses.items()):
        points = " ".join(f"{_x(sure)},{_y(right)}" for sure, right, count in bins(held) if count >= _FEWEST)
        line = f'fill="none" stroke="{_COLOURS[number % len(_COLOURS)]}" stroke-width="2"'
        key = _TOP + 12 + 20 * number
        parts.append(f'<polyline points="{points}" {line}/>')
        parts.append(f'<path d="M{_x(1) + 15} {key}h20" {line}/><text x="{_x(1) + 40}" y="{key + 4}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _x(share: float) -> float:
    return round(_LEFT + _SIDE * share, 1)


def _y(share: float) -> float:
    return round(_TOP + _SIDE * (1 - share), 1)
