"""The part of a check-up that looks at git: the program, the repository, what others would refuse or misread."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.base.settings import LOADER_PATH
from fairway_scripts.board.orchestrator.findings import ERROR, WARNING, finding
from fairway_scripts.git.git import is_shallow, resolve_many
from fairway_scripts.git.references import worktrees
from fairway_scripts.programs.spawn import run_quick
from fairway_scripts.queue.files.make_files import POINTER_PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.base.paths import Repository
    from fairway_scripts.board.board_shapes import DoctorFinding
    from fairway_scripts.project.project import Project

#: `git diff-tree --merge-base`, on which reviews and merge-ready stand, came with this version.
GIT_FLOOR = (2, 30)
#: A program that a hook names by its whole path.
_PATHS = re.compile(r"(?<![\w$}/.])(/[^\s\"'`;|&<>()$*?]+)")
_FRAGMENT = re.compile(r"^\s*(?P<or_not>[-s]?)include\s+(?P<files>.*fairway\.mk.*)$", re.MULTILINE)
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")


def git_findings(project: Project, *, configured: bool) -> list[DoctorFinding]:
    """What is wrong with git and the repository; where git cannot be started or refuses, that alone.

    `configured` says whether the configuration could be read, so that the integration branch is the project's own.
    """
    try:
        _code, out, _err = run_quick(["git", "--version"], project.root)
    except FairwayError as problem:
        missing = finding("git_missing", ERROR, problem.message, "install git, or put it on PATH")
        return [*_no_repository(project), missing]
    found = [*_no_repository(project), *_old(out)]
    if project.repository is None or found:
        return found
    refused = _refused(project.repository)
    if refused:
        return [refused]
    try:
        branches = _branches(project) if configured else ()
        return [*branches, *_hooks(project.repository), *_includes(project.repository), *_moved(project.repository)]
    except FairwayError as problem:
        return [finding("other", ERROR, problem.message, problem.hint)]


def _no_repository(project: Project) -> Iterator[DoctorFinding]:
    if project.repository is None:
        message = f"{project.root} is in no git repository: there are no lanes, branches or commits to check"
        yield finding("repository_missing", WARNING, message, suggest_program("git", "-C", project.root, "init"))


def _old(version: bytes) -> Iterator[DoctorFinding]:
    numbers = re.search(rb"(\d+)\.(\d+)", version)
    if numbers and (int(numbers[1]), int(numbers[2])) < GIT_FLOOR:
        message = f"this is git {numbers[0].decode()}; {'.'.join(map(str, GIT_FLOOR))} is needed for reviews"
        yield finding("git_old", ERROR, message, "install a newer git")


def _refused(repository: Repository) -> DoctorFinding | None:
    """Git's own refusal of the repository: another owner, a format that this git does not know."""
    place = repository.worktree or repository.git_dir
    code, _out, err = run_quick(["git", "rev-parse", "--git-dir"], place)
    if code == 0:
        return None
    said = os.fsdecode(err).strip()
    fix: str = f"look at what `git -C {place} status` says"
    if "dubious ownership" in said:
        fix = suggest_program("git", "config", "--global", "--add", "safe.directory", place)
    elif "extension" in said or "version" in said:
        fix = "install the newer git that the repository was made with"
    return finding("repository_refused", ERROR, f"git refuses {place}: {said.splitlines()[0] if said else code}", fix)


def _branches(project: Project) -> Iterator[DoctorFinding]:
    repository: Repository = project.repository  # type: ignore[assignment]  # the caller has looked
    main = project.settings["fairway"]["main_branch"]
    names = [f"refs/heads/{main}", f"refs/remotes/origin/{main}"]
    here = [entry["branch"] for entry in worktrees(repository) if entry["main"] and entry["branch"]]
    usual = [name for name in dict.fromkeys([*here, "main", "master", "trunk"]) if name != main]
    known = resolve_many(repository.common_dir, [*names, "HEAD", *(f"refs/heads/{name}" for name in usual)])
    other = next((name for name in usual if known[f"refs/heads/{name}"]), "")
    if known["HEAD"] and not any(known[name] for name in names):
        message = f"the integration branch {main} is not here, so nothing can be compared with it or start from it"
        message += f"; the repository has {other}" if other else ""
        fix = suggest("fairway-config", "set", "fairway.main_branch", other) if other else "git fetch origin"
        yield finding("main_branch_missing", ERROR, message, fix)
    if is_shallow(repository.common_dir):
        message = "this clone is shallow: where the history ends, nothing can be said of what is merged or was reviewed"
        yield finding("clone_shallow", WARNING, message, suggest_program("git", "fetch", "--unshallow"))


def _hooks(repository: Repository) -> Iterator[DoctorFinding]:
    """Hooks of git that call a program which is not there any more."""
    folder = os.path.join(repository.common_dir, "hooks")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = os.path.join(folder, name)
        if name.endswith(".sample") or not os.access(path, os.X_OK) or not os.path.isfile(path):
            continue
        gone = [word for word in _PATHS.findall(_text(path)) if not os.path.exists(word)]
        if gone:
            message = f"the hook {name} names {gone[0]}, which is not there"
            yield finding("hook_stale", WARNING, message, f"correct or remove {path}")


def _includes(repository: Repository) -> Iterator[DoctorFinding]:
    """Worktrees whose Makefile includes the fragment by a path that leads nowhere from there."""
    for entry in worktrees(repository):
        makefiles = [os.path.join(entry["path"], name) for name in _MAKEFILES]
        makefile = next(filter(os.path.isfile, makefiles), "")
        for line in _FRAGMENT.finditer(_text(makefile)) if makefile else ():
            words = [word for word in line["files"].partition("#")[0].split() if "$" not in word]
            lost = [word for word in words if not os.path.exists(os.path.join(entry["path"], word))]
            optional = line["or_not"]
            if lost and (not optional or LOADER_PATH in lost):
                what = "make has no targets of ours in that worktree" if optional else "make does nothing there"
                message = f"{makefile} includes {lost[0]}, which is not there: {what}"
                level = WARNING if optional else ERROR
                yield finding("include_missing", level, message, suggest("fairway-mk-path", "--include"))


def _moved(repository: Repository) -> Iterator[DoctorFinding]:
    """The note of where the suite is, which worktrees read through their loader, when the suite is there no more."""
    note = os.path.join(repository.common_dir, POINTER_PATH)
    for line in _FRAGMENT.finditer(_text(note)) if os.path.isfile(note) else ():
        path = line["files"].replace("\\ ", " ").replace("\\#", "#").replace("$$", "$")
        if not os.path.exists(path):
            message = f"make looks for the suite at {path}, where it is not any more: it has no targets of ours"
            yield finding("include_missing", WARNING, message, suggest("fairway-mk-path", "--include"))


def _text(path: str) -> str:
    with open(path, "rb") as file:
        return file.read(1 << 20).decode("utf-8", "replace")
