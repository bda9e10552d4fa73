"""The generic report of a build: a JSON object with `pipeline` and `jobs` that any CI can be made to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.formats.ci_excerpts import plain_line
from fairway_scripts.formats.text_tree import TextList, TextMap
from fairway_scripts.utilities.ci import ci_runs as runs

if TYPE_CHECKING:
    from fairway_scripts.utilities.ci.ci_shapes import Job, Run, Step, Tests, Times
    from fairway_scripts.utilities.json_fields import Fields

ADAPTER = "generic"
_TOP = ("pipeline", "jobs")
_TIMES = ("url", "started_at", "finished_at", "duration_seconds")
_PIPELINE = ("id", "name", "ref", "commit", "status", *_TIMES)
JOB_KEYS = ("id", "name", "stage", "status", *_TIMES, "allow_failure", "steps", "tests", "log", "paths")
_STEP = ("name", "status", "duration_seconds")
_TESTS = ("passed", "failed", "skipped")
_WORDS = {word: word for word in runs.STATUSES}


def is_generic(value: object) -> bool:
    """Whether a JSON value has only the fields of the generic report."""
    if not isinstance(value, TextMap) or not value or not set(value) <= set(_TOP):
        return False
    jobs = value.get("jobs")
    rows = jobs if isinstance(jobs, TextList) else []
    return "pipeline" in value or (bool(rows) and all(isinstance(r, TextMap) and set(r) <= set(JOB_KEYS) for r in rows))


def says_generic(value: object) -> bool:
    """Whether a JSON value has a field of the generic report; others are then faults, each with its line."""
    return isinstance(value, TextMap) and bool(set(_TOP) & set(value))


def read_generic(value: object, fields: Fields, source: str) -> list[Run]:
    """The one run of a JSON value; what is wrong goes to `fields.faults`."""
    if not isinstance(value, TextMap):
        fields.add(1, "", "wrong_shape", "the document is no object with `pipeline` and `jobs`")
        return []
    fields.known(value, "", _TOP)
    jobs = [_job(node, at, fields) for node, at in fields.rows(value, "jobs", "")]
    node, at = fields.inner(value, "pipeline", ""), "pipeline"
    if node is None:
        return [runs.run_row(ADAPTER, source, jobs=jobs)]
    fields.known(node, at, _PIPELINE)
    status, reported = fields.word(node, "status", at, _WORDS)
    return [
        runs.run_row(
            ADAPTER,
            source,
            id=fields.text(node, "id", at),
            name=fields.text(node, "name", at),
            ref=fields.text(node, "ref", at),
            commit=fields.text(node, "commit", at),
            status=status,
            reported=reported,
            **_times(node, at, fields),
            jobs=jobs,
        )
    ]


def _job(node: TextMap, at: str, fields: Fields) -> Job:
    fields.known(node, at, JOB_KEYS)
    status, reported = fields.word(node, "status", at, _WORDS)
    log = fields.text(node, "log", at, whole=True)
    return runs.job_row(
        fields.text(node, "name", at, required=True),
        status,
        id=fields.text(node, "id", at),
        stage=fields.text(node, "stage", at),
        reported=reported,
        **_times(node, at, fields),
        allow_failure=fields.flag(node, "allow_failure", at),
        steps=[_step(row, place, fields) for row, place in fields.rows(node, "steps", at)],
        tests=_tests(node, at, fields),
        log=[{"number": number, "text": plain_line(line)} for number, line in enumerate(log.split("\n"), 1) if line],
        paths=fields.texts(node, "paths", at),
    )


def _step(node: TextMap, at: str, fields: Fields) -> Step:
    fields.known(node, at, _STEP)
    return {
        "name": fields.text(node, "name", at, required=True),
        "status": fields.word(node, "status", at, _WORDS)[0],
        "duration_seconds": fields.seconds(node, "duration_seconds", at),
    }


def _tests(node: TextMap, at: str, fields: Fields) -> Tests | None:
    counts = fields.inner(node, "tests", at)
    if counts is None:
        return None
    fields.known(counts, f"{at}.tests", _TESTS)
    passed, failed, skipped = (fields.whole(counts, name, f"{at}.tests") or 0 for name in _TESTS)
    return {"passed": passed, "failed": failed, "skipped": skipped, "unknown": 0, "flaky": 0}


def _times(node: TextMap, at: str, fields: Fields) -> Times:
    started, ended = fields.time(node, "started_at", at), fields.time(node, "finished_at", at)
    took = fields.seconds(node, "duration_seconds", at)
    return {
        "url": fields.text(node, "url", at),
        "started_at": started,
        "finished_at": ended,
        "duration_seconds": runs.seconds_between(started, ended) if took is None else took,
    }


FORM = runs.Form(is_generic, says_generic, read_generic)
