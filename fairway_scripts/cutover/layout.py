"""The suite's stand-ins for older scripts, and what is installed of them in a repository."""

from __future__ import annotations

import json
import os
import stat
import sysconfig
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import digest, paths
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.cutover.door import handover
from fairway_scripts.cutover.door.engines import read_manifest
from fairway_scripts.cutover.door.handover import PROFILE
from fairway_scripts.cutover.door.published_calls import SCRIPTS
from fairway_scripts.cutover.scan.profile_file import read_profile
from fairway_scripts.project.installation import home

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import CompatInstall, CompatUninstall, ParityReportStatus
    from fairway_scripts.cutover.cutover_shapes import InstalledFile, Manifest, ScriptState, StandIns

SCHEMA = "compat/2"
#: Where originals are kept: in a folder inside their own, or, for scripts that know how deep they lie, beside it.
INSIDE, BESIDE = "legacy", "-legacy"
#: What stands before the shell stand-in in a script that Ruby has to be able to read.
_FOR_RUBY = """#!/usr/bin/env ruby
# frozen_string_literal: true

# fairway-scripts shim: hands the call over to the suite, or with FAIRWAY_LEGACY=1 to the script that was here before.
# What follows is the shell stand-in, word for word; exec keeps the process, its exit status and its signals.
exec('/bin/sh', '-c', DATA.read, File.expand_path(__FILE__), *ARGV)
__END__
"""
#: The shell stand-in as a text that Python passes over: the file runs itself, and `caller` is what it was run with.
_FOR_PYTHON = """#!/bin/sh
# fairway-scripts shim: for a shell what follows is the stand-in, for Python a text before the lines at the end.
''':'
{shell}
'''
import os, signal, sys

words = getattr(sys, "orig_argv", [sys.executable] + sys.argv)  # with the flags, before the name of this file
os.environ["FAIRWAY_RUN_WITH"] = "\\n".join([sys.executable] + words[1 : len(words) - len(sys.argv)])
for name in ("SIGPIPE", "SIGXFSZ"):  # which Python ignores, and a process keeps what the one before it ignored
    signal.signal(getattr(signal, name), signal.SIG_DFL)
os.execv("/bin/sh", ["/bin/sh"] + sys.argv)
"""
HOME_FILE = os.path.join(".fairway", "home")


class InstallStep(NamedTuple):
    """One step of an installation; `act` is `move`, `put` (a stand-in), `copy` or `write`.

    `path` is what comes to be, `source` what is moved or copied there, `text` what is written; `tracked` says whether
    git has the file that is moved.
    """

    act: str
    path: str
    source: str = ""
    text: str = ""
    tracked: bool = False

    def line(self) -> str:
        """Return the step as people read it."""
        if self.act == "put":
            return f"put a stand-in at {self.path}"
        return f"{self.act} {self.source} -> {self.path}" if self.source else f"{self.act} {self.path}"


def stand_in(script: str, root: str = "") -> str:
    """Return what is put under a script's name: the same text for all, in a form that Ruby or Python reads too.

    A script without an ending speaks what the first line of its original in the checkout `root` says. Raises
    FairwayError `file_unavailable` when this installation has none.
    """
    installed = os.path.join(sysconfig.get_path("data"), "share", "fairway")
    for base in (home(), installed):
        path = os.path.join(base, "compat", "stand-in.sh")
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            if _speaks_python(script, root):
                return _FOR_PYTHON.format(shell=text)
            return (_FOR_RUBY if script.endswith(".rb") else "") + text
    raise FairwayError(
        "file_unavailable",
        "compat/stand-in.sh is not installed",
        suggest_program("pip", "install", "--force-reinstall", "fairway-scripts"),
    )


def _speaks_python(script: str, root: str) -> bool:
    """Tell whether Python may be asked to run a script, by its ending, else by its original's first line."""
    path = handover.original(script, root) if root and "." not in os.path.basename(script) else ""
    if not path:
        return script.endswith(".py")
    with open(path, "rb") as file:
        return b"python" in file.readline(256)


def host_root(args: CompatInstall | CompatUninstall | ParityReportStatus) -> str:
    """Return the top of the main checkout of the repository at `args.into` ("" for here).

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


def _words_of(args: CompatInstall | CompatUninstall | ParityReportStatus) -> list[str]:
    """Return what else the call of a tool of this family said, as flags."""
    words = [f"--{name.replace('_', '-')}" for name in ("originals", "dry_run") if getattr(args, name, "")]
    return words + [word for script in getattr(args, "keep", []) for word in ("--keep", script)]


def merge_lines(root: str) -> list[str]:
    """Return the lines that bring a commit in the main checkout `root` into the other worktrees."""
    repository = paths.find_repository(root)
    places = paths.worktrees(repository) if repository is not None else []
    branch = next((place["branch"] for place in places if place["main"]), None)
    lanes = [
        place["path"] for place in places if branch and place["branch"] and not (place["main"] or place["prunable"])
    ]
    return [f"then: git -C '{path}' merge --no-edit '{branch}'" for path in lanes]


def new_manifest() -> Manifest:
    """Return the note of an installation that has done nothing yet."""
    return {"schema": SCHEMA, "folder": INSIDE, "files": {}, "copies": {}, "created": {}, "kept": []}


def manifest_text(manifest: Manifest) -> bytes:
    """Return the note as it is written."""
    return (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode()


def sha256(path: str) -> str:
    """Return the digest of a file, "" when it is not there."""
    try:
        return digest.of_file(path)
    except FileNotFoundError:
        return ""


def mode_of(path: str) -> str:
    """Return the permission bits of a file as git users write them: `755`."""
    return f"{stat.S_IMODE(os.stat(path).st_mode):o}"


def moved_place(folder: str, script: str) -> str:
    """Return where the original of a stand-in is kept: in a folder inside its own, or beside that."""
    place, _slash, name = script.rpartition("/")
    return f"{place}-legacy/{name}" if folder == BESIDE and place else f"{place}/legacy/{name}".lstrip("/")


def stand_ins(root: str) -> list[str]:
    """List the scripts of a repository that get a stand-in: published ones, and its own that a tool answers."""
    profile = os.path.join(root, PROFILE)
    entries = read_profile(profile)["scripts"] if os.path.isfile(profile) else {}
    own = [script for script, words in entries.items() if any(entry["tool"] for entry in words.values())]
    there = [script for script in own if script not in SCRIPTS and os.path.isfile(os.path.join(root, script))]
    return [*sorted(SCRIPTS, key=lambda script: (script.startswith("scripts/ci/"), script)), *there]


def has_originals(root: str, manifest: Manifest, known: list[str]) -> bool:
    """Tell whether older scripts are here that could answer: in place, or moved before."""
    return any(handover.original(script, root) for script in {*known, *manifest["files"]})


def status(root: str) -> StandIns:
    """Return what stands under each older script's name in the checkout `root`.

    The states are `installed`, `outdated` (an older
    stand-in of the suite), `modified` (changed by hand since), `missing`, `original` (not replaced), `kept` (left alone
    on purpose). `original` is the path of what was there before, "" when nothing was.
    """
    manifest = read_manifest(root)
    noted = manifest or new_manifest()
    rows: list[ScriptState] = []
    for script in stand_ins(root):
        moved = moved_place(noted["folder"], script)
        state = state_of(root, script, noted["files"].get(script))
        if script in noted["kept"] and state != "missing":
            state = "kept"
        there = moved if os.path.isfile(os.path.join(root, moved)) else ""
        rows.append({"script": script, "state": state, "original": script if state in ("original", "kept") else there})
    return {"root": root, "installed": manifest is not None, "scripts": rows}


def state_of(root: str, script: str, noted: InstalledFile | None) -> str:
    """Return what stands under a script's name: `missing`, `installed`, `outdated`, `modified` or `original`."""
    path = os.path.join(root, script)
    found = sha256(path)
    if not found:
        return "missing"
    if found == digest.of_text(stand_in(script, root)):
        return "installed"
    if not handover.is_shim(path):
        return "modified" if noted else "original"
    return "outdated" if noted and found == noted["sha256"] else "modified"
