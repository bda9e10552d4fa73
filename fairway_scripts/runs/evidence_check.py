"""Proving that artifacts are what they were: every file that evidence names is hashed again.

An artifact's path is relative to the work tree in which it was recorded, which is not recorded itself: the tree that
has the record's branch is asked first, then the others, then the commit that was tested.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from fairway_scripts.base import digest
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.progress import counted
from fairway_scripts.git import references
from fairway_scripts.git.git import ask
from fairway_scripts.runs.evidence_manifest import SCHEMA, read_manifest
from fairway_scripts.work.evidence import is_address

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.runs.run_shapes import ArtifactOf, ArtifactState, CheckedArtifact, SearchedTree, SeenFile

OK, CHANGED, MISSING, UNREADABLE = "ok", "changed", "missing", "unreadable"
#: A web address, and a record from before hashes were kept: neither can be checked.
ADDRESS, NO_HASH = "address", "no hash"
STATUSES = (OK, CHANGED, MISSING, UNREADABLE, ADDRESS, NO_HASH)
BAD = (CHANGED, MISSING, UNREADABLE)
MANIFEST_TYPE = SCHEMA.partition("/")[0]


def verify_evidence(project: Project, task_id: str) -> list[CheckedArtifact]:
    """A row for each artifact that evidence of a task (of all tasks for "") names, and for each entry of a manifest.

    Each is `{task_id, evidence_id, path, sha256, status, where, found_sha256, manifest}`; `where` names the work tree
    or commit that holds the file. Raises FairwayError `not_found` (task).
    """
    from fairway_scripts.project.changes import find_state

    with project.store.read() as tx:
        if task_id:
            find_state(tx, task_id)
        records = tx.all("evidence_checks.artifacts", task_id=task_id)
    places = Places(project)
    rows: list[CheckedArtifact] = []
    for record in counted(records, "reading artifacts", len(records)):
        of: ArtifactOf = {
            "task_id": record["task_id"],
            "id": record["id"],
            "branch": record["branch"],
            "commit_sha": record["commit_sha"],
        }
        row, file = places.look(record["artifact_path"] or "", record["artifact_sha256"], of)
        rows.append({"task_id": record["task_id"], "evidence_id": record["id"], **row, "manifest": ""})
        if record["artifact_type"] == MANIFEST_TYPE and row["status"] == OK:
            rows += _entries(places, file, of, row["path"])
    return rows


def verify_manifest(project: Project, path: str) -> list[CheckedArtifact]:
    """The same for the entries of one manifest file; no store is needed. Raises FairwayError `invalid_document`."""
    record: ArtifactOf = {"task_id": "", "id": None, "branch": None, "commit_sha": None}
    return _entries(Places(project), os.path.abspath(path), record, path)


def _entries(places: Places, file: str, record: ArtifactOf, shown: str) -> list[CheckedArtifact]:
    """The rows of a manifest's entries; with `file` "" the manifest lies in the commit of the record only."""
    data = None if file else places.blob(record["commit_sha"] or "", shown)
    manifest = read_manifest(file or shown, data)
    commit = record["commit_sha"] or manifest["commit"]
    base = os.path.dirname(file or shown) if manifest["root"] == "folder" else ""
    rows: list[CheckedArtifact] = []
    for entry in manifest["artifacts"]:
        path = os.path.join(base, entry["path"]) if base else entry["path"]
        row, _file = places.look(path, entry["sha256"], {**record, "commit_sha": commit})
        task_id = record["task_id"] or manifest["task_id"] or ""
        rows.append({**row, "task_id": task_id, "evidence_id": record["id"], "path": entry["path"], "manifest": shown})
    return rows


class Places:
    """Where an artifact may lie: the work trees of the repository, by the name that people know them by."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.repository = project.repository
        self.trees: list[SearchedTree] = []
        lanes = settings_of.lanes(project.settings) if project.settings else []
        by_branch = {settings_of.lane_branch(project.settings, lane): f"lane {lane}" for lane in lanes}
        for tree in references.worktrees(self.repository) if self.repository else []:
            if os.path.isdir(tree["path"]):
                name = "main checkout" if tree["main"] else f"worktree {os.path.basename(tree['path'])}"
                name = by_branch.get(tree["branch"] or "", name)
                self.trees.append({"path": tree["path"], "branch": tree["branch"], "name": name, "head": tree["head"]})
        if not self.trees:
            self.trees = [{"path": project.root, "branch": None, "name": "this folder", "head": None}]

    def look(self, path: str, sha256: str | None, record: ArtifactOf) -> tuple[ArtifactState, str]:
        """What became of one artifact, and the file that is the same as then ("" when there is none on disk)."""
        row: ArtifactState = {"path": path, "sha256": sha256, "status": OK, "where": "", "found_sha256": None}
        if is_address(path):
            return {**row, "status": ADDRESS}, ""
        if not sha256:
            return {**row, "status": NO_HASH}, ""
        seen = [_seen(tree, path) for tree in self._in_order(path, record["branch"])]
        seen = [one for one in seen if one["status"] != MISSING]
        first = seen[0] if seen else None
        home = first is not None and not os.path.isabs(path) and first["branch"] == record["branch"]
        same = next((one for one in seen if one["found_sha256"] == sha256), None)
        if same is not None and (same is first or not home):
            return {**row, "where": same["where"], "found_sha256": sha256}, same["file"]
        commit = record["commit_sha"]
        if commit and self._blob(commit, path) == sha256 and (first is None or self._was_committed(first, path)):
            return {**row, "where": f"commit {commit[:12]}", "found_sha256": sha256}, ""
        if first is None:
            return {**row, "status": MISSING}, ""
        status = CHANGED if first["status"] == OK else first["status"]
        return {**row, "status": status, "where": first["where"], "found_sha256": first["found_sha256"]}, ""

    def _in_order(self, path: str, branch: str | None) -> list[SearchedTree]:
        """The trees, the one of the record's branch first, then the one that the caller stands in."""
        if os.path.isabs(path):
            return [{"path": "/", "branch": None, "name": "its own path", "head": None}]
        here = self.project.worktree
        return sorted(self.trees, key=lambda tree: (branch is None or tree["branch"] != branch, tree["path"] != here))

    def _was_committed(self, seen: SeenFile, path: str) -> bool:
        """Whether a file that differs is the one of its tree's HEAD: then later commits have replaced it, openly."""
        return bool(seen["status"] == OK and seen["head"] and self._blob(seen["head"], path) == seen["found_sha256"])

    def blob(self, commit: str, path: str) -> bytes | None:
        """The bytes of a file in a commit, None when it is not there."""
        if self.repository is None or os.path.isabs(path):
            return None
        try:
            return ask(self.project.root, "cat-file", "blob", f"{commit}:{path}")
        except FairwayError:
            return None

    def _blob(self, commit: str, path: str) -> str | None:
        """The sha256 of a file in a commit, None when it is not there."""
        data = self.blob(commit, path)
        return None if data is None else digest.of_bytes(data)


def _seen(tree: SearchedTree, path: str) -> SeenFile:
    """A file as it is in one tree: its status is ok (it could be hashed), missing or unreadable."""
    file = os.path.join(tree["path"], path)
    found: SeenFile = {
        "status": OK,
        "where": tree["name"],
        "found_sha256": None,
        "file": file,
        "branch": tree["branch"],
        "head": tree["head"],
    }
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):
            return {**found, "status": UNREADABLE, "found_sha256": None}
        return {**found, "status": OK, "found_sha256": digest.of_file(file)}
    except (FileNotFoundError, NotADirectoryError):
        return {**found, "status": MISSING, "found_sha256": None}
    except (OSError, ValueError):
        return {**found, "status": UNREADABLE, "found_sha256": None}
