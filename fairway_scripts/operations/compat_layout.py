"""The suite's stand-ins for older scripts, and what is installed of them in a repository."""

from __future__ import annotations

import json
import os
import stat
import sysconfig
from typing import Any

from fairway_scripts import digest, handover, paths
from fairway_scripts.errors import FairwayError, suggest, suggest_program
from fairway_scripts.operations.engines import LEGACY_FOLDERS, MANIFEST
from fairway_scripts.operations.installation import home

SCHEMA = "compat/1"
HOME_FILE = os.path.join(".fairway", "home")
MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
BLOCK_START = "# >>> fairway-scripts: written by compat-install >>>\n"
BLOCK_END = "# <<< fairway-scripts: written by compat-install <<<\n"


def shims() -> dict[str, str]:
    """Every stand-in: its path in a repository (`scripts/ops/agent_queue.sh`) -> the file that is copied there.

    Raises FairwayError `file_unavailable` when this installation has none.
    """
    installed = os.path.join(sysconfig.get_path("data"), "share", "fairway")
    for base in (home(), installed):
        folder = os.path.join(base, "compat", "scripts")
        if os.path.isdir(folder):
            return {
                f"scripts/{kind}/{name}": os.path.join(folder, kind, name)
                for kind in ("ops", "ci")
                for name in sorted(os.listdir(os.path.join(folder, kind)))
            }
    raise FairwayError(
        "file_unavailable",
        "compat/scripts is not installed",
        suggest_program("pip", "install", "--force-reinstall", "fairway-scripts"),
    )


def host_root(args: Any) -> str:
    """The top of the main checkout of the repository at `args.into` ("" for here).

    Raises FairwayError: `git_unavailable` (no repository), `usage` (a lane's worktree, or a bare repository).
    """
    place = os.path.realpath(args.into or os.getcwd())
    repository = paths.find_repository(place) if os.path.isdir(place) else None
    if repository is None:
        raise FairwayError("git_unavailable", f"{place} is in no git repository", "name a checkout with --into")
    if repository.main_worktree is None or repository.worktree != repository.main_worktree:
        message = f"{place} is not the main checkout"
        main = repository.main_worktree
        into = ("--into", str(main))
        hint = suggest(args.tool, *_words_of(args), *into) if main else "name the main checkout with --into"
        raise FairwayError("usage", message, hint)
    return repository.main_worktree


def _words_of(args: Any) -> list[str]:
    """What else the call of a tool of this family said, as flags."""
    words = [f"--{name.replace('_', '-')}" for name in ("makefile", "originals", "dry_run") if getattr(args, name, "")]
    if folder := getattr(args, "legacy_folder", ""):
        words += ["--legacy-folder", folder]
    return words + [word for script in getattr(args, "keep", []) for word in ("--keep", script)]


def read_manifest(root: str) -> dict[str, Any] | None:
    """What compat-install noted in a repository, None when it is not installed.

    Raises FairwayError `file_unavailable` when the note cannot be read.
    """
    path = os.path.join(root, MANIFEST)
    try:
        with open(path, encoding="utf-8") as file:
            manifest: dict[str, Any] = json.load(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as problem:
        raise FairwayError(
            "file_unavailable", f"{path} cannot be read: {problem}", suggest_program("git", "checkout", "--", MANIFEST)
        ) from problem
    return manifest


def manifest_text(manifest: dict[str, Any]) -> bytes:
    """The note as it is written."""
    return (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode()


def sha256(path: str) -> str:
    """The digest of a file, "" when it is not there."""
    try:
        return digest.of_file(path)
    except FileNotFoundError:
        return ""


def text_sha256(text: str) -> str:
    """The digest of a text as a file would have it."""
    return digest.of_text(text)


def mode_of(path: str) -> str:
    """The permission bits of a file as git users write them: `755`."""
    return f"{stat.S_IMODE(os.stat(path).st_mode):o}"


def makefile_of(root: str) -> str:
    """The name of the makefile that make reads in a folder, "" without one."""
    return next((name for name in MAKEFILES if os.path.isfile(os.path.join(root, name))), "")


def folder_of(folders: dict[str, str], script: str) -> str:
    """The folder in which the original of a stand-in is kept."""
    return folders["ci" if script.startswith("scripts/ci/") else "ops"]


def status(root: str) -> dict[str, Any]:
    """What stands under each older script's name in the checkout `root`.

    Returns {root, installed, legacy_folder, scripts: [{script, state, original}]}; the states are `installed`,
    `outdated` (an older stand-in of the suite), `modified` (changed by hand since), `missing`, `original` (not
    replaced), `kept` (left alone on purpose). `original` is the path of what was there before, "" when nothing was.
    """
    manifest = read_manifest(root)
    noted = manifest or {"files": {}, "kept": [], "legacy_folder": {}}
    rows = status_rows(root, noted, list(shims()))
    folders = {**LEGACY_FOLDERS, **noted["legacy_folder"]}
    return {"root": root, "installed": manifest is not None, "legacy_folder": folders, "scripts": rows}


def status_rows(root: str, manifest: dict[str, Any], scripts: list[str]) -> list[dict[str, str]]:
    """The rows of `status` for some scripts, judged by a note that need not be written yet."""
    folders = {**LEGACY_FOLDERS, **manifest["legacy_folder"]}
    sources = shims()
    rows = []
    for script in scripts:
        moved = f"{folder_of(folders, script)}/{os.path.basename(script)}"
        state = _state(os.path.join(root, script), sources[script], manifest["files"].get(script))
        if script in manifest["kept"] and state != "missing":
            state = "kept"
        there = moved if os.path.isfile(os.path.join(root, moved)) else ""
        rows.append({"script": script, "state": state, "original": script if state in ("original", "kept") else there})
    return rows


def _state(path: str, source: str, noted: dict[str, Any] | None) -> str:
    found = sha256(path)
    if not found:
        return "missing"
    if found == sha256(source):
        return "installed"
    if not handover.is_shim(path):
        return "modified" if noted else "original"
    return "outdated" if noted and found == noted["sha256"] else "modified"
