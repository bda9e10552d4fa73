"""The one thread that asks the store: every verb of every request runs on it, one after the other.

The verbs are those of the tools, which know one caller and one working folder a process. So a request becomes a call
like any other: the folder of the project, arguments, an open project, one verb, and the store is closed again.
"""

from __future__ import annotations

import asyncio
import copy
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from fairway_scripts.errors import FairwayError
from fairway_scripts.operations.project import is_born, open_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.operations.project import Project

#: How long a page may take before it is given up, in seconds.
LIMIT = 10.0


class Desk:
    """Asks one or more projects; `folders` are their checkouts, the first is the one whose pages are shown.

    `args` are the arguments of the call that started the dashboard: they name the store, the queue file and the
    configuration of the first project.
    """

    def __init__(self, folders: list[str], args: Any, *, read_only: bool) -> None:
        self.folders = folders
        self.args = args
        self.read_only = read_only
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")

    async def ask(self, work: Callable[[Project], Any], *, limit: float = LIMIT) -> Any:
        """What `work` answers about the first project; raises FairwayError, `deadline_passed` after `limit` s."""
        return await self._on_thread(lambda: self.ask_here(work), limit)

    async def change(self, args: Any, work: Callable[[Project, Any], Any]) -> Any:
        """What `work` answers that changes the first project, with the arguments of a tool's own call."""
        return await self._on_thread(lambda: self._open(self.folders[0], args, lambda project: work(project, args)), 60)

    async def survey(self, work: Callable[[Project], Any]) -> list[tuple[str, Any]]:
        """What `work` answers about every project, each with its folder; for a broken one the FairwayError."""
        return [(folder, await self._on_thread(partial(self._tried, folder, work), LIMIT)) for folder in self.folders]

    def ask_here(self, work: Callable[[Project], Any]) -> Any:
        """`ask`, on the thread of the caller."""
        return self._open(self.folders[0], self._reading(self.folders[0]), work)

    def close(self) -> None:
        """Wait for the call that is being answered, and take no more."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _on_thread(self, work: Callable[[], Any], limit: float) -> Any:
        answer = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            return await asyncio.wait_for(answer, limit)
        except TimeoutError:
            raise FairwayError(
                "deadline_passed", f"no answer within {limit:.0f} s: another call is being answered, or there is much"
            ) from None

    def _tried(self, folder: str, work: Callable[[Project], Any]) -> Any:
        try:
            return self._open(folder, self._reading(folder), work)
        except FairwayError as refusal:
            return refusal

    def _reading(self, folder: str) -> Any:
        args = copy.copy(self.args)
        vars(args).pop("request_id", None)  # what changes nothing makes no store
        if folder != self.folders[0]:
            args.queue_db = args.queue_file = args.config = ""
        return args

    def _open(self, folder: str, args: Any, work: Callable[[Project], Any]) -> Any:
        try:
            os.chdir(folder)
        except OSError as fault:
            raise FairwayError("file_unavailable", f"{folder} cannot be entered: {fault.strerror}") from fault
        project = open_project(args, sync=not self.read_only)
        if not is_born(project.store):
            raise FairwayError("not_found", f"there is no store at {project.store_place.path}")
        try:
            return work(project)
        finally:
            project.store.close()
