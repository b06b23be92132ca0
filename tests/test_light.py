"""Answering loads no TensorFlow; whatever needs it still gets it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

ANSWER = """
import asyncio, sys
from rasa_project import serve
from puljeguiden import model
agent = serve.load(model.live())
message = asyncio.run(agent.parse_message("hvem kan søge?"))
assert message["intent"]["name"] == "eligibility", message["intent"]
"""
LOADED = 'print("tensorflow" in sys.modules)'
TRAIN = "import rasa.utils.train_utils as training\nassert training.rank_and_mask"


def run(code: str, var: Path) -> list[str]:
    environment = {**os.environ, "PULJEGUIDEN_DATABASE_URL": f"sqlite:///{var / 'conversations.db'}"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-2:]


@pytest.mark.usefixtures("trained")
def test_a_message_is_understood_without_tensorflow_and_training_still_gets_it(tmp_path: Path) -> None:
    assert run(f"{ANSWER}\n{LOADED}\n{TRAIN}\n{LOADED}", tmp_path) == ["False", "True"]
