"""Changes what the assistant says: one Danish text, with the values it is filled with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from puljeguiden.editing.files import Change, changing, refuse

_FOLDER = "rasa_project/domain/responses"
_VALUE = re.compile(r"\{(\w*)\}")


def every(root: Path) -> dict[str, str]:
    """Return all texts by the name of their response, in the order of the files."""
    change = Change(root)
    return {
        str(name): str(variants[0]["text"])
        for path in _paths(root)
        for name, variants in change.tree(path)["responses"].items()
    }


def set_text(root: Path, response: str, text: str) -> None:
    """Change a response's text.

    Raises:
        Refused: there is no such response, the text is empty, or it holds other values in braces than before.
    """
    with changing(root) as change:
        variant = _variant(change, response)
        if not text.strip():
            raise refuse(response, "empty", "is empty")
        wanted, got = (set(_VALUE.findall(str(one))) for one in (variant["text"], text))
        if wanted != got or text.count("{") != len(_VALUE.findall(text)) or text.count("{") != text.count("}"):
            values = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "no braces"
            raise refuse(response, "placeholders", f"has to hold {values}", values=values)
        # A line break at the start makes the text start a line in the reply.
        variant["text"] = DoubleQuotedScalarString(text.replace("\r\n", "\n").rstrip())


def _paths(root: Path) -> list[str]:
    return [f"{_FOLDER}/{file.name}" for file in sorted((root / _FOLDER).glob("*.yml"))]


def _variant(change: Change, response: str) -> Any:
    for path in _paths(change.root):
        responses = change.tree(path)["responses"]
        if response in responses:
            return responses[response][0]
    raise refuse("response", "no_such_text", f"there is no text «{response}»", response=response)
