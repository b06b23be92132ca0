"""What is counted: right topics, how sure a pipeline is when it is wrong, what it keeps out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.data import Question

BINS = 10
_LOST = 0.02
# What the dialogue makes of a move that opens a conversation; of all others it makes «unknown».
_FIRST_MOVES = {
    "move.applicant": "eligibility",
    "move.more": "overview",
    "move.other_pool": "overview",
    "move.both_pools": "overview",
    "move.pool": "overview",
    "move.pick_first": "overview",
    "move.pick_second": "overview",
    "move.deny": "chitchat",
    "move.cancel": "chitchat",
    "move.skip": "chitchat",
}
Ranking = dict[str, float]


@dataclass(frozen=True)
class Guess:
    """A question, and what a pipeline took it for."""

    question: Question
    topic: str
    confidence: float
    lead: float
    """How much surer it is of that topic than of the next."""
    best_of_pools: float
    """How sure it is of the best topic of the pools, which need not be the best of all."""
    offers: tuple[str, ...]
    """The best topics of the pools, at most three: what it could ask back."""

    @property
    def right(self) -> bool:
        """Return whether the topic is one of those that were meant."""
        return self.topic in self.question.topics


def guess(question: Question, ranking: Ranking, pool_topics: set[str]) -> Guess:
    """Return what a ranking of intents says about a question; a topic is as sure as its aspects together."""
    sums: dict[str, float] = {}
    first: dict[str, str] = {}
    for intent, confidence in ranking.items():
        topic = intent.partition(".")[0]
        sums[topic] = sums.get(topic, 0.0) + confidence
        first.setdefault(topic, intent)
    order = sorted(sums, key=lambda topic: -sums[topic])
    best, confidence = order[0], sums[order[0]]
    lead = confidence - (sums[order[1]] if len(order) > 1 else 0.0)
    offers = [topic for topic in order if topic in pool_topics]
    topic = _FIRST_MOVES.get(first[best], "unknown") if best == "move" and "move" not in question.topics else best
    return Guess(question, topic, confidence, lead, sums[offers[0]] if offers else 0.0, tuple(offers[:3]))


def accuracy(guesses: Sequence[Guess]) -> float:
    """Return the share of questions about the pools whose topic is right, whatever the confidence."""
    return _share([guess.right for guess in guesses if guess.question.inside])


def kept(guesses: Sequence[Guess], threshold: float, ambiguity: float = 0.0) -> tuple[float, float, float]:
    """Return, at a threshold, the shares of questions that are answered rightly and wrongly, and of outsiders kept out."""

    def answered(guess: Guess) -> bool:
        return guess.confidence >= threshold and guess.lead >= ambiguity

    inside = [guess for guess in guesses if guess.question.inside]
    outside = [guess for guess in guesses if guess.question.inside is False]
    return (
        _share([answered(guess) and guess.right for guess in inside]),
        _share([answered(guess) and not guess.right for guess in inside]),
        _share([not answered(guess) or guess.right or not _about_pools(guess) for guess in outside]),
    )


def _about_pools(guess: Guess) -> bool:
    return guess.topic not in ("out_of_scope", "chitchat", "concern", "handoff", "unknown", "move")


def kept_out(guesses: Sequence[Guess]) -> float:
    """Return the share of outsiders below the threshold that loses 2 % of the questions about the pools."""
    inside = sorted(guess.best_of_pools for guess in guesses if guess.question.inside)
    threshold = inside[int(_LOST * len(inside))]
    return _share([guess.best_of_pools < threshold for guess in guesses if guess.question.inside is False])


def reliability(guesses: Sequence[Guess]) -> list[tuple[float, float, int]]:
    """Return mean confidence, share right and count of each tenth of the confidence that holds a message."""
    bins: list[list[Guess]] = [[] for _ in range(BINS)]
    for guess in guesses:
        bins[min(int(guess.confidence * BINS), BINS - 1)].append(guess)
    return [
        (fmean(guess.confidence for guess in held), _share([guess.right for guess in held]), len(held))
        for held in bins
        if held
    ]


def calibration_error(guesses: Sequence[Guess]) -> float:
    """Return how far confidence and share right are apart, on average over all messages (ECE)."""
    return sum(abs(sure - right) * count for sure, right, count in reliability(guesses)) / len(guesses)


def sureness_when_wrong(guesses: Sequence[Guess]) -> float:
    """Return the mean confidence of what was wrong."""
    return fmean(guess.confidence for guess in guesses if not guess.right)


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags)
