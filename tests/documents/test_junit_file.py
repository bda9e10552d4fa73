"""JUnit XML: what pytest, Playwright and Surefire write is read, and a malformed report is refused with its line."""

from __future__ import annotations

import os

import pytest

from fairway_scripts.documents.junit_file import read_junit
from tests.support.shell import HOME

SAMPLES = os.path.join(HOME, "tests", "samples", "ci-packet")


def sample(name: str):
    with open(os.path.join(SAMPLES, name), "rb") as file:
        return read_junit(file.read(), name)


def read(text: str):
    return read_junit(text.encode(), "r.xml")


def one(inside: str, **attributes: str):
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    report = read(f'<testsuite name="s"><testcase name="t"{extra}>{inside}</testcase></testsuite>')
    assert report.faults == []
    return report.cases[0]


def test_pytest_failures_errors_and_skips_are_told_apart() -> None:
    report = sample("pytest.xml")
    assert [(case["outcome"], case["kind"]) for case in report.cases] == [
        ("passed", ""),
        ("passed", ""),
        ("failed", "failure"),
        ("failed", "error"),
        ("skipped", ""),
    ]
    assert report.counts == {"passed": 2, "failed": 2, "skipped": 1, "flaky": 0}
    assert report.cases[2]["message"].startswith("AssertionError")
    assert "test_money.py:31" in report.cases[2]["text"]


def test_playwright_puts_its_text_into_cdata_and_its_attachments_into_the_output() -> None:
    case = sample("playwright.xml").cases[0]
    assert "packages/web/e2e/alerts/ack.spec.ts:25" in case["text"]
    assert "test-failed-1.png" in case["output"]


def test_surefire_flaky_attempts_and_times_with_commas() -> None:
    report = sample("surefire.xml")
    assert (report.cases[0]["outcome"], report.cases[0]["flaky"], report.cases[0]["seconds"]) == (
        "passed",
        True,
        1203.9,
    )
    assert report.cases[0]["attempts"] == ["expected: <READY> but was: <JOINING>"]
    assert report.suites[0]["seconds"] == 1204.331


def test_nested_suites_keep_the_order_and_name_their_way() -> None:
    report = read(
        '<testsuites name="all"><testsuite name="a"><testcase name="1"/><testsuite name="b"><testcase name="2"/>'
        '</testsuite><testcase name="3"/></testsuite></testsuites>'
    )
    assert [(case["suite"], case["name"]) for case in report.cases] == [("a", "1"), ("a > b", "2"), ("a", "3")]
    assert [(suite["name"], suite["cases"]) for suite in report.suites] == [("a", 3), ("b", 1)]


def test_a_suite_that_broke_outside_of_its_cases_is_a_failed_case() -> None:
    report = read('<testsuite name="s" errors="1"><error message="no database"/></testsuite>')
    assert [(case["name"], case["outcome"], case["message"]) for case in report.cases] == [
        ("(error of the suite)", "failed", "no database")
    ]
    assert report.faults == []


def test_file_line_and_properties_of_a_case() -> None:
    inside = '<properties><property name="flow" value="login"/><property name="note">in words</property></properties>'
    case = one(inside, file="a/b.py", line="12")
    assert (case["file"], case["file_line"]) == ("a/b.py", 12)
    assert case["properties"] == {"flow": "login", "note": "in words"}


def test_a_case_without_a_file_has_that_of_its_suite() -> None:
    report = read('<testsuite file="a/x.test.js"><testcase name="t"/></testsuite>')
    assert report.cases[0]["file"] == "a/x.test.js"


def test_a_failure_beats_a_skip() -> None:
    assert one("<skipped/><failure/>")["outcome"] == "failed"


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ('<testsuite failures="0"><testcase name="t"><failure/></testcase></testsuite>', True),
        ('<testsuite failures="2"><testcase name="t"><failure/></testcase></testsuite>', True),
        ('<testsuites failures="0"><testsuite><testcase name="t"><error/></testcase></testsuite></testsuites>', True),
        ('<testsuite failures="1"><testcase name="t"><failure/></testcase></testsuite>', False),
        ('<testsuite failures="0" errors="1"><testcase name="t"><failure/></testcase></testsuite>', False),
        ('<testsuite tests="0" failures="0"/>', False),
        ('<testsuite failures="1"><testsuite><testcase name="t"><error/></testcase></testsuite></testsuite>', False),
    ],
)  # fmt: skip
def test_counts_that_are_not_those_of_the_cases_are_a_warning(text: str, warned: bool) -> None:
    report = read(text)
    assert [fault.code for fault in report.faults] == (["counts_differ"] if warned else [])
    assert report.errors == []


@pytest.mark.parametrize(
    ("data", "line", "code"),
    [
        (b"", 1, "xml_syntax"),
        (b"<testsuite>\n<testcase>", 2, "xml_syntax"),
        (b"<testsuite/>\n<testsuite/>", 2, "xml_syntax"),
        (b'<testsuite name="a" name="b"/>', 1, "xml_syntax"),
        (b'<testsuite>\n<testcase name="\x07"/></testsuite>', 2, "xml_syntax"),
        (b"<testsuite>&boom;</testsuite>", 1, "xml_syntax"),
        (b"<testsuite>\n\xff</testsuite>", 2, "invalid_utf8"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>\n<testsuite/>', 1, "doctype"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "file:///etc/passwd"><testsuite/>', 2, "doctype"),
        (b"<a>" * 80 + b"</a>" * 80, 1, "too_deep"),
        (b"<html/>", 1, "wrong_shape"),
        (b"<testsuite>\n<testcase/></testsuite>", 2, "no_name"),
        (b'<testsuite tests="many"/>', 1, "not_a_number"),
        (b'<testsuite failures="-1"/>', 1, "not_a_number"),
        (b'<testsuite>\n<testcase name="t" time="soon"/></testsuite>', 2, "not_a_number"),
        (b'<testsuite time="nan"/>', 1, "not_a_number"),
        (b'<testsuite time="1e999"/>', 1, "not_a_number"),
        (b'<testsuite><testcase name="t" line="x"/></testsuite>', 1, "not_a_number"),
    ],
)
def test_a_malformed_report_is_refused_with_its_line(data: bytes, line: int, code: str) -> None:
    report = read_junit(data, "r.xml")
    assert [(fault.line, fault.code) for fault in report.errors] == [(line, code)]


def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    report = read('<testsuite tests="x">\n<testcase time="y" name="t"/>\n<testcase/>\n</testsuite>')
    assert [fault.line for fault in report.errors] == [1, 2, 3]
