"""The house rules: who may import whom, where Danish stands, what is in git."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

MAY_NOT = {
    "puljeguiden": {"rasa", "rasa_sdk", "rasa_project", "actions", "staff", "django", "sanic"},
    "actions": {"rasa", "rasa_project", "staff", "django"},
    "rasa_project": {"staff", "django"},
    "staff": {"rasa", "rasa_sdk", "rasa_project", "actions", "sanic"},
}


def code(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("folder", MAY_NOT)
def test_a_layer_imports_nothing_above_it(folder: str) -> None:
    wrong = {file.name: imports(file) & MAY_NOT[folder] for file in code(folder)}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_actions_hold_no_sentence() -> None:
    for file in code("actions"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"utter_message\((?!\s*response=)", text), file
        assert not re.search("[æøåÆØÅ]", text), file


def test_staff_pages_have_no_inline_script_or_style() -> None:
    for file in (ROOT / "staff").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=|javascript:", text), file


def test_no_file_grows_past_400_lines() -> None:
    files = [file for folder in ("puljeguiden", "actions", "rasa_project", "staff", "tests") for file in code(folder)]
    files += [*(ROOT / "web" / "widget").iterdir(), *(ROOT / "web" / "templates").iterdir()]
    assert [str(file) for file in files if len(file.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_git_holds_no_secret_database_model_or_package_host() -> None:
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert [file for file in files if file.endswith((".db", ".tar.gz", ".log", ".sqlite")) or file == ".env"] == []
    locks = "".join((ROOT / file).read_text(encoding="utf-8") for file in files if file.startswith("requirements/"))
    assert "://" not in locks
    assert "uv.lock" not in files
    assert '"resolved"' not in (ROOT / "web" / "dkfds" / "package-lock.json").read_text(encoding="utf-8")


def test_the_website_names_no_other_host() -> None:
    files = [file for folder in ("widget", "templates", "static") for file in (ROOT / "web" / folder).rglob("*")]
    served = [file for file in files if file.suffix in {".js", ".css", ".html"}]
    named = {file.name: re.findall(r"//[a-z0-9.-]+\.[a-z]{2,}", file.read_text(encoding="utf-8")) for file in served}
    assert {name: hosts for name, hosts in named.items() if hosts} == {}
