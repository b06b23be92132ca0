"""The servers that are not ours, from Debian's packages: PostgreSQL, Redis and nginx, each with the file's own command."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.scale.compose import Places
from puljeguiden.settings import ROOT

Started = tuple[list[str], dict[str, str], list[str]]


def missing() -> list[str]:
    """Return which of Debian's packages are not installed."""
    needed = {"postgresql": _postgresql("postgres"), "redis-server": _found("redis-server"), "nginx": _found("nginx")}
    return [package for package, program in needed.items() if not program]


def postgres(command: list[str], environment: dict[str, str], places: Places, _: list[int]) -> Started:
    """Start PostgreSQL; the first time, make the cluster, user and database that the image makes."""
    home = postgres_home(places)
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] if os.getuid() == 0 else []
    if not home.exists():
        home.mkdir(mode=0o700)
        secret = home / "password"
        secret.write_text(Path(environment["POSTGRES_PASSWORD_FILE"]).read_text(encoding="utf-8"), encoding="utf-8")
        if user:
            for place in (home, secret):
                shutil.chown(place, "postgres")
        options = ["--auth=scram-sha-256", f"--username={environment['POSTGRES_USER']}", f"--pwfile={secret}"]
        make = [_postgresql("initdb"), "--encoding=UTF8", "--no-sync", f"--pgdata={home}/data", *options]
        subprocess.run([*user, *make], check=True, cwd="/", capture_output=True)
        once = f"create database {environment['POSTGRES_DB']} owner {environment['POSTGRES_USER']};"
        alone = [_postgresql("postgres"), "--single", "-D", f"{home}/data", "postgres"]
        subprocess.run([*user, *alone], input=once.encode(), check=True, cwd="/", capture_output=True)
    own = ["-D", f"{home}/data", "-p", str(places.ports["postgres:5432"]), "-k", str(home), "-h", "127.0.0.1"]
    return [_postgresql(command[0]), *command[1:], *own], environment, user


def postgres_home(places: Places) -> Path:
    """Return PostgreSQL's folder. It runs as a user of its own, who cannot reach every folder of ours."""
    return Path(tempfile.gettempdir()) / f"puljeguiden-postgres-{places.ports['postgres:5432']}"


def redis(command: list[str], environment: dict[str, str], places: Places, _: list[int]) -> Started:
    """Start Redis."""
    own = ["--port", str(places.ports["redis:6379"]), "--bind", "127.0.0.1", "--dir", str(places.folder)]
    return [_found(command[0]), *command[1:], *own], environment, []


def nginx(command: list[str], environment: dict[str, str], places: Places, assistants: list[int]) -> Started:
    """Start nginx with the project's configuration; its limits are lifted, since all visitors have one address here."""
    configure(places, assistants)
    text = (places.folder / "nginx" / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"rate=\d+r/[sm]", "rate=100000r/s", text)
    text = re.sub(r"limit_conn connections \d+", "limit_conn connections 5000", text)
    (places.folder / "nginx" / "nginx.conf").write_text(text, encoding="utf-8")
    return [_found(command[0]), *command[1:-1], f"{command[-1]} {as_root()}"], environment, []


def as_root() -> str:
    """Return what nginx needs to be told where it is started as root: its workers have to reach the folder."""
    return "user root;" if os.getuid() == 0 else ""


def configure(places: Places, assistants: list[int]) -> None:
    """Write the project's nginx configuration with this machine's paths, ports and assistants."""
    target = places.folder / "nginx"
    shutil.copytree(ROOT / "deploy" / "nginx", target, dirs_exist_ok=True)
    shutil.copytree(places.folder / "deploy" / "local" / "nginx", target / "local", dirs_exist_ok=True)
    text = (target / "nginx.conf").read_text(encoding="utf-8").replace("/tmp/", f"{places.folder}/")  # noqa: S108
    text = places.translated(text)
    for door in ("proxy:8080", "proxy:8443", "proxy:8081"):
        text = re.sub(rf"\b{door.partition(':')[2]}\b", str(places.ports[door]), text)
    (target / "nginx.conf").write_text(text, encoding="utf-8")
    lines = []
    for line in (target / "upstreams.conf").read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"(\s+server )(assistant:5005|staff:5006) resolve(.*)", line):
            ports = assistants if match[2] == "assistant:5005" else [places.ports[match[2]]]
            lines += [f"{match[1]}127.0.0.1:{port}{match[3]}" for port in ports]
        elif "resolver " not in line:  # names are Docker's
            lines.append(line)
    (target / "upstreams.conf").write_text("\n".join(lines), encoding="utf-8")


def own_check(service: str, places: Places) -> list[str]:
    """Return a server's health check with its drawn port; for our services, nothing."""
    ports = places.ports
    if service == "postgres":
        place = ["-h", "127.0.0.1", "-p", str(ports["postgres:5432"])]
        return [_postgresql("pg_isready"), "--username", "puljeguiden", *place]
    if service == "redis":
        return [_found("redis-cli"), "-p", str(ports["redis:6379"]), "ping"]
    if service == "proxy":  # Debian may lack wget
        return ["python", "deploy/probe.py", f"http://127.0.0.1:{ports['proxy:8081']}/"]
    return []


def _postgresql(program: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    return str(found[-1]) if found else _found(program)


def _found(program: str) -> str:
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin") or ""
