"""Runs the parts and writes results.json and docs/trust.md: `python -m tests.trust [hostile privacy faults soak] [--long]`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from tests import conftest
from tests.conftest import ROOT, Running, train_if_needed
from tests.staff.service import PASSWORD
from tests.trust import browser, commands, faults, pages, planting, processes, raw, report, soak
from tests.trust.bystander import Bystander
from tests.trust.doors import Knocker, Tally

RESULTS = ROOT / "tests" / "trust" / "results.json"


@contextmanager
def running(**environment: str) -> Iterator[Running]:
    """Run an assistant in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="puljeguiden-trust-") as folder:
        usual = {
            "PULJEGUIDEN_ADMIN_PASSWORD": PASSWORD,
            "PULJEGUIDEN_TRUSTED_ADDRESS_HEADER": "X-Real-IP",
            "PULJEGUIDEN_RATE_LIMIT": "60",
        }
        with conftest.running(Path(folder) / "var", seconds=300, **{**usual, **environment}) as assistant:
            yield assistant


@contextmanager
def _from_elsewhere() -> Iterator[None]:
    """Take no processor time from whoever is attacked, as an attacker on another machine."""
    os.nice(10)
    yield
    with suppress(PermissionError):  # who is not root stays behind
        os.setpriority(os.PRIO_PROCESS, 0, 0)


def hostile(long: bool, chance: int) -> dict[str, Any]:
    """Attack all doors while somebody else asks; then let a browser look at what was sent."""
    with running(PULJEGUIDEN_RATE_LIMIT="100000", PULJEGUIDEN_ADDRESS_RATE_LIMIT="100000") as assistant:
        token = (assistant.var / "staff_token").read_text(encoding="utf-8").strip()
        with Bystander(assistant.url) as before:
            time.sleep(30)
        knocker = Knocker(assistant.url, assistant.staff_url, token, 250)
        with Bystander(assistant.url) as meanwhile, _from_elsewhere():
            knocker.try_all(40_000 if long else 18_500, chance)
        tally = knocker.tally
        browsed = browser.run(assistant)
        pages.try_all(assistant, tally, 2500 if long else 1500, chance)
        files = processes.open_files(assistant, "assistant")
        for port, path in ((assistant.port, b"/webhooks/rest/webhook"), (assistant.staff_port, b"/api/cases")):
            raw.try_all(port, path, tally)
        slow = raw.slow_body(assistant.port, b"/webhooks/rest/webhook")
        time.sleep(5)
        return {
            **_told(tally),
            "commands": commands.accepted(assistant.var / "conversations.db"),
            "browser": browsed,
            "others_p95_ms": [round(one.percentile(95), 1) for one in (before, meanwhile)],
            "others_p50_ms": [round(one.percentile(50), 1) for one in (before, meanwhile)],
            "others_unanswered": before.unanswered + meanwhile.unanswered,
            "slow_body_seconds": round(slow, 1),
            "open_files": [files, processes.open_files(assistant, "assistant")],
        }


def _told(tally: Tally) -> dict[str, Any]:
    statuses = {str(status): count for status, count in sorted(tally.statuses.items())}
    return {"inputs": tally.sent.total(), "doors": dict(tally.sent), "statuses": statuses, "wrong": tally.wrong[:20]}


def privacy(_long: bool, _chance: int) -> dict[str, Any]:
    """Plant what must not be stored, and look for it."""
    with running() as assistant:
        planting.Planter(assistant).plant()
        time.sleep(5)
        found = planting.with_words(
            assistant.var, planting.NAME, planting.ADDRESS, planting.CASE_NAME, planting.CASE_ADDRESS
        )
        searched = list(planting.files(assistant.var))
        return {
            "files": len(searched),
            "bytes": sum(len(content) for _, content in searched),
            "spellings": len(planting.SPELLINGS),
            "cpr": [name for name, content in searched if planting.cpr_in(content)],
            "names": sorted(found),
            "undocumented": sorted(planting.undocumented(found) | planting.unknown(assistant.var)),
        }


def broken(long: bool, chance: int) -> dict[str, Any]:
    """Break everything: on one machine as `make run` starts it; and with PostgreSQL, Redis and a separate action server."""
    from tests.postgresql import Server

    seconds, told = 16 * 60 if long else 90, {}
    with faults.mailbox() as box, running(PULJEGUIDEN_SMTP_URL=f"smtp+plain://127.0.0.1:{box.port}") as assistant:
        told["one machine"] = faults.run(assistant, faults.Faults(assistant, box).all(), seconds, chance)
    server = Server()
    server.start()
    with tempfile.TemporaryDirectory() as var, faults.mailbox() as box:
        ports = conftest.free_port(), conftest.free_port()
        actions, redis = faults.action_server(ports[0], Path(var)), faults.redis(ports[1], Path(var))
        actions.start()
        redis.start()
        try:
            outbox = f"sqlite:///{var}/outbox.db"
            with running(
                PULJEGUIDEN_SMTP_URL=f"smtp+plain://127.0.0.1:{box.port}",
                PULJEGUIDEN_DATABASE_URL=server.database(),
                PULJEGUIDEN_OUTBOX_DATABASE_URL=outbox,
                PULJEGUIDEN_REDIS_URL=f"redis://127.0.0.1:{ports[1]}/0",
                ACTION_SERVER_URL=f"http://127.0.0.1:{ports[0]}/webhook",
            ) as assistant:
                every = [*faults.Faults(assistant, box, server).all(), *actions.faults(), *redis.faults()]
                setup = "PostgreSQL, Redis and action server"
                told[setup] = faults.run(assistant, every, seconds, chance, outbox=outbox)
        finally:
            actions.kill()
            redis.kill()
            server.remove()
    return told


def soaked(long: bool, _chance: int) -> dict[str, Any]:
    """Send very many messages in one go."""
    with running(PULJEGUIDEN_RATE_LIMIT="100000", PULJEGUIDEN_ADDRESS_RATE_LIMIT="100000") as assistant:
        return soak.figures(soak.run(assistant, 50_000 if long else 8_000))


PARTS: dict[str, Callable[[bool, int], dict[str, Any]]] = {
    "hostile": hostile,
    "privacy": privacy,
    "faults": broken,
    "soak": soaked,
}


def main() -> int:
    """Run the parts; return 1 where something was not as it should be."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("parts", nargs="*", help=f"some of {', '.join(PARTS)}; all by default")
    options.add_argument("--long", action="store_true", help="half an hour of faults, 50,000 messages in one go")
    options.add_argument("--chance", type=int, default=secrets.randbelow(2**32), help="repeat what was made with it")
    given = options.parse_args()
    train_if_needed()
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name in given.parts or PARTS:
        print(f"{name} …", flush=True)
        began = time.monotonic()
        told = PARTS[name](given.long, given.chance)
        results[name] = {
            **told,
            "_": {
                "at": datetime.now(timezone.utc).isoformat(timespec="minutes"),
                "seconds": round(time.monotonic() - began),
                "chance": given.chance,
                "python": platform.python_version(),
            },
        }
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        report.write(results)
    problems = report.problems(results)
    print(report.table(results), *problems, sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
