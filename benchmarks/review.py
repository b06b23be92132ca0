"""Measures staff's pages about conversations with many of them: `python -m benchmarks.review`.

Fills a database with conversations as the follower would have written them, unless it has some already, and asks for
the pages through Django's test client. Use an empty database that nobody needs.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from puljeguiden import facts
from puljeguiden.settings import ROOT

if TYPE_CHECKING:
    from django.test import Client

GOAL = 300  # milliseconds
_DAYS = 365
_END = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
_MODELS = 12
_BATCH = 2000
_STATUSES = [
    *["stated"] * 66,
    *["not_stated"] * 14,
    *["clarify"] * 5,
    *["handoff"] * 5,
    *["not_understood"] * 5,
    *["chitchat"] * 4,
    "error",
]
_PAGES = {
    "list": "",
    "list, 2nd page": "after={middle}",
    "list, half way down": "after={middle}",
    "most in need of eyes": "order=attention",
    "search, a word of every second": "q=ansøgningen",
    "search, a common word": "q=fristen",
    "search, an uncommon word": "q=Læsø",
    "search, a word of one": "q=sjælden{number}",
    "search, a word of none": "q=hippopotamus",
    "search, two words": "q=kommunen støtte",
    "search, a phrase": 'q="25. august"',
    "search, common words, in need of eyes": "q=fristen&order=attention",
    "period": "since=2026-03-01&until=2026-03-31",
    "pool": "pool={pool}",
    "topic, common": "topic=deadline",
    "topic, uncommon": "topic=complaint",
    "status": "status=not_understood",
    "status, the rarest": "status=error",
    "low confidence": "mark=low",
    "thumb down": "mark=down",
    "thumb down with reason": "mark=reason",
    "handed over": "mark=case",
    "not reviewed": "reviewed=no",
    "not reviewed, in need of eyes": "reviewed=no&order=attention",
    "reviewed": "reviewed=yes",
    "newest model": "model={newest}",
    "oldest model": "model={oldest}",
    "pool, topic and status": "pool={pool}&topic=deadline&status=not_stated",
    "search and filters": "q=fristen&pool={pool}&mark=down&reviewed=no",
    "search in an old period": "q=fristen&since=2025-12-01&until=2025-12-31",
}


class Kind(NamedTuple):
    """A turn as it may occur, with the words it is found by."""

    question: str
    reply: str
    pool: str
    topic: str
    status: str
    words: list[str]


class Tables(NamedTuple):
    """The rows of an amount of conversations."""

    conversations: list[list[Any]]
    turns: list[list[Any]]
    answers: list[list[Any]]
    search: list[list[Any]]


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--database", default="", help="as PULJEGUIDEN_STAFF_DATABASE_URL; a temporary SQLite file")
    parser.add_argument("--times", type=int, default=20, help="how often each page is asked for")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        var = os.environ.get("PULJEGUIDEN_VAR_DIR", folder)
        os.environ.update(PULJEGUIDEN_VAR_DIR=var, PULJEGUIDEN_STAFF_DATABASE_URL=given.database)
        os.environ["DJANGO_SETTINGS_MODULE"] = "staff.settings"
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("prepare", stdout=io.StringIO())
        start = time.perf_counter()
        turns = _fill(given.conversations)
        print(f"{connection.vendor}: {given.conversations:,} conversations, {turns:,} turns,", end=" ")
        print(f"{_megabytes():,} MB; filled in {time.perf_counter() - start:.0f} s\n")
        _measure(given.times)


def _fill(conversations: int) -> int:
    """Store conversations, unless there are some, and return how many turns there are."""
    from django.db import connection, transaction

    from staff.conversations.models import Conversation, Turn

    if not Conversation.objects.exists():
        chance = random.Random(2017)
        kinds = list(_kinds(chance))
        numbers = iter(range(conversations))
        while part := list(islice(numbers, _BATCH)):
            with transaction.atomic():
                _store(_tables(part, conversations, kinds, chance))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return Turn.objects.count()


def _kinds(chance: random.Random) -> Iterator[Kind]:
    """Yield turns with the questions of the training data and replies out of the facts."""
    from staff.conversations.search import stems

    known = facts.current()
    towns = [one.names[0] for one in known.municipalities]
    replies = [fact.text or fact.short or "" for pool in known.pools.values() for fact in pool.facts.values()]
    replies = [reply for reply in replies if reply]
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        topic = file.stem if file.stem in known.topics else "unknown"
        for example in _examples(file):
            question = f"{example} Vi spørger for {chance.choice(towns)} Kommune." if chance.random() < 0.2 else example
            for _ in range(3):
                reply, pool = chance.choice(replies), chance.choice([*known.pools, ""])
                status = chance.choice(_STATUSES)
                yield Kind(question, reply, pool, topic, status, [*stems(question), "\ue000", *stems(reply), "\ue000"])


def _examples(file: Path) -> Iterator[str]:
    for entry in facts.read_yaml(file)["nlu"]:
        yield from (line.removeprefix("- ") for line in entry.get("examples", "").splitlines() if line.strip())


def _tables(numbers: Sequence[int], whole: int, kinds: list[Kind], chance: random.Random) -> Tables:
    from staff.conversations import attention, search
    from staff.conversations.models import Turn

    made = Tables([], [], [], [])
    for number in numbers:
        id_, started = number + 1, _END - timedelta(days=_DAYS) * (1 - number / whole)
        turns, words, answers = [], [], []
        score = 0
        for place in range(min(12, 1 + int(chance.expovariate(0.5)))):
            kind = chance.choice(kinds)
            turn = _turn(Turn, kind, number, place, whole, started, chance)
            turns.append(turn)
            words += kind.words
            answers.append((kind.pool, kind.topic, kind.status))
            score = max(score, attention.of_turn(turn, [kind.status]))
        if number % 1000 == 0:  # a word that nobody else uses
            turns[0].question += f" sjælden{number}"
            words += search.stems(f"sjælden{number}")
        reviewed = chance.random() < 0.2
        document = search.document((), turns, answers)
        made.conversations.append(
            [id_, f"{number:032x}", started, turns[-1].at, len(turns), 0 if reviewed else score, reviewed, ""]
        )
        for turn, (pool, topic, status) in zip(turns, answers, strict=True):
            made.turns.append([getattr(turn, name) for name in _TURN])
            made.answers.append([turn.pk, turn.pk, f"a{turn.pk}", pool, topic, status, _SOURCES])
        made.search.append([id_, *search.columns(document._replace(words=words))])
    return made


_TURN = (
    "id conversation_id number event at question reply intent confidence runner_up margin model milliseconds repeats"
    " useful reason case"
).split()
_ANSWER = "id turn_id number pool topic status sources".split()
_CONVERSATION = "id key started latest length attention reviewed asks".split()
_SOURCES = json.dumps(
    [{"title": "Opslaget", "quote": "Ansøgningsfristen er den 25. august 2017", "updated": "2017-08-23"}]
)


def _turn(
    make: Callable[..., Any], kind: Kind, number: int, place: int, whole: int, started: datetime, chance: random.Random
) -> Any:
    useful = chance.choices((None, True, False), (90, 7, 3))[0]
    confidence = chance.betavariate(8, 1)
    id_ = number * 12 + place + 1
    return make(
        id=id_,
        event=id_,
        conversation_id=number + 1,
        number=place + 1,
        at=started + timedelta(minutes=place),
        question=kind.question,
        reply=kind.reply,
        intent=kind.topic,
        confidence=confidence,
        runner_up="overview",
        margin=max(0.0, 2 * confidence - 1),
        model=f"2026{number * _MODELS // whole:02d}-model",
        milliseconds=int(chance.lognormvariate(4.3, 0.5)),
        repeats=chance.random() < 0.03,
        useful=useful,
        reason="Det svarer ikke på det, jeg spurgte om." if useful is False and chance.random() < 0.3 else "",
        case=f"PG-2222-{id_ % 10_000:04d}" if chance.random() < 0.02 else "",
    )


def _store(made: Tables) -> None:
    from django.db import connection

    is_postgresql = connection.vendor == "postgresql"
    key = "conversation_id" if is_postgresql else "rowid"
    _copy("conversations_conversation", _CONVERSATION, made.conversations)
    _copy("conversations_turn", _TURN, made.turns)
    _copy("conversations_answer", _ANSWER, made.answers)
    _copy("conversations_search", [key, "words"] if is_postgresql else [key, "words", "tags"], made.search)


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from django.db import connection

    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            file = io.StringIO()
            csv.writer(file).writerows([["\\N" if cell is None else cell for cell in row] for row in rows])
            file.seek(0)
            cursor.copy_expert(rf"COPY {table} ({names}) FROM STDIN (FORMAT csv, NULL '\N')", file)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608 - names of our own
                [
                    [str(cell.replace(tzinfo=None)) if isinstance(cell, datetime) else cell for cell in row]
                    for row in rows
                ],
            )


def _megabytes() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0]) >> 20


def _measure(times: int) -> None:
    from staff.conversations.models import Conversation

    client, count = _client(), Conversation.objects.count()
    middle = f"{count // 2:032x}"
    values = {
        "middle": middle,
        "number": count // 2000 * 1000,
        "pool": next(iter(facts.current().pools)),
        "newest": f"2026{_MODELS - 1:02d}-model",
        "oldest": "202600-model",
    }
    second = f"{count - 51:032x}"
    pages = {name: f"/samtaler/?{query.format(**values)}" for name, query in _PAGES.items()}
    pages["list, 2nd page"] = f"/samtaler/?after={second}"
    pages["transcript"] = f"/samtaler/{middle}/?q=fristen"
    pages["overview, 30 days"] = "/overblik/?days=30"
    pages["overview, 365 days"] = "/overblik/?days=365"
    client.post("/samtaler/formaal/", {"purpose": "quality"})
    print(f"| page | median ms | p95 ms | highest ms | goal {GOAL} | median ms of own CPU |\n|---|--:|--:|--:|---|--:|")
    for name, page in pages.items():
        taken, worked = zip(*(_time(client, page) for _ in range(3 if "365" in name else times)), strict=True)
        median, p95, highest = (sorted(taken)[place(len(taken))] for place in (_middle, _p95, lambda count: count - 1))
        verdict = "" if "overview" in name else "met" if p95 <= GOAL else "missed"
        cpu = sorted(worked)[_middle(len(worked))]
        print(f"| {name} | {median:.0f} | {p95:.0f} | {highest:.0f} | {verdict} | {cpu:.0f} |", flush=True)


def _middle(count: int) -> int:
    return count // 2


def _p95(count: int) -> int:
    return max(0, -(-count * 95 // 100) - 1)


def _client() -> Client:
    from django.contrib.auth.models import Group, User
    from django.test import Client

    user, _ = User.objects.get_or_create(username="maaler")
    user.groups.set(Group.objects.filter(name="Administrator"))
    client = Client(headers={"host": "localhost"})
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def _time(client: Client, page: str) -> tuple[float, float]:
    """Return how long a page takes, and how much of that this process works; on SQLite, the database is part of it."""
    start, cpu = time.perf_counter(), time.process_time()
    response = client.get(page)
    taken = (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000
    assert response.status_code == 200, (page, response.status_code)
    return taken


if __name__ == "__main__":
    main()
