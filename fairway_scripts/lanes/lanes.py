"""The lanes on disk: making their worktrees, and telling how they stand."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.git import git_worktrees, references
from fairway_scripts.git.git import base_ref, resolve
from fairway_scripts.git.lane_state import has_branch, is_merged, lane_facts
from fairway_scripts.git.worktree_facts import is_occupied
from fairway_scripts.lanes import lanes_rules as rules
from fairway_scripts.lanes.elsewhere import is_elsewhere, places_of, shares_store, stored_path
from fairway_scripts.project.changes import Change, repeated_answer
from fairway_scripts.project.lane_choice import worktree_root
from fairway_scripts.project.lane_declaration import declaring_line
from fairway_scripts.work.claims import claimed_status
from fairway_scripts.work.local_artifacts import counting
from fairway_scripts.work.preflight import ERROR, preflight_issues

if TYPE_CHECKING:
    from fairway_scripts.base.git_folder import Worktree
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.calls.tool_calls import WorktreeSetup
    from fairway_scripts.git.git_survey import HostPlace
    from fairway_scripts.lanes.lane_shapes import (
        Attachments,
        Fitness,
        LanePlan,
        LaneRow,
        MadeWorktree,
        SeenWorktree,
        SetUp,
        SetupFacts,
        SetupRow,
    )
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import LanesLiveSessions


def set_up(project: Project, args: WorktreeSetup, *, lane: str) -> SetUp:
    """Give every lane (or one) its worktree and branch; what is there stays as it is.

    A missing branch starts where origin has it, else at BASE or the integration branch. Either every lane can be
    served or nothing is made. Returns `{worktrees, created, dry_run}`; each worktree is `{lane, path, branch,
    expected_branch, action, started_from, warning}`, `action` one of `created`, `present`, `would create`. Raises
    FairwayError `already_exists` naming every lane that stands in the way, `git_unavailable`.
    """
    repo = repository_of(project)
    repeated: SetUp | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    made: list[MadeWorktree] = []
    try:
        with git_worktrees.repository_lock(repo):
            plans = [_plan(project, repo, name, args) for name in lanes_of(project, lane)]
            _refuse(plans)
            for plan in plans:
                if plan["action"] != rules.PRESENT and not args.dry_run:
                    _make(repo, plan, made)
    except FairwayError:
        _remember(project, args, made)
        raise
    rows = [_row(plan, dry_run=args.dry_run) for plan in plans]
    answer: SetUp = {"worktrees": rows, "created": len(made), "dry_run": args.dry_run}
    if not args.dry_run:
        _remember(project, args, made, answer)
    return answer


def lane_report(project: Project, *, lane: str, root: str, base: str) -> list[LaneRow]:
    """How every lane (or one) stands: the facts of `lane_state.lane_facts` with its sessions and claims.

    Each row adds `sessions` (ids), `tasks` (ids in progress), `issues` (as queue-preflight has them), `elsewhere`
    (`{host, path}` of worktrees on other machines). At most three git processes a lane; nothing is written.
    """
    repo = repository_of(project)
    attached, listed = attachments(project), references.worktrees(repo)
    places = places_of(attached["made"], attached["sessions"]) if shares_store(project) else {}
    return [
        _standing(project, repo, name, attached, listed, places.get(name, []), root=root, base=base)
        for name in lanes_of(project, lane)
    ]


def preflight(project: Project, *, lane: str, root: str, base: str) -> Fitness:
    """Whether a lane is fit to start work in: the one row of `lane_report`, and `ok`: no issue is an error."""
    row = lane_report(project, lane=lane, root=root, base=base)[0]
    return {**row, "ok": not any(issue["level"] == ERROR for issue in row["issues"])}


def role_table(project: Project, *, lane: str, root: str) -> list[dict[str, str]]:
    """The configured lanes as plain text fields, the keys of `lanes_rules.FIELDS`; "" for what is not set."""
    settings = project.settings
    main = main_place(project)
    return [
        {
            "role": name,
            "branch": settings_of.lane_branch(settings, name),
            "worktree": os.path.realpath(settings_of.worktree_path(settings, name, main, root)),
            "review_branch": settings_of.review_branch(settings, name),
            "provider": settings_of.lane_provider(settings, name),
            "lease": settings_of.lane_lease(settings, name),
            "main_branch": settings["fairway"]["main_branch"],
            "main_worktree": main,
        }
        for name in lanes_of(project, lane)
    ]


def attachments(project: Project) -> Attachments:
    """The live `sessions`, the open `claims` and the `made` worktrees of all lanes, in one snapshot."""
    with project.store.read() as tx:
        return {
            "sessions": tx.all("lanes.live_sessions"),
            "claims": tx.all("lanes.claims", claimed=claimed_status(project)),
            "made": tx.all("lanes.made_worktrees"),
        }


def lanes_of(project: Project, lane: str) -> list[str]:
    """`lane`, else every lane; raises FairwayError `not_found` when there is none."""
    names = [lane] if lane else settings_of.lanes(project.settings)
    if not names:
        raise FairwayError(
            "not_found",
            "there are no lanes: neither [[roles]] in .fairway/config.toml nor roles in the queue file",
            declaring_line(project),
        )
    return names


def repository_of(project: Project) -> Repository:
    """The repository of a project; raises FairwayError `git_unavailable` when there is none."""
    if project.repository is None:
        raise FairwayError(
            "git_unavailable",
            f"{project.root} is in no git repository",
            suggest_program("git", "-C", project.root, "init"),
        )
    return project.repository


def main_place(project: Project) -> str:
    """Where relative worktree paths start: the main checkout, or the bare repository."""
    repo = project.repository
    return (repo.main_worktree or repo.common_dir) if repo else project.root


def _plan(project: Project, repo: Repository, lane: str, args: WorktreeSetup) -> LanePlan:
    """The facts about a lane that `lanes_rules.setup_plan` judges, together with its judgement."""
    settings = project.settings
    root = args.worktree_root or worktree_root()
    path = os.path.realpath(settings_of.worktree_path(settings, lane, main_place(project), root))
    branch = settings_of.lane_branch(settings, lane)
    known: list[SeenWorktree] = [{**row, "gone": not _is_there(row)} for row in references.worktrees(repo)]
    here = next((row for row in known if row["path"] == path), None)
    holder = next((row for row in known if row["branch"] == branch), None)
    lost = next((row for row in (here, holder) if row is not None and row["gone"]), None)
    exists = resolve(repo.common_dir, f"refs/heads/{branch}") is not None
    base = base_ref(repo.common_dir, settings["fairway"]["main_branch"], args.base)
    remote = f"origin/{branch}"
    start = None if exists else resolve(repo.common_dir, f"refs/remotes/{remote}")
    started_from = "" if exists else (remote if start else base)
    facts: SetupFacts = {
        "lane": lane,
        "path": path,
        "branch": branch,
        "here": here,
        "holder": holder,
        "holds": git_worktrees.held_by_git(repo, lost["path"]) if lost else [],
        "occupied": is_occupied(path),
        "branch_exists": exists,
        "start": start if start or exists else resolve(repo.common_dir, base),
        "base": base,
        "main_branch": settings["fairway"]["main_branch"],
        "started_from": started_from,
    }
    return {**facts, **rules.setup_plan(facts)}


def _is_there(worktree: Worktree) -> bool:
    return os.path.exists(os.path.join(worktree["path"], ".git"))


def _refuse(plans: list[LanePlan]) -> None:
    refused = [plan for plan in plans if plan["refusal"]]
    if refused:
        listing = "; ".join(f"lane {plan['lane']}: {plan['refusal']}" for plan in refused)
        missing = all(plan["start"] is None and not plan["branch_exists"] for plan in refused)
        raise FairwayError(
            "not_found" if missing else "already_exists",  # there is nothing to start from, or something in the way
            f"nothing was made: {listing}",
            refused[0]["fix"],
            findings=[{"lane": plan["lane"], "message": plan["refusal"], "fix": plan["fix"]} for plan in refused],
        )


def _make(repo: Repository, plan: LanePlan, made: list[MadeWorktree]) -> None:
    """Make the worktree of a plan and add to `made` what the store shall remember of it."""
    plan["warning"] = git_worktrees.add_worktree(repo, plan["path"], plan["branch"], plan["start"] or "")
    git_worktrees.mark_worktree(plan["path"], f"lane {plan['lane']}\nmade {clock.now()}\n")
    made.append(
        {
            "lane": plan["lane"],
            "path": plan["path"],
            "branch": plan["branch"],
            "started_from": plan["started_from"],
        }
    )


def _remember(project: Project, args: WorktreeSetup, made: list[MadeWorktree], answer: SetUp | None = None) -> None:
    """Record the worktrees that were made, in one event, and the answer of a call that was not broken off."""
    if not made and not args.request_id:
        return
    with Change(project, args) as change:
        for row in made:
            change.tx.run(
                "lanes.add_worktree",
                path=stored_path(project, row["path"]),
                role=row["lane"],
                branch=row["branch"],
                at=change.at,
                actor=project.identity.actor,
            )
        if made:
            change.record("worktrees_made", "", {"lanes": [row["lane"] for row in made], "worktrees": made})
        if answer:
            change.finish(answer)


def _row(plan: LanePlan, *, dry_run: bool) -> SetupRow:
    present = plan["action"] == rules.PRESENT
    found = (plan["here"] or plan["holder"]) if present else None
    return {
        "lane": plan["lane"],
        "path": found["path"] if found else plan["path"],
        "branch": (found["branch"] if found else plan["branch"]) or "",
        "expected_branch": plan["branch"],
        "action": rules.PRESENT if present else "would create" if dry_run else "created",
        "started_from": "" if present else plan["started_from"],
        "warning": plan["warning"],
    }


def _standing(
    project: Project,
    repo: Repository,
    lane: str,
    attached: Attachments,
    listed: list[Worktree],
    elsewhere: list[HostPlace],
    *,
    root: str,
    base: str,
) -> LaneRow:
    facts = lane_facts(repo, project.settings, lane, root, base, counting(project), listed)
    sessions = sessions_at(project, attached["sessions"], lane, facts["path"])
    claims = [row for row in attached["claims"] if row["role"] == lane]
    who = project.identity
    issues = [
        rules.missing_worktree_issue(issue, lane)
        for issue in preflight_issues(facts, has_branch=has_branch(repo, facts), merged=is_merged(repo, facts))
    ]
    issues += rules.attachment_issues(lane, sessions, claims, (who.actor, who.session), clock.now())
    return {
        **facts,
        "sessions": [row["id"] for row in sessions],
        "tasks": [row["task_id"] for row in claims],
        "issues": issues,
        "elsewhere": elsewhere,
    }


def sessions_at(project: Project, sessions: list[LanesLiveSessions], lane: str, path: str) -> list[LanesLiveSessions]:
    """The sessions that are attached to a lane or that run in the worktree at `path` of this machine."""
    inside = path.rstrip("/") + "/"
    return [
        row
        for row in sessions
        if row["role"] == lane
        or (f"{row['worktree_path'] or ''}/".startswith(inside) and not is_elsewhere(project, row))
    ]
