"""References wherever git keeps them: what cannot be read here is asked of git, and is never "not there"."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from fairway_scripts.base import paths
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.paths import find_repository
from fairway_scripts.git.references import branch_tips, head_branch, read_ref, worktrees
from tests.support.repositories import git

FLOOR = (2, 45)


def version() -> tuple[int, ...]:
    said = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    return tuple(int(part) for part in found.groups()) if found else ()


def repository(path: str):
    found = find_repository(path)
    assert found is not None
    return found


@pytest.fixture(params=["files", "reftable"])
def lanes(request: pytest.FixtureRequest, tmp_path) -> tuple[str, str, str]:
    """A checkout with a lane, a detached worktree and a remote branch, in either format of references."""
    if request.param == "reftable" and version() < FLOOR:
        pytest.skip(f"git {'.'.join(map(str, FLOOR))} is needed to make a repository with reftable")
    main, lane, loose = (str(tmp_path / name) for name in ("main", "lane", "loose"))
    flags = [f"--ref-format={request.param}"] if version() >= FLOOR else []
    git(str(tmp_path), "init", "--quiet", "--initial-branch=master", *flags, main)
    git(main, "commit", "--quiet", "--allow-empty", "-m", "first")
    git(main, "update-ref", "refs/remotes/origin/master", "HEAD")
    git(main, "worktree", "add", "--quiet", "-b", "agent/B-ui", lane)
    git(main, "worktree", "add", "--quiet", "--detach", loose)
    return main, lane, loose


def test_every_reference_is_read(lanes: tuple[str, str, str]) -> None:
    main, lane, loose = lanes
    sha = git(main, "rev-parse", "HEAD").strip()
    for place in lanes:
        repo = repository(place)
        for name in ("HEAD", "refs/heads/master", "refs/heads/agent/B-ui", "refs/remotes/origin/master"):
            assert read_ref(repo, name) == sha
        assert read_ref(repo, "refs/heads/none") is None
        assert branch_tips(repo, ["master", "agent/B-ui", "master", "none"]) == {"master": sha, "agent/B-ui": sha}
        assert branch_tips(repo, []) == {}
    assert [head_branch(repository(place)) for place in (main, lane, loose)] == ["master", "agent/B-ui", None]


def test_every_worktree_is_listed(lanes: tuple[str, str, str]) -> None:
    main, lane, loose = lanes
    sha = git(main, "rev-parse", "HEAD").strip()
    assert worktrees(repository(lane)) == [
        {"path": main, "branch": "master", "head": sha, "main": True, "prunable": False},
        {"path": lane, "branch": "agent/B-ui", "head": sha, "main": False, "prunable": False},
        {"path": loose, "branch": None, "head": sha, "main": False, "prunable": False},
    ]


def test_a_head_without_commits_has_its_branch(lanes: tuple[str, str, str]) -> None:
    main = lanes[0]
    git(main, "symbolic-ref", "HEAD", "refs/heads/unborn")
    assert (head_branch(repository(main)), read_ref(repository(main), "HEAD")) == ("unborn", None)


def test_git_is_not_started_for_references_in_files(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(str(tmp_path), "init", "--quiet", "--initial-branch=topic")
    monkeypatch.setenv("PATH", "/nowhere")
    repo = repository(str(tmp_path))
    assert (head_branch(repo), read_ref(repo, "refs/heads/none")) == ("topic", None)
    assert [entry["branch"] for entry in worktrees(repo)] == ["topic"]


def test_a_format_that_neither_we_nor_git_can_read_is_a_refusal(tmp_path) -> None:
    git(str(tmp_path), "init", "--quiet")
    git(str(tmp_path), "config", "core.repositoryFormatVersion", "1")
    git(str(tmp_path), "config", "extensions.refStorage", "what comes next")
    repo = repository(str(tmp_path))
    for ask in (lambda: read_ref(repo, "HEAD"), lambda: head_branch(repo), lambda: worktrees(repo)):
        with pytest.raises(FairwayError) as caught:
            ask()
        assert caught.value.word == "git_unavailable"


def test_both_readers_agree_on_a_plain_repository(lanes: tuple[str, str, str]) -> None:
    """What git says and what its files say is the same, also of worktrees that are gone or locked."""
    main, lane, loose = lanes
    repo = repository(main)
    if not repo.plain_references:
        pytest.skip("its files are read by git alone")
    git(main, "worktree", "lock", loose)
    for place in (lane, loose):
        os.rename(place, place + ".moved")
    asked = repository(main)
    asked.plain_references = False
    assert worktrees(asked) == paths.worktrees(repo)
