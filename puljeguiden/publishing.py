"""Trains, tests, compares and publishes as one job, in a process of its own, one at a time (`jobs`).

Something goes live only when no answer that was right becomes wrong, or somebody overrides that with a reason.
Whatever else happens (a broken file, a failed training, a killed job), what is live stays.
"""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from puljeguiden import bank, checking, files, jobs, model, settings
from puljeguiden.children import ChildFailed, Children
from puljeguiden.editing import Refused, drafts
from puljeguiden.editing.drafts import Draft
from puljeguiden.editing.files import PARTS
from puljeguiden.editing.history import Author, GitError
from puljeguiden.evaluation import judging, questions
from puljeguiden.evaluation.questions import Question
from puljeguiden.jobs import CANCELLED, FAILED, PASSED, PUBLISHED, REFUSED, Job, Order

_Verdict = dict[str, Any]


class Cancelled(BaseException):
    """Somebody has stopped the job."""


class Stopped(RuntimeError):
    """The job cannot go on. The message says why, and the code, for pages."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def start(order: Order, asked: Sequence[Question] = ()) -> None:
    """Begin the job in a process of its own, which outlives this one. The command line does the same in its own.

    Args:
        order: what to do.
        asked: questions to compare too, such as those that visitors asked lately, masked.

    Raises:
        Busy: another job is running.
    """
    with jobs.alone() as lock:
        files.write_json(_handed_file(), questions.to_json(asked))
        with jobs.open_log() as log:
            child = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "puljeguiden", "publish", *_words(order), f"--handed={lock}"],
                cwd=settings.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                pass_fds=(lock,),
                start_new_session=True,  # lest it ends with this process's group
            )
        Job(order, pid=child.pid).write()
    threading.Thread(target=child.wait, daemon=True).start()  # lest it stays a zombie


def _words(order: Order) -> list[str]:
    named = {
        "who": order.who,
        "note": order.note,
        "email": order.email,
        "draft": order.draft,
        "override": order.override,
    }
    return [*(f"--{name}={value}" for name, value in named.items() if value), *(["--hold"] if order.hold else [])]


def handed() -> list[Question]:
    """Return the questions that `start` has handed over; nothing of them is left."""
    found = questions.from_json(files.read_json(_handed_file()) or [])
    _handed_file().unlink(missing_ok=True)
    return found


def run(order: Order, asked: Sequence[Question] = (), lock: int | None = None) -> str:
    """Do the job in this process, and return the state it ends in. SIGTERM and SIGINT cancel it.

    Args:
        order: what to do.
        asked: as in `start`.
        lock: the number of the lock, where `start` has handed it over.

    Raises:
        Busy: another job is running.
    """
    with jobs.alone(lock):
        job = Job(order)
        job.write()
        with jobs.open_log() as log, _cancellable():
            try:
                with Children(log) as children:
                    return _work(job, children, asked)
            except Cancelled:
                return job.end(CANCELLED)
            except Stopped as error:
                return job.end(FAILED, error.code, str(error))
            except (ChildFailed, bank.BankError) as error:
                return job.end(FAILED, job.stage, str(error))
            except Exception as error:  # a job always tells how it ended
                traceback.print_exc(file=log)
                return job.end(FAILED, "internal", f"{type(error).__name__}: {error}")


def _work(job: Job, children: Children, asked: Sequence[Question]) -> str:
    order = job.order
    draft = _draft(order)
    root = draft.work if draft else None
    if found := checking.problems(root):
        raise Stopped("broken", "\n".join(found))
    version = job.version = model.digest(root)
    live = bank.live() if model.pointer().exists() else None
    job.trains = not _is_trained(version)
    verdict = None if asked or job.trains else _earlier(_mark(version, live, root))
    if not verdict:
        verdict = _judge(job, children, root, live, asked)
        files.write_json(_verdict_file(), verdict)
    job.verdict = verdict
    if problem := _refusal(order, verdict):
        return job.end(REFUSED, *problem)
    if order.hold:
        return job.end(PASSED)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # from here on, it is either done or not
    job.enter("publish")
    bank.check(version)
    if live and bank.live() != live:
        raise Stopped("changed", "Another model has gone live meanwhile.")
    if draft:
        _land(draft, order, verdict, live)
    bank.publish(version, order.who, order.note, order.override if verdict["worse"] or verdict["unknown"] else None)
    bank.prune()
    return job.end(PUBLISHED)


def _draft(order: Order) -> Draft | None:
    """Return the draft that is to be published, with what others have published meanwhile."""
    if not order.draft:
        return None
    try:
        draft = drafts.get(drafts.home(), order.draft)
    except Refused as error:
        raise Stopped("no_draft", str(error)) from None
    if not order.note.strip():
        raise Stopped("no_reason", "A draft goes live with a reason.")
    if left := drafts.update(draft, settings.ROOT):
        raise Stopped("conflict", "Somebody else has changed the same place: " + ", ".join(left))
    if not drafts.diff(draft):
        raise Stopped("no_changes", "The draft changes nothing.")
    return draft


def _judge(job: Job, children: Children, root: Path | None, live: str | None, asked: Sequence[Question]) -> _Verdict:
    """Train where that is needed, evaluate, compare with what is live, write the report, and return the verdict."""
    version = str(job.version)
    mark = _mark(version, live, root)
    earlier = files.read_json(bank.report_file(version)) or {}
    with tempfile.TemporaryDirectory() as name:
        judge = judging.Judge(children, version, Path(name), root)
        job.enter("train")
        validating = judge.start_cross_validation() if version != live and not earlier.get("classifier") else None
        if job.trains:
            children.finish(children.start("rasa_project.train", "--only", "--root", str(root or settings.ROOT)))
        if _mark(version, live, root) != mark:
            raise Stopped("changed", "The files have changed meanwhile.")
        job.enter("evaluate")
        before = judge.start_asking_live(live, asked)
        figures, after = judge.evaluate(asked, with_near_misses=version != live)
        classifier = judge.cross_validation(validating) if validating else earlier.get("classifier")
        figures.setdefault("near_misses", earlier.get("near_misses"))
        job.enter("compare")
        comparison, unknown = None, False
        if live:
            try:
                comparison = judge.compare(asked, before, after)
            except ChildFailed:
                unknown = True
    report = judging.report(version, live, classifier, figures, comparison)
    files.write_json(bank.report_file(version), report)
    worse = comparison["worse"] if comparison else 0
    refused = _told(worse) if worse and version != live else None
    bank.judge(version, judging.figures(report), refused)
    return {"of": mark, "worse": worse, "unknown": unknown}


def _refusal(order: Order, verdict: _Verdict) -> tuple[str, str] | None:
    """Return why something may not go live: a code for pages, and words."""
    if order.override:
        return None
    if verdict["unknown"]:
        return "live_unknown", "The live model cannot be asked, so nothing can be compared: give a reason."
    return ("worse", _told(verdict["worse"])) if verdict["worse"] else None


def _told(worse: int) -> str:
    return f"{worse} question(s) that got the right answer get a wrong one"


def _land(draft: Draft, order: Order, verdict: _Verdict, live: str | None) -> None:
    """Put a draft in the place of the data, if both are still what was judged."""
    if _mark(model.digest(draft.work), live, draft.work) != verdict["of"]:
        raise Stopped("changed", "The files have changed meanwhile.")
    author = Author(order.who, order.email) if order.email else Author(order.who)
    try:
        drafts.publish(draft, settings.ROOT, author, order.note)
    except Refused as error:
        code = "conflict" if any(one.code == "conflict" for one in error.problems) else "broken"
        raise Stopped(code, str(error)) from None
    except (GitError, OSError) as error:
        raise Stopped("history", str(error)) from None


def _mark(version: str, live: str | None, root: Path | None) -> str:
    """Return a digest of all that a verdict is about: both models, and the data that each answers from."""
    total = hashlib.sha256(f"{version} {live}".encode())
    for folder in filter(None, (settings.ROOT, root)):
        for part in PARTS:
            found = [folder / part] if (folder / part).is_file() else sorted((folder / part).rglob("*"))
            for file in found:
                if file.is_file():
                    total.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def _earlier(mark: str) -> _Verdict | None:
    """Return the last verdict, if it is about the same."""
    found: _Verdict | None = files.read_json(_verdict_file())
    return found if found and found["of"] == mark else None


def _is_trained(version: str) -> bool:
    try:
        bank.check(version)
    except bank.BankError:
        return False
    return True


@contextmanager
def _cancellable() -> Iterator[None]:
    def stop(*_: object) -> NoReturn:
        raise Cancelled

    usual = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


def _handed_file() -> Path:
    return jobs.folder() / "questions.json"


def _verdict_file() -> Path:
    return jobs.folder() / "verdict.json"
