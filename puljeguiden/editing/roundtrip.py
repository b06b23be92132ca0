"""Reads YAML and writes it back as it was: comments, order, quotes and indentation stay."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter

Style = tuple[int, int]
"""How lists are indented: by how much, and how much of it before the dash."""

FLUSH: Style = (2, 0)
INDENTED: Style = (4, 2)


class _Representer(RoundTripRepresenter):  # type: ignore[misc]
    """Writes nothing as «null», which ruamel leaves out."""


_Representer.add_representer(
    type(None), lambda representer, _: representer.represent_scalar("tag:yaml.org,2002:null", "null")
)


def load(text: str) -> tuple[Any, Style]:
    """Return a text's content, and the style it is written in."""
    tried = []
    for style in (FLUSH, INDENTED):
        content = _yaml(style).load(text)
        written = dump(content, style)
        if written == text:
            return content, style
        tried.append((len(set(written.splitlines()) & set(text.splitlines())), style))
    closest = max(tried)[1]
    return _yaml(closest).load(text), closest


def dump(content: Any, style: Style) -> str:
    """Return content as text."""
    out = io.StringIO()
    _yaml(style).dump(content, out)
    return out.getvalue()


def _yaml(style: Style) -> Any:
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.preserve_quotes = True
    yaml.width = 1_000_000  # quotes are one line each, however long
    yaml.indent(mapping=2, sequence=style[0], offset=style[1])
    return yaml


def node(content: Any) -> Any:
    """Return plain content as what keeps its order when it is written."""
    if isinstance(content, Mapping):
        return CommentedMap((key, node(value)) for key, value in content.items())
    if isinstance(content, (list, tuple)):
        return CommentedSeq(node(value) for value in content)
    return content


def on_one_line(content: Mapping[str, Any]) -> CommentedMap:
    """Return a map that is written in braces."""
    made = node(content)
    made.fa.set_flow_style()
    for value in made.values():
        if isinstance(value, CommentedSeq):
            value.fa.set_flow_style()
    return made


def drop(items: CommentedSeq, index: int) -> None:
    """Take an item out of a list; a comment that followed it stays."""
    comment = items.ca.items.pop(index, None)
    del items[index]
    if comment and index:
        items.ca.items.setdefault(index - 1, comment)


def plain(content: Any) -> Any:
    """Return content as ordinary dicts, lists and texts, without comments."""
    if isinstance(content, Mapping):
        return {str(key): plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [plain(value) for value in content]
    return str(content) if isinstance(content, str) else content
