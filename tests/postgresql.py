"""A PostgreSQL server of the tests' own, from the machine's binaries."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg2
import pytest

from benchmarks.stock.processes import with_children
from tests.conftest import free_port


class Server:
    """A server in a folder and on a port of its own. It refuses to run as root, so root runs it as `postgres`."""

    def __init__(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
        program = shutil.which("pg_ctl") or (str(found[-1]) if found else None)
        if not program:
            pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
        self._program = program
        self.folder = Path(tempfile.mkdtemp(prefix="puljeguiden-postgresql-"))
        self.port = free_port()
        self._user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self._user:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "--options=--auth=trust --username=postgres --encoding=UTF8 --no-sync")

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("start", f"--options={options}", f"--log={self.folder / 'log'}")

    def stop(self) -> None:
        """Stop it; connections are cut."""
        self._run("stop", "--mode=immediate")

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to all its processes, such as to pause them."""
        lines = (self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        for pid in with_children([int(lines[0])]):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def remove(self) -> None:
        """Stop it and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder)

    def database(self, like: str | None = None) -> str:
        """Make a new database, empty or a copy of another, which nobody may be using, and return its address."""
        name = f"test_{secrets.token_hex(4)}"
        connection = psycopg2.connect(self.address("postgres"))
        connection.autocommit = True
        template = f" template {like.rpartition('/')[2]}" if like else ""
        connection.cursor().execute(f"create database {name}{template}")
        connection.close()
        return self.address(name)

    def address(self, database: str) -> str:
        """Return a database's address."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def _run(self, *arguments: str) -> None:
        command = [*self._user, self._program, *arguments, "--pgdata", str(self.folder / "data"), "--silent"]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)
