"""What lies between two releases: the tag before, the commits since, what they change, and files as committed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypedDict

from fairway_scripts.git.change_coverage import changed_entries, differing_paths
from fairway_scripts.git.git import ask, resolve_many
from fairway_scripts.programs.spawn import run_quick

if TYPE_CHECKING:
    from collections.abc import Sequence


class Commit(TypedDict):
    """A commit with its message."""

    sha: str
    parents: list[str]
    message: str


#: id, parents, message; NUL ends each, as no message can hold one
_FORMAT = "tformat:%H%x00%P%x00%B%x00"
_FIELDS = 3


def last_tag(place: str, revision: str, commit: str) -> str:
    """The nearest tag in the history of `revision` (whose full id is `commit`), but for those on the commit itself.

    "" when there is none. At most three git processes.
    """
    for start in (revision, f"{commit}^"):
        code, out, _err = run_quick(["git", "describe", "--tags", "--abbrev=0", start, "--"], place)
        name = os.fsdecode(out).strip() if code == 0 else ""
        if not name:
            return ""
        if ask(place, "rev-parse", f"refs/tags/{name}^{{commit}}").decode().strip() != commit:
            return name
    return ""


def commits_between(place: str, since: str, until: str) -> list[Commit]:
    """The commits of `until` that `since` ("" for the beginning) has not: `{sha, parents, message}`, newest first."""
    span = [until, f"^{since}"] if since else [until]
    arguments = ["log", "--topo-order", "--no-color", "--encoding=UTF-8", "--no-show-signature", "--no-patch"]
    out = ask(place, *arguments, "--no-notes", f"--format={_FORMAT}", *span, "--")
    fields = out.decode("utf-8", "replace").split("\0")
    return [
        # the line end of the record before stands in front of the id
        {
            "sha": fields[at].lstrip("\n"),
            "parents": fields[at + 1].split(),
            "message": fields[at + 2].strip("\n"),
        }
        for at in range(0, len(fields) - 1, _FIELDS)
    ]


def paths_of_commits(place: str, commits: Sequence[str]) -> dict[str, list[str]]:
    """What each of the commits changes in its parent, in one git process; nothing for a merge."""
    found: dict[str, list[str]] = {commit: [] for commit in commits}
    if not commits:
        return found
    feed = "".join(f"{commit}\n" for commit in commits).encode()
    flags = ["-r", "-z", "--root", "--name-only", "--no-renames", "--no-relative", "--ignore-submodules=none"]
    out = ask(place, "diff-tree", "--stdin", *flags, feed=feed)
    current = ""
    for entry in filter(None, out.split(b"\0")):
        word = os.fsdecode(entry)
        if word in found:  # the id of the next commit; a path that is 40 hex digits long and one of them is none
            current = word
        else:
            found[current].append(word)
    return found


def is_same_change(place: str, reviewed: tuple[str, str], merged: str) -> bool:
    """Whether `merged` ends with the change that was `reviewed` (its base, its last commit), edit for edit.

    That is what a rebase leaves (as many commits as were reviewed), and a squash or a merge (one). A commit that git
    has forgotten is the same as nothing. Git processes: two, and those of `differing_paths` for each of both.
    """
    base, commit = reviewed
    code, out, _err = run_quick(["git", "rev-list", "--first-parent", "--count", f"{base}..{commit}", "--"], place)
    if code:
        return False
    found = resolve_many(place, [merged, *dict.fromkeys((f"{merged}~{int(out)}", f"{merged}~1"))])
    end, *starts = found.values()
    if end is None or not changed_entries(place, base, commit):
        return False
    return any(start is not None and not differing_paths(place, reviewed, (start, end)) for start in starts)


def files_at(place: str, commit: str, paths: Sequence[str]) -> dict[str, bytes | None]:
    """The files `paths` as `commit` has them, None where it has no such file; one git process."""
    asked = [path for path in dict.fromkeys(paths) if "\n" not in path]
    found: dict[str, bytes | None] = dict.fromkeys(paths)
    if not asked:
        return found
    feed = b"".join(os.fsencode(f"{commit}:{path}") + b"\n" for path in asked)
    out = ask(place, "cat-file", "--batch=%(objecttype) %(objectsize)", feed=feed)
    at = 0
    for path in asked:
        end = out.index(b"\n", at)
        kind, _, size = out[at:end].rpartition(b" ")
        at = end + 1
        if kind in (b"blob", b"tree", b"commit", b"tag") and size.isdigit():
            content = out[at : at + int(size)]
            at += int(size) + 1
            found[path] = content if kind == b"blob" else None
    return found
