"""Keeping an artifact of a utility as evidence of a task: one file, its sha256, one transaction."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import digest
from fairway_scripts.base.git_folder import make_folder, share
from fairway_scripts.formats.file_replacement import replace_file
from fairway_scripts.project.changes import Change
from fairway_scripts.project.places import store_folder
from fairway_scripts.project.secrets.secret_guard import redact_text
from fairway_scripts.work.records import artifact_columns, insert_evidence, tested_columns

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import UtilityCall
    from fairway_scripts.project.project import Project
    from fairway_scripts.work.evidence import NewEvidence
    from fairway_scripts.work.work_shapes import Kept


def attach(
    project: Project, args: UtilityCall, task_id: str, text: str, *, result: str, title: str, artifact_type: str = ""
) -> Kept:
    """Record an artifact as evidence of a task.

    It is kept in the file of OUTPUT, else beside the store under the name of its hash. `result` says what was
    observed; the evidence is a record of that, never an approval. Returns `{text, task_id, evidence_id, path,
    sha256}`, for a repeated REQUEST_ID those of the first call. Raises FairwayError: `not_found`,
    `fence_outdated`, `file_unavailable`.
    """
    with Change(project, args) as change:
        repeated: Kept | None = change.repeated()
        if repeated is not None:
            return repeated
        change.state(task_id)
        text = redact_text(project, text, "the artifact")
        sha256 = digest.of_text(text)
        path = keep_file(project, args, task_id, text, sha256)
        artifact = artifact_columns(project, path)
        row: NewEvidence = {
            "command_text": f"{args.tool} --attach {task_id}",
            "result": result,
            "artifact_type": artifact_type or args.tool,
            "duration_seconds": None,
            "notes": title,
            "producer": "runner",
            "run_by": project.tool,
            **artifact,
            **tested_columns(project, "", artifact["artifact_path"], change.tx),
        }
        row_id = insert_evidence(change, task_id, row)
        change.record("evidence_recorded", task_id, {"table": "task_evidence", "row_id": row_id, **row})
        kept: Kept = {"text": text, "task_id": task_id, "evidence_id": row_id, "path": path, "sha256": sha256}
        return change.finish(kept)


def keep_file(project: Project, args: UtilityCall, task_id: str, text: str, sha256: str) -> str:
    """Write an artifact's file, whole or not at all; its absolute path. Raises FairwayError `file_unavailable`."""
    path = os.path.abspath(args.output) if args.output else ""
    if not path:
        folder = os.path.join(store_folder(project), "artifacts")
        make_folder(folder)
        plain = "".join(char if char.isalnum() or char in "-_." else "_" for char in task_id)
        path = os.path.join(folder, f"{plain}-{args.tool}-{sha256[:16]}.{'json' if args.json else 'md'}")
    replace_file(path, text.encode())
    share(path)
    return path
