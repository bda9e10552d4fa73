"""Looking at processes that are no children of ours."""

from __future__ import annotations

from fairway_scripts.programs.processes import start_mark


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or only waits to be collected by a parent that is gone itself."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] in ("Z", "X")
    except OSError:
        return not start_mark(pid)
