"""Setting the state of one task in a queue file without touching anything else in it.

The file is edited as text: the values of `status`, `owner`, `branch`, `completed_at` and `commit` change where they
stand, a field that is not there gets a line of its own, and every other byte stays. What came out is read again and
compared with what was there, so that a file whose layout is not understood is left alone.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from fairway_scripts.documents.queue_file import read_queue_text
from fairway_scripts.errors import FairwayError, suggest
from fairway_scripts.rules.definitions import STATE_FIELDS
from fairway_scripts.rules.faults import ERROR
from fairway_scripts.rules.ruby_reading import needs_quotes

if TYPE_CHECKING:
    from fairway_scripts.documents.queue_file import QueueFile
    from fairway_scripts.rules.definitions import TaskRecord

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_QUOTED = r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\""
_BLOCK_VALUE = re.compile(
    rf"(?P<gap>[ \t]*)(?P<value>{_QUOTED}|(?:[^#\r\n]|(?<![ \t])#)*?)(?=[ \t]+#|[ \t]*(?:[\r\n]|\Z))"
)
_FLOW_VALUE = re.compile(rf"(?P<gap>[ \t]*)(?P<value>{_QUOTED}|[^,\]}}\r\n]*?)(?=[ \t]*[,\]}}])")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
#: A commit that is shorter says nothing.
_SHORTEST_COMMIT = 7


class StateEdit(NamedTuple):
    """An edited file: its `data` and the `fields` that changed, [] when the file said the same already."""

    data: bytes
    fields: list[str]


def set_state(data: bytes, path: str, task_id: str, state: dict[str, Any]) -> StateEdit:
    """The bytes of a queue file in which task `task_id` has the state `state`; nothing else differs.

    `state` holds `status`, `owner`, `branch`, `commit_sha` and `completed_at`, "" or None for what is not set; times
    are written as the date that queue files have. A commit that is there in short form stays. `path` is the name to
    show; by `.json` it decides the format. Raises FairwayError: `invalid_queue` (the file does not read, or its layout
    leaves no place), `not_found` (the task is not in the file).
    """
    before = read_queue_text(data, path)
    errors = [fault for fault in before.faults if fault.severity == ERROR]
    if errors:
        raise FairwayError("invalid_queue", f"{path} cannot be edited: {errors[0].text()}", suggest("queue-validate"))
    record = next((task for task in before.tasks if task.fields["id"] == task_id), None)
    if record is None:
        raise FairwayError("not_found", f"{path} has no task {task_id}", suggest("queue-validate"), task_id=task_id)
    wanted = _wanted(record, state)
    if not wanted:
        return StateEdit(data, [])
    edited = _edited(data.decode("utf-8"), before, record, wanted, is_json=_is_json(data, path)).encode()
    if not _only_state_changed(before, read_queue_text(edited, path), record, wanted):
        raise _not_understood(path, record)
    return StateEdit(edited, list(wanted))


def state_in_file(data: bytes, path: str, task_ids: list[str]) -> dict[str, dict[str, str]]:
    """What a queue file says about the state of tasks: {task_id: {status, owner, branch, commit_sha, completed_at}}."""
    asked = set(task_ids)
    return {
        task.fields["id"]: {field: task.fields[field] for field in STATE_FIELDS}
        for task in read_queue_text(data, path).tasks
        if task.fields["id"] in asked
    }


def _wanted(record: TaskRecord, state: dict[str, Any]) -> dict[str, str]:
    """The fields that have to change, with the text they get."""
    wanted = {}
    for field in STATE_FIELDS:
        new, old = str(state.get(field) or ""), str(record.fields[field] or "")
        if field == "completed_at":
            new = new[:10]
            old = old[:10]
        if new != old and not (field == "commit_sha" and _is_short_for(old, new)):
            wanted[field] = new
    return wanted


def _is_short_for(short: str, commit: str) -> bool:
    return len(short) >= _SHORTEST_COMMIT and commit.startswith(short)


def _is_json(data: bytes, path: str) -> bool:
    return path.endswith(".json") or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _edited(text: str, before: QueueFile, record: TaskRecord, wanted: dict[str, str], *, is_json: bool) -> str:
    lines = _LINE.findall(text)
    known = [field for field in STATE_FIELDS if field in record.lines]
    anchor = known[0] if known else "id"
    added = []
    for field, value in wanted.items():
        if field not in record.lines:
            added.append((field, value))
            continue
        number, start, end, flow = _value_span(lines, before, record, field)
        line = lines[number]
        old = line[start:end]
        lines[number] = line[:start] + _replacement(old, value, field, line[:start], is_json=is_json) + line[end:]
        if flow:
            anchor = field
    # from the bottom up, so that the lines above keep their numbers
    for field, value in reversed(added):
        _add(lines, before, record, anchor, field, value, is_json=is_json)
    return "".join(lines)


def _value_span(lines: list[str], before: QueueFile, record: TaskRecord, field: str) -> tuple[int, int, int, bool]:
    """Where the value of a field stands: line (from 0), first and last column, and whether others share the line."""
    key = record.spelled(field)
    number = record.lines[key] - 1
    line = lines[number]
    keys = list(re.finditer(rf"(?<![\w-])(?:'{key}'|\"{key}\"|{key})[ \t]*:(?=[ \t\r\n\"'\[]|\Z)", line))
    place = sum(task.lines.get(key) == number + 1 for task in before.tasks[: before.tasks.index(record)])
    if place >= len(keys):
        raise _not_understood(before.path, record)
    found = keys[place]
    block = re.fullmatch(r"\ufeff?[ \t]*(?:-[ \t]+)*", line[: found.start()]) is not None
    flow = not block or line.rstrip().endswith(",")
    value = (_FLOW_VALUE if flow else _BLOCK_VALUE).match(line, found.end())
    if value is None and flow:  # the last field of a JSON object has no comma
        value = _BLOCK_VALUE.match(line, found.end())
    if value is None or value["value"][:1] in ("|", ">", "&", "*", "!", "[", "{"):
        raise _not_understood(before.path, record)
    start = value.start("value") if value["gap"] or flow else found.end()
    return number, start, value.end("value"), flow


def _replacement(old: str, value: str, field: str, before: str, *, is_json: bool) -> str:
    blank = "" if before.endswith((" ", "\t")) or (is_json and old) else " "
    return blank + _scalar(value, old[:1], field, is_json=is_json)


def _add(
    lines: list[str], before: QueueFile, record: TaskRecord, anchor: str, field: str, value: str, *, is_json: bool
) -> None:
    """Put a field behind the value of `anchor`: on a line of its own, or behind a comma where lines are shared."""
    number, _start, end, flow = _value_span(lines, before, record, anchor)
    line = lines[number]
    key = "commit" if field == "commit_sha" else field
    text = _scalar(value, "", field, is_json=is_json)
    if is_json:
        lines[number] = f'{line[:end]}, "{key}": {text}{line[end:]}'
    elif flow:
        lines[number] = f"{line[:end]}, {key}: {text}{line[end:]}"
    else:
        first = _LINE.match(line)[0]  # type: ignore[index]  # a line is never empty
        bare = first.rstrip("\r\n")
        line_end = first[len(bare) :] or _line_end(lines)
        indent = re.match(r"[ \t]*(?:-[ \t]+)*", line)[0].replace("-", " ")  # type: ignore[index]  # matches anything
        rest = line[len(first) :]
        lines[number] = f"{bare}{line_end}{indent}{key}: {text}{line_end if rest or first != bare else ''}{rest}"


def _line_end(lines: list[str]) -> str:
    first = lines[0]
    return "\r\n" if first.endswith("\r\n") else "\r" if first.endswith("\r") else "\n"


def _scalar(value: str, quote: str, field: str, *, is_json: bool) -> str:
    """A value as text of the file, in the quotes that the old one had."""
    if is_json or quote == '"' or _CONTROL.search(value):
        text = json.dumps(value, ensure_ascii=False)
        return text if is_json else _CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
    bare = quote != "'" and field in ("status", "owner", "branch")
    if bare and _PLAIN.fullmatch(value) and not needs_quotes(value):
        return value
    return "'" + value.replace("'", "''") + "'"


def _only_state_changed(before: QueueFile, after: QueueFile, record: TaskRecord, wanted: dict[str, str]) -> bool:
    if before.header != after.header or len(before.tasks) != len(after.tasks):
        return False
    if any(fault.severity == ERROR for fault in after.faults):
        return False
    for old, new in zip(before.tasks, after.tasks, strict=True):
        expected = {**old.fields, **wanted} if old is record else old.fields
        if new.fields != expected or new.extra != old.extra:
            return False
    return True


def _not_understood(path: str, record: TaskRecord) -> FairwayError:
    return FairwayError(
        "invalid_queue",
        f"{path}:{record.line}: the state of {record.fields['id']} is laid out in a way that cannot be edited; "
        "write each of its fields on a line of its own",
        suggest("queue-validate"),
        path=path,
        task_id=record.fields["id"],
    )
