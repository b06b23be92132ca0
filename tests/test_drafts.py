"""Change sets: what a draft changes is told in words and lines, goes live as one commit, and can be undone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from puljeguiden import model
from puljeguiden.editing import Refused, drafts, examples, files, history, pools, topics
from puljeguiden.editing.drafts import Draft
from puljeguiden.editing.history import Author
from tests.conftest import ROOT
from tests.house import PARKING, B, H, build, changed, codes, content

ANNA, BO = Author("Anna Træner", "anna@example.org"), Author("Bo Træner")
NEW = "hvornår lukker vinduet for at søge"


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout of what trainers edit."""
    build(tmp_path / "root")
    git(tmp_path / "root", "init", "--quiet")
    git(tmp_path / "root", "add", "--all")
    git(tmp_path / "root", "commit", "--quiet", "--message=Begin")
    return tmp_path / "root"


@pytest.fixture
def draft(root: Path, tmp_path: Path) -> Draft:
    """Anna's draft."""
    return drafts.create(tmp_path / "drafts", root, "Anna")


def told(draft: Draft) -> list[str]:
    return [str(one) for one in drafts.differences(draft)]


def test_a_draft_changes_nothing_until_it_is_published(root: Path, draft: Draft) -> None:
    before = content(root)
    examples.add(draft.work, "deadline", [NEW])
    assert content(root) == before
    assert [one.id for one in drafts.every(draft.folder.parent)] == [draft.id]
    assert drafts.get(draft.folder.parent, draft.id).author == "Anna"


def test_a_draft_tells_in_words_what_it_changes(draft: Draft) -> None:
    assert told(draft) == []
    examples.add(draft.work, "deadline", [NEW, "hvad er skæringsdatoen"])
    examples.delete(draft.work, "budget", ["budget skema"])
    answer = {"state": "stated", "text": "Puljen kan søges af kommuner.", "quotes": ["Puljen kan søges af kommuner."]}
    pools.set_answer(draft.work, H, "budget", answer)
    topics.add(draft.work, PARKING)
    assert told(draft) == [
        "new topic parking",
        "1 examples removed from budget",
        "2 new examples in deadline",
        "8 new examples in parking",
        f"answer to budget changed for {H}: not_stated → stated",
    ]


def test_a_draft_tells_of_a_new_pool_and_a_changed_text(draft: Draft) -> None:
    text = (ROOT / "tests" / "pools" / "pages" / "lokale-ildsjaele.txt").read_text(encoding="utf-8")
    pools.add(draft.work, {"id": "ildsjaele", "name": "lokale ildsjæle", "names": ["ildsjæle"], "text": text})
    with files.changing(draft.work) as change:
        moves = change.tree("rasa_project/domain/responses/moves.yml")
        moves["responses"]["utter_skip"][0]["text"] += " Tak."
    assert told(draft) == ["new pool ildsjaele", "text utter_skip changed"]


def test_a_draft_shows_its_lines(draft: Draft) -> None:
    examples.add(draft.work, "deadline", [NEW])
    lines = drafts.diff(draft).splitlines()
    assert lines[:2] == ["--- a/data/nlu/deadline.yml", "+++ b/data/nlu/deadline.yml"]
    assert [line for line in lines[2:] if line.startswith(("+", "-"))] == [f"+    - {NEW}"]


def test_publishing_makes_one_commit_with_author_and_reason(root: Path, draft: Draft) -> None:
    (root / "data" / "other.txt").write_text("somebody's unfinished work", encoding="utf-8")
    git(root, "add", "data/other.txt")
    examples.add(draft.work, "deadline", [NEW])
    done = drafts.publish(draft, root, ANNA, "Spørgsmål fra loggen")
    assert (done.files, done.needs_training) == (("data/nlu/deadline.yml",), True)
    assert NEW in examples.by_intent(root)["deadline"]
    shown = git(root, "log", "-1", "--format=%H|%an <%ae>|%s|%b", "--name-only")
    assert shown.startswith(f"{done.commit}|{ANNA}|Spørgsmål fra loggen|- 1 new examples in deadline")
    assert "other.txt" not in shown
    assert drafts.every(draft.folder.parent) == []


def test_a_new_topic_is_published_and_reverted_without_a_trace(root: Path, draft: Draft) -> None:
    before = content(root)
    topics.add(draft.work, PARKING)
    commit = drafts.publish(draft, root, ANNA, "Nyt emne").commit
    assert commit
    examples.add(root, "deadline", [NEW])
    git(root, "commit", "--all", "--quiet", "--message=Later")
    history.revert(root, commit, BO)
    assert changed(before, content(root)) == {"data/nlu/deadline.yml"}
    latest = history.recent(root)[0]
    assert (latest.author, latest.subject) == (BO.name, "Revert “Nyt emne”")
    assert git(root, "status", "--porcelain") == ""


def test_reverting_keeps_what_came_later_and_refuses_what_it_cannot_keep(root: Path, draft: Draft) -> None:
    examples.edit(draft.work, "budget", "budget skema", "skal vi regne på et budget")
    commit = drafts.publish(draft, root, ANNA, "Bedre eksempel").commit
    assert commit
    examples.edit(root, "budget", "skal vi regne på et budget", "skal vi regne et budget ud")
    before = content(root)
    with pytest.raises(Refused) as refused:
        history.revert(root, commit, BO)
    assert codes(refused.value) == [("data/nlu/budget.yml", "conflict")]
    assert content(root) == before


def test_only_trainers_edits_can_be_reverted(root: Path) -> None:
    (root / "code.py").write_text("", encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Code")
    for commit in (git(root, "rev-parse", "HEAD").strip(), "0" * 40, "--all", ""):
        with pytest.raises(Refused) as refused:
            history.revert(root, commit, BO)
        assert codes(refused.value) == [("commit", "no_such_commit")]


def test_two_trainers_at_once_meet_in_a_conflict_and_lose_nothing(root: Path, draft: Draft) -> None:
    other = drafts.create(draft.folder.parent, root, "Bo")
    examples.add(draft.work, "deadline", [NEW])
    examples.add(other.work, "deadline", ["hvad er skæringsdatoen"])
    drafts.publish(other, root, BO, "Bos eksempel")
    with pytest.raises(Refused) as refused:
        drafts.publish(draft, root, ANNA, "Annas eksempel")
    assert codes(refused.value) == [("data/nlu/deadline.yml", "conflict")]
    assert NEW in examples.by_intent(draft.work)["deadline"]
    assert drafts.update(draft, root) == []
    assert told(draft) == ["1 new examples in deadline"]
    drafts.publish(draft, root, ANNA, "Annas eksempel")
    assert {NEW, "hvad er skæringsdatoen"} <= set(examples.by_intent(root)["deadline"])


@pytest.mark.parametrize("mine", [True, False])
def test_where_both_changed_the_same_line_a_trainer_decides(root: Path, draft: Draft, mine: bool) -> None:
    other = drafts.create(draft.folder.parent, root, "Bo")
    path = f"data/pools/{H}.yml"
    for one, text in ((draft, "Annas svar."), (other, "Bos svar.")):
        answer = {"state": "stated", "text": text, "quotes": ["Puljen kan søges af kommuner."]}
        pools.set_answer(one.work, H, "budget", answer)
    drafts.publish(other, root, BO, "Bos svar")
    assert drafts.conflicts(draft, root) == drafts.update(draft, root) == [path]
    drafts.decide(draft, root, path, mine=mine)
    assert drafts.conflicts(draft, root) == []
    if mine:
        drafts.publish(draft, root, ANNA, "Annas svar")
    assert pools.answers(root, H)["budget"]["text"] == ("Annas svar." if mine else "Bos svar.")


def test_what_others_publish_in_other_files_stays(root: Path, draft: Draft) -> None:
    examples.add(draft.work, "deadline", [NEW])
    examples.add(root, "budget", ["skal der være et budget med"])
    drafts.publish(draft, root, ANNA, "Annas eksempel")
    assert "skal der være et budget med" in examples.by_intent(root)["budget"]


def test_two_drafts_that_do_not_fit_together_are_not_both_published(root: Path, draft: Draft) -> None:
    examples.add(draft.work, "deadline", [NEW])
    examples.add(root, "budget", [NEW])
    before = content(root)
    with pytest.raises(Refused) as refused:
        drafts.publish(draft, root, ANNA, "Annas eksempel")
    assert [problem.code for problem in refused.value.problems] == ["example_twice"]
    assert content(root) == before


def test_a_failed_commit_leaves_the_files_as_they_were(root: Path, draft: Draft) -> None:
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    before = content(root)
    topics.add(draft.work, PARKING)
    with pytest.raises(history.GitError):
        drafts.publish(draft, root, ANNA, "Nyt emne")
    assert content(root) == before
    assert git(root, "status", "--porcelain") == ""
    assert told(draft)


@pytest.mark.parametrize(("author", "reason", "field"), [(Author("A <b>"), "x", "author"), (ANNA, " ", "reason")])
def test_publishing_needs_an_author_and_a_reason(
    root: Path, draft: Draft, author: Author, reason: str, field: str
) -> None:
    before = content(root)
    examples.add(draft.work, "deadline", [NEW])
    with pytest.raises(Refused) as refused:
        drafts.publish(draft, root, author, reason)
    assert [name for name, _ in codes(refused.value)] == [field]
    assert content(root) == before


def test_a_publishing_that_was_killed_halfway_is_taken_up_again(root: Path, draft: Draft) -> None:
    topics.add(draft.work, PARKING)
    for path in ("data/nlu/parking.yml", "data/topics.yml"):
        files.put(root / path, files.read(draft.work / path))
    done = drafts.publish(draft, root, ANNA, "Nyt emne")
    assert git(root, "status", "--porcelain") == ""
    assert {"data/nlu/parking.yml", "data/topics.yml"} < set(git(root, "show", "--format=", "--name-only").split())
    assert done.commit


def test_a_draft_without_edits_is_not_published(root: Path, draft: Draft) -> None:
    with pytest.raises(Refused) as refused:
        drafts.publish(draft, root, ANNA, "intet")
    assert codes(refused.value) == [("draft", "no_changes")]


def test_without_git_a_draft_is_published_all_the_same(tmp_path: Path) -> None:
    root = build(tmp_path / "root")
    draft = drafts.create(tmp_path / "drafts", root, "Anna")
    pools.set_answer(draft.work, B, "complaint", "not_stated")
    examples.add(draft.work, "deadline", [NEW])
    assert drafts.publish(draft, root, ANNA, "Uden git").commit is None
    assert history.recent(root) == []


def test_an_unknown_draft_is_told(tmp_path: Path) -> None:
    for name in ("../root", "0" * 12, ""):
        with pytest.raises(Refused):
            drafts.get(tmp_path, name)


def test_training_is_needed_for_what_a_model_is_made_from() -> None:
    trained = {str(file.relative_to(ROOT)) for pattern in model._SOURCES for file in ROOT.glob(pattern)}
    for name in content_of_parts():
        assert drafts.needs_training([name]) == (name in trained), name


def content_of_parts() -> list[str]:
    return [
        str(file.relative_to(ROOT)) for part in ("data", "rasa_project/domain") for file in (ROOT / part).rglob("*.*")
    ]
