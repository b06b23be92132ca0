"""A PostgreSQL server of its own, for the tests that need one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from tests.conftest import free_port


class Postgres:
    """A running server in a folder of its own, with as many databases as tests ask for."""

    def __init__(self) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        found = str(programs[-1]) if programs else shutil.which("postgres")
        if not found:
            pytest.skip("PostgreSQL is not installed")
        self._bin = Path(found).parent
        # The server refuses root, and its user has to reach the folder.
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self._folder = tempfile.mkdtemp(prefix="puljeguiden-pg-")
        if self._as:
            shutil.chown(self._folder, "postgres")
        self._port = free_port()
        self._made = 0
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "-D", f"{self._folder}/data")
        options = f"-p {self._port} -h 127.0.0.1 -k {self._folder} -c fsync=off"
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-o", options, "-l", f"{self._folder}/log", "-w", "start")

    def new_database(self) -> str:
        """Return the address of a new, empty database."""
        self._made += 1
        name = f"test{self._made}"
        connection = psycopg2.connect(host="127.0.0.1", port=self._port, user="postgres", dbname="postgres")
        connection.autocommit = True
        connection.cursor().execute(f"create database {name}")
        connection.close()
        return f"postgresql://postgres@127.0.0.1:{self._port}/{name}"

    def stop(self) -> None:
        """Stop the server, and remove its folder."""
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as, str(self._bin / program), *arguments],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            timeout=60,
        )


def serve() -> Iterator[Postgres]:
    """Run a server as long as it is needed."""
    server = Postgres()
    yield server
    server.stop()
