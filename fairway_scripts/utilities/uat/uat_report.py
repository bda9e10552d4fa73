"""Test reports as results of flows: Playwright's JSON and JUnit XML read into the same rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import suggest
from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.formats import case_outcomes, junit_file
from fairway_scripts.formats.ci_excerpts import plain_line
from fairway_scripts.formats.foreign_text import decode_foreign
from fairway_scripts.formats.input_file import refuse_faults
from fairway_scripts.utilities.uat import playwright_report
from fairway_scripts.utilities.uat.uat_results import FAIL, FLAKY, NOT_RUN, PASS, result_row

if TYPE_CHECKING:
    from fairway_scripts.formats.input_file import Document
    from fairway_scripts.formats.junit_report import Case
    from fairway_scripts.utilities.uat.uat_shapes import BrowserTest, Catalogue, ReadResults, Result
    from fairway_scripts.utilities.utility_shapes import Finding

JUNIT = "junit"
#: What Playwright's JUnit puts between the titles of nested describes.
_BETWEEN = " \u203a "
_OUTCOMES = {
    case_outcomes.PASSED: PASS,
    case_outcomes.FAILED: FAIL,
    case_outcomes.SKIPPED: NOT_RUN,
    case_outcomes.UNKNOWN: NOT_RUN,  # the report's own finding says which word was not understood
}
#: A class that is a file: Playwright and other runners of JavaScript write the file there.
_FILE = re.compile(r"[^\s]*[/\\][^\s]*|[^\s]+\.(?:[cm]?[jt]sx?|feature)")


def read_results(document: Document, catalogue: Catalogue, environment: str, browser: str) -> ReadResults:
    """The results of a report: `{adapter, results, findings}`; each of results is a `result_row`.

    The project of a test tells environment and browser by `projects` of the catalogue; else the environment is
    `environment` of the call or what the report says, and the browser is the project. JUnit says a browser in the
    property `browser`, the host name of a suite, or `[...]` at the end of a name, or `browser` of the call does.
    Raises FairwayError `invalid_document` with every fault, also for a result of no environment or browser.
    """
    findings: list[str] = []
    if decode_foreign(document.data[:4096], document.path)[0].lstrip().startswith("<"):
        adapter = JUNIT
        report = junit_file.read_junit(document.data, document.path)
        refuse_faults(document.path, report.faults)
        tests: list[BrowserTest] = [_junit_test(case, catalogue, browser) for case in report.cases]
        findings = [fault.message for fault in report.faults]
    else:
        adapter = playwright_report.ADAPTER
        read = playwright_report.read_playwright(document.data, document.path)
        refuse_faults(document.path, read.faults)
        tests = [{**test, "browser": test["project"] or browser} for test in read.tests]
        findings = [f"an error outside of tests: {text}" for text in read.loose_errors]
        findings += [fault.text() for fault in read.faults]
    faults: list[Fault] = []
    results: list[Result] = []
    for test in tests:
        said = catalogue["projects"].get(test["project"])
        place = (said and said["environment"]) or environment or test["environment"]
        seen_by = (said and said["browser"]) or test["browser"]
        if not place or not seen_by:
            faults.append(_unplaced(document, test, place))
        results.append(
            result_row(
                document.name,
                place,
                seen_by,
                test["outcome"],
                file=test["file"],
                file_line=test["file_line"],
                titles=test["titles"],
                flows=test["flows"],
                tags=test["tags"],
                seconds=test["seconds"],
                retries=test["retries"],
                message=test["message"],
                note=test["note"],
            )
        )
    refuse_faults(document.path, faults[:20], suggest("uat-matrix", f"ENVIRONMENT:BROWSER={document.name}"))
    if not results:
        findings.append("holds no test")
    rows: list[Finding] = [{"code": "report", "place": document.name, "message": text} for text in findings]
    return {"adapter": adapter, "results": results, "findings": rows}


def _unplaced(document: Document, test: BrowserTest, place: str) -> Fault:
    what = "browser" if place else "environment"
    message = f"{' > '.join(test['titles'])!r} says of no {what} that it ran there; name it before the file"
    return Fault(document.path, test["line"], "", "", ERROR, f"no_{what}", message)


def _junit_test(case: Case, catalogue: Catalogue, browser: str) -> BrowserTest:
    """A case of JUnit as Playwright's reader gives a test."""
    properties = case.properties
    titles = [plain_line(part) for part in case.name.split(_BETWEEN)]
    file = case.file or (case.classname if _FILE.fullmatch(case.classname) else "")
    if not file and case.classname:
        titles.insert(0, plain_line(case.classname))
    host = case.hostname if case.hostname in (*catalogue["browsers"], *catalogue["projects"]) else ""
    in_name = re.search(r"\[([^\[\]]+)\]$", case.name)
    parts = re.split(r"[-,]", in_name[1]) if in_name else []
    of_name = next((part for part in parts if part in catalogue["browsers"]), "")
    text = case.message or case.text
    outcome = FLAKY if case.flaky else _OUTCOMES[case.outcome]
    return {
        "project": host,
        "environment": properties.get("environment", "").strip(),
        "browser": properties.get("browser", "").strip() or of_name or host or browser,
        "file": file.replace("\\", "/"),
        "file_line": case.file_line,
        "titles": titles,
        "flows": [name.strip() for name in properties.get("flow", "").split(",") if name.strip()],
        "tags": [],
        "outcome": outcome,
        "seconds": case.seconds,
        "retries": len(case.attempts),
        "message": next((line for line in map(plain_line, text.splitlines()) if line.strip()), "").strip()
        if outcome == FAIL
        else "",
        "note": "",
        "line": case.line,
    }
