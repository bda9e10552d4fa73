"""Comparing the queue with git."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.git.git_survey import survey
from fairway_scripts.lanes.git_consistency import check, is_consistent
from fairway_scripts.project.lane_choice import worktree_root
from fairway_scripts.work.claims import claimed_status
from fairway_scripts.work.local_artifacts import counting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction


def git_check(project: Project, *, now: str, lane: str = "", base: str = "") -> dict[str, Any]:
    """Every place where the queue and git disagree, for all lanes or one.

    Returns `{ok, base, base_sha, tasks, lanes, findings}`: `findings` are those of `git_consistency.check`,
    `tasks` counts the tasks compared, `lanes` is what git says about each lane. Archived tasks are not compared, but
    commits may name them. Raises FairwayError `git_unavailable` outside a repository.
    """
    with project.store.read() as tx:
        rows = git_rows(tx)
    found = compare_with_git(project, rows, now=now, lane=lane, base=base)
    found.pop("survey")
    return found


def git_rows(tx: Transaction) -> dict[str, Any]:
    """What `compare_with_git` needs of the store: `{tasks, archived}`."""
    return {"tasks": tx.all("reports.git_tasks"), "archived": tx.column("reports.archived_ids")}


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
    if project.repository is None:
        raise FairwayError(
            "git_unavailable",
            f"{project.root} is in no git repository",
            suggest_program("git", "-C", project.root, "init"),
        )
    rows, archived = stored["tasks"], stored["archived"]
    compared = [row for row in rows if not row["archived_at"] and lane in ("", row["lane"])]
    finished = [row["commit_sha"] for row in compared if row["commit_sha"] and _is_finished(project, row)]
    claimed = [row["branch"] for row in compared if row["branch"] and row["status"] == claimed_status(project)]
    facts = survey(
        project.repository,
        project.settings,
        [lane] if lane else settings_of.lanes(project.settings),
        list(dict.fromkeys([*finished, *commits])),
        list(dict.fromkeys(claimed)),
        worktree_root=worktree_root(),
        base=base,
        counting=counting(project),
    )
    here = {row["id"] for row in compared}
    named_only = [*(row["id"] for row in rows if row["id"] not in here), *archived]
    findings = check(facts, [*compared, *(_name_only(task_id) for task_id in named_only)], project.settings, now)
    return {
        "ok": is_consistent(findings),
        "base": facts["base"]["name"],
        "base_sha": facts["base"]["head"],
        "tasks": len(compared),
        "lanes": facts["lanes"],
        "findings": findings,
        "survey": facts,
    }


def _is_finished(project: Project, row: dict[str, Any]) -> bool:
    return settings_of.is_terminal(project.settings, row["status"])


def _name_only(task_id: str) -> dict[str, Any]:
    """A task that commit messages may name and of which nothing is compared."""
    return {"id": task_id, "lane": "", "status": "", "owner": "", "branch": "", "commit_sha": None, "claimed_at": None}
