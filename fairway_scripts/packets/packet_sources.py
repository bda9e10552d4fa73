"""What the store knows that a packet can use: the task's definition, its notes, its records and live sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.regular_files import read_regular
from fairway_scripts.git import references
from fairway_scripts.packets.notes import SOURCES, lines_of, split_notes
from fairway_scripts.reviews.task_detail import task_detail

if TYPE_CHECKING:
    from fairway_scripts.packets.packet_shapes import PacketTask, WatcherField
    from fairway_scripts.project.project import Project

#: Columns of a started watcher, which fill the fields of the same name.
_WATCHER: tuple[WatcherField, ...] = (
    *("process", "command", "expected_duration", "poll_interval", "success_condition", "failure_condition"),
    *("allowed_fixes", "must_not_touch", "escalation_rules", "evidence_required", "close_condition"),
)
_LISTED = ("non_goals", "must_not_touch", "owned", "risks", "stop_conditions", "acceptance")


def task_sources(project: Project, task_id: str) -> tuple[PacketTask, dict[str, list[str]]]:
    """A task's detail with its `live_sessions`, and what fills the fields of a packet, by source.

    Raises FairwayError `not_found`.
    """
    known = task_detail(project, task_id)
    with project.store.read() as tx:
        sessions = tx.all("sessions.list", everything=0, lane="", task_id=task_id)
    detail: PacketTask = {**known, "live_sessions": sessions, "unused_notes": []}
    meta = detail["metadata"]
    found: dict[str, list[str]] = {
        "title": [detail["title"]],
        "owner": [detail["owner"] or ""],
        "lane": [detail["lane"]],
        "owner_lane": [f"{detail['lane']}/watch"],
        "owning_layer": [meta["owning_layer"]],
        "risk_level": [meta["risk_level"]],
        "source_paths": meta["source_paths"],
        "target_paths": meta["target_paths"],
        "environment": [_environment(project, detail)],
    }
    for heading, text in split_notes(detail["notes"]):
        source = SOURCES.get(heading, "")
        if source and source not in found:
            found[source] = lines_of(text) if source in _LISTED else [text]
    if detail["acceptance_checks"]:
        found["acceptance"] = [str(check) for check in detail["acceptance_checks"]]
    if not found.get("owned"):
        found["owned"] = [*meta["target_paths"], *meta["source_paths"]]
    return detail, {name: [text for text in texts if text.strip()] for name, texts in found.items()}


def watcher_sources(project: Project, watch_id: str) -> dict[str, list[str]]:
    """What a started watcher was told, by field; empty when there is none of that id."""
    with project.store.read() as tx:
        row = tx.one("attachments.watcher", watch_id=watch_id)
    if row is None:
        return {}
    found: dict[str, list[str]] = {name: lines_of(str(row[name] or "")) for name in _WATCHER}
    return {**found, "owner_lane": [row["role"]] if row["role"] else []}


def open_among(project: Project, words: list[str]) -> list[str]:
    """Those of `words` that are tasks which are not finished."""
    with project.store.read() as tx:
        states = {word: tx.one("tasks.state", task_id=word) for word in dict.fromkeys(words)}
    return [word for word, state in states.items() if state is not None and not state["terminal"]]


def known_packs(project: Project) -> tuple[list[str], str]:
    """The ids of the regression packs, and the catalogue file as people read it."""
    import os

    from fairway_scripts.formats.yaml_events import read_yaml

    written = project.settings["regression_packs"]["catalog"]
    path = os.path.join(project.root, written)
    try:
        value = read_yaml(read_regular(path), written).value
    except OSError:
        return [], written
    packs = value.get("packs") if isinstance(value, dict) else value
    rows = packs if isinstance(packs, list) else []
    return [str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id")], written


def _environment(project: Project, detail: PacketTask) -> str:
    """Where the work is done: the lane's worktree relative to the main checkout, its branch and what it joins."""
    import os

    lane = detail["lane"]
    worktree = settings_of.worktree_path(project.settings, lane, project.root)
    branch = detail["branch"] or settings_of.lane_branch(project.settings, lane)
    lines = [
        f"worktree: {os.path.relpath(worktree, project.root)} (from the main checkout)",
        f"branch: {branch}",
        f"integration branch: {project.settings['fairway']['main_branch']}",
    ]
    tip = project.repository and references.read_ref(project.repository, f"refs/heads/{branch}")
    return "\n".join([*lines, f"tip: {tip[:12]}"] if tip else lines)
