"""What a model is judged by: regression questions, near misses, cross-validation, comparison, the report on it."""

from __future__ import annotations

import json
import string
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from puljeguiden import evaluation
from puljeguiden.children import Children
from puljeguiden.evaluation import classifier, comparing, examples, judging, near_misses, questions, summary
from puljeguiden.evaluation.questions import Answer, Question, Reply
from puljeguiden.facts import Facts
from tests.conftest import ROOT

SCHEMA = json.loads((Path(evaluation.__file__).parent / "report.schema.json").read_text(encoding="utf-8"))
STATED = Answer("kommunale-handlingsplaner", "deadline", "stated")
SILENT = Answer("kommunale-handlingsplaner", "deadline", "not_stated")
DEADLINE = Question("hvad er fristen for handlingsplanerne", gets=(STATED,))
RIGHT, WRONG = Reply("Den 25. august.", (STATED,)), Reply("Det ved jeg ikke.", (SILENT,))


def test_the_regression_questions_get_the_answers_that_are_right(trained: Path, tmp_path: Path) -> None:
    with Children() as children:
        judge = judging.Judge(children, trained.name.removesuffix(".tar.gz"), tmp_path)
        replies = judge.ask(judge.version, judge.regression, None).replies()
    assert len(replies) >= 60
    assert comparing.regression(judge.regression, replies)["wrong"] == []


def test_the_questions_in_the_repository_expect_what_there_is(facts: Facts) -> None:
    asked = questions.load(ROOT / "data" / "tests")
    assert questions.problems(asked, facts.pools, facts.topics) == []
    assert max(Counter((one.text, one.earlier, one.page) for one in asked).values()) == 1


def test_a_question_that_expects_nothing_or_what_there_is_not_is_told(facts: Facts) -> None:
    asked = [Question("a"), Question("b", gets=(Answer("x", "deadline", "stated"), Answer("", "y", "z")))]
    found = questions.problems(asked, facts.pools, facts.topics)
    assert [piece for piece in ("«a»", "pool «x»", "topic «y»", "status «z»") if piece not in " ".join(found)] == []


def test_a_question_from_a_log_is_added_once_and_without_cpr_numbers(tmp_path: Path) -> None:
    new = Question('010190-1234: "frist"?', ("hej: 010190-1234", "ja, tak"), "kommunale-handlingsplaner", (STATED,))
    assert questions.add(tmp_path, new)
    assert not questions.add(tmp_path, new)
    assert questions.add(tmp_path, DEADLINE)
    first, second = questions.load(tmp_path)
    assert second == DEADLINE
    assert (first.page, first.gets, first.earlier[1]) == (new.page, new.gets, "ja, tak")
    assert "1234" not in (tmp_path / questions.GROWN).read_text(encoding="utf-8")
    assert questions.from_json(json.loads(json.dumps(questions.to_json([first])))) == [first]


def test_questions_may_be_plain_lines(tmp_path: Path) -> None:
    (tmp_path / "asked.txt").write_text("hvad er fristen\n\nhvem kan søge\n", encoding="utf-8")
    assert questions.read(tmp_path / "asked.txt") == [Question("hvad er fristen"), Question("hvem kan søge")]


@pytest.mark.parametrize("text", ["- question: x", "- [", "- question: x\n  gets: [{pool: a}]", "x: y"])
def test_a_broken_file_of_questions_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.yml"):
        questions.load(tmp_path)


NEW_TOPIC = [
    ("kan vi søge om parkeringspladser til frivillige", "parking"),
    ("er der støtte til parkering på åben gade", "parking"),
    ("parkering søger pladser frivillige støtte", "budget"),
    ("pladser og parkering", "budget"),
]


def test_a_new_topic_has_near_misses_of_its_own(facts: Facts) -> None:
    found = near_misses.suite(NEW_TOPIC, facts)
    assert found == near_misses.suite(NEW_TOPIC, facts)
    asked = {(one.kind, one.question.text) for one in found if one.topic == "parking"}
    assert (near_misses.ASCII, "er der stoette til parkering paa aaben gade") in asked
    assert (near_misses.SPLIT, "kan vi søge om parkerings pladser til frivillige") in asked
    assert (near_misses.NEGATED, "kan vi ikke søge om parkeringspladser til frivillige") in asked
    slips = [text for kind, text in asked if kind == near_misses.TYPO]
    assert len(slips) == 2
    assert not set(slips) & {text for text, _ in NEW_TOPIC}


def test_a_near_miss_that_names_a_pool_wants_that_pools_answer(facts: Facts) -> None:
    found = [one for one in near_misses.suite(NEW_TOPIC, facts) if one.kind == near_misses.POOL]
    assert {one.topic for one in found} == {"budget"}  # the new topic is answered from no page yet
    for one in found:
        own, (other, *_) = one.pool or "", sorted(set(facts.pools) - {one.pool})
        assert facts.pools[own].name in one.question.text
        assert one.is_met(Reply("", (Answer(own, "budget", "stated"),)))
        assert not one.is_met(Reply("", (Answer(own, "budget", "stated"), Answer(other, "budget", "stated"))))
        assert not one.is_met(Reply("", (Answer(own, "amount", "stated"),)))


def test_near_misses_are_made_of_the_examples_as_they_are(facts: Facts) -> None:
    found = near_misses.suite(examples.read(ROOT / "data" / "nlu"), facts)
    kinds = Counter(one.kind for one in found)
    assert min(kinds[kind] for kind in near_misses.KINDS) >= 20
    assert {one.topic for one in found} >= set(facts.topics) - {"status"}


def cross_validated() -> dict[str, Any]:
    words = {"deadline": "frist dato hvornår", "amount": "beløb kroner million", "amount.payout": "udbetalt rate konto"}
    known = [(f"{a} {b}", intent) for intent, text in words.items() for a in text.split() for b in text.split()]
    known += [("beløb kroner", "deadline")] * 3 + [("frist dato", "deadline")] * 2
    untrained = make_pipeline(make_union(TfidfVectorizer()), LogisticRegression(C=50, solver="liblinear"))
    return classifier.report(known, classifier.cross_validate(known, untrained, folds=5))


def test_cross_validation_tells_which_topics_are_mixed_up() -> None:
    found = cross_validated()
    assert found["examples"] == 32
    assert found["topics"]["amount"]["examples"] == 18  # aspects of a topic are one topic
    assert found["topics"]["amount"]["right"] >= 15
    assert {(one["topic"], one["taken_for"]) for one in found["mixed_up"]} >= {("deadline", "amount")}
    assert sum(one["count"] for one in found["mixed_up"]) == found["examples"] - found["right"]


def test_a_changed_answer_is_worse_only_where_it_was_right() -> None:
    asked = [DEADLINE, DEADLINE, DEADLINE, Question("ukendt"), DEADLINE]
    before, after = [RIGHT, WRONG, RIGHT, RIGHT, WRONG], [WRONG, RIGHT, RIGHT, WRONG, Reply("Nej.", (SILENT,))]
    found = comparing.compare(asked, before, after)
    assert {key: found[key] for key in ("asked", "worse", "better", "other")} == {
        "asked": 5,
        "worse": 1,
        "better": 1,
        "other": 2,
    }
    (group,) = found["topics"]
    assert group["topic"] == "deadline"
    assert [change["verdict"] for change in group["changes"]] == ["worse", "better", "other", "other"]
    assert group["changes"][0]["before"]["text"] == "Den 25. august."


def whole_report(facts: Facts) -> dict[str, Any]:
    near = near_misses.suite(NEW_TOPIC, facts)
    figures = {
        "regression": comparing.regression([DEADLINE, DEADLINE], [RIGHT, WRONG]),
        "near_misses": near_misses.report(near, [WRONG] * len(near)),
    }
    comparison = comparing.compare([DEADLINE], [RIGHT], [WRONG])
    return judging.report("4f79", "be22", cross_validated(), figures, comparison)


def test_a_report_fits_its_schema(facts: Facts) -> None:
    report = whole_report(facts)
    jsonschema.validate(report, SCHEMA)
    jsonschema.validate({**report, "live": None, "comparison": None}, SCHEMA)
    assert judging.figures(report)["regression"] == {"asked": 2, "right": 1}


@pytest.mark.parametrize(("language", "piece"), [("da", "Bliver forkert"), ("en", "Gets wrong")])
def test_a_report_is_told_in_words(facts: Facts, language: str, piece: str) -> None:
    report = whole_report(facts)
    told = "\n".join(summary.summary(report, language, {"deadline": "Frist"}))
    assert piece in told
    assert "Frist" in told
    assert DEADLINE.text in told
    assert "{" not in told
    assert summary.changes(report, language, {})[0] in told
    assert summary.summary({**report, "comparison": None}, language, {})


def test_both_languages_say_the_same() -> None:
    danish, english = summary._words()["da"], summary._words()["en"]
    assert list(danish) == list(english)

    def named(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {key for key in danish if named(danish[key]) != named(english[key])} == set()
