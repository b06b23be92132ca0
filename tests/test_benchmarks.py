"""The comparison of classifiers: what it counts, and that its pipelines learn."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import candidates, data, measures, reliability
from benchmarks.data import Question
from benchmarks.measures import Guess
from tests.unseen import score

POOLS = {"deadline", "amount"}
DEADLINE = Question("frist?", frozenset({frozenset({"deadline"})}), inside=True)
WEATHER = Question("regner det?", frozenset({frozenset({"out_of_scope"})}), inside=False)


def guessed(question: Question, **ranking: float) -> Guess:
    """Return what a ranking says; «__» stands for the dot of an aspect."""
    return measures.guess(question, {name.replace("__", "."): sure for name, sure in ranking.items()}, POOLS)


def test_aspects_of_one_topic_count_together() -> None:
    guess = guessed(DEADLINE, amount=0.4, deadline__time=0.3, deadline=0.2)
    assert guess.topic == "deadline"
    assert guess.right
    assert guess.confidence == pytest.approx(0.5)
    assert guess.lead == pytest.approx(0.1)
    assert guess.offers == ("deadline", "amount")


def test_a_move_that_opens_a_conversation_counts_as_what_the_dialogue_makes_of_it() -> None:
    assert guessed(DEADLINE, move__more=0.9).topic == "overview"
    assert guessed(DEADLINE, move__sure=0.9).topic == "unknown"


def test_a_threshold_keeps_what_is_sure_and_loses_the_rest() -> None:
    guesses = [
        guessed(DEADLINE, deadline=0.9),
        guessed(DEADLINE, amount=0.6),
        guessed(DEADLINE, deadline=0.3),
        guessed(DEADLINE, amount=0.2),
        guessed(WEATHER, amount=0.8),
        guessed(WEATHER, amount=0.4),
        guessed(WEATHER, out_of_scope=0.9),
        guessed(WEATHER, move__affirm=0.9),
    ]
    assert measures.kept(guesses, 0.5) == (0.25, 0.25, 0.75)
    assert measures.kept(guesses, 0.0) == (0.5, 0.5, 0.5)


def test_outsiders_are_kept_out_by_a_threshold_that_loses_one_question_in_fifty() -> None:
    inside = [guessed(DEADLINE, deadline=place / 100) for place in range(1, 101)]
    outside = [guessed(WEATHER, out_of_scope=0.9, amount=sure) for sure in (0.01, 0.02, 0.03, 0.5)]
    assert measures.kept_out([*inside, *outside]) == 0.5


def test_a_pipeline_that_is_right_as_often_as_it_says_has_no_calibration_error() -> None:
    fair = [guessed(DEADLINE, deadline=0.75)] * 3 + [guessed(DEADLINE, amount=0.75)]
    boastful = [guessed(DEADLINE, amount=0.95)] * 4
    assert measures.calibration_error(fair) == pytest.approx(0)
    assert measures.calibration_error(boastful) == pytest.approx(0.95)
    assert measures.sureness_when_wrong(fair) == pytest.approx(0.75)


def test_the_plot_has_a_curve_for_each_pipeline() -> None:
    guesses = [guessed(DEADLINE, deadline=0.75)] * 10 + [guessed(DEADLINE, amount=0.35)] * 10
    drawn = ElementTree.fromstring(reliability.draw({"one": guesses, "other": guesses}))
    assert len(drawn.findall("{http://www.w3.org/2000/svg}polyline")) == 2


def test_only_questions_that_no_pipeline_was_tuned_on_are_asked() -> None:
    looked_at = {item["say"] for name in ("singles", "outside") for item in score.questions(name)}
    asked = {question.text for question in data.unseen()}
    assert asked
    assert not asked & looked_at


def test_no_question_stands_in_the_training_data() -> None:
    learned = {text.lower() for text, _ in data.examples()}
    assert not [question.text for question in data.unseen() if question.text.lower() in learned]


def test_the_five_parts_hold_each_example_once() -> None:
    parts = [data.fifth(place)[1] for place in range(data.FOLDS)]
    assert sorted(example for part in parts for example in part) == sorted(data.examples())


@pytest.mark.parametrize("name", candidates.SKLEARN)
def test_pipelines_learn(name: str, tmp_path: Path) -> None:
    wanted = ("deadline", "newsletter", "complaint")
    examples = [example for example in data.examples() if example[1] in wanted]
    candidates.train(name, examples, tmp_path)
    ask = candidates.load(name, tmp_path)
    for text, intent in (("sidste frist", "deadline"), ("nyhedsbrevet tak", "newsletter"), ("klage", "complaint")):
        ranking = ask(text)
        assert next(iter(ranking)) == intent
        assert sum(ranking.values()) == pytest.approx(1)
