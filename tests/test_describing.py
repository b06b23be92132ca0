"""`new-topic` and `new-pool` write what a file describes, or tell what it lacks and write nothing."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from puljeguiden import facts, settings
from puljeguiden.commands import new_pool, new_topic
from tests.conftest import ROOT
from tests.house import PARKING, build, changed, content
from tests.site import Site, serving

PAGE = ROOT / "tests" / "pools" / "pages" / "lokale-ildsjaele.txt"
POOL = {"id": "ildsjaele", "name": "lokale ildsjæle", "names": ["ildsjæle"]}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what trainers edit."""
    return build(tmp_path / "root")


@pytest.fixture
def site() -> Iterator[Site]:
    """A website on this machine."""
    with serving() as running:
        yield running


def described(folder: Path, given: Any) -> Path:
    file = folder / "described.yml"
    with file.open("w", encoding="utf-8") as out:
        YAML(typ="safe").dump(given, out)
    return file


def test_a_topic_is_written_from_a_file(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(root)
    assert new_topic.main(Namespace(file=described(tmp_path, PARKING), folder=root)) == 0
    written = {line.removeprefix("written: ") for line in capsys.readouterr().out.splitlines() if "written: " in line}
    assert changed(before, content(root)) == written


def test_what_a_topic_lacks_is_printed(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(root)
    assert (
        new_topic.main(Namespace(file=described(tmp_path, {"name": "parking", "label": "Parkering"}), folder=root)) == 1
    )
    told = capsys.readouterr().err
    for field in ("ask", "examples", "not_stated", "answers.kommunale-handlingsplaner"):
        assert f"described.yml: {field}: " in told
    assert "label" not in told
    assert content(root) == before


@pytest.mark.parametrize("given", [["a"], "a", None])
def test_a_file_that_describes_nothing_is_told(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], given: Any
) -> None:
    assert new_topic.main(Namespace(file=described(tmp_path, given), folder=root)) == 1
    assert new_pool.main(Namespace(file=tmp_path / "missing.yml", folder=root)) == 1
    assert capsys.readouterr().err


def test_a_pool_is_written_from_a_file_and_its_page(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "page.txt").write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    assert new_pool.main(Namespace(file=described(tmp_path, {**POOL, "text_file": "page.txt"}), folder=root)) == 0
    assert "found: date 1. marts 2027 (deadline): Første runde har frist" in capsys.readouterr().out
    assert "ildsjaele" in facts.load(root / "data").pools


def test_a_pool_is_written_from_its_address(
    root: Path, tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "".join(f"<p>{line}</p>" for line in PAGE.read_text(encoding="utf-8").splitlines())
    file = described(tmp_path, {**POOL, "url": site.put("/pulje", f"<body>{lines}</body>")})
    assert new_pool.main(Namespace(file=file, folder=root)) == 1
    assert "url: leads into a private network" in capsys.readouterr().err
    known = settings.get

    def private(name: str) -> Any:
        return 1 if name == "PULJEGUIDEN_FETCH_PRIVATE" else known(name)

    monkeypatch.setattr(settings, "get", private)
    assert new_pool.main(Namespace(file=file, folder=root)) == 0
    assert facts.load(root / "data").pools["ildsjaele"].page.url == f"{site.url}/pulje"


def test_what_a_pool_lacks_is_printed(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new_pool.main(Namespace(file=described(tmp_path, {"id": "ny"}), folder=root)) == 1
    told = capsys.readouterr().err
    assert [line.split(": ")[1] for line in told.splitlines() if line.startswith("described.yml")] == [
        "name",
        "names",
        "text",
    ]
