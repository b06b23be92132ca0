"""The staff service and what delivers to it, as processes that a test may start, kill and ask."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import requests

from puljeguiden.outbox import Outbox
from tests.conftest import ROOT, free_port, wait_for

PASSWORD = "kun-til-afproevning"
TOKEN = "kun-til-afproevning-af-doeren"

_COMMANDS = {
    "staff": ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"],
    "deliver": ["-m", "puljeguiden", "deliver"],
    "mail": ["-m", "staff", "send_letters"],
    "follow": ["-m", "staff", "follow"],
}


class Service:
    """One staff service with its outbox, in a var folder of its own."""

    def __init__(self, var: Path, **environment: str) -> None:
        self.var = var
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.outbox = Outbox(f"sqlite:///{var}/outbox.db")
        self.environment = {
            **os.environ,
            "PULJEGUIDEN_VAR_DIR": str(var),
            "PULJEGUIDEN_STAFF_PORT": str(self.port),
            "PULJEGUIDEN_ADMIN_PASSWORD": PASSWORD,
            "PULJEGUIDEN_STAFF_TOKEN": TOKEN,
            **environment,
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def prepare(self) -> str:
        """Make the database and the first account, and return what is printed."""
        return self.run("-m", "staff", "prepare")

    def run(self, *arguments: str) -> str:
        """Run Python in the service's environment, and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert not done.returncode, done.stderr
        return done.stdout

    def start(self, *names: str) -> None:
        """Start processes by name: staff, deliver, mail, follow."""
        for name in names:
            with (self.var / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    [sys.executable, "-W", "ignore", *_COMMANDS[name]],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        if "staff" in names:
            wait_for(self.is_up)

    def kill(self, name: str) -> None:
        """Kill a process and its children, as a power cut would."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Stop whatever runs."""
        for name in list(self._running):
            self.kill(name)

    def is_up(self) -> bool:
        """Return whether the service answers."""
        try:
            return requests.get(f"{self.url}/health", timeout=2).ok
        except requests.RequestException:
            return False

    def log(self, name: str) -> str:
        """Return what a process has logged."""
        return (self.var / f"{name}.log").read_text(encoding="utf-8")

    def login(self, name: str = "administrator", password: str = PASSWORD) -> requests.Session:
        """Log in as a browser would."""
        return login(self.url, name, password)

    def people(self, **roles: str) -> None:
        """Make accounts with roles, all with the one password."""
        lines = ["from django.contrib.auth.models import *"]
        for name, role in roles.items():
            made = f"User.objects.create_user('{name}', password='{PASSWORD}', first_name='{name.capitalize()}')"
            lines.append(f"{made}.groups.set(Group.objects.filter(name='{role}'))")
        self.run("-m", "staff", "shell", "-c", "\n".join(lines))


def login(url: str, name: str, password: str) -> requests.Session:
    """Log in at a staff service as a browser would."""
    session = requests.Session()
    page = session.get(f"{url}/log-ind/", timeout=10).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    form = {"username": name, "password": password, "csrfmiddlewaretoken": token[1]}
    answer = session.post(f"{url}/log-ind/", form, timeout=10)
    assert "Log ud" in answer.text
    return session
