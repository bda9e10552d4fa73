"""Reading the store without keeping the keyboard waiting: one thread that owns an open project."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from typing import TYPE_CHECKING, NamedTuple, cast

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.settings import lanes
from fairway_scripts.project.lane_choice import chosen_lane
from fairway_scripts.project.opening import open_unchanged
from fairway_scripts.project.watching import change_mark

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from typing import TypeVar, TypeVarTuple

    from fairway_scripts.calls.tool_calls import Call
    from fairway_scripts.project.project import Project
    from fairway_scripts.project.watching import Mark

    Answer = TypeVar("Answer")
    Values = TypeVarTuple("Values")


class Reader:
    """An open project in a thread of its own; it is only read, and a changed queue file is not imported."""

    def __init__(self, args: Call) -> None:
        self.args = args
        self._thread = ThreadPoolExecutor(1, "reader")
        self._project: Project | None = None
        self._mark: Mark | tuple[()] = ()
        self._closed = False
        #: questions with their values that are answered before they are asked, in the order of being asked
        self._ahead: list[tuple[tuple[object, ...], Future[object]]] = []

    def read_ahead(self, question: Callable[[Project, *Values], Answer], *values: *Values) -> Future[Answer]:
        """Open the project, and answer a question that will be among the first to be asked, in the order of these.

        Who asks it gets the answer, or the refusal, of this reading; as soon as something else is asked, or one of
        them is refused, the others are forgotten. Returns what will hold the answer.
        """
        answer = self._thread.submit(lambda: self._answer(question, *values))
        self._ahead.append(((question, *values), cast("Future[object]", answer)))
        return answer

    async def ask(self, question: Callable[[Project, *Values], Answer], *values: *Values) -> Answer:
        """What `question(project, *values)` gives, answered in the thread; raises whatever it raises."""
        ahead, self._ahead = self._ahead, []
        if ahead and ahead[0][0] == (question, *values):
            answer = await self._ended(cast("Future[Answer]", ahead[0][1]))
            self._ahead = ahead[1:]
            return answer
        return await self._in_thread(self._answer, question, *values)

    @staticmethod
    async def _ended(future: Future[Answer]) -> Answer:
        import asyncio  # the page brings it: reading ahead begins before it is there

        return await asyncio.wrap_future(future)

    async def has_changed(self) -> bool:
        """Whether something was committed, or a file replaced, since this was asked last."""
        return await self._in_thread(self._look)

    async def move(self, folder: str) -> None:
        """Read the project of another folder from now on, which is then the current folder of this process.

        Raises what opening a project raises; the project that was open then stays the one that is read.
        """
        self._ahead = []
        await self._in_thread(self._move, folder)

    def close(self) -> None:
        """Wait for no answer any more."""
        self._closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[*Values], Answer], *values: *Values) -> Answer:
        if self._closed:  # who asks now is being left
            from asyncio import CancelledError

            raise CancelledError
        return await self._ended(self._thread.submit(work, *values))

    def _answer(self, question: Callable[[Project, *Values], Answer], *values: *Values) -> Answer:
        if self._project is None:
            project = self._open()
        else:
            project = self._project
            project.trees = None  # each question is a call, and worktrees come, go and change their branch
        return question(project, *values)

    def _open(self) -> Project:
        project = open_unchanged(copy(self.args))  # the page itself shows the notes of what it opens
        if self._project is not None:
            self._project.store.close()
        self._project, self._mark = project, change_mark(project)
        return project

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


class Facts(NamedTuple):
    """What the page knows of its project: the person's lane, its name, its lanes, and what should be heard about it."""

    lane: str
    name: str
    lanes: list[str]
    notes: list[str]


def project_facts(project: Project, lane: str) -> Facts:
    """The facts of a project for somebody who named a lane ("" for none).

    A lane that is not of this project (AGENT_ROLE may be of another one) is none, and that is among what is heard.
    """
    facts = Facts("", os.path.basename(project.root), lanes(project.settings), list(project.notes))
    try:
        return facts._replace(lane=chosen_lane(project, lane))
    except FairwayError as refusal:
        return facts._replace(notes=[*facts.notes, refusal.message])
