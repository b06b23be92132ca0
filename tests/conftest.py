"""What tests share: the facts, a trained model, an assistant in this process, and one running as visitors meet it."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from puljeguiden import bank, model, settings
from puljeguiden import facts as facts_module
from tests.environment import ROOT, SHARED

NOW = datetime(2026, 11, 20, 12, 0)


@pytest.fixture(autouse=True)
def _looking_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests' own process notice a changed file at once."""
    monkeypatch.setattr(facts_module, "MOMENT", -1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run files that need no trained model first: it is being trained meanwhile."""
    waiting = {item.path for item in items if {"trained", "taught"} & set(getattr(item, "fixturenames", ()))}
    items.sort(key=lambda item: item.path in waiting)


@pytest.fixture(scope="session")
def facts() -> facts_module.Facts:
    """The facts as they stand in data/."""
    return facts_module.load(ROOT / "data")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A copy of data/ that a test may change."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


def train_if_needed() -> None:
    """Train a model from the files as they are, if they have changed; one process does it, others wait."""
    folder = settings.get("PULJEGUIDEN_VAR_DIR")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not bank.is_current():
            subprocess.run(
                [sys.executable, "-W", "ignore", "-m", "rasa_project.train"],
                cwd=ROOT,
                check=True,
                stdout=subprocess.DEVNULL,
            )


@pytest.fixture(scope="session")
def trained() -> Path:
    """A model trained from the files as they are."""
    train_if_needed()
    return model.live()


@pytest.fixture(scope="session")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small copy of the project with its model live: to be copied, not changed. One for all processes of a run."""
    from tests import workshop

    folder = Path(os.environ.get(SHARED) or tmp_path_factory.mktemp("taught"))
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            workshop.taught(folder / "shop")
            (folder / "done").touch()
    return folder / "shop"


@pytest.fixture
def own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A var folder of the test's own, for this process and those it starts."""
    monkeypatch.setenv("PULJEGUIDEN_VAR_DIR", str(tmp_path / "var"))
    settings.get.cache_clear()
    yield tmp_path / "var"
    monkeypatch.undo()
    settings.get.cache_clear()


class Visitor:
    """Somebody who chats over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sender = secrets.token_urlsafe(24)

    def post(self, body: Any = None, raw: bytes | None = None, **headers: str) -> requests.Response:
        """Send a request body as it is."""
        address = f"{self.url}/webhooks/rest/webhook"
        if raw is not None:
            return requests.post(address, data=raw, headers=headers, timeout=30)
        return requests.post(address, json=body, headers=headers, timeout=30)

    def say(self, message: str, **metadata: Any) -> dict[str, Any]:
        """Send a message and return the one reply."""
        response = self.post({"sender": self.sender, "message": message, "metadata": metadata})
        assert response.status_code == 200, response.text
        replies = response.json()
        assert len(replies) == 1
        reply: dict[str, Any] = replies[0]
        return reply


def answered(reply: dict[str, Any]) -> list[tuple[str | None, str, str]]:
    """Return what kinds of answers a reply holds: (pool, topic, status)."""
    return [(answer["pool"], answer["topic"], answer["status"]) for answer in reply["custom"]["answers"]]


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


class Running:
    """The assistant as `make run` starts it, with an environment of its own; or only the process that answers visitors."""

    def __init__(self, var: Path, root: Path = ROOT, *, whole: bool = True, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.staff_port = free_port()
        self.staff_url = f"http://127.0.0.1:{self.staff_port}"
        self.var, self._root, self._whole = var, root, whole
        self._environment = {
            **os.environ,
            "PULJEGUIDEN_VAR_DIR": str(var),
            "PULJEGUIDEN_PORT": str(self.port),
            "PULJEGUIDEN_STAFF_PORT": str(self.staff_port),
            **environment,
        }
        models = var / "models"
        if not models.exists():
            var.mkdir(parents=True, exist_ok=True)
            shutil.copytree(model.folder(), models)
        self.begin()

    def begin(self) -> None:
        """Start it, or start it again."""
        module = ["puljeguiden", "run"] if self._whole else ["rasa_project.serve"]
        with (self.var / "run.log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore::DeprecationWarning", "-m", *module],
                cwd=self._root,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def wait(self, seconds: float = 120) -> None:
        """Wait until the assistant is ready."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.output()
            if "is ready" in self.output() if self._whole else self.answers():
                return
            time.sleep(0.2)
        raise AssertionError(f"not ready: {self.output()}")

    def answers(self) -> bool:
        """Return whether visitors get answers."""
        try:
            return requests.get(f"{self.url}/ready", timeout=2).ok
        except requests.RequestException:
            return False

    def output(self) -> str:
        """Return what `make run` has printed."""
        return (self.var / "run.log").read_text(encoding="utf-8")

    def stop(self) -> int:
        """Stop it as Ctrl-C does, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@contextmanager
def running(var: Path, seconds: float = 120, **options: Any) -> Iterator[Running]:
    """Run an assistant, ready to be asked; it may take so long to get ready."""
    assistant = Running(var, **options)
    try:
        assistant.wait(seconds)
        yield assistant
    finally:
        assistant.stop()


@pytest.fixture
def start(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Start assistants for one test, each only with the process that answers visitors, or `whole`."""
    with ExitStack() as stack:

        def begin(*, whole: bool = False, **environment: str) -> Running:
            return stack.enter_context(running(tmp_path_factory.mktemp("var") / "var", whole=whole, **environment))

        yield begin


@pytest.fixture(scope="session")
def assistant(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One whole assistant that tests share; they must leave it as it is."""
    with running(tmp_path_factory.mktemp("shared") / "var", PULJEGUIDEN_TODAY="2026-11-20T12:00") as shared:
        yield shared


@pytest.fixture
def visitor(assistant: Running) -> Visitor:
    """Somebody new who chats with the shared assistant."""
    return Visitor(assistant.url)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Any]:
    """A PostgreSQL server of our own; a test that stops it has to start it again."""
    from tests.postgresql import Server

    server = Server()
    server.start()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql").database())
    return f"sqlite:///{tmp_path / 'conversations.db'}"


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of the small assistant."""
    from tests.small import assistant

    return assistant.trained(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small(small_model: Path) -> Any:
    """The small assistant, without a store."""
    from tests.small import assistant

    return assistant.load(small_model)
