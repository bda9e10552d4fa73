r"""The log of a build as numbered lines, each with the job and the step that it belongs to where the log says so.

`gh run view --log` and `--log-failed` begin each line with the job, the step and the time, between tabs; any other log
is taken as it is. The time that a CI system puts before every line, colours, GitLab's section marks and what a progress
line has overwritten are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.formats.ci_excerpts import plain_line
from fairway_scripts.formats.foreign_text import decode_foreign, marked_encoding
from fairway_scripts.utilities.ci import ci_runs as runs
from fairway_scripts.utilities.ci.log_prefixes import without_prefixes

if TYPE_CHECKING:
    from fairway_scripts.utilities.ci.ci_shapes import LogLine, Run
    from fairway_scripts.utilities.utility_shapes import Finding

ADAPTER = "log"
_GH_LINE = re.compile(
    r"(?P<job>[^\t]{1,200})\t(?P<step>[^\t]{1,200})\t\ufeff?\d{4}-\d\d-\d\dT[\d:.]{8,20}Z ?(?P<text>.*)"
)


class Log:
    """A log: its `lines` are dicts of number, job, step (texts, "" when unknown) and text; `findings` are about it."""

    __slots__ = ("findings", "lines", "source")

    def __init__(self, source: str, lines: list[LogLine], findings: list[Finding]) -> None:
        self.source = source
        self.lines = lines
        self.findings = findings

    @property
    def jobs(self) -> list[str]:
        """The jobs that the lines name, in their order."""
        return list(dict.fromkeys(line["job"] for line in self.lines if line["job"]))


def read_log(data: bytes, path: str, source: str) -> tuple[Log, list[Fault]]:
    """The lines of a log; `path` is the name that faults show, `source` the one that the packet shows.

    Bytes that are no UTF-8, which programs do write, are shown as U+FFFD and reported; a NUL byte is a fault, unless
    a byte order mark says that the log is UTF-16.
    """
    at = -1 if marked_encoding(data)[0].startswith(("utf-16", "utf-32")) else data.find(b"\0")
    if at >= 0:
        line = data.count(b"\n", 0, at) + 1
        return Log(source, [], []), [Fault(path, line, "", "", ERROR, "binary", "holds a NUL byte, so it is no log")]
    text, faults = decode_foreign(data, path)
    findings = [runs.finding(fault.code, f"{source}:{fault.line}", fault.message) for fault in faults]
    lines = [_line(number, raw) for number, raw in enumerate(without_prefixes(text.split("\n")), 1)]
    if lines and not lines[-1]["text"]:
        lines.pop()
    return Log(source, lines, findings), []


def read_log_run(log: Log, exit_code: int) -> Run:
    """A log and the exit code of what wrote it as a run with one job."""
    status = runs.PASSED if exit_code == 0 else runs.FAILED
    reported = f"exit code {exit_code}"
    job = runs.job_row(
        log.source, status, reported=reported, log=[{"number": x["number"], "text": x["text"]} for x in log.lines]
    )
    return runs.run_row(
        ADAPTER, log.source, name=log.source, status=status, reported=reported, jobs=[job], findings=log.findings
    )


def _line(number: int, raw: str) -> LogLine:
    found = _GH_LINE.match(raw)
    text = found["text"] if found else raw
    return {
        "number": number,
        "job": found["job"] if found else "",
        "step": found["step"] if found else "",
        "text": plain_line(text),
    }
