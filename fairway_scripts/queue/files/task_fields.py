"""One task of a queue file: typed fields out of a mapping of text, and a fault for every value that does not fit."""

from __future__ import annotations

import re
from types import NoneType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from fairway_scripts.base.faults import ERROR, WARNING, Fault
from fairway_scripts.formats.ruby_reading import ruby_reads_differently
from fairway_scripts.formats.text_tree import TextList, TextMap
from fairway_scripts.queue.definitions_rules import (
    ALIASES,
    INTEGER_FIELDS,
    LIST_FIELDS,
    STATE_FIELDS,
    TEXT_FIELDS,
    TaskRecord,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeGuard

    from fairway_scripts.formats.text_tree import Node
    from fairway_scripts.queue.queue_shapes import Fields

TEXT, INTEGER, LIST = "text", "integer", "list"
_KINDS = {
    **dict.fromkeys((*TEXT_FIELDS, *STATE_FIELDS, "commit"), TEXT),
    **dict.fromkeys(INTEGER_FIELDS, INTEGER),
    **dict.fromkeys((*LIST_FIELDS, "depends_on"), LIST),
}
_BLANK: dict[str, Any] = dict.fromkeys((*TEXT_FIELDS, *STATE_FIELDS), "") | dict.fromkeys(INTEGER_FIELDS)
WHOLE_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")


class _Shape(NamedTuple):
    """What the keys of a task and the types of their values ask for."""

    nothing: tuple[str, ...]
    wrong: tuple[str, ...]
    integers: tuple[str, ...]
    lists: tuple[str, ...]
    absent_lists: tuple[str, ...]
    unknown: tuple[str, ...]
    aliases: bool


def _shape(keys: tuple[str, ...], types: tuple[type, ...]) -> _Shape:
    given = [(key, kind, _KINDS.get(key)) for key, kind in zip(keys, types, strict=True)]
    return _Shape(
        nothing=tuple(key for key, kind, wanted in given if kind is NoneType and wanted in (TEXT, INTEGER)),
        wrong=tuple(key for key, kind, wanted in given if wanted == TEXT and kind not in (str, NoneType)),
        integers=tuple(key for key, kind, wanted in given if wanted == INTEGER and kind is not NoneType),
        lists=tuple(key for key, kind, wanted in given if wanted == LIST and kind is not NoneType),
        absent_lists=tuple(
            field for field in LIST_FIELDS if all(key != field or kind is NoneType for key, kind, _ in given)
        ),
        unknown=tuple(key for key, _, wanted in given if wanted is None),
        aliases=any(key in ALIASES for key in keys),
    )


def kind_of(key: str) -> str | None:
    """The type of a field by the name it has in a file, None for an unknown one."""
    return _KINDS.get(key)


def blank_fields() -> dict[str, Any]:
    """Every field but the lists, as it is where a file does not give it."""
    return dict(_BLANK)


def _only_text(items: Iterable[Any]) -> TypeGuard[list[str]]:
    """True when every item is text with something in it."""
    try:
        return all(map(str.strip, items))
    except TypeError:
        return False


class TaskConversion:
    """Makes the records of one file; what is wrong is appended to `faults`."""

    def __init__(self, path: str, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults
        #: most tasks of a queue have one of a few shapes, so what to do for a shape is worked out once
        self.shapes: dict[tuple[tuple[str, ...], tuple[type, ...]], _Shape] = {}

    def fault(self, line: int, field: str, code: str, message: str, severity: str = ERROR) -> None:
        """Note one finding."""
        self.faults.append(Fault(self.path, line, "", field, severity, code, message))

    def record(self, item: TextMap, position: int) -> TaskRecord:
        """The record of one task; `position` is its place in the file, from 0."""
        signature = (tuple(item), tuple(map(type, item.values())))
        shape = self.shapes.get(signature)
        if shape is None:
            shape = self.shapes[signature] = _shape(*signature)
        lines = item.lines
        before = len(self.faults)
        fields = _BLANK | item
        item_lines: dict[str, list[int]] = {}
        for key in shape.nothing:
            fields[key] = _BLANK.get(key, "")
        for key in shape.wrong:
            self.fault(lines[key], key, "text_needed", f"must be text, found {described(item[key])}")
            fields[key] = ""
        for key in shape.integers:
            fields[key] = self._integer(key, item[key], lines[key])
        for key in shape.lists:
            fields[key] = self.text_list(key, item[key], lines[key], item_lines)
        for key in shape.absent_lists:
            fields[key] = []
        extra = {key: fields.pop(key) for key in shape.unknown} if shape.unknown else {}
        if shape.aliases:
            self._settle_aliases(fields, lines, item_lines)
        if item.plain:
            self._compare_with_ruby(item)
        refused = self._refused(before) if len(self.faults) > before else ()
        return TaskRecord(cast("Fields", fields), extra, lines, item_lines, item.line, position, refused)

    def _refused(self, before: int) -> tuple[str, ...]:
        """The fields of one task whose values could not be used, by the file's name and by their own."""
        names = [fault.field for fault in self.faults[before:] if fault.severity == ERROR]
        return (*names, *(ALIASES[name] for name in names if name in ALIASES))

    def text_list(self, key: str, value: Node, line: int, item_lines: dict[str, list[int]]) -> list[str]:
        """The items of a list of text; the line of each goes to `item_lines[key]`."""
        if type(value) is not TextList:
            what = f"must be a list, found {described(value)}; write `{key}: []` or one `- item` a line"
            self.fault(line, key, "list_needed", what)
            return []
        item_lines[key] = value.lines
        for index in value.plain:
            self._ruby(value.lines[index], key, value[index])
        if _only_text(value):
            return value
        for index, entry in enumerate(value):
            if type(entry) is not str or not entry.strip():
                found = described(entry) if entry else "nothing"
                quote = "; quote it if it is one text with `: ` inside" if type(entry) is TextMap else ""
                what = f"item {index + 1} must be text, found {found}{quote}"
                self.fault(value.lines[index], key, "text_needed", what)
        return [entry for entry in value if type(entry) is str and entry.strip()]

    def _integer(self, key: str, value: Node, line: int) -> int | None:
        if type(value) is str and WHOLE_NUMBER.fullmatch(value):
            return int(value)
        self.fault(line, key, "integer_needed", f"must be a whole number, found {described(value)}")
        return None

    def _settle_aliases(self, fields: dict[str, Any], lines: dict[str, int], item_lines: dict[str, list[int]]) -> None:
        """Move `depends_on` and `commit` to their fields; two different lists of dependencies are a fault."""
        if "depends_on" in fields:
            alias, given = fields.pop("depends_on") or [], fields["dependencies"]
            if given and alias and given != alias:
                what = "differs from `dependencies`; keep one of the two"
                self.fault(lines["depends_on"], "depends_on", "two_dependency_lists", what)
            if not given:
                fields["dependencies"] = alias
                lines["dependencies"] = lines["depends_on"]
                item_lines["dependencies"] = item_lines.get("depends_on", [])
        if "commit" in fields:
            commit = fields.pop("commit")
            if not fields["commit_sha"]:
                fields["commit_sha"] = commit
                lines["commit_sha"] = lines["commit"]

    def _compare_with_ruby(self, item: TextMap) -> None:
        for key in item.plain:
            value = item[key]
            if _KINDS.get(key) is TEXT:
                self._ruby(item.lines[key], key, value)

    def _ruby(self, line: int, key: str, value: Node) -> None:
        reading = ruby_reads_differently(value) if type(value) is str else None
        if reading is not None:
            what = f"Ruby reads {value} without quotes as {reading}; write '{value}'"
            self.fault(line, key, "ruby_reading", what, WARNING)


def described(value: object) -> str:
    """How a message names a value of the wrong type."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    return repr(text if len(text) <= 40 else text[:37] + "...")
