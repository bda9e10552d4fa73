"""The suite in a repository whose Makefile somebody else wrote, with names of their own, after compat-scan --write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.legacy_standin.standin import LegacyProject, legacy_rows, make_legacy_project, need_ruby
from tests.support.older_scripts import force_over
from tests.support.repositories import git, write_file
from tests.support.shell import Answer, queue_text, task

need_ruby()

MAKEFILE = """\
# The web team's, since long ago.
SHELL := /bin/bash
tool   = ./scripts/ops/agent_queue.sh
TEAM  ?= B-ui

define ask
@$(tool) $(1)
endef

.PHONY: todo pull tested shut board
todo:            ## what next?
\t$(call ask,ready --role "$(TEAM)")
pull:
\t$(call ask,claim --role "$(TEAM)" --owner "$(WHO)" --task-id "$(TICKET)")
tested:
\t$(call ask,record-evidence --task-id "$(TICKET)" --command-text "$(CMD)" --result "$(or $(OUTCOME),pass)")
shut:
\t$(call ask,set-status --task-id "$(TICKET)" --status done --owner "$(WHO)")
board: ; @./scripts/ops/orchestrate_agents.sh status
"""
#: What the team types in the morning, and what it has always got.
MORNING = (
    ["todo"],
    ["pull", "TICKET=B-1", "WHO=wil"],
    ["pull", "TICKET=B-1", "WHO=zoe"],
    ["tested", "TICKET=B-1", "CMD=pnpm test -- --grep 'it''s'"],
    ["shut", "TICKET=B-1", "WHO=wil"],
    ["board"],
)


def make_host(parent: Path) -> LegacyProject:
    text = queue_text(task("B-1"), task("B-2"), task("B-3"), task("A-1", "A-backend"))
    host = make_legacy_project(parent, text, lanes=["B-ui"])
    write_file(host.main, "Makefile", MAKEFILE)
    return commit(host)


def commit(host: LegacyProject) -> LegacyProject:
    git(host.main, "add", "--all")
    git(host.main, "commit", "--quiet", "--allow-empty", "-m", "more")
    git(host.lanes["B-ui"], "merge", "--quiet", "--ff-only", "master")
    return host


def install(host: LegacyProject) -> LegacyProject:
    host.ok("compat-scan", "--write")
    commit(host)
    host.ok("compat-install")
    return commit(host)


def state(host: LegacyProject, task_id: str) -> tuple[str, str]:
    """A task's status and owner on the old side."""
    row = next(row for row in legacy_rows(host.main, "task_state") if row["task_id"] == task_id)
    return row["status"], row["owner"]


def morning(host: LegacyProject) -> list[tuple[int, str]]:
    got: list[Answer] = [host.make(*words, env={"ACTOR": "wil"}) for words in MORNING]
    return [(answer.code, answer.out.replace(host.main, "MAIN")) for answer in got]


def test_the_scan_understands_every_target(tmp_path: Path) -> None:
    host = make_host(tmp_path)
    found = {row["target"]: row for row in host.ok("compat-scan", "--json").json["calls"]}
    assert {name: row["tool"] for name, row in found.items()} == {
        "todo": "queue-ready",
        "pull": "queue-claim",
        "tested": "queue-record-evidence",
        "shut": "queue-set-status",
        "board": "orchestrator-status",
    }


def test_the_team_types_what_it_always_typed_and_gets_what_it_always_got(tmp_path: Path) -> None:
    before = morning(make_host(tmp_path / "before"))
    after = morning(install(make_host(tmp_path / "after")))
    assert [code for code, _out in before] == [0, 0, 2, 0, 0, 0]
    assert after == before


@pytest.mark.parametrize("cwd", ["main", "lane"])
def test_the_published_names_reach_the_same_originals(tmp_path: Path, cwd: str) -> None:
    host = install(make_host(tmp_path))
    where = host.main if cwd == "main" else host.lanes["B-ui"]
    host.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "wil", cwd=where)
    host.ok("queue-record-evidence", "B-2", "--command-text", "it's & that", "--result", "pass", cwd=where)
    assert state(host, "B-2") == ("in_progress", "wil")
    assert [row["command_text"] for row in legacy_rows(host.main, "task_evidence")] == ["it's & that"]


def test_after_the_cut_over_the_same_targets_are_answered_here(tmp_path: Path) -> None:
    host = install(make_host(tmp_path))
    force_over(host, "ALL")
    for words in MORNING:
        answer = host.make(*words, env={"ACTOR": "wil"})
        assert (answer.code == 0) is (words[-1] != "WHO=zoe"), answer
    assert host.detail("B-1")["status"] == "done"
    assert [row["command_text"] for row in host.detail("B-1")["evidence"]] == [MORNING[3][2].removeprefix("CMD=")]
    assert state(host, "B-1") == ("todo", "")


def test_the_originals_gone_the_team_still_types_the_same(tmp_path: Path) -> None:
    host = install(make_host(tmp_path))
    force_over(host, "ALL")
    host.ok("compat-uninstall", "--originals")
    commit(host)
    assert not os.path.exists(os.path.join(host.main, "scripts", "ops", "legacy"))
    for words in (["pull", "TICKET=B-3", "WHO=wil"], ["tested", "TICKET=B-3", "CMD=c"], ["shut", "TICKET=B-3"]):
        answer = host.make(*words, env={"ACTOR": "wil"}, cwd=host.lanes["B-ui"])
        assert answer.code == 0, answer
    assert host.detail("B-3")["status"] == "done"
