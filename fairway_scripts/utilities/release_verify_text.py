"""The release verification as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.calls.artifact import markdown_table, remedies
from fairway_scripts.work.review_verdicts import asked_text

if TYPE_CHECKING:
    from fairway_scripts.utilities.release_shapes import Verification, VerifiedTask

_FOUND = (("check", "check"), ("subject", "what"), ("message", "why"))
_TASKS = (
    *(("task_id", "task"), ("lane", "lane"), ("commit", "commit"), ("evidence", "evidence"), ("reviews", "reviews")),
    *(("gates", "gates"), ("ok", "complete")),
)
_BLOCKERS = (("task_id", "task"), ("lane", "lane"), ("reason", "blocked because"), ("related", "related"))
_FILES = (("path", "artifact"), ("size", "bytes"), ("sha256", "sha256"))
_VERSIONS = (("path", "file"), ("line", "line"), ("version", "version"))
_SHORT = 12


def release_lines(found: Verification) -> list[str]:
    """The lines: the verdict, gaps and warnings with what helps, then tasks, blockers, artifacts, versions, others."""
    since = f"{found['since_tag']} ({found['since_sha'][:_SHORT]})" if found["since_tag"] else "the beginning"
    lines = ["# Release verification", "", f"complete: {'yes' if found['ok'] else 'no'}"]
    lines.append(f"release: {found['ref']} ({found['commit_sha'][:_SHORT]})")
    lines += [f"since: {since}", f"version: {found['version'] or '-'}"]
    lines.append(f"{found['commits']} commits, {len(found['tasks'])} tasks, {len(found['gaps'])} gaps")
    for title, entries in (("Gaps", found["gaps"]), ("Warnings", found["warnings"])):
        if entries:
            lines += ["", f"## {title}", "", *markdown_table(entries, _FOUND), ""]
            lines += remedies(entry["fix"] for entry in entries)
    lines += ["", "## Tasks", ""]
    lines += markdown_table([_task(task) for task in found["tasks"]], _TASKS) if found["tasks"] else ["None."]
    if found["blockers"]:
        lines += ["", "## Open blockers", "", *markdown_table(found["blockers"], _BLOCKERS)]
    if found["artifacts"]:
        files = [file for entry in found["artifacts"] for file in entry["files"]]
        lines += ["", "## Artifacts", "", *(markdown_table(files, _FILES) if files else ["None."])]
    if found["version_files"]:
        named = [{**row, "line": row["line"] or ""} for row in found["version_files"]]
        lines += ["", "## Version", "", *markdown_table(named, _VERSIONS)]
    if found["commits_without_task"]:
        rows = [{**row, "sha": row["sha"][:_SHORT]} for row in found["commits_without_task"]]
        lines += ["", "## Commits of no task", "", *markdown_table(rows, (("sha", "commit"), ("subject", "subject")))]
    return lines


def _task(task: VerifiedTask) -> dict[str, object]:
    evidence = task["evidence"]
    stale = "" if evidence["fresh"] or not evidence["id"] else " (stale)"
    return {
        "task_id": task["task_id"],
        "lane": task["lane"],
        "commit": task["commit_sha"][:_SHORT],
        "evidence": f"{evidence['id']}{stale}" if evidence["id"] else "",
        "reviews": [
            f"{asked_text(row['lane'], row['domains'])}: {row['verdict'] or 'missing'}" for row in task["reviews"]
        ],
        "gates": [f"{row['gate']}: {row['status']}" for row in task["gate_evaluations"]],
        "ok": task["ok"],
    }
