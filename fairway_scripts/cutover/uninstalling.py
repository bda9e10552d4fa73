"""Giving a repository back what compat-install found in it, or taking away the originals when they are done with."""

from __future__ import annotations

import contextlib
import os
from functools import partial
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.cutover import layout
from fairway_scripts.cutover.door.engine_changes import ALL
from fairway_scripts.cutover.door.engines import FAIRWAY, MANIFEST, engines, read_manifest
from fairway_scripts.cutover.door.following import follow_tree
from fairway_scripts.cutover.door.handover import engines_file, tree_engines
from fairway_scripts.formats.file_replacement import replace_file
from fairway_scripts.git.git import ask
from fairway_scripts.project.opening import open_as_it_is

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.calls.tool_calls import CompatUninstall
    from fairway_scripts.cutover.cutover_shapes import Manifest, Original, Uninstalled


def uninstall(args: CompatUninstall, root: str) -> Uninstalled:
    """Take the stand-ins out of the main checkout `root` and put the originals back, byte for byte.

    Works after the installation was committed too, and after one that was interrupted. `left` are files that
    compat-install wrote and somebody changed since. Raises FairwayError: `file_owned` (a stand-in that was changed by
    hand, a lane that is answered by the suite; FORCE with a REASON goes past both), `reason_required`,
    `file_unavailable`, `git_unavailable`.
    """
    manifest = read_manifest(root)
    result: Uninstalled = {"root": root, "changes": [], "left": [], "dry_run": bool(args.dry_run)}
    if manifest is None:
        return result
    if args.force and not args.reason:
        raise FairwayError(
            "reason_required", "FORCE needs a REASON", suggest("compat-uninstall", FORCE=True, REASON=None)
        )
    if not args.force:
        _refuse_changed(root, manifest)
        _refuse_cut_over(args)
    steps = _steps(root, manifest)
    result["changes"] = [text for text, _act in steps if text]
    result["left"] = _changed_since(root, {**manifest["created"], **manifest["copies"]})
    if not args.dry_run:
        for _text, act in steps:
            act()
        _stage(root, manifest)
        _remove_empty(root, manifest)
    return result


def remove_originals(args: CompatUninstall, root: str) -> Uninstalled:
    """Take away the originals and keep the stand-ins, once no lane needs the originals any more.

    Returns as `uninstall` does. Raises FairwayError `file_owned` while a lane is not on the engine `fairway`, and
    `not_found` where nothing is installed.
    """
    manifest = read_manifest(root)
    if manifest is None:
        raise FairwayError("not_found", f"nothing is installed in {root}", suggest("compat-install", "--into", root))
    needed = sorted({role for role, engine in _engines(args) if engine != FAIRWAY})
    if needed:
        message = f"the originals still answer {', '.join(needed)}"
        raise FairwayError("file_owned", message, suggest("lane-engine", ROLE=needed[0], ENGINE="fairway", REASON=None))
    originals = [original["path"] for noted in manifest["files"].values() if (original := noted.get("original"))]
    paths = [path for path in [*originals, *manifest["copies"]] if os.path.exists(os.path.join(root, path))]
    if not args.dry_run and paths:
        for noted in manifest["files"].values():
            noted["original"] = None
        manifest["copies"] = {}
        manifest["originals_removed"] = True
        replace_file(os.path.join(root, MANIFEST), layout.manifest_text(manifest))
        for path in paths:
            os.unlink(os.path.join(root, path))
        _remove_empty(root, manifest)
    changes = [f"remove {path}" for path in paths]
    return {"root": root, "changes": changes, "left": [], "dry_run": bool(args.dry_run)}


def _refuse_changed(root: str, manifest: Manifest) -> None:
    for script, noted in manifest["files"].items():
        found = layout.sha256(os.path.join(root, script))
        original = noted.get("original")
        if found and found not in (noted.get("sha256"), original and original["sha256"]):
            message = f"{script} was changed by hand since it was installed"
            raise FairwayError("file_owned", message, suggest("compat-uninstall", FORCE=True, REASON=None), path=script)


def _refuse_cut_over(args: CompatUninstall) -> None:
    moved = sorted({role for role, engine in _engines(args) if engine == FAIRWAY})
    if moved:
        message = f"the originals know nothing of what was done in {', '.join(moved)} since the cut-over"
        back = suggest("lane-engine", ROLE=moved[0] if len(moved) == 1 else ALL, ENGINE="legacy", REASON=None)
        raise FairwayError("file_owned", message, back)


def _engines(args: CompatUninstall) -> list[tuple[str, str]]:
    """Return the engines that the store knows, once it has followed the tree, and those of the tree.

    A clone has no store.
    """
    project = open_as_it_is(args)
    follow_tree(project)
    tree = tree_engines(project.repository) if project.repository else None
    return [*engines(project).items(), *(tree or {}).items()]


def _steps(root: str, manifest: Manifest) -> list[tuple[str, Callable[[], None]]]:
    """List what is to be done, each as (what it is, the act)."""
    steps: list[tuple[str, Callable[[], None]]] = []
    for script, noted in manifest["files"].items():
        original = noted.get("original")
        path = os.path.join(root, script)
        if original and os.path.exists(os.path.join(root, original["path"])):
            steps.append((f"move {original['path']} -> {script}", partial(_move, root, original, path)))
        elif not original and os.path.exists(path) and "sha256" in noted:
            steps.append((f"remove {script}", partial(_remove, path)))
    for path, noted_sha in {**manifest["copies"], **manifest["created"]}.items():
        if layout.sha256(os.path.join(root, path)) == noted_sha:
            steps.append((f"remove {path}", partial(_remove, os.path.join(root, path))))
    steps.append(("", partial(_remove, engines_file(root))))
    steps.append((f"remove {MANIFEST}", partial(_remove, os.path.join(root, MANIFEST))))
    return steps


def _move(root: str, original: Original, path: str) -> None:
    os.replace(os.path.join(root, original["path"]), path)
    os.chmod(path, int(original["mode"], 8))


def _remove(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _changed_since(root: str, noted: dict[str, str]) -> list[str]:
    return sorted(path for path, digest in noted.items() if layout.sha256(os.path.join(root, path)) not in ("", digest))


def _stage(root: str, manifest: Manifest) -> None:
    """Tell git of the moves that it was told of before."""
    for script, noted in manifest["files"].items():
        original = noted.get("original")
        if original and original["tracked"]:
            known = [path for path in (script, original["path"]) if ask(root, "ls-files", "-z", "--", path)]
            if known:
                ask(root, "add", "--all", "--", *known, *([script] if script not in known else []))


def _remove_empty(root: str, manifest: Manifest) -> None:
    """Remove the folders that hold nothing any more, as git does."""
    scripts = manifest["files"]
    paths = [*scripts, *(layout.moved_place(manifest["folder"], script) for script in scripts)]
    folders = {".fairway", *map(os.path.dirname, paths)}
    for folder in [*sorted(folders - {""}, key=len, reverse=True), "scripts"]:
        with contextlib.suppress(OSError):
            os.rmdir(os.path.join(root, folder))
