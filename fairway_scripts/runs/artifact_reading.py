"""Showing the file that evidence names: only one that is what it was, inside the repository, its secrets taken out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.regular_files import read_regular
from fairway_scripts.project.registry import folder_of
from fairway_scripts.project.secrets.secret_guard import redact_text
from fairway_scripts.runs.evidence_check import ADDRESS, OK, Places

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.runs.run_shapes import ArtifactOf, ShownArtifact

#: Larger files are not shown, in bytes: a secret in them would have to be looked for.
MOST_BYTES = 2 << 20


def read_artifact(project: Project, evidence_id: int) -> ShownArtifact:
    """The artifact of an evidence record as `{evidence_id, name, text}`; bytes that are no UTF-8 are written out.

    The file has to have the recorded sha256, to lie in a work tree of the repository or in a folder that the tools keep
    beside the store, links followed, and to be a regular file of at most MOST_BYTES. Secrets stand as
    `[redacted: RULE]`. Raises FairwayError: `not_found` (record, artifact), `evidence_changed`, `file_unavailable`.
    """
    with project.store.read() as tx:
        record = tx.one("oversight.artifact", evidence_id=evidence_id)
    if record is None or not record["artifact_path"]:
        raise FairwayError("not_found", f"there is no evidence {evidence_id} with an artifact", suggest("queue-list"))
    path = record["artifact_path"]
    places = Places(project)
    of: ArtifactOf = {
        "task_id": record["task_id"],
        "id": record["id"],
        "branch": record["branch"],
        "commit_sha": record["commit_sha"],
    }
    seen, file = places.look(path, record["artifact_sha256"], of)
    again = suggest("evidence-verify", TASK_ID=record["task_id"])
    if seen["status"] == ADDRESS:
        raise FairwayError("file_unavailable", f"{path} is an address, not a file")
    if seen["status"] != OK:
        raise FairwayError("evidence_changed", f"{path} is not what was recorded: {seen['status']}", again)
    data = places.blob(record["commit_sha"] or "", path) if not file else _read(project, places, file, path)
    if data is None or len(data) > MOST_BYTES:
        raise FairwayError("file_unavailable", f"{path} is larger than {MOST_BYTES >> 20} MiB", again)
    text = redact_text(project, data.decode("utf-8", "backslashreplace"), path)
    return {"evidence_id": evidence_id, "name": os.path.basename(path), "text": text}


def _read(project: Project, places: Places, file: str, path: str) -> bytes:
    real = os.path.realpath(file)
    kept = os.path.realpath(folder_of(project))
    inside = any(real.startswith(os.path.realpath(tree["path"]).rstrip("/") + "/") for tree in places.trees)
    common = os.path.dirname(kept)
    if real.startswith(common + "/"):  # of git's own folder only what tools keep in folders there, not store and key
        inside = os.path.dirname(real) != kept and real.startswith(kept + "/")
    if not inside:
        raise FairwayError("file_unavailable", f"{path} lies outside the work trees of the repository")
    try:
        return read_regular(real, MOST_BYTES)
    except OSError as fault:
        raise FairwayError("file_unavailable", f"{path} cannot be shown: {fault.strerror or fault}") from fault
