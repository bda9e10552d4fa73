"""The lines of a log that say what failed, with the lines around them, and the files that they name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fairway_scripts.formats.excerpt_shapes import Block, Failed, NumberedLine, ShownLine

#: What a line says that tells of a failure, in the words of compilers, test runners and CI systems.
_MARKS = re.compile(
    r"##\[error\]|::error\b|^E {2,}|^>  |^--- FAIL|[\u2715-\u2718]|\u00d7|^npm ERR!|^\s*not ok\b"
    r"|^\s*\u25cf .{1,200}\u203a|\b[1-9]\d* failing\b|^Killed\b|\bOOMKilled\b|\btimed out\b|\bpanicked\b"
    r"|\bsegmentation fault\b|\bcore dumped\b|\bout of memory\b"
    r"|\bexit(?:ed)?(?: with)?(?: code| status)? [1-9]\d{0,2}\b"
    r"|\b(?:error|errors|failed|failure|failures|fail|fatal|panic|exception|traceback|unauthorized|denied|refused)\b"
    r"|(?-i:[a-z](?:Error|Exception)\b)"
    r"|^[\w./\\-]{1,300}\.[A-Za-z]\w{0,9}:\d{1,7}:\d{1,7}: (?!note|warning|info|remark)",
    re.IGNORECASE,
)
_ALL_WELL = re.compile(
    r"\b(?:0|no|without) (?:errors?|failures?|failed|fail)\b|\b(?:errors?|failures?|failed|fail)(?:[:=] ?| +)0\b(?!\.)",
    re.IGNORECASE,
)
#: A longer line is cut: what it says, it says at its beginning.
LONGEST_LINE = 2000
#: Without a line that tells of a failure, the end of the log is the best there is.
_END_LINES = 10

_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[\]_P^X][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_SECTION = re.compile(r"section_(?:start|end):\d+:[\w.\[\]=,-]*")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")

_FILE = re.compile(
    r"(?<![\w./\\@-])(?P<path>(?:[A-Za-z]:[\\/])?[\w./\\@+~-]*[\w-]\.[A-Za-z]\w{0,9})"
    r"(?:[:(]|:\[|:line )(?P<line>\d{1,7})"  # Maven and .NET write the last two
)
_PYTHON_FILE = re.compile(r'File "(?P<path>[^"\n]{1,500})", line (?P<line>\d{1,7})')
_ANNOTATED = re.compile(r"::error\b[^:]{0,200}?\bfile=(?P<path>[^,:]{1,500})(?:,line=(?P<line>\d{1,7}))?")
#: go test names files without their folder, and below them the package, whose first three parts are the module's.
_GO_FILE = re.compile(r"^\s*(?P<path>[\w-]+\.go):(?P<line>\d{1,7}):")
_GO_PACKAGE = re.compile(r"^FAIL\s+[\w-]+(?:\.[\w-]+)+/[\w.-]+/[\w.-]+/(?P<folder>[\w./-]+)\s+\d")
#: Where CI systems check a project out.
_ROOTS = re.compile(
    r"^(?:/home/runner/work/[^/]+/[^/]+/|/Users/runner/work/[^/]+/[^/]+/|/__w/[^/]+/[^/]+/|[A-Za-z]:/a/[^/]+/[^/]+/"
    r"|/builds/[^/]+/[^/]+/|/github/workspace/|(?:/[\w.-]+)*/buildkite(?:-agent)?/builds/[^/]+/[^/]+/[^/]+/"
    r"|(?:/var/jenkins_home|/var/lib/jenkins|/home/jenkins(?:/agent)?)/workspace/[^/]+/|/home/vsts/work/\d+/s/"
    r"|/home/circleci/project/|/root/project/|/home/travis/build/[^/]+/[^/]+/|/drone/src/"
    r"|/opt/atlassian/pipelines/agent/build/)"
)
#: Code that is not the project's.
_FOREIGN = re.compile(
    r"(?:^|/)(?:node_modules|site-packages|dist-packages|\.venv|vendor/bundle|pkg/mod)/|^/(?:usr|opt|lib|nix)/"
)


def plain_line(text: str) -> str:
    """A line as it stands on a screen at the end: without colours, section marks and what was overwritten."""
    shown = _SECTION.sub("", _ESCAPE.sub("", text.rstrip("\r\n")))
    shown = shown.rstrip("\r").rpartition("\r")[2]
    return _FORBIDDEN.sub("\ufffd", shown.replace("\t", "    ")).rstrip()


def says_failure(line: str) -> bool:
    """Whether a line tells of a failure."""
    # `Failures: 1, Errors: 0` is not all well
    return bool(_MARKS.search(line)) and bool(_MARKS.search(_ALL_WELL.sub("", line)))


def excerpts(
    lines: Sequence[NumberedLine], *, context: int, most: int, title: str = "", source: str = ""
) -> tuple[list[Block], int]:
    """The failing lines of a log with `context` lines around each: (blocks, failing lines that were left out).

    `lines` are dicts of number and text; the blocks together have about `most` of them, the first failures first. A
    block has title, source, note and lines (number, text, failing). Without a failing line the end is shown.
    """
    failing = failing_places(lines)
    if not failing:
        end = list(lines)[-min(_END_LINES, most) :]
        note = f"no line tells of a failure: the last {len(end)} of {len(lines)} lines"
        return ([_block(end, set(), title, source, note)] if end else []), 0
    shown: set[int] = set()
    for place in failing:
        if len(shown) >= most:
            break
        shown.update(range(max(0, place - context), min(len(lines), place + context + 1)))
    marked = {lines[place]["number"] for place in failing}
    groups: list[list[NumberedLine]] = []
    before = -2
    for place in sorted(shown):
        if place != before + 1:
            groups.append([])
        groups[-1].append(lines[place])
        before = place
    blocks = [_block(group, marked, title, source, "") for group in groups]
    return blocks, sum(place not in shown for place in failing)


def failure_excerpt(failure: Failed, *, most: int, source: str) -> Block:
    """What a failing test says, as one block of at most `most` lines; a longer text is cut in the middle."""
    lines: list[NumberedLine] = [
        {"number": number, "text": plain_line(text)} for number, text in enumerate(failure["lines"], 1)
    ]
    marked = {lines[place]["number"] for place in failing_places(lines)}
    note = ""
    if len(lines) > most:
        head = most // 2
        note = f"{len(lines) - most} of {len(lines)} lines are left out in the middle"
        lines = [*lines[:head], *lines[-(most - head) :]]
    return _block(lines, marked, failure["title"], source, note)


def failing_places(lines: Sequence[NumberedLine]) -> list[int]:
    """The places of the lines that tell of a failure."""
    return [place for place, line in enumerate(lines) if says_failure(line["text"][:LONGEST_LINE])]


def _block(lines: Sequence[NumberedLine], failing: set[int], title: str, source: str, note: str) -> Block:
    shown: list[ShownLine] = [
        {"number": line["number"], "text": _cut(line["text"]), "failing": line["number"] in failing} for line in lines
    ]
    return {"title": title, "source": source, "note": note, "lines": shown}


def _cut(text: str) -> str:
    if len(text) <= LONGEST_LINE:
        return text
    return f"{text[:LONGEST_LINE]} [{len(text) - LONGEST_LINE} more characters]"


def go_files(texts: Iterable[str]) -> list[tuple[str, int]]:
    """The files that `go test` names, put into the folder of the package that failed below them."""
    found: list[tuple[str, int]] = []
    waiting: list[tuple[str, int]] = []
    for text in texts:
        line = text[:LONGEST_LINE]
        package, file = _GO_PACKAGE.match(line), _GO_FILE.match(line)
        if package:
            found += [(f"{package['folder']}/{path}", number) for path, number in waiting]
            waiting = []
        elif file:
            waiting.append((file["path"], int(file["line"])))
    return found


def files_in(text: str) -> list[tuple[str, int]]:
    """The files that a line names with a line number: `a/b.py:12`, `a/b.ts(12,5)`, `File "a/b.py", line 12`."""
    line = text[:LONGEST_LINE]
    found = [
        (match.start(), match["path"], int(match["line"] or 0))
        for pattern in (_FILE, _PYTHON_FILE, _ANNOTATED)
        for match in pattern.finditer(line)
    ]
    named = [(path.replace("///", "/", 1), number) for _at, path, number in sorted(found)]  # `file:///a`
    return [(path, number) for path, number in named if not path.startswith("//")]  # a host is no file


def project_path(written: str, roots: Sequence[str]) -> str:
    """A path as the repository has it; "" for one that is not of the project or has no folder.

    `roots` are further folders in which the project is checked out, besides those that CI systems use.
    """
    path = written.strip().replace("\\", "/").removeprefix("file://")
    for root in roots:
        if path.startswith(root.rstrip("/") + "/"):
            path = path[len(root.rstrip("/")) + 1 :]
    path = _ROOTS.sub("", path, count=1)
    while path.startswith("./"):
        path = path[2:]
    if _FOREIGN.search(path) or path.startswith(("/", "../", "~")) or "/" not in path:
        return ""
    if ":" in path or "`" in path or not path.isprintable():
        return ""
    return path
