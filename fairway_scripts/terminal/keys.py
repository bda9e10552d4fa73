"""The keys of the terminal page: what they are bound to, the page of `?` and the table of docs/tui.md."""

from __future__ import annotations

from typing import Final, NamedTuple


class Key(NamedTuple):
    """One key: how Textual calls it (several with commas), how people see it, its action, and what it does."""

    names: str
    shown: str
    action: str
    does: str
    #: whether it works on a page of detail as well as on a table
    on_pages: bool = False


KEYS: Final = (
    Key("1", "1", "view(1)", "lanes: tasks by status, live sessions, the worktree"),
    Key("2", "2", "view(2)", "board: tasks in the order lane, priority, sequence"),
    Key("3", "3", "view(3)", "reviews and handoffs that wait for my lane"),
    Key("4", "4", "view(4)", "sessions and watchers"),
    Key("5", "5", "view(5)", "activity, live, the newest first"),
    Key("6", "6", "view(6)", "what is next (orchestrator-tick), and queue-doctor"),
    Key("down,j", "j, Down", "move(1)", "one row down", on_pages=True),
    Key("up,k", "k, Up", "move(-1)", "one row up", on_pages=True),
    Key("pagedown,ctrl+f,space", "PgDn", "leaf(1)", "one screen down", on_pages=True),
    Key("pageup,ctrl+b", "PgUp", "leaf(-1)", "one screen up", on_pages=True),
    Key("home,g", "g, Home", "jump(-1)", "to the first row", on_pages=True),
    Key("end,G", "G, End", "jump(1)", "to the last row", on_pages=True),
    Key("enter", "Enter", "detail", "everything about the row"),
    Key("slash", "/", "filter", "filter: words, lane:, status:, owner:, actor:, kind:, all; empty takes it away"),
    Key("colon", ":", "tool", "run any tool, with completion (Tab)", on_pages=True),
    Key("c", "c", "act('claim')", "claim the task", on_pages=True),
    Key("b", "b", "act('block')", "block the task; asks why", on_pages=True),
    Key("e", "e", "act('evidence')", "record evidence for the task", on_pages=True),
    Key("h", "h", "act('handoff')", "record a handoff of the task", on_pages=True),
    Key("y", "y", "copy", "copy the suggested line, or the id where there is none", on_pages=True),
    Key(
        "exclamation_mark",
        "!",
        "suggested",
        "run the suggested line in the lane's worktree; shown first",
        on_pages=True,
    ),
    Key("u", "u", "undo", "undo my last change; it is named first", on_pages=True),
    Key("p", "p", "project", "another project"),
    Key("r", "r", "reload", "look again now"),
    Key("question_mark", "?", "keys", "these keys", on_pages=True),
    Key("escape", "Esc", "back", "back: leaves a page, takes a filter away", on_pages=True),
    Key("q", "q", "leave", "leave; what still runs is named first", on_pages=True),
    Key("ctrl+c", "Ctrl-C", "interrupt", "leave at once, with exit code 130", on_pages=True),
)


def key_lines() -> list[str]:
    """The page of `?`."""
    room = max(len(key.shown) for key in KEYS)
    return [f"{key.shown.ljust(room)}  {key.does}" for key in KEYS]
