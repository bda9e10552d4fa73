"""A JUnit report as it was read: its cases, its suites, and what it proves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from fairway_scripts.base.faults import ERROR
from fairway_scripts.formats.case_outcomes import FAILED, OUTCOMES, PASSED, SKIPPED, UNKNOWN

if TYPE_CHECKING:
    from fairway_scripts.base.faults import Fault

#: Findings after which a report without a failure proves nothing.
_UNPROVEN = ("tests_missing", "skipped_differ", "unknown_word")


class Case:
    """One test case.

    `suite` holds the names of its suites, outermost first, joined by ` > `; `file_line` is an int or None, `seconds` a
    float or None, `outcome` a word of `OUTCOMES`, `kind` the element that says it failed (`failure`, `error` or ""),
    `text` what the failure or the skip says, `flaky` whether it failed before it passed, `attempts` the texts of the
    failed attempts, `hostname` that of its suite (Playwright writes its project there), `line` its line.
    """

    __slots__ = (
        *("attempts", "classname", "file", "file_line", "flaky", "hostname", "kind", "line", "message", "name"),
        *("outcome", "properties", "seconds", "suite", "text", "type"),
    )

    def __init__(self, name: str, suite: str, line: int) -> None:
        self.name = name
        self.suite = suite
        self.line = line
        self.classname = self.file = self.hostname = self.kind = self.type = self.message = self.text = ""
        self.file_line: int | None = None
        self.seconds: float | None = None
        self.outcome = PASSED
        self.flaky = False
        self.attempts: tuple[str, ...] = ()
        self.properties: dict[str, str] = NO_PROPERTIES


#: Shared by the many cases that have none; nobody writes to it.
NO_PROPERTIES: dict[str, str] = {}


class Suite(TypedDict):
    """What a report says of one of its suites, the counts as it declares them."""

    name: str
    file: str
    timestamp: str
    hostname: str
    seconds: float | None
    tests: int | None
    failures: int | None
    errors: int | None
    skipped: int | None
    line: int
    cases: int
    failed: int


class JunitReport(NamedTuple):
    """A report read.

    Both lists are in the document's order. `faults` are sorted by line; the warnings among them are what was odd:
    disagreements of the document with itself, words that are not known, times that are none, replaced characters.
    """

    path: str
    name: str
    suites: list[Suite]
    cases: list[Case]
    faults: list[Fault]

    @property
    def errors(self) -> list[Fault]:
        """The faults that make the report unfit."""
        return [fault for fault in self.faults if fault.severity == ERROR]

    @property
    def counts(self) -> dict[str, int]:
        """How many cases have which outcome, and how many of the passed ones are flaky."""
        found = {word: sum(case.outcome == word for case in self.cases) for word in OUTCOMES}
        return {**found, "flaky": sum(case.flaky for case in self.cases)}

    @property
    def outcome(self) -> str:
        """What the report proves.

        `failed` when anything says so, `unknown` when something is missing or not understood, `skipped` when nothing
        ran, else `passed`.
        """
        counts, codes = self.counts, {fault.code for fault in self.faults}
        if counts[FAILED] or "counts_differ" in codes:
            return FAILED
        if counts[UNKNOWN] or not self.cases or codes.intersection(_UNPROVEN):
            return UNKNOWN
        return PASSED if counts[PASSED] else SKIPPED
