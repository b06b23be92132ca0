"""The vendored Danish model: it loads beside Rasa's pins, finds names, and is the build that its papers describe."""

from __future__ import annotations

import pytest
import spacy

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def model() -> spacy.language.Language:
    return spacy.load("da_core_news_sm")


def test_it_is_the_projects_own_build_and_small_enough() -> None:
    (wheel,) = (ROOT / "vendor").glob("da_core_news_sm-*.whl")
    assert "+puljeguiden" in wheel.name
    assert wheel.stat().st_size <= 12_000_000
    assert spacy.info("da_core_news_sm")["version"] in wheel.name


def test_its_components_share_one_tok2vec(model: spacy.language.Language) -> None:
    assert model.pipe_names == ["tok2vec", "morphologizer", "lemmatizer", "ner"]
    assert set(model.get_pipe("ner").labels) == {"PER", "ORG", "LOC"}


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("Jeg hedder Mette Hansen og ringer fra kommunen.", "Mette Hansen", "PER"),
        ("Kan Ayse Göksu ringe til mig?", "Ayse Göksu", "PER"),
        ("Vi bor i København.", "København", "LOC"),
    ],
)
def test_it_finds_names(model: spacy.language.Language, text: str, name: str, label: str) -> None:
    assert (name, label) in {(entity.text, entity.label_) for entity in model(text).ents}


def test_it_knows_lemmas_and_parts_of_speech(model: spacy.language.Language) -> None:
    words = {word.text: (word.lemma_, word.pos_) for word in model("Kommunerne søgte puljerne.")}
    assert words["Kommunerne"] == ("kommune", "NOUN")
    assert words["søgte"] == ("søge", "VERB")
