"""The one form that every report of a build is read into: runs (pipelines) with jobs, whatever wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Unpack

from fairway_scripts.base import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fairway_scripts.utilities.ci.ci_shapes import Job, KnownJob, KnownRun, Run, Step
    from fairway_scripts.utilities.json_fields import Fields
    from fairway_scripts.utilities.utility_shapes import Finding

PASSED, FAILED, CANCELLED, SKIPPED = "passed", "failed", "cancelled", "skipped"
RUNNING, PENDING, MANUAL, UNKNOWN = "running", "pending", "manual", "unknown"
#: Every status of a run, a job or a step. `manual` waits for a person, `unknown` was not said.
STATUSES = (PASSED, FAILED, CANCELLED, SKIPPED, RUNNING, PENDING, MANUAL, UNKNOWN)
UNDECIDED = (RUNNING, PENDING)
#: The source of a run that is nothing but an exit code.
EXIT = "exit code"


class Form(NamedTuple):
    """A JSON form of a report: is a value that and nothing else, has it a field of that, and the runs in it."""

    is_it: Callable[[object], bool]
    says: Callable[[object], bool]
    read: Callable[[object, Fields, str], list[Run]]


def run_row(adapter: str, source: str, **known: Unpack[KnownRun]) -> Run:
    """A run; `known` are its entries that are known, `source` is the name of the document."""
    row: Run = {
        "id": "",
        "name": "",
        "ref": "",
        "commit": "",
        "status": UNKNOWN,
        "reported": "",
        "url": "",
        "started_at": "",
        "finished_at": "",
        "duration_seconds": None,
        "adapter": adapter,
        "source": source,
        "jobs": [],
        "findings": [],
    }
    return {**row, **known}


def job_row(name: str, status: str, **known: Unpack[KnownJob]) -> Job:
    """A job; `known` are its entries that are known.

    `failures` are the failing tests (title, file, file_line, lines), `log` the numbered lines of its output.
    """
    row: Job = {
        "id": "",
        "name": name,
        "stage": "",
        "status": status,
        "reported": status,
        "url": "",
        "started_at": "",
        "finished_at": "",
        "duration_seconds": None,
        "allow_failure": False,
        "steps": [],
        "tests": None,
        "failures": [],
        "log": [],
        "paths": [],
    }
    return {**row, **known}


def finding(code: str, place: str, message: str) -> Finding:
    """A disagreement of a document with itself or with another one."""
    return {"code": code, "place": place, "message": message}


def seconds_between(start: str, end: str) -> float | None:
    """Seconds from one time to another, None when one is unknown or they are out of order."""
    if not start or not end:
        return None
    found = clock.elapsed(start, end)
    return found if found >= 0 else None


def failing_jobs(run: Run) -> list[Job]:
    """The failed jobs of a run that it may not do without, the first to have started first."""
    failed = [job for job in run["jobs"] if job["status"] == FAILED and not job["allow_failure"]]
    if all(job["started_at"] for job in failed):
        failed.sort(key=lambda job: clock.moment(job["started_at"]))
    return failed


def first_failing_step(job: Job) -> Step | None:
    """The first step of a job that failed, in the order of the document."""
    return next((step for step in job["steps"] if step["status"] == FAILED), None)


def outcome(runs: Iterable[Run]) -> str:
    """How it all stands: failed when anything says so, else undecided, else passed when every run did."""
    every = list(runs)
    statuses = [proven(run) for run in every]
    if FAILED in statuses or any(failing_jobs(run) for run in every):
        return FAILED
    for word in (RUNNING, PENDING, UNKNOWN, CANCELLED, MANUAL):
        if word in statuses:
            return word
    # an exit code beside reports proves no more than they do
    told = [status for run, status in zip(every, statuses, strict=True) if run["source"] != EXIT] or statuses
    return PASSED if PASSED in told else SKIPPED


def proven(run: Run) -> str:
    """The status of a run as far as its jobs bear it out: no pass where nothing passed or a job is not understood."""
    jobs = run["jobs"]
    if run["status"] != PASSED or not jobs:
        return run["status"]
    if _odd_jobs(run):
        return UNKNOWN
    if any(job["status"] == PASSED and not _ran_nothing(job) for job in jobs):
        return PASSED
    return UNKNOWN if any(job["status"] == FAILED for job in jobs) else SKIPPED


def _odd_jobs(run: Run) -> list[Job]:
    """The jobs that a run may not do without and that do not bear its pass out, nor say that they failed."""
    return [job for job in run["jobs"] if _is_odd(job) and not job["allow_failure"]]


def _is_odd(job: Job) -> bool:
    """Whether a job has no end, or says that it passed and that a test or step of it failed."""
    if job["status"] == PASSED:
        return bool((job["tests"] and job["tests"]["failed"]) or first_failing_step(job))
    return job["status"] not in (SKIPPED, FAILED)


def _ran_nothing(job: Job) -> bool:
    """Whether a job counts its tests and none of them ran."""
    tests = job["tests"]
    return tests is not None and not (tests["passed"] or tests["failed"])


def is_decided(runs: Iterable[Run]) -> bool:
    """Whether no run will go on by itself."""
    return all(run["status"] not in UNDECIDED for run in runs)


def state_text(runs: Iterable[Run]) -> str:
    """Where runs stand, in one line: each with its status and how many of its jobs have which."""
    parts = []
    for run in runs:
        counts = [(word, sum(job["status"] == word for job in run["jobs"])) for word in STATUSES]
        jobs = ", ".join(f"{number} {word}" for word, number in counts if number)
        parts.append(f"{run_label(run)} {run['status']}" + (f" (jobs: {jobs})" if jobs else ""))
    return "; ".join(parts)


def run_label(run: Run) -> str:
    """A run as people name it: its name and id, else the document."""
    return " ".join(part for part in (run["name"], run["id"]) if part) or run["source"]


def disagreements(run: Run) -> list[Finding]:
    """Where a run says one thing and its jobs and steps another; nothing is smoothed."""
    label = run_label(run)
    found = list(run["findings"])
    failed = failing_jobs(run)
    if run["status"] == PASSED and failed:
        names = ", ".join(job["name"] for job in failed)
        found.append(finding("success_with_failed_job", label, f"says {run['reported']}, but failed: {names}"))
    settled = [job["status"] for job in run["jobs"]]
    if run["status"] == FAILED and settled and not found and all(status in (PASSED, SKIPPED) for status in settled):
        found.append(finding("failure_without_failed_job", label, f"says {run['reported']}, but no job failed"))
    if run["status"] == PASSED and proven(run) == SKIPPED:
        found.append(finding("nothing_ran", label, f"says {run['reported'] or PASSED}, but nothing in it ran"))
    if run["status"] == PASSED and proven(run) == UNKNOWN:
        names = ", ".join(job["name"] for job in _odd_jobs(run))
        what = f"how these ended is not known: {names}" if names else "none of its jobs passed"
        found.append(finding("job_not_understood", label, f"says {run['reported']}, but {what}"))
    if run["status"] not in (*UNDECIDED, UNKNOWN) and any(status == RUNNING for status in settled):
        found.append(finding("ended_with_running_job", label, f"says {run['reported']}, but a job still runs"))
    for job in run["jobs"]:
        found += _of_job(job, label)
    return found


def _of_job(job: Job, label: str) -> list[Finding]:
    place = f"{label}: {job['name']}"
    found = []
    step = first_failing_step(job)
    if job["status"] == PASSED and step:
        found.append(finding("success_with_failed_step", place, f"passed, but its step failed: {step['name']}"))
    ended = [one["status"] for one in job["steps"]]
    if job["status"] == FAILED and ended and all(status in (PASSED, SKIPPED) for status in ended):
        found.append(finding("failure_without_failed_step", place, "failed, but none of its steps did"))
    if job["status"] == PASSED and job["tests"] and job["tests"]["failed"]:
        found.append(finding("success_with_failed_test", place, f"passed, but failed tests: {job['tests']['failed']}"))
    if job["started_at"] and job["finished_at"] and clock.elapsed(job["started_at"], job["finished_at"]) < 0:
        found.append(finding("ends_before_start", place, "ended before it started"))
    return found


def between_runs(runs: list[Run]) -> list[Finding]:
    """Documents that disagree with each other: one says failed, another that everything passed."""
    said = {run["status"] for run in runs}
    if {PASSED, FAILED} <= said and len({run["adapter"] for run in runs}) > 1:
        words = "; ".join(f"{run['source']}: {run['status']}" for run in runs)
        return [finding("documents_disagree", "all documents", words)]
    return []
