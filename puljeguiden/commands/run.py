"""Starts the whole assistant, keeps it running, and says when it is ready and where."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType

import requests

from puljeguiden import settings
from puljeguiden.commands import check, train

HELP = "train if needed, start everything, restart what dies; Ctrl-C stops it all"

_READY_SECONDS = 180


def main() -> int:
    """Return when stopped; 1 when it could not start."""
    host, port = settings.get("PULJEGUIDEN_HOST"), settings.get("PULJEGUIDEN_PORT")
    if not _free(host, port):
        print(f"Port {port} is in use. Stop what uses it, or set PULJEGUIDEN_PORT.", file=sys.stderr)
        return 1
    if code := check.main() or train.main():
        return code
    logs = settings.get("PULJEGUIDEN_VAR_DIR") / "log"
    logs.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "ASSISTANT_PYTHON": sys.executable, "ASSISTANT_LOG_DIR": str(logs)}
    configuration = settings.ROOT / "deploy" / "supervisord.conf"
    supervisor = subprocess.Popen(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "supervisor.supervisord",
            "--nodaemon",
            "--configuration",
            str(configuration),
        ],
        cwd=settings.ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        supervisor.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - only compared
    print("Starting …", flush=True)
    if _wait_until_ready(url, supervisor):
        print(
            f"Puljeguiden is ready.\n  website:       {url}/\n  chat:          {url}/chat\n"
            f"  chat endpoint: {url}/webhooks/rest/webhook\n  health:        {url}/health\n"
            f"  logs:          {logs}\nCtrl-C stops it. `make chat` talks to it in the terminal.",
            flush=True,
        )
    elif supervisor.poll() is None:
        print(f"It did not get ready within {_READY_SECONDS} s. See {logs}.", file=sys.stderr)
        supervisor.terminate()
        supervisor.wait()
        return 1
    supervisor.wait()
    print("Stopped.")
    return 0


def _free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _wait_until_ready(url: str, supervisor: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and supervisor.poll() is None:
        try:
            if requests.get(f"{url}/health", timeout=2).ok:
                return True
        except requests.RequestException:
            pass
        time.sleep(0.3)
    return False
