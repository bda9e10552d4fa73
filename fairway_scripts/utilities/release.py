"""What a release consists of, and what is missing of it.

A gap is `{check, subject, message, fix}`: `check` is one of evidence, review, gate, commit, unfinished, blocker,
artifact or version, `subject` a task, pattern or file, `fix` the command that helps. A warning has the same shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import suggest_in_document
from fairway_scripts.base.patterns.line_patterns import compile_pattern
from fairway_scripts.lanes.git_consistency import subject, tasks_named
from fairway_scripts.reviews.gates.profile_gates_rules import BLOCKING, MISSING, gate_text, record_line
from fairway_scripts.reviews.review_standing import review_line
from fairway_scripts.work.proof_lines import evidence_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fairway_scripts.base.settings_shape import ReleaseVersionFile
    from fairway_scripts.formats.release_files import ReleaseFiles
    from fairway_scripts.git.release_range import Commit
    from fairway_scripts.store.rows import GatesAllTasks, GatesBlocked, GatesDependencies
    from fairway_scripts.utilities.release_shapes import (
        Assigned,
        Blocker,
        CommitName,
        NamedVersion,
        ReleasedTask,
        ReleaseFinding,
        TaskFacts,
        Versions,
    )

    #: Gaps and warnings.
    Found = tuple[list[ReleaseFinding], list[ReleaseFinding]]

#: Longer lines of a file are no line that names a version.
_LONGEST_LINE = 2000


def assign(commits: Sequence[Commit], tasks: Sequence[GatesAllTasks], known: dict[str, str | None]) -> Assigned:
    """Which tasks the commits of a release belong to.

    `commits` (`{sha, parents, message}`) newest first, `tasks` all tasks of the store, `known` the full id of each
    commit that a task names (None for one that git does not know). Returns `released` (`{task, commit_sha, commits}`
    of each finished task whose commit is in the release: its recorded one, or else, where it has recorded none, the
    newest that names it), `unfinished` and `elsewhere` (`{task, commits}` of tasks that commits of the release name:
    not finished; finished with a commit that is not among them).
    """
    ids = {task["task_id"] for task in tasks}
    naming: dict[str, list[str]] = {}
    for commit in commits:
        for task_id in tasks_named(commit["message"], ids) if len(commit["parents"]) < 2 else []:
            naming.setdefault(task_id, []).append(commit["sha"])
    inside = {commit["sha"] for commit in commits}
    found: Assigned = {"released": [], "unfinished": [], "elsewhere": []}
    for task in tasks:
        own = naming.get(task["task_id"], [])
        sha = known.get(task["commit_sha"] or "") if task["commit_sha"] else None
        if task["terminal"] and (sha in inside or (own and not task["commit_sha"])):
            merged = sha if sha and sha in inside else own[0]
            commits_of = [commit["sha"] for commit in commits if commit["sha"] in {merged, *own}]
            found["released"].append({"task": task, "commit_sha": merged, "commits": commits_of})
        elif own:
            found["elsewhere" if task["terminal"] else "unfinished"].append({"task": task, "commits": own})
    return found


def without_task(commits: Iterable[Commit], owned: set[str]) -> list[CommitName]:
    """`{sha, subject}` of the commits that are no merge and belong to no task; `owned` are the ids of the others."""
    return [
        {"sha": commit["sha"], "subject": subject(commit["message"])}
        for commit in commits
        if commit["sha"] not in owned and len(commit["parents"]) < 2
    ]


def reviewed_span(commits: Sequence[Commit], last: str, base: str) -> set[str]:
    """The commits of the release that lie between `base` and `last`, which was reviewed together with them."""
    parents = {commit["sha"]: commit["parents"] for commit in commits}
    return _reachable(parents, last) - _reachable(parents, base)


def _reachable(parents: dict[str, list[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        sha = waiting.pop()
        if sha in parents and sha not in seen:
            seen.add(sha)
            waiting += parents[sha]
    return seen


def task_findings(entry: ReleasedTask, facts: TaskFacts) -> Found:
    """The gaps and warnings of one released task (`assign`).

    `facts`: `evidence` (of `gates.evidence_verdict`), `judged` (of `review_standing.summed_up`),
    `gate_evaluations` (of `profile_gates.evaluate`), all on the merged commit, and the task's `acceptance_checks`.
    """
    task_id, commit = entry["task"]["task_id"], entry["commit_sha"][:12]
    gaps, warnings = [], []
    evidence = facts["evidence"]
    line = evidence_line(task_id, facts["acceptance_checks"], document=True)
    if not evidence["ok"]:
        gaps.append(finding("evidence", task_id, evidence["why"], line))
    elif evidence["against"]:
        warnings.append(finding("evidence", task_id, f"{evidence['why']}, but {evidence['against']}", line))
    elif not evidence["fresh"]:
        warnings.append(finding("evidence", task_id, evidence["why"], line))
    judged = facts["judged"]
    for review in judged["findings"]:
        named = review["lane"] or review["domains"]
        route = suggest_in_document("queue-route-review", TASK_ID=task_id, REF=commit)
        gaps.append(finding("review", task_id, review["message"], review_line(review, commit) if named else route))
    older = [row for row in judged["objections"] if not row["current"]]
    waived = [row for row in judged["reviews"] if row["ok"] and row["waiver_id"]]
    warnings += [finding("review", task_id, row["message"], review_line(row, commit)) for row in older]
    detail = suggest_in_document("queue-task-detail", TASK_ID=task_id)
    warnings += [finding("review", task_id, row["message"], detail) for row in waived]
    for gate in facts["gate_evaluations"]:
        if gate["status"] == MISSING:
            to = gaps if gate["mode"] == BLOCKING else warnings
            to.append(finding("gate", task_id, f"gate {gate_text(gate)}", record_line(gate, task_id)))
    return gaps, warnings


def assignment_findings(assigned: Assigned, known: dict[str, str | None], before: set[str]) -> Found:
    """The gaps and warnings of tasks that commits of the release name without being released by it.

    `before` are the commits that were released earlier; a task finished with one of those has had a later commit.
    """
    gaps, warnings = [], []
    for entry in assigned["unfinished"]:
        task = entry["task"]
        message = f"it is {task['status']}, and the release has {_commits(entry['commits'])} of it"
        line = suggest_in_document(
            "queue-set-status", TASK_ID=task["task_id"], STATUS="done", COMMIT=entry["commits"][0][:12]
        )
        gaps.append(finding("unfinished", task["task_id"], message, line))
    for entry in assigned["elsewhere"]:
        task = entry["task"]
        sha = known.get(task["commit_sha"] or "")
        detail = suggest_in_document("queue-task-detail", TASK_ID=task["task_id"])
        if sha and sha in before:
            message = f"it was released before with {sha[:12]}, and {_commits(entry['commits'])} more name it"
            warnings.append(finding("commit", task["task_id"], message, detail))
        else:
            why = (
                f"its commit {(task['commit_sha'] or '')[:12]} is not in the release"
                if sha
                else "git knows no such commit"
            )
            message = f"{why}, although {_commits(entry['commits'])} name it"
            gaps.append(finding("commit", task["task_id"], message, detail))
    return gaps, warnings


def blockers(
    rows: Iterable[GatesBlocked], released: Iterable[str], dependencies: Iterable[GatesDependencies]
) -> list[Blocker]:
    """The blocked tasks, each with `related`: why it has to do with what is released ("" when it has not)."""
    inside = set(released)
    needed_by: dict[str, list[str]] = {}
    for needs in dependencies:
        if needs["task_id"] in inside:
            needed_by.setdefault(needs["depends_on"], []).append(needs["task_id"])
    found: list[Blocker] = []
    for row in rows:
        related = f"{', '.join(needed_by[row['task_id']])} depends on it" if row["task_id"] in needed_by else ""
        if not related and row["parent_id"] in inside:
            related = f"it is a part of {row['parent_id']}"
        found.append({**row, "reason": row["reason"] or "", "related": related})
    return found


def blocker_findings(found: Iterable[Blocker], which: str) -> Found:
    """Gaps for the blockers that count (`all`, or only those `related`), warnings for the others."""
    gaps: list[ReleaseFinding] = []
    warnings: list[ReleaseFinding] = []
    for row in found:
        why = "; ".join(text for text in (row["reason"], row["related"]) if text)
        fix = suggest_in_document("queue-task-detail", TASK_ID=row["task_id"])
        entry = finding("blocker", row["task_id"], f"it is blocked: {why}" if why else "it is blocked", fix)
        (gaps if which == "all" or row["related"] else warnings).append(entry)
    return gaps, warnings


def artifact_gaps(artifacts: Iterable[ReleaseFiles]) -> list[ReleaseFinding]:
    """A gap for each pattern of release.artifacts that no file matches."""
    return [
        finding("artifact", entry["pattern"], "no file matches it", "build it, or change release.artifacts")
        for entry in artifacts
        if not entry["files"]
    ]


def versions(
    files: Sequence[ReleaseVersionFile], contents: dict[str, bytes | None]
) -> tuple[Versions, list[ReleaseFinding]]:
    """`{version, files}` and the gaps: every file must name a version, and all of them the same one.

    `files` are `{path, pattern}` of release.version_files, `contents` their bytes. `version` is "" when it is not
    the same everywhere; each file has path, line and version ("" and 0 where none is named).
    """
    found = [_version(entry, contents.get(entry["path"])) for entry in files]
    gaps = [
        finding("version", row["path"], why, suggest_in_document("fairway-config", "show")) for row, why in found if why
    ]
    told = [row for row, _why in found]
    named = list(dict.fromkeys(row["version"] for row in told if row["version"]))
    if len(named) > 1:
        said = ", ".join(f"{row['path']} says {row['version']}" for row in told if row["version"])
        gaps.append(finding("version", ", ".join(named), said, "let all of them name the version of the release"))
    return {"version": named[0] if len(named) == 1 and not gaps else "", "files": told}, gaps


def _version(entry: ReleaseVersionFile, content: bytes | None) -> tuple[NamedVersion, str]:
    """What a file names, and why it names none, "" where it does."""
    told: NamedVersion = {"path": entry["path"], "version": "", "line": 0}
    if content is None:
        return told, "the release has no such file"
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return told, "it is not UTF-8"
    pattern = compile_pattern(entry["pattern"], ignore_case=False)
    for number, line in enumerate(lines, 1):
        version = pattern.first_group(line) if len(line) <= _LONGEST_LINE and pattern.search(line) else None
        if version:
            return {**told, "version": version, "line": number}, ""
    return told, f"no line matches {entry['pattern']}"


def finding(check: str, subject_: str, message: str, fix: str) -> ReleaseFinding:
    """A gap or a warning."""
    return {"check": check, "subject": subject_, "message": message, "fix": fix}


def _commits(shas: Sequence[str]) -> str:
    more = f" and {len(shas) - 3} more" if len(shas) > 3 else ""
    return ", ".join(sha[:12] for sha in shas[:3]) + more
