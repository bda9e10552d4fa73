"""The kinds of events that a notifier can be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest_again

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project

#: Every kind that this version records of people's work. A test holds the table to what the modules record.
KNOWN = frozenset(
    (
        *("task_added", "task_updated", "tasks_exported", "queue_imported", "pruned", "undone"),
        *("claimed", "released", "reclaimed", "status_set"),
        *("evidence_recorded", "handoff_recorded", "handoff_acknowledged", "checkpoint_recorded", "usage_recorded"),
        *("review_routed", "reviewed", "review_waived", "guard_graduated"),
        *("execution_approved", "approval_withdrawn", "push_intended", "push_intent_withdrawn"),
        *("session_registered", "session_started", "session_updated", "session_revived", "session_reconciled"),
        *("session_ended", "watcher_started", "watcher_finished", "worktrees_made", "worktrees_removed"),
        *("tracker_linked", "tracker_unlinked", "tracker_reconciled"),
        *("tracker_export_begun", "tracker_exported", "tracker_export_refused"),
        *("engine_changed", "legacy_imported", "store_adopted", "store_restored", "store_moved"),
    )
)


def wanted_kinds(project: Project, args: object, given: str) -> set[str]:
    """The kinds in a list with commas; none for every kind.

    Raises FairwayError `usage` for a kind that neither this version records nor the store holds: a notifier with a
    slip in it would be silent for ever.
    """
    wanted = {kind.strip() for kind in given.split(",") if kind.strip()}
    strange = sorted(wanted - KNOWN)
    if strange:
        with project.store.read() as tx:
            strange = [kind for kind in strange if not tx.value("notify.has_kind", kind=kind)]
    if strange:
        message = f"KIND {strange[0]!r} is no kind of event: {', '.join(sorted(KNOWN))}"
        raise FairwayError("usage", message, suggest_again(args, KIND=None))
    return wanted
