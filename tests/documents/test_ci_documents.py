"""Reports of a build: what each is taken for, and what makes each of them unfit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.calls.utility_options import CI_FORMS
from fairway_scripts.formats.input_file import Document, read_document
from fairway_scripts.utilities.ci import ci_runs as runs
from fairway_scripts.utilities.ci.ci_log import read_log
from fairway_scripts.utilities.ci.ci_report import read_report

GH = {"databaseId": 7, "workflowName": "ci", "status": "completed", "conclusion": "success"}
GL = {"id": 5, "status": "success", "web_url": "https://x", "ref": "main", "sha": "abc"}
GL_JOB = {"id": 9, "name": "unit", "stage": "test", "status": "failed", "web_url": "https://x", "pipeline": GL}


def read(text: str | bytes, adapter: str = "auto", exit_code: int | None = None) -> list[dict[str, Any]]:
    data = text.encode() if isinstance(text, str) else text
    return read_report(Document("doc", "doc", data, "doc"), adapter, exit_code)


def refused(text: str | bytes, adapter: str = "auto") -> FairwayError:
    with pytest.raises(FairwayError) as caught:
        read(text, adapter)
    return caught.value


#: A document of each form, beside a plain log -> its adapter.
TAKEN = [
    ('<testsuite><testcase name="t"/></testsuite>', "junit"),
    (json.dumps(GH), "github"),
    (json.dumps([GH, GH]), "github"),
    (
        json.dumps({"jobs": [{"name": "a", "databaseId": 1, "status": "completed", "conclusion": "success"}]}),
        "github",
    ),
    (json.dumps(GL), "gitlab"),
    (json.dumps([GL_JOB]), "gitlab"),
    (json.dumps({**GL, "jobs": [GL_JOB], "variables": []}), "gitlab"),
    (json.dumps({"pipeline": {"status": "passed"}, "jobs": []}), "generic"),
    (json.dumps({"jobs": [{"name": "a", "status": "passed", "stage": "s"}]}), "generic"),
    ("TAP version 13\n1..1\nok 1\n", "tap"),
    ("# a comment\n1..1\nok 1 - x\n", "tap"),
    ("\ufeff1..0 # SKIP nothing to do\n", "tap"),
    ("# Subtest: a\n    ok 1 - x\n    1..1\nok 1 - a\n1..1\n", "tap"),
    ("KTAP version 1\n1..1\nok 1 a\n", "tap"),
]


def test_every_form_of_a_report_has_a_document_here() -> None:
    assert {adapter for _text, adapter in TAKEN} == {*CI_FORMS} - {"auto", "log"}


@pytest.mark.parametrize(("text", "adapter"), TAKEN)
def test_a_report_is_taken_for_what_it_can_only_be(text: str, adapter: str) -> None:
    assert {run["adapter"] for run in read(text)} == {adapter}


@pytest.mark.parametrize(
    "text", ["[INFO] Building\n[ERROR] no\n", "ok  \tpkg/money\t0.01s\n", "make: *** Error 1\n", b"caf\xe9\n"]
)
def test_any_other_text_is_a_log_which_needs_an_exit_code(text: str | bytes) -> None:
    assert read(text, exit_code=1)[0]["status"] == "failed"
    assert read(text, exit_code=0)[0]["status"] == "passed"
    assert refused(text).word == "usage"


@pytest.mark.parametrize(
    "text", ["{}", "[]", '{"jobs": []}', '{"a": 1}', '[{"a": 1}]', "npm test\nok 1 - x\n1..1\n", "noise\n<testsuite>"]
)
def test_what_could_be_several_things_is_refused_with_the_flag_that_tells(text: str) -> None:
    problem = refused(text)
    assert (problem.word, problem.details["faults"][0]["code"]) == ("invalid_document", "ambiguous")
    assert ("--adapter tap" in problem.hint) == text.startswith("npm")  # what fits nothing is not mended by a flag


@pytest.mark.parametrize("text", ["", "  \n", "\ufeff"])
def test_an_empty_document_is_refused(text: str) -> None:
    assert refused(text).details["faults"][0]["code"] == "empty"


@pytest.mark.parametrize("adapter", ["github", "gitlab", "generic"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"status": }', "json_syntax"),
        ('{"status": 1, "status": 2}', "duplicate_key"),
        ("[" * 70 + "]" * 70, "too_deep"),
    ],
)
def test_broken_json_is_refused_whatever_it_should_be(adapter: str, text: str | bytes, code: str) -> None:
    assert code in [fault["code"] for fault in refused(text, adapter).details["faults"]]


def job(**fields: Any) -> str:
    return json.dumps({**GH, "jobs": [{"name": "a", "status": "completed", "conclusion": "success", **fields}]})


@pytest.mark.parametrize(
    ("text", "adapter", "place", "code"),
    [
        (json.dumps({**GH, "conclusion": ""}), "github", "conclusion", "missing"),
        (json.dumps({**GH, "headSha": ["x"]}), "github", "headSha", "wrong_type"),
        (json.dumps({**GH, "jobs": {}}), "github", "jobs", "wrong_type"),
        (json.dumps({**GH, "jobs": [1]}), "github", "jobs[0]", "wrong_type"),
        (job(name=None), "github", "jobs[0].name", "missing"),
        (job(steps="x"), "github", "jobs[0].steps", "wrong_type"),
        ("[]", "github", "", "nothing_there"),
        ("1", "github", "", "wrong_shape"),
        (json.dumps({**GL, "status": None}), "gitlab", "status", "missing"),
        (json.dumps({**GL, "id": None}), "gitlab", "id", "missing"),
        (json.dumps([{**GL_JOB, "name": None}]), "gitlab", "[0].name", "missing"),
        (json.dumps([{**GL_JOB, "allow_failure": "maybe"}]), "gitlab", "[0].allow_failure", "wrong_type"),
        (json.dumps([{**GL_JOB, "pipeline": 5}]), "gitlab", "[0].pipeline", "wrong_type"),
        ("[]", "gitlab", "", "nothing_there"),
        ('"x"', "gitlab", "", "wrong_shape"),
        ('{"pipeline": {"status": "good"}}', "generic", "pipeline.status", "unknown_word"),
        ('{"pipeline": {"status": "passed", "sha": "a"}}', "generic", "pipeline.sha", "unknown_field"),
        ('{"pipeline": {"status": "passed"}, "job": []}', "generic", "job", "unknown_field"),
        ('{"pipeline": []}', "generic", "pipeline", "wrong_type"),
        ('{"jobs": [{"name": "a"}]}', "generic", "jobs[0].status", "missing"),
        ('{"jobs": [{"name": "a", "status": "passed", "duration_seconds": "1s"}]}', "generic",
         "jobs[0].duration_seconds", "not_a_number"),
        ('{"jobs": [{"name": "a", "status": "passed", "tests": {"failed": 1.5}}]}', "generic", "jobs[0].tests.failed",
         "not_a_number"),
        ('{"jobs": [{"name": "a", "status": "passed", "tests": {"ok": 1}}]}', "generic", "jobs[0].tests.ok",
         "unknown_field"),
        ('{"jobs": [{"name": "a", "status": "passed", "paths": "x"}]}', "generic", "jobs[0].paths", "wrong_type"),
        ('{"jobs": [{"name": "a", "status": "passed", "allow_failure": "x"}]}', "generic", "jobs[0].allow_failure",
         "wrong_type"),
        ("[]", "generic", "", "wrong_shape"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_by_line_and_path(text: str, adapter: str, place: str, code: str) -> None:
    faults = refused(text, adapter).details["faults"]
    assert [(fault["field"], fault["code"]) for fault in faults] == [(place, code)]
    assert faults[0]["line"] == 1


@pytest.mark.parametrize(
    ("text", "adapter", "place", "code", "outcome"),
    [
        (json.dumps({**GH, "status": "exploded"}), "github", "status", "unknown_word", "unknown"),
        (json.dumps({**GH, "conclusion": "splendid"}), "github", "conclusion", "unknown_word", "unknown"),
        (json.dumps({**GH, "createdAt": "yesterday"}), "github", "createdAt", "bad_time", "passed"),
        (job(conclusion="splendid"), "github", "jobs[0].conclusion", "unknown_word", "unknown"),
        (job(steps=[{"name": "s", "status": "done"}]), "github", "jobs[0].steps[0].status", "unknown_word", "passed"),
        (job(startedAt="10:00"), "github", "jobs[0].startedAt", "bad_time", "passed"),
        (json.dumps({**GL, "status": "good"}), "gitlab", "status", "unknown_word", "unknown"),
        (json.dumps({**GL, "duration": "long"}), "gitlab", "duration", "not_a_number", "passed"),
        (json.dumps({**GL, "duration": -1}), "gitlab", "duration", "not_a_number", "passed"),
        (json.dumps({**GL, "duration": float("nan")}), "gitlab", "duration", "not_a_number", "passed"),
        (json.dumps({**GL, "created_at": "2016-08-12 15:23:28 UTC"}), "gitlab", "created_at", "bad_time", "passed"),
        (json.dumps({**GL, "ref": "half \ud83d"}), "gitlab", "", "surrogate", "passed"),
    ],
)
def test_a_value_that_is_not_understood_is_told_and_the_rest_is_read(
    text: str, adapter: str, place: str, code: str, outcome: str
) -> None:
    (found,) = read(text, adapter)
    assert [row["code"] for row in found["findings"]] == [code]
    assert found["findings"][0]["place"].endswith(":1")
    assert found["findings"][0]["message"].startswith(place)
    assert runs.outcome([found]) == outcome


@pytest.mark.parametrize("adapter", ["github", "gitlab", "generic"])
@pytest.mark.parametrize("text", ['{"anything": "at all"}', "{}", "[{}]", '[{"anything": 1}]', "5"])
def test_an_adapter_that_is_named_reads_no_nonsense(text: str, adapter: str) -> None:
    assert refused(text, adapter).word == "invalid_document"


REST_RUN = {
    "id": 7,
    "run_number": 3,
    "name": "ci",
    "head_branch": "agent/B-ui",
    "head_sha": "3f9c1d27",
    "status": "completed",
    "conclusion": "failure",
    "html_url": "https://x",
    "created_at": "2026-11-20T10:00:00Z",
    "updated_at": "2026-11-20T10:09:00Z",
}
REST_STEP = {"name": "test", "status": "completed", "conclusion": "failure", "started_at": "2026-11-20T10:01:00Z"}
REST_JOB = {
    "id": 55,
    "run_id": 7,
    "head_sha": "3f9c1d27",
    "html_url": "https://x",
    "name": "unit",
    "status": "completed",
    "conclusion": "failure",
    "steps": [REST_STEP],
}


@pytest.mark.parametrize(
    "value",
    [
        REST_RUN,
        [REST_RUN],
        {"total_count": 1, "workflow_runs": [REST_RUN]},
        {"total_count": 1, "jobs": [REST_JOB]},
    ],
)
@pytest.mark.parametrize("adapter", ["auto", "github"])
def test_the_rest_api_of_github_is_read(value: object, adapter: str) -> None:
    (found,) = read(json.dumps(value), adapter)
    assert (found["adapter"], found["id"], found["commit"]) == ("github", "7", "3f9c1d27")
    assert runs.outcome([found]) == "failed"


def test_a_page_of_passed_jobs_does_not_say_that_the_run_passed() -> None:
    (found,) = read(
        json.dumps({"total_count": 9, "jobs": [{**REST_JOB, "conclusion": "success", "steps": []}]}), "auto"
    )
    assert runs.outcome([found]) == "unknown"


def test_one_job_of_gitlab_is_no_pipeline() -> None:
    value = {**GL_JOB, "status": "success", "pipeline": {"id": 9, "status": "failed", "web_url": "https://x"}}
    (found,) = read(json.dumps(value), "auto")
    assert (found["id"], [row["name"] for row in found["jobs"]]) == ("9", [GL_JOB["name"]])
    assert runs.outcome([found]) == "failed"


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        ({"status": "completed", "conclusion": "skipped"}, "skipped"),
        ({"status": "completed", "conclusion": "success", "jobs": []}, "passed"),
        ({"status": "completed", "conclusion": "success", "jobs": ["skipped", "skipped"]}, "skipped"),
        ({"status": "completed", "conclusion": "success", "jobs": ["success", "skipped"]}, "passed"),
        ({"status": "completed", "conclusion": "success", "jobs": ["success", "splendid"]}, "unknown"),
        ({"status": "completed", "conclusion": "neutral"}, "skipped"),
        ({"status": "completed", "conclusion": "success", "jobs": ["neutral"]}, "skipped"),
        ({"status": "completed", "conclusion": "success", "jobs": ["cancelled"]}, "unknown"),
        ({"status": "completed", "conclusion": "success", "jobs": ["success", "action_required"]}, "unknown"),
    ],
)
def test_a_run_of_which_nothing_ran_proves_nothing(value: dict[str, Any], outcome: str) -> None:
    jobs = [
        {"name": word, "databaseId": 1, "status": "completed", "conclusion": word} for word in value.get("jobs", [])
    ]
    (found,) = read(json.dumps({"databaseId": 7, "workflowName": "ci", **value, "jobs": jobs}), "auto")
    assert runs.outcome([found]) == outcome
    borne_out = outcome == "passed" or not value.get("jobs")
    assert bool(runs.disagreements(found)) != borne_out


@pytest.mark.parametrize(
    ("jobs", "outcome"),
    [
        ([{"status": "manual", "allow_failure": True}], "skipped"),
        ([{"status": "canceled", "allow_failure": True}], "skipped"),
        ([{"status": "failed", "allow_failure": True}], "unknown"),
        ([{"status": "success"}, {"status": "failed", "allow_failure": True}], "passed"),
        ([{"status": "success"}, {"status": "manual", "allow_failure": True}], "passed"),
        ([{"status": "success"}, {"status": "canceled"}], "unknown"),
        ([{"status": "success"}, {"status": "running"}], "unknown"),
        ([{"status": "success"}, {"status": "created"}], "unknown"),
        ([{"status": "success", "downstream_pipeline": None}], "passed"),
        ([{"status": "success", "downstream_pipeline": {**GL, "id": 6, "status": "failed"}}], "failed"),
        ([{"status": "success", "downstream_pipeline": {**GL, "id": 6, "status": "running"}}], "running"),
    ],
)
def test_a_pipeline_has_passed_where_its_jobs_bear_it_out(jobs: list[dict[str, Any]], outcome: str) -> None:
    found = read(json.dumps([{**GL_JOB, "id": at, "name": f"j{at}", **job} for at, job in enumerate(jobs)]))
    assert runs.outcome(found) == outcome


@pytest.mark.parametrize(
    "job",
    [
        {"status": "passed", "tests": {"passed": 0}},
        {"status": "passed", "steps": [{"name": "s", "status": "failed"}]},
        {"status": "cancelled"},
        {"status": "pending"},
    ],
)
def test_a_report_of_ones_own_has_passed_where_its_job_bears_it_out(job: dict[str, Any]) -> None:
    found = read(json.dumps({"pipeline": {"status": "passed"}, "jobs": [{"name": "a", **job}]}))
    assert runs.outcome(found) != "passed"
    assert runs.disagreements(found[0])


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("TAP version 12\n1..1\nok 1\n", 1, "version"),
        ("1..1\nok 1\n1..1\n", 3, "plan_twice"),
        ("ok 1\n1..1\nok 2\n", 3, "after_plan"),
        ("1..1\nnot ok 1\n  ---\n  a: b\n", 3, "open_block"),
        ("TAP version 13\n# nothing\n", 0, "no_tests"),
        ("1..1\n" + "".join("    " * depth + f"ok {1}\n" for depth in range(30)), 22, "too_deep"),
    ],
)
def test_a_malformed_tap_stream_is_refused_with_its_line(text: str, line: int, code: str) -> None:
    fault = refused(text, "tap").details["faults"][0]
    assert (fault["line"], fault["code"]) == (line, code)


@pytest.mark.parametrize(
    ("text", "status", "codes"),
    [
        ("1..2\nok 1\nok 2\n", "passed", []),
        ("ok\nok\n1..2\n", "passed", []),
        ("1..0 # SKIP no database\n", "skipped", []),
        ("1..1\nnot ok 1 # TODO later\n", "skipped", []),
        ("1..1\nnot ok 1 - a \\# todo in words\n", "failed", []),
        ("1..3\nok 1\nok 2\n", "failed", ["plan_not_met"]),
        ("ok 1\n", "failed", ["no_plan"]),
        ("1..2\nok 2\nok 1\n", "failed", ["out_of_order", "out_of_order"]),
        ("1..2\nok 1\nBail out! no disk\n", "failed", ["bailed_out"]),
        ("1..1\n    1..1\n    not ok 1 - inner\nok 1 - outer\n", "failed", ["success_with_failed_test"]),
        ("1..1\n    1..1\n    not ok 1 - inner\nnot ok 1 - outer # TODO later\n", "skipped", []),
        ("TAP version 14\n# Subtest: cut\n    ok 1 - x\n    1..1\n", "failed", ["no_plan"]),
        ("1..2\nok 1\nbail out! no disk\nok 2\n", "failed", ["bailed_out"]),
        ("1..1\nok 1\n# Looks like your test exited with 2 just after 1.\n", "failed", ["bailed_out"]),
        ("1..1\nok 1 - a\n# tests 2\n# pass 1\n# fail 1\n", "failed", ["counts_differ"]),
        ("1..1\nok 1 - a\n# fail 0\n# cancelled 1\n", "failed", ["counts_differ"]),
        ("1..1\nok 1 - x # Skipped: no network\n", "skipped", []),
        ("1..1\nnot ok 1 - see issue#todo\n", "failed", []),
        ("1..1\nok 1 net # XFAIL\n", "skipped", []),
        ("1..1\nok 1 net # TIMEOUT 45 seconds\n", "failed", []),
        ("1..1\nok 1 - # error pages\n", "passed", []),
        ("KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  ok 1 a\nok 1 suite\n", "passed", []),
        ("1..2\nok 1 - a\x85ok 2 - b\n", "failed", ["plan_not_met"]),
        ("1..2\nok 1 - a\u2028ok 2 - b\n", "failed", ["plan_not_met"]),
        ("1..2\r\nok 1 - a\r\nok 2 - b\r\n", "passed", []),
    ],
)
def test_what_a_tap_stream_says(text: str, status: str, codes: list[str]) -> None:
    run = read(text, "tap")[0]
    assert (run["status"], [found["code"] for found in run["findings"]]) == (status, codes)


def test_points_that_sum_a_subtest_up_are_not_counted_twice() -> None:
    text = (
        "1..1\n    not ok 1 - inner\n      ---\n      at: a/b.js:3\n      ...\n    ok 2\n    1..2\nnot ok 1 - outer\n"
    )
    assert read(text, "tap")[0]["jobs"][0]["tests"] == {
        "passed": 1,
        "failed": 1,
        "skipped": 0,
        "unknown": 0,
        "flaky": 0,
    }
    assert [failure["lines"] for failure in read(text, "tap")[0]["jobs"][0]["failures"]] == [["at: a/b.js:3"]]


@pytest.mark.parametrize(
    ("text", "passed", "failed"),
    [
        ("ok 1 - a {\n    ok 1 - x\n    ok 2 - y\n    1..2\n}\nok 2 - b\n1..2\n", 3, []),
        ("not ok 1 - a {\n    not ok 1 - x\n    1..1\n}\nnot ok 2 - b\n1..2\n", 0, ["x", "b"]),
        ("not ok 1 - a {\n    ok 1 - x\n    1..1\n}\nok 2 - b\n1..2\n", 2, ["a"]),
        ("ok 1 - a {\n    ok 1 - b {\n        ok 1 - x\n        1..1\n    }\n    1..1\n}\n1..1\n", 1, []),
        ("not ok 1 - function() {\nok 2 - b {\n1..2\n", 1, ["function()"]),
    ],
)
def test_a_subtest_in_braces_follows_the_point_that_sums_it_up(text: str, passed: int, failed: list[str]) -> None:
    (run,) = read(text, "tap")
    (job,) = run["jobs"]
    assert (run["findings"], job["tests"]["passed"]) == ([], passed)
    assert [failure["title"] for failure in job["failures"]] == failed


def test_gitlab_jobs_come_in_the_order_of_their_ids() -> None:
    rows = [{**GL_JOB, "id": number, "name": f"n{number}"} for number in (30, 4, 12)]
    assert [job["name"] for job in read(json.dumps(rows))[0]["jobs"]] == ["n4", "n12", "n30"]


def test_a_list_of_conclusions_alone_is_read_as_far_as_it_goes() -> None:
    found = read(json.dumps([{"conclusion": "success"}, {"conclusion": ""}]))
    assert [run["status"] for run in found] == ["passed", "unknown"]


def test_a_gh_time_that_is_not_set_is_no_time() -> None:
    assert read(job(startedAt="0001-01-01T00:00:00Z"))[0]["jobs"][0]["started_at"] == ""


@pytest.mark.parametrize(
    ("raw", "job_name", "step", "text"),
    [
        (b"web\tRun tests\t2026-11-20T10:00:00.1234567Z \x1b[31mno\x1b[0m", "web", "Run tests", "no"),
        (b"web\tRun\t\xef\xbb\xbf2026-11-20T10:00:00.1234567Z first", "web", "Run", "first"),
        (b"a\tb\tc", "", "", "a    b    c"),
        (b"section_start:1763625730:step\r\x1b[0Khello", "", "", "hello"),
        (b"10%\r50%\r100% done", "", "", "100% done"),
        (b"line\r", "", "", "line"),
        (b"bell\x07", "", "", "bell\ufffd"),
    ],
)  # fmt: skip
def test_a_line_of_a_log_is_shown_as_on_a_screen(raw: bytes, job_name: str, step: str, text: str) -> None:
    log, faults = read_log(raw + b"\n", "log", "log")
    assert faults == []
    assert log.lines == [{"number": 1, "job": job_name, "step": step, "text": text}]


PREFIXES = {
    "github": "2026-11-20T10:04:30.0000017Z ",
    "gitlab": "2024-05-22T12:12:47.043001Z 01O ",
    "gitlab, errors": "2024-05-22T12:12:47.043001Z 00E ",
    "gitlab, goes on": "2024-05-22T12:12:47.043001Z 01O+",
    "kubernetes": "2026-11-20T10:04:30.000001789Z stdout F ",
    "jenkins": "[2026-11-20T10:04:30.123Z] ",
    "jenkins, freestyle": "10:04:30  ",
    "jenkins, a date of its own": "2026-11-20 10:04:30  ",
    "a bracket": "[10:04:30] ",
    "buildkite": "\x1b_bk;t=1700000000000\x07",
}


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
def test_what_a_ci_system_puts_before_each_line_is_taken_off(prefix: str) -> None:
    plain = [
        "\x1b[32;1m$ make\x1b[0;m",
        "cmd/api/routes.go:41:12: undefined: ack",
        "",
        "    indented",
        "make: *** Error 1",
    ]
    data = "\n".join(f"{prefix}{line}" for line in plain).encode()
    log, faults = read_log(data, "x.log", "x.log")
    assert faults == []
    assert [line["text"] for line in log.lines] == ["$ make", *plain[1:]]


def test_times_that_a_program_logs_itself_stay() -> None:
    lines = ["starting", "2026-11-20T10:04:30Z connected", "2026-11-20T10:04:31Z done", "bye"]
    log, _faults = read_log("\n".join(lines).encode(), "x.log", "x.log")
    assert [line["text"] for line in log.lines] == lines


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_log_and_a_report_with_a_byte_order_mark_are_read(encoding: str) -> None:
    log, faults = read_log("caf\u00e9 failed\n".encode(encoding), "x.log", "x.log")
    assert (faults, [line["text"] for line in log.lines]) == ([], ["caf\u00e9 failed"])
    assert read(json.dumps(GH).encode(encoding))[0]["status"] == "passed"
    assert read("TAP version 13\n1..1\nok 1\n".encode(encoding))[0]["adapter"] == "tap"


@pytest.mark.parametrize(
    ("data", "adapter"),
    [
        (b'<testsuite><testcase name="caf\xe9"/></testsuite>', "junit"),
        (b'{"databaseId": 7, "workflowName": "caf\xe9", "status": "completed", "conclusion": "success"}', "github"),
        (b"TAP version 13\n1..1\nok 1 - caf\xe9\n", "tap"),
    ],
)
def test_what_a_document_is_does_not_follow_from_its_bytes(data: bytes, adapter: str) -> None:
    (found,) = read(data)
    assert (found["adapter"], found["status"], [row["code"] for row in found["findings"]]) == (
        adapter,
        "passed",
        ["invalid_utf8"],
    )


def test_bytes_that_are_no_utf8_are_shown_and_reported() -> None:
    log, faults = read_log(b"fine\ncaf\xe9\n", "log", "log")
    assert (faults, log.lines[1]["text"]) == ([], "caf\ufffd")
    assert [(found["code"], found["place"]) for found in log.findings] == [("invalid_utf8", "log:2")]


def test_a_binary_file_is_no_log() -> None:
    assert [fault.code for fault in read_log(b"a\n\0", "log", "log")[1]] == ["binary"]


def test_a_document_that_is_too_large_is_refused(tmp_path) -> None:
    path = tmp_path / "big.json"
    path.write_bytes(b" " * 11)
    with pytest.raises(FairwayError) as caught:
        read_document(str(path), limit=10)
    assert (caught.value.word, caught.value.details["faults"][0]["code"]) == ("invalid_document", "too_large")


@pytest.mark.parametrize(("name", "word"), [("none.json", "not_found"), (".", "file_unavailable")])
def test_a_document_that_cannot_be_read(tmp_path, name: str, word: str) -> None:
    with pytest.raises(FairwayError) as caught:
        read_document(str(tmp_path / name))
    assert caught.value.word == word


def test_a_name_cannot_move_the_cursor_or_begin_a_line() -> None:
    found = read(json.dumps({"jobs": [{"name": "a\n# b\x1b[2J\x9bc", "status": "passed", "log": "x\x1b[31my\nz\n"}]}))[
        0
    ]["jobs"][0]
    assert found["name"] == "a # b\ufffdc"
    assert found["log"] == [{"number": 1, "text": "xy"}, {"number": 2, "text": "z"}]


def test_a_document_that_fits_two_forms_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from fairway_scripts.utilities.ci import ci_report

    monkeypatch.setitem(ci_report._JSON, "generic", ci_report._JSON["generic"]._replace(is_it=lambda _value: True))
    problem = refused(json.dumps(GH))
    assert "fits several forms (github, generic)" in problem.message
