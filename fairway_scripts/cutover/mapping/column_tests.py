"""What the cells of a column have to be, and how they have to go with the others, to be a column of ours.

`_TESTS` has one test for each of our columns; it gives the reason as text, "" where the column does not pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping import column_times as times
from fairway_scripts.cutover.mapping.cell_signs import list_items
from fairway_scripts.cutover.mapping.column_look import OWN_SIGNS, SPECIFIC, TEXTS, Look, keys_of
from fairway_scripts.cutover.mapping.state_words import chains, status_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.cutover.mapping.mapping_rules import Table


def reason_for(look: Look, ours: str, *, weak: bool) -> str:
    """Why a column of theirs may be ours, "" when it may not; with `weak` also by a test that says little."""
    test = _TESTS.get(f"{look.kind.name}.{ours}") or _TESTS.get(ours)
    test = (_WEAK_TESTS.get(ours) if weak else None) or test
    return test(look) if test else _own_sign(ours, look.table, look.column)


def _own_sign(ours: str, table: Table, column: str) -> str:
    signs, why = OWN_SIGNS.get(ours, ((), ""))
    is_key = column in table.facts["pk"] or column in table.facts.get("refs", {})
    if not signs or (is_key and ours != "task_id") or not table.signs[column].has(*signs):
        return ""
    return why


def _is_somebody(look: Look) -> bool:
    """Whether the cells are names, and nothing that has a sign of its own."""
    return look.signs.has(sign.NAME) and not look.signs.has(*SPECIFIC - {sign.LANE}, sign.SMALL, sign.WHOLE)


def _is_text(look: Look) -> bool:
    return look.signs.has(*TEXTS) and not look.signs.has(*SPECIFIC, sign.SMALL, sign.WHOLE)


def _owner(look: Look) -> str:
    """A name in every task that was taken, in no other."""
    if not _is_somebody(look):
        return ""
    first = look.draft.known.statuses[0]
    said = look.statuses()
    taken = [says for status, says in said if status and status != first]
    free = [says for status, says in said if status == first]
    return "it names somebody in every task that was taken" if taken and all(taken) and not any(free) else ""


def _claimant(look: Look) -> str:
    fits = _is_somebody(look) and look.filled_when(look.working(), all_of_them=False)
    return "it names somebody while a task is worked on" if fits else ""


def _blocked(look: Look) -> str:
    return "it is a text in blocked tasks alone" if _is_text(look) and look.filled_when({"blocked"}) else ""


def _step(look: Look, place: int) -> str:
    """The status of a move: each begins where the one before it of the same task ended."""
    columns = look.draft.columns["history"]
    statuses = ("status", sign.SMALL)
    numbers = [
        name for name, found in look.table.signs.items() if found.has(*statuses) and name not in keys_of(look.table)
    ]
    task = columns.get("task_id")
    if look.column not in numbers or len(numbers) != 2 or task is None:
        return ""
    other = next(name for name in numbers if name != look.column)
    before, after = (look.column, other) if place == 0 else (other, look.column)
    return "each begins where the one before it ended" if chains(look.table, task, before, after) else ""


def _who(look: Look) -> str:
    """A name in the rows, of those who hold tasks."""
    owners = look.other("state", "owner") | look.other("history", "actor")
    return "it names those who hold tasks" if _is_somebody(look) and look.signs.values & owners else ""


def _only_name(look: Look) -> str:
    """A name that every row has."""
    if not look.signs.has(sign.NAME) or look.signs.has(*SPECIFIC, sign.SMALL, sign.WHOLE) or not look.signs.full:
        return ""
    return "it names somebody in every row" if look.column not in keys_of(look.table) else ""


def _why_moved(look: Look) -> str:
    """A text with moves into `blocked`, with few others."""
    columns = look.draft.columns["history"]
    if not _is_text(look) or "to_status" not in columns:
        return ""
    into = {status_of(look.draft, row[columns["to_status"]]) for row in look.table.rows if look.text_of(row)}
    return "it is a text of moves into blocked alone" if into == {"blocked"} and not look.signs.full else ""


def _command(look: Look) -> str:
    fits = look.signs.has(sign.SENTENCE) and not look.signs.has(*SPECIFIC) and look.signs.full
    return "it is a text of several words in every row" if fits else ""


def _remark(look: Look) -> str:
    """A text that not every row has, or the only one that is left."""
    if not look.signs.has(sign.SENTENCE) or look.signs.has(*SPECIFIC):
        return ""
    texts = [name for name, found in look.table.signs.items() if found.has(sign.SENTENCE)]
    return "it is a text that some rows have" if not look.signs.full or len(texts) == 1 else ""


def _number(look: Look) -> str:
    if not look.signs.has(sign.SMALL, sign.WHOLE) or look.column in keys_of(look.table) or look.signs.has(*SPECIFIC):
        return ""
    return "it is the only number beside the keys"


def _lists(look: Look) -> list[str]:
    return [name for name, found in look.table.signs.items() if found.has(sign.LIST)]


def _commands(look: Look) -> str:
    """Lists of what stands in evidence as a command."""
    ran = {text.strip() for text in look.other("evidence", "command_text")}
    items = {item for value in look.signs.values for item in list_items(value) or value.split("\n")}
    return "what it lists is evidence of the same database" if ran & items else ""


def _results(look: Look) -> str:
    """Lists that are as long as those of the commands, row for row."""
    commands = look.draft.columns["handoffs"].get("commands")
    if commands is None or look.column not in _lists(look) or look.signs.has(sign.FILES):
        return ""
    pairs = [(list_items(row[commands]), list_items(row[look.column])) for row in look.table.rows]
    same = all(a is not None and b is not None and len(a) == len(b) for a, b in pairs)
    return (
        "its lists are as long as those of the commands" if same and len({len(a or ()) for a, _ in pairs}) > 1 else ""
    )


def _other_list(look: Look) -> str:
    return "it is a list" if look.column in _lists(look) and not look.signs.has(sign.FILES) else ""


def _answer(look: Look) -> str:
    """A reference to the reviews that may be empty."""
    target = look.table.facts.get("refs", {}).get(look.column, ("", ""))[0]
    reviews = look.draft.chosen.get("reviews", "")
    if look.column in look.table.facts["pk"] or not reviews or target not in ("", reviews):
        return ""
    keys = look.draft.tables[reviews].facts["pk"]
    values = look.draft.tables[reviews].signs[keys[0]].values if keys else frozenset()
    fits = target == reviews or (look.signs.has(sign.SMALL, sign.WHOLE) and look.signs.values <= values)
    return f"it holds numbers of {reviews}" if fits else ""


def _key_text(look: Look) -> str:
    is_key = look.column in look.table.facts["pk"] and not look.signs.has(sign.SMALL, sign.WHOLE)
    return "it is the key" if is_key else ""


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
    """Whether the history of each task ends in this column's cell; None without a history of numbers."""
    history, task = look.draft.columns.get("history", {}), look.draft.columns["state"].get("task_id")
    if not {"task_id", "to_status"} <= history.keys() or task is None:
        return None
    moves = look.draft.tables[look.draft.chosen["history"]].rows
    last = {str(row[history["task_id"]]): row[history["to_status"]] for row in moves}
    ends = [last[str(row[task])] == row[look.column] for row in look.table.rows if str(row[task]) in last]
    return all(ends) if ends else None


def _exit_code(look: Look) -> str:
    small = look.signs.has(sign.SMALL, sign.WHOLE) and look.column not in keys_of(look.table)
    return "it is a number that some rows have" if small and not look.signs.full else ""


def _pid(look: Look) -> str:
    return "its numbers are as large as those of processes" if look.signs.has(sign.WHOLE) and look.signs.full else ""


#: `kind.column` or `column` -> the test.
_TESTS: dict[str, Callable[[Look], str]] = {
    "state.completed_at": times.completed,
    "archive.completed_at": times.first_time,
    "archive.updated_at": times.last_time,
    "status": _status,
    "updated_at": times.updated,
    "sessions.updated_at": lambda _look: "",
    "claimed_at": times.claimed_at,
    "state.owner": _owner,
    "archive.owner": _owner,
    "claimant": _claimant,
    "blocked_reason": _blocked,
    "history.from_status": lambda look: _step(look, 0),
    "history.to_status": lambda look: _step(look, 1),
    "history.at": times.only_time,
    "history.actor": _who,
    "history.to_owner": _who,
    "history.reason": _why_moved,
    "command_text": _command,
    "evidence.notes": lambda look: "" if look.signs.full else _remark(look),
    "evidence.recorded_by": _who,
    "duration_seconds": _number,
    "created_at": times.only_time,
    "handoffs.owner": _who,
    "commands": _commands,
    "results": _results,
    "risks": lambda _look: "",
    "blockers": lambda _look: "",
    "to_role": lambda look: "it holds lanes" if look.signs.has(sign.LANE) else "",
    "acknowledged_at": times.ended,
    "reviews.reviewer": _only_name,
    "reviews.notes": _remark,
    "answered_by": _answer,
    "requests.rules": _remark,
    "sessions.id": _key_text,
    "sessions.task_id": lambda look: "it holds tasks" if look.signs.has(sign.TASK) else "",
    "started_at": times.first_time,
    "last_heartbeat_at": times.last_time,
    "ended_at": times.ended,
    "exit_code": _exit_code,
    "pid": _pid,
    "subject_id": _key_text,
    "target_close_by": lambda look: "it holds days" if look.signs.has(sign.DAY) else "",
    "checkpoints.owner": _who,
    "summary": _remark,
}
#: Tests for what the others leave over.
_WEAK_TESTS: dict[str, Callable[[Look], str]] = {
    "commands": _other_list,
    "results": _other_list,
    "risks": _other_list,
    "blockers": _other_list,
}
