"""parity-report run: both sides do what the runbook asks for, on copies, and every difference is told or explained."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.legacy_standin.standin import QUEUE_SCRIPT, make_legacy_project, why_missing
from tests.support.old_database import OldDatabase, usual_database
from tests.support.repositories import git, write_file
from tests.support.rings import some
from tests.support.shell import BIN, HOME, Answer, Checkout, environment, make_checkout, queue_text, run_tool, task

needs_ruby = pytest.mark.skipif(bool(why_missing()), reason=why_missing() or "-")
ROUTES = '[[route]]\npath = "docs/governance/x.md"\nreviewer = "E-governance"\n'
DAY = "2026-05-04 10:00:00"
#: An older store that knows one thing: which tasks are ready, in the order of their ids.
FAKE = f"""#!{sys.executable}
import sys
open("was-here", "a").close()
if sys.argv[1] != "ready":
    sys.exit("ERROR: not today")
if "B-ui" in sys.argv:
    print("B-1 first")
    print("B-2 second")
"""


def copy_of(tmp_path: Path, *tasks: dict[str, Any]) -> Checkout:
    """A repository that nobody works in, with an old database that knows nothing yet."""
    project = make_checkout(tmp_path, queue_text(*(tasks or (task("B-2"), task("B-1")))), lanes=[])
    usual_database(project)
    with open(os.path.join(tmp_path, "routes.toml"), "w", encoding="utf-8") as file:
        file.write(ROUTES)
    return project


def compare(project: Checkout, *words: str, env: dict[str, str] | None = None, out: str = "out") -> Answer:
    """parity-report run of a copy, with a table of routes of one row."""
    parent = os.path.dirname(project.main)
    places = ["--repo", project.main, "--out", os.path.join(parent, out)]
    routes = ["--routes", os.path.join(parent, "routes.toml")] if os.path.exists(f"{parent}/routes.toml") else []
    return run_tool("parity-report", "run", *places, *routes, *words, cwd=parent, env=env)


def result(project: Checkout, out: str = "out") -> Any:
    """What parity.json says."""
    with open(os.path.join(os.path.dirname(project.main), out, "parity.json"), encoding="utf-8") as file:
        return json.load(file)


def verdicts(project: Checkout, out: str = "out") -> dict[str, str]:
    """The verdict of each row."""
    return {row["case_id"]: row["verdict"] for row in result(project, out)["rows"]}


def fake(project: Checkout, text: str = FAKE) -> str:
    """Put an older store into a copy; how it is called."""
    path = os.path.join(project.main, "old.py")
    write_file(project.main, "old.py", text)
    os.chmod(path, 0o755)
    return "./old.py"


def everything_in(folder: str) -> dict[str, str]:
    """Every file below a folder with its sum."""
    found = {}
    for place, _folders, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as file:
                found[path] = hashlib.sha256(file.read()).hexdigest()
    return found


# --- where it may run --------------------------------------------------------------------------------------------


def with_remote(project: Checkout) -> None:
    git(project.main, "remote", "add", "origin", "git@example.org:gpuaas.git")


def with_local_remote(project: Checkout) -> None:
    git(project.main, "remote", "add", "origin", os.path.dirname(project.main))


def with_worktree(project: Checkout) -> None:
    git(project.main, "worktree", "add", "--quiet", os.path.join(os.path.dirname(project.main), "lane"))


def with_lock(project: Checkout) -> None:
    write_file(project.main, ".git/index.lock", "")


def with_front_door(project: Checkout) -> None:
    write_file(project.main, ".git/fairway/front-door.json", "{}")


def with_claim(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "Ann", "--force", "--reason", "x")


@pytest.mark.parametrize(
    ("make_live", "sign"),
    [
        (with_remote, "its remote origin is git@example.org:gpuaas.git"),
        (with_local_remote, "--allow-remote"),
        (with_worktree, "1 other worktree(s)"),
        (with_lock, "locked by index.lock"),
        (with_front_door, "being cut over"),
        (with_claim, "holds the claim of B-1"),
    ],
)
def test_a_repository_that_somebody_works_in_is_refused_with_the_sign_of_it(
    make_live: Any, sign: str, tmp_path: Path
) -> None:
    project = copy_of(tmp_path)
    make_live(project)
    answer = compare(project)
    assert (answer.code, answer.word) == (4, "live_repository")
    assert sign in answer.err
    assert not (tmp_path / "out").exists()


def test_a_remote_on_this_machine_may_stay_when_it_is_allowed(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    with_local_remote(project)
    assert compare(project, "--allow-remote", "--only", "import").code == 0


def test_a_remote_elsewhere_may_not_stay(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    with_remote(project)
    assert compare(project, "--allow-remote").word == "live_repository"


def test_the_refusal_names_the_commands_that_make_a_fit_copy_and_compare_it(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])
    usual_database(project).state("B-1", "in_progress", owner="Ann", claimed_at=DAY, updated_at=DAY)
    answer = compare(project)
    hint = answer.err.split("hint: ")[1].strip()
    env = environment(PATH=f"{BIN}:{os.path.dirname(sys.executable)}:{os.environ['PATH']}")
    done = subprocess.run(
        ["sh", "-c", f"{hint} --only import"], cwd=tmp_path, env=env, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    copy = f"{project.main}-copy"
    assert git(copy, "rev-parse", "agent/B-ui") == git(project.main, "rev-parse", "agent/B-ui")
    told = json.loads((tmp_path / "gpuaas-parity" / "parity.json").read_text())
    assert told["rows"][0]["source"] == "the old database (1 rows)"


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["--out", "x"], "usage"),
        (["--repo", "gpuaas"], "usage"),
        (["--repo", "gpuaas", "--out", "gpuaas/x"], "usage"),
        (["--repo", "nowhere", "--out", "x"], "not_found"),
        (["--repo", "gpuaas", "--out", "full"], "already_exists"),
        (["--repo", "gpuaas", "--out", "x", "--legacy-cmd", "a 'b"], "usage"),
        (["--repo", "gpuaas", "--out", "x", "--cases", "nowhere"], "not_found"),
        (["--repo", "gpuaas", "--out", "x", "--routes", "full/mine"], "invalid_document"),
    ],
)
def test_a_call_that_cannot_be_done_is_refused(words: list[str], word: str, tmp_path: Path) -> None:
    copy_of(tmp_path)
    write_file(str(tmp_path), "full/mine", "precious")
    assert run_tool("parity-report", "run", *words, cwd=str(tmp_path)).word == word
    assert (tmp_path / "full" / "mine").read_text() == "precious"


def test_the_copy_is_left_as_it_is(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    command = fake(project)
    before = everything_in(project.main)
    compare(project, "--legacy-cmd", command, "--only", "ready", "--only", "spoken-ok")
    assert everything_in(project.main) == before
    assert sorted(os.listdir(tmp_path / "out")) == ["parity.json", "parity.md", "raw"]


def test_a_command_that_is_named_by_its_place_in_the_copy_works_on_a_copy_of_that(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    fake(project)
    compare(project, "--legacy-cmd", os.path.join(project.main, "old.py"), "--only", "ready.B-ui")
    assert verdicts(project) == {"ready.B-ui": "mismatch"}
    assert not os.path.exists(os.path.join(project.main, "was-here"))


# --- what is compared --------------------------------------------------------------------------------------------


def test_what_neither_a_capture_nor_a_command_can_say_is_never_passed(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    answer = compare(project)
    assert answer.code == 0
    told = verdicts(project)
    assert {name for name, verdict in told.items() if verdict == "match"} == {
        "import",
        "route-table:docs/governance/x.md",
    }
    left = {name.split(".")[0] for name, verdict in told.items() if verdict == "not compared"}
    assert left >= {"ready", "validate", "git-check", "tick", "packs", "claims", "transitions", "evidence", "merge"}
    assert left >= {"context-packet", "watcher-packet", "bugfix-packet"}
    assert "no capture says what the older scripts do here, and no --legacy-cmd was given\n" in answer.out


def test_a_difference_is_told_with_both_sides_and_the_command_that_shows_it_again(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    answer = compare(project, "--legacy-cmd", fake(project), "--only", "ready")
    assert (answer.code, answer.word) == (1, "parity_mismatch")
    (row,) = [row for row in result(project)["rows"] if row["verdict"] == "mismatch"]
    assert (row["case_id"], row["lane"]) == ("ready.B-ui", "B-ui")
    assert row["differences"] == [{"field": "ready.B-ui", "legacy": ["B-1", "B-2"], "own": ["B-2", "B-1"]}]
    assert (tmp_path / "out" / "raw" / "ready.B-ui.legacy.out").read_text() == "B-1 first\nB-2 second\n"
    assert row["repeat"] in (tmp_path / "out" / "parity.md").read_text()
    words = shlex.split(row["repeat"])
    again = run_tool(words[0], *words[1:], cwd=str(tmp_path))
    assert again.code == 1
    assert verdicts(project, "out-again") == {"ready.B-ui": "mismatch"}


def test_a_difference_that_somebody_answers_for_does_not_fail_the_run(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    entry = 'operation = "ready"\nfield = "ready.B-ui"\nreason = "order of the file"\nowner = "D-arch"\n'
    entry += 'match = { legacy = "^B-1 B-2$", own = "^B-2 B-1$" }\ndate = 2026-05-04\nexpires = 2099-01-01\n'
    write_file(project.main, "compat/differences.toml", f"[[difference]]\n{entry}")
    answer = compare(project, "--legacy-cmd", fake(project), "--only", "ready")
    assert answer.code == 0, answer
    (row,) = [row for row in result(project)["rows"] if row["verdict"] == "explained"]
    assert "order of the file (D-arch)" in row["explained_by"][0]


@pytest.mark.endurance
def test_after_a_difference_the_rest_of_a_story_is_not_compared(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    compare(project, "--legacy-cmd", fake(project), "--only", "claims")
    told = {row["case_id"]: (row["verdict"], row["why"]) for row in result(project)["rows"]}
    assert told["claims.first"][0] == "mismatch"
    assert told["claims.taken"] == ("not compared", "the sides differ since claims.first")


@pytest.mark.endurance
def test_an_older_command_that_cannot_be_started_is_a_difference(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    compare(project, "--legacy-cmd", "./no-such-script", "--only", "validate", "--only", "ready.B-ui")
    assert verdicts(project)["ready.B-ui"] == "mismatch"


def test_our_routes_are_compared_with_the_table(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    (tmp_path / "routes.toml").write_text(ROUTES.replace("E-governance", "C-ops"))
    answer = compare(project, "--only", "route-table")
    assert answer.code == 1
    assert "route-table:docs/governance/x.md\n  reviewers: legacy C-ops, own E-governance" in answer.out


def test_every_row_of_the_published_table_is_routed_as_it_says(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    os.unlink(tmp_path / "routes.toml")
    answer = compare(project, "--only", "route-table")
    assert answer.code == 0, answer.out
    assert result(project)["counts"]["match"] >= 20


def test_a_state_that_cannot_be_imported_is_a_difference_and_nothing_else_is_compared(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    OldDatabase(os.path.join(project.main, "other.db"), "CREATE TABLE weather (day TEXT)")
    answer = compare(project, "--legacy-db", "other.db")
    assert answer.word == "parity_mismatch"
    assert verdicts(project) == {"import": "mismatch"}


def test_a_row_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert compare(copy_of(tmp_path), "--only", "no-such-row").word == "not_found"


def test_a_mismatch_becomes_one_task_however_often_it_is_found(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    command = fake(project)
    words = ["--legacy-cmd", command, "--only", "ready.B-ui", "--record-tasks"]
    assert "added" in compare(project, *words).out
    (filed,) = result(project)["tasks"]
    assert project.detail(filed["task_id"])["title"] == "parity: ready.B-ui differs in ready.B-ui"
    assert "there already" in compare(project, *words).out


@pytest.mark.endurance
def test_mismatches_are_filed_in_the_store_that_is_named(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    store = str(tmp_path / "other.db")
    run_tool("queue-import", "--queue-db", store, cwd=project.main)
    compare(project, "--legacy-cmd", fake(project), "--only", "ready.B-ui", "--record-tasks", "--queue-db", store)
    assert not os.path.exists(project.store)
    listed = run_tool("queue-list", "--queue-db", store, cwd=project.main).out
    assert "PARITY-READY-B-UI" in listed


# --- captures ----------------------------------------------------------------------------------------------------

#: An older store that claims, in the old database.
CLAIMING = f"""#!{sys.executable}
import sqlite3, subprocess, sys
common = subprocess.run(["git", "rev-parse", "--git-common-dir"], capture_output=True, text=True).stdout.strip()
db = sqlite3.connect(common + "/agent_queue/agent_queue.db")
if sys.argv[1] == "ready":
    print("B-2 second")
    sys.exit()
task, owner = sys.argv[-1], "Ann"
row = db.execute("SELECT owner FROM task_state WHERE task_id = ?", (task,)).fetchone()
if row:
    sys.exit("ERROR: taken by " + row[0])
state = (task, "in_progress", owner, "agent/B-ui", "{DAY}", "{DAY}")
columns = "task_id, status, owner, branch, claimed_at, updated_at"
db.execute("INSERT INTO task_state (" + columns + ") VALUES (?, ?, ?, ?, ?, ?)", state)
db.execute(
    "INSERT INTO task_state_history (task_id, from_status, to_status, owner, branch, actor, at) "
    "VALUES (?, 'todo', 'in_progress', ?, 'agent/B-ui', 'ann', '{DAY}')",
    (task, owner),
)
db.commit()
print("claimed " + task)
"""


def captured(tmp_path: Path) -> tuple[Checkout, str]:
    """A repository in which two claims and a look were captured, and a copy of it that was made before."""
    live = copy_of(tmp_path)
    write_file(live.main, "agent_queue.sh", CLAIMING)
    os.chmod(os.path.join(live.main, "agent_queue.sh"), 0o755)
    shutil.copytree(live.main, tmp_path / "before")
    os.mkdir(tmp_path / "cases")
    claim = ["./agent_queue.sh", "claim", "--role", "B-ui", "--owner", "Ann", "--task-id", "B-1"]
    for name, command in (("claim", claim), ("taken", claim), ("ready", ["./agent_queue.sh", "ready", "--role=B-ui"])):
        live.run("parity-report", "keep", "--out", str(tmp_path / "cases" / f"{name}.toml"), "--", *command)
    return live, str(tmp_path / "cases")


@pytest.mark.parametrize("made", some(["before", "gpuaas"], "before"))
def test_captures_are_compared_from_the_state_in_which_they_were_made(made: str, tmp_path: Path) -> None:
    _live, cases = captured(tmp_path)
    copy = Checkout(str(tmp_path / made), {})
    os.unlink(os.path.join(copy.main, "agent_queue.sh"))
    answer = compare(copy, "--cases", cases, "--only", "case")
    rows = {row["case_id"]: row for row in result(copy)["rows"]}
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "case:claim": "match",
        "case:taken": "mismatch",  # ours lets Ann claim again what she holds
        "case:ready": "match",
    }, answer
    assert rows["case:claim"]["legacy"]["state"]["status"] == "in_progress"


@pytest.mark.endurance
def test_a_capture_in_a_lane_is_compared_in_the_worktree_of_that_lane(tmp_path: Path) -> None:
    live = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])
    command = tmp_path / "agent_queue.sh"
    command.write_text(f"#!{sys.executable}\nprint('B-1')\n")
    command.chmod(0o755)
    (tmp_path / "cases").mkdir()
    out = str(tmp_path / "cases" / "ready.toml")
    live.run("parity-report", "keep", "--out", out, "--", str(command), "ready", cwd=live.lanes["B-ui"])
    copy = Checkout(str(tmp_path / "copy"), {})
    git(str(tmp_path), "clone", "--quiet", live.main, copy.main)
    git(copy.main, "remote", "remove", "origin")
    answer = compare(copy, "--cases", str(tmp_path / "cases"), "--only", "case")
    assert verdicts(copy) == {"case:ready": "match"}, answer


@pytest.mark.endurance
def test_a_capture_of_another_state_is_not_compared(tmp_path: Path) -> None:
    _live, cases = captured(tmp_path)
    copy = Checkout(str(tmp_path / "before"), {})
    usual = OldDatabase(os.path.join(copy.main, ".git", "agent_queue", "agent_queue.db"), "")
    usual.state("B-2", "done", updated_at=DAY)
    compare(copy, "--cases", cases, "--only", "case")
    told = {row["case_id"]: (row["verdict"], row["why"]) for row in result(copy)["rows"]}
    assert told["case:claim"] == (
        "not compared",
        "it was captured with other rows in the old database than the copy's",
    )


@pytest.mark.endurance
def test_a_capture_whose_rows_do_not_fit_is_not_compared(tmp_path: Path) -> None:
    _live, cases = captured(tmp_path)
    copy = Checkout(str(tmp_path / "before"), {})
    path = os.path.join(cases, "claim.toml")
    with open(path, encoding="utf-8") as file:
        text = file.read().replace('table = "task_state"', 'table = "weather"')
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    answer = compare(copy, "--cases", cases, "--only", "case")
    assert answer.code == 0, answer
    assert set(verdicts(copy).values()) == {"not compared"}


@pytest.mark.endurance
def test_a_capture_with_another_queue_file_is_not_compared(tmp_path: Path) -> None:
    _live, cases = captured(tmp_path)
    copy = Checkout(str(tmp_path / "before"), {})
    copy.write_queue(queue_text(task("B-1"), task("B-2"), task("B-3")))
    compare(copy, "--cases", cases, "--only", "case")
    assert set(verdicts(copy).values()) == {"not compared"}


def test_a_capture_that_no_tool_answers_is_not_compared(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    os.mkdir(tmp_path / "cases")
    project.run("parity-report", "keep", "--out", str(tmp_path / "cases" / "odd.toml"), "--", "true")
    assert compare(project, "--cases", str(tmp_path / "cases"), "--only", "case").code == 0
    (row,) = result(project)["rows"]
    assert (row["verdict"], row["why"]) == ("not compared", "no tool is known to answer this command")


# --- with a whole older suite ------------------------------------------------------------------------------------

PLANTED = {"ready.B-ui", "tick", "route:docs/governance/x.md", "spoken-ok.evidence-ok", "unnamed-commit.done"}
#: Results that both sides turn down: ours says `usage`, which is no refusal and equals none.
PLANTED |= {"spoken-passed.evidence-passed", "spoken-success.evidence-success"}


@pytest.mark.endurance
@needs_ruby
def test_exactly_the_planted_differences_are_found_and_a_capture_needs_no_ruby(tmp_path: Path) -> None:
    same = [task("B-2", priority=1), task("B-1", priority=1), task("B-3", depends_on=["B-1"])]
    others = [task("A-1", "A-backend"), task("A-2", "A-backend", depends_on=["A-1"])]
    live = make_legacy_project(tmp_path, queue_text(*same, *others), lanes=["B-ui"])
    copy = Checkout(str(tmp_path / "copy"), {})
    for words in (
        ["clone", "--quiet", "--no-hardlinks", live.main, copy.main],
        ["-C", copy.main, "fetch", "--quiet", "--update-head-ok", "origin", "+refs/heads/*:refs/heads/*"],
        ["-C", copy.main, "remote", "remove", "origin"],
    ):
        git(str(tmp_path), *words)
    shutil.copytree(os.path.dirname(live.legacy_db), os.path.join(copy.main, ".git", "agent_queue"))
    (tmp_path / "routes.toml").write_text(ROUTES)
    os.mkdir(tmp_path / "cases")
    live.run(
        *("parity-report", "keep", "--out", str(tmp_path / "cases" / "ready.toml"), "--"),
        *(f"./{QUEUE_SCRIPT}", "ready", "--role", "B-ui"),
        env={"LEGACY_NOW": DAY},
    )

    answer = compare(copy, "--legacy-cmd", QUEUE_SCRIPT)
    told = verdicts(copy)
    assert {name for name, verdict in told.items() if verdict == "mismatch"} == PLANTED, answer.out
    assert not [name for name, verdict in told.items() if verdict == "not compared"], answer.out
    assert {"merge.done", "evidence.left-done", "transitions.resumed", "claims.waiting"} <= set(told)

    folder = tmp_path / "path"
    folder.mkdir()
    for name in ("git", "sh", "env"):
        os.symlink(str(shutil.which(name)), folder / name)
    again = compare(
        copy, "--cases", str(tmp_path / "cases"), "--only", "case", env={"PATH": str(folder)}, out="without-ruby"
    )
    assert again.code == 1
    (row,) = result(copy, "without-ruby")["rows"]
    assert row["differences"] == [{"field": "ready.B-ui", "legacy": ["B-1", "B-2"], "own": ["B-2", "B-1"]}]


def test_a_copy_without_the_configured_main_branch_is_refused(tmp_path: Path) -> None:
    project = copy_of(tmp_path)
    git(project.main, "branch", "--move", "master", "trunk")
    answer = compare(project)
    assert answer.word == "not_found"
    assert "no branch 'master'" in answer.err


def test_the_published_table_of_routes_is_where_it_is_looked_for() -> None:
    assert os.path.isfile(os.path.join(HOME, "compat", "gpuaas", "route-fixtures.toml"))
