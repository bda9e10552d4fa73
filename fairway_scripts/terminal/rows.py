"""Rows of the views, and the filter over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import Found, WindowEvent
    from fairway_scripts.store.rows import WindowsTasksAfter


class Row(NamedTuple):
    """One row of a view: its identity, its cells, and what can be done with it."""

    key: str
    cells: tuple[str, ...]
    task: str = ""
    lane: str = ""
    #: the command line that is suggested for it, "" where the task's own page has it
    line: str = ""
    #: the task of the board, or the event, that it was made from
    board: WindowsTasksAfter | None = None
    event: WindowEvent | None = None


class Asked(NamedTuple):
    """What a view is asked for: the filter, taken apart, and the lane of the person."""

    words: str = ""
    lane: str = ""
    status: str = ""
    owner: str = ""
    actor: str = ""
    kind: str = ""
    finished: bool = False
    mine: str = ""

    def found(self) -> Found:
        """The filter as `board.windows` takes it; a status that is named is shown though it be a final one."""
        return {
            "words": self.words,
            "lane": self.lane,
            "status": self.status,
            "owner": self.owner,
            "actor": self.actor,
            "kind": self.kind,
            "finished": self.finished or bool(self.status),
        }


_NAMED = ("lane", "status", "owner", "actor", "kind")


def asked_for(text: str, mine: str = "") -> Asked:
    """The filter that a person typed: `lane:B-ui status:blocked owner:B all`, every other word is searched for."""
    named: dict[str, str] = {}
    words: list[str] = []
    finished = False
    for word in text.split():
        name, colon, value = word.partition(":")
        if colon and name in _NAMED:
            named[name] = value
        elif word == "all":
            finished = True
        else:
            words.append(word)
    return Asked(" ".join(words), finished=finished, mine=mine, **named)


def keep(rows: list[Row], asked: Asked) -> list[Row]:
    """The rows of a short list that match: its lane, and the words in any cell, whatever their case."""
    words = asked.words.lower()
    return [
        row
        for row in rows
        if asked.lane in ("", row.lane)
        and (not words or words in " ".join(row.cells).lower())
        and all(value in ("", *row.cells) for value in (asked.status, asked.owner))
    ]
