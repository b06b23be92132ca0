"""Trains the model in a process of its own, if what it is made from has changed."""

from __future__ import annotations

import subprocess
import sys

from puljeguiden import bank, model, settings

HELP = "train the model, if what it is made from has changed"


def main() -> int:
    """Return 0 when a model is live that may be; the training's exit code otherwise."""
    if bank.is_current():
        print("The model is up to date.")
        return 0
    made = bank.card(model.digest())
    if made and made.refused and model.pointer().exists():
        print(f"The model of these files may not go live ({made.refused}); the live one stays.", file=sys.stderr)
        return 0
    log = settings.get("PULJEGUIDEN_VAR_DIR") / "log" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    print("Training the model (about a minute) …", flush=True)
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(
            [sys.executable, "-m", "rasa_project.train"], cwd=settings.ROOT, stdout=out, stderr=out, check=False
        )
    if done.returncode:
        print(f"Training failed; the live model stays. See {log}.", file=sys.stderr)
    return done.returncode
