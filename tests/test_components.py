"""The NLU components on real messages, without a trained model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from rasa_project.components import regression
from rasa_project.components.classifier import NgramClassifier, rank, untrained
from rasa_project.components.mentions import MentionMasker
from rasa_project.components.names import NameFinder
from rasa_project.components.questions import QuestionFolder, QuestionSplitter
from rasa_project.components.regression import OneAgainstTheRest
from rasa_project.components.scoring import Scorer


def understood(text: str, intent: str, confidence: float = 0.9, clear_cut: bool = True) -> Message:
    return Message(data={"text": text, "intent": {"name": intent, "confidence": confidence}, "clear_cut": clear_cut})


def folded(whole: Message, *parts: Message) -> list[tuple[str, str]]:
    (message,) = QuestionFolder(QuestionFolder.get_default_config()).process([whole, *parts])
    assert message.get("intent")["name"] == message.get("topics")[0]["intent"]
    return [(topic["text"], topic["intent"]) for topic in message.get("topics")]


def test_aspects_of_one_topic_do_not_compete() -> None:
    scores = {"amount": 0.2, "amount.per_applicant": 0.25, "deadline": 0.4, "form": 0.15}
    ranking = rank(scores)
    assert [entry["name"] for entry in ranking] == ["amount.per_applicant", "deadline", "form"]
    assert ranking[0]["confidence"] == pytest.approx(0.45)


def test_a_message_is_followed_by_its_parts() -> None:
    batch = QuestionSplitter({}).process([Message(data={"text": "hvad er fristen og hvor sender jeg skemaet?"})])
    assert [message.get("text") for message in batch][1:] == ["hvad er fristen", "hvor sender jeg skemaet?"]


def test_two_sure_questions_are_two_topics() -> None:
    whole = understood("frist og skema", "deadline")
    assert folded(whole, understood("frist", "deadline"), understood("skema", "form")) == [
        ("frist", "deadline"),
        ("skema", "form"),
    ]


@pytest.mark.parametrize(
    "parts",
    [
        [understood("frist", "deadline"), understood("dagen", "deadline")],
        [understood("frist", "deadline"), understood("skema", "form", 0.3)],
        [understood("frist", "deadline"), understood("skema", "form", 0.5, clear_cut=False)],
        [understood("hej", "chitchat.greet"), understood("frist", "deadline")],
    ],
    ids=["the same twice", "one unsure", "one unsure at an unclear cut", "a greeting"],
)
def test_one_question_stays_whole(parts: list[Message]) -> None:
    assert folded(understood("det hele", "deadline"), *parts) == [("det hele", "deadline")]


def test_the_question_in_a_long_story_is_found() -> None:
    whole = understood("en lang historie. hvad er fristen?", "out_of_scope.near", 0.5)
    assert folded(whole, understood("hvad er fristen?", "deadline")) == [("hvad er fristen?", "deadline")]


def test_a_second_question_that_was_not_understood_is_kept() -> None:
    lost = understood("og må vi male bussen blå?", "nlu_fallback", 0.45)
    assert folded(understood("x", "deadline"), understood("frist?", "deadline"), lost)[1] == (
        "og må vi male bussen blå?",
        "nlu_fallback",
    )


def test_names_are_hidden_from_the_classifier_and_reported_as_entities() -> None:
    text = "kan Gladsaxe Kommune søge handlingsplanerne, mit nummer er [CPR-nummer fjernet]"
    (message,) = MentionMasker({}).process([Message(data={"text": text})])
    assert message.get("original_text") == text
    assert "Gladsaxe" not in message.get("text")
    assert "handlingsplanerne" not in message.get("text")
    assert "CPR" not in message.get("text")
    found: list[dict[str, Any]] = message.get("entities")
    assert {(entity["entity"], entity["value"]) for entity in found} == {
        ("municipality", "Gladsaxe Kommune"),
        ("pool", "kommunale-handlingsplaner"),
    }
    assert all(text[entity["start"] : entity["end"]] == entity["text"] for entity in found)


def test_names_are_found_as_by_the_whole_danish_model() -> None:
    finder = NameFinder.create(NameFinder.get_default_config(), None, None, None)  # type: ignore[arg-type]
    whole = spacy.load("da_core_news_sm")
    for text in (
        "Jeg hedder Mette Hansen og bor i København. Kan Ayse Göksu fra Røde Kors ringe til mig?",
        "kan mette hansen ringe til anders?",
        "hvornår er fristen?",
        "",
    ):
        (message,) = finder.process([Message(data={"text": text, "entities": [{"entity": "pool"}]})])
        pool, *names = message.get("entities")
        assert pool == {"entity": "pool"}
        assert [(name["entity"], name["value"]) for name in names] == [
            (name.label_, name.text) for name in whole(text).ents
        ]
        assert all(text[name["start"] : name["end"]] == name["value"] for name in names)


def test_the_danish_model_is_only_asked_where_there_can_be_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = NameFinder.create(NameFinder.get_default_config(), None, None, None)  # type: ignore[arg-type]
    asked: list[str] = []
    monkeypatch.setattr(finder, "model", Asked(finder.model, asked))
    texts = ["hvornår er fristen?", "kan vi søge begge puljer", "Hvornår er fristen?", "kan anders ringe", "123", ""]
    finder.process([Message(data={"text": text}) for text in texts])
    assert asked == ["Hvornår er fristen?", "kan anders ringe"]


class Asked:
    """A model that remembers what it was asked."""

    def __init__(self, model: spacy.Language, asked: list[str]) -> None:
        self.vocab, self._model, self._asked = model.vocab, model, asked

    def __call__(self, text: str) -> spacy.tokens.Doc:
        self._asked.append(text)
        return self._model(text)


def test_a_message_is_scored_as_by_the_trained_pipeline(tmp_path: Path) -> None:
    examples = {"deadline": "hvad er fristen", "form": "hvor er skemaet", "amount": "hvor mange penge er der"}
    pipeline = untrained(NgramClassifier.get_default_config())
    pipeline.fit(list(examples.values()), list(examples))
    Scorer.of(pipeline).save(tmp_path)
    scorer = Scorer.load(tmp_path, [sort.build_analyzer() for _, sort in pipeline.steps[0][1].transformer_list])
    for text in (*examples.values(), "fristen fristen og et skema", "xyzzy", ""):
        expected = dict(zip(pipeline.classes_, pipeline.predict_proba([text])[0], strict=True))
        assert scorer.probabilities(text) == pytest.approx(expected, abs=1e-6)


def test_learning_intents_at_the_same_time_gives_what_liblinear_gives() -> None:
    chance = np.random.default_rng(1)
    names = chance.choice(["amount", "deadline", "eligibility", "form"], 400, p=[0.4, 0.3, 0.2, 0.1])
    table = csr_matrix(chance.random((400, 30)) * (chance.random((400, 30)) < 0.2) + (names == "form")[:, None] * 0.1)
    ours = OneAgainstTheRest(C=50, solver="liblinear", dual=True, tol=0.001, max_iter=1000, random_state=0).fit(
        table, list(names)
    )
    theirs = LogisticRegression(C=50, solver="liblinear", class_weight="balanced", max_iter=1000, random_state=0).fit(
        table, names
    )
    assert list(ours.classes_) == list(theirs.classes_)
    assert np.abs(ours.predict_proba(table) - theirs.predict_proba(table)).max() < 0.01


def test_learning_in_several_processes_gives_the_same_weights_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(1)
    names = chance.choice(["amount", "deadline", "eligibility", "form"], 400)
    table = csr_matrix(chance.random((400, 30)) * (chance.random((400, 30)) < 0.2))
    learned = []
    for little in (regression._LITTLE, 0, 0):
        monkeypatch.setattr(regression, "_LITTLE", little)
        weights = OneAgainstTheRest(C=50, solver="liblinear", dual=True, tol=0.5, max_iter=1000, random_state=0)
        learned.append(weights.fit(table, names).coef_)
    assert np.array_equal(learned[0], learned[1])
    assert np.array_equal(learned[0], learned[2])
