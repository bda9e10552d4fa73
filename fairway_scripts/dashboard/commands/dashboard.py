"""fairway-dashboard."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.base.identity import SESSION_VARIABLE
from fairway_scripts.calls.answer import answer, tell_notes, warn
from fairway_scripts.calls.options import number
from fairway_scripts.queue.opening import open_project

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import FairwayDashboard
    from fairway_scripts.project.project import Project

#: The packages that only this tool needs.
_EXTRA = ("starlette", "uvicorn", "jinja2")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the tool takes besides the common flags: an action and its folder."""
    parser.add_argument("words", nargs="*", metavar="export DIR", help="write the pages into DIR instead, as files")


def run(args: FairwayDashboard) -> int:
    """Serve the pages until it is interrupted, or write them; the address to open is the first line of the answer."""
    if args.words and (args.words[0] != "export" or len(args.words) != 2):
        said = " ".join(args.words)
        raise FairwayError("usage", f"say nothing, or export DIR; {said!r} was said", suggest(args.tool, "--help"))
    _require_extra()
    from fairway_scripts.dashboard.serve import is_loopback, serve

    os.environ.pop(SESSION_VARIABLE, None)  # who looks is not the session that started the server
    project = open_project(args)
    tell_notes(args)
    configured = project.settings["dashboard"]
    host, given = args.host or configured["host"], number(args, "PORT")
    read_only = bool(args.read_only or configured["read_only"])
    if not is_loopback(host):
        warn(f"{host} can be reached from other machines, and there is no TLS here")
        read_only = read_only or not args.yes
    folders = folders_of(project, args.projects)
    project.store.close()
    if args.words:
        return _export(args, folders)

    def told(address: str) -> None:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        if configured["open"]:
            import webbrowser

            webbrowser.open(address)

    port = configured["port"] if given is None else given
    serve(folders, args, host=host, port=port, read_only=read_only, told=told)
    return OK


def _export(args: FairwayDashboard, folders: list[str]) -> int:
    from fairway_scripts.dashboard.desk import Desk
    from fairway_scripts.dashboard.export import export

    folder = os.path.abspath(args.words[1])
    written = export(Desk(folders, args, read_only=True), folder)
    lines = [f"wrote {written['pages']} pages and {written['tasks']} tasks: {os.path.join(folder, 'index.html')}"]
    if written["left_out"]:
        lines.append(f"{written['left_out']} task(s), finished ones first, have no page of their own")
    answer(args, {**written, "folder": folder}, lines)
    return OK


def folders_of(project: Project, given: str) -> list[str]:
    """The checkouts to show: the caller's own first, then those that the call or the configuration names."""
    named = [name.strip() for name in given.split(",")] if given else project.settings["dashboard"]["projects"]
    others = [os.path.realpath(os.path.join(project.root, os.path.expanduser(name))) for name in named if name]
    return list(dict.fromkeys([os.path.realpath(project.worktree), *others]))


def _require_extra() -> None:
    """Raise FairwayError `missing_dependency` with the line that installs what this tool alone needs."""
    from importlib.util import find_spec

    missing = [name for name in _EXTRA if find_spec(name) is None]
    if missing:
        from fairway_scripts.base.extras import install_line

        message = f"the Python package {missing[0]} is missing"
        raise FairwayError("missing_dependency", message, install_line("dashboard"))
