"""The records of a task as the lines of a packet: the newest first, and what still waits before what is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.calls.answer import labelled
from fairway_scripts.catalog.tool import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.packets.packet_shapes import PacketTask


def record_lines(name: str, task: PacketTask, now: str) -> tuple[str, list[str], str]:
    """The title of a record section, its entries, and the command that shows all of them."""
    title, entries = _SECTIONS[name]
    target = "queue-session-status" if name == "sessions" else "queue-task-detail"
    return title, entries(task, now), f"make {target} TASK_ID={quoted(task['task_id'])} ALL=1"


def _sessions(task: PacketTask, now: str) -> list[str]:
    lines = []
    for row in task["live_sessions"]:
        heard = row["last_heartbeat_at"] or row["started_at"]
        ago = clock.span_text(clock.elapsed(heard, now))
        who = row["provider"] or row["backend"]
        lines.append(f"{row['session_id']}: {who} in {row['lane']}, {row['status']}, last heard of {ago} ago")
    return lines


def _dependencies(task: PacketTask, _now: str) -> list[str]:
    rows = sorted(task["dependencies"], key=lambda row: bool(row["met"]))
    return [
        f"{row['id']}: {row['status']}{'' if row['met'] else ' (open)'}, {row['lane'] or '-'}"
        + (f", {row['owner']}" if row["owner"] else "")
        for row in rows
    ]


def _reviews(task: PacketTask, _now: str) -> list[str]:
    waiting = [
        f"open request: {row['role']} on {_commit(row['commit_sha'])}"
        for row in task["review_requests"]
        if not row["answered"] and not row["superseded_at"]
    ]
    given = [
        f"{row['verdict']} by {row['reviewer_role']} ({row['reviewer']}) on {_commit(row['reviewed_commit_sha'])}"
        + (f", does not count: {row['own_work']}" if row["own_work"] else "" if row["counts"] else ", replaced")
        + (f": {row['notes']}" if row["notes"] else "")
        for row in reversed(task["reviews"])
    ]
    return waiting + given


def _handoffs(task: PacketTask, _now: str) -> list[str]:
    lines = []
    for row in reversed(task["handoffs"]):
        state = "acknowledged" if row["acknowledged_at"] else "open"
        told = [
            f"{label}: {text}"
            for label, text in (
                ("commands", row["commands"]),
                ("results", row["results"]),
                ("changed files", row["changed_files"]),
                ("risks", row["risks"]),
                ("blockers", row["blockers"]),
                ("next step", row["next_step"]),
            )
            if text
        ]
        lines.append("\n".join([f"#{row['id']} {state}, {row['owner']} on {_commit(row['commit_sha'])}", *told]))
    return lines


def _evidence(task: PacketTask, _now: str) -> list[str]:
    lines = []
    for row in reversed(task["evidence"]):
        artifact = f" [{row['artifact_path']}]" if row["artifact_path"] else ""
        lines.append(
            f"#{row['id']} {row['result']} ({row['freshness']}, {row['producer']}) {row['created_at'][:19]}Z: "
            f"{row['command_text']}{artifact}{labelled(row, EVIDENCE)}"
        )
    return lines


def _history(task: PacketTask, _now: str) -> list[str]:
    return [
        f"{row['at'][:19]}Z {row['from_status'] or 'new'} -> {row['to_status']} by {row['actor']}"
        + (f": {row['reason']}" if row["reason"] and row["reason"] != row["command_source"] else "")
        for row in reversed(task["history"])
    ]


def _notes(task: PacketTask, _now: str) -> list[str]:
    """The notes that no field of the packet shows."""
    return [f"{heading}: {text}" if heading else text for heading, text in task["unused_notes"]]


def _commit(sha: str | None) -> str:
    return sha[:12] if sha else "no commit"


_SECTIONS: dict[str, tuple[str, Callable[[PacketTask, str], list[str]]]] = {
    "sessions": ("Live Session", _sessions),
    "dependencies": ("Dependencies", _dependencies),
    "reviews": ("Reviews", _reviews),
    "handoffs": ("Handoffs", _handoffs),
    "evidence": ("Existing Evidence", _evidence),
    "history": ("Recent History", _history),
    "notes": ("Notes", _notes),
}
