"""JUnit XML: what pytest, Playwright and Surefire write is read, and a malformed report is refused with its line."""

from __future__ import annotations

import os
import tracemalloc

import pytest

from fairway_scripts.formats.junit_file import read_junit
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
    assert [(case.outcome, case.kind) for case in report.cases] == [
        ("passed", ""),
        ("passed", ""),
        ("failed", "failure"),
        ("failed", "error"),
        ("skipped", ""),
    ]
    assert report.counts == {"passed": 2, "failed": 2, "skipped": 1, "unknown": 0, "flaky": 0}
    assert report.cases[2].message.startswith("AssertionError")
    assert "test_money.py:31" in report.cases[2].text


def test_playwright_puts_its_text_into_cdata() -> None:
    assert "packages/web/e2e/alerts/ack.spec.ts:25" in sample("playwright.xml").cases[0].text


def test_surefire_flaky_attempts_and_times_with_commas() -> None:
    report = sample("surefire.xml")
    assert (report.cases[0].outcome, report.cases[0].flaky, report.cases[0].seconds) == (
        "passed",
        True,
        1203.9,
    )
    assert report.cases[0].attempts == ("expected: <READY> but was: <JOINING>",)
    assert report.suites[0]["seconds"] == 1204.331


def test_nested_suites_keep_the_order_and_name_their_way() -> None:
    report = read(
        '<testsuites name="all"><testsuite name="a"><testcase name="1"/><testsuite name="b"><testcase name="2"/>'
        '</testsuite><testcase name="3"/></testsuite></testsuites>'
    )
    assert [(case.suite, case.name) for case in report.cases] == [("a", "1"), ("a > b", "2"), ("a", "3")]
    assert [(suite["name"], suite["cases"]) for suite in report.suites] == [("a", 3), ("b", 1)]


def test_a_suite_that_broke_outside_of_its_cases_is_a_failed_case() -> None:
    report = read('<testsuite name="s" errors="1"><error message="no database"/></testsuite>')
    assert [(case.name, case.outcome, case.message) for case in report.cases] == [
        ("(error of the suite)", "failed", "no database")
    ]
    assert report.faults == []


def test_file_line_and_properties_of_a_case() -> None:
    inside = '<properties><property name="flow" value="login"/><property name="note">in words</property></properties>'
    case = one(inside, file="a/b.py", line="12")
    assert (case.file, case.file_line) == ("a/b.py", 12)
    assert case.properties == {"flow": "login", "note": "in words"}


def test_a_case_without_a_file_has_that_of_its_suite() -> None:
    report = read('<testsuite file="a/x.test.js"><testcase name="t"/></testsuite>')
    assert report.cases[0].file == "a/x.test.js"


def test_a_failure_beats_a_skip() -> None:
    assert one("<skipped/><failure/>").outcome == "failed"


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ('<testsuite failures="0"><testcase name="t"><failure/></testcase></testsuite>', True),
        ('<testsuite failures="2"><testcase name="t"><failure/></testcase></testsuite>', True),
        ('<testsuites failures="0"><testsuite><testcase name="t"><error/></testcase></testsuite></testsuites>', True),
        ('<testsuite failures="1"><testcase name="t"><failure/></testcase></testsuite>', False),
        ('<testsuite failures="0" errors="1"><testcase name="t"><failure/></testcase></testsuite>', False),
        ('<testsuite tests="0" failures="0"/>', False),
        ('<testsuite tests="1"><testsuite tests="1"><testcase name="t"/></testsuite></testsuite>', False),
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
        (b"<testsuite>&boom;</testsuite>", 1, "xml_syntax"),
        (b'<?xml version="1.0" encoding="klingon"?><testsuite/>', 1, "unknown_encoding"),
        (b'<?xml version="1.0" encoding="base64"?><testsuite/>', 1, "unknown_encoding"),
        *(
            (f'<?xml version="1.0" encoding="{word}"?><testsuite/>'.encode(), 1, "unknown_encoding")
            for word in ("undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7", "cp037")
        ),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>\n<testsuite/>', 1, "doctype"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE a [\n]><testsuite/>', 2, "doctype"),
        (b"<testsuite>" * 80 + b"</testsuite>" * 80, 1, "too_deep"),
        (b"<testsuite><testcase name='t'>" + b"<a>" * 80 + b"</a>" * 80 + b"</testcase></testsuite>", 1, "too_deep"),
        (b"<html/>", 1, "wrong_shape"),
    ],
)
def test_a_malformed_report_is_refused_with_its_line(data: bytes, line: int, code: str) -> None:
    report = read_junit(data, "r.xml")
    assert [(fault.line, fault.code) for fault in report.errors] == [(line, code)]


@pytest.mark.parametrize(
    ("data", "line", "code"),
    [
        (b"<testsuite>\n<testcase/></testsuite>", 2, "no_name"),
        (b'<testsuite tests="many"/>', 1, "not_a_number"),
        (b'<testsuite failures="-1"/>', 1, "not_a_number"),
        (b'<testsuite>\n<testcase name="t" time="soon"/></testsuite>', 2, "not_a_number"),
        (b'<testsuite>\n<testcase name="t" time="-0.001"/></testsuite>', 2, "not_a_number"),
        (b'<testsuite time="NaN"><testcase name="t" time="1"/></testsuite>', 1, "not_a_number"),
        (b'<testsuite time="1e999"/>', 1, "not_a_number"),
        (b'<testsuite><testcase name="t" line="x"/></testsuite>', 1, "not_a_number"),
        (b'<testsuite>\n<testcase name="\x07"/></testsuite>', 2, "control_character"),
        (b"<testsuite>\n\xff</testsuite>", 2, "invalid_utf8"),
        (b'<testsuite>\n\n<testcase name="t" result="odd"/></testsuite>', 3, "unknown_word"),
    ],
)
def test_what_is_odd_is_told_with_its_line_and_the_rest_is_read(data: bytes, line: int, code: str) -> None:
    report = read_junit(data, "r.xml")
    assert report.errors == []
    assert (report.faults[0].line, report.faults[0].code) == (line, code)


def test_more_cases_than_a_suite_declares_are_told_and_take_nothing_from_it() -> None:
    report = read('<testsuite tests="1"><testcase name="t"/><testcase name="t"/></testsuite>')
    assert ([fault.code for fault in report.faults], report.outcome) == (["tests_differ"], "passed")


def test_what_was_odd_comes_in_the_order_of_the_file() -> None:
    report = read('<testsuite tests="x">\n<testcase time="y" name="t"/>\n<testcase/>\n</testsuite>')
    assert [fault.line for fault in report.faults] == [1, 2, 3]


def failing(message: str, declared: str = "", mark: bytes = b"", encoding: str = "utf-8"):
    """The message of the one case of a report that was written in an encoding."""
    head = f'<?xml version="1.0"{declared}?>\n'
    text = f'{head}<testsuite failures="1"><testcase name="t"><failure>{message}</failure></testcase></testsuite>'
    report = read_junit(mark + text.encode(encoding), "r.xml")
    assert report.errors == []
    assert report.outcome == "failed"
    return report.cases[0].text, [fault.code for fault in report.faults]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("&#27;[31mred&#x1b;[0m", "red"),
        ("<![CDATA[\x1b[1;32mgreen\x1b[K &#27; stays]]>", "green &#27; stays"),
        ("bell\x07 and nul\x00", "bell\ufffd and nul\ufffd"),
        ("&#0;&#xFFFE;\uffff", "\ufffd\ufffd\ufffd"),
        ("half &#xD83D; a face", "half \ufffd a face"),
        ("&#55357;&#56832; whole", "\U0001f600 whole"),
        ("<!-- \x0b --><![CDATA[ open ]]>", " open "),
    ],
)
def test_characters_that_xml_forbids_are_shown_and_told(written: str, shown: str) -> None:
    text, codes = failing(written)
    assert text == shown
    assert codes == ([] if "whole" in shown else ["control_character"])


def test_half_a_character_in_the_bytes_is_shown_and_told() -> None:
    data = b'<testsuite><testcase name="t">\n<failure>\xed\xa0\xbd cut \xf0\x9f\x98</failure></testcase></testsuite>'
    report = read_junit(data, "r.xml")
    assert "cut" in report.cases[0].text
    assert "\ufffd" in report.cases[0].text
    assert [(fault.line, fault.code) for fault in report.faults] == [(2, "invalid_utf8")]


@pytest.mark.parametrize(
    ("declared", "encoding", "mark"),
    [
        (' encoding="ISO-8859-1"', "iso-8859-1", b""),
        (" encoding='windows-1252' standalone='yes'", "windows-1252", b""),
        (' encoding="GB18030"', "gb18030", b""),
        (' encoding="macintosh"', "mac_roman", b""),
        (' encoding="IBM850"', "cp850", b""),
        (' encoding="UTF-16"', "utf-16-le", b"\xff\xfe"),
        (' encoding="UTF-16"', "utf-16-be", b"\xfe\xff"),
        (' encoding="utf-16"', "utf-16-le", b""),
        (' encoding="utf-16"', "utf-8", b""),  # written by a program that lies
        ("", "utf-8", b"\xef\xbb\xbf"),
        (' encoding="us-ascii"', "utf-8", b""),
    ],
)
def test_the_declared_encoding_is_honoured(declared: str, encoding: str, mark: bytes) -> None:
    text, codes = failing("caf\u00e9", declared, mark, encoding)
    if declared.endswith('ascii"'):
        assert codes == ["invalid_bytes"]
    else:
        assert (text, codes) == ("caf\u00e9", [])


@pytest.mark.parametrize("kind", ["", ' SYSTEM "file:///etc/passwd"', ' PUBLIC "-//a" "http://127.0.0.1/a.dtd"'])
def test_a_document_type_that_declares_nothing_is_nothing(kind: str) -> None:
    head = f'<?xml version="1.1"?>\n<!DOCTYPE testsuites{kind}>\n'
    report = read(f'{head}<testsuites><testsuite><testcase name="t"/></testsuite></testsuites>')
    assert (report.outcome, report.faults) == ("passed", [])


@pytest.mark.parametrize(
    ("case", "outcome"),
    [
        ('<testcase name="t"/>', "passed"),
        ('<testcase name="t" status="run" result="completed"/>', "passed"),
        ('<testcase name="t" status="Passed"/>', "passed"),
        ('<testcase name="t" status="notrun"/>', "skipped"),
        ('<testcase name="t" status="not-run"/>', "skipped"),
        ('<testcase name="t" status="disabled"/>', "skipped"),
        ('<testcase name="t" status="run" result="suppressed"/>', "skipped"),
        ('<testcase name="t" result="Ignored"/>', "skipped"),
        ('<testcase name="t" executed="False"/>', "skipped"),
        ('<testcase name="t" skipped="true"/>', "skipped"),
        ('<testcase name="t"><ignored/></testcase>', "skipped"),
        ('<testcase name="t"><disabled/></testcase>', "skipped"),
        ('<testcase name="t" status="failed"/>', "failed"),
        ('<testcase name="t" status="passed" result="error"/>', "failed"),
        ('<testcase name="t" success="false"/>', "failed"),
        ('<testcase name="t" status="passed"><failure/></testcase>', "failed"),
        ('<testcase name="t" status="notrun"><error/></testcase>', "failed"),
        ('<testcase name="t"><phase><failure/></phase></testcase>', "failed"),
        ('<testcase name="t" status="perhaps"/>', "unknown"),
        ('<testcase name="t" status="passed" result="who knows"/>', "unknown"),
        ('<testcase name="t" status="run" result="interrupted"/>', "unknown"),
        ('<testcase name="t" status="aborted"/>', "unknown"),
        ('<testcase name="t" status="cancelled"/>', "unknown"),
        ('<testcase name="t" result="NotRunnable"/>', "unknown"),
        ('<testcase name="t" result="Warning"/>', "unknown"),
        ('<testcase name="t" status="untested"/>', "skipped"),
        ('<testcase name="t" status="panicked"/>', "failed"),
        ('<testcase name="t" outcome="Failed"/>', "failed"),
        ('<testcase name="t" passed="false"/>', "failed"),
        ('<testcase name="t"><warning type="W">No tests found</warning></testcase>', "unknown"),
        ('<testcase name="t"><incomplete/></testcase>', "unknown"),
        ('<testcase name="t"><fail message="no"/></testcase>', "failed"),
        ('<testcase name="t"><timeout/></testcase>', "failed"),
        ('<testcase name="t"><blocked/></testcase>', "skipped"),
        ('<testcase name="t"><rerunFailure message="no"/></testcase>', "failed"),
        ('<testcase name="t"><rerunFailure message="no"/><flakyFailure/></testcase>', "passed"),
        ('<testcase name="t"><measurements/><attachments/></testcase>', "passed"),
    ],
)
def test_a_case_that_did_not_run_or_is_not_understood_is_no_pass(case: str, outcome: str) -> None:
    report = read(f"<testsuite>{case}</testsuite>")
    assert ([found.outcome for found in report.cases], report.outcome) == ([outcome], outcome)


@pytest.mark.parametrize(
    ("text", "cases", "outcome"),
    [
        ('<testsuites errors="1"><error message="collection failed"/></testsuites>', ["failed"], "failed"),
        ('<testsuites><testcase name="loose"/></testsuites>', ["passed"], "passed"),
        ('<testsuite><skipped message="no database"/></testsuite>', ["skipped"], "skipped"),
        ('<testsuite><testcase name="o"><testcase name="i"><failure/></testcase></testcase></testsuite>', ["failed"],
         "failed"),
        ('<testsuite><testcase name="o"><failure/><testcase name="i"/></testcase></testsuite>',
         ["passed", "failed"], "failed"),
        ('<testsuites><group><testsuite><testcase name="t"><error/></testcase></testsuite></group></testsuites>',
         ["failed"], "failed"),
        ('<testsuite tests="3" failures="0"><testcase name="t"/></testsuite>', ["passed"], "unknown"),
        ('<testsuite tests="1" skipped="1"><testcase name="t"/></testsuite>', ["passed"], "unknown"),
        ('<testsuite name="nosetests" tests="1" skip="1"><testcase name="t"/></testsuite>', ["passed"], "unknown"),
        ('<testsuite skips="1"><testcase name="t"/></testsuite>', ["passed"], "unknown"),
        ('<testsuite skipped="1" disabled="1"><testcase name="t"/><testcase name="u"><skipped/></testcase></testsuite>',
         ["passed", "skipped"], "unknown"),
        ('<testsuite failed="1"><testcase name="t"/></testsuite>', ["passed"], "failed"),
        ('<testsuite status="failed"><testcase name="t"/></testsuite>', ["passed"], "failed"),
        ('<testsuite status="running"><testcase name="t"/></testsuite>', ["passed"], "unknown"),
        ('<testsuite><testcase name="t"/><testcase name="u" result="NotRunnable"/></testsuite>', ["passed", "unknown"],
         "unknown"),
        ('<testsuite tests="1" failures="1"><testcase name="t"/></testsuite>', ["passed"], "failed"),
        ('<testsuite tests="1"><testcase name="t"/><testcase name="u"/></testsuite>', ["passed"] * 2, "passed"),
        ('<testsuite><testcase name="t"><skipped/></testcase><testcase name="u"/></testsuite>', ["skipped", "passed"],
         "passed"),
        ("<testsuites/>", [], "unknown"),
    ],
)  # fmt: skip
def test_what_a_report_proves_is_what_all_of_it_says(text: str, cases: list[str], outcome: str) -> None:
    report = read(text)
    assert ([case.outcome for case in report.cases], report.outcome) == (cases, outcome)


#: passed, failed, skipped, flaky, and the first failing test with what it says.
TOOLS = {
    "bazel": (1, 1, 0, 0, "packages/billing/invoice_test", ""),
    "behave": (1, 1, 1, 0, "A claimed task is refused", "queue.feature:14"),
    "ginkgo": (1, 2, 1, 0, "[It] Lease is lost when nobody renews it", "lease_test.go:41"),
    "gradle": (1, 1, 1, 1, "expires()", "LeaseTest.java:30"),
    "nunit3": (1, 1, 2, 0, 'Releases("B-1")', "QueueTests.cs:line 31"),
    "xunit": (1, 1, 1, 0, "Gpuaas.Tests.QueueTests.Releases", "QueueTests.cs:line 31"),
    "bats": (1, 1, 1, 0, "claims once", "queue.bats, line 9"),
    "catch2": (1, 2, 0, 0, "writes/empty", "store_test.cpp:19"),
    "ctest": (1, 1, 2, 0, "store", ""),
    "dotnet-logger": (1, 1, 1, 0, "Releases", "Queue.cs:line 31"),
    "googletest": (1, 1, 2, 0, "Expires", "lease_test.cc:24"),
    "gotestsum": (1, 1, 1, 0, "TestInvoiceTotals", "invoice_test.go:61"),
    "jest-junit": (1, 1, 1, 0, "acknowledge keeps the alert", "ack.test.ts:48"),
    "mocha-junit-reporter": (1, 1, 0, 0, "queue keeps the order", "queue.spec.js:14"),
    "nextest": (2, 1, 0, 1, "lease::expires", "lease.rs:30"),
    "phpunit": (1, 1, 1, 0, "testClaim with data set #0", "QueueTest.php:23"),
    "robot-xunit": (1, 1, 1, 0, "A Claim Is Refused Twice", ""),
    "rspec": (1, 1, 1, 0, "Queue claims once", "queue_spec.rb:17"),
    "vitest": (1, 1, 1, 0, "acknowledge > keeps the alert", "ack.test.ts:48"),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_reports_of_many_tools_say_what_their_tools_say(tool: str) -> None:
    with open(os.path.join(HOME, "tests", "samples", "junit", f"{tool}.xml"), "rb") as file:
        report = read_junit(file.read(), tool)
    passed, failed, skipped, flaky, name, said = TOOLS[tool]
    assert report.faults == []
    assert report.counts == {"passed": passed, "failed": failed, "skipped": skipped, "unknown": 0, "flaky": flaky}
    first = next(case for case in report.cases if case.outcome == "failed")
    assert first.name == name
    assert said in first.text


def test_a_large_report_stays_small_in_memory() -> None:
    case = '<testcase classname="packages.web" name="test {0}" time="0.01"><system-out>{1}</system-out></testcase>'
    body = "".join(case.format(number, "a line of output\n" * 30) for number in range(9_000))
    data = f'<testsuite name="s" tests="9000">{body}</testsuite>'.encode()
    tracemalloc.start()
    try:
        report = read_junit(data, "r.xml")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report.counts["passed"] == 9_000
    assert peak < 4 * len(data), f"{peak} bytes for {len(data)}"
