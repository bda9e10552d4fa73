"""An agent that is told only "read `fairway prime`", and does what is printed: no more, and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from tests.support.repositories import commit_file
from tests.support.shell import BIN, environment

#: What an agent knows by itself: its name, and what it has done and thinks of it.
KNOWN = {
    "owner": "Agent",
    "commands": "make test",
    "results": "all passed",
    "changed-files": "doc/api/a.yaml",
    "reviewer": "Reader",
    "status": "approved",
    "note": "'I have read all of it.'",
}


class Agent:
    """A session in the worktree of one lane; `log` is what it ran."""

    def __init__(self, lane: str, folder: str) -> None:
        self.lane = lane
        self.folder = folder
        self.log: list[str] = []
        self.has_worked = False

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run a line as it was printed."""
        self.log.append(line)
        path = f"{BIN}:{os.path.dirname(sys.executable)}:{os.environ['PATH']}"
        env = environment(PATH=path, ACTOR=f"session-{self.lane}")
        return subprocess.run(
            ["sh", "-c", line], cwd=self.folder, env=env, capture_output=True, text=True, timeout=120, check=False
        )

    def step(self) -> bool:
        """Read the page and run its lines in order, following each refusal; whether there was anything to do."""
        page = self.shell("fairway prime")
        assert page.returncode == 0, page
        assert len(page.stdout) < 4_000
        lines = re.findall(r"^\d\. .*:\n   (.+)$", page.stdout, re.MULTILINE)
        if not lines or "nothing is left to do" in page.stdout:
            return False
        self.follow(lines[0])
        if "merge-ready" in lines[0]:
            for line in lines[1:]:
                self.follow(line)
        return True

    def follow(self, line: str) -> None:
        """Run one line, filled in; where it is refused, run the line that mends it, and then itself again."""
        if "watcher-run" in line and not self.has_worked:
            commit_file(self.folder, "doc/api/a.yaml", "openapi: 3.1.0\n", "the work itself")
            self.has_worked = True
        for _ in range(4):
            done = self.shell(filled(line))
            if done.returncode == 0:
                return
            hint = re.search(r"^hint: (.+)$", done.stderr, re.MULTILINE)
            assert hint, done
            self.shell(filled(hint[1]))
        raise AssertionError((line, done))


def filled(line: str) -> str:
    """A printed line with what stands in angle brackets filled in; a name that an agent cannot know fails."""
    return re.sub(r"'<([a-z-]+)>'", lambda name: f"'{KNOWN[name[1]]}'".replace("''", "'"), line)
