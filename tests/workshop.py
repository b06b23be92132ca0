"""A copy of the project with few examples, for one test to teach, train and publish in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ruamel.yaml import YAML

from puljeguiden.evaluation import questions
from puljeguiden.evaluation.questions import Answer, Question
from puljeguiden.wiring import FEWEST_EXAMPLES
from tests.conftest import ROOT

_PARTS = (
    "actions",
    "data",
    "deploy",
    "docs/contract.md",
    "puljeguiden",
    "rasa_project",
    "requirements",
    "staff",
    "web",
)
_SURE_OF = [
    "- hvad er fristen",
    "- hvad er fristen for puljen",
    "- hvornår er fristen",
    "- hvornår er fristen for puljen",
]
"""With these among the few examples, the small model is sure of the regression question, whatever else is taught."""
STATED = Answer("kommunale-handlingsplaner", "deadline", "stated")
ASKED = Question("hvad er fristen for handlingsplanerne", gets=(STATED,))


def build(root: Path) -> Path:
    """Copy the project, with as few examples as there may be and one regression question."""
    for part in (*_PARTS, ".python-version"):
        (root / part).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, root / part)
        else:
            shutil.copy2(ROOT / part, root / part)
    shorten(root)
    for file in (root / "data" / "tests").iterdir():
        file.unlink()
    (root / "data" / "tests" / "questions.yml").write_text(questions.dump([ASKED]), encoding="utf-8")
    return root


def shorten(root: Path, change: Callable[[dict[str, list[str]]], None] = lambda _: None) -> None:
    """Leave few examples, so that training is quick; `change` may exchange some of them."""
    yaml, examples = YAML(typ="safe"), {}
    for file in sorted((root / "data" / "nlu").glob("*.yml")):
        for entry in yaml.load(file.read_text(encoding="utf-8"))["nlu"]:
            examples[entry["intent"]] = entry["examples"].splitlines()[:FEWEST_EXAMPLES]
        file.unlink()
    examples["deadline"] = [*_SURE_OF, *examples["deadline"][len(_SURE_OF) :]]
    change(examples)
    for intent, lines in examples.items():
        file = root / "data" / "nlu" / f"{intent.partition('.')[0]}.yml"
        before = file.read_text(encoding="utf-8") if file.exists() else 'version: "3.1"\nnlu:\n'
        told = "".join(f"    {line}\n" for line in lines)
        file.write_text(f"{before}- intent: {intent}\n  examples: |\n{told}", encoding="utf-8")


def python(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a module in the copy."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *words],
        cwd=root,
        env={**os.environ, "PULJEGUIDEN_VAR_DIR": str(root / "var")},
        capture_output=True,
        text=True,
    )


def taught(root: Path) -> Path:
    """Build a copy with its model live, in a git checkout of its own."""
    build(root)
    (root / ".gitignore").write_text("var/\n__pycache__/\n", encoding="utf-8")
    git = ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=Begin"]):
        subprocess.run([*git, *words], check=True)
    done = python(root, "rasa_project.train")
    assert not done.returncode, done.stderr
    return root
