"""session-launch: a provider is started on a lane, seen alive, killed, replaced; the lane's work is never lost."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.providers import (
    is_running,
    kill,
    need,
    path_with,
    program,
    session,
    tmux_folder,
    wait_until,
)
from tests.support.repositories import git, write_file
from tests.support.shell import BIN, Checkout, make_checkout, queue_text, task

STAYS = 'echo "working on $FAIRWAY_TASK_ID as $AGENT_ROLE in $FAIRWAY_SESSION_ID at $(pwd)"\nexec sleep 300'
#: A provider that finishes its task with nothing but the store and its environment.
FINISHES = f"""
set -e
tool() {{ name=$1; shift; {shlex.quote(sys.executable)} {shlex.quote(BIN)}/"$name" "$@"; }}
echo done >finished.txt
git add finished.txt
git -c user.name=T -c user.email=t@example.org commit --quiet -m finished
tool queue-record-evidence "$FAIRWAY_TASK_ID" --command-text 'make test' --result pass
tool queue-set-status "$FAIRWAY_TASK_ID" --status done --owner B
"""


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """A project whose providers codex and claude are shell scripts."""
    program(tmp_path / "bin", "codex", STAYS)
    program(tmp_path / "bin", "claude", STAYS)
    tasks = [task("B-1"), task("B-2", depends_on=["B-1"]), task("A-1", "A-backend")]
    return make_checkout(tmp_path, queue_text(*tasks), lanes=["A-backend", "B-ui"])


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A project for calls that change nothing."""
    tasks = [task("B-1"), task("B-2", depends_on=["B-1"])]
    return make_checkout(tmp_path_factory.mktemp("standing"), queue_text(*tasks), lanes=["A-backend", "B-ui"])


@pytest.fixture
def env(tmp_path: Path, project: Checkout) -> Iterator[dict[str, str]]:
    """The stand-ins first on PATH; whatever a test launches is ended by the process it was registered with."""
    yield path_with(tmp_path / "bin")
    listed = project.run("session-status", "--all", "--json")
    for row in listed.json["sessions"] if listed.code == 0 else []:
        if row["process"] == "alive":
            project.run("session-end", "--id", row["session_id"], "--stop", "--status", "stale")


@pytest.fixture
def tmux(env: dict[str, str]) -> Iterator[dict[str, str]]:
    """A tmux server of the test's own."""
    need("tmux")
    with tmux_folder() as folder:
        yield {**env, "TMUX_TMPDIR": folder}


def launch(project: Checkout, *words: str, env: dict[str, str]) -> Any:
    return project.ok("session-launch", "--role", "B-ui", *words, "--json", env=env).json


def transcript(row: dict[str, Any]) -> str:
    with open(row["transcript_path"], encoding="utf-8") as file:
        return file.read()


def sessions(project: Checkout) -> Any:
    return project.ok("session-status", "--all", "--json").json["sessions"]


class TestTmux:
    """Real tmux, on a socket of the test's own."""

    def test_a_launched_session_is_registered_with_its_pane_process_start_and_host(
        self, project: Checkout, tmux: dict[str, str]
    ) -> None:
        row = launch(project, "--task-id", "B-1", "--backend", "tmux", env=tmux)
        assert (row["status"], row["backend"], row["provider"]) == ("running", "tmux", "claude")
        assert (row["tmux_pane"], row["host"], row["session_name"]) == ("%0", os.uname().nodename, "fairway-B-ui")
        assert row["pid_started_at"]
        assert session(project, row["session_id"])["process"] == "alive"
        panes = subprocess.run(
            ["tmux", "list-panes", "-a", "-F", "#{session_name} #{window_name} #{pane_current_path}"],
            env={**os.environ, **tmux},
            capture_output=True,
            text=True,
        )
        assert panes.stdout == f"fairway-B-ui B-1 {project.lanes['B-ui']}\n"

    def test_the_provider_knows_its_session_and_its_output_is_kept(
        self, project: Checkout, tmux: dict[str, str]
    ) -> None:
        row = launch(project, "--task-id", "B-1", "--backend", "tmux", env=tmux)
        said = wait_until(lambda: os.path.exists(row["transcript_path"]) and transcript(row))
        line = f"working on B-1 as B-ui in {row['session_id']} at {project.lanes['B-ui']}"
        assert line in said.replace("\r", "").replace("\n", "")

    def test_a_socket_whose_path_is_too_long_is_refused_with_what_mends_it(
        self, project: Checkout, env: dict[str, str], tmp_path: Path
    ) -> None:
        need("tmux")
        folder = tmp_path / ("x" * 110)
        folder.mkdir()
        words = ("--role", "B-ui", "--backend", "tmux")
        answer = project.run("session-launch", *words, env={**env, "TMUX_TMPDIR": str(folder)})
        assert (answer.code, answer.word) == (1, "launch_failed")
        assert "too long" in answer.err
        assert "hint: export TMUX_TMPDIR=/tmp\n" in answer.err

    def test_a_second_window_opens_in_the_lanes_tmux_session(self, project: Checkout, tmux: dict[str, str]) -> None:
        first = launch(project, "--backend", "tmux", env=tmux)
        second = launch(project, "--backend", "tmux", "--force", "--reason", "pairing", env=tmux)
        assert (first["session_name"], first["tmux_pane"]) == (second["session_name"], "%0")
        assert second["tmux_pane"] == "%1"

    def test_a_closed_pane_ends_the_session_by_itself_or_is_found_missing(
        self, project: Checkout, tmux: dict[str, str]
    ) -> None:
        row = launch(project, "--backend", "tmux", env=tmux)
        subprocess.run(["tmux", "kill-pane", "-t", row["tmux_pane"]], env={**os.environ, **tmux}, check=True)
        wait_until(lambda: not is_running(row["pid"]))
        project.ok("session-reconcile", env=tmux)
        assert session(project, row["session_id"])["status"] in ("failed", "stale")

    def test_a_pane_number_of_a_later_server_is_not_the_session(self, project: Checkout, tmux: dict[str, str]) -> None:
        first = launch(project, "--backend", "tmux", env=tmux)
        subprocess.run(["tmux", "kill-server"], env={**os.environ, **tmux}, check=True)
        wait_until(lambda: not is_running(first["pid"]))
        project.ok("session-reconcile", env=tmux)
        second = launch(project, "--backend", "tmux", env=tmux)
        assert second["tmux_pane"] == first["tmux_pane"]
        assert session(project, first["session_id"])["ended_at"] is not None
        assert (
            project.ok("session-end", "--id", first["session_id"], "--stop", "--json", env=tmux).json["stopped"]
            is False
        )
        assert session(project, second["session_id"])["process"] == "alive"

    def test_stop_ends_the_pane_and_the_recorded_end_stays(self, project: Checkout, tmux: dict[str, str]) -> None:
        row = launch(project, "--backend", "tmux", env=tmux)
        ended = project.ok("session-end", "--id", row["session_id"], "--stop", "--reason", "lunch", "--json").json
        assert ended["stopped"] is True
        wait_until(lambda: not is_running(row["pid"]))
        assert session(project, row["session_id"])["end_reason"] == "lunch"

    def test_hostile_names_reach_the_pane_as_text(self, tmp_path: Path, tmux: dict[str, str]) -> None:
        place = tmp_path / "a #{pane_id} %Y $(touch canary) 'b"
        place.mkdir()
        project = make_checkout(place, queue_text(task("B-1")), lanes=["B-ui"])
        row = launch(project, "--task-id", "B-1", "--backend", "tmux", "--name", "x:y.z", env=tmux)
        said = wait_until(lambda: os.path.exists(row["transcript_path"]) and transcript(row))
        assert "working on B-1" in said
        assert not list(tmp_path.rglob("canary"))
        project.ok("session-end", "--id", row["session_id"], "--stop", env=tmux)

    def test_a_killed_provider_is_replaced_and_the_next_finishes_the_task(
        self, project: Checkout, tmux: dict[str, str], tmp_path: Path
    ) -> None:
        """Durable lane, replaceable attachment: launch, see it alive, kill it, reconcile, attach another, finish."""
        first = launch(project, "--task-id", "B-1", "--backend", "tmux", "--claim", "--owner", "B", env=tmux)
        claimed = project.detail("B-1")
        assert (claimed["status"], claimed["claimant"]) == ("in_progress", first["session_id"])

        kill(first["pid"])
        found = project.ok("session-reconcile", "--json", env=tmux).json
        assert found["marked"] == [first["session_id"]]
        assert [row["word"] for row in found["findings"]] == ["dead_process", "unattended"]
        assert project.detail("B-1")["status"] == "in_progress"

        write_file(project.lanes["B-ui"], "half-done.txt", "left behind by the first provider")
        program(tmp_path / "bin", "gemini", FINISHES)
        git(project.lanes["B-ui"], "status")
        second = launch(project, "--task-id", "B-1", "--backend", "tmux", "--provider", "gemini", env=tmux)
        row = wait_until(
            lambda: session(project, second["session_id"])["ended_at"] and session(project, second["session_id"])
        )
        assert (row["status"], row["exit_code"]) == ("ended", 0)
        assert project.detail("B-1")["status"] == "done"
        assert project.ok("session-reconcile", "--json", env=tmux).json["findings"] == []


class TestShell:
    """A process in the background, its output in the transcript."""

    def test_it_runs_apart_from_the_command_that_started_it(self, project: Checkout, env: dict[str, str]) -> None:
        row = launch(project, "--task-id", "B-1", env=env)
        assert session(project, row["session_id"])["process"] == "alive"
        assert "working on B-1" in wait_until(lambda: transcript(row))

    def test_the_providers_exit_code_is_the_sessions(self, project: Checkout, env: dict[str, str]) -> None:
        row = launch(project, "--provider-command", "sh -c 'sleep 1.5; exit 7'", env=env)
        ended = wait_until(
            lambda: session(project, row["session_id"])["ended_at"] and session(project, row["session_id"])
        )
        assert (ended["status"], ended["exit_code"], ended["end_reason"]) == ("failed", 7, "the provider exited")

    def test_stop_ends_the_whole_process_group(self, project: Checkout, env: dict[str, str]) -> None:
        row = launch(project, "--provider-command", "sh -c 'sleep 300 & echo child $!; wait'", env=env)
        child = int(wait_until(lambda: transcript(row)).split()[1])
        project.ok("session-end", "--id", row["session_id"], "--stop")
        wait_until(lambda: not is_running(row["pid"]) and not is_running(child))

    def test_in_the_foreground_the_command_becomes_the_session(self, project: Checkout, env: dict[str, str]) -> None:
        words = ("--role", "B-ui", "--foreground", "--provider-command", "sh -c 'echo hello; exit 3'")
        answer = project.run("session-launch", *words, env=env)
        assert answer.code == 3
        assert "hello" in answer.out
        assert [(row["status"], row["exit_code"]) for row in sessions(project)] == [("failed", 3)]


class TestZellij:
    """zellij is not packaged for Debian: a stand-in on PATH records the calls and runs what a pane would run."""

    @pytest.fixture
    def zellij(self, tmp_path: Path, env: dict[str, str]) -> dict[str, str]:
        record, names = tmp_path / "calls", tmp_path / "names"
        script = f"""
for word; do printf '%s\\n' "$word" >>{record}; done; echo == >>{record}
case "$*" in
  list-sessions*) cat {names} 2>/dev/null || exit 1 ;;
  *--create-background*) echo "$3" >>{names} ;;
  *new-pane*)
    while [ "$1" != -- ]; do shift; done; shift
    ZELLIJ_PANE_ID=5 setsid "$@" </dev/null >/dev/null 2>&1 & ;;
esac
"""
        program(tmp_path / "bin", "zellij", script)
        return {**env, "RECORD": str(record)}

    def calls(self, zellij: dict[str, str]) -> list[list[str]]:
        with open(zellij["RECORD"], encoding="utf-8") as file:
            return [call.split("\n") for call in file.read().split("\n==\n") if call]

    def test_a_pane_is_opened_in_a_background_session(self, project: Checkout, zellij: dict[str, str]) -> None:
        row = launch(project, "--task-id", "B-1", "--backend", "zellij", env=zellij)
        assert (row["status"], row["tmux_pane"], row["terminal"]) == ("running", "5", "fairway-B-ui")
        assert session(project, row["session_id"])["process"] == "alive"
        script = os.path.join(os.path.dirname(project.store), "sessions", f"{row['session_id']}.sh")
        opened = ["--session", "fairway-B-ui", "action", "new-pane", "--close-on-exit", "--name", "B-1"]
        calls = [call for call in self.calls(zellij) if call[0] != "list-sessions"]
        assert calls[0] == ["attach", "--create-background", "fairway-B-ui"]
        assert calls[1] == [*opened, "--cwd", project.lanes["B-ui"], "--", "sh", "-c", 'sh "$0"; exit $?', script]

    def test_a_session_that_zellij_no_longer_lists_is_found(
        self, project: Checkout, zellij: dict[str, str], tmp_path: Path
    ) -> None:
        row = launch(project, "--backend", "zellij", env=zellij)
        assert project.ok("session-reconcile", "--json", env=zellij).json["findings"] == []
        (tmp_path / "names").write_text("", encoding="utf-8")
        found = project.ok("session-reconcile", "--json", env=zellij).json["findings"]
        assert [entry["word"] for entry in found] == ["missing_pane"]
        project.ok("session-end", "--id", row["session_id"], "--stop", "--status", "ended", env=zellij)
        wait_until(lambda: not is_running(row["pid"]))

    def test_a_zellij_that_fails_leaves_a_failed_session(
        self, project: Checkout, zellij: dict[str, str], tmp_path: Path
    ) -> None:
        program(tmp_path / "bin", "zellij", "echo 'no such option' >&2; exit 2")
        answer = project.run("session-launch", "--role", "B-ui", "--backend", "zellij", env=zellij)
        assert (answer.code, answer.word) == (1, "launch_failed")
        assert "no such option" in answer.err
        assert [row["status"] for row in sessions(project)] == ["failed"]


@pytest.mark.parametrize("backend", ["manual", "codex-api"])
def test_work_by_hand_is_registered_and_the_exports_are_printed(
    project: Checkout, env: dict[str, str], backend: str
) -> None:
    answer = project.ok("session-launch", "--role", "B-ui", "--task-id", "B-1", "--backend", backend, env=env)
    row = sessions(project)[0]
    assert (row["status"], row["pid"], row["backend"]) == ("running", None, backend)
    assert f"export FAIRWAY_SESSION_ID={row['session_id']}\n" in answer.out
    assert "export FAIRWAY_TASK_ID=B-1\n" in answer.out


def test_a_dry_run_says_what_it_would_do_and_does_nothing(project: Checkout, env: dict[str, str]) -> None:
    words = ("--task-id", "B-1", "--claim", "--owner", "B", "--dry-run")
    plan = launch(project, *words, "--provider-command", "codex --task {task_id} {prompt}", env=env)
    assert (plan["dry_run"], plan["command"]) == (True, ["codex", "--task", "B-1"])
    assert plan["environment"]["FAIRWAY_TASK_ID"] == "B-1"
    assert (sessions(project), project.detail("B-1")["status"]) == ([], "todo")
    assert not os.path.exists(os.path.join(os.path.dirname(project.store), "sessions"))


class TestProviderCommands:
    """A command is a template of words; what stands for a placeholder stays one word of text."""

    def configure(self, project: Checkout, *lines: str) -> None:
        with open(os.path.join(project.main, ".fairway", "config.toml"), "a", encoding="utf-8") as file:
            file.write("\n[[providers]]\n" + "\n".join(lines) + "\n")

    def plan(self, project: Checkout, env: dict[str, str], *words: str) -> Any:
        return launch(project, "--task-id", "B-1", "--dry-run", *words, env=env)["command"]

    def test_without_an_entry_a_provider_is_started_by_its_name(self, project: Checkout, env: dict[str, str]) -> None:
        assert self.plan(project, env) == ["claude"]
        assert self.plan(project, env, "--provider", "codex") == ["codex"]

    def test_the_configured_command_is_filled_in(self, project: Checkout, env: dict[str, str]) -> None:
        self.configure(
            project, 'name = "claude"', "command = \"codex -C {worktree} 'Work on {task_id} as {role}' {prompt}\""
        )
        assert self.plan(project, env) == ["codex", "-C", project.lanes["B-ui"], "Work on B-1 as B-ui"]
        assert self.plan(project, env, "--prompt", "go on")[-1] == "go on"

    @pytest.mark.parametrize(
        "hostile", ["'; touch canary; '", "$(touch canary)", "`touch canary`", '"; touch canary; "', "a\ntouch canary"]
    )
    def test_a_value_is_never_run_as_code(
        self, project: Checkout, env: dict[str, str], tmp_path: Path, hostile: str
    ) -> None:
        program(tmp_path / "bin", "show", "printf '<%s>' \"$@\"; sleep 300")
        row = launch(project, "--provider-command", 'show "say {prompt}" {prompt}', "--prompt", hostile, env=env)
        assert wait_until(lambda: transcript(row)) == f"<say {hostile}><{hostile}>"
        assert not list(tmp_path.rglob("canary"))

    def test_a_faulty_command_is_refused_where_it_is_given_and_where_it_is_configured(
        self, project: Checkout, env: dict[str, str]
    ) -> None:
        command = "codex {nonsense}"
        given = project.run("session-launch", "--role", "B-ui", "--provider-command", command, "--dry-run", env=env)
        assert (given.word, "{nonsense}" in given.err) == ("usage", True)
        self.configure(project, 'name = "claude"', f"command = {json.dumps(command)}")
        answer = project.run("session-launch", "--role", "B-ui", "--dry-run", env=env)
        assert (answer.code, answer.word) == (1, "invalid_config")
        assert "{nonsense}" in answer.err

    def test_a_packet_that_the_command_takes_has_to_be_named_and_there(
        self, project: Checkout, env: dict[str, str], tmp_path: Path
    ) -> None:
        words = ("session-launch", "--role", "B-ui", "--dry-run", "--provider-command", "codex {packet}", "--json")
        assert project.run(*words, env=env).word == "usage"
        assert project.run(*words, "--packet", "nope.md", env=env).word == "not_found"
        packet = tmp_path / "packet.md"
        packet.write_text("# B-1", encoding="utf-8")
        assert project.ok(*words, "--packet", str(packet), env=env).json["command"] == ["codex", str(packet)]


class TestFailedLaunches:
    """A failed launch claims nothing and leaves no row running."""

    CLAIM = ("--task-id", "B-1", "--claim", "--owner", "B")

    def nothing_happened(self, project: Checkout, statuses: list[str]) -> None:
        detail = project.detail("B-1")
        assert (detail["status"], detail["claimant"], detail["fence"]) == ("todo", None, 0)
        assert [row["status"] for row in sessions(project)] == statuses

    def test_a_provider_that_ends_at_once_with_an_error(self, project: Checkout, env: dict[str, str]) -> None:
        words = ("--provider-command", "sh -c 'echo bad flag >&2; exit 64'")
        answer = project.run("session-launch", "--role", "B-ui", *self.CLAIM, *words, env=env)
        assert (answer.code, answer.word) == (1, "launch_failed")
        assert "exit code 64" in answer.err
        assert "bad flag" in answer.err
        self.nothing_happened(project, ["failed"])

    def test_a_provider_that_ends_at_once_without_an_error_is_no_failure_and_claims_nothing(
        self, project: Checkout, env: dict[str, str]
    ) -> None:
        answer = project.ok("session-launch", "--role", "B-ui", *self.CLAIM, "--provider-command", "true", env=env)
        assert "ended at once" in answer.err
        self.nothing_happened(project, ["ended"])

    def test_a_provider_that_is_not_installed(self, project: Checkout, env: dict[str, str]) -> None:
        answer = project.run("session-launch", "--role", "B-ui", *self.CLAIM, "--provider", "no-such-ai", env=env)
        assert (answer.code, answer.word) == (2, "missing_dependency")
        self.nothing_happened(project, [])

    def test_a_terminal_program_that_is_not_installed(
        self, project: Checkout, env: dict[str, str], tmp_path: Path
    ) -> None:
        program(tmp_path / "only", "claude", STAYS)
        for name in ("git", "sh"):
            os.symlink(
                f"/usr/bin/{name}" if os.path.exists(f"/usr/bin/{name}") else f"/bin/{name}", tmp_path / "only" / name
            )
        poor = {"PATH": str(tmp_path / "only")}
        answer = project.run("session-launch", "--role", "B-ui", *self.CLAIM, "--backend", "tmux", env=poor)
        assert (answer.code, answer.word) == (2, "backend_unavailable")
        self.nothing_happened(project, [])

    def test_a_claim_that_is_refused_ends_the_provider_again(self, project: Checkout, env: dict[str, str]) -> None:
        """The provider itself takes the lane off its branch before the claim looks at it."""
        words = ("--provider-command", "sh -c 'git switch --quiet -c elsewhere; sleep 300'")
        answer = project.run("session-launch", "--role", "B-ui", *self.CLAIM, *words, env=env)
        assert answer.word == "preflight_failed"
        row = sessions(project)[0]
        assert "the claim was refused" in row["end_reason"]
        wait_until(lambda: not is_running(row["pid"]))
        self.nothing_happened(project, ["failed"])

    @pytest.mark.parametrize(
        ("words", "word"),
        [
            (["--role", "A-backend", "--task-id", "B-1"], "wrong_lane"),
            (["--role", "B-ui", "--task-id", "B-404"], "not_found"),
            (["--role", "Z-none"], "not_found"),
            (["--role", "B-ui", "--claim", "--owner", "B"], "usage"),
            (["--role", "B-ui", "--task-id", "B-2", "--claim", "--owner", "B"], "not_ready"),
            (["--role", "B-ui", "--backend", "screen"], "usage"),
            (["--role", "B-ui", "--backend", "manual", "--foreground"], "usage"),
            (["--role", "B-ui", "--force"], "reason_required"),
            (["--role", "C-ops"], "preflight_failed"),
            ([], "usage"),
        ],
    )
    def test_a_call_that_cannot_be_meant(self, standing: Checkout, tmp_path: Path, words: list[str], word: str) -> None:
        program(tmp_path / "bin", "claude", STAYS)
        assert standing.run("session-launch", *words, env=path_with(tmp_path / "bin")).word == word
        self.nothing_happened(standing, [])

    def test_a_lane_that_is_not_fit_for_work(self, project: Checkout, env: dict[str, str]) -> None:
        write_file(project.lanes["B-ui"], "left.txt", "over")
        answer = project.run("session-launch", "--role", "B-ui", *self.CLAIM, env=env)
        assert (answer.code, answer.word) == (1, "preflight_failed")
        assert "uncommitted" in answer.err
        self.nothing_happened(project, [])

    def test_a_finished_task(self, project: Checkout, env: dict[str, str]) -> None:
        project.ok("queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass")
        project.ok("queue-set-status", "B-1", "--status", "done", "--owner", "B", "--commit", "HEAD")
        answer = project.run("session-launch", "--role", "B-ui", "--task-id", "B-1", env=env)
        assert (answer.code, answer.word) == (4, "invalid_transition")


def test_a_worktree_has_one_live_session(project: Checkout, env: dict[str, str]) -> None:
    first = launch(project, env=env)
    answer = project.run("session-launch", "--role", "B-ui", env=env)
    assert (answer.code, answer.word) == (4, "session_live")
    assert first["session_id"] in answer.err
    project.ok("session-end", "--id", first["session_id"], "--status", "stale")
    assert project.run("session-launch", "--role", "B-ui", env=env).word == "session_live"
    os.killpg(first["pid"], signal.SIGKILL)  # with the provider, which has no terminal that would end with its leader
    wait_until(lambda: not is_running(first["pid"]))
    assert launch(project, env=env)["status"] == "running"


def test_the_claim_belongs_to_the_session_whose_commands_keep_it(project: Checkout, env: dict[str, str]) -> None:
    row = launch(project, "--task-id", "B-1", "--claim", "--owner", "B", env=env)
    assert row["claimed"] == 1
    own = {"FAIRWAY_SESSION_ID": row["session_id"]}
    again = project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--json", env=own).json
    assert again["renewed"] is True


def test_the_same_request_launches_once(project: Checkout, env: dict[str, str]) -> None:
    words = ("--task-id", "B-1", "--request-id", "r1")
    first = launch(project, *words, env=env)
    again = project.ok("session-launch", "--role", "B-ui", *words, "--json", env=env).json
    assert again["session_id"] == first["session_id"]
    assert len(sessions(project)) == 1


def test_a_request_that_is_repeated_has_the_same_answer(project: Checkout, env: dict[str, str]) -> None:
    """Also what is typed by hand in its terminal, and whether what the backend started was ended."""
    by_hand = ("--role", "B-ui", "--backend", "manual", "--request-id", "r1", "--json")
    first, again = (project.ok("session-launch", *by_hand, env=env).json for _ in range(2))
    assert first["exports"] == again["exports"] != {}
    ending = ("--id", first["session_id"], "--stop", "--request-id", "r2", "--json")
    first, again = (project.ok("session-end", *ending, env=env).json for _ in range(2))
    assert first.keys() == again.keys() >= {"already", "stopped"}


def test_a_provider_works_on_the_store_that_the_launch_was_given(
    project: Checkout, env: dict[str, str], tmp_path: Path
) -> None:
    other = str(tmp_path / "other.db")
    row = launch(project, "--db", other, "--provider-command", "sh -c 'echo store=$QUEUE_DB; sleep 300'", env=env)
    assert wait_until(lambda: transcript(row)) == f"store={other}\n"
    project.ok("session-end", "--id", row["session_id"], "--stop", "--db", other)


def test_agent_launch_through_make(project: Checkout, env: dict[str, str]) -> None:
    answer = project.make("agent-launch", "ROLE=B-ui", "TASK_ID=B-1", "DRY_RUN=1", env=env)
    assert answer.code == 0, answer
    assert answer.out.startswith("would launch claude for lane B-ui; nothing was changed\n")
