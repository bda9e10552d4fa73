"""JUnit XML, as pytest, Playwright, Maven Surefire, jest-junit and gotestsum write it: suites and cases with lines."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from fairway_scripts.documents.xml_tree import read_xml
from fairway_scripts.rules.faults import ERROR, WARNING, Fault

if TYPE_CHECKING:
    from fairway_scripts.documents.xml_tree import Element

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
#: Children of a case that say how it went; `flaky...` and `rerun...` are Surefire's: attempts that failed before.
_FAILURES = ("failure", "error")
_ATTEMPTS = ("flakyFailure", "flakyError", "rerunFailure", "rerunError")
_COUNTS = ("tests", "failures", "errors", "skipped", "disabled")


class JunitReport(NamedTuple):
    """A report read.

    Each of `suites` is a dict of name, file, timestamp, hostname (texts), seconds (float or None), the declared counts
    tests, failures, errors, skipped (int or None), cases (how many), failed (how many), line. Each of `cases` is a dict
    of name, classname, suite (the names of its suites, outermost first, joined by ` > `), file (texts), file_line (int
    or None), seconds (float or None), outcome (`passed`, `failed`, `skipped`), kind (`failure`, `error` or ""), type,
    message, text (what the failure or the skip says), flaky (it failed before it passed), attempts (texts of the
    failed attempts), output (system-out and system-err), properties (dict), hostname (of its suite; Playwright writes
    its project there) and line. Both are in the document's order.
    `faults` are sorted by line; the warnings among them are disagreements of the document with itself.
    """

    path: str
    name: str
    suites: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    faults: list[Fault]

    @property
    def errors(self) -> list[Fault]:
        """The faults that make the report unfit."""
        return [fault for fault in self.faults if fault.severity == ERROR]

    @property
    def counts(self) -> dict[str, int]:
        """How many cases passed, failed and were skipped, and how many of the passed ones are flaky."""
        found = {word: sum(case["outcome"] == word for case in self.cases) for word in (PASSED, FAILED, SKIPPED)}
        return {**found, "flaky": sum(case["flaky"] for case in self.cases)}


def read_junit(data: bytes, path: str) -> JunitReport:
    """Read and check one report; `path` is the name that faults show.

    Faults (never raised), each with its line: those of `read_xml`, an outermost element that is no suite, a case
    without a name, a time or a count that is no number; as warnings, a suite whose counts of failures are not those
    of its cases.
    """
    reading = read_xml(data, path)
    report = _Report(path, reading.faults)
    name = ""
    if reading.root is not None:
        name = reading.root.attributes.get("name", "")
        report.top(reading.root)
    report.faults.sort(key=lambda fault: fault.line)
    return JunitReport(path, name, report.suites, report.cases, report.faults)


class _Report:
    """The suites and cases of one document, in its order."""

    def __init__(self, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = list(faults)
        self.suites: list[dict[str, Any]] = []
        self.cases: list[dict[str, Any]] = []

    def top(self, root: Element) -> None:
        """Take the outermost element: `testsuites` or a single `testsuite`."""
        if root.tag == "testsuites":
            before = len(self.cases)
            for child in root.children:
                if child.tag == "testsuite":
                    self.suite(child, [])
            inside = self.cases[before:]
            self._compare(root, self._counts(root), inside, inside)
        elif root.tag == "testsuite":
            self.suite(root, [])
        else:
            self._fault(root, "wrong_shape", f"the outermost element is <{root.tag}>, not <testsuites> or <testsuite>")

    def suite(self, element: Element, above: list[str]) -> None:
        """Take one suite with its cases and the suites inside it."""
        attributes = element.attributes
        name = attributes.get("name", "")
        names = [*above, *([name] if name else [])]
        counts = self._counts(element)
        row: dict[str, Any] = {
            "name": name,
            "file": attributes.get("file", ""),
            "timestamp": attributes.get("timestamp", ""),
            "hostname": attributes.get("hostname", ""),
            "seconds": self._seconds(element),
            **{key: counts[key] for key in ("tests", "failures", "errors", "skipped")},
            "line": element.line,
        }
        self.suites.append(row)
        before = len(self.cases)
        own: list[dict[str, Any]] = []
        for child in element.children:
            if child.tag == "testsuite":
                self.suite(child, names)
            elif child.tag == "testcase":
                own.append(self._case(child, names, row["file"]))
                self.cases.append(own[-1])
            elif child.tag in _FAILURES:  # a suite that broke outside of its cases
                own.append(self._outside(child, names, row["file"]))
                self.cases.append(own[-1])
        for case in own:
            case["hostname"] = row["hostname"]
        inside = self.cases[before:]
        row["cases"] = len(inside)
        row["failed"] = sum(case["outcome"] == FAILED for case in inside)
        self._compare(element, counts, own, inside)

    def _case(self, element: Element, names: list[str], file: str) -> dict[str, Any]:
        attributes = element.attributes
        if "name" not in attributes:
            self._fault(element, "no_name", "<testcase> has no name")
        failures = [child for child in element.children if child.tag in _FAILURES]
        skips = [child for child in element.children if child.tag == "skipped"]
        attempts = [child for child in element.children if child.tag in _ATTEMPTS]
        said = failures or skips
        outcome = FAILED if failures else SKIPPED if skips else PASSED
        return {
            "name": attributes.get("name", ""),
            "classname": attributes.get("classname", ""),
            "suite": " > ".join(names),
            "file": attributes.get("file", "") or file,
            "file_line": self._whole(element, "line"),
            "seconds": self._seconds(element),
            "outcome": outcome,
            "kind": failures[0].tag if failures else "",
            "type": said[0].attributes.get("type", "") if said else "",
            "message": said[0].attributes.get("message", "") if said else "",
            "text": "\n".join(_body(child) for child in said),
            "flaky": bool(attempts) and outcome == PASSED,
            "attempts": [child.attributes.get("message", "") or _body(child) for child in attempts],
            "output": "\n".join(
                child.text.strip("\n") for child in element.children if child.tag in ("system-out", "system-err")
            ),
            "properties": _properties(element),
            "line": element.line,
        }

    def _outside(self, element: Element, names: list[str], file: str) -> dict[str, Any]:
        holder = type(element)("testcase", {"name": f"({element.tag} of the suite)"}, element.line)
        holder.children.append(element)
        return self._case(holder, names, file)

    def _compare(
        self, element: Element, counts: dict[str, int | None], own: list[dict[str, Any]], inside: list[dict[str, Any]]
    ) -> None:
        """A warning when a suite declares another number of failures than its cases show."""
        if counts["failures"] is None and counts["errors"] is None:
            return
        declared = (counts["failures"] or 0) + (counts["errors"] or 0)
        seen = [sum(case["outcome"] == FAILED for case in cases) for cases in (inside, own)]
        if declared not in seen:
            what = f"<{element.tag}> declares {declared} failed, its cases show {seen[0]}"
            self._fault(element, "counts_differ", what, WARNING)

    def _counts(self, element: Element) -> dict[str, int | None]:
        counts = {name: self._whole(element, name) for name in _COUNTS}
        if counts["skipped"] is None:
            counts["skipped"] = counts["disabled"]
        return counts

    def _whole(self, element: Element, name: str) -> int | None:
        given = element.attributes.get(name, "").strip()
        if not given:
            return None
        if not re.fullmatch(r"[0-9]{1,15}", given):
            self._fault(element, "not_a_number", f"<{element.tag}> has {name}={given!r}, which is no whole number")
            return None
        return int(given)

    def _seconds(self, element: Element) -> float | None:
        given = element.attributes.get("time", "").strip()
        if not given:
            return None
        try:
            # Surefire sets off thousands by commas
            found = float(given.replace(",", "")) if re.match(r"[0-9.]", given) else math.nan
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            self._fault(element, "not_a_number", f"<{element.tag}> has time={given!r}, which is no number of seconds")
            return None
        return found

    def _fault(self, element: Element, code: str, message: str, severity: str = ERROR) -> None:
        self.faults.append(Fault(self.path, element.line, "", "", severity, code, message))


def _body(element: Element) -> str:
    """What a failure says: its text, and for Surefire's attempts the stack trace inside."""
    inside = [child.text for child in element.children if child.tag == "stackTrace"]
    return "\n".join(text.strip("\n") for text in [element.text, *inside] if text.strip())


def _properties(element: Element) -> dict[str, str]:
    groups = [child for child in element.children if child.tag == "properties"]
    entries = [entry for group in groups for entry in group.children if entry.tag == "property"]
    return {entry.attributes.get("name", ""): entry.attributes.get("value", entry.text) for entry in entries}
