"""Processes that talk to the small assistant, and are killed: `python -m tests.small.forked <model> <database> <database>`.

The assistant is loaded once; each process is a fork that opens the database itself. A message counts as answered when
its reply has been written to a pipe, which outlives the process. In the first database, processes are killed; in the
second one, two talk at once. What was answered is printed as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import signal
import sys
import time
import warnings
from pathlib import Path
from typing import TextIO

from rasa.core.agent import Agent

from puljeguiden.database import Unavailable
from rasa_project import lock_store
from rasa_project.tracker_store import ConversationStore
from tests.small import assistant

SENDER = "anna-0123456789012345678901"


async def talk(agent: Agent, database: str, pipe: int, who: str, first: int, messages: int) -> None:
    """Open the database, send messages one after the other, and write down each that was answered."""
    assistant.use(agent, ConversationStore(database))
    agent.lock_store = agent.processor.lock_store = lock_store.for_database(database)
    for number in range(first, first + messages):
        text = f"tæl {who}{number}"
        try:
            (reply,) = await assistant.say(agent, SENDER, text)
        except Unavailable:
            continue
        os.write(pipe, f"{json.dumps([text, int(reply)])}\n".encode())


def fork(agent: Agent, database: str, who: str, first: int, messages: int) -> tuple[int, TextIO]:
    """Start a process that talks; return its id, and the pipe on which it tells what was answered."""
    reading, writing = os.pipe()
    if process := os.fork():
        os.close(writing)
        return process, os.fdopen(reading, encoding="utf-8")
    try:
        asyncio.run(talk(agent, database, writing, who, first, messages))
    finally:
        os._exit(0)


def answered(process: int, pipe: TextIO) -> list[list[object]]:
    """Wait for a process's end, and return what was answered since the pipe was read last."""
    os.waitpid(process, 0)
    with pipe:
        return [json.loads(line) for line in pipe]


def killed(agent: Agent, database: str) -> list[list[list[object]]]:
    """Kill one process after the other at random moments, until 200 messages have been answered."""
    rounds: list[list[list[object]]] = []
    chance = random.Random(5)
    while sum(map(len, rounds)) < 200 or len(rounds) < 12:
        process, pipe = fork(agent, database, "", 1000 * len(rounds), 1000)
        first = [json.loads(pipe.readline()) for _ in range(chance.randrange(40))]
        time.sleep(chance.uniform(0, 0.02))
        os.kill(process, signal.SIGKILL)
        rounds.append(first + answered(process, pipe))
    return rounds


def together(agent: Agent, database: str) -> list[list[list[object]]]:
    """Let two processes talk in one conversation at the same time."""
    both = [fork(agent, database, who, 0, 100) for who in ("a", "b")]
    return [answered(*one) for one in both]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    loaded = assistant.load(Path(sys.argv[1]))
    gc.freeze()  # forks share what is not touched
    print(json.dumps([killed(loaded, sys.argv[2]), together(loaded, sys.argv[3])]))
