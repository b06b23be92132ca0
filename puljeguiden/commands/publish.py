"""Trains, tests, compares with the live model and publishes, unless an answer that was right becomes wrong."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from puljeguiden import bank, facts, files, jobs, publishing
from puljeguiden.commands import user
from puljeguiden.evaluation import questions
from puljeguiden.evaluation.summary import summary

HELP = "validate, train, evaluate, compare, and put the model live if no answer gets worse"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--who", default=user(), help="who publishes; by default the system's user")
    parser.add_argument("--email", default="", help="their address, for the commit of a draft")
    parser.add_argument("--note", default="", help="why")
    parser.add_argument("--draft", help="a trainer's draft, which becomes the data once it has passed")
    parser.add_argument("--hold", action="store_true", help="end before anything goes live; without it, it goes on")
    parser.add_argument("--override", metavar="REASON", help="publish although answers get worse, for this reason")
    parser.add_argument("--questions", type=Path, help="file with more questions to compare, one a line")
    parser.add_argument("--handed", type=int, help=argparse.SUPPRESS)  # publishing.start holds the lock already
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--status", action="store_true", help="tell how far the job is, or how the last one ended")
    other.add_argument("--cancel", action="store_true", help="stop the job that is running")


def main(chosen: argparse.Namespace) -> int:
    """Do the job; return 0 where it went well, 130 where it was cancelled, 1 otherwise."""
    if chosen.cancel:
        print("Cancelled." if jobs.cancel() else "No job is running.")
        return 0
    if chosen.status:
        print(_told(jobs.status()))
        return 0
    order = jobs.Order(chosen.who, chosen.note, chosen.email, chosen.draft, chosen.override, chosen.hold)
    try:
        asked = questions.read(chosen.questions) if chosen.questions else []
        if chosen.handed is not None:
            asked = publishing.handed()
        print("Publishing (about two minutes) …", flush=True)
        state = publishing.run(order, asked, chosen.handed)
    except (jobs.Busy, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    job = jobs.status() or {}
    report = files.read_json(bank.report_file(job["version"])) if job.get("version") else None
    if report and state in {jobs.PASSED, jobs.PUBLISHED, jobs.REFUSED}:
        labels = {topic: one.label for topic, one in facts.current().topics.items()}
        print("\n".join(summary(report, "en", labels)))
    print(_told(job))
    return {jobs.PASSED: 0, jobs.PUBLISHED: 0, jobs.CANCELLED: 130}.get(state, 1)


def _told(job: dict[str, object] | None) -> str:
    if not job:
        return "There has been no job yet."
    if job["state"] == jobs.RUNNING:
        return f"{job['stage']}: about {job['seconds_left']} s left. Log: {jobs.log_file()}"
    why = f": {job['problem']}" if job["problem"] else ""
    stays = "" if job["state"] == jobs.PUBLISHED else f" The live model stays. Log: {jobs.log_file()}"
    return f"{str(job['state']).capitalize()}{why}.{stays}"
