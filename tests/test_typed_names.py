"""A slip in a variable's name is refused before anything is done; a name that is the host's own is left alone."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.calls import options
from fairway_scripts.calls.typed_names import closest, distance, refuse_slips
from fairway_scripts.catalog import TOOLS
from tests.support.shell import Checkout, make_checkout, queue_text, task, write_file


@pytest.mark.parametrize(
    ("one", "other", "faults"),
    [
        ("ROLE", "ROLE", 0),
        ("ROEL", "ROLE", 1),
        ("ROL", "ROLE", 1),
        ("RULE", "ROLE", 1),
        ("", "ROLE", 4),
        ("AB", "BA", 1),
    ],
)
def test_the_distance_of_two_names_counts_faults(one: str, other: str, faults: int) -> None:
    assert distance(one, other) == distance(other, one) == faults


SLIPS = {
    "DRYRUN": "DRY_RUN", "TASKID": "TASK_ID", "task_id": "TASK_ID", "Dry_Run": "DRY_RUN", "ROEL": "ROLE",
    "role": "ROLE", "TASK-ID": "TASK_ID", "STAUS": "STATUS", "COMIT": "COMMIT", "REVIEWERROLE": "REVIEWER_ROLE",
    "BLOCKED_REASONS": "BLOCKED_REASON", "COMMANDTEXT": "COMMAND_TEXT", "RESULTS": "RESULT", "OWNERS": "OWNER",
    "TIME_OUT": "TIMEOUT",
}  # fmt: skip
HOSTS = [
    "V",
    "VERBOSE",
    "ENV",
    "DEBUG",
    "CC",
    "PATH",
    "GOFLAGS",
    "PREFIX",
    "DESTDIR",
    "TAG",
    "VERSION",
    "IMAGE",
    "ARGS",
]


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_leads_to_the_name_that_was_meant(slip: str) -> None:
    known = {SLIPS[slip], "ACTOR", "QUEUE_DB", "QUEUE_FILE", "FORMAT", "JSON"}
    assert closest(slip, known)[0] == SLIPS[slip]


def test_no_name_that_hosts_commonly_have_is_taken_for_a_slip(
    monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    for tool in sorted(TOOLS):
        with subtests.test(tool=tool):
            names = [name for name in HOSTS if not (name == "TAG" and "TAGS" in TOOLS[tool].all_variables)]
            monkeypatch.setenv("FAIRWAY_UNREAD", " ".join(names))
            assert refuse_slips(tool) == []


def test_every_variable_of_every_tool_is_found_when_it_is_typed_in_lower_case(
    monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    for tool in sorted(name for name in TOOLS if TOOLS[name].make_targets):
        with subtests.test(tool=tool):
            for name in TOOLS[tool].all_variables:
                monkeypatch.setenv("FAIRWAY_UNREAD", name.lower())
                with pytest.raises(FairwayError, match=rf"{name.lower()} is no variable of {tool}: {name} is meant"):
                    refuse_slips(tool)


def noted(monkeypatch: pytest.MonkeyPatch, tool: str, unread: str, goals: str = "", makefile: str = "") -> list[str]:
    monkeypatch.setenv("FAIRWAY_UNREAD", unread)
    monkeypatch.setenv("FAIRWAY_GOALS", goals or tool)
    monkeypatch.setenv("FAIRWAY_MAKEFILES", makefile)
    return refuse_slips(tool)


def test_a_name_of_another_tool_of_the_same_call_is_no_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    goals = "queue-set-status queue-claim"
    assert noted(monkeypatch, "queue-claim", "STATUS", goals) == []


def test_a_word_of_ours_that_the_tool_does_not_take_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert noted(monkeypatch, "queue-ready", "COMMAND_TEXT") == [
        "COMMAND_TEXT is no variable of queue-ready, and does not count"
    ]


def test_a_tool_that_changes_things_and_has_no_dry_run_refuses_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FairwayError, match="queue-claim has no DRY_RUN"):
        noted(monkeypatch, "queue-claim", "DRY_RUN")
    assert noted(monkeypatch, "queue-list", "DRY_RUN") == ["DRY_RUN is no variable of queue-list, and does not count"]


def test_a_name_that_the_host_speaks_of_is_its_own_unless_only_its_letters_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(str(tmp_path), "Makefile", "deploy:\n\techo $(NODE) $(TASKID)\n")
    makefile = str(tmp_path / "Makefile")
    with pytest.raises(FairwayError, match="NOTE is meant"):
        noted(monkeypatch, "queue-set-status", "NODE")
    assert noted(monkeypatch, "queue-set-status", "NODE", makefile=makefile) == []
    with pytest.raises(FairwayError, match="TASK_ID is meant"):
        noted(monkeypatch, "queue-set-status", "TASKID", makefile=makefile)
    assert noted(monkeypatch, "queue-set-status", "TASKID", "deploy queue-set-status", makefile) == []


def test_what_the_fragment_says_does_not_reach_programs_that_the_tool_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    noted(monkeypatch, "queue-ready", "V")
    assert not [name for name in os.environ if name in ("FAIRWAY_UNREAD", "FAIRWAY_GOALS", "FAIRWAY_MAKEFILES")]


# --- in a repository ---------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    checkout = make_checkout(str(tmp_path), queue_text(task("B-1"), task("B-2")), lanes=["B-ui"])
    checkout.ok("queue-list")
    return checkout


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["queue-prune-stale", "DRYRUN=1"], "DRY_RUN"),
        (["queue-claim", "ROLE=B-ui", "OWNER=B", "TASKID=B-2"], "TASK_ID"),
        (["queue-claim", "ROEL=B-ui", "OWNER=B"], "ROLE"),
        (["queue-claim", "task_id=B-2", "ROLE=B-ui", "OWNER=B"], "TASK_ID"),
    ],
)
def test_nothing_is_done_for_a_slip(project: Checkout, words: list[str], meant: str) -> None:
    project.write_queue(queue_text(task("B-1")))
    answer = project.make(*words)
    assert answer.code == 2
    assert answer.out == ""
    assert re.search(rf"^error: usage: \S+ is no variable of {words[0]}: {meant} is meant$", answer.err, re.MULTILINE)
    project.write_queue(queue_text(task("B-1"), task("B-2")))
    assert [row["status"] for row in project.ok("queue-list", "--json").json["tasks"]] == ["todo", "todo"]


def test_names_of_the_host_pass(project: Checkout) -> None:
    assert project.make("queue-ready", "V=1", "ENV=prod").err == ""


def test_every_alias_of_the_catalogue_is_known() -> None:
    for tool in TOOLS.values():
        for name in tool.all_variables:
            for alias in options.VARIABLE_ALIASES.get(name, ()):
                assert closest(alias, {name, alias}) == (alias, True)
