"""Reading the store without keeping the keyboard waiting: one thread that owns an open project."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.project.lane_choice import chosen_lane
from fairway_scripts.project.looking import change_mark, open_unchanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.project.project import Project

    Answer = TypeVar("Answer")


class Reader:
    """An open project in a thread of its own; it is only read, and a changed queue file is not imported."""

    def __init__(self, args: Any) -> None:
        self.args = args
        self._thread = ThreadPoolExecutor(1, "reader")
        self._project: Project | None = None
        self._mark: tuple[Any, ...] = ()
        self._closed = False

    async def ask(self, question: Callable[..., Answer], *values: Any) -> Answer:
        """What `question(project, *values)` gives, answered in the thread; raises whatever it raises."""
        return await self._in_thread(self._answer, question, values)

    async def has_changed(self) -> bool:
        """Whether something was committed, or a file replaced, since this was asked last."""
        return await self._in_thread(self._look)

    async def move(self, folder: str) -> None:
        """Read the project of another folder from now on, which is then the current folder of this process.

        Raises what opening a project raises; the project that was open then stays the one that is read.
        """
        await self._in_thread(self._move, folder)

    def close(self) -> None:
        """Wait for no answer any more."""
        self._closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[..., Answer], *values: Any) -> Answer:
        if self._closed:  # who asks now is being left
            raise asyncio.CancelledError
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *values)

    def _answer(self, question: Callable[..., Answer], values: tuple[Any, ...]) -> Answer:
        if self._project is None:
            self._open()
        return question(self._project, *values)

    def _open(self) -> None:
        project = open_unchanged(self.args)
        if self._project is not None:
            self._project.store.close()
        self._project, self._mark = project, change_mark(project)

    def _look(self) -> bool:
        if self._project is None:
            return self._has_come()
        mark = change_mark(self._project)
        if mark == self._mark:
            return False
        if mark[1:] != self._mark[1:]:  # another store, queue file or configuration
            self._open()
        self._mark = change_mark(self._project)
        return True

    def _has_come(self) -> bool:
        """Whether a project that could not be opened can be by now."""
        try:
            self._open()
        except FairwayError:
            return False
        return True

    def _move(self, folder: str) -> None:
        before, args = os.getcwd(), self.args
        os.chdir(folder)
        self.args = copy(args)  # the store, queue file and configuration that were named are those of the first project
        self.args.__dict__.update(queue_db="", queue_file="", config="")
        try:
            self._open()
        except BaseException:
            os.chdir(before)
            self.args = args
            raise


def project_facts(project: Project, lane: str) -> tuple[str, str, list[str]]:
    """The lane of the person, the name of the project, and what should be heard about it.

    A lane that is not of this project (AGENT_ROLE may be of another one) is none, and that is among what is heard.
    """
    notes, name = list(project.notes), os.path.basename(project.root)
    try:
        return chosen_lane(project, lane), name, notes
    except FairwayError as refusal:
        return "", name, [*notes, refusal.message]
