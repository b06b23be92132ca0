"""Watches the pools' pages on the web, and tells which facts no longer stand there."""

from __future__ import annotations

import argparse
import logging
import signal
import threading

from puljeguiden import facts, logs, settings, watched
from puljeguiden.editing import watch

HELP = "fetch the pools' pages every few hours, and tell what has changed; --once: now, and stop"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--once", action="store_true", help="look once, and stop")


def main(chosen: argparse.Namespace) -> int:
    """Return when stopped; after one look, 1 if a page could not be fetched."""
    logs.configure()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: stop.set())
    if chosen.once:
        return 1 if any(page.state == watch.FAILED for page in _look()) else 0
    keep_looking(stop)
    return 0


def keep_looking(stop: threading.Event) -> None:
    """Look at every page, again and again, until stopped. Whatever goes wrong, the next look is tried."""
    while True:
        try:
            _look()
        except Exception as error:
            logging.getLogger(__name__).error("pages not looked at: %s", type(error).__name__)
        if stop.wait(settings.get("PULJEGUIDEN_WATCH_HOURS") * 3600):
            return


def _look() -> list[watch.Page]:
    """Look at every page and print how it stands; broken facts wait for the next look."""
    data, private = settings.get("PULJEGUIDEN_DATA_DIR"), bool(settings.get("PULJEGUIDEN_FETCH_PRIVATE"))
    try:
        pages = watch.look(data, watched.home(), private=private)
    except facts.FactsError as error:
        logging.getLogger(__name__).error("facts cannot be read: %s", error)
        return []
    for page in pages:
        lost = f"; no longer there: {', '.join(page.lost)}" if page.lost else ""
        print(f"{page.pool}: {page.state}{f' ({page.error})' if page.error else ''}{lost}", flush=True)
    if not pages:
        print("No pool has an address (page.url in data/pools/).", flush=True)
    return pages
