"""The session adapters of compat/adapters, with stand-ins for the agent programs and for zellij."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.providers import need, program, session, tmux_folder, wait_until
from tests.support.shell import BIN, HOME, Answer, Checkout, environment, make_checkout, queue_text, task

ADAPTERS = os.path.join(HOME, "compat", "adapters")
PROMPT = "Run fairway prime, and do what it prints."
#: A provider that writes down how it was started, and ends.
RECORDING = """
for word; do echo "$word"; done >"$RECORD.part"
echo "task $FAIRWAY_TASK_ID" >>"$RECORD.part"
mv "$RECORD.part" "$RECORD"
{then}
"""
ZELLIJ = """
case "$*" in
  list-sessions*) cat {names} 2>/dev/null || exit 1 ;;
  *--create-background*) echo "$3" >>{names} ;;
  *new-pane*)
    while [ "$1" != -- ]; do shift; done; shift
    ZELLIJ_PANE_ID=5 setsid "$@" </dev/null >/dev/null 2>&1 & ;;
esac
"""


class Bench:
    """A project, programs that stand in for others, and the adapters."""

    def __init__(self, project: Checkout, folder: Path, tmux: str) -> None:
        self.project, self.folder, self.tmux = project, folder, tmux
        self.record = folder / "record"
        program(folder / "bin", "zellij", ZELLIJ.format(names=folder / "names"))
        for name in ("codex", "claude", "other"):
            program(folder / "bin", name, RECORDING.format(then="sleep 2"))

    def run(self, adapter: str, *words: str, **more: str) -> Answer:
        """Run an adapter as it is typed, from the main checkout."""
        path = f"{self.folder}/bin:{BIN}:{os.path.dirname(sys.executable)}:{os.environ['PATH']}"
        env = environment(PATH=path, RECORD=str(self.record), TMUX_TMPDIR=self.tmux, **more)
        argv = [os.path.join(ADAPTERS, adapter), *words]
        main, none = self.project.main, subprocess.DEVNULL
        done = subprocess.run(argv, cwd=main, env=env, stdin=none, capture_output=True, text=True, timeout=90)
        return Answer(done.returncode, done.stdout, done.stderr)

    def started(self) -> list[str]:
        """The words that the provider was started with, and its task."""
        wait_until(self.record.exists)
        return self.record.read_text().splitlines()

    def sessions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.project.ok("session-status", "--all", "--json").json["sessions"]
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])
    project.ok("queue-ready")
    with tmux_folder() as folder:
        yield Bench(project, tmp_path, folder)


@pytest.mark.parametrize(
    ("adapter", "backend", "words"),
    [
        ("shell.sh", "shell", [PROMPT]),
        ("tmux.sh", "tmux", [PROMPT]),
        ("zellij.sh", "zellij", [PROMPT]),
        ("claude.sh", "tmux", [PROMPT]),
        ("codex.sh", "tmux", ["-C", "{worktree}", PROMPT]),
    ],
)
def test_a_provider_is_started_on_its_task_and_on_record(
    bench: Bench, adapter: str, backend: str, words: list[str]
) -> None:
    if backend == "tmux":
        need("tmux")
    answer = bench.run(adapter, "B-ui", "B-1", "--claim", "--owner", "B")
    assert answer.code == 0, answer
    wanted = [word.replace("{worktree}", bench.project.lanes["B-ui"]) for word in words]
    assert bench.started() == [*wanted, "task B-1"]
    (row,) = bench.sessions()
    assert (row["backend"], row["lane"], row["task_id"]) == (backend, "B-ui", "B-1")
    assert bench.project.detail("B-1")["owner"] == "B"
    wait_until(lambda: session(bench.project, row["session_id"])["status"] == "ended")


def test_the_exit_code_of_the_provider_is_kept(bench: Bench) -> None:
    program(bench.folder / "bin", "codex", RECORDING.format(then="sleep 1; exit 7"))
    bench.run("shell.sh", "B-ui")
    (row,) = bench.sessions()
    assert (row["status"], row["exit_code"]) == ("failed", 7)


def test_another_provider_prompt_and_backend_come_from_the_environment(bench: Bench) -> None:
    answer = bench.run(
        *("claude.sh", "B-ui", "B-1"),
        FAIRWAY_BACKEND="shell",
        FAIRWAY_PROVIDER="other",
        FAIRWAY_PROVIDER_COMMAND="other --ask {prompt}",
        FAIRWAY_INITIAL_PROMPT="two words",
        FAIRWAY_TRANSCRIPT=str(bench.folder / "transcript"),
    )
    assert answer.code == 0, answer
    assert bench.started() == ["--ask", "two words", "task B-1"]
    (row,) = bench.sessions()
    assert (row["provider"], row["transcript_path"]) == ("other", str(bench.folder / "transcript"))


@pytest.mark.parametrize("adapter", sorted(os.listdir(ADAPTERS)))
def test_without_a_lane_it_says_how_it_is_called(bench: Bench, adapter: str) -> None:
    answer = bench.run(adapter)
    assert answer.code != 0
    assert f"usage: {adapter} LANE [TASK_ID]" in answer.err


def test_a_launch_that_fails_claims_nothing(bench: Bench) -> None:
    os.unlink(bench.folder / "bin" / "codex")
    answer = bench.run("shell.sh", "B-ui", "B-1", "--claim", "--owner", "B")
    assert answer.code != 0
    assert bench.project.detail("B-1")["status"] == "todo"
