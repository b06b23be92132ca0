"""A process that takes locks: `python -m tests.locking <database> <folder> <conversations>`, or `… hold`.

For each conversation it makes a file while it holds the lock: a file that is there already is somebody else's.
Prints how many locks it had and how often it was not alone.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from rasa_project import lock_store


async def take(locks: lock_store.AdvisoryLocks, folder: Path, conversation: str) -> bool:
    """Hold one lock for a moment, and return whether nobody else held it too."""
    async with locks.lock(conversation):
        try:
            (folder / conversation).touch(exist_ok=False)
        except FileExistsError:
            return False
        await asyncio.sleep(0.002)
        (folder / conversation).unlink()
        return True


async def main(url: str, folder: Path, what: str) -> None:
    """Take the locks when the other process is ready too."""
    locks = lock_store.for_database(url)
    if what == "hold":
        async with locks.lock("held"):
            print("holds", flush=True)
            await asyncio.sleep(600)
    print("ready", flush=True)
    sys.stdin.readline()
    alone = await asyncio.gather(*(take(locks, folder, f"conversation-{n}") for n in range(int(what))))
    print(len(alone), alone.count(False), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
