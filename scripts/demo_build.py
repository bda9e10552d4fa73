"""A stand-in for the CI system of the demo: it runs the tests on a commit and says how they went, as GitHub does."""

from __future__ import annotations

import os
import string
import subprocess
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo_files")
COMMAND = "sh packages/web/test.sh"
#: How `gh run view --log` begins each line: job, step, time.
STEP = "web unit\tRun pnpm test\t2026-11-20T10:04:30.0000017Z"


class Build(NamedTuple):
    """What one run of the CI system left behind, all of it in `folder`."""

    folder: str
    passed: bool

    @property
    def documents(self) -> list[str]:
        """The report of the run, that of its tests and the log of the tests."""
        return [os.path.join(self.folder, name) for name in ("run.json", "web-unit.xml", "web-unit.log")]


def file_text(name: str) -> str:
    """One of the files that the demo begins with."""
    with open(os.path.join(FILES, name), encoding="utf-8") as file:
        return file.read()


def build(folder: str, number: int, tree: str, env: Mapping[str, str]) -> Build:
    """Run the tests in the work tree `tree` and write the documents of run `number` into `folder`.

    These are the run as `gh run view --json` prints it, the JUnit report of the tests, and the command with its log
    and exit code.
    """
    os.makedirs(folder)
    words = COMMAND.split()
    done = subprocess.run(
        words, cwd=tree, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False
    )
    conclusion = "failure" if done.returncode else "success"

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=tree, env=env, capture_output=True, text=True, check=True).stdout

    facts = {
        "number": str(number),
        "run": str(19530211476 + number),
        "conclusion": conclusion,
        "commit": git("rev-parse", "HEAD").strip(),
        "branch": git("branch", "--show-current").strip(),
        "title": git("log", "-1", "--format=%s").strip(),
    }
    documents = {
        "run.json": string.Template(file_text("run.json")).substitute(facts),
        "web-unit.xml": file_text(f"junit-{conclusion}.xml"),
        "web-unit.log": "".join(f"{STEP} {line}\n" for line in done.stdout.splitlines()),
        "web-unit.cmd": f"{COMMAND}\n",
        "web-unit.exit": f"{done.returncode}\n",
    }
    for name, text in documents.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    return Build(folder, passed=not done.returncode)
