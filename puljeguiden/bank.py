"""The model bank: every trained model with a card beside it, and which of them is live.

A card (JSON) tells what a model was made from, how it did in its evaluation, and who put it live when and why.
"""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from puljeguiden import files, model, moment, settings

KEEP = 10
_ENDING = ".tar.gz"
_SHORTEST_PREFIX = 4


class BankError(ValueError):
    """A model cannot be used. The message says which, and why."""


@dataclass(frozen=True)
class Publication:
    """A model was put live. `made_from` is the digest of the files as they were then: a rollback's is another one.

    `override` is why it went live although answers got worse.
    """

    at: str
    who: str
    note: str
    made_from: str
    override: str | None = None


@dataclass(frozen=True)
class Card:
    """What is known of a model. `commit` is that of the data, with «+» where files had been changed since."""

    version: str
    sha256: str
    trained: str
    commit: str | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    refused: str | None = None
    publications: tuple[Publication, ...] = ()


def file(version: str) -> Path:
    """Return a model's file."""
    return model.folder() / f"{version}{_ENDING}"


def report_file(version: str) -> Path:
    """Return where the report of a model's evaluation is."""
    return model.folder() / f"{version}.report.json"


def card(version: str) -> Card | None:
    """Return a model's card; None where it has none (trained before there were cards), or a broken one."""
    given = files.read_json(_card_file(version))
    try:
        return Card(**{**given, "publications": tuple(Publication(**one) for one in given["publications"])})
    except (TypeError, KeyError):
        return None


def live() -> str:
    """Return the live model's version.

    Raises:
        NoModel: there is none.
    """
    return model.live().name.removesuffix(_ENDING)


def add(trained: Path, version: str, root: Path | None = None) -> Card:
    """Take a trained model into the bank, with a card; nothing goes live."""
    model.folder().mkdir(parents=True, exist_ok=True)
    part = file(version).with_suffix(".part")
    part.write_bytes(trained.read_bytes())
    new = Card(version, _sha256(part), _now(), _commit(root or settings.ROOT))
    if earlier := card(version):  # trained again from the same files
        new = replace(new, publications=earlier.publications)
    part.replace(file(version))
    _write(new)
    return new


def check(version: str) -> None:
    """Return if a model's file is there and the one its card is about.

    Raises:
        BankError: it is not.
    """
    if not file(version).is_file():
        raise BankError(f"There is no model {version}.")
    known = card(version)
    if known and _sha256(file(version)) != known.sha256:
        raise BankError(f"The file of model {version} is not the one that was trained: its checksum differs.")


def publish(version: str, who: str, note: str, override: str | None = None) -> None:
    """Put a model live, and write down who did.

    Raises:
        BankError: it is not usable; the live model stays.
    """
    check(version)
    known = card(version) or _first_card(version)
    entry = Publication(_now(), who, note, model.digest(), override)
    _write(replace(known, refused=None, publications=(*known.publications, entry)))
    model.go_live(file(version).name)


def rollback(to: str, who: str, note: str) -> str:
    """Put an earlier model live, named by the beginning of its version, and return its version.

    Raises:
        BankError: none or several begin so, or it is not usable; the live model stays.
    """
    fitting = [known.version for known in models() if known.version.startswith(to)]
    if len(to) < _SHORTEST_PREFIX or len(fitting) != 1:
        raise BankError(f"{len(fitting)} models begin with «{to}»; at least {_SHORTEST_PREFIX} characters are needed.")
    publish(fitting[0], who, note)
    return fitting[0]


def judge(version: str, figures: dict[str, Any], refused: str | None = None) -> None:
    """Write a model's figures on its card, and why it may not go live, if so."""
    known = card(version) or _first_card(version)
    _write(replace(known, figures=figures, refused=refused))


def models() -> list[Card]:
    """Return the cards of all models, the newest first."""
    found = [path.name.removesuffix(_ENDING) for path in _by_age()]
    return [card(version) or Card(version, "", "") for version in found]


def prune(keep: int = KEEP) -> list[str]:
    """Delete all but so many models and return what was deleted: never the live one, and first what never was live."""
    order = sorted(models(), key=lambda known: not (known.publications or not known.sha256))
    gone = [known.version for known in order[keep:] if known.version != live()]
    for version in gone:
        for path in (file(version), _card_file(version), report_file(version)):
            path.unlink(missing_ok=True)
    return gone


def forget_questions(older_than: datetime) -> None:
    """Take out of old reports the questions whose answer changed: visitors asked some of them. The figures stay."""
    for path in model.folder().glob("*.report.json"):
        report = files.read_json(path)
        is_old = report and datetime.fromisoformat(report["made"]).replace(tzinfo=timezone.utc) < older_than
        if is_old and report["comparison"] and report["comparison"]["topics"]:
            files.write_json(path, {**report, "comparison": {**report["comparison"], "topics": []}})


def is_current() -> bool:
    """Return whether the live model fits the files: trained from them, or put back by somebody since they changed."""
    try:
        version = live()
    except model.NoModel:
        return False
    if not file(version).exists():
        return False
    now, known = model.digest(), card(version)
    return version == now or bool(known and known.publications and known.publications[-1].made_from == now)


def _first_card(version: str) -> Card:
    """Return a card for a model that was trained before there were cards."""
    trained = datetime.fromtimestamp(file(version).stat().st_mtime, timezone.utc).replace(tzinfo=None)
    return Card(version, _sha256(file(version)), trained.isoformat(timespec="seconds"))


def _by_age() -> list[Path]:
    return sorted(model.folder().glob(f"*{_ENDING}"), key=lambda path: path.stat().st_mtime, reverse=True)


def _card_file(version: str) -> Path:
    return model.folder() / f"{version}.json"


def _write(new: Card) -> None:
    files.write_json(_card_file(new.version), asdict(new))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _now() -> str:
    return moment.utc().isoformat(timespec="seconds")


def _commit(root: Path) -> str | None:
    """Return the commit a folder is at; None where it is no git checkout."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=True)  # noqa: S607 # nosec B607
        return done.stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", "data", "rasa_project/domain")
        return git("rev-parse", "--short=12", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return None
