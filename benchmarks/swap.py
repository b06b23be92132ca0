"""Measures what visitors notice of a model swap: `python -m benchmarks.swap [--swaps N]`. Keep the machine idle.

Five messages a second go to an assistant of its own, half the time without a swap and then with swaps, each between
the live model and a copy of it. Prints how long messages took, how many failed, and the memory after each swap.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import requests

from puljeguiden import model, settings

_A_SECOND = 5
_BETWEEN_SECONDS = 20.0  # long enough for the old model to be let go
_QUESTIONS = ("hvornår er fristen?", "hvem kan søge handlingsplanerne", "og den anden pulje?", "hvor står det")


class Traffic:
    """Visitors who write five messages a second, whatever becomes of them."""

    def __init__(self, url: str) -> None:
        self.times: list[float] = []
        self.failed = 0
        self._url = f"{url}/webhooks/rest/webhook"

    def run(self, seconds: float) -> None:
        """Send messages for so long, each at its time."""
        started = time.monotonic()
        senders = [secrets.token_hex(16) for _ in range(_A_SECOND)]
        threads = []
        for number in range(int(seconds * _A_SECOND)):
            time.sleep(max(0.0, started + number / _A_SECOND - time.monotonic()))
            body = {"sender": senders[number % _A_SECOND], "message": _QUESTIONS[number // _A_SECOND % len(_QUESTIONS)]}
            threads.append(threading.Thread(target=self._send, args=(body,)))
            threads[-1].start()
        for thread in threads:
            thread.join()

    def _send(self, body: dict[str, str]) -> None:
        started = time.monotonic()
        try:
            reply = requests.post(self._url, json=body, timeout=30)
            well = reply.ok and all(one["custom"]["answer"]["status"] != "error" for one in reply.json())
        except (requests.RequestException, ValueError, KeyError):
            well = False
        self.times.append(time.monotonic() - started)
        self.failed += not well

    def told(self) -> str:
        """Return the figures in words."""
        ordered = sorted(self.times)
        return (
            f"{len(ordered)} messages, {self.failed} failed, median {1000 * median(ordered):.0f} ms, "
            f"99 % {1000 * ordered[int(0.99 * len(ordered))]:.0f} ms, longest {1000 * ordered[-1]:.0f} ms"
        )


@contextmanager
def running(var: Path) -> Iterator[tuple[str, int]]:
    """Run an assistant on a folder of its own; yield its address and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"PULJEGUIDEN_VAR_DIR": str(var), "PULJEGUIDEN_PORT": str(port), "PULJEGUIDEN_RATE_LIMIT": "0"}
    command = [sys.executable, "-W", "ignore", "-m", "rasa_project.serve"]
    process = subprocess.Popen(command, cwd=settings.ROOT, env={**os.environ, **own})
    try:
        url = f"http://127.0.0.1:{port}"
        while not _health(url):
            if process.poll() is not None:
                raise RuntimeError("The assistant did not start.")
            time.sleep(0.2)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def _health(url: str) -> dict[str, str]:
    try:
        body: dict[str, str] = requests.get(f"{url}/health", timeout=5).json()
    except (requests.RequestException, ValueError):
        return {}
    return body


def _memory(pid: int) -> int:
    """Return a process's resident memory in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--swaps", type=int, default=5)
    swaps: int = options.parse_args().swaps
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        (var / "models").mkdir()
        for name in ("first", "second"):
            shutil.copy(model.live(), var / "models" / f"{name}.tar.gz")
        (var / "models" / "live").write_text("first.tar.gz\n", encoding="utf-8")
        with running(var) as (url, pid):
            Traffic(url).run(5)
            quiet = Traffic(url)
            quiet.run(_BETWEEN_SECONDS)
            print(f"without a swap: {quiet.told()}; {_memory(pid)} MB", flush=True)
            for number in range(swaps):
                name = ("second", "first")[number % 2]
                traffic = Traffic(url)
                sending = threading.Thread(target=traffic.run, args=(_BETWEEN_SECONDS,))
                sending.start()
                time.sleep(2)
                started = time.monotonic()
                pointer = var / "models" / "live"
                new = pointer.with_suffix(".new")
                new.write_text(f"{name}.tar.gz\n", encoding="utf-8")
                new.replace(pointer)
                while _health(url).get("model") != name:
                    time.sleep(0.1)
                took = time.monotonic() - started
                sending.join()
                print(f"swap {number + 1} ({took:.1f} s): {traffic.told()}; {_memory(pid)} MB", flush=True)


if __name__ == "__main__":
    main()
