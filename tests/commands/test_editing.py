"""queue-add, queue-update and queue-spawn: tasks that the store owns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.queue.editing_rules import id_starts, next_id
from tests.support.given_last import given_last
from tests.support.payloads import LONG, NOT_TEXT, PAYLOADS, was_executed
from tests.support.ready_made import ready_made
from tests.support.rings import CROWD
from tests.support.shell import Answer, Checkout, finish, make_checkout, queue_text, run_tool, start_tool, task
from tests.support.stored import events, rows, state

METADATA: dict[str, Any] = {
    "profile": "platform-foundation",
    "owning_domain": "web",
    "owning_layer": "ui",
    "risk_level": "low",
    "migration_type": "none",
    "source_paths": ["a", "b/c"],
    "target_paths": ["d"],
    "review_domains": ["D-arch"],
    "tags": ["x", "y"],
}


@pytest.fixture
def project() -> Checkout:
    """An epic with a task, and a task of another lane, all in the queue file; B-ui has a worktree."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    queue = queue_text(
        task("B-E", kind="epic", priority=2, **METADATA),
        task("B-1", parent_id="B-E", priority=3),
        task("A-1", "A-backend"),
    )
    made = make_checkout(parent, queue, lanes=["B-ui"])
    made.ok("queue-ready")
    return made


def add(project: Checkout, task_id: str, *more: str, **env: str) -> Answer:
    """queue-add in lane B-ui, as JSON; flags that are given again win."""
    words = given_last(["--title", "New", "--role", "B-ui", "--json"], more)
    return project.run("queue-add", task_id, *words, env=env)


def spawn(project: Checkout, task_id: str, *more: str, cwd: str = "", **env: str) -> Answer:
    return project.run("queue-spawn", task_id, "--title", "New", "--json", *more, cwd=cwd, env=env)


def update(project: Checkout, task_id: str, *more: str) -> Answer:
    return project.run("queue-update", task_id, "--json", *more)


# --- queue-add ------------------------------------------------------------------------------------------------


def test_an_added_task_is_ready_to_be_claimed_and_finished_like_any_other(project: Checkout) -> None:
    added = add(project, "B-9", "--priority", "1").json
    assert (added["task_id"], added["lane"], added["status"], added["source"]) == ("B-9", "B-ui", "todo", "store")
    assert added["ready"] is True
    assert project.ok("queue-ready", "--role", "B-ui", "--format", "ids").out.split() == ["B-9", "B-E", "B-1"]
    project.ok("queue-claim", "B-9", "--role", "B-ui", "--owner", "B")
    project.ok("queue-set-status", "B-9", "--status", "done", "--force", "--reason", "r", "--commit", "HEAD")
    project.ok("queue-verify")


def test_every_field_is_kept_as_it_was_given(project: Checkout) -> None:
    words: list[str] = []
    for name, value in METADATA.items():
        words += [f"--{name.replace('_', '-')}", ",".join(value) if isinstance(value, list) else value]
    words += ["--kind", "bug", "--sequence", "7", "--notes", "one\ntwo", "--parent", "B-E", "--depends-on", "B-1, A-1"]
    words += ["--acceptance", "make test, all", "--acceptance", "make lint\nmake e2e"]
    added = add(project, "B-9", *words).json
    assert {name: added[name] for name in METADATA} == METADATA
    assert (added["kind"], added["sequence"], added["notes"], added["parent_id"]) == ("bug", 7, "one\ntwo", "B-E")
    assert added["dependencies"] == ["B-1", "A-1"]
    assert added["acceptance_checks"] == ["make test, all", "make lint", "make e2e"]
    assert added["ready"] is False
    detail = project.detail("B-9")
    assert {name: detail["metadata"][name] for name in METADATA} == METADATA


def test_an_added_task_becomes_ready_when_what_it_waits_for_is_done(project: Checkout) -> None:
    add(project, "B-9", "--depends-on", "A-1")
    assert state(project, "B-9")["ready"] == 0
    project.ok("queue-set-status", "A-1", "--status", "in_progress")
    project.ok("queue-set-status", "A-1", "--status", "done", "--force", "--reason", "r", "--commit", "HEAD")
    assert state(project, "B-9")["ready"] == 1


@pytest.mark.parametrize(
    ("words", "code", "word", "said"),
    [
        (["B-1"], 4, "already_exists", "Agent_Work_Queue.yaml"),
        (["B-9", "--role", "B-uii"], 3, "not_found", "lanes: A-backend"),
        (["B-9", "--kind", "novel"], 2, "usage", "KIND: unknown kind novel"),
        (["B-9", "--priority", "urgent"], 2, "usage", "PRIORITY 'urgent'"),
        (["B-9", "--priority", "-1"], 2, "usage", "PRIORITY '-1'"),
        (["B-9", "--parent", "B-77"], 3, "not_found", "no task B-77"),
        (["B-9", "--depends-on", "B-1,b-e"], 3, "not_found", "did you mean B-E"),
        (["B-9", "--depends-on", "B-9"], 2, "usage", "cannot depend on itself"),
        (["B-9", "--parent", "B-9"], 2, "usage", "own parent"),
        (["b 9"], 2, "usage", "does not match"),
        (["B-9", "--title", "two\nlines"], 2, "usage", "TITLE"),
        (["B-9", "--tags", "a\tb"], 2, "usage", "TAGS"),
        (["B-9", "--title", ""], 2, "usage", "TITLE is required"),
        (["B-9", "--role", ""], 2, "usage", "ROLE is required"),
        ([""], 2, "usage", "TASK_ID is empty"),
    ],
)
def test_what_no_task_may_be_is_refused_and_nothing_is_added(
    project: Checkout, words: list[str], code: int, word: str, said: str
) -> None:
    project.ok("queue-list")
    answer = add(project, *words)
    assert (answer.code, answer.word) == (code, word), answer
    assert said in answer.err
    assert len(rows(project, "task_definitions")) == 3
    assert len(rows(project, "task_state")) == 3


def test_a_lane_that_nobody_declared_comes_with_the_line_that_declares_it(project: Checkout) -> None:
    answer = add(project, "B-9", "--role", "F-data")
    assert json.loads(answer.err)["hint"].endswith("fairway-config add-lane F-data")
    assert "did you mean B-ui?" in add(project, "B-9", "--role", "B-uii").err
    hint = project.make("queue-add", "ROLE=B-uii", "TITLE=x", "ACCEPTANCE=make test").err.partition("hint: ")[2]
    assert "ACCEPTANCE='make test'" in hint, "a check that was typed is kept, spaces and all"
    project.ok("fairway-config", "add-lane", "F-data")
    assert add(project, "B-9", "--role", "F-data").json["lane"] == "F-data"
    assert project.ok("queue-ready", "--role", "F-data", "--format", "ids").out == "B-9\n"


def test_a_task_without_an_id_gets_the_next_one_of_its_lane(project: Checkout) -> None:
    made = [
        project.ok("queue-add", "--title", "New", "--role", role, "--json").json["task_id"]
        for role in ("B-ui", "B-ui", "A-backend")
    ]
    assert made == ["B-UI-001", "B-UI-002", "A-BACKEND-001"]
    add(project, "B-UI-041")
    assert project.ok("queue-spawn", "--title", "Next", "--from-task", "B-1", "--json").json["task_id"] == "B-UI-042"


def test_as_many_as_add_at_once_get_an_id_each(project: Checkout) -> None:
    project.ok("queue-list")
    calls = [start_tool("queue-add", "--title", "New", "--role", "B-ui", cwd=project.main) for _ in range(CROWD)]
    assert [finish(call).code for call in calls] == [0] * CROWD
    made = [row["id"] for row in rows(project, "task_definitions") if row["id"].startswith("B-UI-")]
    assert sorted(made) == [f"B-UI-{number:03d}" for number in range(1, CROWD + 1)]


@pytest.mark.parametrize(
    ("lane", "known", "first"),
    [
        ("B-ui", [], "B-UI-001"),
        ("B-ui", ["B-UI-009", "B-UI-X", "B-UI-10a"], "B-UI-010"),
        ("ops_2", ["OPS-2-999"], "OPS-2-1000"),
        ("2nd", [], "T-2ND-001"),
        ("größe", [], "GR-SSE-001"),
    ],
)
def test_what_a_made_id_looks_like(lane: str, known: list[str], first: str) -> None:
    assert next_id(id_starts(lane)[0], known) == first


def test_where_the_id_pattern_takes_no_made_id_one_is_asked_for(tmp_path: Path) -> None:
    def tool(name: str, *words: str) -> Answer:
        return run_tool(name, *words, cwd=str(tmp_path))

    assert tool("fairway-init", "--inline", "--lane", "B-ui").code == 0
    tool("fairway-config", "set", "fairway.task_id_pattern", "^[a-z]+$")
    answer = tool("queue-add", "--title", "New", "--role", "B-ui")
    assert (answer.word, "TASK_ID is required" in answer.err) == ("usage", True)
    tool("fairway-config", "set", "fairway.task_id_pattern", "^[A-Z]+-[0-9]+$")
    assert tool("queue-add", "--title", "New", "--role", "B-ui", "--json").json["task_id"] == "BUI-001"


@pytest.mark.parametrize("written", ["gates = 3\n", '[[gates]]\nstale_evidence = "warn"\n'])
def test_a_value_is_not_set_in_a_section_that_is_no_table(tmp_path: Path, written: str) -> None:
    config = tmp_path / ".fairway" / "config.toml"
    config.parent.mkdir()
    config.write_text(written)
    answer = run_tool("fairway-config", "set", "gates.stale_evidence", "refuse", cwd=str(tmp_path))
    assert (answer.word, "the section around it is no table" in answer.err) == ("invalid_config", True)
    assert config.read_text() == written


def test_everything_that_is_wrong_is_named_at_once(project: Checkout) -> None:
    answer = add(project, "b9", "--kind", "novel", "--parent", "b9")
    for said in ("TASK_ID: ", "KIND: ", "PARENT: "):
        assert said in answer.err


def test_the_authoring_standard_holds_for_added_tasks_too(project: Checkout) -> None:
    assert "reads as prose" in add(project, "B-8", "--acceptance", "all tests pass").err
    project.ok("fairway-config", "set", "queue.profile", "strict")
    refused = add(project, "B-9")
    assert refused.word == "usage"
    for name in ("PRIORITY", "NOTES", "ACCEPTANCE"):
        assert f"{name}: required field is" in refused.err


def test_the_id_of_an_archived_task_is_taken(project: Checkout) -> None:
    from tests.support.repositories import write_file

    archive = queue_text(task("B-7", status="done", commit="abc", completed_at="2026-05-04"))
    write_file(project.main, "doc/governance/archive/2026.yaml", archive)
    project.ok("queue-import")
    answer = add(project, "B-7")
    assert answer.word == "already_exists"
    assert "archive/2026.yaml" in answer.err


def test_of_many_who_add_the_same_id_at_once_one_succeeds(project: Checkout) -> None:
    project.ok("queue-list")
    words = ["B-9", "--title", "New", "--role", "B-ui"]
    answers = [finish(process) for process in [start_tool("queue-add", *words, cwd=project.main) for _ in range(6)]]
    assert sorted(answer.code for answer in answers) == [0, 4, 4, 4, 4, 4]
    assert {answer.word for answer in answers if answer.code} == {"already_exists"}
    assert len(events(project, "B-9", "task_added")) == 1


def test_a_repeated_request_adds_once_and_gives_the_first_answer(project: Checkout) -> None:
    first = add(project, "B-9", "--request-id", "r1")
    again = add(project, "B-9", "--request-id", "r1")
    assert again.json == first.json
    assert len(events(project, "B-9", "task_added")) == 1


def test_a_project_without_a_queue_file_can_be_filled_by_queue_add_alone(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(), lanes=[])
    project.ok("fairway-config", "set", "fairway.queue_source", "inline")
    add(project, "B-9")
    assert project.ok("queue-ready", "--format", "ids").out.split() == ["B-9"]


@pytest.mark.endurance
def test_any_text_is_kept_as_it_was_typed_for_make(project: Checkout) -> None:
    names = [name for name in PAYLOADS if name not in NOT_TEXT and len(PAYLOADS[name]) < LONG]
    for number, name in enumerate(names):
        text = str(PAYLOADS[name])
        answer = project.make("queue-add", f"TASK_ID=B-{number}X", "ROLE=B-ui", "TITLE=t", f"NOTES={text}")
        assert answer.code == 0, (name, answer)
    kept = {row["id"]: row["notes"] for row in rows(project, "task_definitions")}
    for number, name in enumerate(names):
        text = str(PAYLOADS[name])
        assert kept[f"B-{number}X"] == (text.lstrip(" \t") if text.strip() else ""), name
    assert not was_executed(project.main)


def test_a_list_that_is_not_utf_8_is_refused(project: Checkout) -> None:
    answer = run_tool("queue-add", "B-9", "--title", "t", "--role", "B-ui", "--acceptance", b"a\xff", cwd=project.main)
    assert (answer.code, answer.word) == (2, "usage")


# --- queue-update ---------------------------------------------------------------------------------------------


def test_only_what_is_given_changes_and_the_state_stays(project: Checkout) -> None:
    add(project, "B-9", "--priority", "3", "--tags", "a,b", "--notes", "n")
    project.ok("queue-claim", "B-9", "--role", "B-ui", "--owner", "Bea", "--actor", "ann")
    before = state(project, "B-9")
    updated = update(project, "B-9", "--title", "Other", "--priority", "1").json
    assert updated["changed"] == {"title": ["New", "Other"], "priority": [3, 1]}
    assert (updated["title"], updated["tags"], updated["notes"]) == ("Other", ["a", "b"], "n")
    after = state(project, "B-9")
    assert after.pop("sort_priority") == 1
    before.pop("sort_priority")
    assert after == before, "owner, claimant, lease and fence belong to the one who works on it"
    project.ok("queue-verify")


def test_fields_are_emptied_by_name(project: Checkout) -> None:
    add(project, "B-9", "--priority", "1", "--tags", "a", "--parent", "B-E", "--acceptance", "make", "--kind", "bug")
    updated = update(project, "B-9", "--clear", "priority,TAGS,Parent,acceptance,kind").json
    assert (updated["priority"], updated["tags"], updated["parent_id"]) == (None, [], "")
    assert (updated["acceptance_checks"], updated["kind"]) == ([], "task")
    assert state(project, "B-9")["sort_priority"] == 1000


def test_dependencies_can_be_replaced_and_readiness_follows(project: Checkout) -> None:
    add(project, "B-9", "--depends-on", "A-1")
    assert update(project, "B-9", "--clear", "dependencies").json["ready"] is True
    assert update(project, "B-9", "--depends-on", "B-1").json["ready"] is False
    project.ok("queue-verify")


def test_a_change_of_nothing_is_no_event(project: Checkout) -> None:
    add(project, "B-9")
    answer = update(project, "B-9", "--title", "New")
    assert answer.json["changed"] == {}
    assert events(project, "B-9", "task_updated") == []
    assert "nothing differs" in project.ok("queue-update", "B-9", "--title", "New").out


def test_a_task_of_the_queue_file_is_changed_in_the_file(project: Checkout) -> None:
    answer = project.run("queue-update", "A-1", "--title", "x")
    assert (answer.code, answer.word) == (4, "file_owned")
    with open(project.queue_file, encoding="utf-8") as file:
        line = next(number for number, text in enumerate(file, 1) if '"A-1"' in text)
    assert f"hint: change it in doc/governance/Agent_Work_Queue.yaml:{line}; the next command reads it" in answer.err
    assert project.detail("A-1")["title"] == "Title of A-1"


def test_a_task_that_left_the_queue_file_still_belongs_to_it(project: Checkout) -> None:
    project.ok("queue-list")
    project.write_queue(queue_text(task("B-1")))
    answer = project.run("queue-update", "A-1", "--title", "x")
    assert answer.word == "file_owned"
    assert "no longer in it" in answer.err


@pytest.mark.parametrize(
    ("words", "code", "word", "said"),
    [
        (["B-9"], 2, "usage", "nothing to change"),
        (["B-77", "--title", "x"], 3, "not_found", "B-77"),
        (["B-9", "--clear", "title"], 2, "usage", "CLEAR takes"),
        (["B-9", "--clear", "owner"], 2, "usage", "CLEAR takes"),
        (["B-9", "--clear", "tags", "--tags", "a"], 2, "usage", "given and cleared"),
        (["B-9", "--kind", "novel"], 2, "usage", "KIND"),
        (["B-9", "--parent", "B-9"], 2, "usage", "own parent"),
        (["B-9", "--parent", "B-77"], 3, "not_found", "B-77"),
        (["B-9", "--fence", "8", "--title", "x"], 4, "fence_outdated", "fence 0"),
        (["B-9", "--parent", "B-11"], 4, "cycle", "B-9 -> B-11 -> B-10 -> B-9"),
        (["B-9", "--depends-on", "A-1,B-11"], 4, "cycle", "B-9 -> B-11 -> B-10 -> B-9"),
    ],
)
def test_what_cannot_be_changed_is_refused_and_nothing_changes(
    project: Checkout, words: list[str], code: int, word: str, said: str
) -> None:
    add(project, "B-9")
    for child, parent in (("B-10", "B-9"), ("B-11", "B-10")):
        assert add(project, child, "--parent", parent, "--depends-on", parent).code == 0
    before = rows(project, "task_definitions"), rows(project, "task_dependencies")
    answer = update(project, *words)
    assert (answer.code, answer.word) == (code, word), answer
    assert said in answer.err
    assert (rows(project, "task_definitions"), rows(project, "task_dependencies")) == before


def test_another_lane_gets_the_task_and_the_one_who_holds_it_is_mentioned(project: Checkout) -> None:
    add(project, "B-9")
    project.ok("queue-claim", "B-9", "--role", "B-ui", "--owner", "Bea", "--actor", "ann")
    answer = update(project, "B-9", "--role", "A-backend")
    assert answer.json["lane"] == "A-backend"
    assert "claimed by ann" in answer.err
    assert state(project, "B-9")["claimant"] == "ann"


def test_the_lane_of_a_session_does_not_move_a_task_that_is_changed_or_spawned(project: Checkout) -> None:
    env = {"ROLE": "B-ui", "AGENT_ROLE": "B-ui"}
    project.ok("queue-add", "A-9", "--title", "x", "--role", "A-backend")
    assert project.make("queue-update", "TASK_ID=A-9", "TITLE=y", env=env).code == 0
    assert project.make("queue-spawn", "TASK_ID=A-10", "TITLE=z", "FROM_TASK=A-9", env=env).code == 0
    assert [state(project, task_id)["role"] for task_id in ("A-9", "A-10")] == ["A-backend", "A-backend"]
    assert project.make("queue-update", "TASK_ID=A-9", "TO_ROLE=C-ops").code == 0
    assert state(project, "A-9")["role"] == "C-ops"


# --- store and file -------------------------------------------------------------------------------------------


def test_an_import_leaves_the_tasks_of_the_store_alone(project: Checkout) -> None:
    add(project, "B-9")
    project.write_queue(queue_text(task("B-1", title="changed")))
    project.ok("queue-import")
    (kept,) = [row for row in rows(project, "task_definitions") if row["id"] == "B-9"]
    assert (kept["source"], kept["left_file_at"], kept["title"]) == ("store", None, "New")
    assert "B-9" in project.ok("queue-ready", "--format", "ids").out.split()
    project.ok("queue-prune-stale")
    assert project.detail("B-9")["ready"] is True


def test_a_task_that_appears_in_the_file_belongs_to_the_file_and_keeps_its_state(project: Checkout) -> None:
    add(project, "B-9")
    project.ok("queue-claim", "B-9", "--role", "B-ui", "--owner", "Bea", "--actor", "ann")
    project.write_queue(queue_text(task("B-9", title="From the file", status="todo", owner="")))
    project.ok("queue-import")
    detail = project.detail("B-9")
    assert (detail["title"], detail["status"], detail["claimant"]) == ("From the file", "in_progress", "ann")
    assert update(project, "B-9", "--title", "x").word == "file_owned"


@pytest.mark.parametrize("field", ["depends_on", "parent_id"])
def test_a_file_that_closes_a_cycle_through_a_task_of_the_store_is_not_imported(project: Checkout, field: str) -> None:
    add(project, "B-9", "--depends-on", "B-1", "--parent", "B-1")
    value: Any = ["B-9"] if field == "depends_on" else "B-9"
    project.write_queue(queue_text(task("B-1", **{field: value})))
    answer = project.run("queue-import")
    assert answer.word == "invalid_queue"
    assert "cycle: B-1 -> B-9 -> B-1" in answer.err


# --- queue-spawn ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "parent"),
    [
        ([], "B-E"),
        (["--sibling"], "B-E"),
        (["--child"], "B-1"),
        (["--place", "CHILD"], "B-1"),
        (["--root"], ""),
        (["--parent", "A-1"], "A-1"),
    ],
)
def test_a_task_is_spawned_as_sibling_child_root_or_under_another(
    project: Checkout, words: list[str], parent: str
) -> None:
    spawned = spawn(project, "B-9", "--from-task", "B-1", *words).json
    assert (spawned["parent_id"], spawned["spawned_from"]) == (parent, "B-1")
    assert (spawned["lane"], spawned["priority"], spawned["kind"]) == ("B-ui", 3, "task")


def test_lane_priority_and_metadata_come_from_the_task_and_a_flag_wins(project: Checkout) -> None:
    spawned = spawn(project, "B-9", "--from-task", "B-E", "--child", "--priority", "5", "--tags", "z").json
    assert {name: spawned[name] for name in METADATA if name != "tags"} == {
        name: value for name, value in METADATA.items() if name != "tags"
    }
    assert (spawned["lane"], spawned["priority"], spawned["tags"]) == ("B-ui", 5, ["z"])
    assert (spawned["notes"], spawned["dependencies"], spawned["acceptance_checks"]) == ("", [], [])


def test_the_parent_hands_down_when_there_is_no_current_task(project: Checkout) -> None:
    spawned = spawn(project, "B-9", "--parent", "B-E").json
    assert (spawned["lane"], spawned["priority"], spawned["tags"]) == ("B-ui", 2, ["x", "y"])
    assert spawned["spawned_from"] == ""


def test_a_child_of_a_leaf_is_warned_of_unless_forced(project: Checkout) -> None:
    assert "B-1 is a task, which is not meant" in spawn(project, "B-9", "--from-task", "B-1", "--child").err
    assert "warning" not in spawn(project, "B-10", "--from-task", "B-1", "--child", "--force").err
    assert "warning" not in spawn(project, "B-11", "--from-task", "B-E", "--child").err


def test_the_current_task_is_the_environments_or_the_sessions(project: Checkout) -> None:
    assert spawn(project, "B-9", FAIRWAY_TASK_ID="B-1").json["spawned_from"] == "B-1"
    upsert = ["--role", "B-ui", "--backend", "manual"]
    project.ok("session-upsert", *upsert, "--session-id", "s1", "--task-id", "B-E")
    assert spawn(project, "B-10", FAIRWAY_SESSION_ID="s1").json["spawned_from"] == "B-E"
    assert spawn(project, "B-11", FAIRWAY_SESSION_ID="s1", FAIRWAY_TASK_ID="B-1").json["spawned_from"] == "B-1"
    assert spawn(project, "B-12", AGENT_ROLE="B-ui").json["spawned_from"] == "B-E"
    assert spawn(project, "B-13", cwd=project.lanes["B-ui"]).json["spawned_from"] == "B-E"


def test_several_live_sessions_of_the_lane_ask_for_the_task(project: Checkout) -> None:
    for number, task_id in enumerate(("B-1", "B-E")):
        words = ["--role", "B-ui", "--backend", "manual", "--session-id", f"s{number}", "--task-id", task_id]
        project.ok("session-upsert", *words)
    answer = spawn(project, "B-9", AGENT_ROLE="B-ui")
    assert answer.word == "usage"
    assert "B-1, B-E" in answer.err
    assert "FROM_TASK" in answer.err
    assert spawn(project, "B-9", "--root", "--role", "B-ui", AGENT_ROLE="B-ui").json["spawned_from"] == ""


@pytest.mark.parametrize(
    ("words", "word", "said"),
    [
        ([], "usage", "which task it comes from is not known"),
        (["--child", "--root"], "usage", "only one of child, root"),
        (["--child", "--parent", "B-E"], "usage", "only one of child, PARENT"),
        (["--place", "aside"], "usage", "PLACE 'aside'"),
        (["--root"], "usage", "the lane is required"),
        (["--root", "--role", "B-ui", "--to-role", "A-backend"], "usage", "two lanes are named"),
        (["--from-task", "B-77"], "not_found", "B-77"),
        (["--parent", "B-77"], "not_found", "B-77"),
        (["--id", "B-10", "--root"], "usage", "two new tasks"),
        (["--from-task", "B-1", "--depends-on", "B-77"], "not_found", "B-77"),
    ],
)
def test_a_spawn_that_cannot_be_meant_is_refused(project: Checkout, words: list[str], word: str, said: str) -> None:
    project.ok("queue-list")
    answer = spawn(project, "B-9", *words)
    assert answer.word == word, answer
    assert said in answer.err
    assert len(rows(project, "task_definitions")) == 3


def test_the_new_task_can_be_named_as_id_and_make_spawns_too(project: Checkout) -> None:
    words = ["--id", "B-9", "--title", "x", "--from-task", "B-1"]
    assert project.ok("queue-spawn", *words).out.startswith("spawned B-9\n")
    answer = project.make("queue-spawn", "TASK_ID=B-10", "TITLE=y", "FROM_TASK=B-9", "PLACE=child", "ROOT=/x")
    assert answer.out.startswith("spawned B-10\n")
    assert project.detail("B-10")["parent_id"] == "B-9"
