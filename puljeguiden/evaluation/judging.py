"""Judges a model, in processes of their own: what they are asked, and the report that comes of it."""

from __future__ import annotations

import subprocess
import tempfile
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


class Judge:
    """Judges a model that answers from the data of a folder; the live model answers from the data as they are."""

    def __init__(self, children: Children, version: str, root: Path | None = None) -> None:
        self.version = version
        self._children, self._root = children, root
        self._data = root / "data" if root else settings.get("PULJEGUIDEN_DATA_DIR")
        self.regression = questions.load(self._data / "tests")

    def start_cross_validation(self, out: Path) -> subprocess.Popen[bytes]:
        """Start the cross-validation of what the model is trained from; its figures go to a file."""
        return self._children.start("rasa_project.evaluate", "classifier", str(self._data), str(out))

    def evaluate(self, others: Sequence[Question] = ()) -> tuple[dict[str, Any], list[Reply]]:
        """Return the figures of the regression questions and near misses, and the replies to regression and others."""
        current = facts.load(self._data)
        near = near_misses.suite(examples.read(self._data / "nlu"), current)
        asked = [*self.regression, *others]
        replies = self.ask(self.version, [*asked, *(one.question for one in near)], self._root)
        figures = {
            "regression": comparing.regression(self.regression, replies[: len(self.regression)]),
            "near_misses": near_misses.report(near, replies[len(asked) :]),
        }
        return figures, replies[: len(asked)]

    def compare(self, live: str, others: Sequence[Question], after: Sequence[Reply]) -> dict[str, Any]:
        """Return which of the regression questions and others get another answer than from the live model."""
        asked = [*self.regression, *others]
        same = live == self.version and self._root is None
        return comparing.compare(asked, after if same else self.ask(live, asked, None), after)

    def ask(self, version: str, asked: Sequence[Question], root: Path | None) -> list[Reply]:
        """Return what a model answers.

        Raises:
            ChildFailed: it could not be asked.
        """
        with tempfile.TemporaryDirectory() as folder:
            given, out = Path(folder) / "questions.json", Path(folder) / "replies.json"
            files.write_json(given, questions.to_json(asked))
            texts = root / "rasa_project/domain/responses" if root else settings.get("PULJEGUIDEN_TEXTS_DIR")
            environment = {
                "PULJEGUIDEN_VAR_DIR": folder,
                "PULJEGUIDEN_DATA_DIR": str(root / "data" if root else settings.get("PULJEGUIDEN_DATA_DIR")),
                "PULJEGUIDEN_TEXTS_DIR": str(texts),
                "PULJEGUIDEN_TODAY": MOMENT,
            }
            words = ("rasa_project.evaluate", "answers", str(bank.file(version)), str(given), str(out))
            self._children.finish(self._children.start(*words, environment=environment))
            return [
                Reply(one["text"], tuple(Answer(**answer) for answer in one["answers"])) for one in files.read_json(out)
            ]


def report(
    version: str,
    live: str | None,
    classifier: dict[str, Any],
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
    kinds = of["near_misses"]["kinds"].values()
    return {
        "classifier": {"asked": of["classifier"]["examples"], "right": of["classifier"]["right"]},
        "regression": {key: of["regression"][key] for key in ("asked", "right")},
        "near_misses": {key: sum(kind[key] for kind in kinds) for key in ("asked", "right")},
    }
