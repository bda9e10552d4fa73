"""The manifest of a bundle of evidence: what ran, what came of it, and the sha256 of every artifact."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NoReturn

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.formats.input_file import read_document, refuse_faults
from fairway_scripts.formats.json_text import read_json

if TYPE_CHECKING:
    from fairway_scripts.runs.run_shapes import Manifest, ManifestEntry


SCHEMA = "evidence-manifest/1"
#: Where the paths of a manifest begin: at the top of the work tree, or at the folder of the manifest itself.
ROOTS = ("worktree", "folder")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def read_manifest(path: str, data: bytes | None = None) -> Manifest:
    """A manifest as `{task_id, root, commit, artifacts: [{path, sha256, size}]}`; `commands` are left unread.

    `data` is the text when it does not lie in the file.

    Raises FairwayError `not_found`, `file_unavailable`, and `invalid_document` with the line or the place of the fault.
    """
    value, faults = read_json(read_document(path).data if data is None else data, path)
    refuse_faults(path, faults, "manifests are written by evidence-bundle")
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        _refuse(path, "schema", f"this is no manifest: schema is not {SCHEMA}")
    root, task_id, commit = value.get("root"), value.get("task_id"), value.get("commit")
    if not isinstance(root, str) or root not in ROOTS:
        _refuse(path, "root", f"is none of {', '.join(ROOTS)}")
    artifacts = value.get("artifacts")
    if not isinstance(artifacts, list):
        _refuse(path, "artifacts", "is not a list")
    if task_id is not None and not isinstance(task_id, str):
        _refuse(path, "task_id", "is not text")
    if commit is not None and not isinstance(commit, str):
        _refuse(path, "commit", "is not text")
    read = [_artifact(path, at, entry) for at, entry in enumerate(artifacts)]
    names = [entry["path"] for entry in read]
    for at, name in enumerate(names):
        if name in names[:at]:
            _refuse(path, f"artifacts[{at}].path", f"names {name!r} a second time")
    return {"task_id": task_id, "root": root, "commit": commit, "artifacts": read}


def unsafe_path(path: str) -> str:
    """What is wrong with a path of a manifest, "" when it stays below its root."""
    if not path or "\0" in path:
        return "is no path"
    if os.path.isabs(path) or ".." in path.split("/"):
        return f"{path!r} leaves the folder that the manifest speaks of"
    return ""


def _artifact(path: str, at: int, entry: object) -> ManifestEntry:
    place = f"artifacts[{at}]"
    if not isinstance(entry, dict):
        _refuse(path, place, "is not an object")
    name, sha256, size = entry.get("path"), entry.get("sha256"), entry.get("size")
    if not isinstance(name, str):
        _refuse(path, f"{place}.path", "is not text")
    fault = unsafe_path(name)
    if fault:
        _refuse(path, f"{place}.path", fault)
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        _refuse(path, f"{place}.sha256", "is not 64 hex digits")
    if not isinstance(size, str) or not size.isdigit():
        _refuse(path, f"{place}.size", "is not a number of bytes")
    return {"path": name, "sha256": sha256, "size": int(size)}


def _refuse(path: str, place: str, what: str) -> NoReturn:
    raise FairwayError("invalid_document", f"{path}: {place}: {what}", "manifests are written by evidence-bundle")
