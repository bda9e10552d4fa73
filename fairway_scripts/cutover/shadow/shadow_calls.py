"""The calls that wait to be compared: the spool that the front door fills, one folder a call."""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.door.engines import legacy_db_path
from fairway_scripts.cutover.shadow.moment import NAME as MOMENT
from fairway_scripts.store.legacy_snapshot import read_snapshot, take_snapshot

if TYPE_CHECKING:
    from fairway_scripts.cutover.cutover_shapes import CallEnd, CallNote
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.legacy_snapshot import Snapshot

#: The lane of what belongs to no lane.
NO_LANE = "*"
ENDED, RUNNING, LOST = "ended", "running", "lost"
#: A call without an end that began before this (seconds) is lost, whoever has its process number now.
_LONGEST = 24 * 3600
#: How much of a side's answer is read (bytes).
_MOST = 1 << 22
_CALL, _DONE, _AFTER = "call.json", "done.json", "after"


class Call(NamedTuple):
    """One call of the spool.

    `note` is what the front door wrote before the original started, `end` what it wrote after ({} without an end);
    `begun_ns` and `ended_ns` are when, by the clock of the machine, in nanoseconds since 1970 (0: no end).
    """

    call_id: str
    folder: str
    note: CallNote
    end: CallEnd
    begun_ns: int
    ended_ns: int

    @property
    def standing(self) -> str:
        """`ended`, `running`, or `lost`: its front door died and nobody will say how it ended."""
        if self.end:
            return ENDED
        young = time.time_ns() - self.begun_ns < _LONGEST * 10**9
        return RUNNING if young and _runs(self.call_id) else LOST

    def place(self, name: str) -> str:
        """Return the path of a file of its folder."""
        return os.path.join(self.folder, name)

    @property
    def unread(self) -> str:
        """Return why what it printed is not known whole, "" when it is."""
        lost: dict[str, str] = {name: why_unread(self.place(name)) for name in ("out", "err")}
        lost |= self.end.get("unread") or {}
        return next((why for why in lost.values() if why), "")

    def lane(self, lane_of: dict[str, str]) -> str:
        """Return the lane of the call: its ROLE, else that of its task, `NO_LANE` when it has neither."""
        return self.note["role"] or lane_of.get(self.note["task_id"], NO_LANE)

    @property
    def after(self) -> Snapshot | None:
        """Return the old database soon after the call, None as long as nobody has captured it."""
        return read_snapshot(self.place(_AFTER))


def spool(project: Project) -> str:
    """Return the folder of the spool, "" outside a git repository."""
    return os.path.join(project.repository.common_dir, "fairway", "shadow") if project.repository else ""


def waiting_calls(project: Project) -> list[Call]:
    """List the calls of the spool, oldest first; what a front door has not finished writing is not among them."""
    folder = spool(project)
    try:
        names = os.listdir(folder) if folder else []
    except FileNotFoundError:
        return []
    calls = [call for name in names if (call := read_call(os.path.join(folder, name))) is not None]
    return sorted(calls, key=lambda call: (call.begun_ns, call.call_id))


def read_call(folder: str) -> Call | None:
    """Return the call of a folder, None when there is none."""
    call_id = os.path.basename(folder)
    note: CallNote | None = _read(os.path.join(folder, _CALL))
    done: CallEnd | None = _read(os.path.join(folder, _DONE))
    end: CallEnd = done or {}
    if not note or not note.get("tool"):
        return None
    try:
        ended_ns = os.stat(os.path.join(folder, _DONE)).st_mtime_ns if end else 0
        return Call(call_id, folder, note, end, _begun(call_id), ended_ns)
    except (OSError, ValueError):
        return None


def capture(project: Project, call: Call) -> None:
    """Keep the old database as it is now beside a call, unless that was done already.

    What the front door copied as the original ended goes before what is there by now. A database that cannot be copied
    is left: the call is then compared by what it printed alone.
    """
    if call.after is not None:
        return
    database, taken = legacy_db_path(project), call.end.get("moment", 0)
    try:
        if taken and call.note["database"] == database:
            take_snapshot(database, call.place(_AFTER), kept=call.place(MOMENT), taken=taken)
        else:
            take_snapshot(database, call.place(_AFTER))
    except FairwayError as problem:
        project.notes.append(f"{call.call_id}: {problem.message}")


def remove_call(call: Call) -> None:
    """Take a call out of the spool; what says that there is a call goes first, so that half a call is never read.

    Raises FairwayError `file_unavailable`.
    """
    try:
        os.unlink(call.place(_CALL))
        shutil.rmtree(call.folder)
    except FileNotFoundError:
        return
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{call.folder}: cannot be removed: {problem.strerror}") from problem


def remove_remains(project: Project) -> None:
    """Remove folders in which no call was ever noted, or of which only a part was removed."""
    folder = spool(project)
    for name in os.listdir(folder) if folder and os.path.isdir(folder) else ():
        place = os.path.join(folder, name)
        if not os.path.exists(os.path.join(place, _CALL)) and not _runs(name):
            shutil.rmtree(place, ignore_errors=True)


def read_text(path: str) -> str:
    """Return a file as text, its first 4 MB of a larger one; "" when there is none."""
    try:
        with open(path, "rb") as file:
            return file.read(_MOST).decode("utf-8", "replace")
    except OSError:
        return ""


def why_unread(path: str) -> str:
    """Return why what `read_text` gives of a file is not all that it should have, "" when it is."""
    try:
        return f"it is larger than {_MOST} bytes" if os.stat(path).st_size > _MOST else ""
    except OSError as problem:
        return str(problem.strerror)


def _read(path: str) -> Any:
    """Return the object that the front door wrote to a file, None for anything else."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            found = jsonio.loads(file.read())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _begun(call_id: str) -> int:
    """Return when a call began, which its id says: `20260504T100000123456789Z-4711`. Raises ValueError."""
    import calendar

    stamp = call_id.partition("Z-")[0]
    whole = calendar.timegm(time.strptime(stamp[:15], "%Y%m%dT%H%M%S"))
    return whole * 10**9 + int(stamp[15:])


def _runs(call_id: str) -> bool:
    from fairway_scripts.programs.processes import start_mark

    number = call_id.rpartition("-")[2]
    return number.isdecimal() and bool(start_mark(int(number)))
