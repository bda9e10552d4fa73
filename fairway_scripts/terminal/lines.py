"""What a person types as a line: a filter, a tool with its flags, another project."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.catalog import TOOLS
from fairway_scripts.terminal.asking import Ask, Field
from fairway_scripts.terminal.completion import complete

if TYPE_CHECKING:
    from fairway_scripts.terminal.app import TerminalPage
    from fairway_scripts.terminal.pages import About


async def ask_filter(page: TerminalPage) -> None:
    """Show only what matches."""
    known = page.loading_view.filters[page.loading_view.place]
    fields = [Field("FILTER", "words, lane:, status:, owner:, actor:, kind:, all", known)]
    given = await page.push_screen_wait(Ask("filter", fields))
    if given is not None:
        await page.loading_view.filter_by(given["FILTER"])


async def ask_tool(page: TerminalPage) -> None:
    """Run a tool with the flags that are typed."""
    about = page.about
    fields = [Field("LINE", "a tool and its flags")]
    form = Ask(":", fields, complete=lambda line: complete(line, about.task, about.lane))
    given = await page.push_screen_wait(form)
    if given and given["LINE"].strip():
        await _call(page, given["LINE"], about)


async def _call(page: TerminalPage, line: str, about: About) -> None:
    try:
        words = shlex.split(line)
    except ValueError as problem:
        raise FairwayError("usage", f"the line is not understood: {problem}") from None
    if words[0] not in TOOLS:
        from fairway_scripts.calls.typed_names import closest  # for slips only

        names = {name.upper(): name for name in TOOLS}
        meant = names.get(closest(words[0].upper(), set(names))[0])
        raise FairwayError("usage", f"no tool is called {words[0]!r}", suggest("queue-help", TOPIC=meant or False))
    page.say(f"running: {line}")
    await page.show_answer(line, await page.calls.tool(words[0], words[1:], page.folder), about)
    await page.loading_view.load()


async def ask_project(page: TerminalPage) -> None:
    """Turn to another repository; one that cannot be opened is refused, and the page stays where it is.

    Raises FairwayError `not_found` for what is no folder, and what opening a project raises.
    """
    others = [folder for folder in page.folders if folder != page.folder]
    fields = [Field("FOLDER", "repository", (others or [""])[0])]

    def rest(begun: str) -> str:
        return next((folder for folder in page.folders if folder.startswith(begun) and folder != begun), "")

    given = await page.push_screen_wait(Ask("project", fields, told=page.folders, complete=rest))
    folder = os.path.abspath(os.path.expanduser(given["FOLDER"].strip())) if given else ""
    if not given or not given["FOLDER"].strip():
        return
    if not os.path.isdir(folder):
        raise FairwayError("not_found", f"{folder} is no folder")
    await page.reader.move(folder)
    await page.enter_project(folder)
