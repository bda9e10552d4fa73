"""Finding the scripts that did the queue's work before, and their subcommands, in the text of other files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_WORD = re.compile(r"[a-z][a-z0-9_-]*\Z")
#: What the names of scripts end with.
ENDINGS = (".sh", ".rb", ".py", ".bash")


def finder(names: Iterable[str]) -> re.Pattern[str]:
    """Make a pattern whose group `script` is a path that ends in one of the `names`, as a word of some text."""
    either = "|".join(map(re.escape, sorted(names)))
    return re.compile(rf"(?:^|(?<=[\s\"'=@()`:,\[]))(?P<script>[^\s\"';|&()`,:=\[]*?(?<![\w.-])(?:{either}))(?![\w.-])")


def subcommands_in(source: str) -> list[str]:
    """Return the words that a shell or Ruby script tells apart: the labels of its `case`, in their order.

    A hint for people: whether a label is a subcommand or the value of some flag cannot be told from the text.
    """
    labels: dict[str, None] = {}
    for line in source.split("\n"):
        if found := re.match(r"\s*\(?([a-z][a-z0-9_|\s-]*)\)", line):
            labels.update(dict.fromkeys(part.strip() for part in found[1].split("|")))
        elif re.match(r"\s*when\s+[\"']", line):
            labels.update(dict.fromkeys(re.findall(r"[\"']([a-z][a-z0-9_-]*)[\"']", line)))
    return [label for label in labels if _WORD.match(label)]


def relative_script(path: str, root: str, files: Collection[str], names: Collection[str]) -> str:
    """Return a script's path from the top of the repository, as far as it can be told; "" for a program from elsewhere.

    `path` may begin with the repository's own place, with `./`, or with what a `$(shell ...)` would have given and is
    empty here; then the longest end of it that is a file of the repository counts. Behind a `cd` the only file of the
    repository that ends so is meant.
    """
    parts = [part for part in path.removeprefix(root.rstrip("/") + "/").split("/") if part not in ("", ".")]
    for start in range(len(parts)):
        tail = "/".join(parts[start:])
        if tail in files and (start == 0 or "/" in tail):
            return tail
    end = "/".join(part for part in parts if part != "..")
    if not end or "{" in path or not (parts[-1] in names or end.endswith(ENDINGS)):
        return ""
    ending = [file for file in files if file.endswith("/" + end) and "legacy" not in file]
    return ending[0] if len(ending) == 1 else end if parts[-1] in names and ".." not in parts else ""
