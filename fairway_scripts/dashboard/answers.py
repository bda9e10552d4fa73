"""Panels as they are asked for: computed once for all who ask at the same time, and kept while nothing changes.

What is kept is what a verb answered, for as long as store, queue file and configuration are the same and for at most
`_KEEP` seconds, because time, git and processes go on without them. What took long the last time is not computed
with its page any more but behind it, so a page comes at once however large its project has become.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.dashboard.panels import ASKED, BEHIND, KEPT, in_order
from fairway_scripts.dashboard.project_panels import figures_of, panel_of
from fairway_scripts.dashboard.site import EVERY

if TYPE_CHECKING:
    from fairway_scripts.dashboard.desk import Desk
    from fairway_scripts.dashboard.panels import Panel, Query

    Place = tuple[str, str, Query]

#: Seconds for which an answer is kept, and how many are; who asks for more rows (an export, another order) than
#: are kept of one has it computed again.
_KEEP, _MOST = 10.0, 100
#: What took longer was made of much (seconds); and a moment in which whoever waited for it is done with it.
_LARGE, _TIDY = 0.3, 1.0
#: A panel that took longer is loaded behind its page, and one that took much longer only when somebody asks (seconds).
SLOW, VERY_SLOW = 0.06, 5.0
#: Seconds after which whoever waits for a panel is told that it is not there yet.
PATIENCE = 10.0


class _Kept(NamedTuple):
    panel: Panel
    mark: tuple[object, ...]
    at: float
    is_cut: bool


class Answers:
    """The panels of every page, asked of one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._kept: dict[tuple[Place, bool], _Kept] = {}
        self._running: dict[tuple[Place, bool], asyncio.Task[Panel]] = {}
        self._took: dict[tuple[str, str], float] = {}

    def load(self, here: str, key: str) -> str:
        """When a panel is loaded: with its page (""), BEHIND it, or when ASKED."""
        load, took = EVERY[here].panels[key].load, self._took.get((here, key), 0.0)
        if load == ASKED or took > VERY_SLOW:
            return ASKED
        return BEHIND if load or took > SLOW else ""

    async def panel(self, here: str, key: str, query: Query, *, whole: bool = False) -> Panel | None:
        """A panel, its rows in the order of the query; None while it is still being computed.

        Without `whole` a long panel may have its first KEPT rows only. Raises FairwayError, as its verb does.
        """
        whole = whole or query.sort.startswith(f"{key}.")
        place = (here, key, query._replace(sort="", show=()))
        kept = self._kept.get(_shelf(place, whole=whole))
        if kept and kept.is_cut and whole:
            kept = None
        if kept and time.monotonic() - kept.at < _KEEP and kept.mark == await self.desk.mark():
            return in_order(kept.panel, query.sort)
        task = self._running.get((place, whole))
        if task is None:
            task = self._running[place, whole] = asyncio.create_task(self._compute(place, whole=whole))
            task.add_done_callback(lambda done: self._ended(place, done, whole=whole))
        try:
            return in_order(await asyncio.wait_for(asyncio.shield(task), PATIENCE), query.sort)
        except TimeoutError:
            return None

    def _ended(self, place: Place, task: asyncio.Task[Panel], *, whole: bool) -> None:
        self._running.pop((place, whole), None)
        if task.cancelled():
            return
        task.exception()  # whoever still waits gets it; nobody may be left who does
        if self._took.get(place[:2], 0.0) > _LARGE:
            asyncio.get_running_loop().call_later(_TIDY, self.desk.tidy)

    async def _compute(self, place: Place, *, whole: bool) -> Panel:
        here, key, query = place
        maker, mark = EVERY[here].panels[key], await self.desk.mark()
        if maker.everywhere:
            panel = panel_of(await self.desk.survey(figures_of))
        else:
            heavy = self.load(here, key) != ""
            make = maker.make if whole or maker.first is None else maker.first
            panel, took = await self.desk.timed(lambda project: make(project, query), heavy=heavy)
            self._took[here, key] = took
        shelf = _shelf(place, whole=whole)
        self._kept.pop(shelf, None)
        is_cut = len(panel.rows) > KEPT
        kept = panel._replace(rows=panel.rows[:KEPT]) if is_cut else panel
        self._kept[shelf] = _Kept(kept, mark, time.monotonic(), is_cut)
        while len(self._kept) > _MOST:
            del self._kept[next(iter(self._kept))]
        return panel


def _shelf(place: Place, *, whole: bool) -> tuple[Place, bool]:
    """Where an answer is kept: apart from that of a page where `first` makes other rows for it."""
    here, key, _query = place
    return place, whole and EVERY[here].panels[key].first is not None
