"""Trains the model and makes it the live one: `python -m rasa_project.train`."""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
# Rasa's cache of trained components does not see files outside its own, such as data/pools/.
os.environ["RASA_MAX_CACHE_SIZE"] = "0"

import sys
import tempfile
import time
import warnings
from pathlib import Path

from puljeguiden import model, settings


def train() -> Path:
    """Train from the files as they are, make the result live, and return its path.

    Raises:
        SystemExit: Rasa could not train.
    """
    from rasa.model_training import train as train_rasa

    root = settings.ROOT
    digest = model.digest()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as output:
        result = train_rasa(
            domain=str(root / "rasa_project" / "domain"),
            config=str(root / "rasa_project" / "config.yml"),
            training_files=[str(root / "data" / "nlu"), str(root / "data" / "rules")],
            output=output,
            fixed_model_name=digest,
            force_training=True,
        )
        if result.code or not result.model:
            raise SystemExit("Training failed.")
        folder = model.folder()
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{digest}.tar.gz"
        part = file.with_suffix(".part")
        part.write_bytes(Path(result.model).read_bytes())
        part.replace(file)
    model.go_live(file.name)
    model.forget_oldest()
    print(f"Trained {file.name} in {time.monotonic() - started:.0f} s.")
    return file


if __name__ == "__main__":
    os.chdir(settings.ROOT)
    sys.path.insert(0, str(settings.ROOT))
    warnings.simplefilter("error", UserWarning)  # a dropped domain file is only a warning to Rasa
    warnings.filterwarnings("ignore", message="Slot auto-fill has been removed")  # said of every domain with slots
    train()
