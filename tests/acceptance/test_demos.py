"""The walks that `make demo` and `make demo-day` show, run as a person runs them, and what they leave in the store."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.support.repositories import git
from tests.support.rings import some
from tests.support.shell import HOME, Checkout
from tests.support.stored import events, rows

TASK, FIX = "B-ALERT-ACK-001", "B-ALERT-ACK-FIX-001"
#: Values that are commands, whatever their length.
COMMANDS = {"PROVIDER_COMMAND", "COMMAND", "PROOF_COMMAND", "COMMANDS"}
#: What the bundle of a build holds, by the type of artifact.
BUNDLE = ["ci-packet", "command_log", "junit", "evidence-manifest"]
#: A short sentence has no more words.
SHORT = 6


def walk(script: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, os.path.join(HOME, "scripts", script), *words],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=150,
        stdin=subprocess.DEVNULL,
    )


def test_the_normal_path_of_a_task_from_ready_to_done() -> None:
    done = walk("demo.py")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert "OK 406 task(s) and 5 lane(s) against master" in lines
    assert lines[-1].startswith("demo: done in ")


# --- the coordinator's day ----------------------------------------------------------------------------------------


class Day(NamedTuple):
    """What a day has printed, and the repository that it has left."""

    printed: str
    project: Checkout
    folder: str

    def evidence(self, task_id: str) -> list[dict[str, Any]]:
        """The evidence of a task, oldest first."""
        return rows(self.project, "task_evidence", task_id)

    def sha(self, revision: str) -> str:
        """The full id of a commit."""
        return git(self.project.main, "rev-parse", f"{revision}^{{commit}}").strip()


@pytest.fixture(scope="module", params=some(["a day"]))
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    if shutil.which("tmux") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("tmux is not installed")
    parent = str(tmp_path_factory.mktemp("d"))  # a short name: tmux listens in a folder of it
    done = walk("demo_day.py", "--keep", TMPDIR=parent)
    assert done.returncode == 0, done.stdout + done.stderr
    (name,) = (name for name in os.listdir(parent) if name.startswith("fairway-day-"))
    folder = os.path.join(os.path.realpath(parent), name)
    lane = os.path.join(folder, "gpuas-B-ui")
    return Day(done.stdout, Checkout(os.path.join(folder, "gpuaas"), {"B-ui": lane}), folder)


def calls(printed: str) -> Iterator[tuple[list[str], str]]:
    """Each command line that was shown, as words, with what the tools had printed before it."""
    before: list[str] = []
    for line in printed.splitlines():
        shown = re.match(r"\[[\w-]+\]\$ (.*)", line)
        if shown:
            yield shlex.split(shown[1]), "\n".join(before)
        else:
            before.append(line)


@pytest.mark.parametrize(
    "line",
    [
        "  claim  B-ui  B-ALERT-ACK-001  the lane is free; next: Acknowledge an alert from the list",
        "failure_class: owning_layer_defect",
        "review_status: approved",
        "1 live sessions checked, 1 marked stale",
        "  nothing is left to do",
    ],
)
def test_a_day_with_a_provider_in_tmux_that_is_killed_ends_with_nothing_left_to_do(day: Day, line: str) -> None:
    assert line in day.printed.splitlines()


def test_every_text_of_the_day_comes_from_a_tool_a_file_or_a_command(day: Day) -> None:
    files = set(git(day.project.main, "ls-files").splitlines())
    long = 0
    for words, before in calls(day.printed):
        for word in words:
            name, equals, value = word.partition("=")
            text = value if equals else word
            if len(text.split()) <= SHORT or name in COMMANDS:
                continue
            long += 1
            assert text in before or set(text.split()) <= files, f"written by hand: {word}"
    assert long >= 3, "the day has long texts: the title of the fix, its root cause, the files of the handoff"


def test_the_failing_build_is_evidence_of_the_task_on_the_commit_that_was_handed_off(day: Day) -> None:
    packet = next(row for row in day.evidence(TASK) if row["artifact_type"] == "ci-packet")
    handoff = rows(day.project, "task_handoffs", TASK)[0]
    assert (packet["result"], packet["producer"]) == ("fail", "runner")
    assert packet["notes"] == "CI failed, owning_layer_defect"
    with open(os.path.join(day.folder, "ci", "1", "run.json"), encoding="utf-8") as file:
        assert json.load(file)["headSha"] == handoff["commit_sha"]


def test_the_fix_is_the_task_that_the_packet_asks_for(day: Day) -> None:
    packet = next(row for row in day.evidence(TASK) if row["artifact_type"] == "ci-packet")
    with open(os.path.join(day.project.main, packet["artifact_path"]), encoding="utf-8") as file:
        (line,) = re.findall(r"^ *(make queue-spawn .*)$", file.read(), re.MULTILINE)
    asked = dict(word.split("=", 1) for word in shlex.split(line) if "=" in word)
    fix = day.project.detail(FIX)
    assert (fix["title"], fix["lane"]) == (asked["TITLE"], asked["TO_ROLE"])
    (spawned,) = events(day.project, FIX, "task_added")
    assert spawned["spawned_from"] == TASK


def test_the_fix_is_proved_on_its_own_commit(day: Day) -> None:
    proof, packet = (
        next(row for row in day.evidence(FIX) if row["artifact_type"] == kind) for kind in ("proof", "packet")
    )
    assert (proof["result"], proof["command_text"]) == ("pass", "sh packages/web/test.sh")
    assert (proof["commit_sha"], proof["tree_dirty"]) == (day.sha("v0.2.0"), 0)
    assert packet["artifact_sha256"]


def test_the_smoke_test_runs_again_only_after_somebody_else_has_approved_it(day: Day) -> None:
    (approval,) = rows(day.project, "execution_approvals", FIX)
    assert (approval["command_class"], approval["approved_by"]) == ("smoke-uat-rerun", "Lead")
    assert "error: not_approved: " in day.printed
    runs = [row for row in day.evidence(FIX) if row["command_text"] == "make smoke"]
    assert [(row["result"], row["producer"]) for row in runs] == [("pass", "runner")], "the refused run left nothing"
    assert runs[0]["created_at"] > approval["created_at"]


def bundled(day: Day, task_id: str) -> list[dict[str, Any]]:
    """The evidence of a task that somebody says instead of a tool: first of all that is the bundle."""
    return [row for row in day.evidence(task_id) if row["producer"] == "claim"][: len(BUNDLE)]


@pytest.mark.parametrize("task_id", [TASK, FIX])
def test_the_passing_build_is_bundled_as_evidence_of_each_task(day: Day, task_id: str) -> None:
    rows_of = bundled(day, task_id)
    assert [(row["artifact_type"], row["result"]) for row in rows_of] == [(kind, "pass") for kind in BUNDLE]
    assert {row["commit_sha"] for row in rows_of} == {day.sha("v0.2.0")}
    assert all(row["artifact_sha256"] for row in rows_of)


def test_the_script_records_one_by_one_and_apply_all_at_once(day: Day) -> None:
    by_script, at_once = ([row["id"] for row in bundled(day, task_id)] for task_id in (TASK, FIX))
    single = [event.get("row_id") for event in events(day.project, TASK, "evidence_recorded")]
    assert set(by_script) <= set(single)
    together = [event.get("rows") for event in events(day.project, FIX, "evidence_recorded")]
    assert [["task_evidence", row_id] for row_id in at_once] in together


def test_one_changed_byte_of_an_artifact_was_found_and_put_back(day: Day) -> None:
    assert "error: evidence_changed: " in day.printed
    assert day.project.ok("evidence-verify", "--all", "--json").json["counts"]["changed"] == 0
    log = os.path.join(day.folder, "ci", "2", "web-unit.log")
    with open(log, encoding="utf-8") as file:
        kept = file.read()
    try:
        with open(log, "w", encoding="utf-8") as file:
            file.write(kept.replace("1 test", "2 test"))
        assert day.project.run("evidence-verify", FIX).word == "evidence_changed"
    finally:
        with open(log, "w", encoding="utf-8") as file:
            file.write(kept)


def test_each_task_is_reviewed_in_the_shape_that_its_change_asks_for(day: Day) -> None:
    asked = {
        task_id: {(row["shape"], row["role"]) for row in rows(day.project, "review_requests", task_id)}
        for task_id in (TASK, FIX)
    }
    assert asked[TASK] == {("paired", "D-arch"), ("paired", "E-governance"), ("paired", "C-ops")}
    assert asked[FIX] == {("light", "C-ops")}
    for task_id, reviewers in asked.items():
        verdicts = rows(day.project, "task_reviews", task_id)
        assert {(row["reviewer_role"], row["verdict"]) for row in verdicts} == {
            (lane, "approved") for _, lane in reviewers
        }
        assert {row["reviewed_commit_sha"] for row in verdicts} == {day.sha("v0.2.0")}


def test_the_gates_of_the_profile_are_satisfied_by_typed_evidence(day: Day) -> None:
    typed = {row["artifact_type"]: row for row in day.evidence(TASK)}
    gates = {gate["gate"]: gate for gate in day.project.detail(TASK)["gate_evaluations"]}
    for name, kind in (("boundary-guard-report", "guard-report"), ("release-risk", "release-risk")):
        assert (gates[name]["status"], gates[name]["satisfied_by"]) == ("satisfied", [typed[kind]["id"]])
    assert typed["release-risk"]["signed_off_by"] == "Lead"


def test_both_tasks_are_done_with_the_commit_that_is_on_the_main_branch(day: Day) -> None:
    for task_id in (TASK, FIX):
        detail = day.project.detail(task_id)
        assert (detail["status"], detail["commit_sha"]) == ("done", day.sha("master"))


def test_the_release_is_verified_and_the_verification_is_evidence(day: Day) -> None:
    assert "error: release_incomplete: " in day.printed, "before its artifact was there"
    last = day.evidence(TASK)[-1]
    assert (last["artifact_type"], last["result"]) == ("release-verify", "pass")
    found = day.project.ok("release-verify", "--ref", "v0.2.0", "--json").json
    assert (found["version"], [row["task_id"] for row in found["tasks"]]) == ("0.2.0", [TASK, FIX])
    assert [row for row in found["findings"] if row["level"] == "error"] == []


def test_the_ledger_of_the_day_is_sound(day: Day) -> None:
    assert day.project.run("queue-verify").code == 0
