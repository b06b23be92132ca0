"""Finds conversations by what was said in them, whatever form the words have, and by what their answers were about.

Each conversation has one row in the full-text index: the stems of its words, and a tag for each thing it can be
filtered by. So the database meets words and filters in one index, and each of them is fast at any size.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2s
from itertools import product
from typing import NamedTuple

import snowballstemmer
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from puljeguiden.danish import fold
from staff.conversations.attention import LOW_MARGIN
from staff.conversations.labels import Mark
from staff.conversations.models import Answer, Conversation, Turn

LOW_CONFIDENCE = 0.6

_WORD = re.compile(r"[^\W_]+")
_MAKING = re.compile(r"n?ing(s|en|ens|er|ers|erne|ernes)?$")  # «ansøge» finds «ansøgning»
_PART = re.compile(r'"([^"]*)"?|([^\s"]+)')
_QUOTES = str.maketrans(dict.fromkeys("«»„“”", '"'))
_BREAK = "\ue000"  # between texts, so that no phrase reaches from one into the next; nobody can type it as a word
_SHORTEST_VERB = 5  # or «forening» would be found by «for»
_LONGEST_WORD = 60
_MOST_PHRASES = 20
_BATCH = 400
_MOST_TURNS = 200  # whose words are found: each new turn indexes its conversation anew
_SAID = ("conversation", "question", "reply", "reason")
_MARKED = ("conversation", "useful", "reason", "case", "repeats", "confidence", "margin", "model")

_FIND = {
    "sqlite": "SELECT rowid FROM conversations_search WHERE conversations_search MATCH %s",
    # OFFSET 0: else PostgreSQL may walk through all conversations and look at each.
    "postgresql": "SELECT conversation_id FROM conversations_search WHERE words @@ %s::tsquery OFFSET 0",
}
_AMONG = "SELECT conversation_id FROM conversations_search WHERE conversation_id = ANY(%s) AND ts_match_vq(words, %s::tsquery)"
_INSERT = {
    "sqlite": "INSERT INTO conversations_search (rowid, words, tags) VALUES (%s, %s, %s)",
    "postgresql": "INSERT INTO conversations_search (conversation_id, words) VALUES (%s, %s::tsvector)",
}
_DELETE = {
    "sqlite": "DELETE FROM conversations_search WHERE rowid = %s",
    "postgresql": "DELETE FROM conversations_search WHERE conversation_id = %s",
}


class Document(NamedTuple):
    """What a conversation is found by."""

    words: list[str]
    tags: set[str]


class Nothing(Exception):
    """A text that holds no word («???»), so that nothing can be found by it."""


def query(text: str, tags: Iterable[str] = ()) -> str:
    """Return, in the database's words, what finds conversations that hold all words and phrases and have all tags.

    An empty query means: all conversations.

    Raises:
        Nothing: there is a text, and no word in it.
    """
    wanted, phrases = sorted(tags), _phrases(text)
    if text.strip() and not phrases:
        raise Nothing
    return (_fts5 if connection.vendor == "sqlite" else _tsquery)(phrases, wanted)


def matching(found: QuerySet[Conversation], wanted: str) -> QuerySet[Conversation]:
    """Return those conversations that a query finds, by way of the index."""
    return found.filter(id__in=RawSQL(_FIND[connection.vendor], (wanted,))) if wanted else found  # noqa: S611 # nosec B611


def among(ids: list[int], wanted: str) -> set[int]:
    """Return those of some conversations that a query finds, one by one and not by way of the index. PostgreSQL only."""
    with connection.cursor() as cursor:
        cursor.execute(_AMONG, (ids, wanted))
        return {row[0] for row in cursor.fetchall()}


def index(conversations: Iterable[int]) -> None:
    """Find conversations (by their rows' ids) by what they are now. Goes last in the transaction that changes them."""
    ids = sorted(set(conversations))
    for start in range(0, len(ids), _BATCH):
        write(_documents(ids[start : start + _BATCH]).items())


def write(documents: Iterable[tuple[int, Document]]) -> None:
    """Put documents in the index, each in the place of its conversation's earlier one."""
    rows: list[list[int | str]] = [[id_, *columns(document)] for id_, document in documents]
    with connection.cursor() as cursor:
        cursor.executemany(_DELETE[connection.vendor], [row[:1] for row in rows])
        cursor.executemany(_INSERT[connection.vendor], rows)


def forget() -> None:
    """Drop deleted conversations' words from SQLite's index, which would keep them until it merges its parts."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO conversations_search (conversations_search) VALUES ('optimize')")


def answer_tag(pool: str = "", topic: str = "", status: str = "") -> str:
    """Return the tag of conversations with an answer about all that is given."""
    return _tag("answer", pool, topic, status)


def mark_tag(mark: str) -> str:
    """Return the tag of conversations with a mark."""
    return _tag("mark", mark)


def model_tag(model: str) -> str:
    """Return the tag of conversations in which a model gave the last answer."""
    return _tag("model", model)


def marks(turn: Turn) -> Iterator[str]:
    """Yield the marks of a turn."""
    if turn.useful is False:
        yield Mark.DOWN
        if turn.reason:
            yield Mark.REASON
    if turn.case:
        yield Mark.CASE
    if turn.repeats:
        yield Mark.REPEATED
    if turn.confidence is not None and (
        turn.confidence < LOW_CONFIDENCE or (turn.margin is not None and turn.margin < LOW_MARGIN)
    ):
        yield Mark.LOW


def stems(text: str) -> list[str]:
    """Return a text's words without their endings, and in one spelling for all ways to type æøå."""
    return [_stem(word[:_LONGEST_WORD]) for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=50_000)
def _stem(folded: str) -> str:
    # A stemmer of its own each time: it keeps the word it is at, and threads share this function.
    stemmer = snowballstemmer.stemmer("danish")
    verb: str = stemmer.stemWord(_MAKING.sub("", folded))
    return verb if len(verb) >= _SHORTEST_VERB else stemmer.stemWord(folded) or folded


def document(texts: Iterable[str], turns: Iterable[Turn], answers: Iterable[tuple[str, str, str]]) -> Document:
    """Return what a conversation is found by: its texts, its turns' marks, its answers' pool, topic and status."""
    words: list[str] = []
    for text in texts:
        words += [*stems(text), _BREAK]
    tags, model = set(), ""
    for turn in turns:
        tags |= {mark_tag(mark) for mark in marks(turn)}
        model = turn.model or model
    if model:
        tags.add(model_tag(model))
    for pool, topic, status in set(answers):
        topic = topic.partition(".")[0]
        tags |= {answer_tag(*parts) for parts in product({pool, ""}, {topic, ""}, {status, ""})}
    return Document(words, tags)


def _documents(ids: list[int]) -> dict[int, Document]:
    turns: dict[int, list[Turn]] = defaultdict(list)
    answers: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    texts: dict[int, list[Turn]] = defaultdict(list)
    for turn in Turn.objects.filter(conversation__in=ids).only(*_MARKED):
        turns[turn.conversation_id].append(turn)
    latest = F("conversation__length") - _MOST_TURNS
    for turn in Turn.objects.filter(conversation__in=ids, number__gt=latest).only(*_SAID):
        texts[turn.conversation_id].append(turn)
    rows = Answer.objects.filter(turn__conversation__in=ids).order_by()
    for id_, *answer in rows.values_list("turn__conversation", "pool", "topic", "status").distinct():
        answers[id_].append((answer[0], answer[1], answer[2]))
    there = Conversation.objects.filter(id__in=ids).values_list("id", flat=True)
    return {id_: document(_texts(texts[id_]), turns[id_], answers[id_]) for id_ in there}


def _texts(turns: list[Turn]) -> Iterator[str]:
    for turn in turns:
        yield turn.question
        yield turn.reply
        yield turn.reason


def _tag(*parts: str) -> str:
    return "t" + blake2s("\0".join(parts).encode(), digest_size=6).hexdigest()


def _phrases(text: str) -> list[list[str]]:
    parts = (quoted or plain for quoted, plain in _PART.findall(text.translate(_QUOTES)))
    return [words for words in map(stems, parts) if words][:_MOST_PHRASES]


def _fts5(phrases: list[list[str]], tags: list[str]) -> str:
    words = [f'words : "{" ".join(phrase)}"' for phrase in phrases]
    return " AND ".join(words + [f'tags : "{tag}"' for tag in tags])


def _tsquery(phrases: list[list[str]], tags: list[str]) -> str:
    words = [" <-> ".join(f"'{word}'" for word in phrase) for phrase in phrases]
    return " & ".join([f"({phrase})" for phrase in words] + [f"'#{tag}'" for tag in tags])


def columns(found: Document) -> tuple[str, ...]:
    """Return a document in the database's form. The words are cut here, not by the database: it knows less Danish."""
    if connection.vendor == "sqlite":
        return " ".join(found.words), " ".join(sorted(found.tags))
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(found.words[:_LAST_PLACE], 1):
        if word != _BREAK and len(places[word]) < _MOST_PLACES:
            places[word].append(place)
    lexemes = [f"'{word}':{','.join(map(str, where))}" for word, where in places.items()]
    return (" ".join(lexemes + [f"'#{tag}'" for tag in sorted(found.tags)]),)


_LAST_PLACE = 16_000  # PostgreSQL counts to 16,383
_MOST_PLACES = 200  # of one word; PostgreSQL keeps 256
