"""Reads what comes in at the API: refuses with reasons what it cannot use, and keeps only what it knows."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from puljeguiden.masking import mask_cpr

_MOST_PROBLEMS = 10
_TEXTS = ("question", "name", "organisation", "email")
_WHAT = {
    "type": "has to be {}",
    "required": "lacks one of {}",
    "enum": "has to be one of {}",
    "pattern": "has to match {}",
    "minLength": "is empty",
    "maxLength": "is longer than {} characters",
    "maxItems": "has more than {} items",
}


class Unusable(ValueError):
    """A body that is no case. `problems` tell where and why, without repeating what was sent."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = list(problems)


def read(body: bytes) -> dict[str, Any]:
    """Return a case's fields from a request body: checked, masked, nothing in it that a database would refuse.

    Raises:
        Unusable: it is no JSON, or no case.
    """
    try:
        # No field is a number, so numbers stay text: what is too big or no number at all never gets a value.
        given = json.loads(body.decode("utf-8"), parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise Unusable("body: is not JSON in UTF-8") from None
    try:
        errors = list(_validator().iter_errors(given))
    except RecursionError:
        raise Unusable("body: is nested too deeply") from None
    if errors:
        raise Unusable(*[_problem(error) for error in errors[:_MOST_PROBLEMS]])
    try:
        datetime.fromisoformat(given["created"])
    except ValueError:
        raise Unusable("created: is no date and time") from None
    case: dict[str, Any] = _known(given, _schema())
    case |= {name: mask_cpr(case[name]) for name in _TEXTS if name in case}
    for line in case.get("transcript", ()):
        line["text"] = mask_cpr(line["text"])
    if not case["question"].strip():
        raise Unusable("question: is empty")
    return case


def _problem(error: Any) -> str:
    field = ".".join(str(part) for part in error.absolute_path) or "body"
    return f"{field}: {_WHAT.get(error.validator, 'cannot be used').format(error.validator_value)}"


def _known(value: Any, schema: dict[str, Any]) -> Any:
    """Return a value with the fields its schema names, and with text that every database takes."""
    if isinstance(value, dict):
        return {name: _known(value[name], part) for name, part in schema["properties"].items() if name in value}
    if isinstance(value, list):
        return [_known(item, schema["items"]) for item in value]
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return value


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((Path(__file__).parent / "case.schema.json").read_text(encoding="utf-8"))
    return schema


@cache
def _validator() -> Any:
    return jsonschema.Draft7Validator(_schema())
