"""compat/profile.toml: what a team writes into it stays, what is wrong in it is said, and what the front doors get."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from fairway_scripts.documents.profile_file import read_profile
from fairway_scripts.errors import FairwayError
from fairway_scripts.operations.profile import front_door_entries
from tests.compat.older import set_engines
from tests.compat.scan_hosts import NAMES, make_host
from tests.support.repositories import write_file
from tests.support.shell import run_tool

if TYPE_CHECKING:
    from pathlib import Path


def profile_path(main: str) -> str:
    return os.path.join(main, "compat", "profile.toml")


def text_of(main: str) -> str:
    with open(profile_path(main), encoding="utf-8") as file:
        return file.read()


@pytest.fixture
def host(tmp_path: Path) -> str:
    """A host with its profile written."""
    main = make_host(tmp_path, "renamed")
    assert run_tool("compat-scan", "--write", cwd=main).code == 0
    return main


def scan(main: str) -> Any:
    return run_tool("compat-scan", "--write", "--json", cwd=main).json["profile"]


def test_a_project_that_cuts_over_is_told_that_its_front_doors_have_to_hear_of_it(host: str) -> None:
    os.unlink(profile_path(host))
    assert "front doors" not in run_tool("compat-scan", "--write", cwd=host).err
    set_engines(host, {"*": "fairway"})
    assert "front doors" not in run_tool("compat-scan", "--write", cwd=host).err
    os.unlink(profile_path(host))
    assert "by the older profile: make lane-engine" in run_tool("compat-scan", "--write", cwd=host).err


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_can_be_read(name: str, tmp_path: Path) -> None:
    main = make_host(tmp_path, name)
    run_tool("compat-scan", "--write", cwd=main)
    profile = read_profile(profile_path(main))
    assert profile["targets"]
    assert all(entry["via"] in ("script", "make") for entry in profile["targets"].values())


def test_what_a_team_has_changed_stays_and_is_reported(host: str) -> None:
    changed = text_of(host).replace('WHO = "OWNER"', 'WHO = "ACTOR"  # we mean the agent', 1)
    write_file(host, "compat/profile.toml", changed)
    written = scan(host)
    assert text_of(host) == changed
    assert written["added"] == []
    assert written["differing"] == [
        {
            "target": "take-task",
            "key": "variables",
            "profile": {"LANE": "ROLE", "T": "TASK_ID", "WHO": "ACTOR"},
            "scan": {"LANE": "ROLE", "T": "TASK_ID", "WHO": "OWNER"},
        }
    ]
    with open(os.path.join(host, "compat", "profile.mk"), encoding="utf-8") as file:
        assert 'fairway.flag.take-task.WHO := $${WHO+--actor="$$WHO"}' in file.read()


def test_a_target_that_the_team_has_removed_comes_back_and_nothing_else_moves(host: str) -> None:
    before = text_of(host)
    start, end = before.index("[targets.lanes]"), before.index("[targets.ask-review]")
    write_file(host, "compat/profile.toml", before[:start] + before[end:])
    assert scan(host)["added"] == ["targets.lanes"]
    after = text_of(host)
    assert after.replace(before[start:end].strip(), "").split() == (before[:start] + before[end:]).split()


def test_new_targets_are_added_and_lost_ones_are_kept_and_named(host: str) -> None:
    path = os.path.join(host, "Makefile")
    with open(path, encoding="utf-8") as file:
        makefile = file.read()
    write_file(host, "Makefile", makefile.replace("lanes:", "set-up:"))
    written = scan(host)
    assert written["added"] == ["targets.set-up"]
    assert written["differing"] == [{"target": "lanes", "key": "", "profile": "worktree-setup", "scan": None}]


def test_a_tool_that_the_team_names_settles_a_target_that_was_not_answered(host: str) -> None:
    before = text_of(host)
    start = before.index("[targets.queue-ready]")
    write_file(
        host, "compat/profile.toml", before[:start] + before[start:].replace('tool = ""', 'tool = "queue-list"', 1)
    )
    assert scan(host)["added"] == ["targets.queue-ready.variables"]
    assert read_profile(profile_path(host))["targets"]["queue-ready"]["variables"] == {"LANE": "ROLE"}
    assert scan(host) == {"added": [], "differing": [], "fragment": False}


def test_a_subcommand_that_the_team_explains_is_understood(tmp_path: Path) -> None:
    main = make_host(tmp_path, "interpolating")
    given = '[scripts."agent_queue.sh".subcommands]\nburndown = "queue-timing-report"\n'
    given += '[scripts."agent_queue.sh".flags]\n"--from-day" = "--since"\n'
    write_file(main, "compat/profile.toml", given)
    recipe = '\nqueue-days:\n\t@scripts/ops/agent_queue.sh burndown --from-day "$(DAY)"\n'
    with open(os.path.join(main, "Makefile"), "a", encoding="utf-8") as file:
        file.write(recipe)
    targets = {entry["target"]: entry for entry in run_tool("compat-scan", "--json", cwd=main).json["targets"]}
    assert (targets["queue-days"]["tool"], targets["queue-days"]["variables"]) == (
        "queue-timing-report",
        {"DAY": "SINCE"},
    )


FAULTS = {
    "targetz = 1": (1, "targetz: is not known here"),
    'schema = "profile/9"': (1, "this suite reads profile/1"),
    "makefile = 3": (1, "makefile: has to be text"),
    "targets = 1": (1, "targets: has to be a table"),
    '[targets.x]\nvia = "make"\ntol = "y"': (3, "targets.x.tol: is not known here"),
    '[targets.x]\nvia = "ssh"': (2, 'targets.x.via: has to be "script" or "make"'),
    '[targets.x]\ntool = "y"': (1, 'targets.x.via: has to be "script" or "make"'),
    '[targets.x]\nvia = "script"': (1, 'is needed with via = "script"'),
    '[targets.x]\nvia = "make"\narguments = "a b"': (3, "targets.x.arguments: has to be a list of texts"),
    '[targets.x]\nvia = "make"\n[targets.x.variables]\nT = 1': (3, "has to be a table of texts"),
    '[targets.x]\nvia = "make"\n[targets.x.variables]\nT = "A$(B)"': (4, "has to map the name of a variable"),
    '[targets.x]\nvia = "make"\nwords = ["$(shell x)"]': (3, "would not take as text"),
    '[targets."a b"]\nvia = "make"': (1, "is no name of a target"),
    "[scripts.x]\nwords = 1": (2, "scripts.x.words: is not known here"),
    "[legacy_db]\nstatus = 1": (2, "legacy_db.status: is not known here"),
    "[legacy_db.state]\ntable = 1": (2, "legacy_db.state.table: has to be text"),
    '[legacy_db]\nignore = "x"': (2, "legacy_db.ignore: has to be a list of texts"),
}


@pytest.mark.parametrize(("text", "line", "message"), [(text, *fault) for text, fault in FAULTS.items()])
def test_a_fault_is_named_with_its_line(text: str, line: int, message: str, tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(text + "\n")
    with pytest.raises(FairwayError) as refused:
        read_profile(str(path))
    assert refused.value.word == "invalid_config"
    assert f"{path}:{line}: " in refused.value.message
    assert message in refused.value.message


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text('a = 1\nb = 2\n[targets.x]\nvia = "ssh"\n')
    with pytest.raises(FairwayError) as refused:
        read_profile(str(path))
    assert len(refused.value.details["faults"]) == 3


@pytest.mark.parametrize("text", ["[targets", "\xff"])
def test_what_is_no_toml_is_refused_and_left_alone(text: str, tmp_path: Path) -> None:
    main = make_host(tmp_path, "renamed")
    write_file(main, "compat/profile.toml", text.encode("latin-1"))
    answer = run_tool("compat-scan", "--write", cwd=main)
    assert answer.word in ("invalid_config", "file_unavailable")
    with open(profile_path(main), "rb") as file:
        assert file.read() == text.encode("latin-1")


def test_a_tool_that_does_not_exist_is_refused(host: str) -> None:
    write_file(host, "compat/profile.toml", '[targets.x]\ntool = "queue-fly"\nvia = "make"\n')
    answer = run_tool("compat-scan", cwd=host)
    assert answer.word == "invalid_config"
    assert "targets.x.tool: queue-fly is no tool" in answer.err


def test_hints_for_the_old_database_are_kept_as_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text('[legacy_db]\nignore = ["x"]\n[legacy_db.state]\ntable = "t"\ncolumns = {status = "s"}\n')
    assert read_profile(str(path))["legacy_db"] == {
        "ignore": ["x"],
        "state": {"table": "t", "columns": {"status": "s"}},
    }


def test_the_front_doors_get_templates_in_our_names(host: str) -> None:
    entries = front_door_entries(read_profile(profile_path(host)))
    assert entries["targets"]["queue-claim"] == {
        "via": "script",
        "target": "take-task",
        "script": "scripts/ops/agent_queue.sh",
        "arguments": ["claim", "--role", "{ROLE}", "--owner", "{OWNER}", "--task-id", "{TASK_ID}"],
        "environment": {},
        "variables": {"ROLE": "LANE", "TASK_ID": "T", "OWNER": "WHO"},
    }
    assert "" not in entries["targets"]


def test_a_target_with_the_tools_own_name_goes_before_another() -> None:
    entry = {"tool": "queue-claim", "script": "s", "arguments": [], "words": [], "environment": {}, "variables": {}}
    targets = {
        "take": {**entry, "via": "script"},
        "queue-claim": {**entry, "via": "make"},
        "x": {**entry, "via": "script"},
    }
    found = front_door_entries(
        {"targets": targets, "scripts": {"s": {"subcommands": {"a": "b"}, "flags": {"-o": "--owner"}}}}
    )
    assert found["targets"]["queue-claim"] == {"via": "make", "target": "queue-claim", "variables": {}}
    assert found["scripts"] == {"s": {"a": "b"}}
    assert found["flags"] == {"s": {"-o": "--owner"}}


def test_a_target_with_a_fixed_value_is_never_how_its_tool_is_called_in_general(host: str) -> None:
    profile = read_profile(profile_path(host))
    assert profile["targets"]["done-task"]["words"] == ["--status=done"]
    assert "queue-set-status" not in front_door_entries(profile)["targets"]


def test_the_engine_of_the_front_door_runs_the_original_from_the_profile(host: str) -> None:
    from fairway_scripts.handover import legacy_call

    data = front_door_entries(read_profile(profile_path(host)))
    found = legacy_call(data, "queue-claim", {"TASK_ID": "B-1", "ROLE": "B-ui"}, host)
    assert found is not None
    argv = [os.path.join(host, "scripts/ops/agent_queue.sh"), "claim", "--role", "B-ui", "--task-id", "B-1"]
    assert found[0] == argv
