"""Copies one database to a file while it is in use, and back: SQLite by its own backup, PostgreSQL by pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg2
from sqlalchemy.engine import make_url

SQLITE, POSTGRESQL = ".sqlite", ".pgdump"


class DumpError(RuntimeError):
    """A database could not be copied."""


def ending(address: str) -> str:
    """Return how the file of such a database ends."""
    return SQLITE if make_url(address).get_backend_name() == "sqlite" else POSTGRESQL


def is_database_file(path: Path) -> bool:
    """Return whether a file is an SQLite database, or belongs to one."""
    return path.name.removesuffix("-wal").removesuffix("-shm").removesuffix("-journal").endswith(".db")


def dump(address: str, file: Path) -> None:
    """Copy a database as it is at one moment; whoever uses it goes on.

    Raises:
        DumpError: it could not be copied.
    """
    if ending(address) == SQLITE:
        source = Path(make_url(address).database or "")
        try:
            with closing(sqlite3.connect(file)) as copy:
                if source.exists():
                    with closing(sqlite3.connect(source)) as live:
                        live.backup(copy)
                copy.execute("pragma journal_mode = delete")
                if copy.execute("pragma quick_check").fetchone() != ("ok",):
                    raise DumpError("the copy is not sound")
        except sqlite3.Error as error:
            raise DumpError(type(error).__name__) from None
        return
    _run(
        "pg_dump",
        address,
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--lock-wait-timeout=20000",
        f"--file={file}",
    )


def load(file: Path, address: str) -> None:
    """Put a copy in a database's place.

    Raises:
        DumpError: it did not work; a PostgreSQL database is as it was.
    """
    if file.suffix == SQLITE:
        target = Path(make_url(address).database or "")
        target.parent.mkdir(parents=True, exist_ok=True)
        new = target.with_name(f"{target.name}.new")
        shutil.copyfile(file, new)
        for left in ("-wal", "-shm", "-journal"):  # they belong to the old file
            target.with_name(f"{target.name}{left}").unlink(missing_ok=True)
        new.replace(target)
        return
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run("pg_restore", address, *options, f"--dbname={make_url(address).database}", str(file))


def others(address: str) -> int:
    """Return how many others are connected to a PostgreSQL database; nobody knows for SQLite.

    Raises:
        DumpError: it cannot be reached.
    """
    if ending(address) == SQLITE:
        return 0
    url = make_url(address)
    _, arguments = url.get_dialect()().create_connect_args(url)
    ask = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    try:
        with closing(psycopg2.connect(**arguments, connect_timeout=10)) as connection, connection.cursor() as cursor:
            cursor.execute(f"{ask} and backend_type = 'client backend'")
            return int(cursor.fetchone()[0])
    except psycopg2.Error as error:
        raise DumpError(f"PostgreSQL cannot be reached: {type(error).__name__}") from None


def _run(program: str, address: str, *options: str) -> None:
    """Run one of PostgreSQL's programs. The password goes by the environment: the command line is for all to see."""
    url = make_url(address)
    place = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    given = {name: str(value) for name, value in {**place, "PGDATABASE": url.database}.items() if value}
    done = subprocess.run(
        [_find(program), *options], env={**os.environ, **given}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DumpError(f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")


def _find(program: str) -> str:
    """Return where a program is: the newest that Debian has, or the one on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    path = str(found[-1]) if found else shutil.which(program)
    if not path:
        raise DumpError(f"{program} is not installed (Debian: postgresql-client)")
    return path
