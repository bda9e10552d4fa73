"""Adding tasks to a queue file without touching anything else in it.

The file is edited as text: the new lines go behind the last task, in the file's own indentation and line ends, and
every other byte stays. What came out is read again and compared with what was there, so that a file whose layout
is not understood is left alone.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.faults import ERROR
from fairway_scripts.formats.yaml_writer import queue_file_pieces
from fairway_scripts.queue.files.queue_file import read_queue_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fairway_scripts.formats.text_tree import Node
    from fairway_scripts.queue.files.queue_file import QueueFile
    from fairway_scripts.queue.queue_shapes import Fields

    #: fields as the file names them
    Tasks = Sequence[Mapping[str, object]]
    #: the fields of a task as a reader gets them, and what it does not know
    Read = tuple[Fields, dict[str, Node]]

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_DASH = re.compile(r"( *)-(?:[ \t\r\n]|\Z)")
_EMPTY_LIST = re.compile(
    r"(?P<key>(?:tasks|'tasks'|\"tasks\")[ \t]*:)?(?:[ \t]*(?:\[[ \t]*\]|~|null))?(?P<rest>[ \t]*(?:#.*)?)"
)
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]')


class Edit(NamedTuple):
    """An edited file: its `data`, the 1-based `line` of the first new line, and the `added` text."""

    data: bytes
    line: int
    added: str
    document: QueueFile


def append_tasks(data: bytes, path: str, tasks: Tasks) -> Edit:
    """The bytes of a queue file with `tasks` (fields as the file names them) added behind its last task.

    `path` is the name to show; by `.json` it decides the format. Nothing but the new lines differs. Raises
    FairwayError `invalid_queue` when the file does not read without faults, or when its layout leaves no place.
    """
    before = read_queue_text(data, path)
    errors = [fault for fault in before.faults if fault.severity == ERROR]
    if errors:
        raise FairwayError(
            "invalid_queue", f"{path} cannot be edited: {errors[0].text()}", suggest("queue-validate"), path=path
        )
    text = data.decode("utf-8")
    wanted = _as_read(tasks)
    for position, removed, added in _places(text, path, before, tasks):
        edited = (text[:position] + added + text[position + removed :]).encode()
        after = read_queue_text(edited, path)
        if _only_added(before, after, wanted):
            return Edit(edited, text.count("\n", 0, position) + 1, added, after)
    raise FairwayError(
        "invalid_queue",
        f"{path} is laid out in a way that no task can be added to without touching others; "
        "write its tasks as one list, each beginning with `- id: ...` on a line of its own",
        suggest("queue-snapshot", FORMAT="yaml"),
        path=path,
    )


def _as_read(tasks: Tasks) -> list[Read]:
    """The tasks as a reader gets them: what the edited file has to give back."""
    document = read_queue_text("".join(queue_file_pieces({}, tasks)).encode(), "tasks.yaml")
    return [(record.fields, record.extra) for record in document.tasks]


def _only_added(before: QueueFile, after: QueueFile, wanted: list[Read]) -> bool:
    """Whether an edit kept the header and every task, brought the wanted ones and no fault."""
    count = len(before.tasks)
    found = [(record.fields, record.extra) for record in after.tasks]
    return (
        before.header == after.header
        and found[:count] == [(record.fields, record.extra) for record in before.tasks]
        and found[count:] == wanted
        and not any(fault.severity == ERROR for fault in after.faults)
    )


def _places(text: str, path: str, before: QueueFile, tasks: Tasks) -> Iterator[tuple[int, int, str]]:
    """The edits that may do, best first: where, how many characters go, and what comes there."""
    if path.endswith(".json") or text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        yield from _in_json(text, tasks)
        return
    lines = _LINE.findall(text)
    if before.tasks:
        yield from _behind_the_last(lines, before.tasks[-1].line - 1, tasks)
    else:
        yield from _into_nothing(lines, tasks)


def _behind_the_last(lines: list[str], last: int, tasks: Tasks) -> Iterator[tuple[int, int, str]]:
    """Behind the last line of the last task; when its text ends in blank lines, behind those."""
    dash = _DASH.match(lines[last])
    if dash is None and last:
        dash = _DASH.match(lines[last - 1])
    if dash is None:
        return
    indent = len(dash[1])
    end = blank_end = last + 1
    for number in range(last + 1, len(lines)):
        line = lines[number].rstrip("\r\n")
        if line.strip():
            if len(line) - len(line.lstrip(" ")) <= indent:
                break
            end = number + 1
        blank_end = number + 1
    block = _block(tasks, dash[1], _line_end(lines))
    for place in dict.fromkeys((end, blank_end)):
        position = sum(map(len, lines[:place]))
        gap = "" if lines[place - 1].endswith(("\n", "\r")) else _line_end(lines)
        yield position, 0, gap + block


def _into_nothing(lines: list[str], tasks: Tasks) -> Iterator[tuple[int, int, str]]:
    """In place of the `[]` of an empty list; a comment behind it stays."""
    position = 0
    for line in lines:
        bare = line.rstrip("\r\n")
        start = 1 if bare.startswith("\ufeff") else 0
        found = _EMPTY_LIST.fullmatch(bare, start)
        if found is not None and bare[start:].strip() and not bare[start:].lstrip().startswith("#"):
            head = (found["key"] or "") + found["rest"]
            end = _line_end(lines)
            replaced = (head.strip() and head + end) + _block(tasks, "", end)
            yield position + start, len(line) - start, replaced
        position += len(line)


def _block(tasks: Tasks, indent: str, line_end: str) -> str:
    text = "".join(queue_file_pieces({}, tasks)).removeprefix("tasks:\n")
    return "".join((indent + line if line else "") + line_end for line in text.removesuffix("\n").split("\n"))


def _line_end(lines: list[str]) -> str:
    first = lines[0] if lines else "\n"
    return "\r\n" if first.endswith("\r\n") else "\r" if first.endswith("\r") else "\n"


def _in_json(text: str, tasks: Tasks) -> Iterator[tuple[int, int, str]]:
    """Before the bracket that closes the list of tasks, as the file lays its first task out."""
    found = _json_list(text)
    if found is None:
        return
    start, end = found
    inside = text[start:end]
    content = inside.rstrip()
    close = inside[len(content) :]
    lead = inside[: len(inside) - len(inside.lstrip())]
    newline = re.search(r"\r\n|\r|\n", text)
    line_end = newline[0] if newline else "\n"
    indent = re.split(r"[\r\n]", lead)[-1] if re.search(r"[\r\n]", lead) else None
    if not content.strip():
        key_line = re.split(r"[\r\n]", text[:start])[-1]
        base = key_line[: len(key_line) - len(key_line.lstrip())] if newline else ""
        indent, close, content = (base + "  ", line_end + base, "") if newline else (None, "", "")
        lead = line_end + indent if indent is not None else ""
    pieces = [_json_task(task, indent, line_end) for task in tasks]
    glue = "," + (lead if indent is not None else " ")
    first = glue if content else lead
    yield start + len(content), len(inside) - len(content), first + glue.join(pieces) + close


def _json_task(task: Mapping[str, object], indent: str | None, line_end: str) -> str:
    if indent is None:
        return json.dumps(task, ensure_ascii=False)
    return json.dumps(task, ensure_ascii=False, indent=2).replace("\n", line_end + indent)


def _json_list(text: str) -> tuple[int, int] | None:
    """Where the list of tasks begins (behind its bracket) and ends (before the other one); None without one."""
    open_at: list[int] = []
    wanted, previous, key = -1, "", ""
    for token in _JSON_TOKEN.finditer(text):
        sign = token[0]
        if sign in "[{":
            outermost = sign == "[" and (not open_at or (len(open_at) == 1 and previous == ":" and key == '"tasks"'))
            if outermost and wanted < 0:
                wanted = len(open_at)
            open_at.append(token.end())
        elif sign in "]}":
            start = open_at.pop() if open_at else 0
            if sign == "]" and len(open_at) == wanted:
                return start, token.start()
        elif sign not in ":,":
            key = sign
        previous = sign
    return None
