"""Starts what docker-compose.yml describes, by hand: the same commands, settings, secrets and health checks.

What differs is said here and in `servers.py`: all share one machine, so ports are drawn, and what images do before
their command (making a database cluster) is done before it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.scale import compose, servers
from benchmarks.stock.processes import free_port
from puljeguiden.settings import ROOT

CHAT, STAFF = "chat.example.test", "staff.example.test"
_DOORS = ("postgres:5432", "redis:6379", "actions:5055", "staff:5006", "proxy:8080", "proxy:8443", "proxy:8081")
_HEALTHY_SECONDS = 150
_PROGRAMS = {"postgres": servers.postgres, "redis": servers.redis, "proxy": servers.nginx}


class Services:
    """All services in one folder. `assistants` is how many of Rasa there are, `settings` what .env says."""

    def __init__(self, folder: Path, models: Path, assistants: int = 2, **settings: str) -> None:
        self.folder = folder
        self.ports = {door: free_port() for door in _DOORS}
        self.assistants = [free_port() for _ in range(assistants)]
        self.places = compose.Places(folder, self.ports)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        _setup().make(folder, CHAT, STAFF)
        url = folder / "deploy" / "local" / "secrets" / "database_url"
        url.write_text(self.places.translated(url.read_text(encoding="utf-8")), encoding="utf-8")
        lines = (folder / ".env").read_text(encoding="utf-8").splitlines()
        self._env_file = {**dict(line.split("=", 1) for line in lines if "=" in line), **settings}
        self._described = compose.filled(compose.read()["services"], self._env_file)
        self.database_url = url.read_text(encoding="utf-8").strip()
        shutil.copytree(models, folder / "var" / "models", dirs_exist_ok=True)
        (folder / "log").mkdir(exist_ok=True)

    @property
    def url(self) -> str:
        """The address visitors use, through the proxy; its name is only known to `visitors`."""
        return f"https://{CHAT}:{self.ports['proxy:8443']}"

    @property
    def certificate(self) -> Path:
        """What the proxy proves itself with."""
        return self.folder / "deploy" / "local" / "secrets" / "tls_certificate"

    def start_all(self) -> None:
        """Start every service after those it depends on are as it wants them."""
        for name in self._described:
            self._start_with_what_it_needs(name)

    def start(self, process: str) -> None:
        """Start one process: a service's name, or «assistant-0», «assistant-1»."""
        service, _, number = process.partition("-")
        command, environment, user = self._command(service, int(number or 0))
        with (self.folder / "log" / f"{process}.log").open("ab") as log:
            self._running[process] = subprocess.Popen(
                [*user, *command],
                cwd=ROOT if not user else "/",
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, process: str) -> None:
        """Kill a process and its children, as a power cut would."""
        started = self._running.pop(process)
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()

    def stop(self, process: str) -> None:
        """Stop a process as Docker does."""
        service = process.partition("-")[0]
        started = self._running.pop(process)
        started.send_signal(getattr(signal, self._described[service].get("stop_signal", "SIGTERM")))
        try:
            started.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()

    def stop_all(self) -> None:
        """Stop all that runs, the last started first."""
        for process in reversed(list(self._running)):
            self.stop(process)
        shutil.rmtree(servers.postgres_home(self.places), ignore_errors=True)

    def pids(self) -> dict[str, list[int]]:
        """Return the ids of each service's processes."""
        found: dict[str, list[int]] = {}
        for process, started in self._running.items():
            found.setdefault(process.partition("-")[0], []).append(started.pid)
        return found

    def wait_until_healthy(self, process: str, seconds: float = _HEALTHY_SECONDS) -> None:
        """Ask a service's own health check until it is content.

        Raises:
            RuntimeError: it is not in time, or the process has ended.
        """
        deadline = time.monotonic() + seconds
        while not self.is_healthy(process):
            ended = process in self._running and self._running[process].poll() is not None
            if ended or time.monotonic() > deadline:
                raise RuntimeError(f"{process} is not healthy; see {self.folder / 'log'}: {self.last_words(process)}")
            time.sleep(0.3)

    def is_healthy(self, process: str) -> bool:
        """Return what a service's health check in the file says."""
        service, _, number = process.partition("-")
        kind, *test = self._described[service]["healthcheck"]["test"]
        if kind != "CMD":
            raise ValueError(f"{service}: only health checks without a shell are known here")
        if service == "assistant":
            test = [word.replace(":5005", f":{self.assistants[int(number or 0)]}") for word in test]
        test = servers.own_check(service, self.places) or [self.places.within(service, word) for word in test]
        environment = self._environment(service, int(number or 0))
        done = subprocess.run(test, cwd=ROOT, env=environment, capture_output=True, check=False)
        return done.returncode == 0

    def run(self, service: str, *command: str) -> str:
        """Run a command as in a service's container, and return what it says.

        Raises:
            RuntimeError: it failed.
        """
        done = subprocess.run(
            command, cwd=ROOT, env=self._environment(service, 0), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def last_words(self, process: str) -> str:
        """Return the end of a process's log."""
        file = self.folder / "log" / f"{process}.log"
        return file.read_text(encoding="utf-8", errors="replace")[-2000:] if file.exists() else ""

    def _start_with_what_it_needs(self, service: str) -> None:
        if any(process.partition("-")[0] == service for process in self._running):
            return
        for needed, how in self._described[service].get("depends_on", {}).items():
            self._start_with_what_it_needs(needed)
            if how["condition"] == "service_healthy":
                for process in self._processes(needed):
                    self.wait_until_healthy(process)
        if self._described[service].get("restart") == "no":  # runs to its end before the others start
            marker = self.folder / f".{service}"
            if not marker.exists():
                command, _, _ = self._command(service, 0)
                self.run(service, *command)
                marker.touch()
            return
        for process in self._processes(service):
            self.start(process)

    def _processes(self, service: str) -> Iterator[str]:
        if service == "assistant":
            yield from (f"assistant-{number}" for number in range(len(self.assistants)))
        else:
            yield service

    def _command(self, service: str, number: int) -> tuple[list[str], dict[str, str], list[str]]:
        """Return how a service is started: command, environment, and whom to run it as."""
        described = self._described[service]
        given = [*described.get("entrypoint", []), *described.get("command", [])]
        words = [self.places.translated(word) for word in given]
        environment = self._environment(service, number)
        if service in _PROGRAMS:
            return _PROGRAMS[service](words, environment, self.places, self.assistants)
        return words, environment, []

    def _environment(self, service: str, number: int) -> dict[str, str]:
        """Return a service's environment: only what the file says, and what tells it its drawn port."""
        described = self._described[service]
        given = {**(self._env_file if "env_file" in described else {}), **described.get("environment", {})}
        # `python` is this one, as it is the image's there.
        here = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}
        environment = {name: self.places.translated(str(value)) for name, value in given.items()}
        ports = {
            "PULJEGUIDEN_PORT": self.assistants[number],
            "PULJEGUIDEN_STAFF_PORT": self.ports["staff:5006"],
            "SANIC_PORT": self.ports["actions:5055"],
        }
        wanted = {"assistant": ["PULJEGUIDEN_PORT"], "actions": ["SANIC_PORT"]}.get(service, ["PULJEGUIDEN_STAFF_PORT"])
        return {**here, **environment, **{name: str(ports[name]) for name in wanted}}


def _setup() -> Any:
    """Return deploy/setup.py, which is no package's module."""
    spec = importlib.util.spec_from_file_location("deploy_setup", ROOT / "deploy" / "setup.py")
    if not spec or not spec.loader:
        raise RuntimeError("deploy/setup.py cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
