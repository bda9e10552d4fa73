"""queue-where and queue-doctor: the tools for when something is odd."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.board.doctor import diagnosis, diagnosis_store
from fairway_scripts.board.doctor.diagnosis_store import store_findings
from fairway_scripts.board.orchestrator.findings import KEYS
from fairway_scripts.board.whereabouts import look_around
from fairway_scripts.project import installation
from tests.support.repositories import add_lane_worktrees, commit_file, git, write_file
from tests.support.shell import BIN, HOME, Checkout, make_checkout, make_environment, queue_text, run_tool, task

QUEUE = queue_text(task("A-1", "A-backend"), task("B-1"))


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, QUEUE)


@pytest.fixture
def plain(tmp_path: Path) -> str:
    """A folder with nothing in it and no repository around it."""
    folder = tmp_path / "plain"
    folder.mkdir()
    return str(folder)


def tamper(project: Checkout, *statements: str) -> None:
    """Change the store behind the suite's back."""
    with contextlib.closing(sqlite3.connect(project.store)) as store, store:
        for statement in statements:
            store.execute(statement)


def rollback_journal(project: Checkout) -> None:
    """Leave WAL, which only works outside a transaction."""
    with contextlib.closing(sqlite3.connect(project.store)) as store:
        assert store.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)


def spoil(project: Checkout) -> None:
    """Put something else into the store's place; the write-ahead log goes too, or SQLite would repair the file."""
    for name in ("queue.db-wal", "queue.db-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(os.path.dirname(project.store), name))
    write_file(project.main, ".git/fairway/queue.db", b"this is no database" * 100)


def where(project: Checkout, *arguments: str, cwd: str = "", **env: str) -> Any:
    return project.ok("queue-where", *arguments, "--json", cwd=cwd, env=env).json


class TestWhere:
    def test_shows_every_place_and_how_it_was_found(self, project: Checkout) -> None:
        project.ok("queue-list")
        found = where(project)
        assert found["store"] == {
            "engine": "sqlite",
            "path": project.store,
            "found": "the shared git directory",
            "exists": True,
            "schema_version": found["store"]["schema_version"],
            "task_count": 2,
        }
        assert (found["queue_file"]["path"], found["queue_file"]["exists"]) == (project.queue_file, True)
        assert (found["queue_file"]["valid"], found["queue_file"]["task_count"]) == (True, 2)
        assert found["config"]["path"] == os.path.join(project.main, ".fairway", "config.toml")
        assert (found["root"], found["main_branch"], found["findings"]) == (project.main, "master", [])

    def test_text_says_the_same_in_lines(self, project: Checkout) -> None:
        lines = project.ok("queue-where", "--actor", "ann").out.splitlines()
        assert lines[0] == f"store: {project.store}  missing  (the shared git directory)"
        assert lines[2] == f"config: {project.main}/.fairway/config.toml  (the main checkout)"
        assert "lane: -  (nothing here tells)" in lines
        assert "actor: ann  (--actor)" in lines

    def test_looking_makes_nothing(self, project: Checkout) -> None:
        where(project)
        assert not os.path.exists(project.store)

    def test_a_lane_worktree_uses_the_main_checkouts_files(self, project: Checkout) -> None:
        found = where(project, cwd=project.lanes["B-ui"])
        assert (found["root"], found["worktree"]) == (project.main, project.lanes["B-ui"])
        assert (found["queue_file"]["path"], found["store"]["path"]) == (project.queue_file, project.store)
        assert found["lane"] == {"name": "B-ui", "found": "the branch agent/B-ui"}

    @pytest.mark.parametrize(
        ("arguments", "env", "lane"),
        [
            (["--role", "D-arch"], {}, {"name": "D-arch", "found": "--role"}),
            ([], {"AGENT_ROLE": "A-backend"}, {"name": "A-backend", "found": "AGENT_ROLE"}),
            (["--role", "D-arch"], {"AGENT_ROLE": "A-backend"}, {"name": "D-arch", "found": "--role"}),
        ],
    )
    def test_the_lane(self, project: Checkout, arguments: list[str], env: dict[str, str], lane: dict[str, str]) -> None:
        assert where(project, *arguments, cwd=project.lanes["B-ui"], **env)["lane"] == lane

    @pytest.mark.parametrize(
        ("arguments", "env", "name", "found"),
        [
            (["--actor", "ann"], {"ACTOR": "bob"}, "ann", "--actor"),
            ([], {"ACTOR": "bob", "FAIRWAY_SESSION_ID": "s1"}, "bob", "ACTOR"),
            ([], {"FAIRWAY_SESSION_ID": "s1"}, "s1", "FAIRWAY_SESSION_ID"),
        ],
    )
    def test_the_actor(
        self, project: Checkout, arguments: list[str], env: dict[str, str], name: str, found: str
    ) -> None:
        assert where(project, *arguments, **env)["actor"] == {"name": name, "found": found}

    @pytest.mark.parametrize(
        ("env", "key", "found"),
        [
            ({"QUEUE_DB": "other.db"}, "store", "QUEUE_DB"),
            ({"AGENT_QUEUE_DB": "other.db"}, "store", "AGENT_QUEUE_DB"),
            ({"QUEUE_FILE": "other.yaml"}, "queue_file", "QUEUE_FILE"),
        ],
    )
    def test_an_override_is_named(self, project: Checkout, env: dict[str, str], key: str, found: str) -> None:
        place = where(project, **env)[key]
        assert (place["path"], place["found"]) == (os.path.join(project.main, next(iter(env.values()))), found)

    def test_an_unknown_lane_is_a_problem_that_is_told(self, project: Checkout) -> None:
        answer = project.ok("queue-where", env={"AGENT_ROLE": "Z-none"})
        assert "lane: -" in answer.out
        assert "warning: not_found: there is no lane 'Z-none'" in answer.err

    def test_a_broken_configuration_does_not_stop_it(self, project: Checkout) -> None:
        write_file(project.main, ".fairway/config.toml", "[gates]\nrequire_evidense = true\n")
        found = where(project)
        assert found["findings"][0]["word"] == "invalid_config"
        assert found["store"]["path"] == project.store

    def test_a_damaged_store_does_not_stop_it(self, project: Checkout) -> None:
        project.ok("queue-list")
        spoil(project)
        found = where(project)
        assert found["findings"][0]["word"] == "store_damaged"
        assert (found["store"]["exists"], found["store"]["schema_version"]) == (True, None)

    def test_without_anything_it_still_answers(self, plain: str) -> None:
        found = run_tool("queue-where", "--json", cwd=plain)
        assert found.code == 0
        assert found.json["store"]["found"].startswith("beside the configuration")
        assert (found.json["store"]["exists"], found.json["queue_file"]["exists"], found.json["config"]["path"]) == (
            False,
            False,
            "",
        )

    def test_a_lane_whose_repository_is_gone_is_a_clear_error(self, project: Checkout) -> None:
        shutil.rmtree(os.path.join(project.main, ".git", "worktrees"))
        assert project.run("queue-where", cwd=project.lanes["B-ui"]).word == "git_unavailable"


def doctor(project: Checkout, *arguments: str, **env: str) -> dict[str, Any]:
    """The findings by key."""
    answer = project.run("queue-doctor", *arguments, "--json", env=env)
    return {item["key"]: item for item in answer.json["findings"]}


class TestDoctor:
    def test_a_healthy_project_gets_ok_and_nothing_else(self, project: Checkout) -> None:
        project.ok("queue-list")
        answer = project.ok("queue-doctor")
        assert (answer.out, answer.err) == ("ok\n", "")

    def test_an_unused_project_is_healthy_too(self, project: Checkout) -> None:
        assert project.ok("queue-doctor").out == "ok\n"

    def test_a_lane_worktree_gets_the_same_answer(self, project: Checkout) -> None:
        assert project.ok("queue-doctor", cwd=project.lanes["B-ui"]).out == "ok\n"

    def test_errors_end_with_a_word_and_the_first_fix(self, project: Checkout) -> None:
        write_file(project.main, ".fairway/config.toml", "[gates]\nrequire_evidense = true\n")
        answer = project.run("queue-doctor")
        assert (answer.code, answer.word) == (1, "unhealthy")
        assert answer.out.splitlines()[0].startswith("error  config_invalid  ")
        assert answer.out.splitlines()[1] == f"  fix: {BIN}/fairway-config validate"
        assert f"hint: {BIN}/fairway-config validate" in answer.err

    def test_warnings_alone_leave_the_exit_code_at_0(self, project: Checkout) -> None:
        git(project.main, "worktree", "remove", project.lanes["B-ui"])
        answer = project.ok("queue-doctor")
        lines = answer.out.splitlines()
        assert lines[0] == f"warning  worktree_missing  lane B-ui has no worktree at {project.lanes['B-ui']}"
        assert lines[1] == "  fix: make worktree-setup ROLE=B-ui"
        assert len(lines) == 2

    def test_the_fix_for_a_missing_worktree_works(self, project: Checkout) -> None:
        git(project.main, "worktree", "remove", project.lanes["B-ui"])
        git(project.main, "branch", "-D", "agent/B-ui")
        fix = doctor(project)["worktree_missing"]["fix"]
        write_file(project.main, "Makefile", f"include {HOME}/make/fairway.mk\n")
        subprocess.run(fix, shell=True, check=True, cwd=project.main, capture_output=True, env=make_environment())
        assert project.ok("queue-doctor").out == "ok\n"

    def test_a_worktree_on_a_foreign_branch(self, project: Checkout) -> None:
        git(project.lanes["B-ui"], "switch", "--quiet", "--create", "elsewhere")
        found = doctor(project)["wrong_branch"]
        assert (found["level"], found["message"]) == (
            "error",
            f"{project.lanes['B-ui']} is on elsewhere, lane B-ui works on agent/B-ui",
        )
        subprocess.run(found["fix"], shell=True, check=True, capture_output=True)
        assert project.ok("queue-doctor").out == "ok\n"

    def test_a_worktree_that_somebody_deleted(self, project: Checkout) -> None:
        extra = add_lane_worktrees(project.main, ["X-old"])["X-old"]
        shutil.rmtree(extra)
        found = doctor(project)
        assert (list(found), found["worktree_gone"]["fix"]) == (["worktree_gone"], "git worktree prune")

    def test_a_worktree_of_a_repository_that_was_moved(self, project: Checkout) -> None:
        with open(os.path.join(project.lanes["B-ui"], ".git"), "w", encoding="utf-8") as file:
            file.write("gitdir: /gone/.git/worktrees/B-ui\n")
        found = doctor(project)
        assert found["worktree_unlinked"]["level"] == "error"
        subprocess.run(found["worktree_unlinked"]["fix"], shell=True, check=True, capture_output=True, cwd=project.main)
        assert project.ok("queue-doctor").out == "ok\n"

    def test_accepted_findings_are_hidden_until_everything_is_wanted(self, project: Checkout) -> None:
        git(project.lanes["B-ui"], "switch", "--quiet", "--create", "elsewhere")
        project.ok("fairway-config", "set", "doctor.suppress", "wrong_branch")
        assert project.ok("queue-doctor").out == "ok\n"
        lines = project.ok("queue-doctor", "--all").out.splitlines()
        assert lines[0].startswith("error  wrong_branch (suppressed)  ")

    def test_accepting_what_does_not_exist_is_a_finding(self, project: Checkout) -> None:
        project.ok("fairway-config", "set", "doctor.suppress", "rong_branch")
        assert "'rong_branch'" in doctor(project)["suppress_unknown"]["message"]

    def test_no_configuration_is_only_a_note(self, project: Checkout) -> None:
        shutil.rmtree(os.path.join(project.main, ".fairway"))
        found = doctor(project)
        assert (list(found), found["config_missing"]["level"]) == (["config_missing"], "note")

    def test_a_configuration_without_lanes(self, project: Checkout) -> None:
        write_file(project.main, ".fairway/config.toml", '[fairway]\ntask_id_pattern = "^[A-Z]-"\n')
        assert doctor(project)["lanes_missing"]["level"] == "warning"

    def test_neither_store_nor_queue_file(self, project: Checkout) -> None:
        os.unlink(project.queue_file)
        found = doctor(project)["queue_file_missing"]
        assert found["level"] == "error"

    def test_a_queue_file_that_is_gone_leaves_what_was_read(self, project: Checkout) -> None:
        project.ok("queue-list")
        os.unlink(project.queue_file)
        found = doctor(project)["queue_file_missing"]
        assert (found["level"], "git" in found["fix"]) == ("warning", True)

    @pytest.mark.parametrize("imported_before", [False, True])
    def test_a_queue_file_with_faults(self, project: Checkout, *, imported_before: bool) -> None:
        if imported_before:
            project.ok("queue-list")
        project.write_queue(QUEUE + "- id: B-1\n  title: again\n  role: B-ui\n")
        found = doctor(project)["queue_file_invalid"]
        assert (found["level"], found["fix"]) == ("error", "make queue-validate")

    def test_a_changed_queue_file_is_read_and_said_so(self, project: Checkout) -> None:
        answer = project.ok("queue-doctor")
        assert (answer.out, "2 added" in answer.err) == ("ok\n", True)

    def test_work_of_a_lane_that_is_not_configured(self, project: Checkout) -> None:
        project.ok("queue-list")
        tamper(
            project,
            "UPDATE task_definitions SET role = 'Z-old' WHERE id = 'B-1'",
            "UPDATE task_state SET role = 'Z-old' WHERE task_id = 'B-1'",
        )
        found = doctor(project)["lane_unknown"]
        assert "lane Z-old" in found["message"]
        assert "make queue-update TASK_ID='<task-id>' TO_ROLE='<to-role>'" in found["message"]
        assert "B-1" in project.ok("queue-list", "--role", "Z-old").out
        claimed = project.ok("queue-claim", "B-1", "--owner", "B")
        assert claimed.err == f"warning: lane Z-old is not configured: {found['fix']}\n"

    @pytest.mark.parametrize("change", ["ready = 0", "open_blockers = 3", "role = 'A-backend'"])
    def test_readiness_that_was_tampered_with(self, project: Checkout, change: str) -> None:
        project.ok("queue-list")
        tamper(project, f"UPDATE task_state SET {change} WHERE task_id = 'B-1'")
        found = doctor(project)["derived_columns"]
        assert (found["level"], "B-1" in found["message"]) == ("error", True)

    def test_a_store_that_is_something_else(self, project: Checkout) -> None:
        project.ok("queue-list")
        spoil(project)
        assert doctor(project)["store_damaged"]["level"] == "error"

    def test_a_store_of_a_later_version(self, project: Checkout) -> None:
        project.ok("queue-list")
        tamper(project, "PRAGMA user_version = 99")
        assert doctor(project)["store_newer"]["level"] == "error"

    def test_a_store_of_an_earlier_version(self, project: Checkout) -> None:
        project.ok("queue-list")
        tamper(project, "PRAGMA user_version = 1")
        assert doctor(project)["store_outdated"]["fix"] == "make queue-migrate"

    def test_a_page_that_was_overwritten(self, project: Checkout) -> None:
        tasks = [task(f"B-{number}", notes="x" * 500) for number in range(200)]
        project.write_queue(queue_text(*tasks))
        project.ok("queue-list")
        with contextlib.closing(sqlite3.connect(project.store)) as store:
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            root = store.execute("SELECT rootpage FROM sqlite_master WHERE name = 'task_state_history'").fetchone()[0]
            size = store.execute("PRAGMA page_size").fetchone()[0]
        with open(project.store, "r+b") as file:
            file.seek((root - 1) * size)
            file.write(b"\xff" * 200)
        assert doctor(project)["store_damaged"]["fix"] == "make queue-restore FROM='<from>'"

    def test_a_rollback_journal_on_a_local_disk(self, project: Checkout) -> None:
        project.ok("queue-list")
        rollback_journal(project)
        found = doctor(project)["journal_unfit"]
        assert (found["level"], found["fix"]) == ("warning", f"sqlite-utils enable-wal {project.store}")
        subprocess.run(
            [os.path.join(os.path.dirname(sys.executable), "sqlite-utils"), "enable-wal", project.store], check=True
        )
        assert project.ok("queue-doctor").out == "ok\n"

    def test_what_an_interrupted_write_left_behind(self, project: Checkout) -> None:
        project.ok("queue-list")
        gone = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True, check=True).stdout.strip()
        token = "0123456789abcdef"
        left = [
            f".git/fairway/.queue.db.{gone}-{token}.part",
            f".git/fairway/.queue.db.{gone}-{token}.part-wal",
            f".git/fairway/backups/.b.db.{gone}-{token}.part",
            f".git/fairway/queue.db.{gone}.part",  # as earlier versions named it
            f"docs/a b/.report.md.{gone}-{token}.part",
        ]
        others = [f".git/fairway/.queue.db.{os.getpid()}-{token}.part", "docs/.mine.part", "docs/my.part", "x.1-2.part"]
        for name in (*left, *others):
            write_file(project.main, name, "x")
        found = [item for item in project.ok("queue-doctor", "--json").json["findings"] if item["key"] == "part_file"]
        assert {item["fix"] for item in found} == {
            f"rm {shlex.quote(os.path.realpath(os.path.join(project.main, name)))}" for name in left
        }
        for item in found:
            subprocess.run(["sh", "-c", item["fix"]], check=True)
        assert "part_file" not in project.ok("queue-doctor", "--json").out

    def test_an_old_backup_from_before_an_upgrade(self, project: Checkout) -> None:
        project.ok("queue-list")
        backup = f"{project.store}.before-schema-4"
        shutil.copy(project.store, backup)
        assert doctor(project) == {}
        os.utime(backup, (1, 1))
        assert doctor(project)["old_backup"]["level"] == "note"

    def test_a_clock_that_stands_still(self, project: Checkout) -> None:
        assert "2026-11-21" in doctor(project, FAIRWAY_NOW="2026-11-21")["clock_frozen"]["message"]

    def test_modules_that_every_call_compiles_anew(self, project: Checkout, tmp_path: Path) -> None:
        nowhere = tmp_path / "cache"
        nowhere.mkdir()
        stale = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": str(nowhere)}
        found = doctor(project, **stale)["byte_code_stale"]
        assert found["level"] == "note"
        assert "PYTHONDONTWRITEBYTECODE is set" in found["message"]
        assert re.search(r": \d+ ms a call$", found["message"])
        subprocess.run(["sh", "-c", found["fix"]], check=True, env={**os.environ, **stale})
        assert "byte_code_stale" not in doctor(project, **stale)

    def test_outside_git(self, plain: str) -> None:
        write_file(plain, "q.yaml", QUEUE)
        answer = run_tool("queue-doctor", "--json", cwd=plain, env={"QUEUE_FILE": "q.yaml"})
        assert [item["key"] for item in answer.json["findings"]] == ["repository_missing", "config_missing"]

    def test_git_is_missing_or_too_old(self, project: Checkout, tmp_path: Path) -> None:
        folder = tmp_path / "path"
        folder.mkdir()
        assert doctor(project, PATH=str(folder))["git_missing"]["level"] == "error"
        old = folder / "git"
        old.write_text("#!/bin/sh\necho git version 2.20.1\n")
        old.chmod(0o755)
        assert "2.20" in doctor(project, PATH=f"{folder}:{os.environ['PATH']}")["git_old"]["message"]

    def test_an_integration_branch_that_is_not_there(self, project: Checkout) -> None:
        git(project.main, "branch", "--move", "master", "main")
        found = doctor(project)["main_branch_missing"]
        assert (found["level"], shlex.split(found["fix"])[-3:]) == ("error", ["set", "fairway.main_branch", "main"])
        subprocess.run(found["fix"], shell=True, check=True, capture_output=True, cwd=project.main)
        assert "main_branch_missing" not in doctor(project)

    def test_a_clone_whose_history_is_cut_off(self, project: Checkout, tmp_path: Path) -> None:
        clone = str(tmp_path / "clone")
        commit_file(project.main, "second.txt", "2\n")
        git(str(tmp_path), "clone", "--quiet", "--depth=1", f"file://{project.main}", clone)
        answer = run_tool("queue-doctor", "--json", cwd=clone)
        found = {item["key"]: item for item in answer.json["findings"]}
        assert found["clone_shallow"]["fix"] == "git fetch --unshallow"
        subprocess.run(found["clone_shallow"]["fix"], shell=True, check=True, cwd=clone, capture_output=True)
        again = run_tool("queue-doctor", "--json", cwd=clone)
        assert "clone_shallow" not in {item["key"] for item in again.json["findings"]}

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository away")
    def test_a_repository_that_git_refuses_for_its_owner(self, project: Checkout, tmp_path: Path) -> None:
        for path in (project.main, os.path.join(project.main, ".git")):
            os.chown(path, 65534, 65534)
        found = doctor(project)["repository_refused"]
        assert "dubious ownership" in found["message"]
        assert found["fix"] == f"git config --global --add safe.directory {project.main}"

    def test_a_repository_in_a_format_that_git_does_not_know(self, project: Checkout) -> None:
        git(project.main, "config", "core.repositoryFormatVersion", "1")
        git(project.main, "config", "extensions.refStorage", "what comes next")
        assert doctor(project)["repository_refused"]["level"] == "error"

    def test_a_hook_that_names_a_program_which_is_gone(self, project: Checkout) -> None:
        write_file(project.main, ".git/hooks/post-merge", "#!/bin/sh\nexec /opt/gone/bin/queue-import\n")
        os.chmod(os.path.join(project.main, ".git", "hooks", "post-merge"), 0o755)
        assert "/opt/gone/bin/queue-import" in doctor(project)["hook_stale"]["message"]

    def test_a_makefile_whose_include_leads_nowhere_from_a_lane(self, project: Checkout) -> None:
        write_file(project.lanes["B-ui"], "Makefile", "include ../tools/make/fairway.mk # daily work\n")
        found = doctor(project)["include_missing"]
        assert (found["level"], project.lanes["B-ui"] in found["message"]) == ("error", True)
        write_file(project.lanes["B-ui"], "Makefile", "-include ../tools/make/fairway.mk\n")
        assert "include_missing" not in doctor(project)

    def test_a_lane_whose_repository_is_gone(self, project: Checkout) -> None:
        shutil.rmtree(os.path.join(project.main, ".git", "worktrees"))
        answer = project.run("queue-doctor", "--json", cwd=project.lanes["B-ui"])
        assert [item["key"] for item in answer.json["findings"]] == ["repository_broken"]

    def test_a_configuration_file_that_was_named_and_is_not_there(self, project: Checkout) -> None:
        assert doctor(project, FAIRWAY_CONFIG="nowhere.toml")["config_missing"]["level"] == "error"


class TestPlacesThatCannotBeMadeHere:
    """Mounts, full disks and missing packages, simulated where the check reads them."""

    @pytest.fixture
    def keys(self, project: Checkout, monkeypatch: pytest.MonkeyPatch) -> Any:
        project.ok("queue-list")
        monkeypatch.chdir(project.main)

        class Given:
            tool, actor, role = "queue-doctor", "", ""

        return lambda: {item["key"]: item["level"] for item in store_findings(look_around(Given())[0])}

    def test_wal_on_a_shared_mount_is_an_error(self, keys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(diagnosis_store, "needs_rollback_journal", lambda _path: "nfs4")
        assert keys() == {"journal_unfit": "error"}

    def test_a_rollback_journal_on_a_shared_mount_is_right_and_said(
        self, project: Checkout, keys: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(diagnosis_store, "needs_rollback_journal", lambda _path: "9p")
        rollback_journal(project)
        assert keys() == {"store_on_shared_mount": "note"}

    @pytest.mark.parametrize(("mebibytes", "level"), [(10, "error"), (100, "warning"), (10_000, None)])
    def test_a_disk_that_fills_up(
        self, keys: Any, monkeypatch: pytest.MonkeyPatch, mebibytes: int, level: str | None
    ) -> None:
        class Disk:
            f_bavail, f_frsize = mebibytes, 1 << 20

        monkeypatch.setattr(diagnosis_store.os, "statvfs", lambda _path: Disk())
        assert keys().get("disk_space") == level

    def test_a_store_that_cannot_be_written(self, keys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "access", lambda path, _mode: not path.endswith("queue.db"))
        assert keys()["store_read_only"] == "error"

    def test_a_missing_package(self, project: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(project.main)
        monkeypatch.setitem(installation.PACKAGES, "sqlite-utils", "no_such_module_of_that_name")
        monkeypatch.setattr(installation, "home", lambda: project.main)

        class Given:
            tool, actor, role = "queue-doctor", "", ""

        found = diagnosis.diagnose(Given())
        assert found["findings"][0]["key"] == "package_missing"
        assert (found["ok"], "sqlite-utils" in found["findings"][0]["message"]) == (False, True)

    def test_an_old_python(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(installation, "PYTHON_FLOOR", (99, 0))
        assert diagnosis._python()[0]["key"] == "python_old"


def test_every_key_is_described() -> None:
    assert all(KEYS.values())
