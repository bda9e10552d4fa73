"""Calling the tools: each as its own process, with the person as ACTOR, so that it refuses and hints as always."""

from __future__ import annotations

import asyncio
import os
import shlex
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from fairway_scripts.base import jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import CALL, FairwayError
from fairway_scripts.calls.options import is_placeholder
from fairway_scripts.programs.own_tool import Ended, Running, tool_argv
from fairway_scripts.project.lane_choice import worktree_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.calls.tool_calls import Call
    from fairway_scripts.project.project import Project
    from fairway_scripts.terminal.terminal_shapes import Answer

#: Programs at once: a change of the person beside the slow looks of two views.
_AT_ONCE = 6
#: What a shell would do something with, and a line that is run without one must not hold.
_SHELL = frozenset(("|", "||", "&", "&&", ";", ";;", ">", ">>", "<", "(", ")"))
_CARRIED = (("actor", "--actor"), ("queue_db", "--queue-db"), ("queue_file", "--queue-file"), ("config", "--config"))


class Calls:
    """The programs that were started and have not ended."""

    def __init__(self, args: Call) -> None:
        self._threads = ThreadPoolExecutor(_AT_ONCE, "call")
        self._carried = {flag: value for name, flag in _CARRIED if (value := getattr(args, name, ""))}
        self.running: dict[int, tuple[str, Running]] = {}

    def leave_project(self) -> None:
        """Name no store, queue file or configuration any more: another project has its own."""
        self._carried = {flag: value for flag, value in self._carried.items() if flag == "--actor"}

    async def tool(self, name: str, words: Sequence[str], cwd: str) -> Ended:
        """Run a tool of ours to its end; raises FairwayError `file_unavailable` when it cannot be started."""
        said = [word.partition("=")[0] for word in words]
        carried = [word for flag, value in self._carried.items() if flag not in said for word in (flag, value)]
        cut = list(words).index("--") if "--" in words else len(words)
        argv = tool_argv(name, [*words[:cut], *carried, *words[cut:]])
        return await self._run(argv, cwd, name, CALL.via)

    async def line(self, argv: Sequence[str], cwd: str) -> Ended:
        """Run the words of a line to its end, without a shell."""
        return await self._run(argv, cwd, shlex.join(argv), "")

    async def answer(self, words: Sequence[str], cwd: str) -> Answer:
        """The JSON that a tool answers with, {} when it gave none."""
        ended = await self.tool(words[0], words[1:], cwd)
        try:
            found = jsonio.loads(ended.out)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def close(self) -> None:
        """End what still runs, with all that it has started."""
        for _title, running in list(self.running.values()):
            running.end()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, argv: Sequence[str], cwd: str, title: str, via: str) -> Ended:
        try:
            running = Running(argv, cwd, via=via)
        except OSError as problem:
            raise FairwayError("file_unavailable", f"{argv[0]} cannot be started: {problem.strerror}") from problem
        self.running[id(running)] = title, running
        waited = self._threads.submit(running.wait)
        # a page that is left forgets who waits for it, and still has to end it
        waited.add_done_callback(lambda done: None if done.cancelled() else self.running.pop(id(running), None))
        return await asyncio.wrap_future(waited)


def words_of(line: str) -> list[str]:
    """The words of a line that is run without a shell; raises FairwayError `usage` for one that needs a shell."""
    try:
        reader = shlex.shlex(line, posix=True, punctuation_chars=True)
        reader.whitespace_split = True
        signs = _SHELL.intersection(reader)
        words = shlex.split(line)
    except ValueError as problem:
        raise FairwayError("usage", f"the line is not understood: {problem}") from None
    if signs:
        raise FairwayError("usage", f"{' '.join(sorted(signs))} is for a shell: copy the line (y) and run it there")
    for word in words:
        value = word.partition("=")[2] or word
        if is_placeholder(value):
            raise FairwayError("usage", f"{value} stands for a value that is still to be given")
    return words


def lane_folder(project: Project, lane: str) -> str:
    """Where a line of a lane is run: its worktree, else the main checkout."""
    known = lane in settings_of.lanes(project.settings)
    place = settings_of.worktree_path(project.settings, lane, project.root, worktree_root()) if known else ""
    return place if place and os.path.isdir(place) else project.root
