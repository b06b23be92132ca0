"""Adds a pool from a description in a YAML file, or tells what the description lacks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from puljeguiden import settings
from puljeguiden.commands.describing import from_file
from puljeguiden.editing import fetching, pools, proposals
from puljeguiden.editing.files import refuse

HELP = "add a pool from a description (YAML), or tell what it lacks"
_BY_HAND = (
    "It is silent on what its description does not answer. By hand: the rest of its facts, its contacts in\n"
    "data/contacts.yml, tests/test_facts.py. No training, no restart."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("file", type=Path, help="id, name, names, text or text_file or url, facts (CONTRIBUTING.md)")
    parser.add_argument(
        "--folder", type=Path, default=settings.ROOT, help="where data/ and rasa_project/ are; default: here"
    )


def main(chosen: argparse.Namespace) -> int:
    """Return 0 when the pool is written; 1 when something is missing, and then nothing is written."""

    def add(pool: dict[str, Any]) -> list[str]:
        described = _with_text(pool, chosen.file.parent)
        written = pools.add(chosen.folder, described)
        for one in proposals.find(described["text"]):
            print(f"found: {one.kind} {one.text} ({', '.join(one.questions) or 'no topic'}): {one.quote}")
        return written

    return from_file(chosen.file, add, _BY_HAND)


def _with_text(pool: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return a description with the page's text in it: given, from a file beside it, or fetched from its address."""
    described = {key: value for key, value in pool.items() if key != "text_file"}
    if "text" in pool or not ("text_file" in pool or pool.get("url")):
        return described
    try:
        if "text_file" in pool:
            text = (folder / str(pool["text_file"])).read_text(encoding="utf-8")
        else:
            private = bool(settings.get("PULJEGUIDEN_FETCH_PRIVATE"))
            page = fetching.fetch(str(pool["url"]), private=private)
            assert page is not None  # only a page that was fetched before can be unchanged
            text = page.text
    except (OSError, UnicodeDecodeError) as error:
        raise refuse("text_file", "broken_file", f"cannot be read ({error})") from None
    except fetching.FetchError as error:
        raise refuse("url", error.code, str(error), **error.values) from None
    return {**described, "text": text}
