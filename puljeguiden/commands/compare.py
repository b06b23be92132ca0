"""Compares what a trained model answers with what the live one answers; nothing goes live."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from puljeguiden import bank, facts, files, model
from puljeguiden.children import ChildFailed, Children
from puljeguiden.evaluation import comparing, judging, questions

HELP = "show which questions another model answers differently than the live one"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--model", help="its version; that of the files as they are where none is given")
    parser.add_argument(
        "--questions", type=Path, help="file with more questions, one a line, or YAML as in data/tests/"
    )
    parser.add_argument("--json", type=Path, help="also write the comparison to this file")


def main(chosen: argparse.Namespace) -> int:
    """Print every changed answer, before and after; return 1 where one gets worse, or nothing could be compared."""
    try:
        version, live = chosen.model or model.digest(), bank.live()
        bank.check(version)
        others = questions.read(chosen.questions) if chosen.questions else []
        with Children() as children, tempfile.TemporaryDirectory() as folder:
            judge = judging.Judge(children, version, Path(folder))
            asked = [*judge.regression, *others]
            before, after = judge.ask(live, asked, None), judge.ask(version, asked, None)
            comparison = comparing.compare(asked, before.replies(), after.replies())
    except (bank.BankError, model.NoModel, ChildFailed, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if chosen.json:
        files.write_json(chosen.json, comparison)
    labels = {topic: one.label for topic, one in facts.current().topics.items()}
    for group in comparison["topics"]:
        print(f"\n{labels.get(group['topic'], group['topic'])}")
        for change in group["changes"]:
            print(f"  {' – '.join([*change['earlier'], change['question']])}  [{change['verdict']}]")
            print(f"    before: {change['before']['text']!r}\n    after:  {change['after']['text']!r}")
    counts = ", ".join(f"{key}: {comparison[key]}" for key in ("asked", "worse", "better", "other"))
    print(f"{version} beside {live}: {counts}")
    return 1 if comparison["worse"] else 0
