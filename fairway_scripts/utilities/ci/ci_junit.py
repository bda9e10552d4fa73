"""JUnit XML as a run, each suite a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.faults import WARNING, Fault
from fairway_scripts.formats import case_outcomes
from fairway_scripts.formats.junit_file import read_junit
from fairway_scripts.utilities.ci import ci_runs as runs

if TYPE_CHECKING:
    from fairway_scripts.formats.junit_report import Case, JunitReport
    from fairway_scripts.utilities.ci.ci_shapes import Counted, Failure, Job, Run, Tests
    from fairway_scripts.utilities.utility_shapes import Finding

JUNIT = "junit"


def read_junit_run(data: bytes, path: str, source: str) -> tuple[list[Run], list[Fault]]:
    """The run of a JUnit report, and its errors; what is odd about it is a finding of the run."""
    report = read_junit(data, path)
    if report.errors:
        return [], report.errors
    findings = found_oddities(report.faults, source)
    if not report.cases:
        findings.append(runs.finding("no_tests", source, "the report holds no test"))
    jobs = [_suite_job(name or report.name or source, cases) for name, cases in _by_suite(report).items()]
    seconds = [suite["seconds"] for suite in report.suites if suite["seconds"] is not None]
    outer = [job["duration_seconds"] for job in jobs if job["duration_seconds"] is not None]
    return [
        runs.run_row(
            JUNIT,
            source,
            name=report.name or source,
            status=report.outcome,
            reported=f"{report.counts['failed']} of {len(report.cases)} tests failed",
            duration_seconds=round(sum(outer), 6) if outer else max(seconds, default=None),
            jobs=jobs,
            findings=findings,
        )
    ], []


def found_oddities(faults: list[Fault], source: str) -> list[Finding]:
    """The warnings of a reader as findings of a run, each code at its first place only, with how often it is there."""
    first: dict[str, tuple[Fault, int]] = {}
    for fault in faults:
        if fault.severity == WARNING:
            known = first.get(fault.code)
            first[fault.code] = (known[0] if known else fault, known[1] + 1 if known else 1)
    return [
        runs.finding(
            fault.code,
            f"{source}:{fault.line}",
            " ".join(part for part in (fault.field, fault.message) if part)
            + (f" (and {times - 1} more of this kind)" if times > 1 else ""),
        )
        for fault, times in first.values()
    ]


def _by_suite(report: JunitReport) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = {}
    for case in report.cases:
        groups.setdefault(case.suite, []).append(case)
    return groups


def _suite_job(name: str, cases: list[Case]) -> Job:
    times = [case.seconds for case in cases if case.seconds is not None]
    passed, failed, skipped, unknown = map([case.outcome for case in cases].count, case_outcomes.OUTCOMES)
    flaky = sum(case.flaky for case in cases)
    counts: Tests = {"passed": passed, "failed": failed, "skipped": skipped, "unknown": unknown, "flaky": flaky}
    return runs.job_row(
        name,
        status_of(counts),
        duration_seconds=round(sum(times), 6) if times else None,
        tests=counts,
        failures=[_failure(case) for case in cases if case.outcome == case_outcomes.FAILED],
    )


def status_of(counts: Tests) -> str:
    """What counts of tests come to: the worst counts, and where nothing ran nothing has passed."""
    words: tuple[Counted, ...] = ("failed", "unknown", "passed", "skipped")
    for word in words:
        if counts[word]:
            return word
    return runs.UNKNOWN


def _failure(case: Case) -> Failure:
    label = f"{case.classname}.{case.name}" if case.classname else case.name
    said = [] if case.message and case.message in case.text else case.message.splitlines()
    return {
        "title": label,
        "file": case.file,
        "file_line": case.file_line,
        "lines": [*said, *case.text.strip("\n").splitlines()],
    }
