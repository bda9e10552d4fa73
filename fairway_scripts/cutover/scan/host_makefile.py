"""Reading a host's Makefile: what make makes of it, without anything of it being run."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.cutover.scan import make_reading
from fairway_scripts.cutover.scan.make_database import GOAL, make_database
from fairway_scripts.cutover.scan.makefile_scan import read_database

if TYPE_CHECKING:
    from fairway_scripts.cutover.scan.make_database import MakeOutput
    from fairway_scripts.cutover.scan.scan_shapes import MakeDatabase

_MAKEFILE = re.compile(r"(?:^|/)(?:GNUmakefile|[Mm]akefile[^/]*|[^/]*\.(?:mk|make))$")
_NAMES = ("GNUmakefile", "makefile", "Makefile")
#: How make -q ends: 1 says that something could be made.
_READ = (0, 1)


def makefile_of(root: str) -> str:
    """Return the name of the file that make takes in `root`; "" when there is none."""
    return next((name for name in _NAMES if os.path.isfile(os.path.join(root, name))), "")


def read_makefile(root: str, name: str, files: list[str]) -> tuple[MakeOutput, MakeDatabase]:
    """Return what make printed and what it has read of `name` in `root`.

    `files` are those of the repository: one that could be included is looked at before. Raises FairwayError:
    `invalid_config` for a Makefile that is not safe to read or that make cannot read, `missing_dependency`,
    `backend_unavailable`.
    """
    _refuse_unsafe(root, name, files)
    return _read(root, name)


def host_targets(root: str) -> dict[str, str]:
    """Return the targets for which the Makefile of `root` has a recipe, each with `file:line`.

    There are none for a Makefile without `fairway.mk` in it. The suite's own are not among them. Nothing of the
    Makefile is run. Raises FairwayError as `read_makefile` does.
    """
    name = makefile_of(root)
    text = text_of(os.path.join(root, name)) if name else ""
    if text is not None and "fairway.mk" not in text:
        return {}
    database = read_makefile(root, name, [])[1]
    return {rule["target"]: f"{rule['file']}:{rule['line']}" for rule in database["targets"] if rule["recipe"]}


def _refuse_unsafe(root: str, name: str, files: list[str]) -> None:
    seen: dict[str, str] = {}
    waiting = [name, *(path for path in files if _MAKEFILE.search(path))]
    while waiting:
        path = waiting.pop(0)
        if path in seen or not os.path.isfile(os.path.join(root, path)):
            continue
        text = text_of(os.path.join(root, path))
        if text is None:
            message = f"{path} cannot be looked at before make reads it: it is unreadable, no text, or over a mebibyte"
            raise FairwayError("invalid_config", message, "scan a copy of the Makefile: name that with --makefile")
        seen[path] = text
        waiting += make_reading.included_names(text)
    found = [line for path, text in seen.items() for line in make_reading.takes_over(path, text)]
    if found:
        places = "; ".join(f"{line['file']}:{line['line']} {line['why']}: {line['text']}" for line in found)
        message = f"make could run programs while it reads this: {places}"
        raise FairwayError(
            "invalid_config", message, "scan a copy of the Makefile without it: name that with --makefile", lines=found
        )


def _read(root: str, name: str) -> tuple[MakeOutput, MakeDatabase]:
    """Return what make has read.

    A Makefile that stops where a program prints nothing is read once more, with a word for what it prints.
    """
    output = make_database(root, name)
    if output.code not in _READ:
        again = make_database(root, name, speaking=True)
        output = again if again.code in _READ else output
    database = read_database(output.text)
    _refuse_unread(name, database, output)
    return output, database


def _refuse_unread(name: str, database: MakeDatabase, output: MakeOutput) -> None:
    shell = database["variables"].get("SHELL")
    own = any(rule["file"] and rule["target"] != GOAL for rule in [*database["targets"], *database["patterns"]])
    if output.code not in _READ and not own:
        first = next((line for line in output.errors if line.strip()), "it prints nothing")
        hint = "scan a copy, in which what $(shell) would give is written out: name that with --makefile"
        raise FairwayError("invalid_config", f"make cannot read {name}: {first}", hint)
    if shell is None or shell["value"] != output.shell:
        raise FairwayError(
            "invalid_config", f"{name} takes the shell back; it may have run programs", suggest_program("git", "status")
        )


def texts_of(root: str, names: list[str]) -> dict[str, str]:
    """Return the texts of the named files below `root`, without those that `text_of` does not give."""
    texts = {name: text_of(os.path.join(root, name)) for name in names}
    return {name: text for name, text in texts.items() if text is not None}


def text_of(path: str, limit: int = 1 << 20) -> str | None:
    """Return the text of a file, None for one that is missing, long or binary."""
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > limit:
            return None
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return None
    return None if b"\0" in content[:4096] else content.decode(errors="replace")
