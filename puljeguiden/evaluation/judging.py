"""Judges a model, in processes of their own: what they are asked, and the report that comes of it."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from puljeguiden import bank, facts, files, moment, settings
from puljeguiden.children import Children
from puljeguiden.evaluation import comparing, examples, near_misses, questions
from puljeguiden.evaluation.questions import Answer, Question, Reply

# Answers are asked for at one moment, so that none changes because a deadline has passed.
MOMENT = "2026-11-20T12:00"
FORMAT = 1


class Asking:
    """A model that is being asked questions, in a process of its own."""

    def __init__(self, children: Children, child: subprocess.Popen[bytes], out: Path) -> None:
        self._children, self._child, self._out = children, child, out

    def replies(self) -> list[Reply]:
        """Wait for the replies.

        Raises:
            ChildFailed: it could not be asked.
        """
        self._children.finish(self._child)
        return [
            Reply(one["text"], tuple(Answer(**answer) for answer in one["answers"]))
            for one in files.read_json(self._out)
        ]


class Judge:
    """Judges a model that answers from the data of a folder; the live model answers from the data as they are."""

    def __init__(self, children: Children, version: str, folder: Path, root: Path | None = None) -> None:
        """Prepare.

        Args:
            children: where processes are started.
            version: the model's.
            folder: an empty one, for what is written meanwhile.
            root: the folder that the model answers from, where it is not the data as they are.
        """
        self.version = version
        self._children, self._folder, self._root = children, folder, root
        self._data = root / "data" if root else settings.get("PULJEGUIDEN_DATA_DIR")
        self.regression = questions.load(self._data / "tests")

    def start_cross_validation(self) -> subprocess.Popen[bytes]:
        """Start the cross-validation of what the model is trained from."""
        return self._children.start("rasa_project.evaluate", "classifier", str(self._data), str(self._classifier))

    def cross_validation(self, started: subprocess.Popen[bytes]) -> Any:
        """Wait for the figures of the cross-validation.

        Raises:
            ChildFailed: it went wrong.
        """
        self._children.finish(started)
        return files.read_json(self._classifier)

    def evaluate(
        self, others: Sequence[Question] = (), *, with_near_misses: bool = True
    ) -> tuple[dict[str, Any], list[Reply]]:
        """Return the figures of the regression questions and near misses, and the replies to regression and others."""
        near = []
        if with_near_misses:
            near = near_misses.suite(examples.read(self._data / "nlu"), facts.load(self._data))
        asked = [*self.regression, *others]
        replies = self.ask(self.version, [*asked, *(one.question for one in near)], self._root).replies()
        figures = {"regression": comparing.regression(self.regression, replies[: len(self.regression)])}
        if with_near_misses:
            figures["near_misses"] = near_misses.report(near, replies[len(asked) :])
        return figures, replies[: len(asked)]

    def start_asking_live(self, live: str | None, others: Sequence[Question]) -> Asking | None:
        """Ask the live model the regression questions and others, unless that is this one; it goes on meanwhile."""
        if not live or (live == self.version and self._root is None):
            return None
        return self.ask(live, [*self.regression, *others], None)

    def compare(self, others: Sequence[Question], before: Asking | None, after: Sequence[Reply]) -> dict[str, Any]:
        """Return which of the regression questions and others get another answer than from the live model.

        Raises:
            ChildFailed: the live model could not be asked.
        """
        return comparing.compare([*self.regression, *others], before.replies() if before else after, after)

    def ask(self, version: str, asked: Sequence[Question], root: Path | None) -> Asking:
        """Begin to ask a model."""
        folder = self._folder / secrets.token_hex(4)
        folder.mkdir()
        given, out = folder / "questions.json", folder / "replies.json"
        files.write_json(given, questions.to_json(asked))
        texts = root / "rasa_project/domain/responses" if root else settings.get("PULJEGUIDEN_TEXTS_DIR")
        environment = {
            "PULJEGUIDEN_VAR_DIR": str(folder),
            "PULJEGUIDEN_DATA_DIR": str(root / "data" if root else settings.get("PULJEGUIDEN_DATA_DIR")),
            "PULJEGUIDEN_TEXTS_DIR": str(texts),
            "PULJEGUIDEN_TODAY": MOMENT,
        }
        words = ("rasa_project.evaluate", "answers", str(bank.file(version)), str(given), str(out))
        return Asking(self._children, self._children.start(*words, environment=environment), out)

    @property
    def _classifier(self) -> Path:
        return self._folder / "classifier.json"


def report(
    version: str,
    live: str | None,
    classifier: dict[str, Any] | None,
    figures: dict[str, Any],
    comparison: dict[str, Any] | None,
) -> dict[str, Any]:
    """Return the report on a model, as report.schema.json describes it."""
    return {
        "format": FORMAT,
        "model": version,
        "made": moment.utc().isoformat(timespec="seconds"),
        "classifier": classifier,
        **figures,
        "live": live,
        "comparison": comparison,
    }


def figures(of: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Return a report's few figures, as a model's card shows them: of so many so many are right."""
    found = {"regression": {key: of["regression"][key] for key in ("asked", "right")}}
    if of["classifier"]:
        found["classifier"] = {"asked": of["classifier"]["examples"], "right": of["classifier"]["right"]}
    if of["near_misses"]:
        kinds = of["near_misses"]["kinds"].values()
        found["near_misses"] = {key: sum(kind[key] for kind in kinds) for key in ("asked", "right")}
    return found
