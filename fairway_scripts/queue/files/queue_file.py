"""The queue file: YAML or JSON in, typed task records and faults with lines out."""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.base.regular_files import regular
from fairway_scripts.formats.ruby_reading import ruby_reads_differently
from fairway_scripts.formats.text_tree import TextList, TextMap, collector_paused
from fairway_scripts.queue.definitions_rules import HEADER_LISTS, TaskRecord
from fairway_scripts.queue.files.queue_blocks import read_queue_blocks
from fairway_scripts.queue.files.task_fields import WHOLE_NUMBER, TaskConversion, described

if TYPE_CHECKING:
    from fairway_scripts.formats.text_tree import Node

__all__ = [
    "DEFAULT_MAX_BYTES",
    "QueueFile",
    "TaskRecord",
    "read_queue_file",
    "read_queue_text",
    "ruby_reads_differently",
]

DEFAULT_MAX_BYTES = 64 * 1024 * 1024


class QueueFile(NamedTuple):
    """A queue file read.

    `path` is the name that faults show, `header` every top-level field but `tasks` (`version` an int when it is
    one, `states` and `roles` lists of text), `header_lines` their lines, `tasks` the records in file order,
    `faults` what reading found wrong, `sha256` of the bytes.
    """

    path: str
    header: dict[str, object]
    header_lines: dict[str, int]
    tasks: list[TaskRecord]
    faults: list[Fault]
    sha256: str


def read_queue_file(path: str, display: str | None = None, max_bytes: int = DEFAULT_MAX_BYTES) -> QueueFile:
    """Read a queue file; a name that ends in `.json` is JSON, any other is YAML.

    `display` is the name to show in faults (default: `path`). What is wrong inside the file is a `Fault` of the
    result. Raises FairwayError: `not_found` when there is no such file, `file_unavailable` when it cannot be read.
    """
    shown = display or path
    try:
        with open(path, "rb", opener=regular) as file:
            size = os.fstat(file.fileno()).st_size
            data = b"" if size > max_bytes else file.read(max_bytes + 1)
    except FileNotFoundError:
        raise FairwayError(
            "not_found",
            f"no queue file at {shown}",
            "name the file as QUEUE_FILE, or as queue_source in .fairway/config.toml",
            path=path,
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise FairwayError(
            "file_unavailable", f"cannot read {shown}: {reason}", suggest_program("ls", "-l", shown), path=path
        ) from error
    if size > max_bytes or len(data) > max_bytes:
        what = f"the file has {max(size, len(data))} bytes, more than the {max_bytes} allowed (queue.max_bytes)"
        return QueueFile(shown, {}, {}, [], [Fault(shown, 0, "", "", ERROR, "too_large", what)], "")
    return read_queue_text(data, shown)


def read_queue_text(data: bytes, path: str) -> QueueFile:
    """Read the bytes of a queue file; `path` is its name in faults and, by `.json`, decides the format."""
    with collector_paused():
        contents = _contents(data, path)
        faults = contents.faults
        _name_tasks(faults, contents.tasks, contents.header_lines)
        faults.sort(key=lambda fault: fault.line)
        return QueueFile(
            path,
            contents.header,
            contents.header_lines,
            contents.tasks,
            faults,
            hashlib.sha256(data).hexdigest(),
        )


def _contents(data: bytes, path: str) -> _Contents:
    is_json = path.endswith(".json")
    blocks = None if is_json else read_queue_blocks(data, path)
    if blocks is not None:
        contents = _Contents(path, blocks.faults)
        contents.head(blocks.header)
        contents.tasks = blocks.tasks
        return contents
    if is_json:
        from fairway_scripts.formats.json_text import read_json

        reading = read_json(data, path)
    else:
        from fairway_scripts.formats.yaml_events import read_yaml  # loads PyYAML, which most files do not need

        reading = read_yaml(data, path)
    contents = _Contents(path, reading.faults)
    broken = reading.value is None and any(fault.severity == ERROR for fault in reading.faults)
    if not broken:
        contents.top(reading.value)
    return contents


def _name_tasks(faults: list[Fault], tasks: list[TaskRecord], header_lines: dict[str, int]) -> None:
    """Give the faults that lie inside a task the task's id."""
    if not faults:
        return
    parts = sorted([(task.line, task.fields["id"]) for task in tasks] + [(line, "") for line in header_lines.values()])
    starts = [line for line, _ in parts]
    for index, fault in enumerate(faults):
        place = bisect_right(starts, fault.line) - 1
        if place >= 0:
            faults[index] = fault._replace(task_id=parts[place][1])


class _Contents:
    """The typed header and tasks of one document."""

    def __init__(self, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults
        self.header: dict[str, object] = {}
        self.header_lines: dict[str, int] = {}
        self.tasks: list[TaskRecord] = []
        self.conversion = TaskConversion(path, faults)
        self._fault = self.conversion.fault

    def top(self, value: Node) -> None:
        """Take the document's value: a mapping with `tasks`, or the bare list of tasks."""
        if type(value) is TextMap:
            self.head(value)
            if "tasks" not in value:
                self._fault(value.line, "tasks", "no_tasks", "the file has no `tasks:` list; add one (`tasks: []`)")
                return
            items, line = value["tasks"], value.lines["tasks"]
        else:
            items, line = value, 1
        if type(items) is TextList:
            self._tasks(items)
        elif items is None and type(value) is TextMap:
            return
        elif items is None:
            self._fault(0, "", "empty_file", "the file is empty; a queue file holds at least `tasks: []`")
        else:
            self._fault(line, "tasks", "wrong_shape", f"expected a list of tasks, found {described(items)}")

    def head(self, top: TextMap) -> None:
        """Take the fields of the document but `tasks`."""
        self.header_lines = {key: line for key, line in top.lines.items() if key != "tasks"}
        for key, value in top.items():
            if key == "tasks":
                continue
            if key in HEADER_LISTS:
                self.header[key] = [] if value is None else self.conversion.text_list(key, value, top.lines[key], {})
                continue
            whole = WHOLE_NUMBER.fullmatch(value) if key == "version" and isinstance(value, str) else None
            self.header[key] = int(whole[0]) if whole else value

    def _tasks(self, items: TextList) -> None:
        for position, item in enumerate(items):
            if type(item) is TextMap:
                self.tasks.append(self.conversion.record(item, position))
            else:
                line = items.lines[position]
                self._fault(
                    line, "", "not_a_task", f"task {position + 1} is {described(item)}, not a mapping of fields"
                )
