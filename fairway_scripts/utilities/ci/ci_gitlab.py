"""Pipelines of GitLab: a pipeline or a list of them, a list of jobs, and a pipeline with its jobs as glab prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.formats.text_tree import TextList, TextMap
from fairway_scripts.utilities.ci import ci_runs as runs

if TYPE_CHECKING:
    from fairway_scripts.utilities.ci.ci_shapes import Job, Run
    from fairway_scripts.utilities.json_fields import Fields

ADAPTER = "gitlab"
_STATUS = {
    "created": runs.PENDING,
    "waiting_for_resource": runs.PENDING,
    "waiting_for_callback": runs.PENDING,
    "preparing": runs.PENDING,
    "pending": runs.PENDING,
    "scheduled": runs.PENDING,
    "running": runs.RUNNING,
    "canceling": runs.RUNNING,
    "success": runs.PASSED,
    "failed": runs.FAILED,
    "canceled": runs.CANCELLED,
    "skipped": runs.SKIPPED,
    "manual": runs.MANUAL,
}
#: What a job that starts another pipeline says of it: unless it waits for that, its own word is no word about it.
_BELOW = "downstream_pipeline"
#: Fields that GitLab's jobs and pipelines have and nothing else that is read here.
_OWN = {"web_url", "project_id", "detailed_status", "iid", "allow_failure", "failure_reason", "before_sha"}


def is_gitlab(value: object) -> bool:
    """Whether a JSON value looks like a pipeline, a list of pipelines or a list of jobs of GitLab."""
    if isinstance(value, TextList):
        return bool(value) and all(isinstance(entry, TextMap) and is_gitlab(entry) for entry in value)
    return isinstance(value, TextMap) and "status" in value and "id" in value and bool(_OWN & set(value))


def says_gitlab(value: object) -> bool:
    """Whether a JSON value has a field of GitLab, or is a list of such."""
    if isinstance(value, TextList):
        return all(isinstance(entry, TextMap) and says_gitlab(entry) for entry in value)
    return isinstance(value, TextMap) and bool({*_OWN, "pipeline", "stage"} & set(value))


def read_gitlab(value: object, fields: Fields, source: str) -> list[Run]:
    """The runs of a JSON value; what is wrong goes to `fields.faults`."""
    if isinstance(value, TextMap):
        if _is_job(value):
            return _of_jobs([(value, "")], fields, source)
        return [_pipeline(value, "", fields, source)]
    if not isinstance(value, TextList):
        fields.add(1, "", "wrong_shape", "the document is neither a pipeline nor a list of pipelines or jobs")
        return []
    rows = fields.items(value, "")
    if any(_is_job(node) for node, _at in rows):
        return _of_jobs(rows, fields, source)
    return [_pipeline(node, at, fields, source) for node, at in rows]


def _is_job(node: TextMap) -> bool:
    """Whether an object is a job: a pipeline has neither a stage nor a pipeline that it belongs to."""
    return "stage" in node or isinstance(node.get("pipeline"), TextMap)


def with_jobs(found: list[Run]) -> list[Run]:
    """Runs in which a pipeline and the jobs of the same pipeline, from two documents, have become one."""
    kept: list[Run] = []
    for run in found:
        same = [one for one in kept if run["adapter"] == one["adapter"] == ADAPTER and run["id"] and _same(one, run)]
        if not same:
            kept.append(run)
            continue
        first = same[0]
        whole, jobs = (run, first) if not run["jobs"] else (first, run)
        findings = [*first["findings"], *run["findings"]]
        source = f"{first['source']}, {run['source']}"
        kept[kept.index(first)] = {**whole, "jobs": jobs["jobs"], "findings": findings, "source": source}
    return kept


def _same(one: Run, other: Run) -> bool:
    return one["id"] == other["id"] and bool(one["jobs"]) != bool(other["jobs"])


def _pipeline(node: TextMap, at: str, fields: Fields, source: str) -> Run:
    status, reported = fields.word(node, "status", at, _STATUS)
    started, ended = fields.time(node, "started_at", at), fields.time(node, "finished_at", at)
    took = fields.seconds(node, "duration", at)
    jobs = _in_order(fields.rows(node, "jobs", at), fields)
    return runs.run_row(
        ADAPTER,
        source,
        id=fields.text(node, "id", at, required=True),
        name=fields.text(node, "name", at) or "pipeline",
        ref=fields.text(node, "ref", at),
        commit=fields.text(node, "sha", at),
        status=status,
        reported=reported,
        url=fields.text(node, "web_url", at),
        started_at=started or fields.time(node, "created_at", at),
        finished_at=ended,
        duration_seconds=runs.seconds_between(started, ended) if took is None else took,
        jobs=jobs,
    )


def _of_jobs(rows: list[tuple[TextMap, str]], fields: Fields, source: str) -> list[Run]:
    """The pipelines that a list of jobs belongs to, with what the jobs know of them, and those that they started."""
    groups: dict[str, tuple[TextMap | None, str, list[tuple[TextMap, str]]]] = {}
    for node, at in rows:
        pipeline = fields.inner(node, "pipeline", at)
        place = f"{at}.pipeline"
        name = fields.text(pipeline, "id", place, required=True) if pipeline is not None else ""
        groups.setdefault(name, (pipeline, place, []))[2].append((node, at))
    found = []
    for pipeline, place, members in groups.values():
        jobs = _in_order(members, fields)
        if pipeline is None:
            found.append(runs.run_row(ADAPTER, source, name="pipeline", jobs=jobs))
        else:
            found.append({**_pipeline(pipeline, place, fields, source), "jobs": jobs})
    below = [(fields.inner(node, _BELOW, at), f"{at}.{_BELOW}") for node, at in rows]
    return found + [_pipeline(node, place, fields, source) for node, place in below if node is not None]


def _in_order(rows: list[tuple[TextMap, str]], fields: Fields) -> list[Job]:
    """Jobs in the order in which GitLab made them, which is that of the stages; its answers come newest first."""
    jobs = [_job(node, at, fields) for node, at in rows]
    if all(job["id"].isdecimal() for job in jobs):
        jobs.sort(key=lambda job: int(job["id"]))
    return jobs


def _job(node: TextMap, at: str, fields: Fields) -> Job:
    status, reported = fields.word(node, "status", at, _STATUS)
    started, ended = fields.time(node, "started_at", at), fields.time(node, "finished_at", at)
    took = fields.seconds(node, "duration", at)
    why = fields.text(node, "failure_reason", at)
    return runs.job_row(
        fields.text(node, "name", at, required=True),
        status,
        id=fields.text(node, "id", at),
        stage=fields.text(node, "stage", at),
        reported=f"{reported} ({why})" if why else reported,
        url=fields.text(node, "web_url", at),
        started_at=started,
        finished_at=ended,
        duration_seconds=runs.seconds_between(started, ended) if took is None else took,
        allow_failure=fields.flag(node, "allow_failure", at),
    )


FORM = runs.Form(is_gitlab, says_gitlab, read_gitlab)
