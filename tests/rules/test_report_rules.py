"""The small rules behind reports: SINCE, event summaries, health categories, findings."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.since import since_time
from fairway_scripts.board import health_rules as health
from fairway_scripts.board.event_summaries import summary_of
from fairway_scripts.board.orchestrator.findings import KEYS, finding, marked, sorted_findings

NOW = "2026-11-21T12:00:00.000000Z"
TIP, OLD = "a" * 40, "b" * 40


class TestSince:
    @pytest.mark.parametrize(
        ("words", "meant"),
        [
            ("", ""),
            ("12h", "2026-11-21T00:00:00.000000Z"),
            ("2d", "2026-11-19T12:00:00.000000Z"),
            ("1h30m", "2026-11-21T10:30:00.000000Z"),
            ("0s", NOW),
            ("2026-11-01", "2026-11-01T00:00:00.000000Z"),
            ("2026-11-01T10:00:00Z", "2026-11-01T10:00:00.000000Z"),
            ("2026-11-01T10:00:00+02:00", "2026-11-01T08:00:00.000000Z"),
            (" 12h ", "2026-11-21T00:00:00.000000Z"),
        ],
    )
    def test_an_age_a_date_or_a_time_is_understood(self, in_utc: None, words: str, meant: str) -> None:
        assert since_time(words, NOW) == meant

    @pytest.mark.parametrize(
        "words",
        [
            "12",
            "h",
            "yesterday",
            "-3h",
            "2026-13-01",
            "1.2.3h",
            "99999999999d",
            "9" * 400 + "d",
            "0001-01-01T00:00:00+23:00",
        ],
    )
    def test_anything_else_is_refused(self, words: str) -> None:
        with pytest.raises(FairwayError) as caught:
            since_time(words, NOW)
        assert (caught.value.word, "SINCE" in caught.value.message) == ("usage", True)


class TestEventSummaries:
    @pytest.mark.parametrize(
        ("payload", "summary"),
        [
            (
                {
                    "before": {"status": "todo"},
                    "after": {"status": "in_progress", "owner": "B", "branch": "agent/B-ui"},
                },
                "todo -> in_progress owner B branch agent/B-ui",
            ),
            (
                {
                    "before": {"status": "todo"},
                    "after": {"status": "blocked", "owner": ""},
                    "reason": "no contract",
                    "forced": True,
                },
                "todo -> blocked (no contract) forced",
            ),
            (
                {"before": {"status": "x"}, "after": {"status": "done", "commit_sha": "1234567890abcdef"}},
                "x -> done commit 1234567890ab",
            ),
            ({"added": 3, "changed": 0, "left": 1, "source": "q.yaml"}, "3 added, 1 left"),
            ({"result": "pass", "command_text": "pnpm\n  test"}, "pass pnpm test"),
            (
                {
                    "verdict": "approved",
                    "reviewer_role": "D-arch",
                    "reviewer": "D",
                    "after": {"review_status": "approved"},
                },
                "review approved D-arch D",
            ),
            ({"lanes": ["D-arch", "E-governance"]}, "D-arch, E-governance"),
            ({}, ""),
            ({"something": "new"}, ""),
            ({"before": 1, "after": [2]}, ""),
        ],
    )
    def test_a_payload_reads_as_one_line(self, payload: dict[str, Any], summary: str) -> None:
        assert summary_of(payload) == summary

    def test_long_texts_are_cut(self) -> None:
        assert summary_of({"command_text": "x" * 500}) == "x" * 97 + "..."

    def test_an_undo_names_the_event_it_undoes_and_the_undone_one_its_undo(self) -> None:
        assert summary_of({}, reverts=4) == "undoes event 4"
        assert summary_of({"after": {"commit_sha": "a" * 40}}, reverts=4) == "undoes event 4: commit aaaaaaaaaaaa"
        assert summary_of({}, reverted_by=9) == "[undone by event 9]"


def claim(**changes: Any) -> dict[str, Any]:
    return {"id": "B-1", "claimant": "ann", "lease_expires_at": "2026-11-21T11:59:59.000000Z", **changes}


def request(role: str, created_at: str = "2", commit: str = TIP, task: str = "B-1") -> dict[str, Any]:
    return {"task_id": task, "role": role, "created_at": created_at, "commit_sha": commit, "answered_by": None}


def verdict(
    role: str, word: str = "approved", created_at: str = "3", commit: str = TIP, task: str = "B-1"
) -> dict[str, Any]:
    row = {"task_id": task, "reviewer_role": role, "verdict": word, "created_at": created_at}
    return {**row, "reviewed_commit_sha": commit, "id": 1, "review_domain": None, "domains": [role]}


class TestHealth:
    def test_exactly_the_threshold_is_not_yet_too_long(self) -> None:
        rows = [{"since": "2026-11-21T10:00:00.000000Z"}, {"since": "2026-11-21T09:59:59.000000Z"}, {"since": None}]
        assert health.older_than(rows, "since", 7200.0, NOW) == rows[1:2]

    def test_a_date_that_is_none_counts_as_new(self) -> None:
        assert health.older_than([{"since": "long ago"}], "since", 1.0, NOW) == []

    def test_over_lease_is_a_claim_whose_lease_has_passed(self) -> None:
        rows = [claim(), claim(lease_expires_at=NOW), claim(lease_expires_at=None), claim(claimant=None)]
        assert health.claims_over_lease(rows, NOW) == rows[:1]

    @pytest.mark.parametrize(
        ("required", "status", "asked", "unrouted"),
        [
            (1, "pending", False, True),
            (1, "pending", True, False),
            (1, "approved", False, False),
            (0, "pending", False, False),
        ],
    )
    def test_a_review_is_unrouted_when_it_is_needed_and_nobody_is_asked(
        self, required: int, status: str, *, asked: bool, unrouted: bool
    ) -> None:
        task = {"id": "B-1", "review_required": required, "review_status": status}
        assert bool(health.unrouted_reviews([task], [request("D-arch")] if asked else [])) is unrouted

    @pytest.mark.parametrize(
        ("verdicts", "pending"),
        [
            pytest.param([], True, id="no verdict"),
            pytest.param([verdict("D-arch")], False, id="approved"),
            pytest.param([verdict("D-arch", "changes_requested")], False, id="objected: the author is to act now"),
            pytest.param([verdict("E-governance")], True, id="another lane approved"),
            pytest.param([verdict("D-arch", task="B-2")], True, id="approved another task"),
            pytest.param([verdict("D-arch", created_at="1", commit=OLD)], True, id="approved something older before"),
            pytest.param([verdict("D-arch", "blocked", created_at="1")], True, id="objected before it was asked again"),
            pytest.param(
                [verdict("D-arch", created_at="1")], False, id="approved this very commit before it was asked"
            ),
        ],
    )
    def test_a_review_is_pending_until_the_asked_lane_answers(self, verdicts: list[Any], *, pending: bool) -> None:
        assert bool(health.pending_reviews([request("D-arch")], verdicts)) is pending

    @pytest.mark.parametrize(
        ("verdicts", "tips", "stale"),
        [
            pytest.param([verdict("D-arch", commit=OLD)], {"B-1": TIP}, True, id="the branch has moved on"),
            pytest.param([verdict("D-arch")], {"B-1": TIP}, False, id="on the tip"),
            pytest.param([verdict("D-arch", commit=OLD)], {}, False, id="tip unknown"),
            pytest.param([verdict("D-arch", "blocked", commit=OLD)], {"B-1": TIP}, False, id="no approval"),
        ],
    )
    def test_an_approval_is_stale_when_the_tip_is_another_commit(
        self, verdicts: list[Any], tips: dict[str, str], *, stale: bool
    ) -> None:
        assert bool(health.stale_reviews(verdicts, tips)) is stale


class TestFindings:
    def test_errors_come_first_and_the_rest_keeps_its_order(self) -> None:
        found = [
            finding("old_backup", "note", "1", ""),
            finding("git_old", "error", "2", ""),
            finding("part_file", "warning", "3", ""),
        ]
        assert [item["message"] for item in sorted_findings(found)] == ["2", "3", "1"]

    def test_a_finding_needs_a_known_key_and_level(self) -> None:
        with pytest.raises(ValueError, match="no finding"):
            finding("typo", "error", "", "")
        with pytest.raises(ValueError, match="no finding"):
            finding(next(iter(KEYS)), "fatal", "", "")

    def test_accepted_keys_are_marked_and_kept(self) -> None:
        found = marked([finding("git_old", "error", "", ""), finding("part_file", "warning", "", "")], ["git_old"])
        assert [item["suppressed"] for item in found] == [True, False]
