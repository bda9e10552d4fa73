"""compat/profile.toml: what a team writes into it stays, what is wrong in it is said, and what the front doors get."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.door.entries import variables_by_tool
from fairway_scripts.cutover.scan.profile_file import add_to_profile, read_profile
from tests.compat.scan_hosts import NAMES, make_host
from tests.support.repositories import write_file
from tests.support.shell import run_tool


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


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_can_be_read(name: str, tmp_path: Path) -> None:
    main = make_host(tmp_path, name)
    run_tool("compat-scan", "--write", cwd=main)
    if os.path.exists(profile_path(main)):
        assert read_profile(profile_path(main), variables_by_tool())["scripts"]


def test_an_entry_that_the_team_has_removed_comes_back_and_nothing_else_moves(host: str) -> None:
    before = text_of(host)
    start = before.index('[scripts."scripts/ops/agent_queue.sh".claim]')
    end = before.index("\n\n", start) + 2
    write_file(host, "compat/profile.toml", before[:start] + before[end:])
    assert run_tool("compat-scan", "--write", "--json", cwd=host).json["added"] == ["scripts/ops/agent_queue.sh claim"]
    after = text_of(host)
    assert after.replace(before[start:end].strip(), "").split() == (before[:start] + before[end:]).split()


def test_values_of_all_sorts_can_be_written_and_read(tmp_path: Path) -> None:
    path = str(tmp_path / "compat" / "profile.toml")
    entry = {
        "tool": "queue-ready",
        "map": {"--a b": "ROLE", "-x": "LIMIT", 'qu"ote': "ROLE=\\ \x7f \n"},
        "values": {"ROLE": {"0": "B-ui", "": "x"}},
        "positional": ["ROLE", "it's"],
    }
    add_to_profile(path, {"a b/c.sh": {"": entry, "two words": {"tool": ""}}}, {("a b/c.sh", ""): "why\nthat"})
    assert read_profile(path)["scripts"] == {"a b/c.sh": {"": entry, "two words": {"tool": ""}}}


FAULTS = {
    "targets = 1": (1, "targets: is not known here; there are schema, scripts, legacy_db"),
    'schema = "profile/1"': (1, "this suite reads profile/2"),
    "scripts = 1": (1, "scripts: has to be a table"),
    "[scripts.x]\ny = 1": (2, "scripts.x.y: has to be a table"),
    "[scripts.x.y]": (1, 'needs tool = "..."'),
    '[scripts.x.y]\ntool = ""\nmapp = {}': (3, "scripts.x.y.mapp: is not known here; there are tool, map, env"),
    '[scripts.x.y]\ntool = ""\nmap = ["a"]': (3, "scripts.x.y.map: has to be a table of texts"),
    '[scripts.x.y]\ntool = ""\nenv = "none"': (3, 'scripts.x.y.env: has to be a table of texts, or "same"'),
    '[scripts.x.y]\ntool = ""\nvalues = {A = "b"}': (3, "scripts.x.y.values: has to be a table of such tables"),
    '[scripts.x.y]\ntool = ""\npositional = "A"': (3, "scripts.x.y.positional: has to be a list of texts"),
    '[scripts.x.y]\ntool = "queue-ready"\nmap = "a"': (3, "scripts.x.y.map: has to be a table of texts"),
    '[scripts.x.y]\ntool = "queue-ready"\nvalues = 1': (3, "scripts.x.y.values: has to be a table of such tables"),
    '[scripts.x.y]\ntool = "queue-ready"\npositional = 1': (3, "scripts.x.y.positional: has to be a list of texts"),
    '[scripts.x.y]\ntool = "queue-fly"': (2, "scripts.x.y.tool: queue-fly is no tool"),
    '[scripts.x.y]\ntool = "queue-ready"\nmap = {"--a" = "OWNER"}': (3, "map.--a: queue-ready takes no OWNER"),
    '[scripts.x.y]\ntool = "queue-ready"\nenv = {A = "B"}': (3, "env.A: queue-ready takes no B"),
    '[scripts.x.y]\ntool = "queue-ready"\npositional = ["X..."]': (3, "positional: queue-ready takes no X"),
    '[scripts.x.y]\ntool = "queue-ready"\nstdin = "NOTE"': (3, "stdin: queue-ready takes no NOTE"),
    '[scripts.x.y]\ntool = "queue-ready"\nconstants = {X = "y"}': (3, "constants.X: queue-ready takes no X"),
    "[legacy_db]\nstatus = 1": (2, "legacy_db.status: is not known here"),
    "[legacy_db.state]\ntable = 1": (2, "legacy_db.state.table: has to be text"),
    '[legacy_db]\nignore = "x"': (2, "legacy_db.ignore: has to be a list of texts"),
}


@pytest.mark.parametrize(("text", "line", "message"), [(text, *fault) for text, fault in FAULTS.items()])
def test_a_fault_is_named_with_its_line(text: str, line: int, message: str, tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(text + "\n")
    with pytest.raises(FairwayError) as refused:
        read_profile(str(path), variables_by_tool())
    assert refused.value.word == "invalid_config"
    assert f"{path}:{line}: " in refused.value.message
    assert message in refused.value.message


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text("a = 1\nb = 2\n[scripts.x.y]\ntool = 3\n")
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


def test_hints_for_the_old_database_are_kept_as_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text('[legacy_db]\nignore = ["x"]\n[legacy_db.state]\ntable = "t"\ncolumns = {status = "s"}\n')
    assert read_profile(str(path))["legacy_db"] == {
        "ignore": ["x"],
        "state": {"table": "t", "columns": {"status": "s"}},
    }
