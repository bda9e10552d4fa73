"""Times told from transitions: what counts, what does not, and what stays unknown."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.board.timing_rules import MEASURES, is_measured, lane_timings, task_timing

NOW = "2026-11-02T00:00:00.000000Z"


def at(hour: float) -> str:
    """The stored time `hour` hours into the first of November."""
    minutes = round(hour * 60)
    return f"2026-11-01T{minutes // 60:02d}:{minutes % 60:02d}:00.000000Z"


def moves(*steps: tuple[str | None, str, float] | tuple[str | None, str, float, str]) -> list[dict[str, Any]]:
    """Transitions from (from, to, hour[, source])."""
    return [
        {"from_status": step[0], "to_status": step[1], "at": at(step[2]), "command_source": "".join(step[3:]) or "cli"}
        for step in steps
    ]


def timed(transitions: list[dict[str, Any]], status: str = "", **records: Any) -> dict[str, Any]:
    rows = {"evidence": [], "requests": [], "verdicts": [], **records}
    status = status or (transitions[-1]["to_status"] if transitions else "todo")
    task = {"id": "B-1", "lane": "B-ui", "title": "One", "status": status}
    words = {"initial": "todo", "claimed": "in_progress", "terminal": ["done"]}
    return task_timing(task, transitions, now=NOW, **rows, **words)


def hours(timing: dict[str, Any], measure: str) -> float | None:
    seconds = timing[f"{measure}_seconds"]
    return None if seconds is None else seconds / 3600


WHOLE_LIFE = moves((None, "todo", 1), ("todo", "in_progress", 3), ("in_progress", "done", 8))


class TestWaitAndCycle:
    def test_wait_runs_from_first_sight_to_the_first_claim(self) -> None:
        assert hours(timed(WHOLE_LIFE), "wait") == 2

    def test_cycle_runs_from_the_first_claim_to_the_finish(self) -> None:
        assert hours(timed(WHOLE_LIFE), "cycle") == 5

    def test_a_second_claim_does_not_start_the_cycle_again(self) -> None:
        steps = moves(
            (None, "todo", 1),
            ("todo", "in_progress", 2),
            ("in_progress", "todo", 3),
            ("todo", "in_progress", 6),
            ("in_progress", "done", 7),
        )
        assert (hours(timed(steps), "wait"), hours(timed(steps), "cycle")) == (1, 5)

    def test_work_in_progress_has_a_wait_but_no_cycle_yet(self) -> None:
        timing = timed(WHOLE_LIFE[:2])
        assert (hours(timing, "wait"), timing["cycle_seconds"], timing["open"]) == (2, None, True)

    def test_a_task_that_nobody_claimed_has_neither(self) -> None:
        timing = timed(WHOLE_LIFE[:1])
        assert (timing["wait_seconds"], timing["cycle_seconds"], timing["unknown"]) == (None, None, [])

    def test_a_reopened_task_is_not_finished_any_more(self) -> None:
        timing = timed([*WHOLE_LIFE, *moves(("done", "in_progress", 9))])
        assert (timing["cycle_seconds"], timing["finished_at"]) == (None, None)

    def test_the_finish_that_holds_now_is_the_one_that_counts(self) -> None:
        timing = timed([*WHOLE_LIFE, *moves(("done", "in_progress", 9), ("in_progress", "done", 11))])
        assert (hours(timing, "cycle"), timing["finished_at"]) == (8, at(11))

    def test_saying_done_twice_does_not_move_the_finish(self) -> None:
        assert timed([*WHOLE_LIFE, *moves(("done", "done", 20))])["finished_at"] == at(8)

    def test_finishing_without_a_claim_leaves_the_cycle_unknown(self) -> None:
        timing = timed(moves((None, "todo", 1), ("todo", "done", 4)))
        assert (timing["wait_seconds"], timing["cycle_seconds"], timing["finished_at"]) == (None, None, at(4))


class TestUndone:
    def test_a_claim_that_was_undone_never_happened(self) -> None:
        steps = moves(
            (None, "todo", 1),
            ("todo", "in_progress", 2),
            ("in_progress", "todo", 3, "undo"),
            ("todo", "in_progress", 5),
        )
        assert hours(timed(steps), "wait") == 4

    def test_a_finish_that_was_undone_never_happened(self) -> None:
        timing = timed([*WHOLE_LIFE, *moves(("done", "in_progress", 9, "undo"))])
        assert (timing["cycle_seconds"], timing["finished_at"]) == (None, None)

    def test_two_undos_in_a_row_take_away_two_steps(self) -> None:
        steps = [
            *WHOLE_LIFE,
            *moves(
                ("done", "in_progress", 9, "undo"), ("in_progress", "todo", 10, "undo"), ("todo", "in_progress", 12)
            ),
        ]
        assert hours(timed(steps), "wait") == 11


class TestSeededTasks:
    @pytest.mark.parametrize("status", ["in_progress", "done", "blocked"])
    def test_no_wait_or_cycle_is_made_up_for_a_task_first_seen_in(self, status: str) -> None:
        timing = timed(moves((None, status, 1)))
        assert (timing["wait_seconds"], timing["cycle_seconds"]) == (None, None)
        assert any(f"it was {status} when it was first seen" in sentence for sentence in timing["unknown"])

    def test_nor_when_it_is_claimed_and_finished_later(self) -> None:
        steps = moves(
            (None, "in_progress", 1), ("in_progress", "todo", 2), ("todo", "in_progress", 3), ("in_progress", "done", 4)
        )
        timing = timed(steps)
        assert (timing["wait_seconds"], timing["cycle_seconds"], timing["finished_at"]) == (None, None, at(4))

    def test_being_first_seen_as_done_is_no_finish(self) -> None:
        assert timed(moves((None, "done", 1)))["finished_at"] is None

    def test_blocked_time_before_the_first_sight_is_said_to_be_unknown(self) -> None:
        timing = timed(moves((None, "blocked", 1), ("blocked", "todo", 3)))
        assert hours(timing, "blocked") == 2
        assert "it was blocked when it was first seen: how long it was blocked before is not known" in timing["unknown"]

    def test_a_task_without_any_record_says_so(self) -> None:
        timing = timed([])
        assert timing["unknown"] == ["nothing is recorded about it"]
        assert not is_measured(timing)


class TestBlocked:
    def test_every_span_counts(self) -> None:
        steps = moves(
            (None, "todo", 0),
            ("todo", "blocked", 1),
            ("blocked", "todo", 2),
            ("todo", "blocked", 5),
            ("blocked", "done", 8),
        )
        assert hours(timed(steps), "blocked") == 4

    def test_a_span_that_goes_on_counts_up_to_now(self) -> None:
        assert hours(timed(moves((None, "todo", 0), ("todo", "blocked", 20))), "blocked") == 4

    def test_a_task_that_was_never_blocked_has_no_number(self) -> None:
        assert timed(WHOLE_LIFE)["blocked_seconds"] is None

    def test_a_clock_that_went_back_gives_no_negative_time(self) -> None:
        assert hours(timed(moves((None, "todo", 0), ("todo", "blocked", 5), ("blocked", "todo", 4))), "blocked") == 0


def request(role: str, hour: float, superseded: float | None = None) -> dict[str, Any]:
    return {"role": role, "created_at": at(hour), "superseded_at": None if superseded is None else at(superseded)}


def verdict(role: str, hour: float, word: str = "approved") -> dict[str, Any]:
    return {"reviewer_role": role, "verdict": word, "created_at": at(hour)}


class TestReview:
    @pytest.mark.parametrize(
        ("requests", "verdicts", "expected"),
        [
            pytest.param([], [], None, id="nobody was asked"),
            pytest.param([], [verdict("D-arch", 4)], None, id="an approval that nobody asked for has no beginning"),
            pytest.param([request("D-arch", 2)], [], None, id="nobody has answered"),
            pytest.param([request("D-arch", 2)], [verdict("D-arch", 5)], 3, id="asked and approved"),
            pytest.param(
                [request("D-arch", 2), request("E-governance", 2)],
                [verdict("D-arch", 3)],
                None,
                id="one of two is missing",
            ),
            pytest.param(
                [request("D-arch", 2), request("E-governance", 2)],
                [verdict("D-arch", 3), verdict("E-governance", 6)],
                4,
                id="the last of two completes it",
            ),
            pytest.param(
                [request("D-arch", 2)],
                [verdict("D-arch", 3, "changes_requested"), verdict("D-arch", 7)],
                5,
                id="changes were asked for first",
            ),
            pytest.param(
                [request("D-arch", 2)],
                [verdict("D-arch", 3), verdict("D-arch", 4, "blocked")],
                None,
                id="approval taken back",
            ),
            pytest.param(
                [request("D-arch", 2)],
                [verdict("D-arch", 3), verdict("D-arch", 4, "blocked"), verdict("D-arch", 9)],
                7,
                id="the approval that holds now is the one that counts",
            ),
            pytest.param(
                [request("D-arch", 2, superseded=4), request("E-governance", 4)],
                [verdict("E-governance", 6)],
                4,
                id="asked anew: counted from the first request, only the new lane is needed",
            ),
        ],
    )
    def test_review_time(self, requests: list[Any], verdicts: list[Any], expected: float | None) -> None:
        assert hours(timed(WHOLE_LIFE, requests=requests, verdicts=verdicts), "review") == expected


class TestEvidence:
    def test_durations_are_summed(self) -> None:
        rows = [{"duration_seconds": seconds, "created_at": at(4)} for seconds in (30, None, 12)]
        timing = timed(WHOLE_LIFE, evidence=rows)
        assert (timing["evidence_seconds"], timing["evidence_count"]) == (42.0, 3)

    def test_evidence_without_durations_is_counted_but_has_no_time(self) -> None:
        timing = timed(WHOLE_LIFE, evidence=[{"duration_seconds": None, "created_at": at(4)}])
        assert (timing["evidence_seconds"], timing["evidence_count"]) == (None, 1)

    def test_a_duration_of_zero_is_a_known_time(self) -> None:
        assert timed(WHOLE_LIFE, evidence=[{"duration_seconds": 0, "created_at": at(4)}])["evidence_seconds"] == 0


def test_the_last_activity_is_the_newest_record_of_any_kind() -> None:
    evidence = [{"duration_seconds": None, "created_at": at(20)}]
    assert timed(WHOLE_LIFE, evidence=evidence, verdicts=[verdict("D-arch", 21)])["last_activity_at"] == at(21)


def test_lanes_get_medians_and_totals_over_what_is_known() -> None:
    rows = []
    for task_id, wait in (("B-1", 10.0), ("B-2", 20.0), ("B-3", 60.0), ("B-4", None)):
        rows.append({**timed(WHOLE_LIFE), **dict.fromkeys(MEASURES), "id": task_id, "wait_seconds": wait})
    rows.append({**timed(WHOLE_LIFE[:1]), **dict.fromkeys(MEASURES), "lane": "A-backend"})
    first, second = lane_timings(rows)
    assert first["wait"] == {"count": 3, "median_seconds": 20.0, "total_seconds": 90.0}
    assert first["cycle"] == {"count": 0, "median_seconds": None, "total_seconds": None}
    assert (first["lane"], first["tasks"], first["finished"]) == ("B-ui", 4, 4)
    assert (second["lane"], second["tasks"], second["finished"]) == ("A-backend", 1, 0)
