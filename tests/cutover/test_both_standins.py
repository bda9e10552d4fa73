"""Both sets of older scripts: what the scan drafts of them reads every call that they take, and writes it again."""

from __future__ import annotations

import json
import os
import shutil
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tests.legacy_standin.standin as standin_a
import tests.legacy_standin_b.standin as standin_b
from fairway_scripts.cutover.door.calls import read_call, write_call
from fairway_scripts.cutover.door.entries import variables_by_tool
from fairway_scripts.cutover.door.published_calls import ORIGINALS
from fairway_scripts.cutover.door.table import entry_of, find_entry
from fairway_scripts.cutover.scan.profile_file import read_profile
from tests.cutover.test_calls import told
from tests.legacy_standin.standin import LegacyProject
from tests.support.older_scripts import force_over
from tests.support.repositories import git
from tests.support.rings import some
from tests.support.shell import queue_text, task

standin_a.need_ruby()

LANES = ("A-backend", "B-ui", "D-arch", "E-governance")
TEXT = queue_text(task("B-1", status="todo"), task("B-2", status="todo"), task("A-1", "A-backend", status="todo"))
STAND_INS: dict[str, Any] = {"a": standin_a, "b": standin_b}
SCRIPT = "scripts/ops/agent_queue.sh"


@pytest.fixture(scope="module", params=some(sorted(STAND_INS), "a"))
def scanned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, LegacyProject, Any]:
    """A repository on a stand-in after `compat-scan --write`: its letter, the project, what the scan said."""
    made: LegacyProject = STAND_INS[request.param].make_legacy_project(
        str(tmp_path_factory.mktemp(f"standin-{request.param}")), TEXT, lanes=LANES
    )
    return request.param, made, made.ok("compat-scan", "--write", "--json").json


def table_of(project: LegacyProject) -> Any:
    path = os.path.join(project.main, "compat", "profile.toml")
    return read_profile(path, variables_by_tool())["scripts"] if os.path.exists(path) else {}


def publish(project: LegacyProject) -> None:
    git(project.main, "add", "--all")
    git(project.main, "commit", "--quiet", "--allow-empty", "-m", "more")
    for lane in project.lanes.values():
        git(lane, "merge", "--quiet", "--no-edit", "master")


def test_what_a_person_has_to_fill_in_is_next_to_nothing(scanned: tuple[str, LegacyProject, Any]) -> None:
    letter, _project, said = scanned
    questions = [entry["question"] for entry in said["to_fill_in"]]
    assert questions == ({"a": [], "b": ["which tool does the same; agent_queue.sh sweep"]}[letter])
    assert len(said["calls"]) >= 25
    assert {call["by"] for call in said["calls"]} <= {"published", "drafted", "left"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_entry_reads_what_it_writes(scanned: tuple[str, LegacyProject, Any], data: st.DataObject) -> None:
    table = table_of(scanned[1])
    calls = {(script, word) for script, words in table.items() for word in words}
    calls |= {call for ways in ORIGINALS.values() for call in ways}
    entries = [entry for call in sorted(calls) if (entry := entry_of(table, *call)) is not None and entry.tool]
    entry, values = data.draw(told(entries))
    written = write_call(entry, values)
    found, words = find_entry(table, entry.script, written.words)
    call = read_call(found, words, written.environment, written.stdin)
    meant = {name: value for name, value in call.values.items() if value}
    assert (found.subcommand, meant, call.untranslated) == (entry.subcommand, {**entry.constants, **values}, [])


def test_flags_without_a_subcommand_are_read_as_they_were_written(scanned: tuple[str, LegacyProject, Any]) -> None:
    """Packs are asked for by a word or by flags alone: a search of cases found the second to be lost."""
    table = table_of(scanned[1])
    for script, word in sorted(call for ways in ORIGINALS.values() for call in ways):
        entry = entry_of(table, script, word)
        if entry is not None and not entry.subcommand and "PACK_ID" in variables_by_tool()[entry.tool]:
            written = write_call(entry, {"PACK_ID": "0"})
            found, words = find_entry(table, script, written.words)
            assert read_call(found, words, written.environment, written.stdin).values == {"PACK_ID": "0"}


def test_a_flag_of_the_script_is_read_where_recipes_use_its_environment(
    scanned: tuple[str, LegacyProject, Any],
) -> None:
    """Who calls the script past make types flags: those that other subcommands have for the same value."""
    letter, project, _said = scanned
    flag = {"a": "--task-id", "b": "--task"}[letter]
    for word in ("claim", "merge-ready"):
        found, words = find_entry(table_of(project), SCRIPT, [word, flag, "B-1"])
        call = read_call(found, words, {}, "")
        assert (call.values.get("TASK_ID"), call.untranslated) == ("B-1", [])


def shadowed(project: LegacyProject) -> list[Any]:
    """What was noted of the calls that wait to be compared."""
    folder = os.path.join(project.main, ".git", "fairway", "shadow")
    found = []
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, name, "call.json"), encoding="utf-8") as file:
            found.append(json.load(file))
    return found


def test_the_published_lines_mean_the_same_in_shadow_and_do_the_same_afterwards(
    scanned: tuple[str, LegacyProject, Any],
) -> None:
    _letter, project, _said = scanned
    publish(project)
    project.ok("compat-install")
    publish(project)
    lane = project.lanes["B-ui"]
    os.makedirs(os.path.join(project.main, ".git", "fairway"), exist_ok=True)
    project.ok("lane-engine", "B-ui", "shadow", "a look")
    publish(project)
    # an observer would take the notes away
    with open(os.path.join(project.main, ".fairway", "home"), "w", encoding="utf-8") as file:
        file.write(os.path.relpath(without_observer(project), project.main) + "\n")
    git(project.main, "commit", "--quiet", "--all", "-m", "a suite without an observer")
    git(lane, "merge", "--quiet", "--ff-only", "master")
    claim = {"ROLE": "B-ui", "OWNER": "bea", "TASK_ID": "B-1"}
    proof = {"TASK_ID": "B-1", "COMMAND_TEXT": "pnpm --dir packages/web test", "RESULT": "pass"}
    review = {"TASK_ID": "B-1", "REVIEWER_ROLE": "D-arch", "REVIEWER": "dan", "STATUS": "approved", "NOTE": "it's fine"}
    review["COMMIT"] = git(lane, "rev-parse", "HEAD")
    calls = {"queue-claim": claim, "queue-record-evidence": proof, "queue-record-review": review}
    for target, values in calls.items():
        answer = project.make(target, *(f"{name}={value}" for name, value in values.items()), cwd=lane)
        assert answer.code == 0, (target, answer)
    for note, (target, values) in zip(shadowed(project), calls.items(), strict=True):
        assert (note["tool"], note["untranslated"]) == (target, [])
        assert {name: note["values"].get(name) for name in values} == values
    force_over(project, "B-ui")
    publish(project)
    values = {**claim, "TASK_ID": "B-2"}
    answer = project.make("queue-claim", *(f"{name}={value}" for name, value in values.items()), cwd=lane)
    assert answer.out.startswith("claimed B-2"), answer
    assert project.detail("B-2")["owner"] == "bea"


def without_observer(project: LegacyProject) -> str:
    """A suite beside the repository that is this one, but for what compares."""
    from tests.support.shell import HOME

    place = os.path.join(os.path.dirname(project.main), "suite")
    os.makedirs(os.path.join(place, "bin"))
    left_out = shutil.ignore_patterns("observer.py", "__pycache__")
    shutil.copytree(os.path.join(HOME, "fairway_scripts"), os.path.join(place, "fairway_scripts"), ignore=left_out)
    for name in ("compat", "make", ".venv"):
        if os.path.exists(os.path.join(HOME, name)):
            os.symlink(os.path.join(HOME, name), os.path.join(place, name))
    for name in ("compat-call", "_start.py"):
        with open(os.path.join(HOME, "bin", name), encoding="utf-8") as source:
            text = source.read().replace("os.path.realpath(__file__)", "os.path.abspath(__file__)")
        with open(os.path.join(place, "bin", name), "w", encoding="utf-8") as target:
            target.write(text)
        os.chmod(os.path.join(place, "bin", name), 0o755)
    return place
