"""What a refused call names and the store does not have: that is said before what the call left out."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.project.changes import find_state
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import Call

#: Tools whose id is that of something new.
_NEW_TASK = {"queue-add", "queue-spawn"}
#: Tools whose WATCH_ID is that of a watcher which is there; elsewhere it begins one, or is a word in a document.
_KNOWN_WATCHER = {"watcher-finish"}


def absence(tool: str, args: Call) -> FairwayError | None:
    """The refusal `not_found` of the task, watcher or pack that a call names; None where all are there or none is read.

    Whoever is told of a missing field types it and comes back; one word of the id may have been wrong all the time.
    What there is to note of the project is told with the call's own notes.
    """
    task_id = "" if tool in _NEW_TASK else getattr(args, "task_id", "")
    watch_id = getattr(args, "watch_id", "") if tool in _KNOWN_WATCHER else ""
    pack_id = getattr(args, "pack_id", "")
    if not (task_id or watch_id or pack_id):
        return None
    asked = object.__new__(type(args))
    # a call that is refused makes no empty store
    vars(asked).update((name, value) for name, value in vars(args).items() if name != "request_id")
    try:
        project = open_project(asked)
    except FairwayError:
        return None
    finally:
        args.project_notes = [*_notes(args), *_notes(asked)]
    try:
        with project.store.read() as tx:
            if task_id:
                find_state(tx, task_id)
            if watch_id:
                from fairway_scripts.runs.watchers import find_watcher

                find_watcher(tx, watch_id)
        if pack_id:
            from fairway_scripts.reviews.gates.packs import find_pack

            find_pack(project, pack_id, getattr(args, "catalog", ""))
    except FairwayError as refusal:
        return refusal if refusal.word == "not_found" else None
    return None


def _notes(args: Call) -> list[str]:
    """What there is to note of the project that a call has opened; nothing where it opened none."""
    return getattr(args, "project_notes", [])
