"""The published description of the doors (web/openapi.json): which there are, what fits them, what they may answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema

from tests.conftest import ROOT

DOCUMENT: dict[str, Any] = json.loads((ROOT / "web" / "openapi.json").read_text(encoding="utf-8"))
METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
STAFF = "http://127.0.0.1:5006"
# What any door may say to something that is no request of its own: HTTP's words, and a Danish sentence with them.
ANYWHERE = {400, 404, 405, 408, 411, 413, 414, 417, 431}


@dataclass(frozen=True)
class Operation:
    """One door: a path and a method, what it takes and what it answers."""

    path: str
    method: str
    name: str
    of_staff: bool
    takes: dict[str, Any] | None
    """The schema of its body; None where it takes none."""
    kinds: tuple[str, ...]
    parameters: tuple[dict[str, Any], ...]
    answers: dict[str, Any]

    def problem(self, status: int, kind: str, body: bytes) -> str | None:
        """Return what is wrong with an answer, or None: its status has to be described, its JSON has to fit."""
        if status in ANYWHERE and str(status) not in self.answers:
            return None
        if str(status) not in self.answers:
            return f"{status} is not described"
        content = resolved(self.answers[str(status)]).get("content")
        if not content or "*/*" in content:
            return None
        kind = kind.partition(";")[0]
        if kind not in content:
            return f"{status} comes as {kind}"
        if kind != "application/json":
            return None
        return misfit(content[kind]["schema"], json.loads(body))


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the description, or what it refers to."""
    while "$ref" in node:
        found: Any = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def misfit(schema: dict[str, Any], value: Any) -> str | None:
    """Return where a value does not fit a schema, or None."""
    validator = jsonschema.Draft7Validator(schema, resolver=jsonschema.RefResolver("", DOCUMENT))
    for error in validator.iter_errors(value):
        return f"{'.'.join(map(str, error.absolute_path)) or 'body'}: {error.message[:200]}"
    return None


def operations() -> Iterator[Operation]:
    """Yield all doors. One that both services have comes twice."""
    for path, item in DOCUMENT["paths"].items():
        urls = [server["url"] for server in item.get("servers", DOCUMENT["servers"])]
        for method in METHODS:
            if method in item:
                for url in urls:
                    yield _operation(path, method, item[method], url == STAFF)


def _operation(path: str, method: str, told: dict[str, Any], of_staff: bool) -> Operation:
    content = resolved(told.get("requestBody", {})).get("content", {})
    takes = next((part["schema"] for part in content.values()), None)
    return Operation(
        path,
        method,
        told["operationId"],
        of_staff,
        takes,
        tuple(content),
        tuple(told.get("parameters", ())),
        told["responses"],
    )
