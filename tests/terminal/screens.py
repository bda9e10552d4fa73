"""The page in this process, without a terminal: keys go in, the text of the screen comes out."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from fairway_scripts.base.errors import CALL
from tests.support.engines import engine_variables
from tests.support.shell import FRAGMENT, Checkout

try:
    import textual.app
    import textual.pilot
    from textual.widgets import Input

    from fairway_scripts.terminal.app import TerminalPage
    from fairway_scripts.terminal.grid import HELD
except ModuleNotFoundError as missing:
    if os.environ.get("CI"):
        raise
    pytest.skip(f"the Python package {missing.name} is missing (make setup)", allow_module_level=True)

__all__ = ["AT", "HELD", "Seen", "TerminalPage", "walk"]

AT = "2026-11-20T10:00:00Z"
LATER = "2026-11-20T12:30:00Z"
_PATIENCE, _MOMENT = 60.0, 1.0


class Call:
    """The arguments of a call of fairway-tui."""

    def __init__(self, **given: str) -> None:
        self.tool = "fairway-tui"
        self.actor = self.role = self.queue_db = self.queue_file = self.config = ""
        self.__dict__.update(given)


class Seen:
    """A running page: its screen as lines, and keys."""

    def __init__(self, page: TerminalPage, pilot: Any) -> None:
        self.page = page
        self.pilot = pilot

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, without the blanks at their ends."""
        strips = self.page.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "".join(f"{line}\n" for line in self.lines)

    async def press(self, *keys: str, until: str = "") -> None:
        """Type keys, each once what the one before it asked for is there, or waits itself: for a program, an answer.

        With `until`, wait then for these words.
        """
        for key in keys:
            await self._quiet(_MOMENT)
            await self.pilot.press(key)
            await self.pilot.pause(0)
        await self._quiet(_MOMENT)
        await self.until(until)

    async def type(self, text: str, *keys: str, until: str = "") -> None:
        """Type text into the form, a letter a key, and then `keys`."""
        end = time.monotonic() + _PATIENCE
        while not isinstance(self.page.focused, Input):
            assert time.monotonic() < end, self.text
            await self.pilot.pause(0.02)
        names = {" ": "space", ":": "colon", "/": "slash", "-": "minus", "=": "equals_sign", "_": "underscore"}
        names |= {"<": "less_than_sign", ">": "greater_than_sign", "'": "apostrophe", ".": "full_stop"}
        names |= {"[": "left_square_bracket", "]": "right_square_bracket", "\\": "backslash"}
        await self.press(*(names.get(char, char) for char in text), *keys, until=until)

    async def until(self, words: str, *, gone: bool = False) -> None:
        """Wait until the screen holds `words`, or no longer does."""
        end = time.monotonic() + _PATIENCE
        while (words in self.text) is gone:
            assert time.monotonic() < end, f"{words!r} is {'still' if gone else 'not'} in\n{self.text}"
            await self.pilot.pause(0.02)

    async def settled(self) -> None:
        """Wait until the page has nothing under way."""
        assert await self._quiet(_PATIENCE), self.text

    async def _quiet(self, patience: float) -> bool:
        """Wait until the page has nothing under way but a form and programs; whether it was so in time (seconds)."""
        end = time.monotonic() + patience
        while "rows: counting" in self.text or (self.page.workers._workers and len(self.page.screen_stack) == 1):
            if time.monotonic() > end or (patience == _MOMENT and self.page.calls.running):
                return False
            await self.pilot.pause(0.005)
        await self.pilot.pause(0)
        return True


async def _taken(*_seconds: float) -> None:
    """In place of waiting until the process is idle, 20 ms a key at least: what is under way is waited for by name."""
    await asyncio.sleep(0)


@contextmanager
def standing_in(folder: str, **variables: str) -> Iterator[None]:
    """This process in another folder, with other variables."""
    before, kept = os.getcwd(), dict(os.environ)
    os.chdir(folder)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(kept)


@asynccontextmanager
async def opened(given: Call, folders: tuple[str, ...], size: tuple[int, int], first: str) -> AsyncIterator[Seen]:
    """The page, once its screen of that size holds the words `first`."""
    CALL.begin("fairway-tui", [], "make")
    page = TerminalPage(given, folders)
    for module in (textual.app, textual.pilot):
        module.wait_for_idle = _taken
    async with page.run_test(size=size) as pilot:
        seen = Seen(page, pilot)
        await seen.until(first)
        await seen.settled()
        yield seen


def walk(
    project: Checkout,
    steps: Callable[[Seen], Awaitable[None]],
    *,
    folders: tuple[str, ...] = (),
    now: str = LATER,
    size: tuple[int, int] = (80, 24),
    first: str = "rows: ",
    place: str = "",
    **given: str,
) -> None:
    """Open the page of a project, in lane B-ui as ann, and walk through it; `place` is where, by default in main."""
    there = engine_variables(project.main)
    own = {"actor": "ann", "role": "B-ui", "queue_db": there.get("QUEUE_DB", "")}

    async def whole() -> None:
        async with opened(Call(**{**own, **given}), folders, size, first) as seen:
            await steps(seen)

    called = {"FAIRWAY_TEST_FRAGMENT": FRAGMENT, "FAIRWAY_PYTHON": sys.executable, **there}
    with standing_in(place or project.main, FAIRWAY_NOW=now, **called):
        asyncio.run(whole())
