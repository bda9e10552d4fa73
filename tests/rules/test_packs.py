"""Which regression packs a change calls for, and whether their runs prove a commit."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.reviews.gates.packs_rules import blocking_text, blocks, named_packs, packs_for, run_verdict

ONE, OTHER = "1" * 40, "2" * 40


def pack(pack_id: str, *paths: str, default: bool = False, **places: bool) -> dict[str, Any]:
    blocking = {"default": default or any(places.values()), "per_environment": places}
    return {"id": pack_id, "paths": list(paths), "blocking": blocking}


def run(
    number: int, result: str, *, environment: str | None = None, commit: str = ONE, dirty: int = 0
) -> dict[str, Any]:
    row = {"id": number, "pack_id": "a", "result": result, "environment": environment}
    return {**row, "commit_sha": commit, "tree_dirty": dirty}


def test_packs_come_in_the_order_of_the_catalogue_with_the_paths_that_call_for_them() -> None:
    packs = [pack("web", "packages/web/**"), pack("node", "cmd/node-agent/**"), pack("none")]
    changed = ["cmd/node-agent/z.go", "README.md", "cmd/node-agent/a.go", "packages/web/x/y.ts"]
    assert packs_for(packs, [], changed) == [
        {"pack_id": "web", "paths": ["packages/web/x/y.ts"]},
        {"pack_id": "node", "paths": ["cmd/node-agent/a.go", "cmd/node-agent/z.go"]},
    ]


def test_the_configuration_names_paths_for_a_catalogue_that_must_not_change() -> None:
    routes = [{"match": ["*.md", "docs/**"], "packs": ["a", "gone"]}]
    assert packs_for([pack("a"), pack("b")], routes, ["README.md", "docs/x/y", "a.go"]) == [
        {"pack_id": "a", "paths": ["README.md", "docs/x/y"]}
    ]


def test_no_paths_call_for_nothing() -> None:
    assert packs_for([pack("a", "**")], [], []) == []


@pytest.mark.parametrize(
    ("extra", "tags", "named"),
    [
        ({}, [], []),
        ({"regression_packs": ["a", "b"]}, [], ["a", "b"]),
        ({"workflow_regression_pack": "a"}, ["pack:b", "ui"], ["a", "b"]),
        ({"workflow_regression_packs": "a, b"}, ["pack:a"], ["a", "b"]),
        ({"regression_packs": None}, ["pack:"], []),
    ],
)
def test_a_task_may_name_its_packs(extra: dict[str, Any], tags: list[str], named: list[str]) -> None:
    assert named_packs(extra, tags) == named


@pytest.mark.parametrize(
    ("runs", "ok", "why"),
    [
        ([], False, "no run is recorded"),
        ([run(1, "fail")], False, "evidence 1 says fail on this commit"),
        ([run(1, "partial")], False, "the last run 1 says partial"),
        ([run(1, "pass")], True, "evidence 1 passed on this commit"),
        ([run(1, "pass", environment="demo")], True, "evidence 1 passed on this commit (demo)"),
        ([run(1, "pass"), run(2, "fail")], False, "evidence 2 says fail on this commit"),
        ([run(1, "fail"), run(2, "pass")], True, "evidence 2 passed on this commit"),
        (
            [run(1, "fail", environment="demo"), run(2, "pass", environment="staging")],
            False,
            "evidence 1 says fail on demo on this commit",
        ),
        (
            [run(1, "fail", environment="kind"), run(2, "pass", environment="staging")],
            True,
            "evidence 2 passed on this commit (staging)",
        ),
        ([run(1, "fail", commit=OTHER), run(2, "pass")], True, "evidence 2 passed on this commit"),
    ],
)
def test_the_latest_run_on_each_environment_counts(runs: list[dict[str, Any]], ok: bool, why: str) -> None:
    blocking = pack("a", demo=True, staging=True, kind=False)
    verdict = run_verdict(runs, blocking, ONE, "warn")
    assert (verdict["ok"], verdict["why"]) == (ok, why)


@pytest.mark.parametrize(("policy", "ok"), [("accept", True), ("warn", True), ("refuse", False)])
@pytest.mark.parametrize("stale", [run(1, "pass", commit=OTHER), run(1, "pass", dirty=1)], ids=["commit", "dirty"])
def test_a_pass_on_something_else_is_stale(stale: dict[str, Any], policy: str, ok: bool) -> None:
    verdict = run_verdict([stale], pack("a"), ONE, policy)
    assert (verdict["ok"], verdict["fresh"]) == (ok, False)


def test_runs_of_another_pack_do_not_count() -> None:
    assert not run_verdict([{**run(1, "pass"), "pack_id": "b"}], pack("a"), ONE, "warn")["ok"]


def test_blocking_in_words() -> None:
    assert (blocking_text(pack("a")), blocks(pack("a"))) == ("false", False)
    assert (blocking_text(pack("a", default=True)), blocks(pack("a", default=True))) == ("true", True)
    assert blocking_text(pack("a", staging=False, demo=True)) == "demo=true,staging=false"
