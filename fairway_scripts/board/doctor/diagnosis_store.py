"""The part of a check-up that looks at the store and at the place where it lies."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, paths
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.base.git_folder import permissions, shared_permissions
from fairway_scripts.base.part_files import writer_of
from fairway_scripts.board.orchestrator.findings import ERROR, NOTE, WARNING, finding
from fairway_scripts.git.anchor_ref import REF
from fairway_scripts.git.git import ask
from fairway_scripts.project.places import store_folder
from fairway_scripts.project.project import is_born
from fairway_scripts.store.contract import is_server
from fairway_scripts.store.refusals import restore_line
from fairway_scripts.store.sqlite.upgrade import needs_rollback_journal

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import DoctorFinding
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import WriteBacksFailures

_MIB = 1 << 20
DISK_LOW = 200 * _MIB
DISK_FULL = 20 * _MIB
#: So many events are a ledger that somebody would miss.
WORTH_ANCHORING = 100
#: A backup from before an upgrade that is older than this has done its duty.
BACKUP_SECONDS = 30 * 86400.0
_BEFORE_UPGRADE = ".before-schema-"


def store_findings(project: Project) -> list[DoctorFinding]:
    """What is wrong with the store, its file system and its folder."""
    if is_server(project.store_place.path):
        from fairway_scripts.board.doctor.diagnosis_server import server_findings

        found = [*server_findings(project), *_leftovers(project), *_checkout(project)]
    else:
        found = [*_place(project), *_leftovers(project), *_checkout(project), *_ownership(project)]
    if project.store is None or not is_born(project.store):
        return found
    try:
        return [*_contents(project), *found]
    except FairwayError as problem:
        return [finding(problem.word, ERROR, problem.message, problem.hint), *found]


def _checkout(project: Project) -> list[DoctorFinding]:
    """Which checkout's queue file counts, where git does not record a main checkout."""
    if project.repository is None or project.repository.main_worktree is not None or not project.root_found:
        return []
    message = f"the tasks are defined by the queue file of {project.root} ({project.root_found})"
    return [finding("defining_checkout", NOTE, message, suggest("queue-where"))]


def _ownership(project: Project) -> list[DoctorFinding]:
    """Whether the store may be written by the caller at all, and by everybody who shares his repository."""
    found = []
    if project.store is not None and project.store.guard is not None:
        refusal = project.store.guard
        found.append(finding("store_foreign", WARNING, refusal.message, refusal.hint))
    path = project.store_place.path
    shared = shared_permissions(os.path.dirname(path))
    if shared is None or not os.path.exists(path):
        return found
    for place in (path, os.path.dirname(path)):
        mode = os.stat(place).st_mode
        if mode & 0o7777 != permissions(mode, *shared):
            message = f"{place} can be used by fewer than core.sharedRepository says"
            fix = f"chmod {permissions(mode, *shared):o} '{place}'"
            found.append(finding("store_not_shared", WARNING, message, fix))
    return found


def _contents(project: Project) -> list[DoctorFinding]:
    path, found = project.store.path, []
    with project.store.read() as tx:
        broken = [line for line in tx.column("reports.quick_check") if line != "ok"]
        journal = str(tx.value("reports.journal_mode")).lower()
        if broken:
            message = f"{path} is damaged: {broken[0]}"
            return [finding("store_damaged", ERROR, message, restore_line(path))]
        differing = tx.column("reports.derived_mismatches", initial=settings_of.initial_status(project.settings))
        lanes = tx.all("reports.lanes_with_work")
        failures = tx.all("write_backs.failures")
    if not is_server(path):
        found += _journal(path, journal, needs_rollback_journal(path))
    if differing:
        message = f"what is ready is not kept right for {_some(differing)}"
        found.append(finding("derived_columns", ERROR, message, suggest("queue-verify")))
    found += [*_write_backs(failures), *_front_door(project), *_anchor(project)]
    known = settings_of.lanes(project.settings)
    for row in lanes:
        if known and row["lane"] not in known:
            message = f"{row['tasks']} unfinished task(s) belong to lane {row['lane']}, which is not configured"
            message += f"; {suggest('queue-update', TASK_ID=None, TO_ROLE=None)} moves one of the store to another lane"
            fix = suggest("fairway-config", "add-lane", row["lane"])
            found.append(finding("lane_unknown", WARNING, message, fix))
    return found


def _anchor(project: Project) -> list[DoctorFinding]:
    """A hint where much is on record and nothing is anchored: a ledger rewritten as a whole is found by an anchor."""
    with project.store.read() as tx:
        head = tx.one("verification.head") or {"events": 0}
    if head["events"] < WORTH_ANCHORING or project.repository is None or paths.read_ref(project.repository, REF):
        return []
    message = f"the ledger is not anchored: who rewrites all of {project.store.path} is not found out"
    return [finding("ledger_unanchored", NOTE, message, suggest("queue-anchor"))]


def _write_backs(failures: list[WriteBacksFailures]) -> list[DoctorFinding]:
    """What the older scripts were not told of lanes that have moved or went back."""
    if not failures:
        return []
    tasks = _some(list(dict.fromkeys(row["task_id"] for row in failures)))
    said = " ".join(str(failures[0]["last_error"] or "").split())
    message = f"the older scripts do not know the status of {len(failures)} task(s) ({tasks}): {said}"
    return [finding("write_back_failed", WARNING, message, suggest("lane-engine", DELIVER=True))]


def _front_door(project: Project) -> list[DoctorFinding]:
    """Whether calls are sent to the side that the store and the host's profile name: both may have changed since."""
    from fairway_scripts.cutover.door.engines import front_door_path, is_front_door_current

    try:
        if is_front_door_current(project):
            return []
        message = f"{front_door_path(project)} does not say what the store and compat/profile.toml say"
    except FairwayError as problem:
        message = f"the front doors go by an older compat/profile.toml: {problem.message}"
    return [finding("front_door_stale", WARNING, message, suggest("lane-engine"))]


def _journal(path: str, journal: str, shared: str) -> list[DoctorFinding]:
    """Shared memory, which WAL needs, does not hold on network and container mounts."""
    if shared and journal == "wal":
        message = f"{path} lies on {shared} and uses WAL, which can damage it there"
        return [finding("journal_unfit", ERROR, message, suggest_program("sqlite-utils", "disable-wal", path))]
    if shared:
        message = f"{path} lies on {shared}, so it uses a rollback journal: readers and writers wait for each other"
        return [
            finding("store_on_shared_mount", NOTE, message, "let QUEUE_DB name a file on a local disk, or accept it")
        ]
    if journal not in ("wal", "memory"):
        message = f"{path} uses the journal mode {journal}: readers and writers wait for each other"
        return [finding("journal_unfit", WARNING, message, suggest_program("sqlite-utils", "enable-wal", path))]
    return []


def _place(project: Project) -> list[DoctorFinding]:
    """Whether the store can be written where it lies, or will lie."""
    path = project.store_place.path
    folder = os.path.dirname(path)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    found = []
    locked = next((place for place in (path, folder) if os.path.exists(place) and not os.access(place, os.W_OK)), "")
    if locked:
        found.append(
            finding("store_read_only", ERROR, f"{locked} cannot be written", suggest_program("ls", "-ld", locked))
        )
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    if free < DISK_LOW:
        level = ERROR if free < DISK_FULL else WARNING
        message = f"{folder} has {free // _MIB} MiB left"
        found.append(finding("disk_space", level, message, suggest_program("df", "-h", folder)))
    return found


def _leftovers(project: Project) -> list[DoctorFinding]:
    found = []
    folder = store_folder(project)
    inside = [entry.path for entry in os.scandir(folder) if entry.is_dir()] if os.path.isdir(folder) else []
    folders = [folder, *inside, project.root, os.path.join(project.root, ".fairway")]
    if project.queue.path:
        folders.append(os.path.dirname(project.queue.path))
    for path in sorted({*_files(folders), *_unfinished(project)}):
        writer = writer_of(os.path.basename(path))
        if writer is not None and not _is_running(writer):
            message = f"an interrupted write left {path} behind"
            found.append(finding("part_file", WARNING, message, suggest_program("rm", path)))
        elif _BEFORE_UPGRADE in path and _age(path) > BACKUP_SECONDS:
            message = f"{path} was kept from before an upgrade, {clock.span_text(_age(path))} ago"
            found.append(finding("old_backup", NOTE, message, suggest_program("rm", path)))
    return found


def _unfinished(project: Project) -> set[str]:
    """Files in the work tree, also ignored ones, whose names say that they were being written."""
    if project.repository is None or project.repository.worktree is None:
        return set()
    try:
        listed = ask(project.worktree, "ls-files", "-z", "--full-name", "--others", "--", ":(top,glob)**/*.part")
    except FairwayError:
        return set()
    top = str(project.repository.worktree)
    return {os.path.realpath(os.path.join(top, os.fsdecode(name))) for name in listed.split(b"\0") if name}


def _files(folders: list[str]) -> list[str]:
    found: set[str] = set()
    for folder in folders:
        if os.path.isdir(folder):
            found.update(os.path.realpath(entry.path) for entry in os.scandir(folder) if entry.is_file())
    return sorted(found)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return pid > 0


def _age(path: str) -> float:
    from datetime import datetime, timezone

    written = datetime.fromtimestamp(os.stat(path).st_mtime, timezone.utc)
    return clock.elapsed(clock.text(written), clock.now())


def _some(ids: list[str]) -> str:
    more = f" and {len(ids) - 5} more" if len(ids) > 5 else ""
    return ", ".join(ids[:5]) + more
