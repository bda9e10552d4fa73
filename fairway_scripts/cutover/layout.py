"""The suite's stand-ins for older scripts, and what is installed of them in a repository."""

from __future__ import annotations

import json
import os
import stat
import sysconfig
from typing import Any

from fairway_scripts import digest, handover, paths
from fairway_scripts.documents.profile_file import read_profile
from fairway_scripts.errors import FairwayError, suggest, suggest_program
from fairway_scripts.handover import PROFILE
from fairway_scripts.operations.engines import read_manifest
from fairway_scripts.operations.installation import home

SCHEMA = "compat/2"
#: Where originals are kept: in a folder inside their own, or, for scripts that know how deep they lie, beside it.
INSIDE, BESIDE = "legacy", "-legacy"
_SHELL, _RUBY = "scripts/ops/agent_queue.sh", "scripts/ops/agent_queue_store.rb"
HOME_FILE = os.path.join(".fairway", "home")


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
    words = [f"--{name.replace('_', '-')}" for name in ("originals", "dry_run") if getattr(args, name, "")]
    return words + [word for script in getattr(args, "keep", []) for word in ("--keep", script)]


def new_manifest() -> dict[str, Any]:
    """The note of an installation that has done nothing yet."""
    return {"schema": SCHEMA, "folder": INSIDE, "files": {}, "copies": {}, "created": {}, "kept": []}


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


def moved_place(folder: str, script: str) -> str:
    """Where the original of a stand-in is kept: in a folder inside its own, or beside that."""
    place, _slash, name = script.rpartition("/")
    return f"{place}-legacy/{name}" if folder == BESIDE and place else f"{place}/legacy/{name}".lstrip("/")


def stand_ins(root: str) -> dict[str, str]:
    """Every stand-in for a repository: the published ones, and one for each script of its own that a tool answers."""
    found = shims()
    profile = os.path.join(root, PROFILE)
    entries = read_profile(profile)["scripts"] if os.path.isfile(profile) else {}
    for script, words in entries.items():
        answered = any(entry["tool"] for entry in words.values())
        if script not in found and answered and os.path.isfile(os.path.join(root, script)):
            found[script] = found[_RUBY if script.endswith(".rb") else _SHELL]
    return found


def has_originals(root: str, manifest: dict[str, Any], known: dict[str, str]) -> bool:
    """Whether older scripts are here that could answer: in place, or moved before."""
    return any(handover.original(script, root) for script in {*known, *manifest["files"]})


def status(root: str) -> dict[str, Any]:
    """What stands under each older script's name in the checkout `root`.

    Returns {root, installed, scripts: [{script, state, original}]}; the states are `installed`, `outdated` (an older
    stand-in of the suite), `modified` (changed by hand since), `missing`, `original` (not replaced), `kept` (left alone
    on purpose). `original` is the path of what was there before, "" when nothing was.
    """
    manifest = read_manifest(root)
    noted = manifest or new_manifest()
    rows = []
    for script, source in stand_ins(root).items():
        moved = moved_place(noted["folder"], script)
        state = state_of(os.path.join(root, script), source, noted["files"].get(script))
        if script in noted["kept"] and state != "missing":
            state = "kept"
        there = moved if os.path.isfile(os.path.join(root, moved)) else ""
        rows.append({"script": script, "state": state, "original": script if state in ("original", "kept") else there})
    return {"root": root, "installed": manifest is not None, "scripts": rows}


def state_of(path: str, source: str, noted: dict[str, Any] | None) -> str:
    """What stands at a path: `missing`, `installed`, `outdated`, `modified` or `original`."""
    found = sha256(path)
    if not found:
        return "missing"
    if found == sha256(source):
        return "installed"
    if not handover.is_shim(path):
        return "modified" if noted else "original"
    return "outdated" if noted and found == noted["sha256"] else "modified"
