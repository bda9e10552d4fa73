"""Comparing the queue with git."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

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

    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

#: What is compared of a finished task.
_OF_FINISHED = ("id", "lane", "status", "commit_sha", "review_status")


def git_check(project: Project, *, now: str, lane: str = "", base: str = "") -> dict[str, Any]:
    """Every place where the queue and git disagree, for all lanes or one.

    Returns `{ok, base, base_sha, tasks, lanes, findings}`: `findings` are those of `git_consistency.check`,
    `tasks` counts the tasks compared, `lanes` is what git says about each lane. Archived tasks are not compared, but
    commits may name them. Raises FairwayError `git_unavailable` outside a repository.
    """
    with project.store.read() as tx:
        rows = git_rows(project, tx)
    found = compare_with_git(project, rows, now=now, lane=lane, base=base)
    found.pop("survey")
    return found


def git_rows(project: Project, tx: Transaction) -> dict[str, Any]:
    """What `compare_with_git` needs of the store: `{tasks, counts, ids}`, of each task only what is compared of it."""
    claimed = claimed_status(project)
    return {
        "tasks": [
            row if row["status"] == claimed else {name: _one(row[name]) for name in _OF_FINISHED}
            for row in tx.each("reports.git_tasks", claimed=claimed)
        ],
        "counts": {row["lane"]: row["tasks"] for row in tx.all("reports.git_counts")},
        "ids": tx.column("reports.every_id"),
    }


def _one(value: str | None) -> str | None:
    """The same text as one object: a store has tens of thousands of finished tasks in a few lanes."""
    return sys.intern(value) if value else value


def compare_with_git(
    project: Project,
    stored: dict[str, Any],
    *,
    now: str,
    lane: str = "",
    base: str = "",
    commits: Iterable[str] = (),
) -> dict[str, Any]:
    """The answer of `git_check` from rows that were read before, with git's whole `survey`.

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
    return {
        "ok": is_consistent(findings),
        "base": facts["base"]["name"],
        "base_sha": facts["base"]["head"],
        "tasks": sum(tasks for name, tasks in stored["counts"].items() if lane in ("", name)),
        "lanes": facts["lanes"],
        "findings": findings,
        "survey": facts,
    }


def _is_finished(project: Project, row: dict[str, Any]) -> bool:
    return settings_of.is_terminal(project.settings, row["status"])
