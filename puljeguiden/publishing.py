"""Trains, tests, compares and publishes a model as one job, in a process of its own, one at a time.

A model goes live only when no answer that was right becomes wrong, or somebody overrides that with a reason. Whatever
else happens (a broken file, a failed training, a killed job), the live model stays. Pages poll `status`.
"""

from __future__ import annotations

import fcntl
import os
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from puljeguiden import bank, checking, files, model, settings
from puljeguiden.children import ChildFailed, Children
from puljeguiden.evaluation import judging
from puljeguiden.evaluation.questions import Question

RUNNING, PUBLISHED, REFUSED, FAILED, CANCELLED, DIED = (
    "running",
    "published",
    "refused",
    "failed",
    "cancelled",
    "died",
)
STAGES = {"validate": 6.0, "train": 50.0, "evaluate": 60.0, "compare": 20.0, "publish": 1.0}
"""The stages, and how many seconds each is expected to take before there has been a first job."""
_PATIENCE_SECONDS = 1.0  # whoever reads the status holds the lock for a moment


class Busy(RuntimeError):
    """Another job is running."""


class Cancelled(BaseException):
    """Somebody has stopped the job."""


class Stopped(RuntimeError):
    """The job cannot go on. The message says why."""


@dataclass(frozen=True)
class Order:
    """What is to be published: by whom, why, and in spite of what.

    `root` holds another copy of the data (a draft); `land` then puts it in the place of the data, once the model has
    passed. `questions` are compared too, such as those that visitors asked lately, masked.
    """

    who: str
    note: str = ""
    override: str | None = None
    questions: tuple[Question, ...] = ()
    root: Path | None = None
    land: Callable[[], None] | None = None


@dataclass
class Job:
    """A job under way; each change is written to the status file."""

    order: Order
    expected: dict[str, float]
    took: dict[str, float] = field(default_factory=dict)
    state: str = RUNNING
    stage: str = ""
    problem: str | None = None
    version: str | None = None
    started: float = field(default_factory=time.time)
    entered: float = 0.0

    def enter(self, stage: str) -> None:
        """Begin a stage; the one before has ended."""
        now = time.time()
        if self.stage:
            self.took[self.stage] = round(now - self.entered, 1)
        self.stage, self.entered = stage, now
        self.write()

    def end(self, state: str, problem: str | None = None) -> str:
        """End the job."""
        if state == PUBLISHED:
            self.took[self.stage] = round(time.time() - self.entered, 1)
        self.state, self.problem = state, problem
        self.write()
        return state

    def write(self) -> None:
        """Write the status file."""
        content = {
            "state": self.state,
            "stage": self.stage,
            "entered": self.entered,
            "started": self.started,
            "written": time.time(),
            "took": self.took,
            "expected": self.expected,
            "pid": os.getpid(),
            "who": self.order.who,
            "note": self.order.note,
            "override": self.order.override,
            "version": self.version,
            "problem": self.problem,
        }
        files.write_json(_folder() / "status.json", content)


def log_file() -> Path:
    """Return the log of the job that runs or ran last."""
    return _folder() / "log"


def status() -> dict[str, Any] | None:
    """Return the job that runs or ran last; None where there never was one.

    `state` is `running`, `published`, `refused`, `failed`, `cancelled` or `died` (killed from outside); `seconds_left`
    is an estimate, 0 for a job that has ended.
    """
    found: dict[str, Any] | None = files.read_json(_folder() / "status.json")
    if found is None:
        return None
    if found["state"] == RUNNING and not _is_held():
        found["state"] = DIED
    left = 0.0
    if found["state"] == RUNNING:
        names = list(STAGES)
        rest = names[names.index(found["stage"]) + 1 :]
        left = max(0.0, found["expected"][found["stage"]] - (time.time() - found["entered"]))
        left += sum(found["expected"][name] for name in rest)
    return {**found, "seconds_left": round(left)}


def cancel() -> bool:
    """Stop the job that is running; return whether there was one."""
    found = status()
    if not found or found["state"] != RUNNING:
        return False
    os.kill(found["pid"], signal.SIGTERM)
    return True


def run(order: Order) -> str:
    """Do the job in this process, and return the state it ends in. SIGTERM and SIGINT cancel it.

    Raises:
        Busy: another job is running.
    """
    with _alone():
        before = files.read_json(_folder() / "status.json") or {}
        job = Job(order, {**STAGES, **before.get("took", {})})
        with log_file().open("w", encoding="utf-8") as log, _cancellable():
            try:
                with Children(log) as children:
                    return _work(job, children)
            except Cancelled:
                return job.end(CANCELLED)
            except (Stopped, ChildFailed, bank.BankError) as error:
                return job.end(FAILED, str(error))
            except Exception as error:  # a job always tells how it ended
                traceback.print_exc(file=log)
                return job.end(FAILED, f"{type(error).__name__}: {error}")


def _work(job: Job, children: Children) -> str:
    order = job.order
    job.enter("validate")
    if found := checking.problems(order.root):
        raise Stopped("\n".join(found))
    version = job.version = model.digest(order.root)
    judge = judging.Judge(children, version, order.root)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "classifier.json"
        job.enter("train")
        earlier = files.read_json(bank.report_file(version))
        validating = None if earlier else judge.start_cross_validation(out)
        if not _is_trained(version):
            root = order.root or settings.ROOT
            children.finish(children.start("rasa_project.train", "--only", "--root", str(root)))
            if model.digest(order.root) != version:
                raise Stopped("The files have changed meanwhile.")
        job.enter("evaluate")
        figures, replies = judge.evaluate(order.questions)
        if validating:
            children.finish(validating)
        classifier = files.read_json(out) if validating else earlier["classifier"]
    job.enter("compare")
    live = bank.live() if model.pointer().exists() else None
    comparison = None
    if live:
        try:
            comparison = judge.compare(live, order.questions, replies)
        except ChildFailed:
            if not order.override:
                raise Stopped("The live model cannot be asked, so nothing can be compared: give a reason.") from None
    report = judging.report(version, live, classifier, figures, comparison)
    files.write_json(bank.report_file(version), report)
    worse = comparison["worse"] if comparison else 0
    refusal = f"{worse} question(s) that got the right answer get a wrong one" if worse and not order.override else None
    bank.judge(version, judging.figures(report), refusal if version != live else None)
    if refusal:
        return job.end(REFUSED, refusal)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # from here on, it is either done or not
    job.enter("publish")
    if order.land:
        order.land()
    bank.publish(version, order.who, order.note, order.override if worse or not comparison else None)
    bank.prune()
    return job.end(PUBLISHED)


def _is_trained(version: str) -> bool:
    try:
        bank.check(version)
    except bank.BankError:
        return False
    return True


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock; the system frees it when this process ends, however it does.

    Raises:
        Busy: another job holds it.
    """
    _folder().mkdir(parents=True, exist_ok=True)
    with (_folder() / "lock").open("w") as lock:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise Busy("Another job is running.") from None
                time.sleep(0.05)
        yield


def _is_held() -> bool:
    with (_folder() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


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


def _folder() -> Path:
    path: Path = settings.get("PULJEGUIDEN_VAR_DIR") / "publishing"
    return path
