"""The JSON report of Playwright (`--reporter=json`): nested suites, projects, retries, annotations and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.faults import ERROR, WARNING
from fairway_scripts.formats.ci_excerpts import plain_line
from fairway_scripts.formats.json_text import read_json
from fairway_scripts.formats.text_tree import TextMap
from fairway_scripts.queue.files.task_fields import described
from fairway_scripts.utilities.json_fields import Fields
from fairway_scripts.utilities.uat.uat_results import FAIL, FLAKY, NOT_RUN, PASS

if TYPE_CHECKING:
    from fairway_scripts.base.faults import Fault
    from fairway_scripts.utilities.uat.uat_shapes import Spec, Test, TestOutcome

ADAPTER = "playwright"
#: What Playwright says of a test with all its attempts; `expected` is looked at closer.
_OUTCOMES = {"expected": PASS, "unexpected": FAIL, "flaky": FLAKY, "skipped": NOT_RUN}
_ATTEMPTS = {word: word for word in ("passed", "failed", "timedOut", "skipped", "interrupted")}
#: The entry of `metadata` that names where the tests ran, and the type of annotation that names a flow.
_ENVIRONMENT, _FLOW = "environment", "flow"


class PlaywrightReport(NamedTuple):
    """A report read.

    Each of `tests` is one test in one project, in the order of the document: project, environment ("" when no metadata
    say it), file, file_line (int or None), titles (outermost describe first), outcome (`pass`, `fail`, `flaky`, `not
    run`), seconds (all attempts), retries, message (the first line of what the last attempt says), note, tags, flows
    (what annotations of the type `flow` name), line. `loose_errors` are the first lines of errors outside of tests.
    """

    tests: list[Test]
    loose_errors: list[str]
    faults: list[Fault]


def read_playwright(data: bytes, path: str) -> PlaywrightReport:
    """Read and check one report; `path` is the name that faults show.

    Faults (never raised), each with its line and JSON path: JSON's own, a missing list of suites, a test without a
    title. As warnings: a status that Playwright does not know (the test counts as not run), a duration that is none.
    """
    fields = Fields(path, foreign=True)
    reading = read_json(data, path, foreign=True)
    fields.faults += reading.faults
    report = _Report(fields)
    if isinstance(reading.value, TextMap):
        report.top(reading.value)
    elif not any(fault.severity == ERROR for fault in reading.faults):
        fields.add(1, "", "wrong_shape", f"the document is {described(reading.value)}, not a report of Playwright")
    return PlaywrightReport(report.tests, report.loose_errors, sorted(fields.faults, key=lambda fault: fault.line))


class _Report:
    """The tests of one document."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.tests: list[Test] = []
        self.loose_errors: list[str] = []
        self.environment = ""
        self.environments: dict[str, str] = {}
        self.seen = dict.fromkeys(_OUTCOMES, 0)

    def top(self, top: TextMap) -> None:
        """Take the outermost object."""
        fields = self.fields
        config = fields.inner(top, "config", "") or TextMap(top.line)
        self.environment = self._place(config, "config")
        for node, at in fields.rows(config, "projects", "config"):
            self.environments[fields.text(node, "name", at)] = self._place(node, at)
        if "suites" not in top:
            fields.fault(top, "suites", "", "missing", "is missing: this is no JSON report of Playwright")
        for node, at in fields.rows(top, "suites", ""):
            self._suite(node, at, [], outermost=True)
        for node, at in fields.rows(top, "errors", ""):
            self.loose_errors.append(self._first_line(node, at) or "an error without a message")
        stats = fields.inner(top, "stats", "") or TextMap(top.line)
        for word in _OUTCOMES:
            seen = self.seen[word]
            told = fields.whole(stats, word, "stats")
            if (told or 0) > seen:
                what = f"says {told}, the tests show {seen}"
                fields.add(stats.lines[word], f"stats.{word}", "counts_differ", what, WARNING)

    def _place(self, node: TextMap, at: str) -> str:
        metadata = self.fields.inner(node, "metadata", at)
        return self.fields.text(metadata, _ENVIRONMENT, f"{at}.metadata").strip() if metadata is not None else ""

    def _suite(self, node: TextMap, at: str, above: list[str], *, outermost: bool) -> None:
        title = self.fields.text(node, "title", at)
        # the outermost suite of a file is called as the file
        titles = above if outermost or not title else [*above, title]
        for spec, place in self.fields.rows(node, "specs", at):
            self._spec(spec, place, titles)
        for inner, place in self.fields.rows(node, "suites", at):
            self._suite(inner, place, titles, outermost=False)

    def _spec(self, spec: TextMap, at: str, above: list[str]) -> None:
        fields = self.fields
        shared: Spec = {
            "file": fields.text(spec, "file", at, required=True),
            "file_line": fields.whole(spec, "line", at),
            "titles": [*above, fields.text(spec, "title", at, required=True)],
            "tags": [plain_line(tag).lstrip("@") for tag in fields.texts(spec, "tags", at)],
            "line": spec.line,
        }
        if "tests" not in spec:
            fields.fault(spec, "tests", at, "missing", "is missing")
        for node, place in fields.rows(spec, "tests", at):
            self.tests.append({**shared, **self._test(node, place)})

    def _test(self, node: TextMap, at: str) -> TestOutcome:
        fields = self.fields
        project = fields.text(node, "projectName", at) or fields.text(node, "projectId", at)
        outcome, word = fields.word(node, "status", at, _OUTCOMES)
        outcome = NOT_RUN if outcome == "unknown" else outcome  # the warning names the word
        self.seen.update({word: self.seen.get(word, 0) + 1})
        wanted = fields.word(node, "expectedStatus", at, _ATTEMPTS)[1] if "expectedStatus" in node else "passed"
        notes = fields.rows(node, "annotations", at)
        milliseconds, message, last = 0.0, "", ""
        attempts = fields.rows(node, "results", at)
        for result, place in attempts:
            last = fields.word(result, "status", place, _ATTEMPTS)[0]
            milliseconds += fields.seconds(result, "duration", place) or 0.0
            error = fields.inner(result, "error", place)
            message = (self._first_line(error, f"{place}.error") if error is not None else "") or message
        note = ""
        if wanted == "failed" and word == "expected":
            outcome, note = FAIL, "known to fail (test.fail)"
        elif wanted == "failed" and last == "passed":
            note = "passed, although it is marked to fail (test.fail)"
        elif last == "timedOut":
            outcome, note = (FAIL if outcome == PASS else outcome), "timed out"
        elif outcome == PASS and last != "passed":
            outcome = FAIL if last == "failed" else NOT_RUN
            note = f"said to be as expected, although {f'its last attempt is {last}' if last else 'it has no attempt'}"
        return {
            "project": project,
            "environment": self.environments.get(project) or self.environment,
            "outcome": outcome,
            "seconds": milliseconds / 1000,
            "retries": max(len(attempts) - 1, 0),
            "message": message if outcome in (FAIL, FLAKY) else "",
            "note": note,
            "flows": self._named_flows(notes),
        }

    def _named_flows(self, notes: list[tuple[TextMap, str]]) -> list[str]:
        """The flows that annotations name, one or several between commas."""
        texts = [
            self.fields.text(note, "description", place)
            for note, place in notes
            if self.fields.text(note, "type", place) == _FLOW
        ]
        return [name.strip() for text in texts for name in text.split(",") if name.strip()]

    def _first_line(self, error: TextMap, at: str) -> str:
        text = self.fields.text(error, "message", at, whole=True) or self.fields.text(error, "value", at, whole=True)
        return next((line for line in map(plain_line, text.splitlines()) if line.strip()), "").strip()
