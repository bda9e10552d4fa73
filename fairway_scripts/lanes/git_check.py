"""Comparing the queue with git."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.git.git_survey import survey
from fairway_scripts.lanes.elsewhere import on_other_machines
from fairway_scripts.lanes.git_consistency import check, is_consistent
from fairway_scripts.lanes.lanes import repository_of
from fairway_scripts.project.lane_choice import worktree_root
from fairway_scripts.work.claims import claimed_status
from fairway_scripts.work.local_artifacts import counting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.git.git_survey import Survey
    from fairway_scripts.lanes.lane_shapes import GitCheck, GitRows, GitTask
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import ReportsGitTasks


def git_check(project: Project, *, now: str, lane: str = "", base: str = "") -> GitCheck:
    """Every place where the queue and git disagree, for all lanes or one.

    Returns `{ok, base, base_sha, tasks, lanes, findings}`: `findings` are those of `git_consistency.check`,
    `tasks` counts the tasks compared, `lanes` is what git says about each lane. Archived tasks are not compared, but
    commits may name them. Raises FairwayError `git_unavailable` outside a repository.
    """
    with project.store.read() as tx:
        rows = git_rows(project, tx)
    return compare_with_git(project, rows, now=now, lane=lane, base=base)[0]


def git_rows(project: Project, tx: Transaction) -> GitRows:
    """What `compare_with_git` needs of the store: `{tasks, counts, ids}`, of each task only what is compared of it."""
    claimed = claimed_status(project)
    return {
        "tasks": [
            {**row} if row["status"] == claimed else _of_finished(row)
            for row in tx.each("reports.git_tasks", claimed=claimed)
        ],
        "counts": {row["lane"]: row["tasks"] for row in tx.all("reports.git_counts")},
        "ids": tx.column("reports.every_id"),
    }


def _of_finished(row: ReportsGitTasks) -> GitTask:
    """What is compared of a finished task, of which a store has tens of thousands: they share their texts."""
    return {
        "id": sys.intern(row["id"]),
        "lane": sys.intern(row["lane"]),
        "status": sys.intern(row["status"]),
        "commit_sha": sys.intern(row["commit_sha"]) if row["commit_sha"] else row["commit_sha"],
        "review_status": sys.intern(row["review_status"]) if row["review_status"] else row["review_status"],
    }


def compare_with_git(
    project: Project,
    stored: GitRows,
    *,
    now: str,
    lane: str = "",
    base: str = "",
    commits: Iterable[str] = (),
) -> tuple[GitCheck, Survey]:
    """The answer of `git_check` from rows that were read before, and git's whole survey.

    `commits` are further commits that the survey shall look up. Raises FairwayError `git_unavailable`.
    """
    compared = [row for row in stored["tasks"] if lane in ("", row["lane"])]
    finished = [row["commit_sha"] for row in compared if row["commit_sha"] and _is_finished(project, row)]
    claimed = [row["branch"] for row in compared if row["status"] == claimed_status(project) and row["branch"]]
    facts = survey(
        repository_of(project),
        project.settings,
        [lane] if lane else settings_of.lanes(project.settings),
        list(dict.fromkeys([*finished, *commits])),
        list(dict.fromkeys(claimed)),
        worktree_root=worktree_root(),
        base=base,
        counting=counting(project),
    )
    places = on_other_machines(project)
    for row in facts["lanes"]:
        row["elsewhere"] = places.get(row["lane"], [])
    findings = check(facts, compared, project.settings, now, ids=stored["ids"])
    found: GitCheck = {
        "ok": is_consistent(findings),
        "base": facts["base"]["name"],
        "base_sha": facts["base"]["head"],
        "tasks": sum(tasks for name, tasks in stored["counts"].items() if lane in ("", name)),
        "lanes": facts["lanes"],
        "findings": findings,
    }
    return found, facts


def _is_finished(project: Project, row: GitTask) -> bool:
    return settings_of.is_terminal(project.settings, row["status"])
