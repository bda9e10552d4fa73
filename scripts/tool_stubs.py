"""Write what stands once for each tool from the catalogue: the files in bin/ and the console scripts of pyproject.toml.

    .venv/bin/python scripts/tool_stubs.py        (`make fragment` does it)

A tool that is no longer in the catalogue loses both.
"""

from __future__ import annotations

import os
import sys

import tomlkit

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [HOME, os.path.join(HOME, "bin")]

from _start import LIGHT  # noqa: E402

from fairway_scripts.catalog import TOOLS  # noqa: E402
from fairway_scripts.front.entry import STAND_INS_CALL  # noqa: E402

#: What can be called: the tools, and what only stand-ins call, whose file begins otherwise.
CALLED = (*TOOLS, STAND_INS_CALL)
#: To sh the lines behind its name are commands, which end in the checkout's own interpreter where there is one: what
#: `python3` means differs from machine to machine, and may start slowly. To Python they are a text. A light tool starts
#: without the packages of the environment (`-S`), and again with them when it needs one.
STUB = """#!/bin/sh
# {summary}
''':'; p=$0; [ -L "$p" ] && p=$(readlink -f "$p" 2>/dev/null); p=${{p%/*}}/../.venv/bin/python
[ -x "$p" ] && exec "$p"{flag} "$0" "$@"; exec python3 "$0" "$@"
'''

import _start

_start.run("{name}")
"""


def stubs() -> dict[str, str]:
    """The text of each file in bin/ that is a tool, by its name."""
    return {
        name: STUB.format(name=name, summary=tool.summary, flag=" -S" if name in LIGHT else "")
        for name, tool in TOOLS.items()
    }


def project(text: str) -> str:
    """The text of pyproject.toml with the console scripts of the catalogue, everything else as it was."""
    document = tomlkit.parse(text)
    scripts = document["project"]["scripts"]  # type: ignore[index]
    for name in list(scripts):  # type: ignore[arg-type]
        if name not in CALLED:
            del scripts[name]  # type: ignore[union-attr]
    for name in sorted(CALLED):
        scripts[name] = f"fairway_scripts.front.entry:{name.replace('-', '_')}"  # type: ignore[index]
    return tomlkit.dumps(document)


def main() -> None:
    """Write them; files in bin/ that begin with an underscore are no tools and stay."""
    folder = os.path.join(HOME, "bin")
    written = stubs()
    for name in os.listdir(folder):
        if not name.startswith("_") and name not in CALLED:
            os.unlink(os.path.join(folder, name))
    for name, text in written.items():
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)
    path = os.path.join(HOME, "pyproject.toml")
    with open(path, encoding="utf-8") as file:
        text = project(file.read())
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
