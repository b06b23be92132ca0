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
    for door in ("", "STAFF_"):
        name = f"PULJEGUIDEN_{door}PORT"
        if not _free(settings.get(f"PULJEGUIDEN_{door}HOST"), settings.get(name)):
            print(f"Port {settings.get(name)} is in use. Stop what uses it, or set {name}.", file=sys.stderr)
            return 1
    if code := check.main() or _prepare_staff() or train.main():
        return code
    logs = settings.get("PULJEGUIDEN_VAR_DIR") / "log"
    logs.mkdir(parents=True, exist_ok=True)
    logs.parent.chmod(0o700)  # nobody else on this machine reads conversations
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
    url, staff = settings.local_url(""), settings.local_url("STAFF_")
    print("Starting …", flush=True)
    if _wait_until_ready((url, staff), supervisor):
        print(
            f"Puljeguiden is ready.\n  website:       {url}/\n  chat:          {url}/chat\n"
            f"  chat endpoint: {url}/webhooks/rest/webhook\n  health:        {url}/health\n"
            f"  staff:         {settings.get('PULJEGUIDEN_STAFF_PUBLIC_URL') or staff}\n  logs:          {logs}\n"
            "Ctrl-C stops it. `make chat` talks to it in the terminal.",
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


def _prepare_staff() -> int:
    """Bring the staff service's database up to date; the first time, this prints the first account."""
    return subprocess.run([sys.executable, "-m", "staff", "prepare"], cwd=settings.ROOT, check=False).returncode


def _free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _wait_until_ready(urls: tuple[str, ...], supervisor: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and supervisor.poll() is None:
        if all(_is_well(url) for url in urls):
            return True
        time.sleep(0.3)
    return False


def _is_well(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=2).ok
    except requests.RequestException:
        return False
