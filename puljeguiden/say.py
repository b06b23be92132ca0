"""What is to be said, by name: a response of `rasa_project/domain/responses/` and the values it is filled with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Say:
    """One sentence or more. A value may itself be something to say."""

    response: str
    values: Mapping[str, str | Say] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the same as plain data, as it travels from an action to Rasa."""
        values = {name: value.as_dict() if isinstance(value, Say) else value for name, value in self.values.items()}
        return {"response": self.response, "values": values}


def say(response: str, **values: str | Say) -> Say:
    """Return a `Say` of `utter_<response>`."""
    return Say(f"utter_{response}", values)
