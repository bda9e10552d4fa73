"""YAML read from libyaml's events: text stays text, every key and item knows its line, and nothing can explode.

A YAML loader turns `no`, `017`, `1:30` or `2026-05-04` into something else, keeps the last of two equal keys,
expands aliases and knows no lines. The events underneath have none of these habits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from fairway_scripts.base.faults import ERROR, WARNING, Fault
from fairway_scripts.formats.text_tree import (
    MAX_DEPTH,
    Reading,
    TextList,
    TextMap,
    UnreadableError,
    collector_paused,
    decode,
    move_lines,
    unprintable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.formats.text_tree import Node
    from fairway_scripts.formats.yaml_event import Event


try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML was built without libyaml: the same events, slower
    CParser = None  # type: ignore[misc, assignment]

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_STR_TAGS = frozenset(("!", "tag:yaml.org,2002:str"))
#: The first characters of every number, date and symbol, and of every word that YAML reads as a truth value or
#: null; `""` stands for the value that is not there.
_NUMBER_START = frozenset("0123456789+-.:")
_ODD_START = _NUMBER_START | frozenset(("", *"~yYnNtTfFoO"))
_LONGEST_WORD = 5

#: libyaml also ends lines at NEL, LS and PS; editors do not.
_ODD_BREAKS = ("\x85", "\u2028", "\u2029")
_YAML_BREAK = re.compile("\r\n?|[\n\x85\u2028\u2029]")


class _PureParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """The events of PyYAML's own parser."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)


def read_yaml(source: str | bytes, path: str) -> Reading:
    """Read one YAML document; `path` is the name that faults show.

    The value is made of `TextMap`, `TextList`, str and None: a plain `~`, `null` or nothing is None, every
    other scalar is its text. Faults (never raised): invalid UTF-8, control characters, syntax errors, more than
    one document, duplicate keys, keys that are not text, merge keys, anchors, aliases, tags, nesting over 64; a
    plain value that a comment cuts short is a warning. After a fault that ends the reading the value is None.
    """
    faults: list[Fault] = []
    if isinstance(source, bytes):
        source, faults = decode(source, path)
        if faults:
            return Reading(None, faults)
    with collector_paused():
        reader = _Reader(source, path)
        return Reading(reader.document(), reader.faults)


def _ends_before_comments(text: str) -> set[int]:
    """Where text ends that blanks and a `#` follow on the same line."""
    ends = set()
    at = text.find("#")
    while at >= 0:
        end = at
        while end and text[end - 1] in " \t":
            end -= 1
        if 0 < end < at and text[end - 1] not in "\r\n":
            ends.add(end)
        at = text.find("#", at + 1)
    return ends


class _Reader:
    """One pass over the events of one text."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.faults: list[Fault] = []
        self.parser: type[_PureParser | CParser] = _PureParser if CParser is None else CParser
        self.next_event: Callable[[], Event]
        #: where a blank and `#` follow text: a plain scalar that ends there was cut
        self.cuts = _ends_before_comments(text)

    def document(self) -> Node:
        """The value of the one document; None when there is none or reading had to stop."""
        value: Node = None
        try:
            self.next_event = cast("Callable[[], Event]", self.parser(self.text).get_event)
            value = self._only_document()
        except UnreadableError:
            value = None
        except (yaml.YAMLError, UnicodeEncodeError) as error:
            value = None
            if not (self.parser is CParser and self._is_too_deep(error)):
                self.faults.append(self._syntax(error))
        if any(sign in self.text for sign in _ODD_BREAKS):
            self._count_lines_as_editors_do(value)
        return value

    def _only_document(self) -> Node:
        value: Node = None
        documents = 0
        while True:
            event = self.next_event()
            kind: object = type(event)
            if kind is StreamEndEvent:
                return value
            if kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._fault(event, "several_documents", "a second document begins here; keep one per file")
                    raise UnreadableError
            elif kind is not StreamStartEvent and kind is not DocumentEndEvent:
                value = self._value(event, 0)

    def _fault(self, event: Event, code: str, message: str, *, field: str = "", severity: str = ERROR) -> None:
        self.faults.append(Fault(self.path, event.start_mark.line + 1, "", field, severity, code, message))

    def _is_too_deep(self, error: Exception) -> bool:
        """Whether libyaml gave up at its own limit of nesting before we came to ours; then that is the fault.

        libyaml reads ahead on a line of brackets, and versions differ in where they stop and in what they say. So
        PyYAML's own parser, which has no limit, is asked where so many brackets stand on the line.
        """
        mark = getattr(error, "problem_mark", None)
        lines = self.text.splitlines()
        line = lines[mark.line] if mark and mark.line < len(lines) else ""
        if line.count("[") + line.count("{") <= MAX_DEPTH:
            return False
        again = _Reader(self.text, self.path)
        again.parser = _PureParser
        again.document()
        if not again.faults or again.faults[-1].code != "too_deep":
            return False
        self.faults = again.faults
        return True

    def _syntax(self, error: Exception) -> Fault:
        forbidden = unprintable(self.text, self.path)
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        if forbidden is not None and mark is None:
            return forbidden
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        context = getattr(error, "context", None)
        message = f"not valid YAML: {what}" + (f" ({context})" if context else "")
        # libyaml counts one more line where a file ends without a line break
        line = min(mark.line, len(_YAML_BREAK.findall(self.text))) + 1 if mark else 0
        return Fault(self.path, line, "", "", ERROR, "yaml_syntax", message)

    def _mapping(self, line: int, depth: int) -> TextMap:
        result = TextMap(line)
        lines = result.lines
        next_event, cuts = self.next_event, self.cuts
        while True:
            event = next_event()
            kind: object = type(event)
            if kind is MappingEndEvent:
                return result
            key_event = event
            if kind is ScalarEvent and event.anchor is None and event.tag is None:
                key = event.value
            else:
                key = self._odd_key(event, depth)
            event = next_event()
            value_kind: object = type(event)
            if value_kind is ScalarEvent and event.anchor is None and event.tag is None:
                value: Node = (text := event.value)
                if not event.style:
                    if text[:1] in _ODD_START and (len(text) <= _LONGEST_WORD or text[0] in _NUMBER_START):
                        if text in _NULLS:
                            value = None
                        else:
                            result.plain += (key,)
                    if cuts and value is not None and event.end_mark.index in cuts:
                        self._cut(event, key)
            else:
                value = self._value(event, depth)
            if key in lines or key == "<<":
                self._key_fault(key_event, key, lines)
            lines[key] = key_event.start_mark.line + 1
            result[key] = value

    def _sequence(self, line: int, depth: int) -> TextList:
        result = TextList(line)
        add, add_line = result.append, result.lines.append
        next_event, cuts = self.next_event, self.cuts
        while True:
            event = next_event()
            kind: object = type(event)
            if kind is SequenceEndEvent:
                return result
            add_line(event.start_mark.line + 1)
            if kind is ScalarEvent and event.anchor is None and event.tag is None:
                value: Node = (text := event.value)
                if not event.style:
                    if text[:1] in _ODD_START and (len(text) <= _LONGEST_WORD or text[0] in _NUMBER_START):
                        if text in _NULLS:
                            value = None
                        else:
                            result.plain += (len(result),)
                    if cuts and value is not None and event.end_mark.index in cuts:
                        self._cut(event, "")
                add(value)
            else:
                add(self._value(event, depth))

    def _value(self, event: Event, depth: int) -> Node:
        """The value of any event that begins a node; `depth` is the number of collections around it."""
        kind: object = type(event)
        if kind is AliasEvent:
            self._fault(event, "alias", f"alias *{event.anchor} is not allowed; write the value out")
            return None
        if event.anchor is not None:
            self._fault(event, "anchor", f"anchor &{event.anchor} is not allowed; remove it")
        if kind is ScalarEvent:
            return self._scalar(event)
        if event.tag not in (None, "!"):
            self._fault(event, "tag", f"tag {event.tag} is not allowed; remove it")
        if depth >= MAX_DEPTH:
            self._fault(event, "too_deep", f"nested deeper than {MAX_DEPTH} levels")
            raise UnreadableError
        line = event.start_mark.line + 1
        if kind is SequenceStartEvent:
            return self._sequence(line, depth + 1)
        return self._mapping(line, depth + 1)

    def _scalar(self, event: Event) -> str | None:
        """A scalar off the common path: tagged, anchored, or the whole document."""
        text: str = event.value
        if event.tag is not None:
            if event.tag not in _STR_TAGS:
                self._fault(event, "tag", f"tag {event.tag} is not allowed; remove it")
            return text
        return None if not event.style and text in _NULLS else text

    def _odd_key(self, event: Event, depth: int) -> str:
        value = self._value(event, depth)
        if isinstance(value, str):
            return value
        kind: object = type(event)
        if kind is not AliasEvent:
            self._fault(event, "key_not_text", "a key must be text")
        return ""

    def _key_fault(self, event: Event, key: str, lines: dict[str, int]) -> None:
        if key == "<<":
            self._fault(event, "merge_key", "merge key << is not allowed; write the values out")
        else:
            what = f"key is given twice, first at line {lines[key]}; keep one"
            self._fault(event, "duplicate_key", what, field=key)

    def _cut(self, event: Event, key: str) -> None:
        end = event.end_mark.index
        lost = self.text[end : end + 40].split("\n", 1)[0].strip()
        line = event.end_mark.line + 1
        what = f"YAML cuts this value at ` #` and drops {lost!r}; quote the value if that is part of it"
        self.faults.append(Fault(self.path, line, "", key, WARNING, "cut_at_hash", what))

    def _count_lines_as_editors_do(self, value: object) -> None:
        line = 1
        editor_lines = [0, 1]
        for found in _YAML_BREAK.finditer(self.text):
            line += found[0][0] in "\r\n"
            editor_lines.append(line)
        editor_lines.append(line)  # where libyaml sees the end of a file without a last line break
        self.faults[:] = [fault._replace(line=editor_lines[fault.line]) for fault in self.faults]
        move_lines(value, editor_lines.__getitem__)
