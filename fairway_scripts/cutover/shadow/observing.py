"""Comparing shadowed calls: what the older scripts did against what our tool does on a copy of the store.

The older scripts have answered the caller already. Nothing here changes their side, nor do our tools change the
store: what was done on the legacy side comes in through the mirror, after the comparison.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.bridge.mirror import MARK_KEY, refresh_from_legacy
from fairway_scripts.cutover.door.engines import FAIRWAY, engine_of_lane, legacy_db_path
from fairway_scripts.cutover.parity.kept_cases import keep_case
from fairway_scripts.cutover.parity.parity_facts import DONE, REFUSED, UNAVAILABLE, compare_case
from fairway_scripts.cutover.parity.parity_rules import (
    CALL,
    INTERRUPTED,
    MATCH,
    MISMATCH,
    UNCLEAR,
    UNREAD,
    operation_of,
)
from fairway_scripts.cutover.shadow.shadow import UNKNOWN
from fairway_scripts.cutover.shadow.shadow_calls import (
    ENDED,
    LOST,
    RUNNING,
    capture,
    read_call,
    remove_call,
    remove_remains,
    spool,
    waiting_calls,
)
from fairway_scripts.cutover.shadow.shadow_sides import OF_BRANCHES, branches_moved, legacy_outcome, make_base, run_own
from fairway_scripts.programs.legacy_command import delivery_lock
from fairway_scripts.queue.opening import refresh_definitions
from fairway_scripts.store.sqlite import migrations  # noqa: F401 - what it needs is missed before anything is written
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.cutover.cutover_shapes import MirrorMark
    from fairway_scripts.cutover.parity.parity_facts import Outcome
    from fairway_scripts.cutover.parity.parity_shapes import Difference, Facts, NewObservation
    from fairway_scripts.cutover.shadow.shadow_calls import Call
    from fairway_scripts.cutover.shadow.shadow_sides import Base
    from fairway_scripts.project.project import Project

#: How long (seconds) an observer waits for another one that works off the spool.
_WAIT = 300.0


def observe(project: Project, call_id: str) -> None:
    """Compare what is in the spool, oldest call first; with `call_id` at least that call, by us or another process.

    Raises FairwayError: `git_unavailable` (no repository), the errors of the store.
    """
    folder = spool(project)
    if not folder:
        raise FairwayError("git_unavailable", "there is no git repository here, so no call was shadowed")
    own = read_call(os.path.join(folder, call_id)) if call_id else None
    if own is not None and own.standing == ENDED:
        capture(project, own)  # before anything else: the next call may change what this one left
    with delivery_lock(f"{folder}.lock", seconds=_WAIT if own else 0.0) as lock:
        if lock is not None:
            _work_off(project)


def compare_waiting(project: Project) -> None:
    """Compare the calls that wait, unless somebody is at it; what keeps it from being done is noted, never raised."""
    if waiting_calls(project) and not project.store.read_only:
        try:
            observe(project, "")
        except (FairwayError, OSError) as problem:
            project.notes.append(str(problem))


def _work_off(project: Project) -> None:
    """Compare every call that has ended, also those that end meanwhile; one that fails is left for the next time."""
    remove_remains(project)
    observed, failed = False, set()
    while True:
        waiting = waiting_calls(project)
        ready = [call for call in waiting if call.call_id not in failed and call.standing != RUNNING]
        if not ready:
            break
        for call in ready:
            if call.standing == ENDED:
                capture(project, call)
        try:
            _observe(project, ready[0], waiting)
            observed = True
        except (FairwayError, OSError) as problem:
            failed.add(ready[0].call_id)
            project.notes.append(f"{ready[0].call_id} is left for the next time: {problem}")
    if observed and not waiting_calls(project):  # what a running call does is not to be known before it is captured
        refresh_from_legacy(project)


def _observe(project: Project, call: Call, waiting: list[Call]) -> None:
    """Compare one call, note the outcome once, take in what the legacy side did, and let the call go."""
    refresh_definitions(project)
    with project.store.read() as tx:
        noted = tx.one("parity.one", call_id=call.call_id)
    if noted is None:
        row = _lost(project, call) if call.standing == LOST else _compared(project, call, waiting)
        with project.store.write() as tx:
            tx.run("parity.add", **row)
    _take_in(project, call)
    remove_call(call)


def _take_in(project: Project, call: Call) -> None:
    """Take in the legacy side as it was after the call: not as it is now, which is after later calls too."""
    after = call.after
    if after is None:
        refresh_from_legacy(project)
    elif refresh_from_legacy(project, after) is None and _mark(project).get("read_ns") != after.taken_ns:
        refresh_from_legacy(project)  # somebody has read what came later: then all of it counts


def _lost(project: Project, call: Call) -> NewObservation:
    why = "the call was interrupted, so nobody knows how it would have ended"
    with project.store.read() as tx:
        role = call.lane({row["task_id"]: row["role"] for row in tx.all("parity.lanes")})
    return _row(call, role, INTERRUPTED, why, [], {}, {}, None)


def _compared(project: Project, call: Call, waiting: list[Call]) -> NewObservation:
    """Return the observation of one call that has ended."""
    operation, task_id, read_only = _of(call)
    after = call.after
    if call.note["tool"] == UNKNOWN:
        return _of_unknown(project, call)
    if read_only and after is not None:
        _take_in(project, call)  # what it read; a call that changes something starts from before its change
    mark = _mark(project)
    base = make_base(project, call, after, "" if read_only else task_id)
    changed = "" if read_only else task_id
    legacy = legacy_outcome(project, call, after, base, changed)
    own, own_ms = run_own(call, base.path, call.folder, changed)
    differences, theirs, ours = compare_case(operation, legacy, own, base.context)
    if lost := call.note.get("untranslated"):
        differences = [_untranslated(lost, theirs)]
    role = call.lane(base.context.lane_of)
    main = project.settings["fairway"]["main_branch"]
    doubt = _doubt(call, waiting, base, legacy, mark, mismatch=bool(differences)) or _doubt_of_output(
        legacy, differences
    )
    if differences and not lost and operation in OF_BRANCHES and branches_moved(project, call, main):
        doubt = doubt or "the integration branch moved before our side looked at what differs from it"
    if engine_of_lane(project, role) == FAIRWAY:
        doubt = f"lane {role} is on this side by now, so its older state is not read any more"
    elif after is None and differences and os.path.exists(legacy_db_path(project)):
        doubt = "the old database could not be captured after the call"
    verdict = UNCLEAR if doubt else MISMATCH if differences else MATCH
    row = _row(call, role, verdict, doubt, differences, theirs, ours, own_ms)
    if verdict == MISMATCH:
        row["replay"] = keep_case(project, call)
    return row


def _of_unknown(project: Project, call: Call) -> NewObservation:
    """Return the observation of a call of which no tool is known; one that was refused may be a slip of the hand."""
    with project.store.read() as tx:
        role = call.lane({row["task_id"]: row["role"] for row in tx.all("parity.lanes")})
    legacy: Facts = {"exit": DONE if call.end["exit_code"] == 0 else REFUSED}
    if legacy["exit"] != DONE:
        why = "the original refused it, and nobody knows what it asks"
        return _row(call, role, UNCLEAR, why, [], legacy, {}, None)
    row = _row(call, role, MISMATCH, "", [_untranslated(call.note["untranslated"], legacy)], legacy, {}, None)
    row["replay"] = keep_case(project, call)
    return row


def _untranslated(words: list[str], legacy: Facts) -> Difference:
    """Return what a call says whose words could not all be read: nothing that our side did answers it."""
    return {"field": CALL, "legacy": legacy["exit"], "own": f"untranslated: {' '.join(words)}"}


def _of(call: Call) -> tuple[str, str, bool]:
    return operation_of(call.note["tool"]), call.note["task_id"], bool(call.note["read_only"])


def _doubt(call: Call, waiting: list[Call], base: Base, legacy: Outcome, mark: MirrorMark, *, mismatch: bool) -> str:
    """Return why nothing can be concluded from a comparison, "" when it counts; `mark` is what we knew before it."""
    _operation, task_id, read_only = _of(call)
    late = mark.get("written_ns", 0) > call.begun_ns  # our side knows something that was written after the call began
    if read_only:
        return "the legacy side changed while the call was looking" if late and mismatch else ""
    if call.after is None:
        return "the old database could not be captured after the call"
    for other in waiting:
        changes_it = other.note["task_id"] == task_id and not other.note["read_only"]
        if changes_it and call.begun_ns < other.begun_ns < call.after.taken_ns:
            return f"another call changed the same task before the outcome was captured: {other.call_id}"
    if not late:
        return ""
    if mismatch:
        return "our side knew already what was done on the legacy side meanwhile"
    nothing_new = legacy.exit_code == 0 and not legacy.records and _same(legacy.state, base.state)
    if nothing_new or mark.get("read_ns", 0) >= call.ended_ns:
        return "our side knew the outcome already when the call was compared"
    return ""


def _doubt_of_output(legacy: Outcome, differences: list[Difference]) -> str:
    """Return why a call whose output is not known whole says nothing; "" when something else differs."""
    if not legacy.unread or not differences or any(row["legacy"] not in (UNREAD, UNAVAILABLE) for row in differences):
        return ""
    return f"what it printed is not known whole: {legacy.unread}"


def _same(left: Mapping[str, object] | None, right: Mapping[str, object] | None) -> bool:
    names = ("status", "owner", "branch", "commit_sha")
    return left is not None and right is not None and all((left.get(x) or "") == (right[x] or "") for x in names)


def _mark(project: Project) -> MirrorMark:
    """Return what our store knows of the legacy side: when that was read, and when it had last been written to (ns)."""
    with project.store.read() as tx:
        text = tx.value("sources.meta", key=MARK_KEY)
    mark: MirrorMark = stored(text, dict, "meta, parity")
    return mark


def _row(
    call: Call,
    role: str,
    verdict: str,
    note: str,
    differences: list[Difference],
    legacy: Facts,
    own: Facts,
    own_ms: int | None,
) -> NewObservation:
    """Return a row of `parity_observations`."""
    return {
        "call_id": call.call_id,
        "at": call.note["at"],
        "role": role,
        "operation": operation_of(call.note["tool"]),
        "task_id": call.note["task_id"] or None,
        "verdict": verdict,
        "note": note or None,
        "differences": jsonio.dumps(differences),
        "legacy_result": jsonio.dumps(legacy),
        "own_result": jsonio.dumps(own),
        "replay": None,
        "legacy_ms": call.end.get("duration_ms"),
        "own_ms": own_ms,
    }
