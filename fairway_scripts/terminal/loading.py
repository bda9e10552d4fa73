"""Filling the table: the view that is shown, its filter, its windows, and what changes while it is shown."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.terminal.rows import Asked, Row, asked_for
from fairway_scripts.terminal.views import VIEWS, View, Windowed

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.terminal.app import TerminalPage
    from fairway_scripts.terminal.terminal_shapes import Answer

#: Seconds for which an answer of a slow tool does, while the store goes on changing.
_SLOW = 15.0
#: So many times as long as it took to read a view it is then left alone.
_SHARE = 5
#: Looks after which a view is read anew although nothing has changed, since ages grow.
_STALE = 60


class Loading:
    """What is shown, and how it is read; see `TerminalPage`."""

    def __init__(self, page: TerminalPage) -> None:
        self.page = page
        self.place = 0
        self.filters = [""] * len(VIEWS)
        self._held: dict[int, tuple[str, list[Row], str, bool, bool]] = {}
        self._answers: dict[int, tuple[float, list[Answer]]] = {}
        self._asking: set[int] = set()
        self._busy = False
        self._looks = 0
        #: whether a look is under way
        self.looking = False
        #: when the next look may lead to another reading: a store that never rests is not read without end
        self._rest = 0.0

    @property
    def view(self) -> View:
        """The view that is shown."""
        return VIEWS[self.place]

    def asked(self) -> Asked:
        """What it is asked for."""
        return asked_for(self.filters[self.place], self.page.lane if self.view.is_mine else "")

    def begin_anew(self) -> None:
        """Forget all of the project."""
        self.filters = [""] * len(VIEWS)
        self._held.clear()
        self.forget()

    def forget(self) -> None:
        """Ask the slow tools again."""
        self._answers.clear()

    async def turn_to(self, place: int) -> None:
        """Show another view: what it showed last at once, then what is so now."""
        self._keep()
        self.place = place
        grid = self.page.grid
        text, rows, key, before, after = self._held.get(place, ("", [], "", False, False))
        if text != self.filters[place]:
            rows, key, before, after = [], "", False, False
        grid.empty = "reading"
        grid.show(self.view.columns, rows, key=key, before=before, after=after)
        self.page.show_views(count="counting")
        await self.load()

    def _keep(self) -> None:
        grid = self.page.grid
        if grid.columns:
            key = grid.chosen.key if grid.chosen else ""
            self._held[self.place] = (self.filters[self.place], grid.rows, key, grid.more_before, grid.more_after)

    async def filter_by(self, text: str) -> None:
        """Show only what matches."""
        self.filters[self.place] = " ".join(text.split())
        self.page.grid.empty = "reading"
        self.page.grid.show(self.view.columns, [])
        self.page.show_views(count="counting")
        await self.load()

    async def load(self) -> None:
        """Read what is shown anew; the chosen row stays chosen."""
        if not self.page.project_name:
            await self.page.know_project()
        place, view, asked, grid = self.place, self.view, self.asked(), self.page.grid
        if isinstance(view, Windowed):
            first = grid.rows[0] if grid.more_before and grid.rows else None
            wanted = max(len(grid.rows), 2 * grid.height) + 1
            before, rows = await self.page.reader.ask(_reread, view, asked, first, wanted)
            if not self._is_shown(place, asked):
                return
            self._show(rows[: wanted - 1], before=before, after=len(rows) == wanted)
            count = await self.page.reader.ask(view.count, asked)
        else:
            if not grid.rows and (outline := view.outline(self.page.lanes, asked)):
                self._show(outline)  # what is known already, before what has to be counted
            rows = await self.page.reader.ask(view.rows, asked)
            rows = view.with_answers(rows, self._answers[place][1], asked) if place in self._answers else rows
            if not self._is_shown(place, asked):
                return
            self._show(rows)
            count = len(rows)
        if self._is_shown(place, asked):
            self.page.show_views(count=f"{count:,}")
        if view.calls:
            self.page.start(self._ask_tools(place))

    def _is_shown(self, place: int, asked: Asked) -> bool:
        return self.place == place and self.asked() == asked

    def _show(self, rows: list[Row], *, before: bool = False, after: bool = False) -> None:
        grid = self.page.grid
        grid.empty = self.view.empty
        key = grid.chosen.key if grid.chosen and grid.place else ""
        grid.show(self.view.columns, rows, key=key, before=before, after=after)

    async def _ask_tools(self, place: int) -> None:
        """Ask the slow tools of a view, unless they were asked just now; then show it with their answers."""
        now, folder = time.monotonic(), self.page.folder
        if place in self._asking or now - self._answers.get(place, (-_SLOW, []))[0] < _SLOW:
            return
        self._asking.add(place)
        try:
            answers = [await self.page.calls.answer(call, folder) for call in VIEWS[place].calls]
        finally:
            self._asking.discard(place)
        if folder != self.page.folder:  # another project is shown by now
            return
        self._answers[place] = now, answers
        if self.place == place:
            await self.load()

    async def more(self, *, back: bool) -> None:
        """One window more at an end of a long list."""
        grid, place, view, asked = self.page.grid, self.place, self.view, self.asked()
        if self._busy or not isinstance(view, Windowed) or not grid.rows:
            return
        self._busy = True
        try:
            wanted = 4 * grid.height + 1
            key = grid.rows[0] if back else grid.rows[-1]
            rows = await self.page.reader.ask(_window, view, asked, key, wanted, back)
            if self._is_shown(place, asked) and key in (grid.rows[0], grid.rows[-1]):
                more = len(rows) == wanted
                rows = (rows[1:] if back else rows[:-1]) if more else rows
                grid.extend(rows, back=back, more=more)
        finally:
            self._busy = False

    async def jump(self, end: int) -> None:
        """To the first (-1) or last (1) row of all, which may have to be read."""
        grid, place, view, asked = self.page.grid, self.place, self.view, self.asked()
        if isinstance(view, Windowed) and (grid.more_before if end < 0 else grid.more_after):
            wanted = 2 * grid.height
            rows = await self.page.reader.ask(_window, view, asked, None, wanted + 1, end > 0)
            if not self._is_shown(place, asked):
                return
            more = len(rows) > wanted
            rows = (rows[1:] if end > 0 else rows[:-1]) if more else rows
            grid.show(view.columns, rows, before=more and end > 0, after=more and end < 0)
        grid.jump(end)

    async def look(self) -> None:
        """Whether something has changed since the last look; then what is shown is read anew."""
        begun = time.monotonic()
        self._looks += 1
        if begun < self._rest:
            return
        self.looking = True
        try:
            if await self.page.reader.has_changed() or self._looks % _STALE == 0:
                await self.load()
                self._rest = time.monotonic() + _SHARE * (time.monotonic() - begun)
        except FairwayError as refusal:
            self.page.say(f"error: {refusal.word}: {refusal.message}", bad=True)
        finally:
            self.looking = False


def _window(project: Project, view: Windowed, asked: Asked, key: Row | None, rows: int, back: bool) -> list[Row]:  # noqa: FBT001
    return view.window(project, asked, key, rows, back=back)


def _reread(project: Project, view: Windowed, asked: Asked, first: Row | None, rows: int) -> tuple[bool, list[Row]]:
    """Whether there are rows before, and the rows from `first` on (None: from the start)."""
    before = view.window(project, asked, first, 1, back=True) if first is not None else []
    anchor = before[0] if before else None
    return bool(before), view.window(project, asked, anchor, rows)
