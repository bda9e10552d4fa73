"""How a workload stands: what `kubectl rollout status` waits for, and how many new pods are ready."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.utilities.deploy.workload_health import Counts, health_of, newest_ready

GIVEN_UP = ("False", "ProgressDeadlineExceeded")


def counts(desired: int, total: int, updated: int, ready: int, available: int, **more: Any) -> Counts:
    return Counts(desired, total, updated, ready, available, **{"current": True, **more})


@pytest.mark.parametrize(
    ("seen", "word", "why"),
    [
        (counts(3, 3, 3, 3, 3), "healthy", ""),
        (counts(0, 0, 0, 0, 0), "healthy", "no pod is desired"),
        (counts(3, 3, 3, 3, 3, current=False), "progressing", "the controller has not seen the newest definition"),
        (counts(3, 3, 2, 3, 3), "progressing", "2 updated of 3 desired"),
        (counts(3, 6, 3, 3, 3), "progressing", "3 old of 6 pods are still there"),
        (counts(3, 4, 3, 4, 4), "progressing", "1 old of 4 pods are still there"),
        (counts(0, 2, 0, 2, 2), "progressing", "2 old of 2 pods are still there"),
        (counts(3, 3, 3, 3, 3, settled=False), "progressing", "the newest revision is not the only one yet"),
        (counts(3, 6, 3, 3, 3, condition=GIVEN_UP), "failed",
         "the rollout does not progress (ProgressDeadlineExceeded)"),
        (counts(3, 3, 3, 3, 3, current=False, condition=GIVEN_UP), "progressing",
         "the controller has not seen the newest definition"),
        (counts(3, 3, 3, 3, 3, settled=False, by_hand=True), "healthy", ""),
        (counts(3, 3, 3, 0, 0), "unavailable", "0 ready, 0 available of 3 desired"),
        (counts(3, 3, 3, 3, 0), "unavailable", "3 ready, 0 available of 3 desired"),
        (counts(3, 3, 3, 2, 2), "degraded", "2 ready, 2 available of 3 desired"),
        (counts(3, 3, 3, 3, 2), "degraded", "3 ready, 2 available of 3 desired"),
        (counts(3, 3, 3, 3, 3, deleted_at="2026-11-20T10:00:00Z"), "terminating",
         "it was told to go at 2026-11-20T10:00:00Z"),
        (counts(3, 3, 2, 3, 3, by_hand=True), "progressing",
         "2 updated of 3 desired, which are replaced when somebody deletes them"),
        (counts(3, 3, 1, 3, 3, settled=False, kept_back=2), "healthy", "a partition keeps 2 on the old template"),
        (counts(3, 3, 0, 3, 3, settled=False, kept_back=2), "progressing", "0 updated of 1 desired"),
    ],
)  # fmt: skip
def test_how_a_workload_stands(seen: Counts, word: str, why: str) -> None:
    assert health_of(seen) == (word, why)


@pytest.mark.parametrize(
    ("seen", "ready", "told"),
    [
        (counts(3, 3, 3, 3, 3), 3, ""),
        (counts(3, 3, 3, 1, 1), 1, "3 desired"),
        (counts(3, 6, 3, 3, 3), 0, "3 desired; 3 ready in all, 3 of 6 pods are old"),
        (counts(3, 4, 3, 4, 4), 3, "4 ready in all, 1 of 4 pods are old"),
        (counts(3, 3, 1, 3, 3, kept_back=2), 1, "3 desired; 3 ready in all, 2 of 3 pods are old"),
        (counts(3, 3, 0, 3, 3, kept_back=3), 0, "3 desired; 3 ready in all, 3 of 3 pods are old"),
    ],
)
def test_ready_pods_of_an_old_template_are_not_those_that_were_deployed(seen: Counts, ready: int, told: str) -> None:
    assert newest_ready(seen) == (ready, told)
