"""What would break in a script that is moved to another folder, told from its text.

A script that finds its repository from its own place (`$(dirname "$0")/../..`) finds another folder from a deeper
place. A script that uses a file beside it needs that file beside it in the new place too. And a script that is
*sourced* by another cannot be replaced by one that hands over: the caller would go with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from fairway_scripts.cutover.scan.scan_shapes import Hazard

_OWN_PLACE: Final = r"\$0\b|\$\{0[}%#]|BASH_SOURCE|__dir__|__FILE__|__file__|sys\.argv\[0\]|\$PROGRAM_NAME"
_UP: Final = re.compile(r"(?:^|[/\"'\s,(])\.\.(?:[/\"'\s,)]|$)")
_ASSIGNMENT: Final = re.compile(
    r"^\s*(?:(?:export|readonly|local|declare(?: -\w+)*|typeset)\s+)?([A-Za-z_]\w*)\s*=(?!=)"
)
_REQUIRED: Final = re.compile(r"\brequire_relative[ (]+[\"']([\w-]+(?:\.rb)?)[\"']")
#: A Python module that stands beside the script: `import q_store, sys` and `from q_store import claim`.
_IMPORTED: Final = re.compile(r"^\s*(?:from\s+(\w+)\s+import\b|import\s+(\w[\w\s,]*))")
_PARENT: Final = re.compile(r"\bdirname\b|%/\*\}|__dir__|\.parent\b|\.parents\[0\]")
#: `dirname` of a `dirname`, Ruby's `File.dirname(path, 2)`, and Python's `path.parent.parent` and `path.parents[1]`.
_GRANDPARENT: Final = re.compile(
    r"\bdirname\b[^)]*\bdirname\b|\bdirname\([^()]*,\s*[2-9]\)|\.parent\.parent\b|\.parents\[[1-9]"
)


def moving_hazards(text: str, beside: Collection[str]) -> list[Hazard]:
    """List why a script cannot simply be moved one folder down, in the order of its lines (from 1).

    `beside` are the names of the files in its folder that stay where they are. The kind is `climbs` for a line that
    goes up from the script's own place, `beside` for one that uses the file `name` from there.
    """
    found: list[Hazard] = []
    places: dict[str, bool] = {}  # variables that hold its place -> whether that is the folder, not the file
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        needed = [f"{name.removesuffix('.rb')}.rb" for name in _REQUIRED.findall(line)] + _modules(line)
        found += [_beside(number, line, name) for name in needed if name in beside]
        folders = [name for name, is_folder in places.items() if is_folder and _names(line, name)]
        if not folders and not re.search(_OWN_PLACE, line) and not any(_names(line, name) for name in places):
            continue
        assigned = _ASSIGNMENT.match(line)
        if _climbs(line, folders):
            found.append({"kind": "climbs", "line": number, "text": line.strip(), "name": ""})
        elif assigned:
            places[assigned.group(1)] = bool(folders or _PARENT.search(line))
        used = [name for name in sorted(beside) if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", line)]
        found += [_beside(number, line, name) for name in used]
    return found


def _modules(line: str) -> list[str]:
    """Return the files that a line of Python imports, if they stand beside it."""
    imported = _IMPORTED.match(line)
    names = (imported.group(1) or imported.group(2)).split(",") if imported else []
    return [f"{words[0]}.py" for words in map(str.split, names) if words]


def _beside(number: int, line: str, name: str) -> Hazard:
    return {"kind": "beside", "line": number, "text": line.strip(), "name": name}


def _names(line: str, variable: str) -> bool:
    return re.search(rf"(?<!\w){variable}\b", line) is not None


def _climbs(line: str, folders: list[str]) -> bool:
    """Tell whether a line that names its own place goes above its folder; `folders` are variables that hold it."""
    if _UP.search(line) or _GRANDPARENT.search(line):
        return True
    return any(
        re.search(rf"\bdirname\b[\"'\s({{$]*{name}\b|\$\{{{name}%/\*|\b{name}\.parent\b", line) for name in folders
    )


def sourcing_pattern(names: Iterable[str]) -> str:
    """Return an extended regular expression for lines that source one of the scripts `names`, or load or import it."""
    ordered = sorted(names)
    scripts = "|".join(map(re.escape, ordered))
    pattern = (
        rf"(^|[[:space:];&|(])(\.|source|load|require_relative)[[:space:](]+[^#]*({scripts}|agent_queue_store['\"])"
    )
    modules = "|".join(name.removesuffix(".py") for name in ordered if re.fullmatch(r"\w+\.py", name))
    if modules:
        pattern += rf"|^[[:space:]]*(from|import)[[:space:]]+([[:alnum:]_., ]*[., ])?({modules})([^[:alnum:]_-]|$)"
    return pattern


def is_own_neighbour(line: str) -> bool:
    """Tell whether a line names a script beside the one it stands in, which moves along with it."""
    return re.search(_OWN_PLACE, line) is not None or "require_relative" in line or _IMPORTED.match(line) is not None
