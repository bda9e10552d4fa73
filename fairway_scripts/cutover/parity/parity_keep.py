"""Recording a call of an older script as a case file, which can be compared later without the script."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, digest
from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.cutover.door.engines import legacy_db_path
from fairway_scripts.cutover.parity.case_file import packed, write_case
from fairway_scripts.git.work_tree import changed_files, tree_state
from fairway_scripts.programs.taped_call import run_taped
from fairway_scripts.project.opening import locate
from fairway_scripts.project.places import queue_place
from fairway_scripts.project.settings_in_force import settings_from_file
from fairway_scripts.store.legacy_contents import changes_between, digest_of, read_contents

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import ParityReportKeep
    from fairway_scripts.cutover.parity.parity_shapes import Case, Meaning
    from fairway_scripts.project.project import Project


def record_call(args: ParityReportKeep, meaning: Meaning, environment: dict[str, str]) -> int:
    """Run the command of a call for its caller and write the case.

    Returns its exit code, or its signal negated. `meaning` is how one of our tools is asked the same;
    `environment` the known variables that are set. Everything that can go wrong on our side is tried before the command
    runs; what keeps the case from being written afterwards is a note. Raises FairwayError: `git_unavailable` (no
    repository), `already_exists` (the file, without `replace`), `file_unavailable` (its folder), the errors of the old
    database; OSError when the command cannot be started.
    """
    out = os.path.abspath(args.out)
    _refuse_place(out, replace=args.replace)
    project = locate(args)
    if project.repository is None:
        raise FairwayError("git_unavailable", f"{project.root} is in no git repository", "run it in a checkout")
    project.settings = settings_from_file(project)
    project.queue = queue_place(project, args)
    database = os.path.abspath(args.legacy_db) if args.legacy_db else legacy_db_path(project)
    queue, top = project.queue.path, project.worktree
    queue_file = digest.of_file(queue) if queue and os.path.isfile(queue) else ""
    rows_before, before = read_contents(database), tree_state(top)
    at = clock.now()
    tape = run_taped(args.call, dict(os.environ))
    try:
        rows, after = read_contents(database), tree_state(top)
        files = changed_files(top, before, after, out)
        case: Case = {
            "name": args.name or os.path.basename(args.out).removesuffix(".toml"),
            "captured_at": at,
            "duration_ms": tape.milliseconds,
            "call": {
                "argv": [packed(word) for word in args.call],
                "cwd": os.path.relpath(os.path.realpath(os.getcwd()), top),
                "worktree": _lane_of(project),
                **meaning,
                "own_argv": [packed(word) for word in meaning["own_argv"]],
                "stdin": packed(tape.stdin),
                "environment": {key: packed(value) for key, value in sorted(environment.items())},
            },
            "before": {"commit": before.commit, "queue_file": queue_file, "database": digest_of(rows_before)},
            "after": {"commit": after.commit, "database": digest_of(rows)},
            "result": {
                "exit_code": tape.exit_code,
                "stdout": packed(tape.stdout),
                "stderr": packed(tape.stderr),
            },
            "files": [{"path": packed(row["path"]), "before": row["before"], "after": row["after"]} for row in files],
            "rows": changes_between(rows_before, rows),
        }
        write_case(out, case)
    except FairwayError as problem:
        project.notes.append(f"the call is done, but {out} was not written: {problem.message}")
    return tape.exit_code


def _lane_of(project: Project) -> str:
    """Return the name of the linked worktree that the call is made in, "" for the main checkout."""
    repository = project.repository
    if repository is None or repository.git_dir == repository.common_dir:
        return ""
    return os.path.basename(project.worktree)


def _refuse_place(path: str, *, replace: bool) -> None:
    if os.path.lexists(path) and not replace:
        raise FairwayError("already_exists", f"{path} exists", "name another --out, or say --replace", path=path)
    folder = os.path.dirname(path)
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise FairwayError(
            "file_unavailable", f"{folder} is no folder to write in", suggest_program("mkdir", "-p", folder), path=path
        )
