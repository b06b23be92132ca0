"""Prints what our classifier's thresholds cost and bring, from what `benchmarks.classifiers ours` has measured.

For FallbackClassifier in rasa_project/config.yml: what is answered, and what asking back («mener du …?») would change.
For QuestionFolder: which questions of a message are found, at each confidence that a part needs.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache

from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME as _NOT_UNDERSTOOD
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from benchmarks import candidates, classifiers, data, measures
from benchmarks.measures import Guess
from rasa_project.components.questions import TOPICS, QuestionFolder, QuestionSplitter

_THRESHOLDS = (0.0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)
_NOW = 0.45
_CUTS = ((0.4, 0.7), (0.5, 0.7), (0.6, 0.7), (0.7, 0.7), (0.6, 0.5), (0.6, 0.6), (0.6, 0.8), (0.6, 0.9))
_PAIRS = 600
_LONGEST = 14
Asked = tuple[str, frozenset[frozenset[str]]]
"""A message, and for each question in it the topics that are right."""


def coverage(guesses: Sequence[Guess]) -> None:
    """Print, for each threshold, the shares that are answered rightly, wrongly, and not."""
    print("threshold  right  wrong  not answered  outside kept out")
    for threshold in _THRESHOLDS:
        right, wrong, out = measures.kept(guesses, threshold)
        print(f"{threshold:9.2f}  {right:5.1%}  {wrong:5.1%}  {1 - right - wrong:12.1%}  {out:16.1%}")


def asking_back(guesses: Sequence[Guess]) -> None:
    """Print what a question back would do above the threshold (to answers) and below it (to «not understood»)."""
    inside = [guess for guess in guesses if guess.question.inside]
    outside = [guess for guess in guesses if guess.question.inside is False]
    for high in (0.55, 0.6, 0.7):
        held = [guess for guess in inside if _NOW <= guess.confidence < high]
        right = sum(guess.right for guess in held)
        wrong = sum(guess.confidence >= _NOW and not guess.right for guess in inside)
        print(f"{_NOW}-{high}: of {wrong} wrong answers {len(held) - right} asked back, and {right} right ones")
    below = [guess for guess in inside if guess.confidence < _NOW]
    for low in (0.15, 0.2, 0.25, 0.3):
        held = [guess for guess in below if guess.best_of_pools >= low]
        offered = sum(bool(guess.question.topics & set(guess.offers)) for guess in held)
        strangers = sum(guess.confidence < _NOW and guess.best_of_pools >= low for guess in outside)
        print(
            f"{low}-{_NOW}: of {len(below)} not understood {len(held)} asked back, {offered} of them with the right "
            f"topic among three; of {len(outside)} from outside {strangers}"
        )


def cuts(ask: candidates.Ask, groups: dict[str, list[Asked]]) -> None:
    """Print, for each pair of confidences, how many messages lack a question or get one too many."""
    remembered = cache(ask)
    for clear_cut, other_cut in _CUTS:
        folder = QuestionFolder({"clear_cut": clear_cut, "other_cut": other_cut})
        for name, messages in groups.items():
            missed = extra = 0
            for text, wanted in messages:
                found = _topics(text, remembered, folder)
                missed += any(not topics & found for topics in wanted)
                extra += bool(found - frozenset().union(*wanted))
            print(
                f"clear_cut {clear_cut} other_cut {other_cut}  {name} ({len(messages)}): {missed} lack, {extra} extra"
            )


def _topics(text: str, ask: Callable[[str], candidates.Ranking], folder: QuestionFolder) -> set[str]:
    batch = QuestionSplitter({}).process([Message(data={TEXT: text})])
    for message in batch:
        name, confidence = next(iter(ask(message.get(TEXT)).items()))
        message.set(INTENT, {"name": name if confidence >= _NOW else _NOT_UNDERSTOOD, "confidence": confidence})
    names = [topic["intent"].partition(".")[0] for topic in folder.process(batch)[0].get(TOPICS)]
    return {name for name in names if name not in ("chitchat", "move")}


def _pairs(part: list[data.Example]) -> list[Asked]:
    """Return pairs of short questions on different topics of the pools, as one message."""
    chance, known = random.Random(2017), data.pool_topics()
    short = [
        (text.rstrip(" .?!"), intent.partition(".")[0])
        for text, intent in part
        if intent.partition(".")[0] in known and len(text.split()) <= _LONGEST
    ]
    made: list[Asked] = []
    while len(made) < _PAIRS:
        (first, topic), (second, other) = chance.sample(short, 2)
        if topic != other:
            joint = chance.choice(("? ", " og "))
            made.append((f"{first}{joint}{second}", frozenset({frozenset({topic}), frozenset({other})})))
    return made


def main() -> None:
    """Print all of it, from the cross-validation and from the unseen questions."""
    for kind in ("held_out", "unseen", "rough"):
        print(f"\n{kind}")
        guesses = classifiers.results("ours", kind)
        coverage(guesses)
        asking_back(guesses)
    print("\nparts of a message")
    unseen = [(question.text, question.asked) for question in data.unseen() if question.inside]
    cuts(
        candidates.load("ours", classifiers.folder("ours", classifiers.ALL)),
        {
            "one question": [entry for entry in unseen if len(entry[1]) == 1],
            "several": [entry for entry in unseen if len(entry[1]) > 1],
        },
    )
    cuts(
        candidates.load("ours", classifiers.folder("ours", "0")),
        {"two examples": _pairs(data.fifth(0)[1])},
    )


if __name__ == "__main__":
    main()
