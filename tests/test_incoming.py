"""What comes from outside is bounded, readable and without power before anything else sees it."""

from __future__ import annotations

import unicodedata
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puljeguiden.incoming import Unusable, clean, read_message, read_sender
from puljeguiden.masking import MASK

LONGEST = 1000
SPACES = [
    "",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\u00a0",
    "\u3000",
    "\u2028",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u202e",
    "\x00",
    "\x1f",
]
SLASHES = ["/", "//", "\uff0f", "\u2044", "\u2215", "/\u200b/", "\uff0f /"]
COMMANDS = ["restart", "back", 'greet{"pool": "x"}', "session_start", "EXTERNAL: x"]


def problem(call: Any, *arguments: Any) -> str:
    with pytest.raises(Unusable) as raised:
        call(*arguments)
    return raised.value.name


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_loses_its_power_in_every_disguise(command: str) -> None:
    for space, slash, more in product(SPACES, SLASHES, SPACES):
        assert clean(space + slash + more + command) == command
        assert clean(slash + space + slash + more + command + " ") == command


def test_a_slash_inside_a_message_stays() -> None:
    assert clean("kommuner og/eller regioner 25/8") == "kommuner og/eller regioner 25/8"


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("hvem\x00 kan\x07 søge\x1b", "hvem kan søge"),
        ("\u202ehvem\u202c \u2066kan\u2069 søge", "hvem kan søge"),
        ("hv\u200bem\u00ad kan\ufeff søge", "hvem kan søge"),
        ("hvem\tkan\rsøge", "hvem kan søge"),
        ("hvem\nkan", "hvem\nkan"),
        ("hvem \ud83dkan\udc00 søge\udfff", "hvem kan søge"),
        ("\ue000hvem\U000e0041", "hvem"),
        ("sa\u030a ansøgning", "så ansøgning"),
        ("tak 🙂", "tak 🙂"),
        ("  hej \n", "hej"),
    ],
)
def test_characters_that_cannot_be_read_go(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize("message", ["👍", "🙏 👍", "§ 14"])
def test_a_picture_is_a_message(message: str) -> None:
    assert read_message({"message": message}, LONGEST) == (message, {})


@settings(max_examples=500, deadline=None, database=None)
@given(text=st.text(st.sampled_from("/ \t\n\r\x00\x85\u00a0\u200b\u2028\uff0f\u2044\u2215\ud800a?") | st.characters()))
def test_nothing_cleaned_starts_as_a_command_or_holds_control_characters(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == cleaned.strip()
    assert not cleaned.startswith(("/", "\uff0f", "\u2044", "\u2215"))
    assert all(char == "\n" or unicodedata.category(char)[0] != "C" for char in cleaned)
    cleaned.encode("utf-8")


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (None, "error_empty"),
        ("", "error_empty"),
        (" \n\t", "error_empty"),
        ("/", "error_empty"),
        (" // ", "error_empty"),
        ("\u200b\x00\ud800", "error_empty"),
        ("?!", "error_unreadable"),
        ("jjjjj", "error_unreadable"),
        ("- -", "error_unreadable"),
        ("a" * (LONGEST + 1), "error_too_long"),
        ("?" * (LONGEST + 1), "error_too_long"),
        (7, "error_request"),
        (False, "error_request"),
        (["hej"], "error_request"),
        ({"text": "hej"}, "error_request"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_message_that_cannot_be_used_gets_an_error(message: Any, name: str) -> None:
    assert problem(read_message, {"message": message}, LONGEST) == name


def test_a_missing_message_is_an_empty_one() -> None:
    assert problem(read_message, {}, LONGEST) == "error_empty"


def test_the_longest_message_is_read_and_white_space_around_it_does_not_count() -> None:
    longest = ("æø" * LONGEST)[:LONGEST]
    assert read_message({"message": " " * 50 + longest + "\n" * 50}, LONGEST) == (longest, {})


def test_a_cpr_number_is_removed_from_a_message_and_that_is_told() -> None:
    assert read_message({"message": "jeg er 0101\u200b90-1234"}, LONGEST) == (f"jeg er {MASK}", {"cpr_removed": True})


@pytest.mark.parametrize("text", ["lokalet er 120 m²", "vi er １２ i alt", "fristen 25.08.2017"])
def test_no_cpr_number_is_told_of_where_there_was_none(text: str) -> None:
    assert read_message({"message": text}, LONGEST)[1] == {}


@pytest.mark.parametrize(
    ("metadata", "kept"),
    [
        ({"pool": "udsatte-boligomraader"}, {"pool": "udsatte-boligomraader"}),
        ({"pool": "a-1", "user": "Anna", "cpr_removed": True, "parse": {}}, {"pool": "a-1"}),
        *[
            ({"pool": pool}, {})
            for pool in ("", "A", "a b", "../x", "a\n", "a" * 101, "010190-1234", None, 1, ["a"], {})
        ],
        *[(metadata, {}) for metadata in (None, {}, [], "pool", 1, {"Pool": "a"})],
    ],
    ids=repr,
)
def test_of_the_metadata_only_the_pool_is_kept(metadata: Any, kept: dict[str, Any]) -> None:
    assert read_message({"message": "hej", "metadata": metadata}, LONGEST) == ("hej", kept)


@pytest.mark.parametrize("sender", ["a", "Anna_7-x", "A" * 128, "0"])
def test_a_sender_of_allowed_characters_is_kept(sender: str) -> None:
    assert read_sender({"sender": sender}, "key") == sender


@pytest.mark.parametrize("sender", ["", " ", "a b", "a/b", "a\n", "å", "a.b", "A" * 129, "\x00", "０", 7, True, [], {}])
def test_another_sender_is_refused(sender: Any) -> None:
    assert problem(read_sender, {"sender": sender}, "key") == "error_sender"


@pytest.mark.parametrize("body", [None, [], "sender", 1, True])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    assert problem(read_sender, body, "key") == "error_request"


@pytest.mark.parametrize("body", [{}, {"sender": None}])
def test_a_missing_sender_becomes_a_new_one_each_time(body: dict[str, Any]) -> None:
    first, second = read_sender(body, "key"), read_sender(body, "key")
    assert first != second
    assert read_sender({"sender": first}, "key") == first


@pytest.mark.parametrize("sender", ["0101901234", "010190-1234", "visitor_010190_1234", "x01-01-1990-1234y"])
def test_a_cpr_number_as_sender_becomes_a_stable_hash(sender: str) -> None:
    hashed = read_sender({"sender": sender}, "key")
    assert hashed == read_sender({"sender": sender}, "key") != read_sender({"sender": sender}, "another")
    assert read_sender({"sender": hashed}, "key") == hashed
