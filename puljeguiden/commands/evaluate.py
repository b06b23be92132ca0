"""Judges a model: cross-validation, regression questions, near misses. Writes the report beside it in the bank."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from puljeguiden import bank, facts, files, model
from puljeguiden.children import ChildFailed, Children
from puljeguiden.evaluation import judging
from puljeguiden.evaluation.summary import summary

HELP = "judge a model: cross-validation, regression questions, near misses"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--model", help="its version; the live model where none is given")


def main(chosen: argparse.Namespace) -> int:
    """Print the report's summary; return 1 where the model could not be judged or fails a regression question."""
    try:
        version = chosen.model or bank.live()
        bank.check(version)
        with Children() as children, tempfile.TemporaryDirectory() as folder:
            judge = judging.Judge(children, version, Path(folder))
            validating = judge.start_cross_validation()
            figures, _ = judge.evaluate()
            report = judging.report(version, None, judge.cross_validation(validating), figures, None)
    except (bank.BankError, model.NoModel, ChildFailed, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    files.write_json(bank.report_file(version), report)
    known = bank.card(version)
    bank.judge(version, judging.figures(report), known.refused if known else None)
    labels = {topic: one.label for topic, one in facts.current().topics.items()}
    print("\n".join(summary(report, "en", labels)))
    print(f"The whole report: {bank.report_file(version)}")
    return 1 if report["regression"]["wrong"] else 0
