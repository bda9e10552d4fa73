"""Checking out what a task's lane has done, for a reviewer to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.git import git_worktrees, references
from fairway_scripts.git.git import resolve
from fairway_scripts.git.git_status import status
from fairway_scripts.git.worktree_facts import commits_only_on
from fairway_scripts.lanes.lanes import repository_of
from fairway_scripts.project.changes import find_state
from fairway_scripts.work.local_artifacts import counting
from fairway_scripts.work.preflight import commit_command, file_list

if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.git.git_status import TreeState
    from fairway_scripts.lanes.lane_shapes import ReviewCheckedOut
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import Task


def check_out_for_review(project: Project, task_id: str, *, ref: str) -> ReviewCheckedOut:
    """Put the review branch of a task's lane on the lane's work and check it out in the caller's work tree.

    The work is `ref`, else the tip of the branch that the task records, else of the lane's branch (here, else as last
    seen on origin). Returns `{task_id, lane, source, commit_sha, review_branch, worktree, previous_branch,
    previous_commit, moved_from, warnings}`: `previous_*` is what was checked out before (branch "" when detached),
    `moved_from` the commit that the review branch was on, "" for a new branch. Raises FairwayError: `not_found` (task,
    commit), `preflight_failed` (the work tree is dirty or in the middle of something), `already_exists` (another
    worktree has the review branch), `unreviewed_commits` (moving it would lose some).
    """
    repo = repository_of(project)
    with project.store.read() as tx:
        state = find_state(tx, task_id)
        asked = {row["commit_sha"] for row in tx.all("records.open_requests", task_id=task_id) if row["commit_sha"]}
        reviewed = set(tx.column("lanes.reviewed_commits"))
    lane = state["role"]
    source, commit = _source(project, repo, state, ref)
    review_branch = settings_of.review_branch(project.settings, lane)
    with git_worktrees.repository_lock(repo):
        before = _fit_worktree(project, repo)
        _refuse_elsewhere(project, repo, review_branch)
        tip = resolve(repo.common_dir, f"refs/heads/{review_branch}")
        if tip != commit:
            _refuse_loss(repo, review_branch, tip, reviewed)
        if (before["branch"], before["head"]) != (review_branch, commit):
            reason = f"review-checkout: {task_id} from {source}"
            git_worktrees.check_out_branch(project.worktree, review_branch, commit, tip, reason)
    return {
        "task_id": task_id,
        "lane": lane,
        "source": source,
        "commit_sha": commit,
        "review_branch": review_branch,
        "worktree": project.worktree,
        "previous_branch": before["branch"] or "",
        "previous_commit": before["head"],
        "moved_from": tip or "",
        "warnings": _warnings(task_id, commit, asked),
    }


def _source(project: Project, repo: Repository, state: Task, ref: str) -> tuple[str, str]:
    """What is reviewed, as it is called and as a full id."""
    branch = state["branch"] or settings_of.lane_branch(project.settings, state["role"])
    names = (
        [(ref, ref)]
        if ref
        else [(branch, f"refs/heads/{branch}"), (f"origin/{branch}", f"refs/remotes/origin/{branch}")]
    )
    for name, revision in names:
        commit = resolve(project.worktree if ref else repo.common_dir, revision)
        if commit is not None:
            return name, commit
    hint = suggest_program("git", "fetch", "origin")
    said = f"REF {ref!r}: git knows no such commit" if ref else f"lane {state['role']} has no branch {branch}"
    raise FairwayError("not_found", f"{state['task_id']}: {said}", hint, task_id=state["task_id"])


def _fit_worktree(project: Project, repo: Repository) -> TreeState:
    """The state of the caller's work tree; raises FairwayError when something in it is not committed."""
    if repo.worktree is None:
        raise FairwayError("git_unavailable", "you are in no work tree", "go to the worktree of a lane")
    state = status(repo.worktree, counting(project))
    if state["dirty"]:
        files = file_list(state["changed_files"], len(state["changed_files"]))
        message = f"{repo.worktree} has uncommitted or untracked files: {files}"
        raise FairwayError("preflight_failed", message, commit_command(repo.worktree))
    doing = git_worktrees.half_done(repo.git_dir)
    if doing:
        raise FairwayError(
            "preflight_failed",
            f"{doing} is under way in {repo.worktree}",
            suggest_program("git", "-C", repo.worktree, "status"),
        )
    return state


def _refuse_elsewhere(project: Project, repo: Repository, review_branch: str) -> None:
    for entry in references.worktrees(repo):
        if entry["branch"] == review_branch and entry["path"] != project.worktree and not entry["prunable"]:
            raise FairwayError(
                "already_exists",
                f"{review_branch} is checked out in {entry['path']}",
                suggest_program("git", "-C", entry["path"], "switch", "--detach"),
                path=entry["path"],
            )


def _refuse_loss(repo: Repository, review_branch: str, tip: str | None, reviewed: set[str]) -> None:
    """Refuse to move the review branch away from commits that it alone has and that no verdict covers.

    A verdict on a commit covers the history below it.
    """
    if tip is None:
        return
    lost = commits_only_on(repo, review_branch, sorted(reviewed))
    if lost:
        commits = "1 commit" if len(lost) == 1 else f"{len(lost)} commits"
        raise FairwayError(
            "unreviewed_commits",
            f"{review_branch} holds {commits} that nothing else has and nobody has reviewed: {lost[0][:12]}",
            suggest_program("git", "branch", f"{review_branch}-kept", review_branch),
            branch=review_branch,
            commits=lost,
        )


def _warnings(task_id: str, commit: str, asked: set[str]) -> list[str]:
    if not asked or commit in asked:
        return []
    wanted = min(asked)
    return [f"the review of {wanted[:12]} was asked for: {suggest('review-checkout', TASK_ID=task_id, REF=wanted)}"]
