"""The CI packet: from runs and a log to counts, the first failure, the failing lines, its class and who owns them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.formats.ci_excerpts import excerpts, failure_excerpt
from fairway_scripts.utilities.ci import ci_failures, ci_runs
from fairway_scripts.utilities.ci.ci_next import next_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fairway_scripts.base.settings_shape import CiFailureRule, Settings
    from fairway_scripts.utilities.ci.ci_shapes import (
        Classed,
        Composed,
        Counted,
        Counts,
        FailedJob,
        FailingTest,
        Failure,
        FirstFailing,
        Job,
        Judged,
        LogLine,
        Run,
        ShownJob,
        ShownRun,
    )
    from fairway_scripts.utilities.utility_shapes import Finding

#: So many failing tests of a job are shown, each with at most so many lines.
_MOST_TESTS, _TEST_LINES = 20, 30


def compose(
    runs: list[Run],
    log: Sequence[LogLine],
    log_source: str,
    settings: Settings,
    *,
    asked: Mapping[str, object],
    findings: Iterable[Finding] = (),
) -> Composed:
    """The packet of `runs` (see `ci_runs`) as plain data.

    `log` are lines of a log (number, job, step, text) of the document `log_source`. `settings` give `ci`, the routes
    and the lanes. `asked` are the variables of the call that this packet is made by. The packet observes:
    it approves nothing, and where documents disagree it says so.
    """
    lines = _by_job(runs, log)
    failures = [
        _failure(run, job, lines.get(_key(run, job), []), log_source, settings)
        for run in runs
        for job in ci_runs.failing_jobs(run)
    ]
    notes = list(findings)
    outcome = ci_runs.outcome(runs)
    loose = lines.get(("", ""), [])
    if loose and outcome not in (ci_runs.PASSED, ci_runs.SKIPPED):
        if failures:
            notes.append(
                ci_runs.finding("log_without_job", log_source, "lines name no job that failed: shown by themselves")
            )
        empty = ci_runs.job_row("", ci_runs.FAILED)
        failures.append(_failure(ci_runs.run_row("log", log_source), empty, loose, log_source, settings))
    for run in runs:
        notes += ci_runs.disagreements(run)
    notes += ci_runs.between_runs(runs)
    first = _first(runs, failures)
    files = [row for failure in failures for row in failure["files"]]
    data: Judged = {
        "outcome": outcome,
        "counts": _counts(runs),
        "first_failing": first,
        **_class_of(first),
        "runs": [_shown(run) for run in runs],
        "failures": failures,
        "lanes": ci_failures.suspects(files, [lane["name"] for lane in settings["roles"]]),
        "unrouted_paths": list(dict.fromkeys(row["path"] for row in files if not row["lane"])),
        "findings": notes,
    }
    return {**data, "next_steps": next_steps(data, asked)}


def _key(run: Run, job: Job) -> tuple[str, str]:
    return (run["source"] + run["id"], job["name"])


def _by_job(runs: list[Run], log: Sequence[LogLine]) -> dict[tuple[str, str], list[LogLine]]:
    """The lines of the log for each job: by the name that a line has, else for the only job that failed, else loose."""
    failed = [(run, job) for run in runs for job in ci_runs.failing_jobs(run)]
    names: dict[str, list[tuple[str, str]]] = {}
    for run in runs:
        for job in run["jobs"]:
            names.setdefault(job["name"], []).append(_key(run, job))
    found: dict[tuple[str, str], list[LogLine]] = {}
    only = _key(*failed[0]) if len(failed) == 1 else ("", "")
    for line in log:
        owners = names.get(line["job"], []) if line["job"] else []
        key = owners[0] if len(owners) == 1 else only if not line["job"] else ("", "")
        found.setdefault(key, []).append(line)
    return found


def _failure(run: Run, job: Job, lines: list[LogLine], log_source: str, settings: Settings) -> FailedJob:
    """What is known of one failed job: its step, failing lines, class, files and lanes."""
    ci = settings["ci"]
    step = _failing_step(job, lines)
    of_step = [line for line in lines if line["step"] == step]
    log = [*job["log"], *(of_step or lines)]
    source = run["source"] if job["log"] else log_source
    shown = job["failures"][:_MOST_TESTS]
    blocks = [failure_excerpt(failure, most=_TEST_LINES, source=run["source"]) for failure in shown]
    more, left_out = excerpts(log, context=ci["context_lines"], most=ci["most_lines"], source=source)
    blocks += more
    tests = [_test(failure, job["name"], step, ci["failure_rules"]) for failure in shown]
    whole = ci_failures.classify(ci["failure_rules"], job["name"], step, ci_failures.lines_to_judge(log))
    judged = tests[0] if tests else whole  # tests of one job fail for reasons of their own: the first one counts
    files = ci_failures.routed(ci_failures.named_files(job, blocks, ci["checkout_roots"]), settings)
    return {
        "run": ci_runs.run_label(run),
        "job": job["name"],
        "job_id": job["id"],
        "stage": job["stage"],
        "step": step,
        "reported": job["reported"],
        "url": job["url"] or run["url"],
        **_class_of(judged),
        "failing_tests": tests,
        "tests_left_out": len(job["failures"]) - len(shown),
        "excerpts": blocks,
        "lines_left_out": left_out,
        "files": files,
        "lanes": ci_failures.suspects(files, [lane["name"] for lane in settings["roles"]]),
    }


def _test(failure: Failure, job: str, step: str, rules: list[CiFailureRule]) -> FailingTest:
    """A failing test with its class."""
    lines = [failure["title"], *failure["lines"]]
    return {"title": failure["title"], **ci_failures.classify(rules, job, step, lines[: ci_failures.MOST_LINES])}


def _failing_step(job: Job, lines: list[LogLine]) -> str:
    """The name of the step that failed first; where no step says so, the only one that the log names."""
    step = ci_runs.first_failing_step(job)
    if step:
        return step["name"]
    named = list(dict.fromkeys(line["step"] for line in lines if line["step"]))
    return named[0] if len(named) == 1 else ""


def _first(runs: list[Run], failures: list[FailedJob]) -> FirstFailing:
    """The first failure in the order of the pipeline, with its class; all entries empty when nothing failed."""
    if failures:
        failure = failures[0]
        test = failure["failing_tests"][0]["title"] if failure["failing_tests"] else ""
        return {
            "run": failure["run"],
            "stage": failure["stage"],
            "job": failure["job"],
            "step": failure["step"],
            "test": test,
            "url": failure["url"],
            **_class_of(failure),
        }
    run = next((run for run in runs if run["status"] == ci_runs.FAILED), None)
    label, url = (ci_runs.run_label(run), run["url"]) if run else ("", "")
    none: Classed = {"failure_class": "", "rule": "", "matched": "", "means": ""}
    classed = ci_failures.classify([], "", "", []) if run else none
    return {"run": label, "stage": "", "job": "", "step": "", "test": "", "url": url, **classed}


def _class_of(row: Classed) -> Classed:
    """The class alone of what has one."""
    return {
        "failure_class": row["failure_class"],
        "rule": row["rule"],
        "matched": row["matched"],
        "means": row["means"],
    }


def _counts(runs: list[Run]) -> Counts:
    """How many runs and jobs have which status, and the tests of all jobs."""
    jobs = [job for run in runs for job in run["jobs"]]
    tests = [job["tests"] for job in jobs if job["tests"]]
    words: tuple[Counted, ...] = ("passed", "failed", "skipped", "unknown", "flaky")
    counted: dict[str, int] = {word: sum(one[word] for one in tests) for word in words} if tests else {}
    return {"runs": _by_status(runs), "jobs": _by_status(jobs), "tests": counted}


def _by_status(rows: Sequence[Run] | Sequence[Job]) -> dict[str, int]:
    found = {word: sum(row["status"] == word for row in rows) for word in ci_runs.STATUSES}
    return {word: number for word, number in found.items() if number}


def _shown(run: Run) -> ShownRun:
    return {
        "id": run["id"],
        "name": run["name"],
        "ref": run["ref"],
        "commit": run["commit"],
        "status": run["status"],
        "reported": run["reported"],
        "url": run["url"],
        "started_at": run["started_at"],
        "finished_at": run["finished_at"],
        "duration_seconds": run["duration_seconds"],
        "adapter": run["adapter"],
        "source": run["source"],
        "jobs": [_shown_job(job) for job in run["jobs"]],
    }


def _shown_job(job: Job) -> ShownJob:
    step = ci_runs.first_failing_step(job)
    return {
        "id": job["id"],
        "name": job["name"],
        "stage": job["stage"],
        "status": job["status"],
        "reported": job["reported"],
        "url": job["url"],
        "duration_seconds": job["duration_seconds"],
        "allow_failure": job["allow_failure"],
        "tests": job["tests"],
        "steps": job["steps"],
        "failing_step": step["name"] if step else "",
    }
