"""Pages whose console blocks are run, one after the other, and print what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable

from tests.support.shell import BIN, HOME, environment

#: The home of whoever types, on the page.
_HOME = "/home/bee"
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
#: Hashes and commits differ from run to run.
_HASH = re.compile(r"\b[0-9a-f]{12,64}\b")


class Console:
    """A terminal in `folder`, with the tools on PATH and everything below `parent` shown below the reader's home."""

    def __init__(self, parent: str, folder: str, **variables: str) -> None:
        self.parent, self.folder = parent, folder
        self.variables = environment(FAIRWAY_NOW="2026-05-04T08:00:00Z", **variables)
        self.variables["PATH"] = os.pathsep.join([os.path.join(parent, "tools"), BIN, self.variables["PATH"]])

    def show(self, block: str) -> str:
        """Run the commands of a block; the block as the terminal shows it."""
        lines = []
        for line in block.splitlines():
            if line.startswith("$ "):
                lines += [line, *self._type(line[2:]).splitlines()]
        return "\n".join(lines) + "\n"

    def _type(self, line: str) -> str:
        if line.startswith("cd "):
            self.folder = os.path.normpath(os.path.join(self.folder, line[3:]))
            return ""
        if line.startswith("export "):
            name, _equals, value = line[7:].partition("=")
            self.variables[name] = value
            return ""
        ended = subprocess.run(
            ["sh", "-c", line], cwd=self.folder, env=self.variables, capture_output=True, text=True, check=False
        )
        return (ended.stdout + ended.stderr).replace(f"{BIN}/", "").replace(self.parent, _HOME)


class Page:
    """A page of docs/ with console blocks; `run_blocks` runs them below a folder and gives them as they are shown."""

    def __init__(self, name: str, run_blocks: Callable[[str, list[str]], list[str]]) -> None:
        self.path = os.path.join(HOME, "docs", name)
        self.run_blocks = run_blocks

    def blocks(self) -> list[str]:
        """What the page says."""
        with open(self.path, encoding="utf-8") as file:
            return _BLOCK.findall(file.read())

    def check(self, parent: object) -> None:
        """Hold every block against what it prints, but for hashes."""
        told = self.blocks()
        seen = self.run_blocks(os.path.realpath(str(parent)), told)
        for ours, theirs in zip(told, seen, strict=True):
            assert _HASH.sub("<hash>", theirs) == _HASH.sub("<hash>", ours)

    def write(self) -> None:
        """Write what the blocks print into the page."""
        with tempfile.TemporaryDirectory() as parent:
            seen = iter(self.run_blocks(os.path.realpath(parent), self.blocks()))
        with open(self.path, encoding="utf-8") as file:
            text = file.read()
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(_BLOCK.sub(lambda _match: f"```console\n{next(seen)}```", text))
