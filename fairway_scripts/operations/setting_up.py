"""Giving a project its configuration file."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from fairway_scripts import paths
from fairway_scripts import settings as settings_of
from fairway_scripts.documents.config_file import read_config, with_value
from fairway_scripts.documents.config_text import PRESETS, config_text
from fairway_scripts.documents.file_replacement import write_new_file
from fairway_scripts.documents.queue_file import read_queue_file
from fairway_scripts.errors import FairwayError, suggest, suggest_program
from fairway_scripts.rules.line_patterns import compile_pattern
from fairway_scripts.workspace import references

if TYPE_CHECKING:
    from fairway_scripts.paths import Repository


def write_config(preset: str, given: str) -> dict[str, Any]:
    """Write the configuration file of the main checkout, whichever worktree the call is made in.

    `preset` is `default` (every key with its default; lanes, main branch and task ids as the repository and its queue
    file have them) or `gpuaas`; `given` names another file ("" for none; then FAIRWAY_CONFIG counts). Nothing else is
    touched, and a file that exists is never changed. Returns {path, preset, lanes, fitted}: `fitted` are the keys
    that were set to what is there, with their values. Raises FairwayError: `already_exists`, `usage` (preset),
    `file_unavailable`.
    """
    if preset not in PRESETS:
        message = f"PRESET {preset!r} is none of {', '.join(PRESETS)}"
        raise FairwayError("usage", message, suggest("fairway-init", PRESET="gpuaas"))
    repository = paths.find_repository(os.getcwd())
    root = (repository and (repository.main_worktree or repository.worktree)) or os.path.realpath(os.getcwd())
    path = os.path.abspath(given or os.environ.get("FAIRWAY_CONFIG", "") or os.path.join(root, settings_of.CONFIG_PATH))
    lanes, ids = _seen_in_queue(root) if preset == "default" else ([], [])
    fitted = _fitted(repository, ids) if preset == "default" else {}
    _write_new(path, config_text(preset, os.path.basename(root), lanes), fitted)
    return {"path": path, "preset": preset, "lanes": settings_of.lanes(read_config(path)[0]), "fitted": fitted}


def _fitted(repository: Repository | None, ids: list[str]) -> dict[str, str]:
    """The keys whose default would not fit what is there already."""
    defaults = settings_of.DEFAULTS["fairway"]
    fitted = {}
    here = [name for name in ("master", defaults["main_branch"]) if _has_branch(repository, name)]
    if here == ["master"]:
        fitted["fairway.main_branch"] = "master"
    gpuaas = settings_of.GPUAAS_TASK_ID_PATTERN
    if not _all_match(defaults["task_id_pattern"], ids) and _all_match(gpuaas, ids):
        fitted["fairway.task_id_pattern"] = gpuaas
    return fitted


def _has_branch(repository: Repository | None, name: str) -> bool:
    return repository is not None and references.read_ref(repository, f"refs/heads/{name}") is not None


def _all_match(pattern: str, ids: list[str]) -> bool:
    return all(compile_pattern(pattern, ignore_case=False).search(task_id) for task_id in ids)


def _seen_in_queue(root: str) -> tuple[list[str], list[str]]:
    """The lanes that the queue file in its usual place names, in its order, and the ids of its tasks."""
    _form, place = settings_of.queue_source(settings_of.DEFAULTS)
    path = os.path.join(root, place)
    if not os.path.isfile(path):
        return [], []
    document = read_queue_file(path)
    roles = document.header.get("roles") or sorted({record.fields["role"] for record in document.tasks})
    lanes = [name for name in roles if isinstance(name, str) and name]
    return lanes, [record.fields["id"] for record in document.tasks if record.fields["id"]]


def _write_new(path: str, text: str, values: dict[str, str]) -> None:
    """Make a file that must not be there yet, whole or not at all: two calls at once make one of them fail."""
    content = text.encode()
    for key, value in values.items():
        content = with_value(path, content, key, value)
    try:
        with contextlib.suppress(FileExistsError):  # a file in the folder's place makes the next line fail
            os.makedirs(os.path.dirname(path))
    except OSError as problem:
        message = f"{path} cannot be written: {problem.strerror or problem}"
        raise FairwayError(
            "file_unavailable", message, suggest_program("ls", "-ld", os.path.dirname(path)), path=path
        ) from problem
    try:
        write_new_file(path, content)
    except FairwayError as refusal:
        if refusal.word != "already_exists":
            raise
        raise FairwayError(refusal.word, refusal.message, suggest("fairway-config", "show"), path=path) from None
