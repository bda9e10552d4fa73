"""The UAT matrix: which flow a result belongs to, what a cell says, and what is named because it is not there."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.utilities.uat.uat_matrix_rules import compose
from fairway_scripts.utilities.uat.uat_results import flows_named, flows_unknown, result_row, worst

ROUTES = {
    "review_routes": [{"match": "web/**", "reviewer": "B-ui"}, {"match": "api/**", "reviewer": "A-backend"}],
    "sensitive_paths": [],
}


def flow(flow_id: str = "F-1", **over: Any) -> dict[str, Any]:
    lists = ("paths", "tasks", "regression_packs", "tests", "manual")
    empty: dict[str, Any] = {"id": flow_id, "title": "", "lane": "B-ui", **{name: [] for name in lists}}
    return {**empty, "environments": ["demo"], "browsers": ["chromium"], **over}


def result(outcome: str = "pass", environment: str = "demo", browser: str = "chromium", **known: Any) -> dict[str, Any]:
    return result_row("report.json", environment, browser, outcome, **{"titles": ["t"], "flows": ["F-1"], **known})


def matrix(
    flows: list[dict[str, Any]],
    results: list[dict[str, Any]] | None = None,
    statuses: dict[str, str] | None = None,
    packs: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    catalogue = {"environments": ["demo"], "browsers": ["chromium"], "flows": flows, "document": "flows.yaml"}
    return compose(catalogue, results or [], ROUTES, statuses, packs)


def cells(found: dict[str, Any]) -> dict[tuple[str, str, str], str]:
    return {
        (row["id"], cell["environment"], cell["browser"]): cell["outcome"]
        for row in found["flows"]
        for cell in row["cells"]
    }


def manual(outcome: str, date: str, **over: str) -> dict[str, str]:
    row = {"environment": "demo", "browser": "chromium", "result": outcome, "by": "Noor", "date": date, "note": ""}
    return {**row, **over}


# --- which flow -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "belongs"),
    [
        ({"flows": ["F-1"]}, True),
        ({"flows": ["F-10"]}, False),
        ({"tags": ["flow:F-1"]}, True),
        ({"tags": ["F-1"]}, True),
        ({"tags": ["smoke"]}, False),
        ({"titles": ["F-1 signs in"]}, True),
        ({"titles": ["outer [F-1]", "signs in"]}, True),
        ({"titles": ["F-10 signs in"]}, False),
        ({"titles": ["F-1-2 signs in"]}, False),
        ({"titles": ["XF-1"]}, False),
        ({"file": "e2e/sign/in.spec.ts"}, True),
        ({"file": "e2e/out.spec.ts"}, False),
        ({"file": "e2e/out.spec.ts", "titles": ["outer", "inner"]}, True),
        ({"file": "e2e/out.spec.ts", "titles": ["outer"]}, True),
        ({"file": "e2e/out.spec.ts", "titles": ["outermost"]}, False),
    ],
)
def test_the_flow_of_a_result(row: dict[str, Any], belongs: bool) -> None:
    known = flow(tests=["e2e/sign/*.spec.ts", "e2e/out.spec.ts > outer"])
    found = flows_named(result(**{"flows": [], **row}), [known])
    assert found == (["F-1"] if belongs else [])


def test_a_result_may_belong_to_several_flows_in_the_order_of_the_catalogue() -> None:
    assert flows_named(result(flows=["F-1", "F-2"]), [flow("F-2"), flow("F-1")]) == ["F-2", "F-1"]


def test_flows_that_only_the_tests_know_are_named() -> None:
    row = result(flows=["F-1", "F-9"], tags=["flow:F-8", "smoke"])
    assert flows_unknown(row, [flow()]) == ["F-9", "F-8"]
    found = matrix([flow()], [row])
    assert [(one["title"], one["names"]) for one in found["loose_results"]] == [("t", ["F-9", "F-8"])]


def test_results_of_no_flow_are_listed_sorted_and_in_no_cell() -> None:
    rows = [result(flows=[], titles=["z"]), result(flows=[], titles=["a"])]
    found = matrix([flow()], rows)
    assert [row["title"] for row in found["loose_results"]] == ["a", "z"]
    assert cells(found) == {("F-1", "demo", "chromium"): "not run"}


# --- what a cell says -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcomes", "word"),
    [
        ([], "not run"),
        (["not run"], "not run"),
        (["pass", "not run"], "pass"),
        (["pass", "flaky"], "flaky"),
        (["flaky", "fail", "pass"], "fail"),
    ],
)
def test_of_several_results_the_worst_counts(outcomes: list[str], word: str) -> None:
    assert worst(outcomes) == word
    assert cells(matrix([flow()], [result(outcome) for outcome in outcomes])) == {("F-1", "demo", "chromium"): word}


def test_a_cell_has_its_sources_counts_and_time() -> None:
    rows = [result(seconds=1.5, titles=["b"]), result("not run", titles=["a"]), result(seconds=0.25, titles=["c"])]
    cell = matrix([flow()], rows)["flows"][0]["cells"][0]
    assert cell["duration_seconds"] == 1.75
    assert cell["counts"] == {"fail": 0, "flaky": 0, "pass": 2, "not run": 1}
    assert [source["title"] for source in cell["sources"]] == ["a", "b", "c"]


def test_the_newest_of_what_people_saw_counts_and_tells_of_the_one_before() -> None:
    seen = [manual("pass", "2026-11-20"), manual("fail", "2026-11-18", note="no prompt")]
    cell = matrix([flow(manual=seen)])["flows"][0]["cells"][0]
    assert cell["outcome"] == "pass"
    assert [(row["by"], row["date"], row["note"]) for row in cell["sources"]] == [
        ("Noor", "2026-11-20", "before: fail on 2026-11-18")
    ]


def test_what_a_person_saw_does_not_outweigh_a_test_that_failed() -> None:
    found = matrix([flow(manual=[manual("pass", "2026-11-20")])], [result("fail")])
    assert cells(found)["F-1", "demo", "chromium"] == "fail"


def test_a_cell_is_expected_or_seen_or_not_there() -> None:
    flows = [flow("F-1"), flow("F-2", environments=["prod"], browsers=["webkit"])]
    found = matrix(flows, [result(environment="demo", browser="webkit")])
    assert cells(found) == {
        ("F-1", "demo", "chromium"): "not run",
        ("F-1", "demo", "webkit"): "pass",
        ("F-2", "prod", "webkit"): "not run",
    }
    assert [(row["flow"], row["browser"]) for row in found["not_expected"]] == [("F-1", "webkit")]
    assert [(row["flow"], row["environment"]) for row in found["not_run"]] == [("F-1", "demo"), ("F-2", "prod")]


def test_a_flow_that_nothing_was_seen_of_is_uncovered() -> None:
    found = matrix([flow("F-1"), flow("F-2"), flow("F-3")], [result("fail"), result("not run", flows=["F-2"])])
    assert found["uncovered"] == ["F-2", "F-3"]


def test_columns_are_in_the_order_of_the_catalogue_and_then_sorted() -> None:
    rows = [result(environment="z"), result(environment="a"), result(browser="webkit")]
    found = matrix([flow()], rows)["columns"]
    assert [(row["environment"], row["browser"]) for row in found] == [
        ("demo", "chromium"),
        ("demo", "webkit"),
        ("a", "chromium"),
        ("z", "chromium"),
    ]


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [
        (["pass", "pass"], "pass"),
        (["pass", "fail"], "fail"),
        (["pass", "flaky"], "partial"),
        (["pass", "not run"], "partial"),
    ],
)
def test_the_outcome_is_of_the_expected_cells(outcomes: list[str], outcome: str) -> None:
    rows = [result(word, flows=[f"F-{number}"]) for number, word in enumerate(outcomes)]
    rows.append(result("fail", flows=["F-0"], browser="opera"))  # not expected
    assert matrix([flow("F-0"), flow("F-1")], rows)["outcome"] == outcome


# --- owners, tasks, packs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("over", "lanes", "rules"),
    [
        ({"lane": "C-ops", "paths": ["web/a.ts"]}, ["C-ops"], ["catalogue"]),
        ({"lane": "", "paths": ["web/a.ts"]}, ["B-ui"], ["web/**"]),
        ({"lane": "", "paths": ["api/a.go", "web/a.ts", "api/b.go"]}, ["A-backend", "B-ui"], ["api/**", "web/**"]),
        ({"lane": "", "paths": ["docs/a.md"]}, [], []),
    ],
)
def test_the_owner_of_a_flow(over: dict[str, Any], lanes: list[str], rules: list[str]) -> None:
    found = matrix([flow(**over)])
    row = found["flows"][0]
    assert (row["lanes"], row["lane_rules"]) == (lanes, rules)
    assert ("no_lane" in [gap["code"] for gap in found["gaps"]]) == (not lanes)


def test_tasks_have_the_status_of_the_store_and_unknown_ones_are_a_gap() -> None:
    found = matrix([flow(tasks=["B-1", "B-2"])], statuses={"B-1": "review"})
    assert found["flows"][0]["tasks"] == [{"task_id": "B-1", "status": "review"}, {"task_id": "B-2", "status": ""}]
    assert [(gap["code"], gap["name"]) for gap in found["gaps"]] == [("unknown_task", "B-2"), ("no_pack", "")]


def test_without_a_project_no_task_is_called_unknown() -> None:
    assert [gap["code"] for gap in matrix([flow(tasks=["B-1"])])["gaps"]] == ["no_pack"]


def test_the_gaps_of_packs_are_named_once() -> None:
    packs = [{"id": "auth", "title": "", "gaps": ["by hand"]}, {"id": "idle", "title": "", "gaps": ["not told"]}]
    flows = [flow("F-1", regression_packs=["auth", "gone"]), flow("F-2", regression_packs=["auth"])]
    found = matrix(flows, packs=packs)["gaps"]
    assert [(gap["code"], gap["flow"], gap["name"], gap["message"]) for gap in found] == [
        ("pack_gap", "F-1", "auth", "by hand"),
        ("unknown_pack", "F-1", "gone", "the catalogue has no such pack"),
        ("pack_without_flow", "", "idle", "no flow names this pack"),
    ]


def test_a_matrix_never_says_accepted() -> None:
    found = matrix([flow()], [result()])
    assert found["outcome"] == "pass"
    assert not {"accepted", "approved"} & set(str(found).replace("'", " ").split())
