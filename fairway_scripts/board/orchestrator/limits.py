"""Tracks beyond the limits of the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.board.orchestrator.tick import own_work

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import Facts, OverLimit


def over_limits(facts: Facts) -> list[OverLimit]:
    """Tracks beyond the limits of the configuration, which are advice and stop nobody: `{lane, task_ids, message}`."""
    limits = facts["limits"]
    found: list[OverLimit] = []
    for lane in facts["lanes"]:
        own = own_work(facts, lane)
        allowed = limits["max_primary_tracks"] + limits["max_sidecar_tracks"]
        if len(own) > allowed:
            names = [task["task_id"] for task in own[allowed:]]
            message = (
                f"lane {lane} has {len(own)} tasks in work, {allowed} allowed (coordinator.max_primary_tracks + "
                "max_sidecar_tracks)"
            )
            found.append({"lane": lane, "task_ids": names, "message": message})
    tracks = [row for row in facts["checkpoints"] if row["open"] and row["subject_kind"] == "track"]
    running = [row["subject_id"] for row in tracks if row["state"] == "active"]
    if len(running) > limits["max_sidecar_tracks"]:
        most = limits["max_sidecar_tracks"]
        message = (
            f"{len(running)} side tracks are active, {most} allowed (coordinator.max_sidecar_tracks): "
            f"{', '.join(sorted(running))}"
        )
        found.append({"lane": "", "task_ids": [], "message": message})
    return found
