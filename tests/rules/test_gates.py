"""Which evidence and which verdict count."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.work.gates import evidence_verdict, staleness

COMMIT = "a" * 40
OTHER = "b" * 40


def row(number: int, result: str = "pass", commit: str | None = COMMIT, *, dirty: int = 0) -> dict[str, Any]:
    return {"id": number, "result": result, "commit_sha": commit, "tree_dirty": dirty}


def test_without_evidence_the_gate_is_shut() -> None:
    assert evidence_verdict([], COMMIT, "warn") == {
        "ok": False,
        "fresh": False,
        "id": None,
        "why": "no evidence",
        "against": "",
    }


@pytest.mark.parametrize("result", ["partial", "skipped"])
def test_only_a_pass_opens_the_gate(result: str) -> None:
    verdict = evidence_verdict([row(1, result)], COMMIT, "accept")
    assert (verdict["ok"], verdict["why"]) == (False, "no evidence with result pass")


@pytest.mark.parametrize("result", ["fail", "blocked"])
def test_a_failure_on_this_commit_is_named(result: str) -> None:
    verdict = evidence_verdict([row(1, result)], COMMIT, "accept")
    assert (verdict["ok"], verdict["why"]) == (False, f"evidence 1 says {result} on this commit")


def of(command: str, *given: Any, environment: str = "", **more: Any) -> dict[str, Any]:
    return {**row(*given, **more), "command_text": command, "environment": environment}


@pytest.mark.parametrize(
    ("rows", "policy", "ok", "why"),
    [
        # the newest record of a command on the very commit counts
        ([of("t", 1), of("t", 2, "fail")], "accept", False, "evidence 2 says fail on this commit: t"),
        ([of("t", 1), of("t", 2, "blocked")], "accept", False, "evidence 2 says blocked on this commit: t"),
        ([of("t  -v", 1), of(" t -v", 2, "fail")], "warn", False, "evidence 2 says fail on this commit: t -v"),
        ([of("t", 1, "fail"), of("t", 2)], "refuse", True, "evidence 2 passed on this commit"),
        # a run that neither passed nor failed takes nothing back
        ([of("t", 1), of("t", 2, "skipped")], "refuse", True, "evidence 1 passed on this commit"),
        # of another command, or of the same in another environment, it is named beside what passed
        ([of("t", 1), of("lint", 2, "fail")], "refuse", True, "evidence 1 passed on this commit"),
        ([of("t", 1), of("t", 2, "fail", environment="staging")], "refuse", True, "evidence 1 passed on this commit"),
        # elsewhere it says nothing about this commit
        ([of("t", 1), of("t", 2, "fail", OTHER)], "refuse", True, "evidence 1 passed on this commit"),
        ([of("t", 1), of("t", 2, "fail", dirty=1)], "refuse", True, "evidence 1 passed on this commit"),
        # a stale pass never outweighs a failure here, whatever the policy
        (
            [of("t", 1, "pass", OTHER), of("lint", 2, "fail")],
            "accept",
            False,
            "evidence 2 says fail on this commit: lint; evidence 1 is stale: "
            + staleness(row(1, commit=OTHER), COMMIT),
        ),
    ],
)
def test_the_newest_evidence_on_the_exact_commit_is_looked_at_first(
    rows: list[dict[str, Any]], policy: str, ok: bool, why: str
) -> None:
    verdict = evidence_verdict(rows, COMMIT, policy)
    assert (verdict["ok"], verdict["why"]) == (ok, why)
    named = [record for record in rows if record["result"] in ("fail", "blocked") and record["commit_sha"] == COMMIT]
    assert bool(verdict["against"]) is (bool(named) and not named[-1]["tree_dirty"] and rows[-1]["result"] != "pass")


def test_a_pass_on_this_commit_opens_the_gate_and_the_newest_one_is_named() -> None:
    verdict = evidence_verdict([row(1), row(2), row(3, commit=OTHER)], COMMIT, "refuse")
    assert (verdict["ok"], verdict["fresh"], verdict["id"]) == (True, True, 2)


@pytest.mark.parametrize(("policy", "ok"), [("accept", True), ("warn", True), ("refuse", False)])
@pytest.mark.parametrize(
    "stale", [row(1, commit=OTHER), row(1, dirty=1)], ids=["another commit", "uncommitted changes"]
)
def test_the_policy_decides_whether_stale_evidence_opens_the_gate(policy: str, ok: bool, stale: dict[str, Any]) -> None:
    verdict = evidence_verdict([stale], COMMIT, policy)
    assert (verdict["ok"], verdict["fresh"], verdict["id"]) == (ok, False, 1)
    assert "evidence 1 is stale: it was recorded" in verdict["why"]


def test_a_stale_verdict_names_both_commits() -> None:
    assert staleness(row(1, commit=OTHER), COMMIT) == f"it was recorded on {OTHER[:12]}, not on {COMMIT[:12]}"


@pytest.mark.parametrize("recorded", [None, "", OTHER])
def test_where_there_is_no_commit_to_speak_for_nothing_is_stale(recorded: str | None) -> None:
    assert staleness(row(1, commit=recorded), "") == ""


@pytest.mark.parametrize("recorded", [None, ""])
def test_a_record_that_names_no_commit_speaks_for_none(recorded: str | None) -> None:
    assert staleness(row(1, commit=recorded), COMMIT) == "it names no commit"
    assert not evidence_verdict([row(1, commit=recorded)], COMMIT, "refuse")["ok"]
