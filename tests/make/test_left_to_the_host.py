"""What doctor and compat-scan tell of a Makefile that has targets and variables under names of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.shell import FRAGMENT, make_checkout, queue_text, run_tool, task, write_file

if TYPE_CHECKING:
    from pathlib import Path

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


def test_the_scan_lists_the_variables_of_the_host_with_names_of_ours(main: str) -> None:
    scan = run_tool("compat-scan", "--json", cwd=main).json["variables"]
    assert scan == [
        {"heard": False, "name": "OUTPUT", "value": "dist/app"},
        {"heard": True, "name": "ROLE", "value": "B-ui"},
        {"heard": False, "name": "STATUS", "value": "green"},
    ]
    text = run_tool("compat-scan", cwd=main).out
    assert "variable ROLE = B-ui: counts for our targets too" in text
    assert "variable OUTPUT = dist/app: stays the host's" in text
