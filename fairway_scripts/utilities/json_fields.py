"""Typed access to the fields of a JSON document whose values keep their lines: every wrong value is one fault."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.faults import ERROR, WARNING, Fault
from fairway_scripts.formats.ci_excerpts import plain_line
from fairway_scripts.formats.text_tree import TextList, TextMap
from fairway_scripts.queue.files.task_fields import described

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
#: How Go writes a time that is not set; gh prints it for what has not started.
_NO_TIME = "0001-01-01T00:00:00Z"


class Fields:
    """Reads fields and keeps the faults; `at` is the JSON path of the object, such as `jobs[2]`.

    In a report that another program wrote (`foreign`) a word, a time or a number that is not understood is a warning:
    the value is not known, and everything else is read.
    """

    def __init__(self, path: str, *, foreign: bool = False) -> None:
        self.path = path
        self.foreign = foreign
        self.faults: list[Fault] = []

    def text(self, node: TextMap, key: str, at: str, *, required: bool = False, whole: bool = False) -> str:
        """A text, or a number as its text; "" for null and for what is not there.

        It is one line without control characters, so that a name cannot move a cursor; as it is written with `whole`.
        """
        value = node.get(key)
        if value is None:
            if required:
                self.fault(node, key, at, "missing", "is missing")
            return ""
        if isinstance(value, str):
            return value if whole else plain_line(" ".join(value.splitlines()))
        self.fault(node, key, at, "wrong_type", f"must be text, found {described(value)}")
        return ""

    def word(self, node: TextMap, key: str, at: str, words: Mapping[str, str]) -> tuple[str, str]:
        """(what a status word means, the word); a word that is not known is a fault and `unknown`, never a guess."""
        given = self.text(node, key, at, required=True)
        if given and given not in words:
            self._odd(node, key, at, "unknown_word", f"is {given!r}, none of {', '.join(words)}")
        return words.get(given, "unknown"), given

    def time(self, node: TextMap, key: str, at: str) -> str:
        """A time as it is written, "" when none is set."""
        given = self.text(node, key, at)
        if not given or given == _NO_TIME:
            return ""
        try:
            clock.moment(given)
        except ValueError:
            self._odd(node, key, at, "bad_time", f"is {given!r}, which is no time such as 2026-05-04T10:00:00Z")
            return ""
        return given

    def seconds(self, node: TextMap, key: str, at: str) -> float | None:
        """A number of seconds that is not negative."""
        return self._number(node, key, at, "is no number of seconds")

    def whole(self, node: TextMap, key: str, at: str) -> int | None:
        """A whole number that is not negative."""
        found = self._number(node, key, at, "is no whole number")
        if found is not None and found != int(found):
            self._odd(node, key, at, "not_a_number", f"is {found}, which is no whole number")
            return None
        return None if found is None else int(found)

    def flag(self, node: TextMap, key: str, at: str) -> bool:
        """A truth value; false when it is not there."""
        value = node.get(key)
        if value not in (None, "true", "false"):
            self.fault(node, key, at, "wrong_type", "must be true or false")
        return bool(value == "true")

    def rows(self, node: TextMap, key: str, at: str) -> list[tuple[TextMap, str]]:
        """The objects of a list with their paths."""
        value = node.get(key)
        if value is None:
            return []
        place = f"{at}.{key}" if at else key
        if not isinstance(value, TextList):
            self.fault(node, key, at, "wrong_type", f"must be a list, found {described(value)}")
            return []
        return self.items(value, place)

    def items(self, value: TextList, at: str) -> list[tuple[TextMap, str]]:
        """The objects of a list that is already at hand, with their paths."""
        found = []
        for number, entry in enumerate(value):
            place = f"{at}[{number}]"
            if isinstance(entry, TextMap):
                found.append((entry, place))
            else:
                self.add(value.lines[number], place, "wrong_type", f"must be an object, found {described(entry)}")
        return found

    def inner(self, node: TextMap, key: str, at: str) -> TextMap | None:
        """An object inside, None when it is not there."""
        value = node.get(key)
        if value is None or isinstance(value, TextMap):
            return value
        self.fault(node, key, at, "wrong_type", f"must be an object, found {described(value)}")
        return None

    def texts(self, node: TextMap, key: str, at: str) -> list[str]:
        """A list of texts."""
        value = node.get(key)
        if value is None:
            return []
        if not isinstance(value, TextList) or not all(isinstance(entry, str) for entry in value):
            self.fault(node, key, at, "wrong_type", "must be a list of texts")
            return []
        return [str(entry) for entry in value]

    def known(self, node: TextMap, at: str, keys: Iterable[str]) -> None:
        """A fault for each key that is none of `keys`."""
        names = list(keys)
        for key in node:
            if key not in names:
                self.fault(node, key, at, "unknown_field", f"is no field here; known: {', '.join(names)}")

    def fault(self, node: TextMap, key: str, at: str, code: str, message: str) -> None:
        """Keep a fault of the field `key` of the object at `at`."""
        self.add(node.lines.get(key, node.line), f"{at}.{key}" if at else key, code, message)

    def add(self, line: int, place: str, code: str, message: str, severity: str = ERROR) -> None:
        """Keep a fault at a line and a JSON path."""
        self.faults.append(Fault(self.path, line, "", place, severity, code, message))

    def _odd(self, node: TextMap, key: str, at: str, code: str, message: str) -> None:
        """Keep a fault of a value that nothing else in the document depends on."""
        place = f"{at}.{key}" if at else key
        self.add(node.lines.get(key, node.line), place, code, message, WARNING if self.foreign else ERROR)

    def _number(self, node: TextMap, key: str, at: str, what: str) -> float | None:
        value = node.get(key)
        if value is None:
            return None
        number = float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else math.nan
        if not 0 <= number < 1e12:
            shown = repr(value) if isinstance(value, str) else described(value)
            self._odd(node, key, at, "not_a_number", f"is {shown}, which {what}")
            return None
        return number
