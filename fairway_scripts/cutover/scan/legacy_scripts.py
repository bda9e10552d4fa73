"""Finding the scripts that did the queue's work before, and their subcommands, in the text of other files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_WORD = re.compile(r"[a-z][a-z0-9_:.-]*\Z")
#: The labels of an arm in a shell: `claim|take)`, `"claim" | 'take')`.
_LABELS = re.compile(r"^[ \t]*\(?([\"']?[a-z][a-z0-9_:.|\"' \t-]*)\)", re.MULTILINE)
#: The same in Ruby (`when "claim", "take" then`), and in Python what is compared with, matched, and named as a parser.
_LISTED = (
    re.compile(r"^[ \t]*when[ \t]+([\"'](?:[^\"']*[\"'][ \t]*,[ \t]*[\"'])*[^\"']*[\"'])", re.MULTILINE),
    re.compile(r"^[ \t]*(?:el)?if[ \t]+\w+[ \t]+in[ \t]+[(\[{]([^)\]}\n]*)", re.MULTILINE),
    re.compile(r"^[ \t]*(?:el)?if[ \t]+(\w+[ \t]*==[ \t]*[\"'][^:\n]*):", re.MULTILINE),
    re.compile(r"^[ \t]*case[ \t]+([\"'][^:\n]*):", re.MULTILINE),
    re.compile(r"\badd_parser\(\s*([\"'][\w:.-]+[\"'](?:[^()]*?\baliases\s*=\s*[(\[][^)\]]*)?)"),
)
_QUOTED = re.compile(r"[\"']([^\"'\s]+)[\"']")
#: What the names of scripts end with.
ENDINGS = (".sh", ".rb", ".py", ".bash")


def finder(names: Iterable[str]) -> re.Pattern[str]:
    """Make a pattern whose group `script` is a path that ends in one of the `names`, as a word of some text."""
    either = "|".join(map(re.escape, sorted(names)))
    return re.compile(rf"(?:^|(?<=[\s\"'=@()`:,\[]))(?P<script>[^\s\"';|&()`,:=\[]*?(?<![\w.-])(?:{either}))(?![\w.-])")


def arms_in(source: str) -> list[list[str]]:
    """Return the words that a script tells apart, in their order; those that mean the same to it are in one list.

    They are the labels of a shell's or Ruby's `case`, and what Python compares with or names as a subparser. A hint
    for people: whether a label is a subcommand or the value of some flag cannot be told from the text.
    """
    found = [(match.start(), re.split(r"[|\s\"']+", match[1])) for match in _LABELS.finditer(source)]
    found += [(match.start(), _QUOTED.findall(match[1])) for form in _LISTED for match in form.finditer(source)]
    arms = ([label for label in labels if _WORD.match(label)] for _place, labels in sorted(found))
    return [arm for arm in arms if arm]


def same_words(source: str, word: str) -> list[str]:
    """Return the other words that mean the same to a script as a subcommand, or as its second word."""
    first, _, last = word.rpartition(" ")
    arms = [arm for arm in arms_in(source) if last in arm]
    return [f"{first} {label}".strip() for arm in arms for label in arm if label != last]


def subcommands_in(source: str) -> list[str]:
    """Return the words of `arms_in`, each once."""
    return list(dict.fromkeys(label for arm in arms_in(source) for label in arm))


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
