"""What a project needs before its first task: made where it is missing, left alone where it is there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import paths
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.base.presence import is_there
from fairway_scripts.formats.file_replacement import replace_file, sole_writer, write_new_file
from fairway_scripts.front.configuration import declare_lanes
from fairway_scripts.programs.spawn import run_quick
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.project.places import checkout_of_bare
from fairway_scripts.project.project import is_born
from fairway_scripts.queue.make_inclusion import note_suite, put_loader
from fairway_scripts.queue.opening import refresh
from fairway_scripts.queue.setting_up import config_path, make_folder_of, refuse_choice, write_config
from fairway_scripts.queue.taking_over import create_store, creation_note
from fairway_scripts.store.contract import exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.base.errors import Hint
    from fairway_scripts.calls.tool_calls import FairwayInit
    from fairway_scripts.front.front_shapes import DoneSetUp
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.setting_up import WrittenConfig

_STARTER = """\
# What there is to do, task by task. The state of a task (status, owner ...) is in the store and never written here.
# queue-add adds tasks to the store, queue-export writes them into this file. A task in full:
#
# - id: {id}
#   title: What is to be done, in one line
#   role: {lane}
#   acceptance_checks: [make test]
version: 1
tasks: []
"""


def set_up(args: FairwayInit, lanes: list[str], *, inline: bool) -> DoneSetUp:
    """Give the caller's repository, whichever worktree the call is made in, all that a first task needs.

    That is the configuration (PRESET; fitted to what is there), a queue file (none with `inline`), the store, lines of
    `.gitignore` where something of ours would lie in the work tree. What is there already stays as it is; `lanes`
    are declared in either case. Returns {path, preset, lanes, fitted, made: [text], next_step: line,
    makefile}: the last is the Makefile that does not include the make targets yet, "" for none. Raises
    FairwayError: `already_exists` when there is nothing to do or a PRESET cannot be chosen any more, `usage`,
    `file_unavailable`, and what opening the project raises.
    """
    root = _root(args)
    path = config_path(root, args.config)
    refuse_choice(args.preset or "default", lanes)
    if args.config or os.environ.get("FAIRWAY_CONFIG"):
        args.config = path
    added = declare_lanes(args, lanes)["added"] if lanes and os.path.exists(path) else []
    made = [f"declared lane {name}" for name in added]
    make_folder_of(path)
    with sole_writer(path):
        done = _configured(args, root, path, lanes, made, inline=inline)
        project = _with_queue_file(args, root, made)
        if not is_born(project.store):
            refresh(project)
            create_store(project)
            made.append(f"made {project.show(project.store.path)}, the store")
            project.notes.remove(creation_note(project))
        made += _ignored(project)
        if project.repository is not None:
            note_suite(project.repository)
            made += [f"wrote {path}, which finds the make targets" for path in put_loader(root)]
    next_step = first_step(project, lanes)
    if not made:
        raise FairwayError("already_exists", f"{root} is set up: there is nothing left to make", next_step, path=path)
    return {**done, "made": made, "makefile": _makefile_without_us(root), "next_step": next_step}


def _makefile_without_us(root: str) -> str:
    for name in ("GNUmakefile", "makefile", "Makefile"):
        path = os.path.join(root, name)
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                return "" if "fairway.mk" in file.read() else name
    return "Makefile" if paths.find_repository(root) else ""


def _root(args: FairwayInit) -> str:
    """The checkout that is set up: the main one; that of the caller where git records none."""
    repository = paths.find_repository(os.getcwd())
    if repository is None:
        return os.path.realpath(os.getcwd())
    if repository.main_worktree:
        return repository.main_worktree
    found = checkout_of_bare(repository, args)
    if found.found:
        return found.path
    if repository.worktree:
        return repository.worktree
    message = f"{repository.common_dir} is a bare repository: a configuration and a queue file lie in a checkout"
    branch = paths.head_branch(repository.common_dir) or "main"
    place = os.path.join(os.path.dirname(repository.common_dir), branch.replace("/", "-"))
    raise FairwayError("usage", message, suggest_program("git", "-C", repository.common_dir, "worktree", "add", place))


def _configured(
    args: FairwayInit, root: str, path: str, lanes: list[str], made: list[str], *, inline: bool
) -> WrittenConfig:
    """The configuration in force, as `write_config` gives it; written where there is none."""
    if not os.path.exists(path):
        source = "inline" if inline else _named_source(args, root)
        done = write_config(root, path, args.preset or "default", lanes, source)
        made.insert(0, f"wrote {path}")
        return done
    if args.preset or inline:
        asked = f"PRESET={args.preset}" if args.preset else "--inline"
        message = f"{path} exists, so {asked} cannot be chosen any more"
        raise FairwayError("already_exists", message, suggest("fairway-config", "show"), path=path)
    from fairway_scripts.front.configuration import sound_settings

    return {"path": path, "preset": "", "lanes": settings_of.lanes(sound_settings(path)), "fitted": {}}


def _named_source(args: FairwayInit, root: str) -> str:
    """The queue file that the call names, from the main checkout; "" for none."""
    given = args.queue_file
    if not given:
        return ""
    place = os.path.relpath(os.path.realpath(given), root)
    return os.path.realpath(given) if place.startswith("../") else place


def _with_queue_file(args: FairwayInit, root: str, made: list[str]) -> Project:
    """The open project, its queue file made where it is missing and neither git nor the store has known one."""
    if not args.queue_file and paths.find_repository(root) is not None:
        args.queue_file = _unrecorded(args, root)
    project = open_as_it_is(args)
    project.may_begin = True
    path = project.queue.path
    if not path or is_there(path):
        return project
    code, _out, _err = run_quick(["git", "ls-files", "--error-unmatch", "--", path], root)
    if code == 0:
        message = f"{project.show(path)} is missing from the checkout, and git has it"
        fix = suggest_program("git", "-C", root, "checkout", "--", project.show(path))
        raise FairwayError("file_unavailable", message, fix, path=path)
    make_folder_of(path)
    write_new_file(path, _starter(project).encode())
    made.append(f"wrote {path}, the queue file")
    return project


def _unrecorded(args: FairwayInit, root: str) -> str:
    """The queue file of a checkout that git does not record as the main one, for it to be the one that counts."""
    repository = paths.find_repository(root)
    if repository is None or repository.main_worktree or checkout_of_bare(repository, args).found:
        return ""
    from fairway_scripts.front.configuration import sound_settings

    form, place = settings_of.queue_source(sound_settings(config_path(root, args.config)))
    return "" if form == "inline" else os.path.join(root, place)


def _starter(project: Project) -> str:
    if settings_of.queue_source(project.settings)[0] == "json":
        return '{"version": 1, "tasks": []}\n'
    lane = next(iter(settings_of.lanes(project.settings)), "work")
    return _STARTER.format(id="TASK-1", lane=lane)


def _ignored(project: Project) -> list[str]:
    """Keep what is ours and no source out of git: the lines that were added to `.gitignore`."""
    inside = project.root.rstrip("/") + "/"
    common = project.repository.common_dir + "/" if project.repository else "\0"
    store = exact(project.store.path)
    wanted = [f"/{project.show(store)}*"] if store.startswith(inside) and not store.startswith(common) else []
    if wanted and project.repository is None:
        wanted.append("/.fairway/stores")
    shape = project.settings["worktrees"]
    places = os.path.normpath(os.path.join(project.root, shape["root"]))
    if places.startswith(inside):
        wanted.append(f"/{os.path.relpath(places, project.root)}/")
    elif places == project.root.rstrip("/"):
        wanted += [f"/{shape['naming'].replace('{repo}', os.path.basename(project.root)).replace('{role}', '*')}/"]
    path = os.path.join(project.root, ".gitignore")
    text = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
    lines = [line for line in wanted if line not in text.splitlines()]
    if lines:
        before = text + ("\n" if text and not text.endswith("\n") else "")
        replace_file(path, (before + "".join(f"{line}\n" for line in lines)).encode(errors="surrogateescape"))
    return [f"added {line} to .gitignore" for line in lines]


def first_step(project: Project, named: Sequence[str]) -> Hint:
    """What comes next in a project that is set up: a first task (in a lane that was named), or what is ready."""
    with project.store.read() as tx:
        has_tasks = bool(tx.value("tasks.lanes"))
    if has_tasks:
        return suggest("queue-ready")
    lanes = [*named, *settings_of.lanes(project.settings)]
    return suggest("queue-add", ROLE=lanes[0] if lanes else None, TITLE=None, ACCEPTANCE=None)
