r"""The log of a build as numbered lines, each with the job and the step that it belongs to where the log says so.

`gh run view --log` and `--log-failed` begin each line with the job, the step and the time, between tabs; any other log
is taken as it is. Colours, GitLab's section marks and what a progress line has overwritten are left out.
"""

from __future__ import annotations

import re
from typing import Any

from fairway_scripts.rules import ci_runs as runs
from fairway_scripts.rules.ci_excerpts import plain_line
from fairway_scripts.rules.faults import ERROR, Fault

ADAPTER = "log"
_GH_LINE = re.compile(
    r"(?P<job>[^\t]{1,200})\t(?P<step>[^\t]{1,200})\t\ufeff?\d{4}-\d\d-\d\dT[\d:.]{8,20}Z ?(?P<text>.*)"
)


class Log:
    """A log: its `lines` are dicts of number, job, step (texts, "" when unknown) and text; `findings` are about it."""

    __slots__ = ("findings", "lines", "source")

    def __init__(self, source: str, lines: list[dict[str, Any]], findings: list[dict[str, Any]]) -> None:
        self.source = source
        self.lines = lines
        self.findings = findings

    @property
    def jobs(self) -> list[str]:
        """The jobs that the lines name, in their order."""
        return list(dict.fromkeys(line["job"] for line in self.lines if line["job"]))


def read_log(data: bytes, path: str, source: str) -> tuple[Log, list[Fault]]:
    """The lines of a log; `path` is the name that faults show, `source` the one that the packet shows.

    Bytes that are no UTF-8, which programs do write, are shown as U+FFFD and reported; a NUL byte is a fault.
    """
    at = data.find(b"\0")
    if at >= 0:
        line = data.count(b"\n", 0, at) + 1
        return Log(source, [], []), [Fault(path, line, "", "", ERROR, "binary", "holds a NUL byte, so it is no log")]
    findings = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; such bytes are shown as U+FFFD"
        findings.append(runs.finding("invalid_utf8", f"{source}:{number}", message))
        text = data.decode("utf-8", "replace")
    lines = [_line(number, raw) for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1)]
    if lines and not lines[-1]["text"]:
        lines.pop()
    return Log(source, lines, findings), []


def read_log_run(log: Log, exit_code: int) -> dict[str, Any]:
    """A log and the exit code of what wrote it as a run with one job."""
    status = runs.PASSED if exit_code == 0 else runs.FAILED
    reported = f"exit code {exit_code}"
    job = runs.job_row(
        log.source, status, reported=reported, log=[{"number": x["number"], "text": x["text"]} for x in log.lines]
    )
    return runs.run_row(
        ADAPTER, log.source, name=log.source, status=status, reported=reported, jobs=[job], findings=log.findings
    )


def _line(number: int, raw: str) -> dict[str, Any]:
    found = _GH_LINE.match(raw)
    text = found["text"] if found else raw
    return {
        "number": number,
        "job": found["job"] if found else "",
        "step": found["step"] if found else "",
        "text": plain_line(text),
    }
