"""worktree-setup, worktree-status, worktree-prune: the lanes on disk."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.base.paths import find_repository
from fairway_scripts.git.git_worktrees import repository_lock
from tests.support.repositories import (
    GPUAAS_LANES,
    commit_file,
    count_git_calls,
    git,
    git_calls,
    head,
    make_repository,
    write_file,
)
from tests.support.rings import CROWD
from tests.support.shell import Checkout, finish, make_checkout, queue_text, run_tool, start_tool, task

CONFIG = ".fairway/config.toml"


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """A GPUaaS project without any lane worktree or lane branch."""
    return make_checkout(tmp_path, queue_text(task("B-1"), task("C-1", "C-ops")), lanes=[])


@pytest.fixture
def ready_made(project: Checkout) -> Checkout:
    """The same after worktree-setup."""
    project.ok("worktree-setup")
    return project


def place(project: Checkout, lane: str) -> str:
    """Where the worktree of a lane belongs."""
    return os.path.join(os.path.dirname(project.main), f"gpuas-{lane}")


def worktrees(project: Checkout) -> dict[str, str]:
    """Path -> branch of every worktree but the main one, as git has it."""
    found, path = {}, ""
    for line in git(project.main, "worktree", "list", "--porcelain").splitlines():
        word, _, rest = line.partition(" ")
        path = rest if word == "worktree" else path
        if word in ("branch", "detached"):
            found[path] = rest.removeprefix("refs/heads/")
    found.pop(project.main)
    return found


FIVE = {lane: f"agent/{lane}" for lane in GPUAAS_LANES}


def by_lane(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["lane"]: row for row in rows}


def set_up(project: Checkout, *arguments: str, env: dict[str, str] | None = None) -> dict[str, dict[str, Any]]:
    return by_lane(project.ok("worktree-setup", *arguments, "--json", env=env).json["worktrees"])


# worktree-setup


def test_every_lane_gets_a_worktree_on_a_branch_from_the_integration_branch(project: Checkout) -> None:
    rows = set_up(project)
    assert worktrees(project) == {place(project, lane): branch for lane, branch in FIVE.items()}
    assert {git(path, "rev-parse", "HEAD") for path in worktrees(project)} == {head(project.main)}
    assert {(row["action"], row["started_from"]) for row in rows.values()} == {("created", "master")}


def test_a_branch_that_is_made_tracks_nothing(project: Checkout) -> None:
    git(project.main, "config", "branch.autoSetupMerge", "always")
    project.ok("worktree-setup")
    assert "branch.agent" not in git(project.main, "config", "--local", "--list")


def test_what_is_there_stays_as_it_is(ready_made: Checkout) -> None:
    sha = commit_file(place(ready_made, "B-ui"), "a.ts", "x\n")
    write_file(place(ready_made, "B-ui"), "b.ts", "draft\n")
    assert {row["action"] for row in set_up(ready_made).values()} == {"present"}
    assert head(place(ready_made, "B-ui")) == sha
    assert os.path.exists(os.path.join(place(ready_made, "B-ui"), "b.ts"))


def test_one_lane_alone(project: Checkout) -> None:
    assert list(set_up(project, "--role", "B-ui")) == ["B-ui"]
    assert list(worktrees(project)) == [place(project, "B-ui")]


def test_a_lane_that_the_project_does_not_have_is_refused(project: Checkout) -> None:
    answer = project.run("worktree-setup", "--role", "Z-x")
    assert (answer.code, answer.word) == (3, "not_found")
    assert "B-ui" in answer.err


def test_a_dry_run_makes_nothing(project: Checkout) -> None:
    assert {row["action"] for row in set_up(project, "--dry-run").values()} == {"would create"}
    assert worktrees(project) == {}
    assert git(project.main, "branch", "--list", "agent/*") == ""


@pytest.mark.parametrize("how", ["flag", "environment"])
def test_worktree_root_moves_all_lanes(project: Checkout, tmp_path: Path, how: str) -> None:
    root = str(tmp_path / "somewhere else")
    if how == "flag":
        set_up(project, "--worktree-root", root)
    else:
        set_up(project, env={"WORKTREE_ROOT": root})
    assert sorted(worktrees(project)) == [os.path.join(root, f"gpuas-{lane}") for lane in GPUAAS_LANES]


def test_a_branch_that_exists_is_checked_out_where_it_stands(project: Checkout) -> None:
    git(project.main, "branch", "agent/B-ui")
    before = head(project.main)
    commit_file(project.main, "later", "x\n")
    row = set_up(project)["B-ui"]
    assert (head(place(project, "B-ui")), row["started_from"]) == (before, "")


def with_origin(project: Checkout, tmp_path: Path) -> str:
    """Give the project a remote that has `master` and a lane branch one commit ahead of it; that commit's id."""
    origin = make_repository(tmp_path, "origin")
    git(project.main, "remote", "add", "origin", origin)
    git(project.main, "push", "--quiet", "--force", "origin", "master:refs/heads/elsewhere")
    git(origin, "switch", "--quiet", "-c", "agent/B-ui", "elsewhere")
    sha = commit_file(origin, "of-the-lane", "x\n")
    git(project.main, "fetch", "--quiet", "origin")
    return sha


def test_a_branch_that_only_origin_has_starts_there(project: Checkout, tmp_path: Path) -> None:
    sha = with_origin(project, tmp_path)
    row = set_up(project, "--role", "B-ui")["B-ui"]
    assert (head(row["path"]), row["started_from"]) == (sha, "origin/agent/B-ui")


def test_base_names_another_start(project: Checkout) -> None:
    before = head(project.main)
    commit_file(project.main, "later", "x\n")
    row = set_up(project, "--role", "B-ui", "--base", before)["B-ui"]
    assert head(row["path"]) == before


def test_a_base_that_git_does_not_know_makes_nothing(project: Checkout) -> None:
    answer = project.run("worktree-setup", "--base", "nowhere")
    assert (answer.code, worktrees(project)) == (3, {})
    assert "there is no nowhere to start branch agent/A-backend from" in answer.err


def test_a_folder_in_the_way_is_named_and_nothing_is_made_for_any_lane(project: Checkout) -> None:
    write_file(os.path.dirname(project.main), "gpuas-C-ops/notes.txt", "mine\n")
    answer = project.run("worktree-setup")
    assert (answer.code, answer.word, worktrees(project)) == (4, "already_exists", {})
    assert f"lane C-ops: {place(project, 'C-ops')} is there and is no worktree" in answer.err
    assert f"hint: mv {place(project, 'C-ops')}" in answer.err


def test_every_lane_that_stands_in_the_way_is_named_at_once(project: Checkout) -> None:
    for lane in ("B-ui", "C-ops"):
        write_file(os.path.dirname(project.main), f"gpuas-{lane}/notes.txt", "mine\n")
    assert {"lane B-ui:", "lane C-ops:"} <= set(_pairs(project.run("worktree-setup").err.split()))


def _pairs(words: list[str]) -> list[str]:
    return [f"{one} {other}" for one, other in itertools.pairwise(words)]


def test_an_empty_folder_is_used(project: Checkout) -> None:
    os.mkdir(place(project, "B-ui"))
    assert set_up(project)["B-ui"]["action"] == "created"


def test_a_lane_that_the_main_checkout_stands_on_is_refused_with_what_frees_it(project: Checkout) -> None:
    git(project.main, "switch", "--quiet", "-c", "agent/B-ui")
    answer = project.run("worktree-setup")
    assert "agent/B-ui is checked out in the main checkout" in answer.err
    assert f"git -C {project.main} switch master" in answer.err
    git(project.main, "switch", "--quiet", "master")
    project.ok("worktree-setup")


def test_a_lane_that_works_in_another_place_is_left_there_and_that_is_said(project: Checkout, tmp_path: Path) -> None:
    other = str(tmp_path / "mine")
    git(project.main, "worktree", "add", "--quiet", "-b", "agent/B-ui", other)
    row = set_up(project)["B-ui"]
    assert (row["action"], row["path"]) == ("present", other)
    assert place(project, "B-ui") in row["warning"]


def test_a_worktree_on_another_branch_is_left_there_and_that_is_said(ready_made: Checkout) -> None:
    git(place(ready_made, "B-ui"), "switch", "--quiet", "-c", "try-out")
    answer = ready_made.ok("worktree-setup")
    assert "is on try-out, lane B-ui works on agent/B-ui" in answer.err
    assert worktrees(ready_made)[place(ready_made, "B-ui")] == "try-out"


def test_a_worktree_that_is_out_of_sight_is_given_up_by_a_person_alone(ready_made: Checkout) -> None:
    sha = commit_file(place(ready_made, "B-ui"), "a.ts", "x\n")
    shutil.rmtree(place(ready_made, "B-ui"))
    answer = ready_made.run("worktree-setup", "--role", "B-ui")
    assert (answer.code, answer.word) == (4, "already_exists")
    assert "git worktree repair NEWPATH" in answer.err
    given_up = f"git worktree remove {place(ready_made, 'B-ui')}"
    assert given_up in answer.err
    subprocess.run(given_up, shell=True, check=True, cwd=ready_made.main)
    assert set_up(ready_made)["B-ui"]["action"] == "created"
    assert head(place(ready_made, "B-ui")) == sha


def _stage(path: str) -> None:
    write_file(path, "staged.ts", "x\n")
    git(path, "add", "staged.ts")


def _merge(path: str) -> None:
    base = head(path)
    commit_file(path, "a.ts", "ours\n")
    git(path, "switch", "--quiet", "--create", "other", base)
    commit_file(path, "a.ts", "theirs\n")
    git(path, "switch", "--quiet", "agent/B-ui")
    subprocess.run(["git", "-C", path, "merge", "--quiet", "other"], check=False, capture_output=True)


@pytest.mark.parametrize(("work", "held"), [(_stage, "a staged change"), (_merge, "a merge, a staged change")])
def test_a_folder_that_was_moved_keeps_what_git_holds_of_it(
    ready_made: Checkout, tmp_path: Path, work: Callable[[str], None], held: str
) -> None:
    work(place(ready_made, "B-ui"))
    before = git(place(ready_made, "B-ui"), "status", "--porcelain")
    os.rename(place(ready_made, "B-ui"), tmp_path / "moved")
    answer = ready_made.run("worktree-setup")
    assert (answer.code, answer.word) == (4, "already_exists")
    assert f"git still holds {held} of it" in answer.err
    git(ready_made.main, "worktree", "repair", str(tmp_path / "moved"))
    assert git(str(tmp_path / "moved"), "status", "--porcelain") == before
    assert set_up(ready_made)["B-ui"]["action"] == "present"


def test_a_deleted_worktree_that_git_keeps_locked_is_refused(ready_made: Checkout) -> None:
    git(ready_made.main, "worktree", "lock", place(ready_made, "B-ui"))
    shutil.rmtree(place(ready_made, "B-ui"))
    answer = ready_made.run("worktree-setup")
    assert (answer.code, f"git worktree unlock {place(ready_made, 'B-ui')}" in answer.err) == (4, True)


def test_a_hook_that_fails_leaves_a_complete_worktree_and_a_warning(project: Checkout) -> None:
    hook = os.path.join(project.main, ".git", "hooks", "post-checkout")
    os.makedirs(os.path.dirname(hook), exist_ok=True)
    with open(hook, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\necho no package server >&2\nexit 3\n")
    os.chmod(hook, 0o755)
    answer = project.ok("worktree-setup")
    assert len(worktrees(project)) == 5
    assert "its post-checkout hook ended with" in answer.err
    assert "no package server" in answer.err


def test_many_at_a_time_end_with_the_five_worktrees_and_no_error(project: Checkout) -> None:
    started = [start_tool("worktree-setup", "--json", cwd=project.main) for _ in range(CROWD)]
    answers = [finish(process) for process in started]
    assert [(answer.code, answer.word) for answer in answers] == [(0, "")] * CROWD, answers
    assert worktrees(project) == {place(project, lane): branch for lane, branch in FIVE.items()}
    assert sum(answer.json["created"] for answer in answers) == 5
    assert set(FIVE.values()) == {row["branch"] for answer in answers for row in answer.json["worktrees"]}


def test_while_one_holds_the_lock_of_the_repository_another_waits(project: Checkout) -> None:
    repo = find_repository(project.main)
    assert repo is not None
    with repository_lock(repo):
        waiting = start_tool("worktree-setup", cwd=project.main)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=1.5)
        assert worktrees(project) == {}
    assert finish(waiting).code == 0
    assert len(worktrees(project)) == 5


def test_a_repeated_request_gets_the_first_answer(project: Checkout) -> None:
    first = project.ok("worktree-setup", "--request-id", "r-1", "--json").json
    again = project.ok("worktree-setup", "--request-id", "r-1", "--json").json
    assert first == again
    assert first["created"] == 5


def test_one_event_tells_what_was_made(project: Checkout) -> None:
    project.ok("worktree-setup", "--actor", "coordinator")
    project.ok("worktree-setup", "--actor", "coordinator")
    events = [e for e in project.ok("queue-activity", "--json").json["events"] if e["kind"] == "worktrees_made"]
    assert [(event["actor"], event["task_id"]) for event in events] == [("coordinator", "")]
    project.ok("queue-verify")


def test_it_works_from_inside_a_lane_and_in_a_bare_repository(ready_made: Checkout, tmp_path: Path) -> None:
    git(ready_made.main, "worktree", "remove", place(ready_made, "C-ops"))
    answer = ready_made.ok("worktree-setup", "--json", cwd=place(ready_made, "B-ui"))
    assert answer.json["created"] == 1
    bare = str(tmp_path / "bare" / "gpuaas.git")
    git(ready_made.main, "clone", "--quiet", "--bare", ready_made.main, bare)
    shutil.copytree(os.path.join(ready_made.main, ".fairway"), os.path.join(bare, ".fairway"))
    queue = {"QUEUE_FILE": ready_made.queue_file}
    config = ["--config", os.path.join(ready_made.main, CONFIG)]
    done = run_tool("worktree-setup", *config, "--json", cwd=bare, env=queue)
    assert done.code == 0, done.err
    assert sorted(os.listdir(tmp_path / "bare")) == ["gpuaas.git", *(f"gpuas-{lane}" for lane in GPUAAS_LANES)]


def test_a_project_without_lanes_is_told_how_to_get_some(tmp_path: Path) -> None:
    bare = make_checkout(tmp_path, "version: 1\ntasks: []\n", lanes=[], config=None)
    answer = bare.run("worktree-setup")
    assert (answer.code, answer.word) == (3, "not_found")
    assert "fairway-init" in answer.err


@pytest.mark.parametrize("target", ["worktree-setup", "agent-setup-lanes"])
def test_make_passes_role_and_worktree_root(project: Checkout, tmp_path: Path, target: str) -> None:
    answer = project.make(target, "ROLE=B-ui", f"WORKTREE_ROOT={tmp_path}/lanes")
    assert answer.code == 0, answer.err
    assert list(worktrees(project)) == [str(tmp_path / "lanes" / "gpuas-B-ui")]


# worktree-status


def status(project: Checkout, *arguments: str) -> dict[str, dict[str, Any]]:
    return by_lane(project.ok("worktree-status", *arguments, "--json").json["lanes"])


def test_status_tells_branch_changes_and_distance_of_every_lane(ready_made: Checkout) -> None:
    commit_file(place(ready_made, "B-ui"), "a.ts", "x\n")
    commit_file(ready_made.main, "later", "x\n")
    git(place(ready_made, "C-ops"), "switch", "--quiet", "-c", "try-out")
    write_file(place(ready_made, "D-arch"), "draft.md", "x\n")
    shutil.rmtree(place(ready_made, "E-governance"))
    rows = status(ready_made)
    assert [(rows["B-ui"][name]) for name in ("branch", "ahead", "behind", "dirty")] == ["agent/B-ui", 1, 1, False]
    assert (rows["C-ops"]["branch"], rows["C-ops"]["expected_branch"]) == ("try-out", "agent/C-ops")
    assert (rows["D-arch"]["dirty"], rows["D-arch"]["changed_files"]) == (True, ["draft.md"])
    assert rows["E-governance"]["exists"] is False
    text = ready_made.ok("worktree-status").out
    assert "try-out, not agent/C-ops" in text
    assert "1 changed" in text
    assert "missing" in text


def test_status_tells_who_is_attached_and_what_is_claimed(ready_made: Checkout) -> None:
    ready_made.ok("session-upsert", "--session-id", "s-1", "--role", "B-ui", "--backend", "manual")
    ready_made.ok("queue-claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-1")
    rows = status(ready_made)
    assert (rows["B-ui"]["sessions"], rows["B-ui"]["tasks"]) == (["s-1"], ["B-1"])
    assert (rows["C-ops"]["sessions"], rows["C-ops"]["tasks"]) == ([], [])


def test_status_of_one_lane_through_a_symbolic_link(ready_made: Checkout, tmp_path: Path) -> None:
    os.symlink(tmp_path, tmp_path / "link")
    rows = status(ready_made, "--role", "B-ui", "--worktree-root", str(tmp_path / "link"))
    assert list(rows) == ["B-ui"]
    assert (rows["B-ui"]["exists"], rows["B-ui"]["path"]) == (True, place(ready_made, "B-ui"))


# worktree-prune


def prune(project: Checkout, *arguments: str, cwd: str = "") -> dict[str, dict[str, Any]]:
    rows = project.ok("worktree-prune", *arguments, "--json", cwd=cwd).json["worktrees"]
    return {os.path.basename(row["path"]): row for row in rows}


def drop_lane(project: Checkout, lane: str) -> None:
    """Take a lane out of the configuration, as when its work is over."""
    path = os.path.join(project.main, CONFIG)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    start = text.index(f'[[roles]]\nname = "{lane}"')
    rest = text[text.index("[[", start + 2) :]
    rest = rest.replace(f'"{lane}", ', "").replace(f', "{lane}"', "").replace(f'"{lane}"', '"B-ui"')
    with open(path, "w", encoding="utf-8") as file:
        file.write(text[:start] + rest)
    project.ok("fairway-config", "validate")


def test_the_report_lists_every_worktree_with_why_it_stays_and_removes_nothing(ready_made: Checkout) -> None:
    rows = prune(ready_made)
    assert [row["action"] for row in rows.values()] == ["stays"] * 6
    assert rows["gpuaas"]["reasons"] == ["it is the main checkout"]
    assert rows["gpuas-B-ui"]["reasons"] == ["lane B-ui works here (name it to retire it: ROLE=B-ui)"]


def test_the_worktree_of_a_lane_that_is_no_longer_configured_goes_with_yes_and_its_branch_stays(
    ready_made: Checkout,
) -> None:
    drop_lane(ready_made, "C-ops")
    assert prune(ready_made)["gpuas-C-ops"]["action"] == "removable"
    assert os.path.isdir(place(ready_made, "C-ops"))
    answer = ready_made.ok("worktree-prune", "--yes", "--json").json
    assert (answer["removed"], os.path.exists(place(ready_made, "C-ops"))) == (1, False)
    assert len(worktrees(ready_made)) == 4
    assert "agent/C-ops" in git(ready_made.main, "branch", "--list", "agent/*")
    assert "gpuas-C-ops" not in prune(ready_made)


def test_a_configured_lane_is_retired_by_name_and_can_be_set_up_again(ready_made: Checkout) -> None:
    assert prune(ready_made, "--role", "B-ui", "--yes")["gpuas-B-ui"]["action"] == "removed"
    assert len(worktrees(ready_made)) == 4
    assert set_up(ready_made)["B-ui"]["action"] == "created"
    assert prune(ready_made, "--role", "B-ui")["gpuas-B-ui"]["action"] == "removable"


def test_naming_a_lane_leaves_all_others(ready_made: Checkout) -> None:
    drop_lane(ready_made, "C-ops")
    rows = prune(ready_made, "--role", "B-ui", "--yes")
    assert rows["gpuas-C-ops"]["reasons"] == ["only lane B-ui was asked for"]
    assert os.path.isdir(place(ready_made, "C-ops"))


def _uncommitted(project: Checkout, path: str) -> None:
    write_file(path, "README.md", "changed\n")


def _untracked(project: Checkout, path: str) -> None:
    write_file(path, "new.ts", "x\n")


def _unpublished(project: Checkout, path: str) -> None:
    commit_file(path, "a.ts", "x\n")


def _detached(project: Checkout, path: str) -> None:
    git(path, "switch", "--quiet", "--detach")
    commit_file(path, "a.ts", "x\n")


def _stashed(project: Checkout, path: str) -> None:
    write_file(path, "README.md", "changed\n")
    git(path, "stash", "--quiet")


def _stashed_on_no_branch(project: Checkout, path: str) -> None:
    write_file(path, "README.md", "changed\n")
    git(path, "switch", "--quiet", "--detach")
    git(path, "stash", "--quiet")
    git(path, "switch", "--quiet", "agent/B-ui")


def _stored_by_hand(project: Checkout, path: str) -> None:
    write_file(path, "README.md", "changed\n")
    git(path, "stash", "store", git(path, "stash", "create"))
    git(path, "checkout", "--quiet", "--", "README.md")


def _locked(project: Checkout, path: str) -> None:
    git(project.main, "worktree", "lock", path)


def _bisecting(project: Checkout, path: str) -> None:
    git(path, "bisect", "start", "--no-checkout")


def _session(project: Checkout, path: str) -> None:
    project.ok("session-upsert", "--session-id", "s-1", "--role", "B-ui", "--backend", "manual")


def _claim(project: Checkout, path: str) -> None:
    project.ok("queue-claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-1")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_uncommitted, "uncommitted or untracked: README.md"),
        (_untracked, "uncommitted or untracked: new.ts"),
        (_unpublished, "is neither on master nor on a remote branch"),
        (_detached, "is neither on master nor on a remote branch"),
        (_stashed, "1 stash entry of its branch"),
        (_stashed_on_no_branch, "1 stash entry of its branch"),
        (_stored_by_hand, "1 stash entry of its branch"),
        (_locked, "it is locked"),
        (_bisecting, "a bisect is under way"),
        (_session, "session s-1 is live"),
        (_claim, "B-1 is claimed"),
    ],
)
def test_whatever_would_be_missed_keeps_a_worktree(
    ready_made: Checkout, spoil: Callable[[Checkout, str], None], reason: str
) -> None:
    path = place(ready_made, "B-ui")
    spoil(ready_made, path)
    row = prune(ready_made, "--role", "B-ui", "--yes")["gpuas-B-ui"]
    assert row["action"] == "stays"
    assert len(row["reasons"]) == 1
    assert reason in row["reasons"][0]
    assert os.path.isdir(path)
    assert len(worktrees(ready_made)) == 5


def test_the_worktree_that_you_stand_in_stays(ready_made: Checkout) -> None:
    rows = prune(ready_made, "--role", "B-ui", "--yes", cwd=place(ready_made, "B-ui"))
    assert rows["gpuas-B-ui"]["reasons"] == ["you are in it"]


def test_a_commit_that_a_remote_has_does_not_keep_a_worktree(ready_made: Checkout, tmp_path: Path) -> None:
    commit_file(place(ready_made, "B-ui"), "a.ts", "x\n")
    git(ready_made.main, "remote", "add", "origin", make_repository(tmp_path, "origin"))
    git(place(ready_made, "B-ui"), "push", "--quiet", "origin", "agent/B-ui")
    assert prune(ready_made, "--role", "B-ui", "--yes")["gpuas-B-ui"]["action"] == "removed"


def test_a_session_that_has_ended_does_not_keep_a_worktree(ready_made: Checkout) -> None:
    _session(ready_made, "")
    ready_made.ok("session-end", "--session-id", "s-1")
    assert prune(ready_made, "--role", "B-ui", "--yes")["gpuas-B-ui"]["action"] == "removed"


def test_ignored_files_are_counted_before_they_go(ready_made: Checkout) -> None:
    path = place(ready_made, "B-ui")
    commit_file(ready_made.main, ".gitignore", "node_modules/\n.env\n")
    git(path, "merge", "--quiet", "--ff-only", "master")
    write_file(path, "node_modules/a/b.js", "x\n")
    write_file(path, ".env", "SECRET=1\n")
    assert prune(ready_made, "--role", "B-ui")["gpuas-B-ui"]["ignored_count"] == 2
    assert "2 ignored file(s) go with it" in ready_made.ok("worktree-prune", "--role", "B-ui").out


def test_a_worktree_that_somebody_else_made_stays(ready_made: Checkout, tmp_path: Path) -> None:
    git(ready_made.main, "worktree", "add", "--quiet", "-b", "feature", str(tmp_path / "gpuas-Z"))
    rows = prune(ready_made, "--yes")
    assert rows["gpuas-Z"]["reasons"] == ["worktree-setup did not make it"]
    assert os.path.isdir(tmp_path / "gpuas-Z")


def test_a_worktree_made_by_hand_at_the_place_of_one_of_ours_stays(ready_made: Checkout) -> None:
    path = place(ready_made, "B-ui")
    git(ready_made.main, "worktree", "remove", path)
    git(ready_made.main, "worktree", "add", "--quiet", path, "agent/B-ui")
    row = prune(ready_made, "--role", "B-ui", "--yes")["gpuas-B-ui"]
    assert row["reasons"] == ["worktree-setup did not make it"]
    assert os.path.isdir(path)


def test_a_worktree_whose_folder_is_gone_is_forgotten_with_yes(ready_made: Checkout) -> None:
    drop_lane(ready_made, "C-ops")
    shutil.rmtree(place(ready_made, "C-ops"))
    assert prune(ready_made, "--yes")["gpuas-C-ops"]["action"] == "removed"
    assert place(ready_made, "C-ops") not in worktrees(ready_made)


def test_a_worktree_with_submodules_stays_with_what_retires_it(ready_made: Checkout, tmp_path: Path) -> None:
    """Git removes no worktree with a submodule in it, even a clean one: the report says so before it is asked."""
    library = make_repository(tmp_path, "library")
    git(ready_made.main, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", library, "lib")
    git(ready_made.main, "commit", "--quiet", "-m", "a library")
    path = place(ready_made, "B-ui")
    git(path, "merge", "--quiet", "--ff-only", "master")
    git(path, "-c", "protocol.file.allow=always", "submodule", "update", "--init", "--quiet")
    for words in ([], ["--yes"]):
        (row,) = [
            row
            for row in ready_made.ok("worktree-prune", "--role", "B-ui", *words, "--json").json["worktrees"]
            if row["lane"] == "B-ui"
        ]
        assert row["action"] == "stays"
        assert f"git worktree remove --force {path}" in row["reasons"][0]
    assert os.path.isdir(path)
    git(ready_made.main, "worktree", "remove", "--force", path)


def test_git_is_never_told_to_force_anything(
    project: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = count_git_calls(monkeypatch, tmp_path)
    project.ok("worktree-setup")
    write_file(place(project, "B-ui"), "new.ts", "x\n")
    project.ok("worktree-prune", "--role", "B-ui", "--yes")
    project.ok("worktree-prune", "--role", "C-ops", "--yes")
    written = [call.split() for call in git_calls(notes) if " worktree " in call]
    assert len([words for words in written if "add" in words]) == 5
    assert len([words for words in written if "remove" in words]) == 1
    assert not [words for words in written if {"-f", "--force", "-B"} & set(words)]
    assert all("--no-track" in words for words in written if "add" in words)
