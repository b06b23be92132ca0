"""The messages that pipelines learn from and are asked. Of the unseen ones the sealed half.

Nobody has read those, so they favour no pipeline; they are asked, and only figures come out.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sklearn.model_selection import StratifiedKFold

from puljeguiden import incoming, settings
from puljeguiden.danish import fold
from tests.unseen import score

ROOT = Path(__file__).parent.parent
FOLDS = 5
Example = tuple[str, str]


@dataclass(frozen=True)
class Question:
    """A message, and what is right for it."""

    text: str
    asked: frozenset[frozenset[str]]
    """For each question in the message, the topics that are right."""
    inside: bool | None
    """Whether it is about the pools; None: neither about them nor from outside, as «tak»."""

    @property
    def topics(self) -> frozenset[str]:
        """Return the topics that are right for any of its questions."""
        return frozenset().union(*self.asked)


def pool_topics() -> set[str]:
    """Return the topics that are answered from a pool's page."""
    return set(_read(ROOT / "data" / "topics.yml"))


def examples() -> list[Example]:
    """Return the training data as (text, intent)."""
    found = []
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in _read(file)["nlu"]:
            found += [
                (line.strip().removeprefix("- ").strip(), entry["intent"]) for line in entry["examples"].splitlines()
            ]
    return found


def fifth(place: int) -> tuple[list[Example], list[Example]]:
    """Return the training data without one of its five parts, and that part."""
    every = examples()
    parts = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(every, [intent for _, intent in every])
    rest, held_out = list(parts)[place]
    return [every[number] for number in rest], [every[number] for number in held_out]


def held_out(part: list[Example]) -> list[Question]:
    """Return examples as questions. Small talk and moves are neither about the pools nor out of scope."""
    known = pool_topics()
    questions = []
    for text, intent in part:
        topic = intent.partition(".")[0]
        inside = True if topic in known else False if topic == "out_of_scope" else None
        questions.append(Question(text, frozenset({frozenset({topic})}), inside))
    return questions


def unseen(rough: bool = False) -> list[Question]:
    """Return the unseen questions as the channel hands them on, but for those that a training example or the other half repeats.

    Args:
        rough: without æøå, and with a slip in each long word.
    """
    known, chance = pool_topics(), random.Random(2017)
    learned = {_plain(text) for text, _ in examples()}
    learned |= {_plain(item["say"]) for name in ("singles", "outside") for item in score.questions(name)}
    questions = []
    for name in ("singles", "outside"):
        for item in score.questions(name, sealed=True):
            text = _received(score.roughen(item["say"], chance) if rough else item["say"])
            asked = frozenset(frozenset(entry["topic"]) for entry in item.get("expect", [item]))
            inside = name == "singles" and any(topics & known for topics in asked)
            if text and _plain(_received(item["say"])) not in learned:
                questions.append(Question(text, asked, inside))
    return questions


def _received(text: str) -> str:
    """Return a message as the channel hands it on; nothing where the channel answers by itself."""
    try:
        return incoming.read_message({"message": text}, settings.get("PULJEGUIDEN_MESSAGE_LENGTH"))[0]
    except incoming.Unusable:
        return ""


def _plain(text: str) -> str:
    return fold(text).strip(" ?.!")


def _read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
