"""What a queue file does throughout, each said once: its own fields and kinds, checks in prose, thin notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.faults import NOTE, WARNING, Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from fairway_scripts.queue.definitions_rules import TaskRecord


def unknown_fields(path: str, tasks: Sequence[TaskRecord]) -> list[Fault]:
    """One note for each field that is none of ours: the first place, and in how many tasks."""
    places: dict[str, list[int]] = {}
    for task in tasks:
        for name in task.extra:
            places.setdefault(name, []).append(task.line_of(name))
    return [
        Fault(path, lines[0], "", name, NOTE, "unknown_field", f"unknown field{_often(len(lines))}, kept as it is")
        for name, lines in places.items()
    ]


def unknown_kinds(path: str, tasks_of: Mapping[str, Sequence[TaskRecord]], known: Collection[str]) -> list[Fault]:
    """One warning for each kind that is not configured, at the first of its tasks: nothing depends on a kind alone."""
    listed = ", ".join(sorted(known))
    return [
        _at_first(path, tasks, "kind", "unknown_kind", f"unknown kind {kind}{_often(len(tasks))}; known: {listed}")
        for kind, tasks in tasks_of.items()
    ]


def prose(path: str, checks: Sequence[tuple[TaskRecord, int, str]]) -> list[Fault]:
    """One warning for all acceptance checks that nobody can run, at the first; `checks` are (task, line, text)."""
    if not checks:
        return []
    task, line, text = checks[0]
    what = f"{text.strip()!r} reads as prose; write the command that checks it"
    if len(checks) > 1:
        tasks = len({id(entry[0]) for entry in checks})
        what += f" ({len(checks)} checks do, in {tasks} task{'s' * (tasks > 1)})"
    return [Fault(path, line, task.fields["id"], "acceptance_checks", WARNING, "prose_acceptance_check", what)]


def thin_notes(path: str, tasks_of: Mapping[tuple[str, ...], Sequence[TaskRecord]]) -> list[Fault]:
    """One warning for all notes that lack the same sections, at the first of their tasks."""
    return [
        _at_first(path, tasks, "notes", "missing_notes_section", f"no section {', '.join(missing)}{_often(len(tasks))}")
        for missing, tasks in tasks_of.items()
    ]


def _at_first(path: str, tasks: Sequence[TaskRecord], field: str, code: str, what: str) -> Fault:
    return Fault(path, tasks[0].line_of(field), tasks[0].fields["id"], field, WARNING, code, what)


def _often(count: int) -> str:
    return f" in {count} tasks" if count > 1 else ""
