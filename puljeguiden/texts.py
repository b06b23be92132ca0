"""Speaks: turns response names and values into Danish text.

Texts are read from `rasa_project/domain/responses/` as they are now, so that a changed text needs no training.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from puljeguiden import facts, settings

logger = logging.getLogger(__name__)

Responses = dict[str, list[dict[str, Any]]]


class Texts:
    """The Danish texts of one folder; notices a change when used, and keeps the last good version."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.error: str | None = None
        self._seen: list[tuple[str, int, int]] = []
        self._responses: Responses = {}

    def responses(self) -> Responses:
        """Return all responses by name.

        Raises:
            facts.FactsError: the files have been broken from the start.
        """
        seen = facts.marks(self.folder)
        if seen != self._seen:
            self._seen = seen
            try:
                found: Responses = {}
                for file in sorted(self.folder.glob("*.yml")):
                    found.update(facts.read_yaml(file)["responses"])
                self._responses, self.error = found, None
            except (facts.FactsError, KeyError, TypeError, ValueError) as error:
                self.error = str(error)
                logger.error("texts: keeping the last good version; %s", error)
        if not self._responses:
            raise facts.FactsError(f"texts: {self.error}")
        return self._responses

    def text(self, name: str, /, **values: Any) -> str:
        """Return one response's text, filled with values.

        Raises:
            KeyError: there is no such response, or it wants a value that is not given.
        """
        return _fill(self.responses(), name, values)

    def render(self, part: dict[str, Any]) -> str:
        """Return the text of something to say, as `puljeguiden.say.Say.as_dict` gives it."""
        return self.text(part["response"], **part["values"])

    def join(self, parts: list[dict[str, Any]]) -> str:
        """Return several texts as one: a text that starts with a line break starts a line, others follow after a space."""
        reply, responses = "", self.responses()
        for part in parts:
            text = _fill(responses, part["response"], part["values"])
            reply += text if not reply or text.startswith("\n") else f" {text}"
        return reply.strip()

    def spoken(self, text: str, names: Iterable[str]) -> str:
        """Return which of some responses a text is, word by word; nothing where it is none."""
        responses = self.responses()
        return next((name for name in names if responses[name][0]["text"] == text), "")


def _fill(responses: Responses, name: str, values: dict[str, Any]) -> str:
    filled = {
        key: _fill(responses, value["response"], value["values"]) if isinstance(value, dict) else value
        for key, value in values.items()
    }
    return str(responses[name][0]["text"].format_map(filled))


@cache
def current() -> Texts:
    """Return the process's one set of texts, from the configured folder."""
    return Texts(settings.get("PULJEGUIDEN_TEXTS_DIR"))
