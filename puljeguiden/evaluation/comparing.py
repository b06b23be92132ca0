"""Compares what two models answer: which questions get another answer, and whether it is worse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from puljeguiden.evaluation.questions import Question, Reply

WORSE, BETTER, OTHER = "worse", "better", "other"


def compare(questions: Sequence[Question], before: Sequence[Reply], after: Sequence[Reply]) -> dict[str, Any]:
    """Return every question whose answer changes, grouped by the topic it got before, and how many get worse."""
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    counts = {WORSE: 0, BETTER: 0, OTHER: 0}
    for question, old, new in zip(questions, before, after, strict=True):
        if old == new:
            continue
        verdict = _verdict(question, old, new)
        counts[verdict] += 1
        groups[old.answers[0].topic].append(
            {
                "question": question.text,
                "earlier": list(question.earlier),
                "verdict": verdict,
                "before": told(old),
                "after": told(new),
            }
        )
    return {
        "asked": len(questions),
        **counts,
        "topics": [{"topic": topic, "changes": changes} for topic, changes in sorted(groups.items())],
    }


def regression(questions: Sequence[Question], replies: Sequence[Reply]) -> dict[str, Any]:
    """Return how many questions get the answers that are right for them, and which do not."""
    pairs = list(zip(questions, replies, strict=True))
    wrong = [
        {
            "question": question.text,
            "earlier": list(question.earlier),
            "gets": [asdict(answer) for answer in question.gets],
            "got": told(reply),
        }
        for question, reply in pairs
        if not reply.is_right(question)
    ]
    return {"asked": len(pairs), "right": len(pairs) - len(wrong), "wrong": wrong}


def told(reply: Reply) -> dict[str, Any]:
    """Return a reply as reports give it."""
    return {"text": reply.text, "answers": [asdict(answer) for answer in reply.answers]}


def _verdict(question: Question, old: Reply, new: Reply) -> str:
    """Return whether a changed answer is worse or better: known only where somebody has said what is right."""
    if not question.gets or old.is_right(question) == new.is_right(question):
        return OTHER
    return WORSE if old.is_right(question) else BETTER
