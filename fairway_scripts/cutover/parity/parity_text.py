"""Reading what a program printed, with tolerance: task ids, lanes, headings, complaints, in text or JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.patterns.line_patterns import compile_pattern
from fairway_scripts.cutover.bridge.legacy_values import lane_named

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"[A-Za-z0-9][\w./-]*")
#: What a terminal is told of colours, links and the like.
_COLOURS = re.compile(r"\x1b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-Z]|[=>78])")


class Context(NamedTuple):
    """What is known when a call is read: `lane_of` each task, the `lanes`, the `pattern` of task ids, the `roots`.

    `statuses` are those that a task may have.
    """

    lane_of: dict[str, str]
    lanes: list[str]
    pattern: str = ""
    roots: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("todo", "in_progress", "blocked", "done")


def plain_text(out: str) -> str:
    """Return what a program printed without colours."""
    return _COLOURS.sub("", out)


def json_value(text: str) -> object:
    """Return the value of a text that is JSON, None otherwise."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        value: object = json.loads(text)
    except ValueError:
        return None
    return value


#: How an answer says that there is nothing.
_NOTHING = re.compile(r"\b(?:none|nothing|empty|not required)\b|\b(?:no|0) [a-z]", re.IGNORECASE)


def says_nothing(out: str) -> bool:
    """Tell whether an answer in which nothing was found says so: it is empty, an empty list, or has a word for it."""
    value = json_value(out)
    if value is not None:
        return not value or (isinstance(value, dict) and any(entry in ([], 0) for entry in value.values()))
    return not out.strip() or bool(_NOTHING.search(out))


def shape_of(value: object) -> list[str] | None:
    """Return the names and kinds of a JSON answer, as `tasks[].id: text`, sorted; None for what is no JSON."""
    return None if value is None else sorted(set(_shape(value, "")))


def _shape(value: object, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from _shape(entry, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list):
        yield f"{place}[]"
        for entry in value:
            yield from _shape(entry, f"{place}[]")
    elif value is not None:
        kind = "switch" if isinstance(value, bool) else "number" if isinstance(value, (int, float)) else "text"
        yield f"{place}: {kind}"


def listed_tasks(out: str, context: Context) -> list[str]:
    """List the tasks that an answer names: of JSON the first list of tasks, of text the first id of each line."""
    value = json_value(out)
    if value is not None:
        return next(_lists_of_tasks(value, context), [])
    firsts = ([word for word in words_of(line) if is_task(word, context)][:1] for line in out.splitlines())
    return [task_id for first in firsts for task_id in first]


def _lists_of_tasks(value: object, context: Context) -> Iterator[list[str]]:
    if isinstance(value, list):
        key = _id_key(value, context)
        ids = [_id_of(entry, key) for entry in value]
        if ids and all(is_task(task_id, context) for task_id in ids):
            yield ids
            return
    for entry in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _lists_of_tasks(entry, context)


def _id_key(entries: list[object], context: Context) -> str:
    """Return the key under which each entry has its task: `id`, `task_id`, else the only one that has one in all."""
    objects = [entry for entry in entries if isinstance(entry, dict)]
    if not objects or len(objects) < len(entries):
        return ""
    keys = [key for key in objects[0] if all(is_task(str(entry.get(key, "")), context) for entry in objects)]
    return next((key for key in ("id", "task_id") if key in keys), keys[0] if len(keys) == 1 else "")


def _id_of(entry: object, key: str) -> str:
    found = entry.get(key) if isinstance(entry, dict) else entry
    return found if isinstance(found, str) else ""


def words_of(line: str) -> list[str]:
    """Return the words of a line, without what stands around them."""
    return [word.rstrip(".-/") for word in _WORD.findall(line)]


def is_task(word: str, context: Context) -> bool:
    """Tell whether a word is a task: known, or of the configured shape."""
    if word in context.lane_of:
        return True
    likely = "-" in word and any(char.isdigit() for char in word) and word not in context.lanes
    return bool(likely and context.pattern and compile_pattern(context.pattern, ignore_case=False).search(word))


def lanes_in(line: str, context: Context) -> list[str]:
    """Return the lanes that a line names."""
    return [lane for word in words_of(line) if (lane := lane_named(word, context.lanes))]


#: Words by which a line says that a lane is not meant, and those that may stand beside them.
_DECLINES = frozenset(("n", "no", "not", "none", "false", "off", "optional", "unneeded", "skip", "skipped", "0"))
_BESIDE = frozenset(("review", "reviewer", "reviews", "required", "needed", "necessary", "asked", "is", "are", "for"))


def is_declined(line: str, context: Context) -> bool | None:
    """Tell whether a line says that its lanes are not meant: `N D-arch`, `D-arch: not required`; None where it may."""
    marked = bool(re.search(r"[✗✘]", line))
    rest = [word.lower() for word in words_of(line) if not lane_named(word, context.lanes)]
    if not marked and not _DECLINES.intersection([*rest[:1], *rest[-1:]]):
        return False
    return True if marked or rest[:1] == ["n"] or {*rest} <= _DECLINES | _BESIDE else None


def complaints(value: object) -> list[str]:
    """List the complaints of a JSON answer: a list that is called so, else its only list of texts."""
    if not isinstance(value, dict):
        return []
    lists = {name: entries for name, entries in value.items() if isinstance(entries, list)}
    named = next((lists[name] for name in _COMPLAINTS if name in lists), None)
    texts = [entries for entries in lists.values() if entries and all(isinstance(text, str) for text in entries)]
    listed = named if named is not None else texts[0] if len(texts) == 1 else []
    return [text if isinstance(text, str) else json.dumps(text) for text in listed]


def lanes_listed(value: dict[str, object], context: Context) -> list[str] | None:
    """Return the lanes that a JSON answer lists, as texts or in entries with a lane each; None where that is not sure.

    A list that is called after reviews or reviewers goes before any other.
    """
    lists = {name: entries for name, entries in value.items() if isinstance(entries, list)}
    called = [name for name in lists if name == "reviewers"] or [name for name in lists if "review" in name]
    found = [[_lane_of(entry, context) for entry in lists[name]] for name in called or lists]
    sure = [lanes for lanes in found if all(lanes) and (lanes or called)]
    return sorted(set(sure[0])) if len(sure) == 1 and (len(found) == 1 or not called) else None


def _lane_of(entry: object, context: Context) -> str:
    said = [*entry.values()] if isinstance(entry, dict) else [entry]
    if False in said:  # it may say that the lane is not meant
        return ""
    lanes = [lane for text in said if isinstance(text, str) and (lane := lane_named(text, context.lanes))]
    return lanes[0] if len(lanes) == 1 else ""


_COMPLAINTS = ("issues", "missing", "blockers", "errors", "failed", "reasons")
_REFUSING = re.compile(r"\b(?:not|cannot|can't|missing|lacks|needs|without|refused)\b", re.IGNORECASE)


def clauses(line: str, context: Context) -> list[str]:
    """Return what a refusal complains of: `B-2 may not merge: no proof; D-arch: blocked` has two clauses.

    One that begins with a lane is about the lane's review, and says so. Several heads may stand before it (`refused:
    not ready: no proof`), of which one refuses.
    """
    head, colon, rest = line.partition(":")
    if not colon or not _REFUSING.search(head):
        return []
    while (more := rest.partition(":"))[1] and _REFUSING.search(more[0]) and not re.search(r"[;,]\s", more[0]):
        rest = more[2]
    parts = [part.strip() for part in re.split(r"[;,]\s", rest)]
    heads = [lane_named("".join(words_of(part)[:1]), context.lanes) for part in parts]
    return [f"review: {part}" if lane else part for lane, part in zip(heads, parts, strict=True) if part]


def status_beside(out: str, context: Context) -> str | None:
    """Return the status of the first task that begins a line, where that line names one status; None otherwise."""
    for line in out.splitlines():
        words = words_of(line)
        if words and is_task(words[0], context):
            named = {word for word in words[1:] if word in context.statuses}
            return named.pop() if len(named) == 1 else None
    return None


def titles(text: str) -> Iterator[str]:
    """Yield the headings and the `name: value` names of a packet, in Markdown or JSON."""
    value = json_value(text)
    if isinstance(value, dict):
        yield from value
        for entries in value.values():
            yield from (
                (str(entry.get("name", "")) for entry in entries if isinstance(entry, dict))
                if isinstance(entries, list)
                else ()
            )
        return
    for line in text.splitlines():
        if line.startswith("#"):
            yield line.lstrip("# ").rstrip(": ")
        elif found := re.match(r"\W{0,4}([A-Za-z][\w /-]{0,40}?)\W{0,2}:", line):
            yield found[1]
