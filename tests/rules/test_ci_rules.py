"""What a CI packet makes of runs: disagreements, failing lines, files, lanes, classes, and the steps that are next."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.base import settings as project
from fairway_scripts.formats.ci_excerpts import (
    excerpts,
    failure_excerpt,
    files_in,
    go_files,
    project_path,
    says_failure,
)
from fairway_scripts.utilities.ci import ci_runs
from fairway_scripts.utilities.ci.ci_failures import classify, routed, suspects
from fairway_scripts.utilities.ci.ci_packet_rules import compose


def run(status: str, *jobs: dict[str, Any], **known: Any) -> dict[str, Any]:
    return ci_runs.run_row("github", "doc", name="ci", status=status, reported=status, jobs=list(jobs), **known)


def job(status: str, **known: Any) -> dict[str, Any]:
    return ci_runs.job_row(known.pop("name", "unit"), status, **known)


def step(status: str) -> dict[str, Any]:
    return {"name": "s", "status": status, "duration_seconds": None}


def lines(*texts: str, **named: str) -> list[dict[str, Any]]:
    return [{"number": number, "text": text, "job": "", "step": "", **named} for number, text in enumerate(texts, 1)]


def settings(*rules: dict[str, str], **ci: Any) -> dict[str, Any]:
    found = project.default_settings(["A-backend", "B-ui"])
    found["review_routes"] = [
        {"match": "packages/web/**", "reviewer": "B-ui"},
        {"match": "packages/**", "reviewer": "A-backend"},
    ]
    found["ci"].update(failure_rules=[{"job": "", "step": "", "line": "", **rule} for rule in rules], **ci)
    return found


def packet(runs: list[dict[str, Any]], log: list[dict[str, Any]] | None = None, **ci: Any) -> dict[str, Any]:
    return compose(runs, log or [], "x.log" if log else "", settings(**ci), asked={"DOCUMENT": ["doc"]})


TESTS = {"unknown": 0, "passed": 1, "failed": 0, "skipped": 0, "flaky": 0}

# --- nothing is smoothed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (run("passed", job("failed")), "success_with_failed_job"),
        (run("failed", job("passed"), job("skipped")), "failure_without_failed_job"),
        (run("passed", job("running")), "ended_with_running_job"),
        (run("passed", job("passed", steps=[step("passed"), step("failed")])), "success_with_failed_step"),
        (run("failed", job("failed", steps=[step("passed")])), "failure_without_failed_step"),
        (run("passed", job("passed", tests={**TESTS, "failed": 2})), "success_with_failed_test"),
        (run("passed", job("passed", started_at="2026-01-02", finished_at="2026-01-01")), "ends_before_start"),
    ],
)  # fmt: skip
def test_a_run_that_contradicts_itself_is_reported(found: dict[str, Any], code: str) -> None:
    assert code in [row["code"] for row in packet([found])["findings"]]


@pytest.mark.parametrize(
    "found",
    [
        run("passed", job("passed", steps=[step("passed")]), job("skipped")),
        run("failed", job("failed", steps=[step("failed")]), job("passed")),
        run("passed", job("passed"), job("failed", allow_failure=True)),
        run("failed", job("cancelled")),
        run("running", job("running")),
        run("failed"),
    ],
)
def test_a_run_that_agrees_with_itself_is_not(found: dict[str, Any]) -> None:
    assert packet([found])["findings"] == []


def test_a_success_with_a_failed_job_is_a_failure() -> None:
    found = packet([run("passed", job("failed"))])
    assert (found["outcome"], found["first_failing"]["job"]) == ("failed", "unit")


def test_documents_that_disagree_are_reported() -> None:
    other = ci_runs.run_row("junit", "r.xml", status="failed")
    assert [row["code"] for row in packet([run("passed"), other])["findings"]] == ["documents_disagree"]


@pytest.mark.parametrize(
    ("statuses", "outcome"),
    [
        (["passed", "skipped"], "passed"),
        (["passed", "failed", "running"], "failed"),
        (["passed", "running", "pending"], "running"),
        (["passed", "cancelled"], "cancelled"),
        (["passed", "unknown"], "unknown"),
        (["skipped"], "skipped"),
    ],
)
def test_the_outcome_of_several_runs(statuses: list[str], outcome: str) -> None:
    assert ci_runs.outcome([run(status) for status in statuses]) == outcome


# --- what failed first ----------------------------------------------------------------------------------------


def test_an_exit_code_proves_no_more_than_the_reports_beside_it() -> None:
    ended = {**run("passed", job("passed")), "source": ci_runs.EXIT}
    assert ci_runs.outcome([run("skipped", job("skipped")), ended]) == "skipped"
    assert ci_runs.outcome([run("passed", job("passed")), ended]) == "passed"
    assert ci_runs.outcome([ended]) == "passed"


def test_the_job_that_started_first_is_the_first_failure() -> None:
    late, early = (
        job("failed", name="late", started_at="2026-01-01T10:01:00Z"),
        job("failed", name="early", started_at="2026-01-01T10:00:00+00:00"),
    )
    assert packet([run("failed", late, early)])["first_failing"]["job"] == "early"


def test_without_times_the_order_of_the_document_counts() -> None:
    late, early = job("failed", name="one"), job("failed", name="two", started_at="2026-01-01T10:00:00Z")
    assert packet([run("failed", late, early)])["first_failing"]["job"] == "one"


def test_a_failed_run_without_jobs_is_itself_the_first_failure() -> None:
    found = packet([run("failed")])
    assert (found["first_failing"]["run"], found["failure_class"]) == ("ci", "unclassified")


# --- lines ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Error: boom", True),
        ("TypeError: x is undefined", True),
        ("java.lang.IllegalStateException: no", True),
        ("##[error]Process completed with exit code 1.", True),
        ("E   assert 1 == 2", True),
        ("cmd/api/a.go:41:12: undefined: x", True),
        ("cmd/api/a.go:41:12: note: declared here", False),
        ("0 errors, 2 warnings", False),
        ("failures: 0", False),
        ("Tests run: 5, Failures: 1, Errors: 0, Skipped: 0", True),
        ("Tests run: 5, Failures: 0, Errors: 0, Skipped: 0", False),
        ("=== 3 failed, 2 passed, 0 errors in 1s ===", True),
        ("\u2139 fail 0", False),
        ("\u2139 fail 1", True),
        ("  1 failing", True),
        ("  0 failing", False),
        ("npm ERR! code ELIFECYCLE", True),
        ("not ok 2 - x", True),
        ("Killed", True),
        ("Segmentation fault (core dumped)", True),
        ("thread 'main' panicked at src/x.rs", True),
        ("Process exited with code 137", True),
        ("Process exited with code 0", False),
        ("\u2715 adds numbers (5 ms)", True),
        ("  \u25cf Suite \u203a adds", True),
        ("No errors found", False),
        ("terror in the night", False),
        ("all fine", False),
    ],
)
def test_which_lines_tell_of_a_failure(line: str, says: bool) -> None:
    assert says_failure(line) is says


def test_context_stands_around_each_failing_line_and_blocks_that_touch_are_one() -> None:
    texts = ["a", "b", "error 1", "c", "d", "error 2", "e", "f", "g", "h", "error 3"]
    blocks, left_out = excerpts(lines(*texts), context=1, most=50)
    assert [[line["number"] for line in block["lines"]] for block in blocks] == [[2, 3, 4, 5, 6, 7], [10, 11]]
    assert [line["number"] for block in blocks for line in block["lines"] if line["failing"]] == [3, 6, 11]
    assert left_out == 0


def test_a_long_log_is_cut_and_says_how_much() -> None:
    blocks, left_out = excerpts(lines(*["error"] * 5000), context=0, most=10)
    assert (sum(len(block["lines"]) for block in blocks), left_out) == (10, 4990)


def test_a_long_line_is_cut_and_says_so() -> None:
    blocks, _left_out = excerpts(lines("error " + "x" * 5000), context=0, most=10)
    assert blocks[0]["lines"][0]["text"].endswith("x [3006 more characters]")


def test_without_a_failing_line_the_end_is_shown_and_that_is_said() -> None:
    blocks, _left_out = excerpts(lines(*"abcdefghijklmnop"), context=1, most=50)
    assert [line["text"] for line in blocks[0]["lines"]] == list("ghijklmnop")
    assert blocks[0]["note"] == "no line tells of a failure: the last 10 of 16 lines"


def test_a_long_failure_of_a_test_is_cut_in_the_middle() -> None:
    block = failure_excerpt({"title": "t", "lines": [str(n) for n in range(100)]}, most=10, source="r.xml")
    assert [line["number"] for line in block["lines"]] == [1, 2, 3, 4, 5, 96, 97, 98, 99, 100]
    assert block["note"] == "90 of 100 lines are left out in the middle"


def test_lines_of_a_log_go_to_the_job_that_they_name_and_to_the_step_that_failed() -> None:
    failing = job("failed", name="web", steps=[{"name": "test", "status": "failed", "duration_seconds": None}])
    log = lines("error in setup", job="web", step="setup") + lines("error in test", job="web", step="test")
    log += lines("error elsewhere", job="api", step="x")
    found = packet([run("failed", job("passed", name="api"), failing)], log)
    shown = [line["text"] for failure in found["failures"] for block in failure["excerpts"] for line in block["lines"]]
    assert shown == ["error in test"]


def test_a_log_without_names_belongs_to_the_only_job_that_failed() -> None:
    assert [
        row["job"] for row in packet([run("failed", job("failed"), job("passed"))], lines("error"))["failures"]
    ] == ["unit"]


def test_a_log_without_names_is_shown_by_itself_when_several_jobs_failed() -> None:
    found = packet([run("failed", job("failed"), job("failed", name="b"))], lines("error"))
    assert [row["job"] for row in found["failures"]] == ["unit", "b", ""]
    assert [row["code"] for row in found["findings"]] == ["log_without_job"]


# --- files and lanes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ("packages/web/a.ts:12:3 - error TS1", [("packages/web/a.ts", 12)]),
        ("src/a.ts(12,5): error TS2304", [("src/a.ts", 12)]),
        ('  File "packages/x/b.py", line 7, in f', [("packages/x/b.py", 7)]),
        ("::error file=app/a.js,line=3::no", [("app/a.js", 3)]),
        ("at f (/home/runner/work/r/r/a/b.js:1:2)", [("/home/runner/work/r/r/a/b.js", 1)]),
        (r"C:\a\r\r\web\a.ts:5", [(r"C:\a\r\r\web\a.ts", 5)]),
        ("[ERROR] /builds/o/r/src/A.java:[12,5] cannot find symbol", [("/builds/o/r/src/A.java", 12)]),
        ("   at Foo.Bar() in /src/Foo/Bar.cs:line 12", [("/src/Foo/Bar.cs", 12)]),
        ("e: file:///root/project/a/b.kt:3:5 Unresolved", [("/root/project/a/b.kt", 3)]),
        ("see //registry.example.com:443/x", []),
        ("GET https://registry.example.com:443/x", []),
        ("took 10:30.5", []),
        ("a/" * 3000 + "b.py:1", []),
    ],
)
def test_the_files_that_a_line_names(line: str, files: list[tuple[str, int]]) -> None:
    assert [entry for entry in files_in(line) if "/" in entry[0] or "\\" in entry[0]] == files


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("./a/b.py", "a/b.py"),
        ("/home/runner/work/gpuaas/gpuaas/a/b.py", "a/b.py"),
        ("/builds/platform/gpuaas/a/b.py", "a/b.py"),
        ("/__w/gpuaas/gpuaas/a/b.py", "a/b.py"),
        (r"D:\a\gpuaas\gpuaas\a\b.py", "a/b.py"),
        ("file:///home/runner/work/r/r/a/b.py", "a/b.py"),
        ("/srv/ci/tree/a/b.py", "a/b.py"),
        ("/var/jenkins_home/workspace/gpuaas_main@2/a/b.py", "a/b.py"),
        ("/home/jenkins/agent/workspace/gpuaas/a/b.py", "a/b.py"),
        ("/var/lib/buildkite-agent/builds/host-1/platform/gpuaas/a/b.py", "a/b.py"),
        ("/home/vsts/work/1/s/a/b.py", "a/b.py"),
        ("/home/circleci/project/a/b.py", "a/b.py"),
        ("/opt/atlassian/pipelines/agent/build/a/b.py", "a/b.py"),
        ("/usr/lib/python3.11/socket.py", ""),
        ("node_modules/x/y.js", ""),
        ("a/.venv/lib/x.py", ""),
        ("internal/test_runner/test.js", "internal/test_runner/test.js"),
        ("/elsewhere/a/b.py", ""),
        ("../a/b.py", ""),
        ("b.py", ""),
    ],
)
def test_a_path_as_the_repository_has_it(written: str, path: str) -> None:
    assert project_path(written, ["/srv/ci/tree"]) == path


def test_a_go_file_lies_in_the_package_that_failed_below_it() -> None:
    texts = [
        "    a_test.go:3: no",
        "ok  \tgithub.com/o/r/packages/good\t0.1s",
        "FAIL\tgithub.com/o/r/packages/bad\t0.1s",
    ]
    assert go_files(texts) == [("packages/bad/a_test.go", 3)]


def test_suspects_are_the_owners_in_the_order_of_the_configuration() -> None:
    files = routed({"packages/web/a.ts": 1, "packages/x.go": 0, "README.md": 0}, settings())
    assert [(row["path"], row["line"], row["lane"]) for row in files] == [
        ("packages/web/a.ts", 1, "B-ui"),
        ("packages/x.go", None, "A-backend"),
        ("README.md", None, ""),
    ]
    assert [(row["lane"], row["rules"]) for row in suspects(files, ["A-backend", "B-ui"])] == [
        ("A-backend", ["packages/**"]),
        ("B-ui", ["packages/web/**"]),
    ]


def test_a_file_that_is_also_named_from_its_own_folder_counts_once() -> None:
    log = lines("error at alerts/a.ts:1", "error at packages/web/alerts/a.ts:1")
    found = packet([run("failed", job("failed"))], log)
    assert [row["path"] for row in found["failures"][0]["files"]] == ["packages/web/alerts/a.ts"]
    assert found["unrouted_paths"] == []


# --- failure classes ------------------------------------------------------------------------------------------

DISK = {"name": "disk", "class": "environment_blocker", "line": "no space left"}
FLAKE = {"name": "flake", "class": "known_flaky_lane", "job": "e2e", "line": "timeout"}
LINT = {"name": "lint", "class": "owning_layer_defect", "step": "lint|format"}
RULES = [{"job": "", "step": "", "line": "", **rule} for rule in (DISK, FLAKE, LINT)]


@pytest.mark.parametrize(
    ("where", "said", "rule"),
    [
        (("unit", ""), ["No space left on device"], "disk"),
        (("e2e chrome", ""), ["Timeout 5000ms"], "flake"),
        (("unit", ""), ["Timeout 5000ms"], ""),
        (("e2e chrome", ""), ["assert"], ""),
        (("unit", "Run lint"), [], "lint"),
        (("e2e", "format"), ["timeout", "no space left"], "disk"),
        (("unit", ""), [], ""),
    ],
)
def test_the_first_rule_whose_patterns_all_fit_names_the_class(
    where: tuple[str, str], said: list[str], rule: str
) -> None:
    found = classify(RULES, *where, said)
    assert found["rule"] == rule
    assert (found["failure_class"] == "unclassified") == (rule == "")


def test_the_line_that_decided_is_named() -> None:
    assert classify(RULES, "unit", "", ["a", "no space left here"])["matched"] == "line 'no space left here'"


def test_each_failing_test_has_its_own_class_and_the_first_one_counts_for_the_job() -> None:
    failures = [
        {"title": name, "file": "", "file_line": None, "lines": [text]}
        for name, text in (("a", "no space left"), ("b", "assert"))
    ]
    found = compose([run("failed", job("failed", failures=failures))], [], "", settings(DISK), asked={})
    assert [row["failure_class"] for row in found["failures"][0]["failing_tests"]] == [
        "environment_blocker",
        "unclassified",
    ]
    assert found["failure_class"] == "environment_blocker"


# --- next steps -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "command"),
    [
        (run("passed"), "make util-ci-packet DOCUMENT=doc ATTACH_TO='<attach-to>'"),
        (run("running"), "WATCH=1"),
        (run("failed", job("failed"), id="42"), "gh run rerun 42 --failed"),
        ({**run("failed", job("failed", id="9"), id="42"), "adapter": "gitlab"}, "glab ci retry 9"),
        (run("failed", job("failed", name="it's $(x)")), "TITLE='CI fails: it'\"'\"'s $(x)'"),
        (run("failed", job("failed", paths=["packages/web/a.ts"])), "ROLE=B-ui"),
        (run("failed", job("failed")), "make bugfix-packet TASK_ID='<task-id>' DRAFT=1"),
    ],
)
def test_the_next_steps_are_commands(found: dict[str, Any], command: str) -> None:
    assert command in "\n".join(row["command"] for row in packet([found])["next_steps"])
