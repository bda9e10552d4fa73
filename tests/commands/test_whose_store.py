"""A store knows whose it is: who may change it, whose queue file defines its tasks, and what a lost one means."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.repositories import commit_file, git
from tests.support.shell import QUEUE_FILE, Checkout, make_checkout, queue_text, run_tool, task
from tests.support.stored import rows, state

pytestmark = pytest.mark.separate  # the log of a dead process

if TYPE_CHECKING:
    from pathlib import Path

OURS = queue_text(task("B-1"), task("A-1", "A-backend"))
THEIRS = queue_text(task("B-9"), task("C-9", "C-ops"))


@pytest.fixture
def ours(tmp_path: Path) -> Checkout:
    """A repository whose store has a claimed task and an untouched one."""
    project = make_checkout(tmp_path, OURS, lanes=[])
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    return project


@pytest.fixture
def theirs(tmp_path: Path) -> Checkout:
    """Another repository, with a queue file and a history of its own."""
    project = make_checkout(tmp_path, THEIRS, lanes=[], name="other")
    git(project.main, "commit", "--quiet", "--amend", "--allow-empty", "-m", "another beginning")
    git(project.main, "checkout", "--quiet", "--orphan", "trunk")
    git(project.main, "commit", "--quiet", "-m", "a beginning of its own")
    git(project.main, "branch", "--quiet", "-D", "master")
    git(project.main, "branch", "--quiet", "-m", "master")
    return project


def files(folder: str) -> dict[str, str]:
    """Every file of a folder with what is in it."""
    found = {}
    for entry in os.scandir(folder):
        if entry.is_file():
            with open(entry.path, "rb") as file:
                found[entry.name] = hashlib.sha256(file.read()).hexdigest()
    return found


def definitions(project: Checkout) -> dict[str, Any]:
    return {row["id"]: (row["left_file_at"], row["archived_at"]) for row in rows(project, "task_definitions")}


NAMED = {
    "AGENT_QUEUE_DB": lambda store: ((), {"AGENT_QUEUE_DB": store}),
    "QUEUE_DB": lambda store: ((), {"QUEUE_DB": store}),
    "--db": lambda store: (("--db", store), {}),
}
READERS = [
    ("queue-ready",),
    ("queue-list",),
    ("queue-task-detail", "B-1"),
    ("queue-status-report",),
    ("queue-verify",),
    ("queue-snapshot",),
    ("queue-where",),
    ("queue-git-check",),
]
WRITERS = [
    ("queue-claim", "A-1", "--role", "A-backend", "--owner", "X"),
    ("queue-prune-stale",),
    ("queue-import",),
    ("queue-migrate",),
    ("queue-backup",),
    ("queue-set-status", "B-1", "--status", "blocked", "--reason", "x"),
    ("queue-add", "B-7", "--role", "B-ui", "--title", "x"),
    ("queue-record-evidence", "B-1", "--command-text", "c", "--result", "pass"),
]


@pytest.mark.parametrize("how", sorted(NAMED))
def test_another_repository_reads_and_leaves_everything_as_it_is(how: str, ours: Checkout, theirs: Checkout) -> None:
    words, env = NAMED[how](ours.store)
    before = files(os.path.dirname(ours.store))
    for tool, *arguments in READERS if how == "--db" else READERS[:2]:
        answer = theirs.run(tool, *arguments, *words, env=env)
        assert answer.code in (0, 1), (tool, answer)
        assert "B-9" not in answer.out
    assert files(os.path.dirname(ours.store)) == before
    assert definitions(ours) == {"B-1": (None, None), "A-1": (None, None)}


def test_through_make_too(ours: Checkout, theirs: Checkout) -> None:
    answer = theirs.make("queue-ready", f"QUEUE_DB={ours.store}")
    assert answer.out.split()[0] == "A-1"
    assert "is the store of another repository" in answer.err
    assert "store_foreign" in theirs.make("queue-prune-stale", f"QUEUE_DB={ours.store}").err
    assert definitions(ours) == {"B-1": (None, None), "A-1": (None, None)}


@pytest.mark.parametrize("words", WRITERS, ids=lambda words: words[0])
def test_a_writer_of_another_repository_is_refused(words: tuple[str, ...], ours: Checkout, theirs: Checkout) -> None:
    before = files(os.path.dirname(ours.store))
    answer = theirs.run(*words, "--db", ours.store)
    assert (answer.code, answer.word) == (4, "store_foreign"), answer
    assert ours.main in answer.err
    assert files(os.path.dirname(ours.store)) == before


def test_where_there_is_no_repository_a_store_is_only_read(ours: Checkout, tmp_path: Path) -> None:
    (tmp_path / "nowhere").mkdir()
    place = str(tmp_path / "nowhere")
    assert run_tool("queue-ready", "--db", ours.store, cwd=place).out.split()[0] == "A-1"
    claim = ("queue-claim", "A-1", "--role", "A-backend", "--owner", "X", "--db", ours.store)
    assert run_tool(*claim, cwd=place).word == "store_foreign"


def clone(project: Checkout, place: Path, *words: str) -> Checkout:
    git(os.path.dirname(project.main), "clone", "--quiet", *words, f"file://{project.main}", str(place))
    return Checkout(str(place), {})


def test_another_clone_works_with_the_definitions_as_they_are(ours: Checkout, tmp_path: Path) -> None:
    other = clone(ours, tmp_path / "clone")
    other.write_queue(THEIRS)
    env = {"AGENT_QUEUE_DB": ours.store}
    ready = other.ok("queue-ready", env=env)
    assert ready.out.split()[0] == "A-1"
    assert ready.err.count("note: ") == 1
    assert f"the definitions in force are those of {ours.main}" in ready.err
    other.ok("queue-claim", "A-1", "--role", "A-backend", "--owner", "X", env=env)
    assert state(ours, "A-1")["owner"] == "X"
    for tool in ("queue-import", "queue-prune-stale", "queue-restore --from " + ours.store):
        assert other.run(*tool.split(), env=env).code != 0
    assert definitions(ours) == {"B-1": (None, None), "A-1": (None, None)}


def test_a_commit_on_top_of_the_one_that_was_read_last_defines_too(ours: Checkout, tmp_path: Path) -> None:
    other = clone(ours, tmp_path / "clone")
    env = {"AGENT_QUEUE_DB": ours.store}
    text = queue_text(task("B-1"), task("A-1", "A-backend"), task("B-2"))
    other.write_queue(text)
    assert "B-2" not in other.ok("queue-ready", env=env).out  # not committed
    commit_file(other.main, QUEUE_FILE, text)
    assert "B-2" in other.ok("queue-ready", env=env).out


def test_a_shallow_clone_is_known_by_the_commit_that_was_read_last(ours: Checkout, tmp_path: Path) -> None:
    commit_file(ours.main, QUEUE_FILE, queue_text(task("B-1"), task("A-1", "A-backend"), task("B-2")))
    ours.ok("queue-ready")
    env = {"AGENT_QUEUE_DB": ours.store}
    near = clone(ours, tmp_path / "near", "--depth=1")
    near.ok("queue-claim", "A-1", "--role", "A-backend", "--owner", "X", env=env)
    commit_file(ours.main, "later", "x\n")
    far = clone(ours, tmp_path / "far", "--depth=1")
    far.ok("queue-ready", env=env)
    assert far.run("queue-release", "A-1", env=env).word == "store_foreign"


def test_a_store_that_lies_elsewhere_is_its_repositorys_own(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, OURS, lanes=["B-ui"])
    env = {"QUEUE_DB": str(tmp_path / "shared" / "queue.db")}
    project.ok("queue-ready", env=env)
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env=env, cwd=project.lanes["B-ui"])
    project.write_queue(queue_text(task("B-1"), task("A-1", "A-backend"), task("B-3")))
    assert "B-3" in project.ok("queue-list", env=env).out
    other = clone(project, tmp_path / "clone")
    other.ok("queue-claim", "A-1", "--role", "A-backend", "--owner", "X", env=env)


def test_a_store_from_before_the_first_commit_and_a_moved_repository(tmp_path: Path) -> None:
    main = tmp_path / "new"
    (main / "doc" / "governance").mkdir(parents=True)
    (main / QUEUE_FILE).write_text(OURS)
    git(str(main), "init", "--quiet", "-b", "master")
    project = Checkout(str(main), {})
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    git(str(main), "add", "--all")
    git(str(main), "commit", "--quiet", "-m", "start")
    moved = Checkout(str(tmp_path / "moved"), {})
    main.rename(moved.main)
    moved.write_queue(queue_text(task("B-1"), task("A-1", "A-backend"), task("B-3")))
    assert "B-3" in moved.ok("queue-ready").out
    other = clone(moved, tmp_path / "clone")
    other.ok("queue-claim", "B-3", "--role", "B-ui", "--owner", "X", env={"QUEUE_DB": moved.store})


def test_a_store_without_an_identity_is_adopted_where_it_lies(ours: Checkout) -> None:
    forget_identity(ours)
    ours.write_queue(queue_text(task("B-1"), task("A-1", "A-backend"), task("B-3")))
    assert "B-3" in ours.ok("queue-ready").out
    assert '"uuid"' in next(row["value"] for row in rows(ours, "meta") if row["key"] == "identity")


def forget_identity(project: Checkout) -> None:
    """Make a store look like one from before stores had an identity."""
    connection = sqlite3.connect(project.store)
    connection.execute("DELETE FROM meta WHERE key = 'identity'")
    connection.commit()
    connection.close()
    os.unlink(os.path.join(os.path.dirname(project.store), "stores"))


def test_a_store_without_an_identity_is_not_given_to_whoever_comes(ours: Checkout, theirs: Checkout) -> None:
    forget_identity(ours)
    assert theirs.run("queue-import", "--db", ours.store).word == "store_foreign"
    outside = os.path.join(os.path.dirname(ours.main), "lone.db")
    shutil.copy(ours.store, outside)
    answer = theirs.run("queue-import", "--db", outside)
    assert answer.word == "store_foreign"
    assert f"make queue-migrate ADOPT=1 QUEUE_DB={outside}" in answer.err
    theirs.ok("queue-migrate", "--adopt", "--db", outside)
    theirs.ok("queue-import", "--db", outside)


# --- backups and other copies ---------------------------------------------------------------------------------


def test_a_backup_is_read_and_stays_what_it_is(ours: Checkout, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    backup = str(tmp_path / "kept" / "b.db")
    ours.ok("queue-backup", "--output", backup)
    before = files(os.path.dirname(backup))
    ours.write_queue(queue_text(task("B-5")))
    for words in (("queue-list",), ("queue-ready",), ("queue-task-detail", "B-1"), ("queue-verify",)):
        answer = ours.ok(*words, "--db", backup)
        assert "B-5" not in answer.out
    answer = ours.run("queue-claim", "A-1", "--role", "A-backend", "--owner", "X", "--db", backup)
    assert answer.word == "store_foreign"
    assert f"make queue-restore FROM={backup}" in answer.err
    assert files(os.path.dirname(backup)) == before


def test_a_copy_with_the_log_of_a_dead_process_is_read_as_well(ours: Checkout, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(ours.store + suffix, tmp_path / "kept" / f"c.db{suffix}")
    before = files(str(tmp_path / "kept"))
    assert "B-1" in ours.ok("queue-list", "--db", str(tmp_path / "kept" / "c.db")).out
    assert files(str(tmp_path / "kept")) == before


# --- what left comes back -------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["restored", "touch", "queue-import"])
def test_definitions_that_come_back_are_in_force_again_with_their_state(how: str, ours: Checkout) -> None:
    if how == "restored":
        ours.write_queue(queue_text(task("A-1", "A-backend")))
        ours.ok("queue-prune-stale", "--actor", "c")
        ours.write_queue(OURS)
    else:  # an older version let another repository's file retire them
        connection = sqlite3.connect(ours.store)
        connection.execute("UPDATE task_definitions SET left_file_at = '2026-01-01', archived_at = '2026-01-01'")
        connection.commit()
        connection.close()
        os.utime(ours.queue_file)
    if how == "queue-import":
        ours.ok("queue-import")
    ours.ok("queue-ready")
    assert definitions(ours) == {"B-1": (None, None), "A-1": (None, None)}
    assert state(ours, "B-1")["owner"] == "B"


# --- a lost store -----------------------------------------------------------------------------------------------


def lose(project: Checkout, *endings: str) -> None:
    for ending in endings:
        if os.path.exists(project.store + ending):
            os.unlink(project.store + ending)


@pytest.mark.parametrize("endings", [("",), ("", "-wal", "-shm")], ids=["its log stays", "all of it"])
@pytest.mark.parametrize("words", [("queue-ready",), ("queue-import",), ("queue-list",), ("queue-backup",)])
def test_a_lost_store_is_refused_and_its_backups_are_named(
    endings: tuple[str, ...], words: tuple[str, ...], ours: Checkout
) -> None:
    backup = ours.ok("queue-backup", "--json").json["path"]
    lose(ours, *endings)
    answer = ours.run(*words)
    assert (answer.code, answer.word) == (2, "store_lost"), answer
    assert f"make queue-restore FROM={backup}" in answer.err
    assert not os.path.exists(ours.store)


def test_a_lost_store_is_restored(ours: Checkout) -> None:
    backup = ours.ok("queue-backup", "--json").json["path"]
    ours.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "after the backup")
    lose(ours, "")
    ours.ok("queue-restore", "--from", backup)
    assert state(ours, "B-1")["status"] == "in_progress"
    ours.ok("queue-verify")
    ours.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "again")


def test_an_empty_store_begins_on_purpose_only(ours: Checkout) -> None:
    lose(ours, "")
    answer = ours.ok("queue-import", "--anew")
    assert "what was left of the old store was moved to" in answer.err
    assert not state(ours, "B-1")["owner"]
    ours.ok("queue-verify")


def put(project: Checkout, contents: bytes) -> None:
    lose(project, "", "-wal", "-shm")
    with open(project.store, "wb") as file:
        file.write(contents)


@pytest.mark.parametrize("words", ["queue-ready", "queue-doctor", "queue-add --role B-ui --title t"])
def test_a_store_without_a_byte_is_a_lost_one(words: str, ours: Checkout) -> None:
    backup = ours.ok("queue-backup", "--json").json["path"]
    put(ours, b"")
    answer = ours.run(*words.split())
    assert "store_lost" in answer.out + answer.err, answer
    assert f"make queue-restore FROM={backup}" in answer.err
    assert not os.path.getsize(ours.store)


def test_a_store_without_a_byte_is_restored_or_begun_anew(ours: Checkout) -> None:
    backup = ours.ok("queue-backup", "--json").json["path"]
    put(ours, b"")
    ours.ok("queue-restore", "--from", backup)
    assert state(ours, "B-1")["status"] == "in_progress"
    ours.ok("queue-verify")
    put(ours, b"")
    assert "moved to" in ours.ok("queue-import", "--anew").err
    assert not state(ours, "B-1")["owner"]
    ours.ok("queue-verify")


@pytest.mark.parametrize("tool", ["queue-ready", "queue-doctor"])
def test_a_damaged_store_names_its_newest_backup(tool: str, ours: Checkout) -> None:
    backup = ours.ok("queue-backup", "--json").json["path"]
    put(ours, b"x" * 4096)
    answer = ours.run(tool)
    assert "store_damaged" in answer.out + answer.err, answer
    assert f"make queue-restore FROM={backup}" in answer.err


def test_the_log_of_a_lost_store_is_enough_to_notice(ours: Checkout) -> None:
    lose(ours, "")
    os.unlink(os.path.join(os.path.dirname(ours.store), "stores"))
    assert ours.run("queue-ready").word == "store_lost"


# --- which checkout defines ----------------------------------------------------------------------------------------


def bare(project: Checkout, place: Path) -> Path:
    place.mkdir()
    git(str(place), "clone", "--quiet", "--bare", project.main, str(place / ".bare"))
    (place / ".git").write_text("gitdir: ./.bare\n")
    git(str(place), "worktree", "add", "--quiet", "-b", "agent/B-ui", "B-ui", "master")
    return place


def test_in_a_bare_repository_the_checkout_on_the_integration_branch_defines(tmp_path: Path) -> None:
    place = bare(make_checkout(tmp_path, OURS, lanes=[]), tmp_path / "p")
    git(str(place), "worktree", "add", "--quiet", "master", "master")
    lane, master = Checkout(str(place / "B-ui"), {}), Checkout(str(place / "master"), {})
    lane.write_queue(queue_text(task("B-1", title="a lane's copy")))
    assert "A-1" in lane.ok("queue-ready").out
    git(master.main, "checkout", "--quiet", "--detach")
    assert "a lane's copy" not in lane.ok("queue-list").out
    assert f"defined by: {master.main}" in lane.ok("queue-where").out
    assert f"defined by the queue file of {master.main}" in lane.run("queue-doctor").out


def test_without_such_a_checkout_the_queue_file_is_named_once(tmp_path: Path) -> None:
    place = bare(make_checkout(tmp_path, OURS, lanes=[]), tmp_path / "p")
    git(str(place), "worktree", "add", "--quiet", "-b", "coordination", "coordinator", "master")
    lane, coordinator = Checkout(str(place / "B-ui"), {}), Checkout(str(place / "coordinator"), {})
    answer = lane.run("queue-ready")
    assert answer.word == "not_found"
    assert "QUEUE_FILE=" in answer.err
    assert "nothing says" in lane.ok("queue-where").out
    coordinator.ok("queue-import", "--queue-file", coordinator.queue_file)
    lane.write_queue(queue_text(task("B-1", title="a lane's copy")))
    assert "a lane's copy" not in lane.ok("queue-list").out


def test_a_separate_git_directory_is_known_from_a_lane_once_its_main_checkout_was_used(tmp_path: Path) -> None:
    source = make_checkout(tmp_path, OURS, lanes=[])
    git(str(tmp_path), "clone", "--quiet", "--separate-git-dir", str(tmp_path / "store.git"), source.main, "main")
    main, lane = Checkout(str(tmp_path / "main"), {}), Checkout(str(tmp_path / "lane"), {})
    git(main.main, "worktree", "add", "--quiet", "-b", "agent/B-ui", lane.main)
    assert lane.run("queue-ready").word == "not_found"
    main.ok("queue-ready")
    lane.write_queue(queue_text(task("B-1", title="a lane's copy")))
    assert "a lane's copy" not in lane.ok("queue-list").out


# --- shared repositories --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("setting", "folder", "file"), [("group", 0o2775, 0o664), ("0640", 0o2750, 0o640)])
def test_what_is_made_in_a_shared_git_directory_is_shared(setting: str, folder: int, file: int, tmp_path: Path) -> None:
    project = make_checkout(tmp_path, OURS, lanes=[])
    git(project.main, "config", "core.sharedRepository", setting)
    before = os.umask(0o022)
    try:
        project.ok("queue-ready")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        project.ok("queue-backup")
        packet = ("context-packet", "--task-id", "B-1", "--owner", "B", "--goal", "g")
        project.ok(*packet, "--acceptance", "it works", "--attach", "B-1")
        project.ok("lane-engine", "--role", "B-ui", "--engine", "fairway", "--reason", "r")
    finally:
        os.umask(before)
    made = 0
    for place, _folders, names in os.walk(os.path.dirname(project.store)):
        assert os.stat(place).st_mode & 0o7777 == folder, place
        for name in names:
            made += 1
            assert os.stat(os.path.join(place, name)).st_mode & 0o7777 == file, name
    assert made >= 6
