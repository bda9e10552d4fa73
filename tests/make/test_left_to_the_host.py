"""What doctor and compat-scan tell of a Makefile that has targets and variables under names of ours."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.shell import FRAGMENT, make_checkout, queue_text, run_tool, task, write_file

MAKEFILE = f"""\
OUTPUT := dist/app
STATUS ?= green
ROLE := B-ui
ACTOR :=
CFLAGS := -O2
include {FRAGMENT}
worktree-status:
\t@echo mine
queue-ready: prepare
prepare:
\t@true
"""


@pytest.fixture(scope="module")
def main(tmp_path_factory: pytest.TempPathFactory) -> str:
    checkout = make_checkout(str(tmp_path_factory.mktemp("left")), queue_text(task("B-1")), lanes=["B-ui"])
    write_file(checkout.main, "Makefile", MAKEFILE)
    return checkout.main


def test_doctor_lists_the_targets_that_were_left_to_the_host(main: str) -> None:
    findings = run_tool("queue-doctor", "--json", cwd=main).json["findings"]
    (left,) = [item for item in findings if item["key"] == "targets_left"]
    assert left["level"] == "note"
    assert left["message"] == "left to the Makefile, which has recipes for them: worktree-status (Makefile:8)"
    assert "FAIRWAY_TAKE := worktree-status" in left["fix"]


def test_doctor_says_nothing_of_a_makefile_without_the_fragment(tmp_path: Path) -> None:
    checkout = make_checkout(str(tmp_path), queue_text(task("B-1")))
    write_file(checkout.main, "Makefile", "worktree-status: ; @echo mine\n")
    findings = run_tool("queue-doctor", "--json", cwd=checkout.main).json["findings"]
    assert "targets_left" not in [item["key"] for item in findings]


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ("override SHELL := /bin/bash\n", "make could run programs while it reads this: Makefile:1 "),
        ("$(error no GOOS)\n", "make cannot read Makefile: Makefile:1: *** no GOOS.  Stop."),
        ("#" * (1 << 20) + "\n", "Makefile cannot be looked at before make reads it"),
        ("\0\n", "Makefile cannot be looked at before make reads it"),
    ],
    ids=["takes-the-shell", "stops", "long", "no-text"],
)
def test_doctor_says_when_it_cannot_tell_what_the_host_keeps(tmp_path: Path, above: str, said: str) -> None:
    checkout = make_checkout(str(tmp_path), queue_text(task("B-1")))
    write_file(checkout.main, "Makefile", above + MAKEFILE)
    answer = run_tool("queue-doctor", "--json", cwd=checkout.main)
    (found,) = [item for item in answer.json["findings"] if item["key"].startswith("targets_")]
    assert (found["key"], found["level"]) == ("targets_unknown", "warning")
    assert said in found["message"]
    assert found["fix"]


def test_doctor_says_when_there_is_no_make_to_ask(main: str, tmp_path: Path) -> None:
    for name in ("git", "python3", "env"):
        (tmp_path / name).symlink_to(shutil.which(name) or "/nowhere")
    findings = run_tool("queue-doctor", "--json", cwd=main, env={"PATH": str(tmp_path)}).json["findings"]
    (found,) = [item for item in findings if item["key"].startswith("targets_")]
    assert (found["key"], found["fix"]) == ("targets_unknown", "install GNU make")
