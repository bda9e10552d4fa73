"""JUnit XML as pytest, Playwright, Maven Surefire, GoogleTest and many others write it: suites and cases with lines."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from fairway_scripts.base.faults import ERROR, WARNING, Fault
from fairway_scripts.formats.case_outcomes import (
    FAILED,
    OUTCOMES,
    PASSED,
    SKIPPED,
    UNKNOWN,
    case_outcome,
    element_outcome,
    saying,
    unknown_words,
)
from fairway_scripts.formats.junit_report import NO_PROPERTIES, Case, JunitReport, Suite
from fairway_scripts.formats.xml_tree import read_xml

if TYPE_CHECKING:
    from fairway_scripts.formats.xml_tree import Element

#: Children of a case that say how it went; `flaky...` and `rerun...` are Surefire's: attempts that failed before.
_FAILURES = ("failure", "error")
_SKIPS = ("skipped", "disabled", "ignored", "notrun", "pending", "inconclusive")
_ATTEMPTS = ("flakyFailure", "flakyError", "rerunFailure", "rerunError")
#: Among the attempts: it failed again, and nothing says that it ever passed.
_FAILED_AGAIN = ("rerunFailure", "rerunError")
#: `failed`, `skip` (nose) and `skips` (pytest before 5.1) are older names.
_COUNTS = ("tests", "failures", "failed", "errors", "skipped", "skip", "skips", "disabled", "ignored")
#: What Catch2 writes for the host of every suite; its `tests` are assertions, not cases.
_CATCH2 = "tbd"


def read_junit(data: bytes, path: str) -> JunitReport:
    """Read and check one report; `path` is the name that faults show.

    Faults (never raised), each with its line: those of `read_xml`, an outermost element that is no suite. As warnings:
    a case without a name, a time or a count that is none, a status that is not known, a suite whose counts are not
    those of its cases.
    """
    report = _Report(path)
    faults = read_xml(data, path, report)
    faults = sorted([*faults, *report.faults], key=lambda fault: fault.line)
    return JunitReport(path, report.name, report.suites, report.cases, faults)


class _Level:
    """A container that is open: a suite, or an element around suites that is none."""

    __slots__ = ("begin", "counts", "element", "file", "hostname", "names", "own", "row")

    def __init__(self, element: Element, names: tuple[str, ...], begin: int) -> None:
        self.element = element
        self.names = names
        self.begin = begin
        self.own: list[Case] = []
        self.counts: dict[str, int | None] = {}
        self.row: Suite | None = None
        self.file = self.hostname = ""


class _Report:
    """The suites and cases of one document, taken as they come."""

    whole = frozenset(("testcase", "properties", "system-out", "system-err", *_FAILURES, *_SKIPS))
    silent = frozenset(("system-out", "system-err"))

    def __init__(self, path: str) -> None:
        self.path = path
        self.name = ""
        self.faults: list[Fault] = []
        self.suites: list[Suite] = []
        self.cases: list[Case] = []
        self.levels: list[_Level] = []

    def enter(self, element: Element) -> None:
        """Take the beginning of a suite, or of anything else that may hold suites."""
        name = element.attributes.get("name", "")
        if not self.levels:
            self.name = name
            if element.tag not in ("testsuites", "testsuite"):
                what = f"the outermost element is <{element.tag}>, not <testsuites> or <testsuite>"
                self._fault(element, "wrong_shape", what, ERROR)
        above = self.levels[-1] if self.levels else None
        names = above.names if above else ()
        is_suite = element.tag == "testsuite"
        level = _Level(element, (*names, name) if is_suite and name else names, len(self.cases))
        if above:
            level.file, level.hostname = above.file, above.hostname
        if is_suite or not above:
            level.counts = {key: self._whole(element, key) for key in _COUNTS}
        if is_suite:
            level.row = self._suite(element, level.counts)
            level.file, level.hostname = level.row["file"], level.row["hostname"]
            self.suites.append(level.row)
        self.levels.append(level)

    def leave(self) -> None:
        """Take the end of a suite: now its counts can be held against its cases."""
        level = self.levels.pop()
        inside = self.cases[level.begin :]
        if level.row is not None:
            level.row["cases"] = len(inside)
            level.row["failed"] = sum(case.outcome == FAILED for case in inside)
            said = case_outcome(level.element.attributes, failures=False, skips=False)
            if said == FAILED and not level.row["failed"]:
                what = f"<testsuite> says {saying(level.element.attributes)}, none of its cases failed"
                self._fault(level.element, "counts_differ", what)
            for word in unknown_words(level.element.attributes):
                self._fault(level.element, "unknown_word", f"<testsuite> says {word}, which is no known end of it")
        if level.counts:
            self._compare(level.element, level.counts, level.own if level.row is not None else inside, inside)

    def take(self, element: Element) -> None:
        """Take a case, or what a suite says of itself."""
        level = self.levels[-1]
        if element.tag == "testcase":
            self._case(element, level, level.names)
        elif element.tag in (*_FAILURES, *_SKIPS):  # a suite that broke, or was left out, outside of its cases
            holder = type(element)("testcase", {"name": f"({element.tag} of the suite)"}, element.line)
            holder.children.append(element)
            self._case(holder, level, level.names)

    def _suite(self, element: Element, counts: dict[str, int | None]) -> Suite:
        given = element.attributes.get
        return {
            "name": given("name", ""),
            "file": given("file", ""),
            "timestamp": given("timestamp", ""),
            "hostname": given("hostname", ""),
            "seconds": self._seconds(element),
            "tests": counts["tests"],
            "failures": counts["failures"],
            "errors": counts["errors"],
            "skipped": counts["skipped"],
            "line": element.line,
            "cases": 0,
            "failed": 0,
        }

    def _case(self, element: Element, level: _Level, names: tuple[str, ...]) -> None:
        """Take one case; one that only holds other cases is no test itself."""
        inner = [child for child in element.children if child.tag == "testcase"]
        if "name" not in element.attributes:
            self._fault(element, "no_name", "<testcase> has no name")
        for child in inner:
            self._case(child, level, (*names, element.attributes.get("name", "")))
        failures = [child for child in _below(element) if child.tag in _FAILURES]
        skips = [child for child in element.children if child.tag in _SKIPS]
        words = {child.tag: element_outcome(child.tag) for child in element.children}
        failures += [child for child in element.children if child not in failures and words[child.tag] == FAILED]
        skips += [child for child in element.children if child not in skips and words[child.tag] == SKIPPED]
        attempts = [child for child in element.children if child.tag in _ATTEMPTS]
        if not failures and attempts and all(child.tag in _FAILED_AGAIN for child in attempts):
            failures = attempts[:1]
        odd = [f"<{tag}>" for tag, word in words.items() if word == UNKNOWN]
        if inner and not failures and not skips:
            return
        attributes = element.attributes
        case = Case(attributes.get("name", ""), " > ".join(names), element.line)
        case.classname = attributes.get("classname", "")
        case.file = attributes.get("file", "") or level.file
        case.hostname = level.hostname
        case.file_line = self._whole(element, "line")
        case.seconds = self._seconds(element)
        case.outcome = case_outcome(attributes, failures=bool(failures), skips=bool(skips), odd=bool(odd))
        for word in (*unknown_words(attributes), *odd):
            self._fault(element, "unknown_word", f"<testcase> says {word}, which is no known end: it counts as no pass")
        if case.outcome == FAILED:
            case.kind = failures[0].tag if failures else "failure"
        said = failures or skips
        if said:
            case.type = said[0].attributes.get("type", "")
            case.message = said[0].attributes.get("message", "")
            case.text = "\n".join(_body(child) for child in said)
        elif case.outcome == FAILED:
            case.message = f"the report says {saying(attributes)}, and no more"
        if attempts:
            case.flaky = case.outcome == PASSED
            case.attempts = tuple(child.attributes.get("message", "") or _body(child) for child in attempts)
        case.properties = _properties(element)
        level.own.append(case)
        self.cases.append(case)

    def _compare(self, element: Element, counts: dict[str, int | None], own: list[Case], inside: list[Case]) -> None:
        """Warnings where a suite declares other numbers than its cases show, its own or all inside."""

        def seen(*outcomes: str) -> list[int]:
            return [sum(case.outcome in outcomes for case in cases) for cases in (inside, own)]

        if any(counts[key] is not None for key in ("failures", "failed", "errors")):
            declared = (counts["failures"] or counts["failed"] or 0) + (counts["errors"] or 0)
            if declared not in seen(FAILED):
                what = f"<{element.tag}> declares {declared} failed, its cases show {seen(FAILED)[0]}"
                self._fault(element, "counts_differ", what)
        tests = counts["tests"]
        counts_assertions = element.attributes.get("hostname") == _CATCH2
        if tests is not None and tests > max(seen(*OUTCOMES)) and not counts_assertions:
            what = f"<{element.tag}> declares {tests} tests, it holds {seen(*OUTCOMES)[0]}: the others are not proven"
            self._fault(element, "tests_missing", what)
        elif tests is not None and tests < len(own) and not counts_assertions:
            self._fault(element, "tests_differ", f"<{element.tag}> declares {tests} tests, it holds {len(own)}")
        skipped = max(counts[key] or 0 for key in ("skipped", "skip", "skips", "ignored")) + (counts["disabled"] or 0)
        if skipped > max(seen(SKIPPED, UNKNOWN)):
            shown = seen(SKIPPED, UNKNOWN)[0]
            what = f"<{element.tag}> declares {skipped} not run, its cases show {shown}: some of them are no proof"
            self._fault(element, "skipped_differ", what)

    def _whole(self, element: Element, name: str) -> int | None:
        given = element.attributes.get(name, "").strip()
        if not given or (name in ("skipped", "disabled") and given.lower() in ("true", "false")):
            return None
        if not re.fullmatch(r"[0-9]{1,15}", given):
            self._fault(element, "not_a_number", f"<{element.tag}> has {name}={given!r}, which is no whole number")
            return None
        return int(given)

    def _seconds(self, element: Element) -> float | None:
        """The time of a case or a suite; one that is none (clocks are set back while tests run) is not known."""
        given = element.attributes.get("time", "").strip()
        if not given:
            return None
        try:
            # Surefire sets off thousands by commas
            found = float(given.replace(",", "")) if re.match(r"[0-9.]", given) else math.nan
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            what = f"<{element.tag}> has time={given!r}, which is no number of seconds: its duration is not known"
            self._fault(element, "not_a_number", what)
            return None
        return found

    def _fault(self, element: Element, code: str, message: str, severity: str = WARNING) -> None:
        self.faults.append(Fault(self.path, element.line, "", "", severity, code, message))


def _below(element: Element) -> list[Element]:
    """What is inside a case at any depth, but for other cases, attempts before and the texts of failures."""
    found = []
    for child in element.children:
        found.append(child)
        if child.tag not in ("testcase", *_FAILURES, *_SKIPS, *_ATTEMPTS):
            found += _below(child)
    return found


def _body(element: Element) -> str:
    """What a failure says: its text, and for Surefire's attempts the stack trace inside."""
    inside = [child.text for child in element.children if child.tag == "stackTrace"]
    return "\n".join(text.strip("\n") for text in [element.text, *inside] if text.strip())


def _properties(element: Element) -> dict[str, str]:
    groups = [child for child in element.children if child.tag == "properties"]
    if not groups:
        return NO_PROPERTIES
    entries = [entry for group in groups for entry in group.children if entry.tag == "property"]
    return {entry.attributes.get("name", ""): entry.attributes.get("value", entry.text) for entry in entries}
