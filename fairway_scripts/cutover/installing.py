"""Putting the suite's stand-ins under the names of a repository's older scripts."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from fairway_scripts import __version__
from fairway_scripts.base import digest
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.cutover import layout
from fairway_scripts.cutover.checks import climbing_scripts, copy_neighbours, refuse_dirty, sourced_scripts, tracked
from fairway_scripts.cutover.door.engines import (
    FAIRWAY,
    LEGACY,
    MANIFEST,
    OTHER_LANES,
    engines,
    read_manifest,
    set_engine,
    write_engines,
    write_front_door,
)
from fairway_scripts.cutover.door.following import follow_tree
from fairway_scripts.cutover.layout import InstallStep
from fairway_scripts.formats.file_replacement import replace_file
from fairway_scripts.git.git import ask
from fairway_scripts.project.changes import Change
from fairway_scripts.project.installation import home, is_checkout, missing_packages
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.queue.setting_up import write_config
from fairway_scripts.queue.taking_over import create_store

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import CompatInstall
    from fairway_scripts.cutover.cutover_shapes import Installed, Manifest
    from fairway_scripts.project.project import Project

_REASON = "compat-install: the older scripts answer until a lane is moved"


def install(args: CompatInstall, root: str, *, keep: list[str]) -> Installed:
    """Install the stand-ins in the main checkout `root`, with every lane on the engine `legacy`.

    Where there are no older scripts that could answer, nobody is cutting over: no lane gets an engine, ours answers.
    `keep` names scripts that are left alone, as those are that others source. The host's Makefile is not touched: its
    recipes go on calling the scripts. A second call changes nothing and has no changes. Raises FairwayError:
    `not_found`, `git_inconsistent` (a tree that is not clean), `file_owned` (a link, a stand-in that was changed),
    `already_exists`, `file_unavailable`, `git_unavailable`, and what opening the project raises.
    """
    missing_packages()  # an interpreter that lacks some gives way to another before anything is written
    manifest = read_manifest(root) or layout.new_manifest()
    known = layout.stand_ins(root)
    manifest["kept"] = sorted({*manifest["kept"], *(_script_called(name, known) for name in keep)})
    originals = layout.has_originals(root, manifest, known)
    plan = _plan(root, manifest, known)
    moved = [step.source for step in plan if step.act == "move"]
    sourced = sourced_scripts(root, moved)
    climbing = climbing_scripts(root, moved)
    if sourced or (climbing and not manifest["files"]):
        manifest["kept"] = sorted({*manifest["kept"], *sourced})
        manifest["folder"] = layout.BESIDE if climbing and not manifest["files"] else manifest["folder"]
        plan = _plan(root, manifest, known)
    if plan:
        refuse_dirty(root, sorted({folder for step in plan if (folder := os.path.dirname(step.path))}))
        copy_neighbours(root, plan)
    changes = [step.line() for step in plan]
    changes += [f"leave {script} alone: {line} sources it" for script, line in sorted(sourced.items())]
    config = os.path.join(root, settings_of.CONFIG_PATH)
    if not os.path.exists(config):
        changes.append(f"write {settings_of.CONFIG_PATH}  (preset gpuaas)")
    held = False
    if not args.dry_run:
        project, held = _hold_lanes(args, manifest, config, originals=originals)
        if plan:
            _apply(root, manifest, plan)
        write_front_door(project)
    return {
        "root": root,
        "changes": changes,
        "held": held,
        "dry_run": bool(args.dry_run),
        "manifest": MANIFEST,
        "engine": LEGACY if originals else FAIRWAY,
        "kept": manifest["kept"],
    }


def _script_called(name: str, known: list[str]) -> str:
    found = [script for script in known if name in (script, os.path.basename(script))]
    if not found:
        names = ", ".join(map(os.path.basename, known))
        raise FairwayError("not_found", f"--keep {name}: no such script; there are {names}", suggest("compat-install"))
    return found[0]


# --- what there is to do ----------------------------------------------------------------------------------


def _plan(root: str, manifest: Manifest, known: list[str]) -> list[InstallStep]:
    """List the steps that are left to do, in order; [] when everything is in place."""
    steps: list[InstallStep] = []
    for script in known:
        if script not in manifest["kept"]:
            steps += _script_steps(root, manifest, script)
    place = _home_line(root)
    if place and not os.path.exists(os.path.join(root, layout.HOME_FILE)):
        steps.append(InstallStep("write", layout.HOME_FILE, text=place + "\n"))
    return steps


def _script_steps(root: str, manifest: Manifest, script: str) -> list[InstallStep]:
    moved = layout.moved_place(manifest["folder"], script)
    found = layout.state_of(root, script, manifest["files"].get(script))
    if found == "installed":
        return []
    if found == "modified":
        message = f"{script} is a stand-in of the suite that was changed by hand"
        raise FairwayError("file_owned", message, suggest("compat-install", "--keep", script))
    put = InstallStep("put", script)
    if found != "original":
        return [put]
    if os.path.lexists(os.path.join(root, moved)):
        raise FairwayError(
            "already_exists",
            f"{moved} is there already, so {script} cannot go there",
            suggest_program("git", "rm", moved),
        )
    if os.path.islink(os.path.join(root, script)):
        raise FairwayError("file_owned", f"{script} is a symbolic link", suggest("compat-install", "--keep", script))
    return [InstallStep("move", moved, script, tracked=tracked(root, script)), put]


def _home_line(root: str) -> str:
    """Return the suite's place from the repository, "" for an installed package, whose compat-call is on the PATH."""
    return os.path.relpath(home(), root) if is_checkout() else ""


# --- doing it ---------------------------------------------------------------------------------------------


def _hold_lanes(args: CompatInstall, manifest: Manifest, config: str, *, originals: bool) -> tuple[Project, bool]:
    """Put every lane without an engine on `legacy`, before a stand-in can be called; tell whether any was put there.

    Without originals there is nothing to hold a lane for.
    """
    if not os.path.exists(config):
        write_config(os.path.dirname(os.path.dirname(config)), config, "gpuaas")
        manifest["created"][settings_of.CONFIG_PATH] = layout.sha256(config)
    project = open_as_it_is(args)
    create_store(project)
    follow_tree(project)  # a clone has no store before
    known = engines(project)
    if not originals or known:
        if known:
            write_engines(project, known)
        return project, False
    with Change(project, args) as change:
        set_engine(change, OTHER_LANES, LEGACY, _REASON)
        write_engines(project, {OTHER_LANES: LEGACY})
        change.finish({"engines": [OTHER_LANES]})
    return project, True


def _apply(root: str, manifest: Manifest, plan: list[InstallStep]) -> None:
    """Do the steps; the note is written first, so that compat-uninstall can take back half of them too."""
    for step in plan:
        _note(root, manifest, step)
    manifest["version"] = __version__
    _write(root, MANIFEST, layout.manifest_text(manifest))
    for step in plan:
        path = os.path.join(root, step.path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if step.act == "move":
            if step.tracked:
                ask(root, "mv", "--", step.source, step.path)
            else:
                os.rename(os.path.join(root, step.source), path)
        elif step.act == "put":
            replace_file(path, layout.stand_in(step.path, root).encode())
            os.chmod(path, 0o755)
        elif step.act == "copy":
            shutil.copy2(os.path.join(root, step.source), path)
        else:
            _write(root, step.path, step.text.encode())


def _note(root: str, manifest: Manifest, step: InstallStep) -> None:
    path = step.path
    if step.act == "move":
        there = os.path.join(root, step.source)
        manifest["files"].setdefault(step.source, {})["original"] = {
            "path": path,
            "sha256": layout.sha256(there),
            "mode": layout.mode_of(there),
            "tracked": step.tracked,
        }
    elif step.act == "put":
        manifest["files"].setdefault(path, {"original": None})["sha256"] = digest.of_text(layout.stand_in(path, root))
    elif step.act == "copy":
        manifest["copies"][path] = layout.sha256(os.path.join(root, step.source))
    else:
        manifest["created"][path] = digest.of_text(step.text)


def _write(root: str, name: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
    replace_file(os.path.join(root, name), content)
