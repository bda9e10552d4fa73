"""Runs of GitHub Actions, as `gh run view --json ...` (a run with its jobs) and `gh run list --json ...` print them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.documents.text_tree import TextList, TextMap
from fairway_scripts.rules import ci_runs as runs

if TYPE_CHECKING:
    from fairway_scripts.documents.json_fields import Fields

ADAPTER = "github"
RUN_KEYS = (
    *("attempt", "conclusion", "createdAt", "databaseId", "displayTitle", "event", "headBranch", "headSha", "jobs"),
    *("name", "number", "startedAt", "status", "updatedAt", "url", "workflowDatabaseId", "workflowName"),
)
JOB_KEYS = ("completedAt", "conclusion", "databaseId", "name", "startedAt", "status", "steps", "url")

#: What a status that is not `completed` means.
_STATUS = {
    "completed": runs.UNKNOWN,
    "in_progress": runs.RUNNING,
    "queued": runs.PENDING,
    "pending": runs.PENDING,
    "requested": runs.PENDING,
    "waiting": runs.PENDING,
}
_CONCLUSION = {
    "success": runs.PASSED,
    "neutral": runs.PASSED,
    "failure": runs.FAILED,
    "timed_out": runs.FAILED,
    "startup_failure": runs.FAILED,
    "cancelled": runs.CANCELLED,
    "stale": runs.CANCELLED,
    "skipped": runs.SKIPPED,
    "action_required": runs.MANUAL,
}


def is_github(value: Any) -> bool:
    """Whether a JSON value has only fields that gh prints, and at least one that nothing else has."""
    if isinstance(value, TextList):
        return bool(value) and all(isinstance(entry, TextMap) and is_github(entry) for entry in value)
    if not isinstance(value, TextMap) or not value or not set(value) <= set(RUN_KEYS):
        return False
    own = {"headSha", "headBranch", "databaseId", "workflowName", "displayTitle", "conclusion", "updatedAt"}
    jobs = value.get("jobs")
    rows = jobs if isinstance(jobs, TextList) else []
    of_jobs = any(isinstance(row, TextMap) and {"databaseId", "conclusion"} & set(row) for row in rows)
    return bool(own & set(value)) or of_jobs


def read_github(value: Any, fields: Fields, source: str) -> list[dict[str, Any]]:
    """The runs of a JSON value; what is wrong goes to `fields.faults`."""
    if isinstance(value, TextList):
        return [_run(node, at, fields, source) for node, at in fields.items(value, "")]
    if isinstance(value, TextMap):
        return [_run(value, "", fields, source)]
    fields.add(1, "", "wrong_shape", "the document is neither a run nor a list of runs")
    return []


def _run(node: TextMap, at: str, fields: Fields, source: str) -> dict[str, Any]:
    jobs = [_job(row, place, fields) for row, place in fields.rows(node, "jobs", at)]
    if "status" in node or "conclusion" in node:
        status, reported = _standing(node, at, fields)
    else:  # gh prints only the fields that were asked for
        status, reported = runs.UNKNOWN, ""
    ended = fields.time(node, "updatedAt", at) if status not in runs.UNDECIDED else ""
    started = fields.time(node, "startedAt", at) or fields.time(node, "createdAt", at)
    return runs.run_row(
        ADAPTER,
        source,
        id=fields.text(node, "databaseId", at),
        name=fields.text(node, "workflowName", at) or fields.text(node, "name", at),
        ref=fields.text(node, "headBranch", at),
        commit=fields.text(node, "headSha", at),
        status=status,
        reported=reported,
        url=fields.text(node, "url", at),
        started_at=started,
        finished_at=ended,
        duration_seconds=runs.seconds_between(started, ended),
        jobs=jobs,
    )


def _job(node: TextMap, at: str, fields: Fields) -> dict[str, Any]:
    status, reported = _standing(node, at, fields)
    started, ended = fields.time(node, "startedAt", at), fields.time(node, "completedAt", at)
    return runs.job_row(
        fields.text(node, "name", at, required=True),
        status,
        id=fields.text(node, "databaseId", at),
        reported=reported,
        url=fields.text(node, "url", at),
        started_at=started,
        finished_at=ended,
        duration_seconds=runs.seconds_between(started, ended),
        steps=[_step(row, place, fields) for row, place in fields.rows(node, "steps", at)],
    )


def _step(node: TextMap, at: str, fields: Fields) -> dict[str, Any]:
    started, ended = fields.time(node, "startedAt", at), fields.time(node, "completedAt", at)
    return {
        "name": fields.text(node, "name", at, required=True),
        "status": _standing(node, at, fields)[0],
        "duration_seconds": runs.seconds_between(started, ended),
    }


def _standing(node: TextMap, at: str, fields: Fields) -> tuple[str, str]:
    """(status, the words that were reported): the conclusion counts once something is completed."""
    conclusion = fields.text(node, "conclusion", at)
    status, word = fields.word(node, "status", at, _STATUS) if "status" in node else (runs.UNKNOWN, "completed")
    if word != "completed":
        return status, word
    if conclusion:
        status = fields.word(node, "conclusion", at, _CONCLUSION)[0]
    else:
        fields.fault(node, "conclusion", at, "missing", "is missing, although the status is completed")
    return status, f"{word}/{conclusion}"
