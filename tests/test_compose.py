"""docker-compose.yml and the Dockerfile: valid, and as tight as they promise to be."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from benchmarks.scale import compose, servers
from benchmarks.scale.services import _setup
from puljeguiden.settings import SETTINGS
from tests.conftest import ROOT, free_port, wait_for

FILE = compose.read()
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OURS = [name for name, described in SERVICES.items() if described["image"] == "puljeguiden"]
RUNNING = [name for name in SERVICES if name != "prepare"]


def invalid(described: dict[str, Any]) -> list[str]:
    schema = json.loads((ROOT / "tests" / "compose" / "compose-spec.json").read_text(encoding="utf-8"))
    errors = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(described)]
    # This validator knows no «unevaluatedProperties»: that a service has no other keys is looked at here.
    parts = [schema["$defs"][name]["properties"] for name in ("service", "container_spec", "workload_spec")]
    known = {key for part in parts for key in part}
    return errors + [f"{name}: {key}" for name, one in described["services"].items() for key in set(one) - known]


def test_the_file_is_valid_by_the_compose_specification() -> None:
    assert invalid(FILE) == []
    broken = copy.deepcopy(FILE)
    broken["services"]["redis"]["prots"] = ["6379"]
    assert invalid(broken)


def test_eight_containers_within_three_gigabytes() -> None:
    count, megabytes = 0, 0
    for name in RUNNING:
        replicas = SERVICES[name]["deploy"].get("replicas", 1)
        memory = SERVICES[name]["deploy"]["resources"]["limits"]["memory"]
        count += replicas
        megabytes += replicas * int(re.fullmatch(r"(\d+)M", memory)[1])  # type: ignore[index]
    assert count <= 8
    assert megabytes < 3072


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_kept_small_and_harmless(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    user = compose.filled(service["user"], {})
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user), "not root"
    limits = service["deploy"]["resources"]["limits"]
    assert {"memory", "pids"} <= set(limits)
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert service["image"] == "puljeguiden" or re.search(r":\d+\.\d+", service["image"]), "an exact version"
    if name != "prepare":
        assert service["healthcheck"]["test"][0] == "CMD"
        assert service["restart"] == "unless-stopped"
    for volume in service.get("volumes", ()):
        assert "docker.sock" not in volume


def test_only_the_proxy_has_a_door_and_only_those_who_need_it_reach_outside() -> None:
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy"]
    assert {name for name in SERVICES if "outside" in SERVICES[name]["networks"]} == {"proxy", "staff", "workers"}
    assert {name for name, network in FILE["networks"].items() if not (network or {}).get("internal")} == {"outside"}
    assert "back" not in SERVICES["proxy"]["networks"]


def test_no_secret_stands_in_the_file() -> None:
    assert {secret["file"].rpartition("/")[0] for secret in FILE["secrets"].values()} == {"deploy/local/secrets"}
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", ())}
    assert used == set(FILE["secrets"])
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|DATABASE_URL|SMTP_URL", name):
                assert name.endswith("_FILE"), name
                assert value.removeprefix("/run/secrets/") in service["secrets"], name


@pytest.mark.parametrize("name", OURS)
def test_every_setting_in_it_exists(name: str) -> None:
    known = {setting.name for setting in SETTINGS} | {f"{setting.name}_FILE" for setting in SETTINGS}
    given = {one for one in SERVICES[name]["environment"] if one.startswith(("PULJEGUIDEN", "ACTION"))}
    assert given - known == set()


def test_who_only_reads_cannot_write_what_trainers_edit() -> None:
    for name in OURS:
        folders = [volume.split(":") for volume in SERVICES[name]["volumes"] if volume.startswith("./")]
        writable = {folder[0] for folder in folders if folder[-1] != "ro"}
        assert writable == ({"./data", "./rasa_project/domain", "./docs", "./.git"} if name == "staff" else set())


def test_a_variable_that_has_to_be_set_is_asked_for() -> None:
    with pytest.raises(KeyError, match=r"deploy/setup\.py"):
        compose.filled(SERVICES["staff"]["environment"], {})


def test_the_dockerfile_passes_the_linter() -> None:
    linter = shutil.which("hadolint") or str(Path(sys.executable).parent / "hadolint")
    done = subprocess.run([linter, str(ROOT / "deploy" / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_images_hold_neither_secrets_nor_what_was_written_here() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".env", "var", "deploy/local", "tests"} <= set(ignored)


def test_setting_up_makes_every_secret_once(tmp_path: Path) -> None:
    setup = _setup()
    (tmp_path / ".env").write_text("PULJEGUIDEN_REPLY_DAYS=3\n", encoding="utf-8")
    setup.make(tmp_path, "chat.example.test", "staff.example.test")
    kept = tmp_path / "deploy" / "local" / "secrets"
    first = {file.name: file.read_bytes() for file in kept.iterdir()}
    assert {Path(secret["file"]).name for secret in FILE["secrets"].values()} == set(first)
    assert kept.stat().st_mode & 0o777 == 0o700
    password = first["database_password"].decode().strip()
    assert f":{password}@postgres:5432/" in first["database_url"].decode()
    setup.make(tmp_path, "other.example.test", "staff.example.test")
    assert {file.name: file.read_bytes() for file in kept.iterdir()} == first
    lines = (tmp_path / ".env").read_text(encoding="utf-8").splitlines()
    assert lines == ["PULJEGUIDEN_REPLY_DAYS=3", "PULJEGUIDEN_STAFF_PUBLIC_URL=https://staff.example.test"]
    assert "chat.example.test" in (tmp_path / "deploy" / "local" / "nginx" / "chat.conf").read_text(encoding="utf-8")


def test_too_many_too_large_and_nobody_behind_are_told_in_danish_by_the_proxy(tmp_path: Path) -> None:
    if "nginx" in servers.missing():
        pytest.skip("not installed: Debian's nginx")
    import requests

    _setup().make(tmp_path, "localhost", "staff.example.test")
    ports = {door: free_port() for door in ("proxy:8080", "proxy:8443", "proxy:8081", "staff:5006")}
    places = compose.Places(tmp_path, ports)
    servers.configure(places, [free_port()])
    command = [places.translated(word) for word in SERVICES["proxy"]["entrypoint"]]
    command = [servers._found("nginx"), *command[1:-1], f"{command[-1]} {servers.as_root()}"]
    with (tmp_path / "proxy.log").open("wb") as log:
        proxy = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for(
            lambda: (
                subprocess.run(
                    [sys.executable, *servers.own_check("proxy", places)[1:]], cwd=ROOT, capture_output=True
                ).returncode
                == 0
            )
        )
        trust = str(tmp_path / "deploy" / "local" / "secrets" / "tls_certificate")
        url = f"https://localhost:{ports['proxy:8443']}/webhooks/rest/webhook"
        away = requests.post(url, verify=trust, json={"message": "hej"}, timeout=10)
        assert (away.status_code, away.json()["error"], away.headers["Retry-After"]) == (503, "away", "5")
        large = requests.post(url, verify=trust, data=b"x" * 200_000, timeout=10)
        assert (large.status_code, large.json()["error"]) == (413, "request")
        with requests.Session() as visitor:  # a connection for each message would be too slow to be too many
            for _ in range(90):
                assert visitor.post(url, verify=trust, json={"message": "kanelsnegl"}, timeout=10).status_code == 503
            for _ in range(900):
                refused = visitor.post(url, verify=trust, json={"message": "kanelsnegl"}, timeout=10)
                if refused.status_code == 429:
                    break
        assert refused.json()["text"].startswith("Der kommer for mange")
    finally:
        proxy.terminate()
        proxy.wait(10)
    log_lines = (tmp_path / "proxy.log").read_text(encoding="utf-8")
    assert '"status": 429' in log_lines
    assert "127.0.0.1" not in re.sub(r'"by": "[^"]*"', "", log_lines), "visitors' addresses"
    assert "kanelsnegl" not in log_lines
