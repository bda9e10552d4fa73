"""queue-preflight: whether a lane is fit to start work in."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.repositories import commit_file, count_git_calls, git, git_calls, write_file
from tests.support.shell import Checkout, make_checkout, make_environment, queue_text, task


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """A project whose lanes A-backend and B-ui have a worktree, C-ops has none."""
    return make_checkout(tmp_path, queue_text(task("B-1"), task("B-2")), lanes=["A-backend", "B-ui"])


def preflight(project: Checkout, *arguments: str, env: dict[str, str] | None = None) -> Any:
    """The answer, whatever the exit code."""
    return project.run("queue-preflight", *arguments, "--json", env=env).json


def checks(found: Any) -> list[tuple[str, str]]:
    return [(issue["level"], issue["word"]) for issue in found["findings"]]


def register(project: Checkout, name: str = "s-1", lane: str = "B-ui") -> None:
    project.ok("session-upsert", "--session-id", name, "--role", lane, "--backend", "manual")


def claim(project: Checkout, actor: str) -> None:
    project.ok("queue-claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-1", "--actor", actor)


def test_a_fit_lane_is_ok_and_told_in_full(project: Checkout) -> None:
    answer = project.ok("queue-preflight", "B-ui")
    assert answer.out.splitlines()[0] == "OK B-ui"
    found = preflight(project, "B-ui")
    assert (found["ok"], found["findings"], found["sessions"], found["tasks"]) == (True, [], [], [])
    assert (found["path"], found["branch"], found["base"]) == (project.lanes["B-ui"], "agent/B-ui", "master")


def _wrong_branch(project: Checkout) -> None:
    git(project.lanes["B-ui"], "switch", "--quiet", "-c", "try-out")


def _dirty(project: Checkout) -> None:
    write_file(project.lanes["B-ui"], "draft.ts", "x\n")


def _behind(project: Checkout) -> None:
    commit_file(project.main, "later", "x\n")


def _diverged(project: Checkout) -> None:
    commit_file(project.main, "later", "x\n")
    project.commit("B-ui", "a.ts")


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        (_wrong_branch, "wrong_branch"),
        (_dirty, "uncommitted_changes"),
        (_behind, "outdated_base"),
        (_diverged, "outdated_base"),
        (register, "live_session"),
        (lambda project: claim(project, "somebody"), "open_claim"),
    ],
)
def test_an_issue_is_one_error_with_its_fix_and_exit_code_1(
    project: Checkout, spoil: Callable[[Checkout], None], check: str
) -> None:
    spoil(project)
    found = preflight(project, "B-ui")
    assert (checks(found), found["ok"]) == ([("error", check)], False)
    answer = project.run("queue-preflight", "B-ui")
    assert (answer.code, answer.word) == (1, "preflight_failed")
    lines = answer.out.splitlines()
    assert lines[0] == "FAILED B-ui"
    assert f"  fix: {found['findings'][0]['fix']}" in lines
    assert f"hint: {found['findings'][0]['fix']}" in answer.err


@pytest.mark.parametrize("spoil", [_wrong_branch, _behind, _diverged, register])
def test_the_fix_mends_the_issue_as_it_is_printed(project: Checkout, spoil: Callable[[Checkout], None]) -> None:
    spoil(project)
    fix = preflight(project, "B-ui")["findings"][0]["fix"].split(", or: ")[0]
    subprocess.run(fix, shell=True, check=True, cwd=project.main, env=make_environment(), capture_output=True)
    assert preflight(project, "B-ui")["ok"] is True


def test_a_lane_without_a_worktree_is_not_fit_and_the_fix_makes_it(project: Checkout) -> None:
    found = preflight(project, "C-ops")
    assert checks(found) == [("error", "worktree_missing")]
    assert found["findings"][0]["fix"] == "make worktree-setup ROLE=C-ops"
    assert project.make("worktree-setup", "ROLE=C-ops").code == 0
    assert preflight(project, "C-ops")["ok"] is True


def test_every_issue_is_told_at_once(project: Checkout) -> None:
    claim(project, "somebody")
    register(project)
    _diverged(project)
    _dirty(project)
    names = [name for _level, name in checks(preflight(project, "B-ui"))]
    assert names == ["uncommitted_changes", "outdated_base", "live_session", "open_claim"]


def test_the_callers_own_session_and_claim_do_not_stand_in_its_way(project: Checkout) -> None:
    register(project, "s-own")
    claim(project, "s-own")
    found = preflight(project, "B-ui", env={"FAIRWAY_SESSION_ID": "s-own"})
    assert (found["ok"], checks(found)) == (True, [("warning", "open_claim")])
    assert "held by you" in found["findings"][0]["message"]


def test_the_session_of_another_lane_is_no_issue(project: Checkout) -> None:
    register(project, lane="A-backend")
    assert preflight(project, "B-ui")["ok"] is True


def test_a_session_in_the_lanes_worktree_counts_whatever_lane_it_names(project: Checkout) -> None:
    place = f"{project.lanes['B-ui']}/packages"
    project.ok(
        *("session-upsert", "--session-id", "s-1", "--role", "A-backend", "--backend", "manual"), "--worktree", place
    )
    assert checks(preflight(project, "B-ui")) == [("error", "live_session")]


def test_a_claim_whose_lease_ran_out_can_be_reclaimed(project: Checkout) -> None:
    claim(project, "somebody")
    found = preflight(project, "B-ui", env={"FAIRWAY_NOW": "2099-01-01T00:00:00Z"})
    assert found["findings"][0]["fix"] == "make queue-reclaim TASK_ID=B-1 REASON='lease ran out'"


@pytest.mark.parametrize("how", ["worktree", "variable"])
def test_the_lane_is_the_one_that_you_are_in(project: Checkout, how: str) -> None:
    cwd = project.lanes["B-ui"] if how == "worktree" else project.main
    env = {"AGENT_ROLE": "B-ui"} if how == "variable" else {}
    assert project.ok("queue-preflight", cwd=cwd, env=env).out.startswith("OK B-ui")


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [([], 2, "usage"), (["Z-x"], 3, "not_found"), (["B-ui", "--role", "A-backend"], 2, "usage")],
)
def test_a_lane_that_is_not_clear_is_refused(project: Checkout, arguments: list[str], code: int, word: str) -> None:
    answer = project.run("queue-preflight", *arguments)
    assert (answer.code, answer.word) == (code, word)


def test_base_is_what_the_lane_is_measured_against(project: Checkout) -> None:
    before = git(project.main, "rev-parse", "master")
    _behind(project)
    assert preflight(project, "B-ui", "--base", before)["ok"] is True
    assert checks(preflight(project, "B-ui", "--base", "nowhere")) == [("error", "base_missing")]


@pytest.mark.parametrize("target", ["queue-preflight", "agent-preflight"])
def test_make_has_it_under_both_names(project: Checkout, target: str) -> None:
    assert project.make(target, "ROLE=B-ui").out.startswith("OK B-ui")
    _dirty(project)
    answer = project.make(target, "ROLE=B-ui")
    assert (answer.code, answer.word) == (2, "preflight_failed")


def squashed(project: Checkout) -> None:
    """B-ui's two commits are on master as one, which its branch has not."""
    for text in ("1", "2"):
        project.commit("B-ui", "a.txt", text, "B-1: work")
    git(project.main, "merge", "--quiet", "--squash", "agent/B-ui")
    git(project.main, "commit", "--quiet", "-m", "B-1: both in one")


def test_after_a_squash_merge_every_page_advises_the_same(project: Checkout) -> None:
    """To rebase would conflict with what the base has already, commit by commit."""
    squashed(project)
    again = f"git -C {project.lanes['B-ui']} reset --keep master"
    git_check = project.run("queue-git-check", "--json").json["findings"]
    merge_ready = project.run("queue-merge-ready", "B-1", "--ref", "agent/B-ui", "--json").json["findings"]
    summary = project.run("orchestrator-tick", "--json")
    assert again in [row["fix"] for row in git_check]
    assert again in [row["fix"] for row in merge_ready]
    assert again in [issue["fix"] for issue in preflight(project, "--role", "B-ui")["findings"]]
    told = [summary.out, *(str(row) for row in (*git_check, *merge_ready))]
    assert not any("rebase" in text for text in told)
    subprocess.run(again, shell=True, check=True)
    assert project.ok("queue-git-check", "--role", "B-ui", "--json").json["findings"] == []


@pytest.mark.parametrize(("both_went_on", "processes"), [(False, 2), (True, 3)])
def test_a_claim_asks_git_no_more_than_it_tells(
    project: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, both_went_on: bool, processes: int
) -> None:
    claim(project, "ann")
    project.commit("B-ui", "a.txt")
    if both_went_on:
        commit_file(project.main, "b.txt", "1")
    notes = count_git_calls(monkeypatch, tmp_path)
    project.run("queue-claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-2", "--actor", "ann")
    assert len(git_calls(notes)) == processes
