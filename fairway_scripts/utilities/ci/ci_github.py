"""Runs of GitHub Actions: what `gh run view --json ...` and `gh run list --json ...` print, and the REST API's answers.

The REST API (`gh api repos/OWNER/NAME/actions/runs/ID`, `.../runs`, `.../runs/ID/jobs`) has the same values under other
names; there a page of jobs does not say how their run stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.formats.text_tree import TextList, TextMap
from fairway_scripts.utilities.ci import ci_runs as runs

if TYPE_CHECKING:
    from fairway_scripts.utilities.ci.ci_shapes import Job, Run, Step
    from fairway_scripts.utilities.json_fields import Fields

ADAPTER = "github"
RUN_KEYS = (
    *("attempt", "conclusion", "createdAt", "databaseId", "displayTitle", "event", "headBranch", "headSha", "jobs"),
    *("name", "number", "startedAt", "status", "updatedAt", "url", "workflowDatabaseId", "workflowName"),
)

#: Fields of gh that no other report has.
_OWN = {"headSha", "headBranch", "databaseId", "workflowName", "displayTitle", "conclusion", "updatedAt"}
#: What the REST API calls the fields of gh.
_REST_RUN = {
    "id": "databaseId",
    "head_branch": "headBranch",
    "head_sha": "headSha",
    "html_url": "url",
    "run_started_at": "startedAt",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
    "name": "workflowName",
    "status": "status",
    "conclusion": "conclusion",
}
_REST_JOB = {
    "id": "databaseId",
    "name": "name",
    "status": "status",
    "conclusion": "conclusion",
    "html_url": "url",
    "started_at": "startedAt",
    "completed_at": "completedAt",
}
_REST_OWN = {"id", "head_sha", "html_url"}
#: A page of the REST API says how many entries there are in all, and has them under one of these names.
_PAGES = ("workflow_runs", "jobs")

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
    "failure": runs.FAILED,
    "timed_out": runs.FAILED,
    "startup_failure": runs.FAILED,
    "cancelled": runs.CANCELLED,
    "stale": runs.CANCELLED,
    "skipped": runs.SKIPPED,
    "neutral": runs.SKIPPED,  # as `gh pr checks` counts it: it holds nothing up, and proves nothing
    "action_required": runs.MANUAL,
}


def is_github(value: object) -> bool:
    """Whether a JSON value has only fields that gh prints, and at least one that nothing else has."""
    if isinstance(value, TextList):
        return bool(value) and all(isinstance(entry, TextMap) and is_github(entry) for entry in value)
    if not isinstance(value, TextMap) or not value:
        return False
    if _is_rest(value):
        return True
    if not set(value) <= set(RUN_KEYS):
        return False
    jobs = value.get("jobs")
    rows = jobs if isinstance(jobs, TextList) else []
    of_jobs = any(isinstance(row, TextMap) and {"databaseId", "conclusion"} & set(row) for row in rows)
    return says_github(value) or of_jobs


def says_github(value: object) -> bool:
    """Whether a JSON value has a field of gh or of the REST API that no other report has, or is a list of such."""
    if isinstance(value, TextList):
        return all(isinstance(entry, TextMap) and says_github(entry) for entry in value)
    return isinstance(value, TextMap) and (bool(_OWN & set(value)) or _is_rest(value))


def read_github(value: object, fields: Fields, source: str) -> list[Run]:
    """The runs of a JSON value; what is wrong goes to `fields.faults`."""
    if isinstance(value, TextList):
        rows = fields.items(value, "")
        return [_run(_named(node, _REST_RUN) if _is_rest(node) else node, at, fields, source) for node, at in rows]
    if isinstance(value, TextMap):
        return _rest(value, fields, source) if _is_rest(value) else [_run(value, "", fields, source)]
    fields.add(1, "", "wrong_shape", "the document is neither a run nor a list of runs")
    return []


def _is_rest(value: TextMap) -> bool:
    """Whether an object is a run, or a page of runs or jobs, of the REST API: each of them names its commit."""
    if "total_count" in value:
        rows = next((rows for name in _PAGES if isinstance(rows := value.get(name), TextList)), TextList(0))
        return bool(rows) and all(isinstance(row, TextMap) and set(row) >= _REST_OWN for row in rows)
    return set(value) >= {*_REST_OWN, "run_number"}


def _rest(value: TextMap, fields: Fields, source: str) -> list[Run]:
    if "total_count" not in value:
        return [_run(_named(value, _REST_RUN), "", fields, source)]
    if "workflow_runs" in value:
        rows = fields.rows(value, "workflow_runs", "")
        return [_run(_named(node, _REST_RUN), at, fields, source) for node, at in rows]
    groups: dict[str, list[tuple[TextMap, str]]] = {}
    for node, at in fields.rows(value, "jobs", ""):
        groups.setdefault(fields.text(node, "run_id", at), []).append((node, at))
    return [
        runs.run_row(
            ADAPTER,
            source,
            id=run_id,
            name=fields.text(rows[0][0], "workflow_name", rows[0][1]),
            ref=fields.text(rows[0][0], "head_branch", rows[0][1]),
            commit=fields.text(rows[0][0], "head_sha", rows[0][1]),
            jobs=[_job(_named(node, _REST_JOB), at, fields) for node, at in rows],
        )
        for run_id, rows in groups.items()
    ]


def _named(node: TextMap, names: dict[str, str]) -> TextMap:
    """An object of the REST API under the names that gh gives its fields."""
    same = TextMap(node.line)
    for key, name in names.items():
        if key in node:
            same[name], same.lines[name] = node[key], node.lines[key]
    given = node.get("steps")
    if isinstance(given, TextList):
        steps = TextList(given.line)
        steps.lines = list(given.lines)
        steps += [_named(step, _REST_JOB) if isinstance(step, TextMap) else step for step in given]
        same["steps"], same.lines["steps"] = steps, node.lines["steps"]
    return same


def _run(node: TextMap, at: str, fields: Fields, source: str) -> Run:
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


def _job(node: TextMap, at: str, fields: Fields) -> Job:
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


def _step(node: TextMap, at: str, fields: Fields) -> Step:
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
    elif "status" in node:
        fields.fault(node, "conclusion", at, "missing", "is missing, although the status is completed")
    return status, f"{word}/{conclusion}"


FORM = runs.Form(is_github, says_github, read_github)
