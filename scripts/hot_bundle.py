"""Write the byte code of the tools that are called all day into one file, which `bin/_start.py` reads at once.

    .venv/bin/python scripts/hot_bundle.py        (`make setup` does it)

Ninety small modules are ninety times a folder searched and two files opened. The file is `.venv/hot.bundle`: eight
bytes with the magic number of the interpreter, eight digits with the length of the table, eight with the length of the
file, the table, the code of the modules. The table, marshalled, has a row a module: is it a package, its path in the
checkout, the time (ns) and size (bytes) of its source, where its code starts after the table, and how long it is. A
module whose source has another time or size than when the file was written is loaded as always, so an edit counts at
once.
"""

from __future__ import annotations
import __future__

import ast
import marshal
import os
import sys
from importlib.util import MAGIC_NUMBER
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [HOME, os.path.join(HOME, "bin")]

from _start import BUNDLE, LIGHT  # noqa: E402

from fairway_scripts.catalog import find_tool  # noqa: E402

#: Loaded by their users when they are needed first, which in these tools is always.
LATER = (
    *("catalog.attachments", "catalog.definitions", "catalog.oversight", "catalog.work"),
    *("calls.hints", "git.git_status", "git.lane_state", "git.tested_tree", "programs.spawn", "work.local_artifacts"),
    *("cutover.door.calls", "cutover.door.door_table", "cutover.door.lanes", "cutover.door.published_calls"),
    *("cutover.door.script_door", "cutover.door.table", "cutover.door.tool_door", "cutover.shadow.shadow"),
    *("cutover.shadow.terminal", "cutover.bridge.mirror", "cutover.door.engines", "cutover.door.following"),
    *("store.legacy_mark", "store.sqlite.connection", "store.sqlite.driver", "store.sqlite.lane_lookup"),
    *("base.words.program_names", "front.absent_things", "front.commands.front_page", "git.review_span"),
    *("catalog.cutover", "catalog.packets", "catalog.trackers", "catalog.upkeep", "catalog.utilities"),
    *("project.server_store", "store.postgres.driver", "store.postgres.libpq", "store.postgres.opening"),
    *("reviews.finishing", "store.postgres.transaction", "work.preflight"),
)


def source_of(name: str) -> str:
    """The path of a module of the package in the checkout, "" for a name that is none."""
    path = name.replace(".", os.sep)
    found = (file for file in (os.path.join(path, "__init__.py"), path + ".py") if os.path.isfile(file))
    return next(found, "")


def imported(path: str) -> list[str]:
    """The modules of the package that a module names while it is loaded."""
    found: list[str] = []
    with open(path, "rb") as file:
        tree = ast.parse(file.read())
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [name for name in found if name.split(".")[0] == "fairway_scripts"]


def modules() -> dict[str, str]:
    """The path of each module that the light tools load, by name."""
    tools = (find_tool(tool) for tool in LIGHT if tool not in ("fairway", "compat-call"))
    names = ["fairway_scripts.front.entry", *(f"fairway_scripts.{name}" for name in LATER)]
    names += [f"fairway_scripts.{tool.module}" for tool in tools]
    if gone := [name for name in names if not source_of(name)]:
        raise SystemExit(f"hot_bundle: there is no {', '.join(gone)}; mend LATER")
    found: dict[str, str] = {}
    while names:
        name = names.pop()
        path = source_of(name)
        if path and name not in found:
            found[name] = path
            names += [*imported(path), name.rpartition(".")[0]]
    return found


def code_of(path: str) -> CodeType:
    """The compiled module. `from __future__ import ...` is told to the compiler: as a line it loads a module."""
    with open(path, "rb") as file:
        tree = ast.parse(file.read())
    flags = 0
    for node in [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]:
        tree.body.remove(node)
        for alias in node.names:
            flags |= getattr(__future__, alias.name).compiler_flag
    return compile(tree, os.path.join(HOME, path), "exec", flags=flags, dont_inherit=True)


def bundle() -> bytes:
    """What the file holds."""
    table: dict[str, tuple[bool, str, int, int, int, int]] = {}
    codes = b""
    for name, path in modules().items():
        status = os.stat(path)
        code = marshal.dumps(code_of(path))
        is_package = path.endswith("__init__.py")
        table[name] = is_package, path, status.st_mtime_ns, status.st_size, len(codes), len(code)
        codes += code
    head = marshal.dumps(table)
    return b"%-8b%08d%08d%b%b" % (MAGIC_NUMBER, len(head), 24 + len(head) + len(codes), head, codes)


def main() -> None:
    """Write the file, whole or not at all."""
    os.chdir(HOME)
    part = f"{BUNDLE}.{os.getpid()}"
    with open(part, "wb") as file:
        file.write(bundle())
    os.replace(part, BUNDLE)


if __name__ == "__main__":
    main()
