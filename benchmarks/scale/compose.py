"""Reads docker-compose.yml, and says its commands, paths and addresses as they are on this one machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from puljeguiden.settings import ROOT

FILE = ROOT / "docker-compose.yml"
_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


class _AsItStands(SafeConstructor):  # type: ignore[misc]  # ruamel.yaml has no types
    """Leaves «${…}» alone; Rasa, once imported, makes ruamel.yaml look it up in the environment."""


_AsItStands.add_constructor("!env_var", SafeConstructor.construct_yaml_str)


def read(file: Path = FILE) -> dict[str, Any]:
    """Return the file with anchors and merges resolved, and variables as they stand."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _AsItStands
    found: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"))
    return found


def filled(value: Any, variables: Mapping[str, str]) -> Any:
    """Return a value of the file with its variables filled in, as Docker Compose does.

    Raises:
        KeyError: one that has to be set is not.
    """
    if isinstance(value, dict):
        return {name: filled(one, variables) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, variables) for one in value]
    if not isinstance(value, str):
        return value

    def fill(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if given := variables.get(name):
            return given
        if kind == "-":
            return str(rest)
        raise KeyError(f"{name}: {rest or 'is not set'}")

    return _VARIABLE.sub(fill, value)


@dataclass(frozen=True)
class Places:
    """Where on this machine is what the file names: folders, and a port for each door of each service."""

    folder: Path
    ports: Mapping[str, int]
    """By door, such as «actions:5055»."""

    def translated(self, text: str) -> str:
        """Return a command's or a setting's text with this machine's paths and addresses."""
        for theirs, ours in (
            ("/run/secrets/", f"{self.folder}/deploy/local/secrets/"),
            ("/var/puljeguiden", f"{self.folder}/var"),
            ("/etc/puljeguiden", f"{self.folder}/nginx"),
        ):
            text = text.replace(theirs, ours)
        for door, port in self.ports.items():
            text = re.sub(rf"(//|@)({re.escape(door)})\b", rf"\g<1>127.0.0.1:{port}", text)
        return text

    def within(self, service: str, text: str) -> str:
        """Return a service's own health check with this machine's port: it asks 127.0.0.1 inside its container."""
        for door, port in self.ports.items():
            name, _, inner = door.partition(":")
            if name == service:
                text = text.replace(f"127.0.0.1:{inner}", f"127.0.0.1:{port}")
        return self.translated(text)
