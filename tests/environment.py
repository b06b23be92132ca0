"""What tests run with, whoever imports it first: a folder of their own to write to, and no rate limits."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = "TESTS_SHARED_FOLDER"
"""What names, in the environment, the folder that the processes of one run share."""
for name in [name for name in os.environ if name.startswith("PULJEGUIDEN_") or name == "ACTION_SERVER_URL"]:
    del os.environ[name]
os.environ["PULJEGUIDEN_VAR_DIR"] = str(ROOT / "var" / "test")
os.environ["PULJEGUIDEN_RATE_LIMIT"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
