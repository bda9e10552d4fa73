"""What the times of a column have to be to be a time of ours: a reason as text, "" where they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.column_look import moment

if TYPE_CHECKING:
    from fairway_scripts.cutover.mapping.column_look import Look


def only_time(look: Look) -> str:
    """The one time that every row has."""
    if look.column not in look.times():
        return ""
    return "it is the only time that every row has" if len(look.times()) == 1 else "it is a time that every row has"


def completed(look: Look) -> str:
    """A time in finished tasks alone."""
    fits = look.signs.has(sign.TIME) and look.filled_when(set(look.draft.known.terminal))
    return "it is a time in finished tasks alone" if fits else ""


def updated(look: Look) -> str:
    """A time that every row has and no other is later."""
    if look.column not in look.times():
        return ""
    mine = [moment(row[look.column]) for row in look.table.rows]
    for other in look.times():
        if other != look.column and any(a < moment(row[other]) for a, row in zip(mine, look.table.rows, strict=True)):
            return ""
    return "it is the latest time of every row"


def claimed_at(look: Look) -> str:
    """A time in tasks that somebody works on alone."""
    fits = look.signs.has(sign.TIME) and not look.signs.full
    fits = fits and look.filled_when(look.working(), all_of_them=False)
    return "it is a time in tasks that somebody works on alone" if fits else ""


def ended(look: Look) -> str:
    """A time that some rows have."""
    return "it is a time that some rows have" if look.signs.has(sign.TIME) and not look.signs.full else ""


def first_time(look: Look) -> str:
    """A time that every row has, earlier than another one in some row and later nowhere."""
    return _compared(look, later=False)


def last_time(look: Look) -> str:
    """A time that every row has, later than another one in some row and earlier nowhere."""
    return _compared(look, later=True)


def _compared(look: Look, *, later: bool) -> str:
    others = [name for name in look.times() if name != look.column and not look.table.signs[name].has(sign.DAY)]
    if look.column not in look.times():
        return ""
    if not others:
        return "" if later else "it is the only time that every row has"
    pairs = [(moment(row[look.column]), moment(row[other])) for row in look.table.rows for other in others]
    before, after = any(a < b for a, b in pairs), any(a > b for a, b in pairs)
    if before == after:
        return "it is a time that every row has" if not before else ""
    return f"no other time is {'later' if later else 'earlier'}" if after == later else ""
