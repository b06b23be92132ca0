"""Texts are read as they are now and filled with values; all of them are plain, informal Danish."""

from __future__ import annotations

import os
import re
from pathlib import Path
from string import Formatter

import pytest
import simplemma

from puljeguiden import texts as texts_module
from puljeguiden.facts import FactsError
from puljeguiden.say import say
from puljeguiden.texts import Texts
from tests.conftest import ROOT

FOLDER = ROOT / "rasa_project" / "domain" / "responses"
ALL = {name: variant["text"] for name, variants in Texts(FOLDER).responses().items() for variant in variants}
IN_ENGLISH_TOO = {"utter_other_language"}
PARTS_OF_A_SENTENCE = {"utter_page", "utter_no_page", "utter_this_page"}
ENGLISH = r"please|sorry|the|and|you|your|is|are|thanks|thank|hello|welcome|cannot|question|answer|sure|unknown"
# «De er alle overskredet» is about deadlines; «De» as an address is followed by what somebody does or may do.
FORMAL = r"(?<![.!?:•] )(?<!^)\b(?:De|Dem|Deres)\b|\bDe (?:kan|skal|må|bør|har|vil|bedes|ønsker)\b"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(
        tmp_path / "a.yml",
        'responses:\n  utter_hi:\n    - text: Hej {who}.\n  utter_line:\n    - text: "\\n• {who}:"',
    )
    write(tmp_path / "b.yml", "version: '3.1'\nresponses:\n  utter_place:\n    - text: byen {who}")
    return tmp_path


def write(file: Path, text: str) -> None:
    """Write a file so that it is newer than before, whatever the clock of the disk."""
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text, encoding="utf-8")
    stamp = max(file.stat().st_mtime_ns, before + 1_000_000)
    os.utime(file, ns=(stamp, stamp))


def test_all_files_are_read(folder: Path) -> None:
    assert sorted(Texts(folder).responses()) == ["utter_hi", "utter_line", "utter_place"]
    assert Texts(folder).text("utter_hi", who="Anna") == "Hej Anna."


def test_a_changed_text_is_noticed_without_restart(folder: Path) -> None:
    texts = Texts(folder)
    assert texts.text("utter_hi", who="Bo") == "Hej Bo."
    write(folder / "a.yml", "responses:\n  utter_hi:\n    - text: Goddag {who}.")
    assert texts.text("utter_hi", who="Bo") == "Goddag Bo."
    write(folder / "c.yml", "responses:\n  utter_bye:\n    - text: Farvel.")
    assert texts.text("utter_bye") == "Farvel."
    (folder / "c.yml").unlink()
    assert "utter_bye" not in texts.responses()


@pytest.mark.parametrize(
    "content", ["responses: [", "responses:", "version: '3.1'", "", "responses:\n  - utter_hi", "responses: Hej"]
)
def test_a_broken_file_keeps_the_last_good_texts(folder: Path, content: str) -> None:
    texts = Texts(folder)
    good = texts.responses()
    write(folder / "a.yml", content)
    assert texts.responses() == good
    assert texts.error
    write(folder / "a.yml", "responses:\n  utter_hi:\n    - text: Hej igen {who}.")
    assert texts.text("utter_hi", who="Bo") == "Hej igen Bo."
    assert texts.error is None


def test_a_file_that_is_not_utf8_keeps_the_last_good_texts(folder: Path) -> None:
    texts = Texts(folder)
    texts.responses()
    (folder / "a.yml").write_bytes("responses:\n  utter_hi:\n    - text: Åh".encode("latin-1"))
    assert texts.text("utter_hi", who="Bo") == "Hej Bo."
    assert texts.error
    assert "a.yml" in texts.error


def test_files_that_were_never_good_are_refused_each_time(folder: Path) -> None:
    write(folder / "a.yml", "responses: [")
    texts = Texts(folder)
    for _ in range(2):
        with pytest.raises(FactsError, match=r"a\.yml"):
            texts.responses()


@pytest.mark.parametrize("name", ["utter_hi", "utter_nobody_says"])
def test_a_missing_value_or_text_is_an_error(folder: Path, name: str) -> None:
    with pytest.raises(KeyError):
        Texts(folder).text(name, place="Varde")


def test_a_value_may_be_something_to_say(folder: Path) -> None:
    inner = say("place", who="Varde")
    assert Texts(folder).render(say("hi", who=inner).as_dict()) == "Hej byen Varde."
    assert Texts(folder).render(say("hi", who=say("place", who=inner)).as_dict()) == "Hej byen byen Varde."


def test_what_looks_like_a_placeholder_in_a_value_is_left_alone(folder: Path) -> None:
    assert Texts(folder).text("utter_hi", who="{place} {0} {") == "Hej {place} {0} {."


@pytest.mark.parametrize("placeholder", ["name", "response"])
def test_a_placeholder_may_have_any_name(folder: Path, placeholder: str) -> None:
    write(folder / "a.yml", f"responses:\n  utter_hi:\n    - text: Hej {{{placeholder}}}.")
    assert Texts(folder).render({"response": "utter_hi", "values": {placeholder: "Bo"}}) == "Hej Bo."


def test_parts_are_joined_by_a_space_or_by_their_own_line_break(folder: Path) -> None:
    hi, line = say("hi", who="Bo").as_dict(), say("line", who="Et").as_dict()
    texts = Texts(folder)
    assert texts.join([hi, hi, line, hi, line]) == "Hej Bo. Hej Bo.\n• Et: Hej Bo.\n• Et:"
    assert texts.join([line, hi]) == "• Et: Hej Bo."
    assert texts.join([]) == ""


def test_the_process_reads_the_projects_texts() -> None:
    assert texts_module.current().folder == FOLDER
    assert texts_module.current() is texts_module.current()


@pytest.mark.parametrize("name", ALL)
def test_a_text_is_danish(name: str) -> None:
    text = re.sub(r"\{\w+\}", "", ALL[name])
    words = re.findall(r"[^\W\d_]+", text)
    known = [word for word in words if simplemma.is_known(word, lang="da")]
    assert len(known) >= 0.7 * len(words)
    assert name in IN_ENGLISH_TOO or re.findall(rf"\b(?:{ENGLISH})\b", text, re.IGNORECASE) == []
    assert re.findall(FORMAL, text) == []


@pytest.mark.parametrize("name", ALL)
def test_a_text_is_whole(name: str) -> None:
    text = ALL[name]
    assert text.rstrip() == text
    assert "  " not in text
    fragment = name in PARTS_OF_A_SENTENCE or name.startswith("utter_button_") or text.startswith("\n• ")
    assert fragment or re.search(r"[.?!:”}]$", text)
    fields = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
    assert [field for field in fields if not re.fullmatch("[a-z_]+", field)] == []


def test_no_text_is_written_twice() -> None:
    texts = [text for name, text in ALL.items() if name != "utter_default"]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []
