"""A host: a folder with a Makefile that includes the fragment, and tools that only record how they were called."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from typing import NamedTuple

from fairway_scripts.catalog import TOOLS

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FRAGMENT = os.path.join(PROJECT, "make", "fairway.mk")
TARGETS = [tool.name for tool in TOOLS.values() if tool.target]
#: every target, with the tool that it calls and the words before its flags
ALL_TARGETS = {name: (tool.name, words) for tool in TOOLS.values() for name, words in tool.make_targets.items()}
#: Another make can be tried by naming it here.
MAKE = os.environ.get("FAIRWAY_TEST_MAKE", "make")

_RECORDER = """\
#!{python} -IS
import json, os, sys
call = {{"tool": os.path.basename(sys.argv[0]), "arguments": sys.argv[1:], "environment": dict(os.environ)}}
with open({calls!r}, "a", encoding="ascii") as file:
    file.write(json.dumps(call) + "\\n")
print("answer of", call["tool"])
sys.exit(int(os.environ.get("TOOL_EXIT", "0")))
"""


class Call(NamedTuple):
    """How a tool was called."""

    tool: str
    arguments: list[str]
    environment: dict[str, str]


class Outcome(NamedTuple):
    """What a call of make gave."""

    code: int
    out: str
    err: str
    calls: list[Call]

    @property
    def arguments(self) -> list[str]:
        """The arguments of the one tool that was called."""
        (call,) = self.calls
        return call.arguments


class Host:
    """A folder with a Makefile; `make` runs make in it."""

    def __init__(self, folder: str, makefile: str = "") -> None:
        self.folder = os.fspath(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.calls_file = os.path.join(self.folder, "calls.jsonl")
        self.write("Makefile", makefile)

    def write(self, name: str, text: str, *, executable: bool = False) -> str:
        """Write a file below the folder and return its path."""
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        if executable:
            os.chmod(path, 0o755)
        return path

    def add_tools(self, folder: str) -> str:
        """Put a recording stand-in for every tool into `folder` (below the host's) and return that folder's path."""
        recorder = _RECORDER.format(python=sys.executable, calls=self.calls_file)
        path = self.write(os.path.join(folder, "recorder"), recorder, executable=True)
        for tool in TOOLS:
            os.symlink("recorder", os.path.join(os.path.dirname(path), tool))
        return os.path.dirname(path)

    def make(self, *arguments: str | bytes, env: Mapping[str, str | bytes] | None = None, folder: str = "") -> Outcome:
        """Run make with these arguments and, beside PATH, only these environment variables."""
        if os.path.exists(self.calls_file):
            os.remove(self.calls_file)
        environment: dict[str, str | bytes] = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **(env or {})}
        done = subprocess.run(
            [MAKE, *arguments],
            cwd=os.path.join(self.folder, folder),
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"), self._calls())

    def _calls(self) -> list[Call]:
        if not os.path.exists(self.calls_file):
            return []
        with open(self.calls_file, encoding="ascii") as file:
            return [Call(**json.loads(line)) for line in file]


def recording_host(folder: str, above: str = "", below: str = "", *, include: str = FRAGMENT) -> Host:
    """A host whose Makefile has `above`, then the include line, then `below`; its tools record."""
    host = Host(folder)
    tools = host.add_tools("tools")
    host.write("Makefile", f"FAIRWAY_BIN := {tools}\nFAIRWAY_PYTHON :=\n{above}\ninclude {include}\n{below}\n")
    return host


def make_version() -> str:
    """The first line of what make says of itself, "" when there is none."""
    if not shutil.which(MAKE):
        return ""
    done = subprocess.run([MAKE, "--version"], capture_output=True, text=True)
    return done.stdout.partition("\n")[0]
