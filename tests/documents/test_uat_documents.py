"""Test reports and the catalogue of flows: what is read from them, and what makes each of them unfit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.formats.input_file import Document
from fairway_scripts.utilities.uat.flow_file import read_flows
from fairway_scripts.utilities.uat.playwright_report import read_playwright
from fairway_scripts.utilities.uat.uat_report import read_results

CATALOGUE: dict[str, Any] = {
    "browsers": ["chromium", "webkit"],
    "environments": ["staging"],
    "projects": {},
    "flows": [],
}
RESULT = {"status": "passed", "duration": 1500, "retry": 0}
TEST = {
    "projectName": "chromium",
    "status": "expected",
    "expectedStatus": "passed",
    "annotations": [],
    "results": [RESULT],
}
SPEC = {"title": "works", "file": "a.spec.ts", "line": 3, "tags": [], "tests": [TEST]}


def report(*specs: dict[str, Any], **over: Any) -> dict[str, Any]:
    """A report of Playwright with one file."""
    suite = {"title": "a.spec.ts", "file": "a.spec.ts", "specs": list(specs)}
    return {"config": {"metadata": {"environment": "staging"}}, "suites": [suite], "errors": [], **over}


def read_tests(top: Any) -> list[dict[str, Any]]:
    found = read_playwright(json.dumps(top).encode(), "report.json")
    assert not found.faults
    return found.tests


def one_test(**over: Any) -> dict[str, Any]:
    return read_tests(report({**SPEC, "tests": [{**TEST, **over}]}))[0]


def results(
    data: Any, environment: str = "", browser: str = "", catalogue: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    text = data if isinstance(data, str) else json.dumps(data)
    document = Document("report", "report", text.encode(), "report")
    found: list[dict[str, Any]] = read_results(document, catalogue or CATALOGUE, environment, browser)["results"]
    return found


def faults(error: FairwayError) -> list[tuple[str, str]]:
    assert error.word == "invalid_document"
    return [(row["code"], row["field"]) for row in error.details["faults"]]


# --- Playwright -----------------------------------------------------------------------------------------------


def test_titles_of_nested_describes_are_kept_without_the_file() -> None:
    inner = {"title": "inner", "specs": [SPEC]}
    outer = {"title": "outer", "specs": [], "suites": [inner]}
    file = {"title": "a.spec.ts", "specs": [SPEC], "suites": [outer]}
    found = read_tests({"suites": [file]})
    assert [test["titles"] for test in found] == [["works"], ["outer", "inner", "works"]]


@pytest.mark.parametrize(
    ("over", "outcome", "note"),
    [
        ({}, "pass", ""),
        ({"status": "unexpected", "results": [{"status": "failed"}]}, "fail", ""),
        ({"status": "unexpected", "results": [{"status": "timedOut"}]}, "fail", "timed out"),
        ({"status": "flaky", "results": [{"status": "failed"}, {"status": "passed"}]}, "flaky", ""),
        ({"status": "skipped", "results": []}, "not run", ""),
        ({"status": "skipped", "results": [{"status": "interrupted"}]}, "not run", ""),
        ({"expectedStatus": "failed", "results": [{"status": "failed"}]}, "fail", "known to fail (test.fail)"),
        (
            {"status": "unexpected", "expectedStatus": "failed"},
            "fail",
            "passed, although it is marked to fail (test.fail)",
        ),
        ({"results": [{"status": "failed"}]}, "fail", "said to be as expected, although its last attempt is failed"),
        ({"results": [{"status": "timedOut"}]}, "fail", "timed out"),
        ({"results": [{"status": "interrupted"}]}, "not run",
         "said to be as expected, although its last attempt is interrupted"),
        ({"results": []}, "not run", "said to be as expected, although it has no attempt"),
    ],
)  # fmt: skip
def test_what_playwright_says_of_a_test_as_a_word_of_a_cell(over: dict[str, Any], outcome: str, note: str) -> None:
    test = one_test(**over)
    assert (test["outcome"], test["note"]) == (outcome, note)


def test_the_attempts_add_up_and_the_last_failure_speaks() -> None:
    attempts = [
        {"status": "failed", "duration": 2000, "error": {"message": "first"}},
        {"status": "failed", "duration": 1500.5, "error": {"message": "\u001b[31m\n\nlast\u001b[39m\nmore"}},
    ]
    test = one_test(status="unexpected", results=attempts)
    assert (test["seconds"], test["retries"], test["message"]) == (3.5005, 1, "last")


def test_an_error_that_is_no_exception_speaks_by_its_value() -> None:
    test = one_test(status="unexpected", results=[{"status": "failed", "error": {"value": "thrown"}}])
    assert test["message"] == "thrown"


def test_tags_and_annotations_name_flows() -> None:
    annotations = [{"type": "flow", "description": "UAT-1, UAT-2"}, {"type": "issue", "description": "UAT-3"}]
    test = read_tests(report({**SPEC, "tags": ["@flow:UAT-4"], "tests": [{**TEST, "annotations": annotations}]}))[0]
    assert (test["flows"], test["tags"]) == (["UAT-1", "UAT-2"], ["flow:UAT-4"])


def test_the_metadata_of_a_project_name_the_environment_before_those_of_the_report() -> None:
    projects = [{"name": "chromium", "metadata": {"environment": "demo"}}]
    config = {"metadata": {"environment": "staging"}, "projects": projects}
    two = [TEST, {**TEST, "projectName": "webkit"}]
    found = read_tests(report({**SPEC, "tests": two}, config=config))
    assert [test["environment"] for test in found] == ["demo", "staging"]


def test_more_failures_than_the_tests_show_are_told() -> None:
    found = read_playwright(json.dumps(report(SPEC, stats={"expected": 1, "unexpected": 2})).encode(), "r")
    assert [(fault.code, fault.field) for fault in found.faults] == [("counts_differ", "stats.unexpected")]


def test_errors_outside_of_tests_are_told() -> None:
    found = read_playwright(json.dumps(report(errors=[{"message": "no such module\nat x"}])).encode(), "r")
    assert found.loose_errors == ["no such module"]


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (b"\xff{}", "invalid_utf8", ""),
        (b"", "json_syntax", ""),
        (b'{"suites": [', "json_syntax", ""),
        (b"[]", "wrong_shape", ""),
        (b"{}", "missing", "suites"),
        (b'{"suites": {}}', "wrong_type", "suites"),
        (b'{"suites": [], "suites": []}', "duplicate_key", "suites"),
        (b"[" * 70 + b"]" * 70, "too_deep", ""),
        (b'{"suites": ["a"]}', "wrong_type", "suites[0]"),
        (b'{"config": [], "suites": []}', "wrong_type", "config"),
        (b'{"suites": [{"specs": [{"file": "a", "tests": []}]}]}', "missing", "suites[0].specs[0].title"),
        (b'{"suites": [{"specs": [{"title": "a", "tests": []}]}]}', "missing", "suites[0].specs[0].file"),
        (b'{"suites": [{"specs": [{"title": "a", "file": "a"}]}]}', "missing", "suites[0].specs[0].tests"),
    ],
)
def test_a_report_that_is_none_has_faults(text: bytes, code: str, field: str) -> None:
    found = read_playwright(text, "report.json")
    assert (code, field) in [(fault.code, fault.field) for fault in found.faults]


@pytest.mark.parametrize(
    ("over", "code", "field"),
    [
        ({"status": "accepted"}, "unknown_word", "status"),
        ({"status": None}, "missing", "status"),
        ({"expectedStatus": "maybe"}, "unknown_word", "expectedStatus"),
        ({"results": [{"status": "ok"}]}, "unknown_word", "results[0].status"),
        ({"results": [{"status": "passed", "duration": "long"}]}, "not_a_number", "results[0].duration"),
        ({"results": {}}, "wrong_type", "results"),
        ({"annotations": ["flow"]}, "wrong_type", "annotations[0]"),
    ],
)
def test_a_test_that_is_none_has_a_fault_with_its_path(over: dict[str, Any], code: str, field: str) -> None:
    found = read_playwright(json.dumps(report({**SPEC, "tests": [{**TEST, **over}]})).encode(), "report.json")
    assert (code, f"suites[0].specs[0].tests[0].{field}") in [(fault.code, fault.field) for fault in found.faults]


# --- where a result belongs -----------------------------------------------------------------------------------


def test_the_project_of_a_test_is_its_browser() -> None:
    assert [(row["environment"], row["browser"]) for row in results(report(SPEC))] == [("staging", "chromium")]


def test_the_call_names_the_environment_before_the_report() -> None:
    assert results(report(SPEC), "demo")[0]["environment"] == "demo"


def test_the_catalogue_may_say_what_a_project_is() -> None:
    catalogue = {**CATALOGUE, "projects": {"chromium": {"environment": "prod", "browser": "Chrome"}}}
    row = results(report(SPEC), "demo", catalogue=catalogue)[0]
    assert (row["environment"], row["browser"]) == ("prod", "Chrome")


@pytest.mark.parametrize(
    ("top", "code"),
    [
        (report(SPEC, config={}), "no_environment"),
        (report({**SPEC, "tests": [{**TEST, "projectName": ""}]}), "no_browser"),
        ('<testsuite><testcase name="t[chromium]"/></testsuite>', "no_environment"),
    ],
)
def test_a_result_of_nowhere_is_refused(top: Any, code: str) -> None:
    with pytest.raises(FairwayError) as caught:
        results(top)
    assert [found for found, _field in faults(caught.value)] == [code]
    assert caught.value.hint == "uat-matrix ENVIRONMENT:BROWSER=report"


def junit(case: str, suite: str = "") -> str:
    return f'<testsuite name="s" {suite}>{case}</testsuite>'


@pytest.mark.parametrize(
    ("text", "browser"),
    [
        (junit('<testcase name="t"/>', 'hostname="webkit"'), "webkit"),
        (junit('<testcase name="t"/>', 'hostname="runner-7"'), "of the call"),
        (junit('<testcase name="t[webkit]"/>', 'hostname="runner-7"'), "webkit"),
        (junit('<testcase name="t[webkit-nl]"/>'), "webkit"),
        (junit('<testcase name="t[nl]"/>'), "of the call"),
        (
            junit('<testcase name="t[nl]"><properties><property name="browser" value="Edge"/></properties></testcase>'),
            "Edge",
        ),
    ],
)
def test_the_browser_of_a_case_of_junit(text: str, browser: str) -> None:
    assert results(text, "staging", "of the call")[0]["browser"] == browser


@pytest.mark.parametrize(
    ("case", "file", "titles"),
    [
        ('<testcase classname="a/b.spec.ts" name="outer \u203a works"/>', "a/b.spec.ts", ["outer", "works"]),
        ('<testcase classname="b.spec.ts" name="works"/>', "b.spec.ts", ["works"]),
        ('<testcase classname="e2e.test_a.TestA" name="test_b"/>', "", ["e2e.test_a.TestA", "test_b"]),
        ('<testcase classname="X" file="e2e\\a.py" name="test_b"/>', "e2e/a.py", ["test_b"]),
    ],
)
def test_the_file_and_the_titles_of_a_case_of_junit(case: str, file: str, titles: list[str]) -> None:
    row = results(junit(case), "staging", "chromium")[0]
    assert (row["file"], row["titles"]) == (file, titles)


@pytest.mark.parametrize(
    ("inside", "outcome", "message"),
    [
        ("", "pass", ""),
        ('<failure message="no">trace</failure>', "fail", "no"),
        ("<error>\ntrace\nmore</error>", "fail", "trace"),
        ('<skipped message="why"/>', "not run", ""),
        ('<flakyFailure message="first"/>', "flaky", ""),
    ],
)
def test_the_outcome_of_a_case_of_junit(inside: str, outcome: str, message: str) -> None:
    row = results(junit(f'<testcase name="t">{inside}</testcase>'), "staging", "chromium")[0]
    assert (row["outcome"], row["message"]) == (outcome, message)


@pytest.mark.parametrize("text", ["<html/>", "<testsuite>", "<!DOCTYPE a []><testsuite/>", "", "plain", "{}"])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(FairwayError) as caught:
        results(text, "staging", "chromium")
    assert caught.value.word == "invalid_document"


# --- the catalogue of flows -----------------------------------------------------------------------------------


def flows(text: str | bytes, name: str = "flows.yaml") -> dict[str, Any]:
    return read_flows(Document(name, name, text if isinstance(text, bytes) else text.encode(), name))


def test_a_flow_expects_what_it_says_else_what_the_catalogue_says() -> None:
    found = flows(
        "environments: [demo, staging]\nbrowsers: [chromium]\n"
        "flows: [{id: A}, {id: B, environments: [prod], browsers: [webkit, webkit]}]"
    )
    assert [(flow["environments"], flow["browsers"]) for flow in found["flows"]] == [
        (["demo", "staging"], ["chromium"]),
        (["prod"], ["webkit"]),
    ]
    assert (found["environments"], found["browsers"]) == (["demo", "staging", "prod"], ["chromium", "webkit"])


def test_the_catalogue_may_be_json() -> None:
    assert flows('{"environments": ["s"], "browsers": ["c"], "flows": [{"id": "A"}]}', "f")["flows"][0]["id"] == "A"


HEAD = "environments: [s]\nbrowsers: [c]\n"
MANUAL = "{environment: s, browser: c, result: pass, by: Noor, date: 2026-11-20}"


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (b"flows: \xff", "invalid_utf8", ""),
        ("flows: [", "yaml_syntax", ""),
        ("- A", "wrong_shape", ""),
        (HEAD, "nothing_there", "flows"),
        (HEAD + "flows: []", "nothing_there", "flows"),
        (HEAD + "flows: {A: 1}", "wrong_type", "flows"),
        (HEAD + "flows: [A]", "wrong_type", "flows[0]"),
        (HEAD + "flow: [{id: A}]", "unknown_field", "flow"),
        (HEAD + "flows: [{title: A}]", "missing", "flows[0].id"),
        (HEAD + "flows: [{id: a b}]", "bad_id", "flows[0].id"),
        (HEAD + "flows: [{id: A}, {id: A}]", "duplicate_id", "flows[1].id"),
        (HEAD + "flows: [{id: A, owner: me}]", "unknown_field", "flows[0].owner"),
        (HEAD + "flows: [{id: A, tasks: B-1}]", "wrong_type", "flows[0].tasks"),
        (HEAD + "flows: [{id: A, tasks: ['']}]", "bad_name", "flows[0].tasks"),
        (HEAD + "flows: [{id: A, tests: ['/a']}]", "bad_pattern", "flows[0].tests"),
        (HEAD + "flows: [{id: A, environments: []}]", "nothing_there", "flows[0].environments"),
        ("environments: [s]\nflows: [{id: A}]", "nothing_there", "flows[0].browsers"),
        (HEAD + "projects: {x: {browsers: c}}\nflows: [{id: A}]", "unknown_field", "projects.x.browsers"),
        (HEAD + "projects: {x: c}\nflows: [{id: A}]", "wrong_type", "projects.x"),
        (HEAD + "flows: [{id: A, manual: [pass]}]", "wrong_type", "flows[0].manual[0]"),
    ],
)
def test_a_catalogue_has_to_be_sound(text: str | bytes, code: str, field: str) -> None:
    with pytest.raises(FairwayError) as caught:
        flows(text)
    assert (code, field) in faults(caught.value)


@pytest.mark.parametrize(
    ("was", "said", "code", "field"),
    [
        ("pass", "accepted", "unknown_word", "result"),
        ("by: Noor, ", "", "missing", "by"),
        ("2026-11-20", "Friday", "bad_date", "date"),
        ("result", "outcome", "unknown_field", "outcome"),
        ("environment: s", "environment: ", "missing", "environment"),
        ("browser: c", "browser: [c]", "wrong_type", "browser"),
    ],
)
def test_what_a_person_saw_needs_who_when_where_and_a_word(was: str, said: str, code: str, field: str) -> None:
    with pytest.raises(FairwayError) as caught:
        flows(HEAD + f"flows: [{{id: A, manual: [{MANUAL.replace(was, said)}]}}]")
    assert (code, f"flows[0].manual[0].{field}") in faults(caught.value)
