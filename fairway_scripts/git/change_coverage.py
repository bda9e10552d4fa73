"""Whether one change is another that was read: the same edits at the same places, whatever base they start from.

A change is a pair of full commit ids: the commit that it starts from, and its last commit. Everything is compared by
the objects that git stores; replace references, grafts, attributes and settings have no say in it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import digest
from fairway_scripts.git.git import PLAIN_PATCH, ask, is_ancestor

if TYPE_CHECKING:
    from collections.abc import Iterator

    Change = tuple[str, str]

#: Paths of one git call, so that no argument list grows without end.
_PATHS_A_CALL = 200
#: A blank line of context stays a line that begins with a blank.
_WHOLE_LINES = ("-c", "diff.suppressBlankEmpty=false")
_RAW = ("--raw", "-z", "--no-renames", "--no-relative", "--ignore-submodules=none", "--no-abbrev")


class Entry(NamedTuple):
    """What a change does to one path: modes (`100644`, `000000` for no file), object ids, and git's letter."""

    old_mode: bytes
    new_mode: bytes
    old_id: bytes
    new_id: bytes
    letter: bytes


class Hunk(NamedTuple):
    """Some lines of a patch: the first line and the number of lines of the old file, and a digest of its text."""

    start: int
    old_count: int
    new_count: int
    text: str


def changed_entries(place: str, start: str, end: str) -> dict[str, Entry]:
    """What lies between two commits, by path; one git process. Raises FairwayError `git_unavailable`."""
    out = ask(place, "diff-tree", "-r", *_RAW, start, end, "--")
    return _entries(out.split(b"\0"))


def differing_paths(place: str, read: Change, now: Change) -> list[str]:
    """The paths, sorted, at which the change `now` is not the change `read`; [] when it is the same change.

    From the same base both are the same when their trees are. From another base a path is the same when both change
    it from and to the same contents; where the base itself has changed the file, when the same lines are edited: the
    hunks, with the lines around them, have to be the same, each at the place to which the change of the base moved it.

    One to five git processes, three more for every 200 files that the base has changed as well. Raises FairwayError
    `git_unavailable`, also for a commit that git does not have.
    """
    if read[0] == now[0]:
        return sorted(changed_entries(place, read[1], now[1]))
    before, after = changed_entries(place, *read), changed_entries(place, *now)
    others = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    edited = sorted(path for path in others if path in before and path in after and _edits(before[path], after[path]))
    return sorted(others - _moved(place, edited, read, now))


def same_tree(place: str, read: str, now: Change) -> bool:
    """Whether the commit `read`, whose base is not known, has the contents of `now` and is based on what it is.

    Two git processes. Raises FairwayError `git_unavailable`.
    """
    return not changed_entries(place, read, now[1]) and is_ancestor(place, now[0], read)


def _edits(one: Entry, other: Entry) -> bool:
    """Whether both may be the same edit of a file that differs between the bases: an edit of text of the same kind."""
    if (one.letter, other.letter) != (b"M", b"M"):
        return False
    changes_mode = (one.old_mode, one.new_mode) if one.old_mode != one.new_mode else None
    other_changes = (other.old_mode, other.new_mode) if other.old_mode != other.new_mode else None
    kinds = {mode[:3] for mode in (one.old_mode, one.new_mode, other.old_mode, other.new_mode)}
    return changes_mode == other_changes and kinds == {b"100"}


def _moved(place: str, paths: list[str], read: Change, now: Change) -> set[str]:
    """Those of `paths` that both changes edit alike, one moved by what changed between the bases."""
    found: set[str] = set()
    for first in range(0, len(paths), _PATHS_A_CALL):
        some = paths[first : first + _PATHS_A_CALL]
        before, after = _hunks(place, read, some, 3), _hunks(place, now, some, 3)
        between = _hunks(place, (read[0], now[0]), some, 0)
        found |= {path for path in some if _same_edit(before[path], after[path], between.get(path))}
    return found


def _same_edit(before: list[Hunk] | None, after: list[Hunk] | None, between: list[Hunk] | None) -> bool:
    """Whether two lists of hunks are the same edit; None for a file that has no lines."""
    if before is None or after is None or between is None or len(before) != len(after):
        return False
    return all(
        one.text == other.text and _place_after(one, between) == other.start
        for one, other in zip(before, after, strict=True)
    )


def _place_after(hunk: Hunk, between: list[Hunk]) -> int | None:
    """Where the lines of a hunk begin after the base has changed, None when it has changed one of them."""
    shift = 0
    for other in between:
        # a hunk without old lines stands behind the line that it names
        begin = other.start + (not other.old_count)
        if begin + other.old_count <= hunk.start:
            shift += other.new_count - other.old_count
        elif begin < hunk.start + hunk.old_count:
            return None
    return hunk.start + shift


def _hunks(place: str, change: Change, paths: list[str], context: int) -> dict[str, list[Hunk] | None]:
    """The hunks of each path that a change edits, None for a file that git takes for binary."""
    flags = (*PLAIN_PATCH, f"--unified={context}", "--patch-with-raw", "-z", "--no-abbrev")
    names = [f":(top,literal){path}" for path in paths]
    out = ask(place, *_WHOLE_LINES, "diff-tree", "-r", *flags, *change, "--", *names)
    raw, _, patches = out.partition(b"\0\0")
    entries = _entries(raw.split(b"\0"))
    sections = list(_sections(patches))
    if len(sections) != len(entries):  # a file that becomes a link has two: it is no edit
        return dict.fromkeys(paths)
    return dict(zip(entries, map(_section_hunks, sections), strict=True))


def _entries(fields: list[bytes]) -> dict[str, Entry]:
    found = {}
    known = iter(fields)
    for head in known:
        if not head:
            continue
        old_mode, new_mode, old_id, new_id, letter = head.lstrip(b":").split(b" ")
        found[os.fsdecode(next(known))] = Entry(old_mode, new_mode, old_id, new_id, letter)
    return found


def _sections(patches: bytes) -> Iterator[list[bytes]]:
    """The lines of each file's patch. Inside a hunk no line begins with a letter, so that these words are git's own."""
    section: list[bytes] = []
    for line in patches.removesuffix(b"\n").split(b"\n"):
        if line.startswith(b"diff --git "):
            if section:
                yield section
            section = []
        section.append(line)
    if section and section != [b""]:
        yield section


def _section_hunks(lines: list[bytes]) -> list[Hunk] | None:
    starts = [number for number, line in enumerate(lines) if line.startswith(b"@@ ")]
    if not starts:
        return None
    found = []
    for begin, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        old, new = lines[begin].split(b" ")[1:3]
        start, count = _span(old)
        text = digest.of_bytes(b"\n".join(lines[begin + 1 : end]))
        found.append(Hunk(start, count, _span(new)[1], text))
    return found


def _span(word: bytes) -> tuple[int, int]:
    start, _, count = word[1:].partition(b",")
    return int(start), int(count) if count else 1
