"""The desk that asks the store: every verb of every request goes through here.

The verbs are those of the tools, which know one caller and one working folder a process. So a request becomes a call
like any other: the folder of the project, arguments, an open project, one verb, and the store is closed again. Calls
stand in two queues, each with one thread: what is quick, and what may take long. Opening a project says for the whole
process whose call it is, so one call opens at a time, and one that changes something is alone until it is done.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.project.project import is_born
from fairway_scripts.project.watching import change_mark
from fairway_scripts.queue.opening import open_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.calls.tool_calls import Call, FairwayDashboard
    from fairway_scripts.project.project import Project

_Answer = TypeVar("_Answer")

#: How long a page may take, and a change, in seconds, before it is given up.
LIMIT, CHANGE_LIMIT = 10.0, 60.0
#: An opening that took longer (seconds) has imported a queue file, which leaves much behind.
_LONG = 0.5


class Desk:
    """Asks one or more projects; `folders` are their checkouts, the first is the one whose pages are shown.

    `args` are the arguments of the call that started the dashboard: they name the store, the queue file and the
    configuration of the first project.
    """

    def __init__(self, folders: list[str], args: FairwayDashboard, *, read_only: bool) -> None:
        self.folders = folders
        self.args = args
        self.read_only = read_only
        self._quick = ThreadPoolExecutor(max_workers=1, thread_name_prefix="quick")
        self._heavy = ThreadPoolExecutor(max_workers=1, thread_name_prefix="heavy")
        self._looks = ThreadPoolExecutor(max_workers=1, thread_name_prefix="looks")
        self._alone = threading.Lock()
        #: the first project, open to tell what has changed, its mark when it was opened, and how often it was
        self._sentinel: Project | None = None
        self._first: tuple[object, ...] = ()
        self._times = 0

    async def ask(self, work: Callable[[Project], _Answer]) -> _Answer:
        """What `work` answers about the first project; raises FairwayError, `deadline_passed` after LIMIT."""
        return await self._on(self._quick, lambda: self.ask_here(work), LIMIT)

    async def timed(self, work: Callable[[Project], _Answer], *, heavy: bool) -> tuple[_Answer, float]:
        """What `work` answers about the first project, however long it takes, and how many seconds that were."""

        def measured() -> tuple[_Answer, float]:
            began = time.perf_counter()
            return self.ask_here(work), time.perf_counter() - began

        return await self._on(self._heavy if heavy else self._quick, measured, None)

    async def change(self, args: Call, work: Callable[[Project], _Answer]) -> _Answer:
        """What `work` answers that changes the first project, opened with the arguments of a tool's own call."""

        def alone() -> _Answer:
            with self._alone:
                return self._closing(self._open(self.folders[0], args), work)

        return await self._on(self._quick, alone, CHANGE_LIMIT)

    async def survey(self, work: Callable[[Project], _Answer]) -> list[tuple[str, _Answer | FairwayError]]:
        """What `work` answers about every project, each with its folder; for a broken one the FairwayError."""
        return await self._on(self._heavy, lambda: self.survey_here(work), None)

    def survey_here(self, work: Callable[[Project], _Answer]) -> list[tuple[str, _Answer | FairwayError]]:
        """`survey`, on the thread of the caller."""
        found: list[tuple[str, _Answer | FairwayError]] = []
        for folder in self.folders:
            try:
                found.append((folder, self._read(folder, work)))
            except FairwayError as refusal:
                found.append((folder, refusal))
        return found

    def ask_here(self, work: Callable[[Project], _Answer]) -> _Answer:
        """`ask`, on the thread of the caller."""
        return self._read(self.folders[0], work)

    async def mark(self) -> tuple[object, ...]:
        """What is different as soon as an answer about the first project may be; of a store that is away always."""
        return await asyncio.get_running_loop().run_in_executor(self._looks, self._look)

    def _look(self) -> tuple[object, ...]:
        try:
            if self._sentinel is not None:
                mark = change_mark(self._sentinel)
                if mark[1:] == self._first[1:]:
                    return self._times, *mark
                self._leave()  # another store, queue file or configuration
            self._times += 1
            self._sentinel = self._open_again(self.folders[0])
            self._first = change_mark(self._sentinel)
        except FairwayError:
            self._leave()
            return (self._times,)
        return self._times, *self._first

    def _leave(self) -> None:
        if self._sentinel is not None:
            self._sentinel.store.close()
            self._sentinel = None

    def tidy(self) -> None:
        """Give back, behind the calls that wait, what a large answer has held: the C library keeps it otherwise."""
        with contextlib.suppress(RuntimeError):  # it is being left
            self._heavy.submit(_give_back)

    def close(self) -> None:
        """Wait for the calls that are being answered, and take no more."""
        for queue in (self._quick, self._heavy):
            queue.shutdown(wait=True, cancel_futures=True)
        self._looks.submit(self._leave)
        self._looks.shutdown(wait=True)

    async def _on(self, queue: ThreadPoolExecutor, work: Callable[[], _Answer], limit: float | None) -> _Answer:
        answer = asyncio.get_running_loop().run_in_executor(queue, work)
        try:
            return await asyncio.wait_for(answer, limit)
        except TimeoutError:
            raise FairwayError("deadline_passed", f"no answer within {limit:.0f} s: ask again in a moment") from None

    def _read(self, folder: str, work: Callable[[Project], _Answer]) -> _Answer:
        return self._closing(self._open_again(folder), work)

    def _open_again(self, folder: str) -> Project:
        args = copy.copy(self.args)
        vars(args).pop("request_id", None)  # what changes nothing makes no store
        if folder != self.folders[0]:
            args.queue_db = args.queue_file = args.config = ""
        with self._alone:
            return self._open(folder, args)

    def _open(self, folder: str, args: Call) -> Project:
        try:
            os.chdir(folder)
        except OSError as fault:
            raise FairwayError("file_unavailable", f"{folder} cannot be entered: {fault.strerror}") from fault
        began = time.perf_counter()
        project = open_as_it_is(args) if self.read_only else open_project(args)
        if time.perf_counter() - began > _LONG:
            self.tidy()
        if not is_born(project.store):
            raise FairwayError("not_found", f"there is no store at {project.store_place.path}")
        return project

    @staticmethod
    def _closing(project: Project, work: Callable[[Project], _Answer]) -> _Answer:
        try:
            return work(project)
        finally:
            project.store.close()


def _give_back() -> None:
    import ctypes
    import gc

    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # only the GNU library has it
        ctypes.CDLL(None).malloc_trim(0)
