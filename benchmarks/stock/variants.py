"""What is measured: stock Rasa, stock Rasa with our pipeline, Puljeguiden, and Puljeguiden with its actions apart."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from benchmarks.stock.processes import Processes, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
BENCH = ROOT / "var" / "bench"
_OURS, _APART = BENCH / "puljeguiden", BENCH / "apart"
_STOCK_PYTHON = BENCH / "stock" / ".venv" / "bin"
_DATA = [ROOT / "data" / "nlu", ROOT / "data" / "rules"]
_DOMAIN = ROOT / "rasa_project" / "domain"
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SANIC_WORKERS": "1"}


@dataclass
class Variant:
    """One assistant to measure."""

    name: str
    label: str
    train: Callable[[], dict[str, Any]]
    """Trains, or takes what was trained before from the same files; returns {"seconds", "on", "note"}."""
    start: Callable[[Processes], str]
    """Starts the processes and returns the address that takes messages."""
    lengthen: Callable[[str, int], None] | None = None
    """Writes turns of a conversation to the database; None where they can be sent in reasonable time."""


def variants(epochs: int, fresh: bool) -> list[Variant]:
    """Return all four."""
    stock = Stock(BENCH / "stock", lambda: _default_pipeline(epochs), f"{epochs} of its 100 epochs", fresh)
    with_ours = Stock(BENCH / "stock-with-our-pipeline", _our_pipeline, "", fresh)
    return [
        Variant("stock", "Rasa as installed", stock.train, stock.start, stock.lengthen),
        Variant("pipeline", "Rasa, our pipeline", with_ours.train, with_ours.start, with_ours.lengthen),
        Variant("puljeguiden", "Puljeguiden", _train_puljeguiden, _start_puljeguiden),
        Variant("apart", "Puljeguiden, action server apart", lambda: {}, _start_apart),
    ]


class Stock:
    """Stock Rasa in its own environment, with our data, domain and answers."""

    def __init__(self, folder: Path, pipeline: Callable[[], dict[str, Any]], note: str, fresh: bool) -> None:
        self._folder = folder
        self._pipeline = pipeline
        self._note = note
        self._fresh = fresh
        self._database = self._folder / "conversations.db"

    def train(self) -> dict[str, Any]:
        """Train with `rasa train`, unless the same files were trained before: that takes many minutes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        config = self._folder / "config.yml"
        with config.open("w", encoding="utf-8") as file:
            YAML().dump(self._pipeline(), file)
        record, digest = self._folder / "trained.json", _digest([config, Path(__file__).parent / "requirements.txt"])
        if not self._fresh and record.exists():
            known: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
            if known["digest"] == digest:
                return known
        data = [str(folder) for folder in _DATA]
        command = ["train", "--config", str(config), "--domain", str(_DOMAIN), "--data", *data]
        command += ["--out", str(self._folder), "--fixed-model-name", "model", "--force"]
        began = time.monotonic()
        _call([str(_STOCK_PYTHON / "rasa"), *command], self._folder, **_QUIET, PYTHONPATH=str(ROOT))
        trained = {"seconds": time.monotonic() - began, "on": str(date.today()), "note": self._note, "digest": digest}
        record.write_text(json.dumps(trained), encoding="utf-8")
        return trained

    def start(self, processes: Processes) -> str:
        """Start `rasa run actions` and `rasa run`."""
        self._database.unlink(missing_ok=True)
        port, action_port = free_port(), free_port()
        endpoints = {
            "action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"},
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(self._database)},
        }
        for name, content in (("endpoints.yml", endpoints), ("credentials.yml", {"rest": None})):
            (self._folder / name).write_text(json.dumps(content), encoding="utf-8")
        rasa = str(_STOCK_PYTHON / "rasa")
        there = {**_QUIET, "PYTHONPATH": str(ROOT), "SANIC_HOST": "127.0.0.1"}
        actions = [rasa, "run", "actions", "--actions", "benchmarks.stock.action", "--port", str(action_port)]
        processes.start(actions, self._folder, **there)
        serve = [rasa, "run", "--interface", "127.0.0.1", "--port", str(port), "--model", "model.tar.gz"]
        processes.start(
            [*serve, "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"], self._folder, **there
        )
        return f"http://127.0.0.1:{port}/webhooks/rest/webhook"

    def lengthen(self, sender: str, turns: int) -> None:
        """Repeat a conversation's latest turn in the database: to send so many turns would take many minutes."""
        with sqlite3.connect(self._database) as database:
            rows = database.execute(
                "select sender_id, type_name, timestamp, intent_name, action_name, data"
                " from events where sender_id = ? order by id",
                (sender,),
            ).fetchall()
            latest = max(place for place, row in enumerate(rows) if row[1] == "user")
            database.executemany(
                "insert into events (sender_id, type_name, timestamp, intent_name, action_name, data)"
                " values (?, ?, ?, ?, ?, ?)",
                rows[latest:] * turns,
            )


def _default_pipeline(epochs: int) -> dict[str, Any]:
    """Return the configuration that Rasa takes when `rasa init`'s is left as it is, for Danish."""
    (file,) = (_STOCK_PYTHON.parent / "lib").glob(
        "python*/site-packages/rasa/engine/recipes/config_files/default_config.yml"
    )
    config: dict[str, Any] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    config |= {"language": "da", "assistant_id": "stock"}
    for component in config["pipeline"] + config["policies"]:
        if "epochs" in component:
            component["epochs"] = epochs
    return config


def _our_pipeline() -> dict[str, Any]:
    config: dict[str, Any] = YAML(typ="safe").load((ROOT / "rasa_project" / "config.yml").read_text(encoding="utf-8"))
    return config


def _digest(others: list[Path]) -> str:
    """Return a digest of what a stock model is made from."""
    folders = [*_DATA, _DOMAIN, ROOT / "rasa_project" / "components"]
    files = [file for folder in folders for file in folder.glob("*") if file.is_file()]
    total = hashlib.sha256()
    for file in [*sorted(files), *others]:
        total.update(file.read_bytes())
    return total.hexdigest()


def _settings(folder: Path, port: int) -> dict[str, str]:
    return {
        "PULJEGUIDEN_VAR_DIR": str(folder),
        "PULJEGUIDEN_PORT": str(port),
        "PULJEGUIDEN_STAFF_PORT": str(free_port()),
        "PULJEGUIDEN_RATE_LIMIT": "0",
        "ACTION_SERVER_URL": "",
    }


def _train_puljeguiden() -> dict[str, Any]:
    """Train with `make train`'s own command, from nothing."""
    shutil.rmtree(_OURS, ignore_errors=True)
    began = time.monotonic()
    _call([sys.executable, "-m", "puljeguiden", "train"], ROOT, **_settings(_OURS, free_port()))
    return {"seconds": time.monotonic() - began, "on": str(date.today()), "note": ""}


def _start_puljeguiden(processes: Processes, folder: Path = _OURS, action_server: str = "") -> str:
    """Start `make run`'s own command."""
    port = free_port()
    settings = {**_settings(folder, port), "ACTION_SERVER_URL": action_server}
    processes.start([sys.executable, "-m", "puljeguiden", "run"], ROOT, **settings)
    return f"http://127.0.0.1:{port}/webhooks/rest/webhook"


def _start_apart(processes: Processes) -> str:
    """Start the SDK's action server, as docker-compose.yml does, and `make run`'s own command, with the same model."""
    shutil.rmtree(_APART, ignore_errors=True)
    shutil.copytree(_OURS / "models", _APART / "models")
    port = free_port()
    actions = ["-W", "ignore", "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
    processes.start([sys.executable, *actions], ROOT, SANIC_HOST="127.0.0.1")
    return _start_puljeguiden(processes, _APART, f"http://127.0.0.1:{port}/webhook")


def _call(command: list[str], folder: Path, **environment: str) -> None:
    """Run a command to its end.

    Raises:
        SystemExit: it failed; its output is shown.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULJEGUIDEN_")}
    done = subprocess.run(command, cwd=folder, env={**kept, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-3000:]}")
