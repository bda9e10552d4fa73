"""What the cells of a column have to be, and how they have to go with the others, to be a column of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.cutover.bridge.legacy_values import plain_name
from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.cell_signs import list_items
from fairway_scripts.cutover.mapping.column_look import OWN_SIGNS, SPECIFIC, TEXTS, keys_of, moment
from fairway_scripts.cutover.mapping.state_words import chains, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from fairway_scripts.cutover.mapping.column_look import Look
    from fairway_scripts.cutover.mapping.mapping_rules import Table

ALL, SOME = "all rows", "some rows"
_NUMBERS = (sign.SMALL, sign.WHOLE)
#: What a name of somebody is not, and what a text is not.
_NOBODY, _NO_TEXT = {*SPECIFIC, *_NUMBERS} - {sign.LANE}, {*SPECIFIC, *_NUMBERS}


#: What a number is called that is no span of time.
_NO_SPAN = re.compile(
    r"exit|code|status|count|size|bytes|attempt|retr|line|port|pid|version|rank|prio|score|seq|\Arc\Z"
)


class Test(NamedTuple):
    """A reason to take a column: its cells have one of these signs and none of those, in these rows, and are so."""

    why: str
    has: Collection[str] = ()
    lacks: Collection[str] = ()
    rows: str = ""
    also: Callable[[Look], bool] | None = None

    def reason(self, look: Look) -> str:
        """Return why the column passes, "" where it does not."""
        signs = look.signs
        fits = (not self.has or signs.has(*self.has)) and not signs.has(*self.lacks)
        fits = fits and self.rows in ("", ALL if signs.full else SOME)
        return self.why if fits and (self.also is None or self.also(look)) else ""


def reason_for(look: Look, ours: str, *, weak: bool) -> str:
    """Return why a column of theirs may be ours, "" when it may not; with `weak` also by a test that says little."""
    test = _TESTS.get(f"{look.kind.name}.{ours}") or _TESTS.get(ours)
    test = (_OTHER_LIST if weak and ours in _LISTS else None) or test
    if isinstance(test, Test):
        return test.reason(look)
    return test(look) if test else _own_sign(ours, look.table, look.column)


def _own_sign(ours: str, table: Table, column: str) -> str:
    signs, why = OWN_SIGNS.get(ours, ((), ""))
    is_key = column in keys_of(table)
    if not signs or (is_key and ours != "task_id") or not table.signs[column].has(*signs):
        return ""
    return why


# --- who and why ----------------------------------------------------------------------------------------------------


def _is_taken(look: Look) -> bool:
    """Tell whether it says something in every task that was taken, in no other."""
    first = look.draft.known.statuses[0]
    rows = look.statuses()
    taken = [says for status, says in rows if status and status != first]
    free = [says for status, says in rows if status == first]
    return bool(taken) and all(taken) and not any(free)


def _holds_tasks(look: Look) -> bool:
    """Tell whether it names some of those who hold tasks; lanes only where all of these are called like lanes."""
    holders = look.other("state", "owner") | look.other("history", "actor")
    is_people = not look.signs.has(sign.LANE) or holders <= {*look.draft.known.lanes}
    return bool(look.signs.values & holders) and is_people


def _is_no_key(look: Look) -> bool:
    return look.column not in keys_of(look.table)


def _may_be_a_span(look: Look) -> bool:
    is_flag = look.signs.values <= {"0", "1"}
    return _is_no_key(look) and not is_flag and not _NO_SPAN.search(plain_name(look.column))


def _is_finished(look: Look) -> bool:
    return look.filled_when(set(look.draft.known.terminal))


def _is_worked_on(look: Look) -> bool:
    return look.filled_when(look.working(), all_of_them=False)


def _of_blocked_moves(look: Look) -> bool:
    columns = look.draft.columns["history"]
    if "to_status" not in columns:
        return False
    return {status_of(look.draft, row[columns["to_status"]]) for row in look.table.rows if look.text_of(row)} == {
        "blocked"
    }


def _is_spare_text(look: Look) -> bool:
    """Tell whether not every row has it, or it is the only text of several words."""
    texts = [name for name, found in look.table.signs.items() if found.has(sign.SENTENCE)]
    return not look.signs.full or len(texts) == 1


# --- lists ----------------------------------------------------------------------------------------------------------


def _lists_evidence(look: Look) -> bool:
    ran = {text.strip() for text in look.other("evidence", "command_text")}
    items = {item for value in look.signs.values for item in list_items(value) or value.split("\n")}
    return bool(ran & items)


def _as_long_as_commands(look: Look) -> bool:
    """Tell whether its lists are as long as those of the commands, row for row, and not all of one length."""
    commands = look.draft.columns["handoffs"].get("commands")
    if commands is None:
        return False
    pairs = [(list_items(row[commands]), list_items(row[look.column])) for row in look.table.rows]
    same = all(a is not None and b is not None and len(a) == len(b) for a, b in pairs)
    return same and len({len(a or ()) for a, _ in pairs}) > 1


# --- statuses and keys ----------------------------------------------------------------------------------------------


def _step(look: Look, place: int) -> str:
    """Return the status of a move: each begins where the one before it of the same task ended."""
    columns = look.draft.columns["history"]
    statuses = ("status", "maybe status", sign.SMALL)
    numbers = [
        name for name, found in look.table.signs.items() if found.has(*statuses) and name not in keys_of(look.table)
    ]
    task = columns.get("task_id")
    if look.column not in numbers or len(numbers) != 2 or task is None:
        return ""
    other = next(name for name in numbers if name != look.column)
    before, after = (look.column, other) if place == 0 else (other, look.column)
    return "each begins where the one before it ended" if chains(look.table, task, before, after) else ""


def _status(look: Look) -> str:
    """Words of a status in every row, or small numbers where no column has such words."""
    family = "session" if look.kind.name == "sessions" else "status"
    if look.column in keys_of(look.table) or not look.signs.full:
        return ""
    wanted = (family, f"maybe {family}")
    words = any(found.has(*wanted) and not found.has(sign.TASK) for found in look.table.signs.values())
    if look.kind.name == "state" and look.signs.has(sign.SMALL) and not look.signs.has(family):
        ends = _ends(look)
        return "it is where the history of each task ends" if ends else "it holds states" if ends is None else ""
    return "it holds states" if look.signs.has(*(wanted if words else (sign.SMALL,))) else ""


def _ends(look: Look) -> bool | None:
    """Tell whether the history of each task ends in this column's cell; None without a history of numbers."""
    history, task = look.draft.columns.get("history", {}), look.draft.columns["state"].get("task_id")
    if not {"task_id", "to_status"} <= history.keys() or task is None:
        return None
    moves = look.draft.tables[look.draft.chosen["history"]].rows
    last = {str(row[history["task_id"]]): row[history["to_status"]] for row in moves}
    ends = [last[str(row[task])] == row[look.column] for row in look.table.rows if str(row[task]) in last]
    return all(ends) if ends else None


def _answer(look: Look) -> str:
    """Return a reference to the reviews that may be empty."""
    target = look.table.facts.get("refs", {}).get(look.column, ("", ""))[0]
    reviews = look.draft.chosen.get("reviews", "")
    if look.column in look.table.facts["pk"] or not reviews or target not in ("", reviews):
        return ""
    keys = look.draft.tables[reviews].facts["pk"]
    values = look.draft.tables[reviews].signs[keys[0]].values if keys else frozenset()
    fits = target == reviews or (look.signs.has(sign.SMALL, sign.WHOLE) and look.signs.values <= values)
    return f"it holds numbers of {reviews}" if fits else ""


# --- times -----------------------------------------------------------------------------------------------------------


def _only_time(look: Look) -> str:
    """Return the one time that every row has."""
    if look.column not in look.times():
        return ""
    return "it is the only time that every row has" if len(look.times()) == 1 else "it is a time that every row has"


def _updated(look: Look) -> str:
    """Return a time that every row has and no other is later."""
    if look.column not in look.times():
        return ""
    mine = [moment(row[look.column]) for row in look.table.rows]
    for other in look.times():
        if other != look.column and any(a < moment(row[other]) for a, row in zip(mine, look.table.rows, strict=True)):
            return ""
    return "it is the latest time of every row"


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


_SOMEBODY = ((sign.NAME,), _NOBODY)
_TEXT = (TEXTS, _NO_TEXT)
_WHO = Test("it names those who hold tasks", *_SOMEBODY, also=_holds_tasks)
_OWNER = Test("it names somebody in every task that was taken", *_SOMEBODY, also=_is_taken)
_REMARK = Test("it is a text that some rows have", (sign.SENTENCE,), SPECIFIC, also=_is_spare_text)
_ENDED = Test("it is a time that some rows have", (sign.TIME,), rows=SOME)
_KEY = Test("it is the key", (), _NUMBERS, also=lambda look: look.column in look.table.facts["pk"])
_LISTS, _OTHER_LIST = {"commands", "results", "risks", "blockers"}, Test("it is a list", (sign.LIST,), (sign.FILES,))
_NEVER = Test("")
#: `kind.column` or `column` -> the test, which gives the reason as text, "" where the column does not pass.
_TESTS: dict[str, Test | Callable[[Look], str]] = {
    "state.completed_at": Test("it is a time in finished tasks alone", (sign.TIME,), also=_is_finished),
    "archive.completed_at": lambda look: _compared(look, later=False),
    "archive.updated_at": lambda look: _compared(look, later=True),
    "status": _status,
    "updated_at": _updated,
    "sessions.updated_at": _NEVER,
    "claimed_at": Test("it is a time in tasks that somebody works on alone", (sign.TIME,), (), SOME, _is_worked_on),
    "state.owner": _OWNER,
    "archive.owner": _OWNER,
    "claimant": Test("it names somebody while a task is worked on", *_SOMEBODY, also=_is_worked_on),
    "blocked_reason": Test(
        "it is a text in blocked tasks alone", *_TEXT, also=lambda look: look.filled_when({"blocked"})
    ),
    "history.from_status": lambda look: _step(look, 0),
    "history.to_status": lambda look: _step(look, 1),
    "history.at": _only_time,
    "history.actor": _WHO,
    "history.to_owner": _WHO,
    "history.reason": Test("it is a text of moves into blocked alone", *_TEXT, SOME, _of_blocked_moves),
    "command_text": Test("it is a text of several words in every row", (sign.SENTENCE,), SPECIFIC, ALL),
    "evidence.notes": _REMARK._replace(rows=SOME),
    "evidence.recorded_by": _WHO,
    "duration_seconds": Test("it is the only number beside the keys", _NUMBERS, SPECIFIC, also=_may_be_a_span),
    "created_at": _only_time,
    "handoffs.owner": _WHO,
    "commands": Test("what it lists is evidence of the same database", also=_lists_evidence),
    "results": Test(
        "its lists are as long as those of the commands", (sign.LIST,), (sign.FILES,), also=_as_long_as_commands
    ),
    "risks": _NEVER,
    "blockers": _NEVER,
    "to_role": Test("it holds lanes", (sign.LANE,)),
    "acknowledged_at": _ENDED,
    "reviews.reviewer": Test("it names somebody in every row", (sign.NAME,), _NO_TEXT, ALL, _is_no_key),
    "reviews.notes": _REMARK,
    "answered_by": _answer,
    "requests.rules": _REMARK,
    "sessions.id": _KEY,
    "sessions.task_id": Test("it holds tasks", (sign.TASK,)),
    "started_at": lambda look: _compared(look, later=False),
    "last_heartbeat_at": lambda look: _compared(look, later=True),
    "ended_at": _ENDED,
    "exit_code": Test("it is a number that some rows have", _NUMBERS, rows=SOME, also=_is_no_key),
    "pid": Test("its numbers are as large as those of processes", (sign.WHOLE,), rows=ALL),
    "subject_id": _KEY,
    "target_close_by": Test("it holds days", (sign.DAY,)),
    "checkpoints.owner": _WHO,
    "summary": _REMARK,
}
