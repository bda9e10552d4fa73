"""Whether a release has what it takes: the tasks merged since the tag before, with their evidence and reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.progress import counted
from fairway_scripts.formats.release_files import release_artifacts
from fairway_scripts.git.git import cut_off, is_ancestor, is_shallow, resolve_many
from fairway_scripts.git.release_range import (
    commits_between,
    files_at,
    last_tag,
    paths_of_commits,
)
from fairway_scripts.project.changes import find_state
from fairway_scripts.reviews.gates.profile_gates import gate_evaluations, gates_of_task
from fairway_scripts.reviews.review_bar import bar_of
from fairway_scripts.reviews.review_bars import asked_by_requests, bar_as_routed, bar_facts, judge_reviews
from fairway_scripts.reviews.review_coverage import Coverage
from fairway_scripts.reviews.reviews import unknown_revision
from fairway_scripts.reviews.routes.review_routes import manual_requests, readable
from fairway_scripts.reviews.routes.review_shape import shape_of, task_facts
from fairway_scripts.store.stored_json import stored
from fairway_scripts.utilities import release as rules
from fairway_scripts.work import gates
from fairway_scripts.work.verdicts import MANUAL, by_lane

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import ReleaseVerify
    from fairway_scripts.git.release_range import Commit
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import Bar
    from fairway_scripts.reviews.routes.review_shape import ReadDefinition
    from fairway_scripts.store.rows import GatesAllTasks, ReviewRequest
    from fairway_scripts.utilities.release_shapes import (
        Assigned,
        NamedTask,
        ReleasedTask,
        ReleaseFinding,
        Span,
        TaskFacts,
        TaskRecords,
        Verification,
        VerifiedTask,
    )
    from fairway_scripts.work.work_shapes import Asked


def release_verify(project: Project, args: ReleaseVerify, *, now: str) -> Verification:
    """What was merged into REF since a tag, and what is missing of it; nothing is changed, nothing is approved.

    REF defaults to the main branch, SINCE_TAG to the nearest tag in the history of REF (all of the history without
    one). `now` is the stored time at which a gate counts records as young or old. Returns ok, ref, commit_sha,
    since_tag and since_sha ("" for the beginning), commits (how many), tasks (task_id, title, lane, kind, commit_sha,
    commits, evidence, reviews, gate_evaluations, ok), gaps and warnings (`{check, subject, message, fix}`), blockers
    (task_id, lane, title, reason, related), artifacts (`{pattern, files}`), version and version_files,
    commits_without_task (`{sha, subject}`). Raises FairwayError: `git_unavailable`, `git_inconsistent` (the tag is not
    in the history of REF), `not_found`, `file_unavailable`.

    Git processes: seven, one for each task that was finished elsewhere, one more when reviews of a task were never
    asked for, and up to five for each review of another commit.
    """
    span = _span(project, args)
    commits = commits_between(project.worktree, span["since_sha"], span["commit_sha"])
    with project.store.read() as tx:
        tasks = tx.all("gates.all_tasks")
        blocked, dependencies = tx.all("gates.blocked"), tx.all("gates.dependencies")
    known = resolve_many(project.worktree, sorted({task["commit_sha"] for task in tasks if task["commit_sha"]}))
    assigned = rules.assign(commits, tasks, known)
    records = _records(project, [entry["task"]["task_id"] for entry in assigned["released"]])
    changed = _changed(project, assigned["released"], records)
    judged, gaps, warnings = _judged(project, assigned["released"], records, changed, now)
    settings = project.settings["release"]
    found = rules.blockers(blocked, [entry["task_id"] for entry in judged], dependencies)
    artifacts = release_artifacts(project.worktree, settings["artifacts"])
    paths = [entry["path"] for entry in settings["version_files"]]
    contents = files_at(project.worktree, span["commit_sha"], paths)
    version, version_gaps = rules.versions(settings["version_files"], contents)
    before = _released_before(project, assigned["elsewhere"], known, span["since_sha"])
    for more_gaps, more_warnings in (
        rules.assignment_findings(assigned, known, before),
        rules.blocker_findings(found, settings["open_blockers"]),
    ):
        gaps += more_gaps
        warnings += more_warnings
    gaps += [*rules.artifact_gaps(artifacts), *version_gaps]
    return {
        "ok": not gaps,
        **span,
        "commits": len(commits),
        "tasks": judged,
        "gaps": gaps,
        "warnings": warnings,
        "blockers": found,
        "artifacts": artifacts,
        "version": version["version"],
        "version_files": version["files"],
        "commits_without_task": rules.without_task(commits, _owned(commits, assigned, records)),
    }


def _span(project: Project, args: ReleaseVerify) -> Span:
    if project.repository is None:
        message = f"{project.root} is in no git repository, so there is no release to look at"
        raise FairwayError("git_unavailable", message, "run it in a checkout of the repository")
    main = project.settings["fairway"]["main_branch"]
    names = [args.ref] if args.ref else [main, f"origin/{main}"]
    known = resolve_many(project.worktree, [*names, *([args.since_tag] if args.since_tag else [])])
    ref = next((name for name in names if known[name]), names[0])
    commit = known[ref]
    if commit is None:
        raise unknown_revision(project, "REF", ref)
    tag = args.since_tag or last_tag(project.worktree, ref, commit)
    since = known[tag] if tag in known else resolve_many(project.worktree, [f"refs/tags/{tag}"])[f"refs/tags/{tag}"]
    if tag and since is None:
        raise unknown_revision(project, "SINCE_TAG", tag)
    if since and not is_ancestor(project.worktree, since, commit):
        message = f"{tag} is not in the history of {ref}, so what was merged since cannot be told"
        raise FairwayError("git_inconsistent", message, suggest_program("git", "log", "--oneline", "--graph", tag, ref))
    if not since and is_shallow(project.worktree):
        raise cut_off("what was merged since the last tag, or since the beginning, is not all here")
    return {"ref": ref, "commit_sha": commit, "since_tag": tag, "since_sha": since or ""}


def _records(project: Project, task_ids: list[str]) -> dict[str, TaskRecords]:
    found: dict[str, TaskRecords] = {}
    with project.store.read() as tx:
        for task_id in task_ids:
            found[task_id] = {
                "evidence": tx.all("records.evidence", task_id=task_id),
                "handoffs": tx.all("records.handoffs", task_id=task_id),
                "reviews": tx.all("records.reviews", task_id=task_id),
                "requests": tx.all("records.open_requests", task_id=task_id),
                "bar": bar_facts(tx, find_state(tx, task_id)),
                "gates": gates_of_task(project, tx, task_id),
            }
    return found


def _changed(project: Project, released: list[ReleasedTask], records: dict[str, TaskRecords]) -> dict[str, list[str]]:
    """What the tasks changed whose reviews were never routed: task id -> paths."""
    unrouted = [entry for entry in released if not _routed(records[entry["task"]["task_id"]])]
    paths = paths_of_commits(project.worktree, sorted({sha for entry in unrouted for sha in entry["commits"]}))
    return {
        entry["task"]["task_id"]: sorted({readable(path) for sha in entry["commits"] for path in paths[sha]})
        for entry in unrouted
    }


def _routed(record: TaskRecords) -> list[ReviewRequest]:
    return [row for row in record["requests"] if row["layer"] != MANUAL]


def _judged(
    project: Project,
    released: list[ReleasedTask],
    records: dict[str, TaskRecords],
    changed: dict[str, list[str]],
    now: str,
) -> tuple[list[VerifiedTask], list[ReleaseFinding], list[ReleaseFinding]]:
    """The released tasks with what is on record, the gaps and the warnings."""
    stale = project.settings["gates"]["stale_evidence"]
    found: list[VerifiedTask] = []
    gaps: list[ReleaseFinding] = []
    warnings: list[ReleaseFinding] = []
    for entry in counted(released, "judging tasks", len(released)):
        task, commit = entry["task"], entry["commit_sha"]
        record = records[task["task_id"]]
        bar, lanes = _asked(project, task, record, changed.get(task["task_id"], []))
        covered = Coverage(project, commit, "")
        judged = judge_reviews(project, record["bar"], lanes, bar, covered, now=now)
        facts: TaskFacts = {
            "evidence": gates.evidence_verdict(record["evidence"], commit, stale),
            "judged": judged,
            "gate_evaluations": gate_evaluations(project, record["gates"], record["evidence"], commit, now),
            "acceptance_checks": stored(task["acceptance_checks"], list, "acceptance_checks"),
        }
        own_gaps, own_warnings = rules.task_findings(entry, facts)
        gaps += own_gaps
        warnings += own_warnings
        found.append(
            {
                "task_id": task["task_id"],
                "title": task["title"],
                "lane": task["lane"],
                "kind": task["kind"],
                "commit_sha": commit,
                "commits": entry["commits"],
                "evidence": facts["evidence"],
                "reviews": judged["reviews"],
                "gate_evaluations": facts["gate_evaluations"],
                "ok": not own_gaps,
            }
        )
    return found, gaps, warnings


def _asked(project: Project, task: GatesAllTasks, record: TaskRecords, paths: list[str]) -> tuple[Bar, list[Asked]]:
    """The bar of a task and the lanes that have to have reviewed it: those that were asked, or by its change."""
    facts = record["bar"]
    if _routed(record):
        return bar_as_routed(facts, project.settings), asked_by_requests(facts["requests"])
    definition: ReadDefinition = {
        "kind": task["kind"],
        "risk_level": task["risk_level"],
        "profile": task["profile"],
        "tags": stored(task["tags"], list, "tags"),
        "extra": stored(task["extra"], dict, "extra"),
        "review_domains": facts["task"]["review_domains"],
    }
    shape = shape_of(task_facts(task["lane"], definition, project.settings), paths, project.settings)
    bar = bar_of(facts["task"], paths, project.settings, shape["reasons"])
    return bar, by_lane(shape["requirements"], manual_requests(record["requests"]))


def _released_before(project: Project, entries: list[NamedTask], known: dict[str, str | None], since: str) -> set[str]:
    shas = {sha for entry in entries if (sha := known.get(entry["task"]["commit_sha"] or ""))}
    return {sha for sha in shas if since and is_ancestor(project.worktree, sha, since)}


def _owned(commits: list[Commit], assigned: Assigned, records: dict[str, TaskRecords]) -> set[str]:
    """The commits that belong to a task: they name it, a record of it is about them, or they were reviewed with it."""
    owned: set[str] = set()
    for entries in (assigned["unfinished"], assigned["elsewhere"], assigned["released"]):
        for entry in entries:
            owned.update(entry["commits"])
    for entry in assigned["released"]:
        record = records[entry["task"]["task_id"]]
        owned.update(
            row["commit_sha"] for kind in ("evidence", "handoffs") for row in record[kind] if row["commit_sha"]
        )
        for review in record["reviews"]:
            if review["base_commit_sha"] and review["reviewed_commit_sha"]:
                owned |= rules.reviewed_span(commits, review["reviewed_commit_sha"], review["base_commit_sha"])
    return owned
