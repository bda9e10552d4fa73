"""TAP 13 and 14 as a run, the whole stream one job."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.formats.foreign_text import decode_foreign
from fairway_scripts.utilities.ci import ci_runs as runs
from fairway_scripts.utilities.ci.ci_junit import found_oddities, status_of

if TYPE_CHECKING:
    from fairway_scripts.utilities.ci.ci_shapes import Failure, Level, Run, Tests
    from fairway_scripts.utilities.utility_shapes import Finding

TAP = "tap"
_POINT = re.compile(r"(?P<no>not )?ok\b(?: +(?P<number>\d{1,9})\b)?(?P<text>.*)")
_PLAN = re.compile(r"1\.\.(\d{1,9})(?:\s*#\s*(.*))?$")
#: A word that begins with `skip`, and `todo`, in any case; then those of the kernel's TAP.
_DIRECTIVE = re.compile(r"(?:^|\s)#\s*((?i:skip|todo\b)|(?:XFAIL|XPASS|TIMEOUT|ERROR)\b)\S*\s*(.*)$")
_LEFT_OUT, _NOT_OK = ("skip", "todo", "xfail"), ("xpass", "timeout", "error")
_VERSION = re.compile(r"(K?)TAP version (\d+)$")
#: What node, tape and others say at the end, and Test::More of a script that broke off or ended badly.
_TOTAL = re.compile(r"# (?:fail|failed|cancelled) +(\d{1,9})$")
_BROKE = re.compile(r"# Looks like your test (?:exited|died) ")
_LINE_END = re.compile(r"\r\n?|\n")
_MOST_SUBTESTS = 20


def is_tap_line(line: str) -> bool:
    """Whether a line can only be TAP: its version, a plan, or a test point with a number."""
    return bool(_VERSION.match(line) or _PLAN.match(line) or re.match(r"(not )?ok \d+( |$)", line))


def read_tap(data: bytes, path: str, source: str) -> tuple[list[Run], list[Fault]]:
    """The run of a TAP stream, and its errors; a plan that was not met is a finding and means it failed."""
    text, faults = decode_foreign(data, path)
    stream = _Stream(path, source)
    for number, line in enumerate(_LINE_END.split(text), 1):
        stream.line(number, line)
    stream.end()
    return ([], stream.faults) if stream.faults else ([stream.run(found_oddities(faults, source))], [])


class _Stream:
    """One TAP stream. Test points inside subtests count, the points that sum a subtest up do not."""

    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.source = source
        self.faults: list[Fault] = []
        self.findings: list[Finding] = []
        self.counts: Tests = {"passed": 0, "failed": 0, "skipped": 0, "unknown": 0, "flaky": 0}
        self.failures: list[Failure] = []
        self.block_at = 0
        self.block_indent = 0
        self.last: Failure | None = None
        self.bailed = False
        #: how many the stream says that failed; how many had before the subtest that a point sums up
        self.said_failed = self.before = 0
        #: points behind which a subtest stands open
        self.opened: list[tuple[int, int, Level, re.Match[str]]] = []
        #: indentation -> what is known of the (sub)test at that depth
        self.levels: dict[int, Level] = {}

    def line(self, number: int, raw: str) -> None:
        """Take one line."""
        line = raw.rstrip()
        indent = len(line) - len(line.lstrip(" "))
        word = line.strip()
        if self.block_at:
            if word == "..." and indent == self.block_indent:
                self.block_at = 0
            elif self.last is not None:
                self.last["lines"].append(line[self.block_indent :] if line[: self.block_indent].isspace() else line)
            return
        if word == "---" and indent >= 1:
            self.block_at, self.block_indent = number, indent
            return
        self._statement(number, indent, word)

    def _statement(self, number: int, indent: int, word: str) -> None:
        version, plan, point = _VERSION.match(word), _PLAN.match(word), _POINT.match(word)
        if version:
            if not version[1] and version[2] not in ("13", "14"):
                self._fault(number, "version", f"TAP version {version[2]} is not known here; 13 and 14 are")
        elif plan:
            self._plan(number, indent, int(plan[1]), plan[2] or "")
        elif word.lower().startswith("bail out!") or _BROKE.match(word):
            self.bailed = True
            self.findings.append(runs.finding("bailed_out", f"{self.source}:{number}", word))
        elif point:
            self._point(number, indent, point)
        elif word == "}" and self.opened and self.opened[-1][0] == indent:
            self._sum_up(*self.opened.pop())
        elif total := _TOTAL.match(word):
            self.said_failed += int(total[1]) if not indent else 0
        elif word.startswith("#") and self.last is not None and not word.startswith("# Subtest"):
            self.last["lines"].append(word.lstrip("# "))

    def _plan(self, number: int, indent: int, count: int, why: str) -> None:
        level = self._level(indent, number)
        if level["plan"] is not None:
            self._fault(number, "plan_twice", f"a second plan; the first is at line {level['plan_at']}")
        level["plan"], level["plan_at"], level["plan_late"] = count, number, bool(level["points"])
        if count == 0 and why.lower().startswith("skip"):
            self.counts["skipped"] += 1

    def _point(self, number: int, indent: int, found: re.Match[str]) -> None:
        level = self._level(indent, number)
        if level["plan_late"]:
            self._fault(number, "after_plan", "a test point after the plan that closed the stream")
        level["points"] += 1
        given = int(found["number"]) if found["number"] else level["points"]
        if given != level["points"]:
            place = f"{self.source}:{number}"
            self.findings.append(runs.finding("out_of_order", place, f"test {given} comes as the {level['points']}."))
        while self.opened and self.opened[-1][0] >= indent:
            self._sum_up(*self.opened.pop())
        self.opened.append((indent, number, level, found))
        if not found["text"].endswith(" {"):  # as Test2 begins a subtest that follows, and `}` ends it
            self._sum_up(*self.opened.pop())

    def _sum_up(self, indent: int, number: int, level: Level, found: re.Match[str]) -> None:
        """Count a point, or the subtest that it stands for: what is deeper at this moment."""
        inner = [depth for depth in self.levels if depth > indent]
        group = bool(inner)
        inside_failed = any(self.levels[depth]["failed"] for depth in inner)
        self.before = min((self.levels[depth]["before"] for depth in inner), default=0)
        for depth in inner:
            self._close(self.levels.pop(depth))
        self._count(number, level, found, group=group, inside_failed=inside_failed)

    def _count(self, number: int, level: Level, found: re.Match[str], *, group: bool, inside_failed: bool) -> None:
        directive = _DIRECTIVE.search(found["text"])
        word = directive[1].lower() if directive else ""
        title = (
            (found["text"][: directive.start()] if directive else found["text"])
            .strip()
            .removeprefix("- ")
            .removesuffix("{")
            .strip()
        )
        self.last = None
        failed = word in _NOT_OK or (bool(found["no"]) and word not in _LEFT_OUT)
        level["failed"] = level["failed"] or failed
        if group and inside_failed and word in _LEFT_OUT:  # it speaks for all that is in it
            self.counts["skipped"] += self.counts["failed"] - self.before
            self.counts["failed"] = self.before
            del self.failures[self.before :]
            return
        if group and not failed and inside_failed:
            place = f"{self.source}:{number}"
            self.findings.append(
                runs.finding(
                    "success_with_failed_test", place, f"{title or 'a subtest'} is ok, but a test in it is not"
                )
            )
        if group and (not failed or inside_failed):
            return
        if word in _LEFT_OUT:
            self.counts["skipped"] += 1
        elif failed:
            self.counts["failed"] += 1
            self.last = {"title": title or f"test {number}", "file": "", "file_line": None, "lines": []}
            self.failures.append(self.last)
        else:
            self.counts["passed"] += 1

    def _level(self, indent: int, number: int) -> Level:
        if indent not in self.levels:
            if len(self.levels) >= _MOST_SUBTESTS:
                self._fault(number, "too_deep", f"more than {_MOST_SUBTESTS} subtests inside each other")
            self.levels[indent] = {
                "plan": None,
                "plan_at": 0,
                "plan_late": False,
                "points": 0,
                "failed": False,
                "at": number,
                "before": self.counts["failed"],
            }
        return self.levels[indent]

    def _close(self, level: Level) -> None:
        place = f"{self.source}:{level['at']}"
        if level["plan"] is None:
            self.findings.append(runs.finding("no_plan", place, "there is no plan, so tests may be missing"))
        elif level["plan"] != level["points"] and not self.bailed:
            message = f"{level['plan']} tests were planned, {level['points']} ran"
            self.findings.append(runs.finding("plan_not_met", place, message))

    def end(self) -> None:
        """Take the end of the stream."""
        if self.block_at:
            self._fault(self.block_at, "open_block", "the block that begins with --- is not closed by ...")
        while self.opened:
            self._sum_up(*self.opened.pop())
        if not self.levels and not self.bailed:
            self._fault(0, "no_tests", "holds neither a plan nor a test point")
        for level in self.levels.values():
            self._close(level)
        if self.levels and 0 not in self.levels:
            self.findings.append(runs.finding("no_plan", self.source, "it breaks off inside of a subtest"))
        if self.said_failed and not self.counts["failed"]:
            what = f"says at its end that {self.said_failed} failed, no test point does"
            self.findings.append(runs.finding("counts_differ", self.source, what))

    def run(self, oddities: list[Finding]) -> Run:
        """The stream as a run with one job; `oddities` are findings about its text, which say nothing of the tests."""
        status = runs.FAILED if self.findings else status_of(self.counts)
        total = self.counts["passed"] + self.counts["failed"] + self.counts["skipped"]
        reported = f"{self.counts['failed']} of {total} tests failed"
        job = runs.job_row(self.source, status, reported=reported, tests=self.counts, failures=self.failures)
        findings = [*oddities, *self.findings]
        return runs.run_row(
            TAP, self.source, name=self.source, status=status, reported=reported, jobs=[job], findings=findings
        )

    def _fault(self, number: int, code: str, message: str) -> None:
        self.faults.append(Fault(self.path, number, "", "", ERROR, code, message))
