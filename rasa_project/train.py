"""Trains the model and makes it the live one: `python -m rasa_project.train [--only] [--root FOLDER]`."""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
# Nothing but errors: at every other level Rasa prints each step of each rule.
os.environ["LOG_LEVEL"] = "ERROR"
# Rasa's cache of trained components does not see files outside its own, such as data/pools/.
os.environ["RASA_MAX_CACHE_SIZE"] = "0"

import argparse
import logging
import sys
import tempfile
import time
import warnings
from pathlib import Path

from puljeguiden import bank, model, settings


def train(root: Path) -> str:
    """Train from the files of a folder, take the model into the bank, and return its version.

    Raises:
        SystemExit: Rasa could not train.
    """
    from rasa.model_training import train as train_rasa
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    version = model.digest(root)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as output:
        result = train_rasa(
            domain=str(root / "rasa_project" / "domain"),
            config=str(settings.ROOT / "rasa_project" / "config.yml"),
            training_files=[str(root / "data" / "nlu"), str(root / "data" / "rules")],
            output=output,
            fixed_model_name=version,
            force_training=True,
        )
        if result.code or not result.model:
            raise SystemExit("Training failed.")
        bank.add(Path(result.model), version, root)
    print(f"Trained {version} in {time.monotonic() - started:.0f} s.")
    return version


def main() -> None:
    """Train, and make the result live unless only training was asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", action="store_true", help="take the model into the bank, but do not make it live")
    options.add_argument("--root", type=Path, default=settings.ROOT, help="folder with another copy of the data")
    chosen = options.parse_args()
    version = train(chosen.root)
    if not chosen.only:
        bank.publish(version, "train", "")
        bank.prune()


if __name__ == "__main__":
    os.chdir(settings.ROOT)
    sys.path.insert(0, str(settings.ROOT))
    warnings.simplefilter("error", UserWarning)  # a dropped domain file is only a warning to Rasa
    warnings.filterwarnings("ignore", message="Slot auto-fill has been removed")  # said of every domain with slots
    main()
