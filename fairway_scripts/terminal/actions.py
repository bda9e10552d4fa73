"""What a person does from the page: each asks what it has to know, runs one tool, and shows its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fairway_scripts.base import clock, jsonio
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.calls.answer import shown
from fairway_scripts.terminal.asking import Ask, Field
from fairway_scripts.terminal.calls import lane_folder, words_of
from fairway_scripts.terminal.pages import About, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fairway_scripts.board.board_shapes import WindowEvent
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.detail_shapes import Detail
    from fairway_scripts.terminal.app import TerminalPage
    from fairway_scripts.terminal.rows import Row
    from fairway_scripts.upkeep.upkeep_shapes import Undone


def _detail(project: Project, task: str) -> tuple[Detail, list[str]]:
    from fairway_scripts.board.task_page import task_page
    from fairway_scripts.reviews.task_detail import task_detail  # not for the first screen

    detail = task_detail(project, task)
    return detail, task_page(detail, clock.now())


async def open_detail(page: TerminalPage, row: Row) -> None:
    """Show everything about a row; a lane's is its part of the board."""
    if row.task:
        detail, (title, *lines) = await page.reader.ask(_detail, row.task)
        if row.event:
            lines = [*_event_lines(row.event), "", *lines]
        about = About(row.task, detail["lane"], row.line or detail["next_step"]["command"])
        await page.push_screen(Page(title, lines, about))
    elif row.event:
        await page.push_screen(Page(f"event {row.key}", _event_lines(row.event), About()))
    elif row.lane and row.key == row.lane:
        page.show_board(row.lane)
    else:
        await page.push_screen(Page(row.cells[0], [cell for cell in row.cells if cell], About("", row.lane, row.line)))


def _event_lines(event: WindowEvent) -> list[str]:
    told = {"id": event["id"], "at": event["at"], "actor": event["actor"], "tool": event["tool"], "kind": event["kind"]}
    lines = [f"{name}: {shown(value)}" for name, value in {**told, "summary": event["summary"]}.items()]
    return [*lines, *(f"  {name}: {shown(value)}" for name, value in event["payload"].items())]


async def claim(page: TerminalPage, about: About) -> None:
    """Claim the task for somebody."""
    fields = [Field("OWNER", "owner", page.owner, required=True)]
    if given := await page.push_screen_wait(Ask(f"claim {about.task}", fields)):
        page.owner = given["OWNER"]
        await page.change("queue-claim", {"TASK_ID": about.task, "ROLE": about.lane, **given})


async def block(page: TerminalPage, about: About) -> None:
    """Block the task, with the reason."""
    fields = [Field("REASON", "why", required=True)]
    if given := await page.push_screen_wait(Ask(f"block {about.task}", fields)):
        await page.change("queue-set-status", {"TASK_ID": about.task, "STATUS": "blocked", **given})


async def evidence(page: TerminalPage, about: About) -> None:
    """Record what was run and what it gave, which is typed and never filled in."""
    fields = [
        Field("COMMAND_TEXT", "the command that was run", required=True),
        Field("RESULT", "result: pass, fail, partial, skipped or blocked", required=True),
        Field("ARTIFACT_PATH", "a file that proves it"),
        Field("NOTES", "notes"),
    ]
    if given := await page.push_screen_wait(Ask(f"evidence for {about.task}", fields)):
        folder = await page.reader.ask(lane_folder, about.lane)
        await page.change("queue-record-evidence", {"TASK_ID": about.task, **given}, folder)


async def handoff(page: TerminalPage, about: About) -> None:
    """Hand the task over: what stands in the store is filled in, what was done is asked."""
    detail, _lines = await page.reader.ask(_detail, about.task)
    fields = [
        Field("OWNER", "owner", detail["owner"] or page.owner, required=True),
        Field("BRANCH", "branch", detail["branch"] or "", required=True),
        Field("COMMIT", "commit", detail["measured_on"]["commit_sha"], required=True),
        Field("COMMANDS", "the commands that were run", required=True),
        Field("RESULTS", "what they gave", required=True),
        Field("CHANGED_FILES", "the files that were changed", required=True),
        Field("TO_ROLE", "to the lane"),
    ]
    if given := await page.push_screen_wait(Ask(f"handoff of {about.task}", fields)):
        folder = await page.reader.ask(lane_folder, about.lane)
        await page.change("queue-record-handoff", {"TASK_ID": about.task, **given}, folder)


async def undo(page: TerminalPage, _about: About) -> None:
    """Undo the person's last change, after it was named; one that came meanwhile is not undone in its place.

    Raises FairwayError `undo_refused` when one came meanwhile.
    """
    ended = await page.calls.tool("queue-undo", ["--dry-run", "--json"], page.folder)
    if ended.code:  # as people read it
        await page.show_answer("queue-undo", await page.calls.tool("queue-undo", ["--dry-run"], page.folder), About())
        return
    named = cast("Undone", jsonio.loads(ended.out))
    told = [f"{named['kind']} of {named['task_id']} (event {named['event_id']}, {named['at']})"]
    before = named["before"]
    told += [f"{name}: {shown(before[name])} -> {shown(value)}" for name, value in named["restored"].items()]
    if await page.push_screen_wait(Ask("undo this?", [], told=told[:12])) is None:
        return
    again = await page.calls.tool("queue-undo", ["--dry-run", "--json"], page.folder)
    if cast("dict[str, object]", jsonio.loads(again.out)).get("event_id") != named["event_id"]:
        raise FairwayError("undo_refused", "the last change is another one by now: look again (u)")
    await page.change("queue-undo", {"TASK_ID": named["task_id"]})


async def suggested(page: TerminalPage, about: About) -> None:
    """Run the line that is suggested, in the lane's worktree, after it was shown and can be changed.

    Raises FairwayError `usage` where none is suggested.
    """
    line, lane = about.line, about.lane
    if not line and about.task:
        detail, _lines = await page.reader.ask(_detail, about.task)
        line = detail["next_step"]["command"]
    if not line:
        raise FairwayError("usage", "no line is suggested here")
    try:
        folder = await page.reader.ask(lane_folder, lane)
    except FairwayError:  # nothing can be read yet, and the line may be what mends that
        folder = page.folder
    wrong = ""
    while True:
        told = [f"in {folder}", *([wrong] if wrong else [])]
        given = await page.push_screen_wait(
            Ask("run this line", [Field("LINE", "line", line, required=True)], told=told)
        )
        if not given:
            return
        line = given["LINE"]
        try:
            words = words_of(line)
            break
        except FairwayError as refusal:
            wrong = f"error: {refusal.message}"
    page.say(f"running: {line}")
    await page.show_answer(line, await page.calls.line(words, folder), about)
    await page.loading_view.load()


#: action -> what it does, for those that are about a task
ON_TASKS: dict[str, Callable[[TerminalPage, About], Coroutine[object, None, None]]] = {
    "claim": claim,
    "block": block,
    "evidence": evidence,
    "handoff": handoff,
}
