"""What a check-up finds: stable keys, three levels, one order."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import DoctorFinding, MarkedFinding

ERROR = "error"
WARNING = "warning"
NOTE = "note"
LEVELS = (ERROR, WARNING, NOTE)

#: Every finding that `queue-doctor` can have, and what it means. A key keeps its meaning: projects suppress by it.
KEYS = {
    "python_old": "the interpreter is older than the suite needs",
    "package_missing": "a Python package that the suite needs is not installed",
    "byte_code_stale": "every call compiles modules anew",
    "clock_frozen": "FAIRWAY_NOW stops the clock",
    "git_missing": "git cannot be started",
    "git_old": "git is older than reviews and merge-ready need",
    "repository_missing": "the project is in no git repository",
    "repository_refused": "git refuses the repository: another owner, or a format that it does not know",
    "targets_left": "the Makefile has recipes of its own for targets of the suite",
    "targets_unknown": "the Makefile cannot be read without running something of it",
    "main_branch_missing": "the integration branch that the configuration names is not there",
    "clone_shallow": "the history of the clone is cut off",
    "hook_stale": "a hook of git names a program that is not there",
    "include_missing": "a worktree's Makefile includes the fragment by a path that leads nowhere",
    "repository_broken": "a .git file points to a repository that is not there",
    "config_missing": "there is no configuration file, or not where it was said to be",
    "config_invalid": "the configuration file has errors",
    "config_doubtful": "the configuration file has something that is probably not meant",
    "lanes_missing": "the configuration names no lane",
    "queue_file_missing": "there is no queue file",
    "queue_file_invalid": "the queue file has errors",
    "store_newer": "a later version of the suite made the store",
    "store_outdated": "the store waits for queue-migrate",
    "store_damaged": "the store is damaged",
    "store_lost": "the store that was there is gone",
    "store_foreign": "the store is that of another repository, or a copy: it is only read",
    "store_not_shared": "the repository is shared, and the store was made for one user",
    "defining_checkout": "git records no main checkout: which one's queue file defines the tasks",
    "store_busy": "the store stays locked",
    "store_unavailable": "the store cannot be opened",
    "store_read_only": "the store or its folder cannot be written",
    "store_on_shared_mount": "the store lies on a network or container mount",
    "journal_unfit": "the store's journal mode does not fit its file system",
    "server_old": "the server of the store is older than any that is known to work",
    "server_standby": "the server of the store is a standby, which takes no change",
    "server_collation": "a text of the store is not compared byte by byte on its server",
    "server_clock": "the clocks of the server and of this machine differ",
    "server_slow": "each question to the server of the store takes long",
    "server_plain": "the server of the store is reached over a network without encryption",
    "server_role": "the role that is used on the server may less, or more, than a writer's",
    "password_file": "the file with the server's password can be read by others",
    "derived_columns": "what is kept about readiness differs from what follows from the tasks",
    "ledger_unanchored": "nothing outside the store says how far the ledger was at any time",
    "disk_space": "the store's file system is almost full",
    "part_file": "an interrupted write left a file behind",
    "old_backup": "a backup from before an upgrade is still there",
    "lane_unknown": "unfinished tasks belong to a lane that the configuration does not have",
    "front_door_stale": "the front doors of a cut-over go by what the store or the host's profile said before",
    "originals_missing": "lanes wait for the answers of older scripts that are not there",
    "write_back_failed": "a change of a lane that is cut over did not reach the legacy side",
    "worktree_missing": "a lane has no worktree",
    "wrong_branch": "a lane's worktree is on another branch",
    "worktree_gone": "git remembers a worktree whose folder is gone",
    "worktree_unlinked": "a worktree looks for its repository where it is not",
    "suppress_unknown": "doctor.suppress names no finding",
    "other": "something else stands in the way",
}


def finding(key: str, level: str, message: str, fix: str) -> DoctorFinding:
    """One finding; `fix` is the command line that mends it. Raises ValueError for a key or level that is none."""
    if key not in KEYS or level not in LEVELS:
        raise ValueError(f"no finding {key!r} of level {level!r}")
    return {"key": key, "level": level, "message": message, "fix": fix}


def sorted_findings(findings: list[DoctorFinding]) -> list[DoctorFinding]:
    """Errors first; otherwise in the order in which they were found."""
    return sorted(findings, key=lambda item: LEVELS.index(item["level"]))


def marked(findings: list[DoctorFinding], suppress: list[str]) -> list[MarkedFinding]:
    """The findings, each with `suppressed`: whether the project has accepted its key."""
    return [{**item, "suppressed": item["key"] in suppress} for item in findings]
