"""The form in which queue files are written, read without a YAML parser: a list of tasks in block style.

A task of that form is fields of one line, lists of one-line items and, last, notes as a literal block. Regular
expressions that are learned from the tasks of the file recognize it, and they accept only what has one reading. A
task that holds anything else goes to the YAML reader by itself; a file for which even that is not certain to give
what the YAML reader makes of the whole is declined.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.formats.text_tree import TextList, TextMap, move_lines
from fairway_scripts.formats.usual_text import END, NUMBER, PLAIN, QUOTED, usual_header
from fairway_scripts.queue.definitions_rules import ALIASES, LIST_FIELDS, TaskRecord
from fairway_scripts.queue.files.task_fields import INTEGER, LIST, TEXT, TaskConversion, blank_fields, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.formats.text_tree import Reading
    from fairway_scripts.queue.queue_shapes import Fields

#: The bytes of plain ASCII text. A file with any other control character, or with CR, is for the YAML reader ...
_USUAL_BYTES = bytes([9, 10, *range(32, 127)])
#: ... and so is one with a character that YAML forbids or takes for a line break or a byte order mark.
_UNUSUAL = re.compile("[\x00-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")

#: How a field of one line is written: what shows the way, and the pattern for its value.
_STYLES = (
    (TEXT, re.compile(f" {QUOTED}{END}"), f" {QUOTED}"),
    (TEXT, re.compile(f" (?:{PLAIN})"), f" ({PLAIN})"),
    (INTEGER, re.compile(f" {NUMBER}{END}"), f" {NUMBER}{END}"),
)
_NOTHING = re.compile(r"(?: ~| null)?" + END)
_KEY = re.compile(r"([a-z_]+):")
_EMPTY_LIST = " []"
#: More kinds of tasks than this in one file are not learned.
_MOST_SHAPES = 12


class QueueBlocks(NamedTuple):
    """A file of the usual form: its fields without `tasks`, the tasks, and what was found wrong in either."""

    header: TextMap
    tasks: list[TaskRecord]
    faults: list[Fault]


class UnusualError(Exception):
    """What stands here may have another reading."""


def read_queue_blocks(data: bytes, path: str) -> QueueBlocks | None:
    """Read a queue file of the usual form; None when the YAML reader has to read it. `path` is shown in faults.

    What it gives is what the YAML reader and `TaskConversion` make of the file, lines and faults included.
    """
    try:
        return _Blocks(_usual_text(data), path).read()
    except UnusualError:
        return None


def _usual_text(data: bytes) -> str:
    try:
        rest = data.translate(None, _USUAL_BYTES).decode()
        if not data.endswith(b"\n") or _UNUSUAL.search(rest):
            raise UnusualError
        return data.decode()
    except UnicodeDecodeError:
        raise UnusualError from None


class _Shape:
    """The fields of one kind of task, learned from the first that has them."""

    def __init__(self, head: str, margin: str, opening: str) -> None:
        self.has_notes = bool(opening)
        self.item = f"{margin}- " if f"{margin}  - " not in head else f"{margin}  - "
        self.margin = margin
        self.names: list[str] = []
        self.integers: list[str] = []
        self.lists: list[str] = []
        keys: list[str] = []
        patterns: list[str] = []
        at = 0
        while at < len(head) or not keys:
            found = _KEY.match(head, at)
            if found is None or found[1] in keys:
                raise UnusualError
            keys.append(found[1])
            pattern, at = self._value(head, found[1], found.end())
            patterns.append(found[1] + ":" + pattern)
            if at < len(head) and not head.startswith(margin, at):
                raise UnusualError
            at += len(margin)
        ending = rf"(?={margin[:-2]}- |\n\Z)"
        meant = [ALIASES.get(key, key) for key in keys] + ["notes"] * self.has_notes
        if len(set(meant)) < len(meant):
            raise UnusualError
        self.match = re.compile(margin.join(patterns) + (re.escape(opening) or ending)).match
        self.given = frozenset((*keys, *meant))
        self.absent_lists = [field for field in LIST_FIELDS if field not in self.lists]
        self.blank = blank_fields()

    def _value(self, head: str, key: str, at: int) -> tuple[str, int]:
        """The pattern for the value of a field, and where this value ends."""
        kind, name = kind_of(key), ALIASES.get(key, key)
        if kind == LIST:
            items = rf"(?>(?:{self.item}(?:{PLAIN}))+)"
            found = re.compile(rf" \[\]{END}|{items}").match(head, at)
            if found is not None:
                self.names.append(name)
                self.lists.append(name)
                return rf"( \[\]|{items})", found.end()
        for style, written, pattern in _STYLES:
            found = written.match(head, at)
            if found is not None and style == kind:
                self.names.append(name)
                if kind == INTEGER:
                    self.integers.append(name)
                return pattern, found.end()
        found = _NOTHING.match(head, at)
        if found is None or kind is None or head.startswith(self.item, found.end()):
            raise UnusualError
        return found[0], found.end()


class _Task(TaskRecord):
    """A task whose lines are looked up when somebody asks: by reading it again, with the YAML reader."""

    __slots__ = ("blocks",)

    def __init__(self, blocks: _Blocks, fields: Fields, given: frozenset[str], position: int) -> None:
        self.blocks = blocks
        self.fields = fields
        self.extra = {}
        self.given = given
        self.position = position
        self.refused = ()

    def __getattr__(self, name: str) -> Any:
        if name == "line":
            self.line = self.blocks.lines()[self.position]
        elif name in ("lines", "item_lines"):
            read = self.blocks.by_yaml(self.position, [])
            self.lines, self.item_lines = read.lines, read.item_lines
        else:
            raise AttributeError(name)
        return getattr(self, name)


class _Blocks:
    """One file of the usual form, task by task."""

    def __init__(self, text: str, path: str) -> None:
        start = 0 if text.startswith("tasks:\n") else text.find("\ntasks:\n") + 1
        found = re.compile(r"tasks:\n( *)- ").match(text, start)
        if found is None:
            raise UnusualError
        self.path = path
        self.faults: list[Fault] = []
        self.text = text
        self.head = text[:start]
        self.indent = found[1]
        self.margin = f"\n{self.indent}  "
        #: what begins a line of a literal block, and what begins the block
        self.deeper = f"{self.margin}  "
        self.opening = f"{self.margin}notes: |{self.deeper}"
        dash = f"\n{self.indent}- "
        #: where each task begins, after its dash, and the line break at which it ends
        self.ends = [dashed.start() for dashed in re.compile(dash).finditer(text, found.end())] + [len(text) - 1]
        self.starts = [found.end(), *(end + len(dash) for end in self.ends[:-1])]
        self.shapes: list[_Shape] = []
        self.task_lines: list[int] = []

    def lines(self) -> list[int]:
        """The line of each task; counted only when somebody asks."""
        if not self.task_lines:
            line, before = 1, 0
            for start in self.starts:
                line += self.text.count("\n", before, start)
                self.task_lines.append(line)
                before = start
        return self.task_lines

    def read(self) -> QueueBlocks:
        """The whole file; raises UnusualError."""
        header = self._header()
        places = enumerate(zip(self.starts, self.ends, strict=True))
        tasks = [
            self._task(position, start, end) or self.by_yaml(position, self.faults) for position, (start, end) in places
        ]
        return QueueBlocks(header, tasks, self.faults)

    def _header(self) -> TextMap:
        """The fields before `tasks`; the YAML reader gets a list of one empty text in their place."""
        usual = usual_header(self.head)
        if usual is not None:
            return usual
        reading = _read_yaml(f"{self.head}tasks:\n{self.indent}- ''\n", self.path)
        header = reading.value
        if _has_error(reading.faults) or type(header) is not TextMap or header.get("tasks") != [""]:
            raise UnusualError
        self.faults += reading.faults
        del header["tasks"]
        return header

    def _task(self, position: int, start: int, end: int) -> TaskRecord | None:
        """The record of the task at `start`, None when it is not of the usual form."""
        for shape in self.shapes:
            found = shape.match(self.text, start)
            if found is not None:
                break
        else:
            learned = self._learn(self.text[start:end])
            found = learned.match(self.text, start) if learned else None
            if learned is None or found is None:
                return None
            shape = learned
        fields = shape.blank.copy()
        fields.update(zip(shape.names, found.groups(), strict=True))
        if shape.has_notes:
            fields["notes"] = notes = self._notes(self.text[found.end() : end + 1])
            if not notes:
                return None
        for name in shape.integers:
            fields[name] = int(fields[name])
        for name in shape.lists:
            written = fields[name]
            fields[name] = [] if written == _EMPTY_LIST else written[len(shape.item) :].split(shape.item)
        for name in shape.absent_lists:
            fields[name] = []
        return _Task(self, cast("Fields", fields), shape.given, position)

    def _notes(self, block: str) -> str:
        """The text of a literal block from its first character on; `""` when YAML has to say what it is.

        How deep a block is, its first line says, so that may not begin with a blank. Lines that are less deep have
        to be empty; empty lines at the end belong to no text.
        """
        notes = block.replace(self.deeper, "\n")
        missing = block.count("\n") - 1 - (len(block) - len(notes)) // (len(self.deeper) - 1)
        if missing and (block.count("\n\n") != missing or "\n\n\n" in block):
            return ""
        return "" if notes[0] in " \t\n" or notes[-2:] == "\n\n" else notes

    def _learn(self, task: str) -> _Shape | None:
        if len(self.shapes) == _MOST_SHAPES:
            return None
        head, opening, _block = task.partition(self.opening)
        try:
            shape = _Shape(head, self.margin, opening)
        except UnusualError:
            return None
        self.shapes.append(shape)
        return shape

    def by_yaml(self, position: int, faults: list[Fault]) -> TaskRecord:
        """One task as the YAML reader reads it at its place; raises UnusualError when it does not stand for itself."""
        # What follows is a task again: then nothing of this one reaches into the next.
        task = self.text[self.starts[position] : self.ends[position]]
        alone = f"tasks:\n{self.indent}- {task}\n{self.indent}- ''\n"
        reading = _read_yaml(alone, self.path)
        items = reading.value.get("tasks") if type(reading.value) is TextMap else None
        if _has_error(reading.faults) or type(items) is not TextList:
            raise UnusualError
        if len(items) != len(("task", "")) or type(items[0]) is not TextMap or items[1] != "":
            raise UnusualError
        offset = self.lines()[position] - 2
        found = [fault._replace(line=fault.line + offset) for fault in reading.faults]
        move_lines(items[0], lambda at: at + offset)
        record = TaskConversion(self.path, found).record(items[0], position)
        faults += found
        return record


def _read_yaml(text: str, path: str) -> Reading:
    from fairway_scripts.formats.yaml_events import read_yaml  # loads PyYAML, which a usual file does not need

    return read_yaml(text, path)


def _has_error(faults: Sequence[Fault]) -> bool:
    return any(fault.severity == ERROR for fault in faults)
