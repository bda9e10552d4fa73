"""Whoever does nothing but run hints gets no approval, no waiver and no pass that no command produced."""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from fairway_scripts import entry, options
from fairway_scripts.catalog import TOOLS
from tests.support.shell import make_checkout, queue_text, task
from tests.support.stored import rows
from tests.test_hint_texts import faults_of_prose

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.shell import Checkout

CONFIG = """
[fairway]
main_branch = "master"
[[roles]]
name = "alpha"
[[roles]]
name = "beta"
[gates]
require_evidence_before_done = true
require_review_before_done = true
"""
#: Example ids of other projects, which no hint of this one may name.
FOREIGN = ("B-ui", "A-backend", "V3-ACK", "W-17", "D-arch", "packages/web", "docs-sweep")
#: Tools that start or install something, or that write a large answer: their refusals are read, not run.
NOT_RUN = {"session-launch", "compat-install", "compat-uninstall", "queue-generate", "fairway-init", "parity-run"}
TARGETS = {target: (tool, words) for tool in TOOLS.values() for target, words in tool.make_targets.items()}
_VALUES = {"ROLE": "alpha", "OWNER": "Ann", "STATUS": "done", "REF": "HEAD", "COMMIT": "HEAD", "RESULT": "fail"}


class Refusal(NamedTuple):
    word: str
    hint: str
    argv: list[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    config = tmp_path / "settings.toml"
    config.write_text(CONFIG)
    tasks = [task(f"X-{n}", "alpha", acceptance_checks=["true"]) for n in range(1, 4)]
    (tmp_path / "p").mkdir()
    queue = queue_text(*tasks, roles=("alpha", "beta"))
    made = make_checkout(tmp_path / "p", queue, lanes=["alpha"], config=str(config))
    monkeypatch.chdir(made.main)
    return made


def call(tool: str, words: list[str], capsys: pytest.CaptureFixture[str], *, via: str) -> Refusal | None:
    """Run a tool in this process; what it refused, None when it did not."""
    os.environ["FAIRWAY_VIA"] = via
    code = entry.run(tool, ["--json", *words])
    err = capsys.readouterr().err
    told = [json.loads(line) for line in err.splitlines() if "error/1" in line]
    return Refusal(told[-1]["word"], told[-1]["hint"], told[-1]["argv"]) if code and told else None


def as_call(argv: list[str]) -> tuple[str, list[str]] | None:
    """The tool and words of a hint, None for another program; unknown targets and variables fail here."""
    if argv[0] == "make" and argv[1] in TARGETS:
        tool, fixed = TARGETS[argv[1]]
        given = [word.split("=", 1) for word in argv[2:]]
        assert all(name in tool.all_variables for name, _value in given), argv
        return tool.name, [*fixed, *(f"{options.flag(name)}={value}" for name, value in given)]
    name = os.path.basename(argv[0])
    return (name, argv[1:]) if name in TOOLS else None


def calls() -> list[tuple[str, list[str]]]:
    """Each tool with nothing, an unknown task, a placeholder, a finished, a claimed and a free task, a wrong lane."""
    found: list[tuple[str, list[str]]] = []
    for name, tool in TOOLS.items():
        if name in NOT_RUN:
            continue
        names = tool.all_variables
        given = [f"{options.flag(key)}={value}" for key, value in _VALUES.items() if key in names]
        found += [(name, []), (name, ["--no-such-flag"])]
        if "TASK_ID" in names:
            for task_id in ("NOPE", "<task-id>", "X-1", "X-2", "X-3"):
                found += [(name, [f"--task-id={task_id}"]), (name, [f"--task-id={task_id}", *given])]
        if "ROLE" in names:
            found.append((name, ["--role=nowhere"]))
    return found


def claim_one(capsys: pytest.CaptureFixture[str]) -> None:
    call("queue-claim", ["X-1", "--role=alpha", "--owner=Ann"], capsys, via="")


@pytest.mark.parametrize("via", ["", "make"])
def test_following_hints_alone_supplies_no_proof(
    project: Checkout, capsys: pytest.CaptureFixture[str], via: str, record_property: Any
) -> None:
    """Also: each hint parses, names only what this project has, and runs as it is printed or is prose."""
    claim_one(capsys)
    counts = {"tried": 0, "led on": 0, "prose": 0, "programs": 0}
    for tool, words in calls():
        seen: set[str] = set()
        refusal = call(tool, words, capsys, via=via)
        while refusal is not None and refusal.hint and refusal.hint not in seen:
            seen.add(refusal.hint)
            counts["tried"] += 1
            assert not [name for name in FOREIGN if name in refusal.hint], (tool, words, refusal)
            if not refusal.argv:
                assert faults_of_prose(refusal.hint) == [], (tool, words, refusal)
                counts["prose"] += 1
                break
            assert shlex.split(refusal.hint) == refusal.argv
            following = as_call(refusal.argv)
            if following is None or following[0] in NOT_RUN:
                counts["programs"] += 1
                break
            try:
                refusal = call(*following, capsys, via=via)
            except SystemExit:  # --help
                refusal = None
            counts["led on"] += 1
    record_property("hints", counts)
    print(counts)
    assert counts["tried"] > 200
    assert rows(project, "task_reviews") == []
    assert rows(project, "waivers") == []
    assert rows(project, "execution_approvals") == []
    passing = [row for row in rows(project, "task_evidence") if row["result"] == "pass"]
    assert [row for row in passing if not row["run_by"]] == [], "a pass that no command of ours produced"
    assert project.detail("X-1")["status"] != "done"
