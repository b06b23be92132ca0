"""Says whether an address answers with success: `python deploy/probe.py http://127.0.0.1:5005/ready`."""

from __future__ import annotations

import sys
import urllib.request

urllib.request.urlopen(sys.argv[1], timeout=4).close()  # noqa: S310 - our own address
