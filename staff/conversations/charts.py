"""Where the shapes of plots stand, in whole units, so that no language's decimal comma gets into an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT = 600, 160


def columns(values: Sequence[int]) -> list[dict[str, int]]:
    """Return a column for each value, from the ground up, the highest as high as the plot."""
    top, step = max(values, default=0) or 1, WIDTH / max(len(values), 1)
    return [
        {
            "x": round(number * step),
            "y": HEIGHT - round(HEIGHT * value / top),
            "width": max(1, round((number + 1) * step) - round(number * step) - (2 if step > 4 else 0)),
            "height": round(HEIGHT * value / top),
        }
        for number, value in enumerate(values)
    ]


def lengths(values: Sequence[int]) -> list[int]:
    """Return how long a bar is for each value, the longest as long as the plot is wide."""
    top = max(values, default=0) or 1
    return [max(1, round(WIDTH * value / top)) for value in values]


def stacked(values: Sequence[int]) -> list[dict[str, int]]:
    """Return the parts of one bar, side by side."""
    whole, found, start = sum(values) or 1, [], 0
    for value in values:
        end = start + value
        x = round(WIDTH * start / whole)
        found.append({"x": x, "width": round(WIDTH * end / whole) - x})
        start = end
    return found


def line(values: Sequence[int | None], top: int) -> list[str]:
    """Return the corners of a line through values, for SVG's `points`; a gap makes another line."""
    step = WIDTH / max(len(values) - 1, 1)
    pieces: list[list[str]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{round(number * step)},{HEIGHT - round(HEIGHT * value / (top or 1))}")
    # A line of one corner would not be seen.
    return [" ".join(piece if len(piece) > 1 else [*piece, _beside(piece[0])]) for piece in pieces if piece]


def _beside(corner: str) -> str:
    x, y = corner.split(",")
    return f"{int(x) + 3},{y}"


def joined(data: Sequence[Any], shapes: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Return data with its shapes, for a template that draws both."""
    return list(zip(data, shapes, strict=True))
