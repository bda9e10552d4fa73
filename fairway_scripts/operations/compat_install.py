"""Putting the suite's stand-ins under the names of a repository's older scripts."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, Any

from fairway_scripts import __version__
from fairway_scripts import settings as settings_of
from fairway_scripts.documents.file_replacement import replace_file
from fairway_scripts.documents.profile_file import read_profile
from fairway_scripts.errors import FairwayError, suggest, suggest_program
from fairway_scripts.operations import compat_layout as layout
from fairway_scripts.operations.changes import Change
from fairway_scripts.operations.compat_checks import refuse_dirty, refuse_hazards, tracked
from fairway_scripts.operations.engines import (
    FAIRWAY,
    LEGACY,
    MANIFEST,
    OTHER_LANES,
    PROFILE,
    engines,
    set_engines,
    write_front_door,
)
from fairway_scripts.operations.installation import home, is_checkout, missing_packages
from fairway_scripts.operations.project import create_store, open_project
from fairway_scripts.operations.setting_up import write_config
from fairway_scripts.workspace.git import ask

if TYPE_CHECKING:
    from collections.abc import Collection

    from fairway_scripts.operations.project import Project

_REASON = "compat-install: the older scripts answer until a lane is moved"
_FOLDERS = {kind: (f"scripts/{kind}/legacy", f"scripts/{kind}-legacy") for kind in ("ops", "ci")}
_TARGETS = re.compile(r"^([A-Za-z0-9_.-]+(?:[ \t]+[A-Za-z0-9_.-]+)*)[ \t]*::?(?!=)", re.MULTILINE)


def install(
    args: Any, root: str, *, folders: str, keep: list[str], makefile: bool, targets: Collection[str]
) -> dict[str, Any]:
    """Install the stand-ins in the main checkout `root`, with every lane on the engine `legacy`.

    Where there are no older scripts that could answer, nobody is cutting over: no lane gets an engine, ours answers.
    `folders` is `ops=FOLDER,ci=FOLDER` ("" for the usual ones), `keep` names scripts that are left alone, `targets`
    are the make targets of the suite (those that the host's Makefile has too stay the host's). Returns {root, changes:
    [text], engines: [lane], engine, dry_run,
    config, manifest}; a second call changes nothing and has no changes.
    Raises FairwayError: `usage`, `git_inconsistent` (a tree that is not clean, a script that would break),
    `file_owned` (a link, a stand-in that was changed), `already_exists`, `file_unavailable`, `git_unavailable`,
    and what opening the project raises.
    """
    missing_packages()  # an interpreter that lacks some gives way to another before anything is written
    manifest = layout.read_manifest(root) or _new_manifest()
    _choose_folders(manifest, folders)
    manifest["kept"] = sorted({*manifest["kept"], *(_script_called(name) for name in keep)})
    originals = has_originals(root, manifest)
    plan = _plan(root, manifest, originals=originals)
    lines = _makefile_lines(root, targets) if makefile else []
    if lines:
        plan.append({"act": "include", "path": layout.makefile_of(root), "lines": lines})
    if plan:
        refuse_dirty(root, sorted({*manifest["legacy_folder"].values(), "scripts/ops", "scripts/ci", ".fairway"}))
        refuse_hazards(root, plan)
    changes = [_told(step) for step in plan]
    config = os.path.join(root, settings_of.CONFIG_PATH)
    if not os.path.exists(config):
        changes.append(f"write {settings_of.CONFIG_PATH}  (preset gpuaas)")
    lanes: list[str] = []
    if not args.dry_run:
        project, lanes = _hold_lanes(args, manifest, config, originals=originals)
        if plan:
            _apply(root, manifest, plan)
        write_front_door(project)
    result = {"root": root, "changes": changes, "engines": lanes, "dry_run": bool(args.dry_run), "manifest": MANIFEST}
    result["engine"] = LEGACY if originals else FAIRWAY
    return {**result, "legacy_folder": manifest["legacy_folder"], "kept": manifest["kept"]}


def _new_manifest() -> dict[str, Any]:
    return {"schema": layout.SCHEMA, "legacy_folder": {}, "files": {}, "copies": {}, "created": {}, "kept": []}


def _choose_folders(manifest: dict[str, Any], given: str) -> None:
    """Where the originals go: what was chosen before stays, because they are there."""
    chosen = dict(part.partition("=")[::2] for part in given.split(",") if part)
    for kind, allowed in _FOLDERS.items():
        folder = chosen.pop(kind, "").strip("/") or manifest["legacy_folder"].get(kind) or allowed[0]
        noted = manifest["legacy_folder"].get(kind, folder)
        if folder not in allowed or folder != noted:
            can = noted if folder != noted else " or ".join(allowed)
            raise FairwayError("usage", f"originals of scripts/{kind} can go to {can}, not to {folder}", _usage())
        manifest["legacy_folder"][kind] = folder
    if chosen:
        raise FairwayError("usage", f"--legacy-folder knows ops and ci, not {', '.join(chosen)}", _usage())


def _usage() -> str:
    return suggest("compat-install", "--legacy-folder", "ops=scripts/ops-legacy,ci=scripts/ci-legacy")


def _script_called(name: str) -> str:
    found = [script for script in layout.shims() if name in (script, os.path.basename(script))]
    if not found:
        names = ", ".join(map(os.path.basename, layout.shims()))
        raise FairwayError("not_found", f"--keep {name}: no such script; there are {names}", suggest("compat-status"))
    return found[0]


# --- what there is to do ----------------------------------------------------------------------------------


def has_originals(root: str, manifest: dict[str, Any]) -> bool:
    """Whether older scripts are here that could answer: in place, moved before, or others that a profile names."""
    rows = layout.status_rows(root, manifest, list(layout.shims()))
    return any(row["original"] for row in rows) or os.path.isfile(os.path.join(root, PROFILE))


def _plan(root: str, manifest: dict[str, Any], *, originals: bool) -> list[dict[str, Any]]:
    """The steps that are left to do, in order; [] when everything is in place."""
    steps: list[dict[str, Any]] = []
    for script, source in layout.shims().items():
        if script not in manifest["kept"]:
            steps += _script_steps(root, manifest, script, source)
    makefile = layout.makefile_of(root)
    copy = f"{manifest['legacy_folder']['ops']}/Makefile"
    if originals and makefile and not os.path.exists(os.path.join(root, copy)):
        steps.append({"act": "copy", "from": makefile, "path": copy})
    place = _home_line(root)
    if place and not os.path.exists(os.path.join(root, layout.HOME_FILE)):
        steps.append({"act": "write", "path": layout.HOME_FILE, "text": place + "\n"})
    return steps


def _script_steps(root: str, manifest: dict[str, Any], script: str, source: str) -> list[dict[str, Any]]:
    path = os.path.join(root, script)
    moved = f"{layout.folder_of(manifest['legacy_folder'], script)}/{os.path.basename(script)}"
    found = next(row for row in layout.status_rows(root, manifest, [script]))["state"]
    if found == "installed":
        return []
    if found == "modified":
        message = f"{script} is a stand-in of the suite that was changed by hand"
        raise FairwayError("file_owned", message, suggest("compat-install", "--keep", script))
    put = {"act": "put", "path": script, "source": source}
    if found != "original":
        return [put]
    if os.path.lexists(os.path.join(root, moved)):
        raise FairwayError(
            "already_exists",
            f"{moved} is there already, so {script} cannot go there",
            suggest_program("git", "rm", moved),
        )
    if os.path.islink(path):
        raise FairwayError("file_owned", f"{script} is a symbolic link", suggest("compat-install", "--keep", script))
    return [{"act": "move", "from": script, "path": moved, "tracked": tracked(root, script)}, put]


def _home_line(root: str) -> str:
    """The suite's place as the stand-ins read it, "" for an installed package, whose compat-call is on the PATH."""
    if not is_checkout():
        return ""
    near = os.path.relpath(home(), root)
    return home() if near.startswith("../../") else near


def _makefile_lines(root: str, targets: Collection[str]) -> list[str]:
    """The lines that bring the targets of the suite into the host's Makefile, [] when they are there."""
    name = layout.makefile_of(root)
    if not name:
        raise FairwayError("not_found", f"{root} has no Makefile", "leave --makefile out, or name one that is there")
    with open(os.path.join(root, name), encoding="utf-8", errors="surrogateescape", newline="") as file:
        text = file.read()
    if "fairway.mk" in text:
        return []
    if not is_checkout() or " " in home():
        raise FairwayError(
            "usage", "the place of make/fairway.mk cannot stand in a Makefile", suggest("fairway-mk-path")
        )
    profile = os.path.join(root, PROFILE)
    known = {*targets, *(read_profile(profile)["targets"] if os.path.isfile(profile) else ())}
    own = sorted({word for match in _TARGETS.finditer(text) for word in match.group(1).split()} & known)
    return [
        *([f"FAIRWAY_SKIP := {' '.join(own)}"] if own else []),
        f"include {os.path.join(_home_line(root), 'make', 'fairway.mk')}",
    ]


def _told(step: dict[str, Any]) -> str:
    words = {
        "move": "move {from} -> {path}",
        "put": "put a stand-in at {path}",
        "copy": "copy {from} -> {path}",
        "write": "write {path}",
        "include": "add to {path}: {lines}",
    }
    return words[step["act"]].format(**{**step, "lines": " | ".join(step.get("lines", []))})


# --- doing it ---------------------------------------------------------------------------------------------


def _hold_lanes(args: Any, manifest: dict[str, Any], config: str, *, originals: bool) -> tuple[Project, list[str]]:
    """Put every lane without an engine on `legacy`, before a stand-in can be called; the lanes that were put there.

    Without originals there is nothing to hold a lane for.
    """
    if not os.path.exists(config):
        write_config(os.path.dirname(os.path.dirname(config)), config, "gpuaas")
        manifest["created"][settings_of.CONFIG_PATH] = layout.sha256(config)
    project = open_project(args, sync=False)
    create_store(project)
    known = engines(project)
    lanes = [OTHER_LANES, *settings_of.lanes(project.settings)]
    wanted = [lane for lane in lanes if lane not in known] if originals else []
    if wanted:
        with Change(project, args) as change:
            set_engines(change, wanted, LEGACY, _REASON)
            change.finish({"engines": wanted})
    write_front_door(project)
    return project, wanted


def _apply(root: str, manifest: dict[str, Any], plan: list[dict[str, Any]]) -> None:
    """Do the steps; the note is written first, so that compat-uninstall can take back half of them too."""
    for step in plan:
        _note(root, manifest, step)
    manifest["version"] = __version__
    _write(root, MANIFEST, layout.manifest_text(manifest))
    for step in plan:
        path = os.path.join(root, step["path"])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if step["act"] == "move":
            if step["tracked"]:
                ask(root, "mv", "--", step["from"], step["path"])
            else:
                os.rename(os.path.join(root, step["from"]), path)
        elif step["act"] == "put":
            _put(step["source"], path)
        elif step["act"] == "copy":
            shutil.copy2(os.path.join(root, step["from"]), path)
        elif step["act"] == "write":
            _write(root, step["path"], step["text"].encode())
        else:
            _include(path, step["lines"])


def _note(root: str, manifest: dict[str, Any], step: dict[str, Any]) -> None:
    path = step["path"]
    if step["act"] == "move":
        there = os.path.join(root, step["from"])
        manifest["files"].setdefault(step["from"], {})["original"] = {
            "path": path,
            "sha256": layout.sha256(there),
            "mode": layout.mode_of(there),
            "tracked": step["tracked"],
        }
    elif step["act"] == "put":
        manifest["files"].setdefault(path, {"original": None})["sha256"] = layout.sha256(step["source"])
    elif step["act"] == "copy":
        manifest["copies"][path] = layout.sha256(os.path.join(root, step["from"]))
    elif step["act"] == "write":
        manifest["created"][path] = layout.text_sha256(step["text"])
    else:
        manifest["makefile"] = {"path": path, "sha256": layout.sha256(os.path.join(root, path))}


def _put(source: str, path: str) -> None:
    with open(source, "rb") as file:
        replace_file(path, file.read())
    os.chmod(path, 0o755)


def _write(root: str, name: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
    replace_file(os.path.join(root, name), content)


def _include(path: str, lines: list[str]) -> None:
    with open(path, "rb") as file:
        before = file.read()
    block = layout.BLOCK_START + "".join(f"{line}\n" for line in lines) + layout.BLOCK_END
    replace_file(path, block.encode() + before)
