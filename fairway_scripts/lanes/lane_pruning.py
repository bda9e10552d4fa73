"""Retiring worktrees: a report of what stays and why, and removal of what nobody would miss."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.git import git_worktrees, references, worktree_facts
from fairway_scripts.lanes.elsewhere import own_worktrees
from fairway_scripts.lanes.lanes import attachments, main_place, repository_of, sessions_at
from fairway_scripts.lanes.lanes_rules import is_stash_of, keep_reasons
from fairway_scripts.project.changes import Change, repeated_answer
from fairway_scripts.project.lane_choice import worktree_root

if TYPE_CHECKING:
    from fairway_scripts.base.git_folder import Worktree
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.calls.tool_calls import WorktreePrune
    from fairway_scripts.git.worktree_facts import WorktreeContents
    from fairway_scripts.lanes.lane_shapes import (
        Attachments,
        KeepFacts,
        OwnWorktree,
        Pruned,
        PrunedWorktree,
        WorktreeFacts,
    )
    from fairway_scripts.project.project import Project

#: What `worktree_facts.contents` says about a worktree that is not looked into.
_NOT_LOOKED_AT: WorktreeContents = {
    "marked": "",
    "locked": False,
    "half_done": "",
    "submodules": False,
    "changed_count": 0,
    "changed_files": [],
    "ignored_count": 0,
}


def prune(project: Project, args: WorktreePrune, *, lane: str) -> Pruned:
    """Every worktree of the repository with the reasons why it stays; with `args.yes` the others are removed.

    Only worktrees that worktree-setup made are ever removed, never by force, and their branches stay. A lane that is
    still configured keeps its worktree unless `lane` names it. Returns `{worktrees, removable, removed, failed}`
    (the last three count); each worktree is `{path, lane, branch, head, action, reasons, ignored_count}`, `action` one
    of `stays`, `removable`, `removed`, `failed`. Raises FairwayError `git_unavailable` outside a repository.
    """
    repo = repository_of(project)
    repeated: Pruned | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    with git_worktrees.repository_lock(repo):
        attached = attachments(project)
        made = own_worktrees(attached["made"])
        rows = _judged(project, repo, args, lane, attached, made)
        if args.yes:
            for row in rows:
                _remove(repo, row)
    removed = [row for row in rows if row["action"] == "removed"]
    actions = [row["action"] for row in rows]
    answer: Pruned = {
        "worktrees": rows,
        "removable": actions.count("removable"),
        "removed": len(removed),
        "failed": actions.count("failed"),
    }
    if not args.yes:
        return answer
    with Change(project, args) as change:
        for row in removed:
            change.tx.run("lanes.remove_worktree", path=made[row["path"]]["stored"], at=change.at)
        if removed:
            told = [
                {"path": row["path"], "lane": row["lane"], "branch": row["branch"], "head": row["head"]}
                for row in removed
            ]
            change.record("worktrees_removed", "", {"lanes": [row["lane"] for row in removed], "worktrees": told})
        return change.finish(answer)


def _judged(
    project: Project,
    repo: Repository,
    args: WorktreePrune,
    lane: str,
    attached: Attachments,
    made: dict[str, OwnWorktree],
) -> list[PrunedWorktree]:
    configured = _configured(project, args)
    stashes = worktree_facts.stashes(repo)
    rows: list[PrunedWorktree] = []
    for entry in references.worktrees(repo):
        seen = _facts(project, repo, entry, made.get(entry["path"]), stashes)
        name = seen["lane"]
        sessions = sessions_at(project, attached["sessions"], name or "-", entry["path"])
        facts: KeepFacts = {
            **seen,
            "configured": configured.get(entry["path"]) == name,
            "asked": bool(lane) and name == lane,
            "inside": f"{os.path.realpath(os.getcwd())}/".startswith(entry["path"] + "/"),
            "sessions": [row["id"] for row in sessions],
            "claims": [row["task_id"] for row in attached["claims"] if name and row["role"] == name],
        }
        reasons = keep_reasons(facts)
        if lane and not facts["asked"] and not reasons:
            reasons = [f"only lane {lane} was asked for"]
        rows.append(
            {
                "path": entry["path"],
                "lane": name,
                "branch": entry["branch"],
                "head": entry["head"],
                "action": "stays" if reasons else "removable",
                "reasons": reasons,
                "ignored_count": facts["ignored_count"],
            }
        )
    return rows


def _facts(
    project: Project,
    repo: Repository,
    entry: Worktree,
    record: OwnWorktree | None,
    stashes: list[dict[str, str]],
) -> WorktreeFacts:
    """What `lanes_rules.keep_reasons` wants to know of a worktree; git is asked only about those in the store."""
    main_branch = project.settings["fairway"]["main_branch"]
    gone = not os.path.exists(os.path.join(entry["path"], ".git"))
    facts: WorktreeFacts = {
        **entry,
        **_NOT_LOOKED_AT,
        "gone": gone,
        "main_branch": main_branch,
        "published": None,
        "stashes": 0,
        "lane": record["role"] if record else "",
        "made": False,
    }
    if record is None or entry["main"]:
        return facts
    if gone:
        facts["made"], facts["locked"] = True, not entry["prunable"]
    else:
        facts = {**facts, **worktree_facts.contents(entry["path"])}
        facts["made"] = bool(facts["marked"])
    if facts["made"]:
        facts["stashes"] = sum(is_stash_of(entry, stash) for stash in stashes)
        facts["published"] = entry["head"] is not None and worktree_facts.is_published(repo, entry["head"], main_branch)
    return facts


def _configured(project: Project, args: WorktreePrune) -> dict[str, str]:
    """Path -> lane of the places where the configured lanes work."""
    main, root = main_place(project), args.worktree_root or worktree_root()
    names = settings_of.lanes(project.settings)
    return {os.path.realpath(settings_of.worktree_path(project.settings, name, main, root)): name for name in names}


def _remove(repo: Repository, row: PrunedWorktree) -> None:
    if row["action"] != "removable":
        return
    try:
        git_worktrees.remove_worktree(repo, row["path"])
        row["action"] = "removed"
    except FairwayError as problem:
        row["action"], row["reasons"] = "failed", [problem.message]
