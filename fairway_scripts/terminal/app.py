"""The page itself: six views over one table, what is typed, and the looks that keep it live."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.app import App, ScreenError
from textual.binding import Binding
from textual.css.query import NoMatches

from fairway_scripts.base.errors import INTERRUPTED, FairwayError
from fairway_scripts.calls import options
from fairway_scripts.terminal import actions, lines
from fairway_scripts.terminal.bars import Bar
from fairway_scripts.terminal.calls import Calls
from fairway_scripts.terminal.grid import Grid
from fairway_scripts.terminal.keys import KEYS, key_lines
from fairway_scripts.terminal.layout import HINTS, where_line
from fairway_scripts.terminal.loading import Loading
from fairway_scripts.terminal.pages import About, Page
from fairway_scripts.terminal.reader import Reader, project_facts
from fairway_scripts.terminal.views import ASKED, VIEWS

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from fairway_scripts.calls.tool_calls import FairwayTui
    from fairway_scripts.programs.own_tool import Ended

#: Seconds between two looks at whether the store has changed; one look takes microseconds.
LOOK = 0.5


class TerminalPage(App[int]):
    """The terminal page of one project at a time."""

    CSS = """
    Grid, Text { height: 1fr; }
    Ask { background: transparent; align: left bottom; }
    #form { height: auto; max-height: 100%; border-top: solid ansi_default; background: ansi_default; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding(key.names, key.action, key.does, show=False) for key in KEYS]

    def __init__(self, args: FairwayTui, folders: Sequence[str] = (), reader: Reader | None = None) -> None:
        """`args` of the call say which project, which `reader` may read already; `folders` are further ones for `p`."""
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"
        self.reader = reader or Reader(args)
        self.calls = Calls(args)
        self.folder = os.getcwd()
        self.folders = list(dict.fromkeys([self.folder, *map(os.path.abspath, folders)]))
        self.given_lane = args.role
        self.lane, self.project_name, self.lanes = "", "", list[str]()
        self._warned = False
        self.owner = args.actor or os.environ.get("ACTOR", "")  # who claims: what was typed last
        self.grid = Grid()
        self.loading_view = Loading(self)

    def compose(self) -> ComposeResult:
        """The bar of views, the table, what was said last, and the keys."""
        yield Bar(id="views")
        yield Bar(id="where", dim=True)
        yield self.grid
        yield Bar(id="message")
        yield Bar(HINTS, id="hints", dim=True)

    async def on_mount(self) -> None:
        """Show the first view, and look for changes from then on."""
        self.grid.focus()
        self.start(self.loading_view.turn_to(0))
        self.set_interval(LOOK, self._look)

    async def know_project(self) -> None:
        """Learn the name of the project and the lane of the person; raises what opening the project raises."""
        self.lane, self.project_name, self.lanes, notes = await self.reader.ask(project_facts, self.given_lane)
        for note in notes:
            self.say(f"note: {note}")

    def on_unmount(self) -> None:
        """Leave nothing running; what waits for an answer is not to go on with half of one."""
        self.workers.cancel_all()
        self.calls.close()
        self.reader.close()

    # --- what is said ---

    def say(self, text: str, *, bad: bool = False) -> None:
        """A line below the table."""
        self.screen_stack[0].query_one("#message", Bar).say(text, bad=bad)

    def refuse(self, refusal: FairwayError) -> None:
        """A refusal as the tools print it; one with a hint is a page, from which its line can be run."""
        text = f"error: {refusal.word}: {refusal.message}"
        self.say(text, bad=True)
        if refusal.hint:
            told = [*text.splitlines(), f"hint: {refusal.hint}"]
            self.push_screen(Page(refusal.word, told, About("", self.about.lane, _line_of(refusal.hint))))

    def show_views(self, *, count: str) -> None:
        """The bar of views: which one is shown, the filter, and how many rows there are."""
        loading = self.loading_view
        parts = [(f"{self.project_name}  ", Style(bold=True))]
        for place, view in enumerate(VIEWS):
            parts += [(f"{place + 1} {view.name}", Style(reverse=place == loading.place)), ("  ", Style())]
        filtered = loading.filters[loading.place]
        screen = self.screen_stack[0]
        screen.query_one("#views", Bar).show(*parts)
        screen.query_one("#where", Bar).show((where_line(self.lane, filtered, count), Style(dim=True)))

    def start(self, work: Coroutine[object, None, None]) -> None:
        """Do something besides; a refusal on the way is shown."""
        self.run_worker(self._guarded(work), exit_on_error=True)

    async def _guarded(self, work: Coroutine[object, None, None]) -> None:
        try:
            await work
        except FairwayError as refusal:
            if self._is_shown():
                self.refuse(refusal)
        except (IndexError, ScreenError, NoMatches):
            if self._is_shown():  # else it is being left, and there is nothing to show anything on
                raise

    def _is_shown(self) -> bool:
        return bool(self.screen_stack) and self.screen_stack[0].is_running

    def _look(self) -> None:
        """Look for changes besides: a timer's own work would keep the keys waiting, and the leaving."""
        if not self.loading_view.looking:
            self.start(self.loading_view.look())

    @property
    def about(self) -> About:
        """What the person looks at: the page on top, else the chosen row."""
        if isinstance(self.screen, Page):
            return self.screen.about
        row = self.grid.chosen
        return About(row.task, row.lane, row.line) if row else About()

    # --- calling tools ---

    async def change(self, tool: str, values: dict[str, str], folder: str = "") -> None:
        """Run a tool that changes something, and show what it says: one line where all went well."""
        words = [f"{options.flag(name)}={value}" for name, value in values.items() if value]
        self.say(f"running: {tool}")
        ended = await self.calls.tool(tool, words, folder or self.folder)
        if ended.code or ended.err:
            await self.show_answer(shlex.join([tool, *words]), ended, self.about)
        else:
            while isinstance(self.screen, Page):
                await self.pop_screen()
            self.say(ended.out.partition("\n")[0])
        await self.loading_view.load()

    async def show_answer(self, title: str, ended: Ended, about: About) -> None:
        """A page with all that a program said; the line of its hint is the suggested one."""
        said = [*ended.out.splitlines(), *ended.err.splitlines()]
        hint = next((line.removeprefix("hint: ") for line in said if line.startswith("hint: ")), "")
        how = "done" if not ended.code else f"exit code {ended.code}"
        self.say(f"{how}: {title}", bad=bool(ended.code))
        line = hint or about.line
        await self.push_screen(Page(f"{how}: {title}", said or ["(it said nothing)"], about._replace(line=line)))

    def show_board(self, lane: str) -> None:
        """The board of one lane."""
        self.loading_view.filters[1] = f"lane:{lane}"
        self.start(self.loading_view.turn_to(1))

    # --- the keys; keys.py says what each is for ---

    def action_view(self, number: int) -> None:
        """Turn to a view."""
        while isinstance(self.screen, Page):
            self.pop_screen()
        self.start(self.loading_view.turn_to(number - 1))

    def action_move(self, rows: int) -> None:
        """Down or up."""
        (self.screen.text if isinstance(self.screen, Page) else self.grid).move(rows)

    def action_leaf(self, screens: int) -> None:
        """A screen down or up."""
        height = self.screen.text.size.height if isinstance(self.screen, Page) else self.grid.height
        self.action_move(screens * height)

    def action_jump(self, end: int) -> None:
        """To the first or the last."""
        if isinstance(self.screen, Page):
            self.screen.text.jump(end)
        else:
            self.start(self.loading_view.jump(end))

    def action_detail(self) -> None:
        """Everything about the chosen row."""
        row = self.grid.chosen
        if row and not isinstance(self.screen, Page):
            self.start(actions.open_detail(self, row))

    def action_act(self, name: str) -> None:
        """Change the task: claim, block, evidence or handoff."""
        about = self.about
        if about.task:
            self.start(actions.ON_TASKS[name](self, about))
        else:
            self.say(f"{name}: no task is chosen", bad=True)

    def action_undo(self) -> None:
        """Undo the last change."""
        self.start(actions.undo(self, self.about))

    def action_suggested(self) -> None:
        """Run the suggested line."""
        self.start(actions.suggested(self, self.about))

    def action_copy(self) -> None:
        """Copy the suggested line, else the id."""
        about, row = self.about, self.grid.chosen
        text = about.line or about.task or (row.key if row else "")
        if text:
            self.copy_to_clipboard(text)
            self.say(f"copied: {text}")
            if isinstance(self.screen, Page):
                self.screen.query_one("#message", Bar).say(f"copied: {text}")

    def action_keys(self) -> None:
        """The keys."""
        self.push_screen(Page("keys", key_lines(), About()))

    def action_reload(self) -> None:
        """Look again, the slow tools too."""
        self.loading_view.forget()
        self.start(self.loading_view.load())

    async def action_back(self) -> None:
        """Leave a page, or take the filter away."""
        if isinstance(self.screen, Page):
            self.pop_screen()
        elif self.loading_view.filters[self.loading_view.place]:
            self.start(self.loading_view.filter_by(""))

    def action_leave(self) -> None:
        """Leave a page, or all of it; a call that runs is named first."""
        if isinstance(self.screen, Page):
            self.pop_screen()
            return
        running = ", ".join(title for title, _running in self.calls.running.values() if title not in ASKED)
        if running and not self._warned:
            self._warned = True
            self.say(f"still running: {running}; q again ends it", bad=True)
        else:
            self.exit(0)

    def action_filter(self) -> None:
        """Ask for a filter."""
        if not isinstance(self.screen, Page):
            self.start(lines.ask_filter(self))

    def action_tool(self) -> None:
        """Ask for a line and run the tool."""
        self.start(lines.ask_tool(self))

    def action_project(self) -> None:
        """Ask for another project and turn to it."""
        if not isinstance(self.screen, Page):
            self.start(lines.ask_project(self))

    async def enter_project(self, folder: str) -> None:
        """Begin anew with the project of a folder, which the reader has turned to."""
        self.calls.leave_project()
        self.folder, self.given_lane = folder, ""
        self.folders = list(dict.fromkeys([*self.folders, folder]))
        self.loading_view.begin_anew()
        self.project_name = ""
        await self.loading_view.turn_to(0)

    def action_interrupt(self) -> None:
        """Leave at once."""
        self.exit(INTERRUPTED)

    async def on_grid_wanted(self, event: Grid.Wanted) -> None:
        """The table wants more rows of a long list."""
        self.start(self.loading_view.more(back=event.back))


def _line_of(hint: str) -> str:
    """The line of a hint, "" where it is a sentence."""
    return str(hint) if getattr(hint, "argv", None) else ""
