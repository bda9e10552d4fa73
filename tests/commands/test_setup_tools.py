"""fairway-init, fairway-config, fairway-mk-path, queue-generate, queue-help: setting a project up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.calls.verbs import DAILY
from fairway_scripts.catalog import FAMILIES, TOOLS, family_tools
from fairway_scripts.project import installation
from tests.support.repositories import add_lane_worktrees, git, make_repository, write_file
from tests.support.shell import (
    FRAGMENT,
    GPUAAS_CONFIG,
    QUEUE_FILE,
    Answer,
    Checkout,
    make_checkout,
    queue_text,
    run_tool,
    start_tool,
    task,
)

CONFIG = ".fairway/config.toml"


@pytest.fixture
def repository(tmp_path: Path) -> str:
    """A repository on `master` without anything of ours."""
    return make_repository(tmp_path)


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])


def read(folder: str, path: str = CONFIG) -> str:
    with open(os.path.join(folder, path), encoding="utf-8") as file:
        return file.read()


def get(folder: str, key: str) -> object:
    return run_tool("fairway-config", "get", key, "--json", cwd=folder).json["value"]


class TestInit:
    def test_makes_all_that_a_first_task_needs_and_nothing_else(self, repository: str) -> None:
        answer = run_tool("fairway-init", cwd=repository)
        assert (answer.code, answer.out.splitlines()[0]) == (0, f"wrote {repository}/{CONFIG}")
        made = git(repository, "status", "--porcelain", "--untracked-files=all").splitlines()
        assert made == [f"?? {CONFIG}", "?? .fairway/fairway.mk", f"?? {QUEUE_FILE}"]
        assert os.path.exists(os.path.join(repository, ".git", "fairway", "queue.db"))

    def test_says_what_comes_next_and_that_line_works(self, repository: str) -> None:
        answer = run_tool("fairway-init", "--json", cwd=repository)
        line = answer.json["next_step"]
        assert f"next: {line}" in answer.err.replace('"}', "").replace("\\", "") or line in answer.err
        assert line == "make queue-add ROLE=work TITLE='<title>' ACCEPTANCE='<acceptance>'"
        words = ["--role", "work", "--title", "First", "--acceptance", "true"]
        assert run_tool("queue-add", *words, cwd=repository).out.startswith("added WORK-001\n")

    def test_lanes_can_be_named_one_by_one_or_between_commas(self, repository: str) -> None:
        words = ["--lane", "api", "--lane", "web,ops"]
        assert run_tool("fairway-init", *words, "--json", cwd=repository).json["lanes"] == ["api", "web", "ops"]
        assert run_tool("fairway-config", "validate", cwd=repository).code == 0

    def test_lanes_that_the_queue_file_has_stay_declared(self, repository: str) -> None:
        write_file(repository, QUEUE_FILE, queue_text(task("B-1", "B-ui"), roles=["A-backend", "B-ui"]))
        found = run_tool("fairway-init", "--lane", "docs", "--json", cwd=repository)
        assert (found.code, found.json["lanes"]) == (0, ["A-backend", "B-ui", "docs"])

    @pytest.mark.parametrize("name", ["a b", "-x", "a/b", "..", "x~1"])
    def test_a_lane_that_no_branch_can_be_named_after_is_refused(self, repository: str, name: str) -> None:
        assert run_tool("fairway-init", f"--lane={name}", cwd=repository).word == "usage"
        assert not os.path.exists(os.path.join(repository, ".fairway"))

    def test_the_gpuaas_preset_takes_further_lanes_and_the_branch_that_is_here(self, tmp_path: Path) -> None:
        repository = make_repository(tmp_path, branch="trunk")
        found = run_tool("fairway-init", "--preset", "gpuaas", "--lane", "F-data", "--json", cwd=repository).json
        assert (found["lanes"][0], found["lanes"][-1]) == ("A-backend", "F-data")
        assert found["fitted"] == {"fairway.main_branch": "trunk"}

    def test_without_a_queue_file_the_store_holds_the_tasks(self, repository: str) -> None:
        assert run_tool("fairway-init", "--inline", "--lane", "api", cwd=repository).code == 0
        assert not os.path.exists(os.path.join(repository, "doc"))
        assert run_tool("queue-add", "--role", "api", "--title", "First", cwd=repository).code == 0
        assert run_tool("queue-ready", "--format", "ids", cwd=repository).out == "API-001\n"

    @pytest.mark.parametrize("branch", ["main", "master", "trunk", "develop"])
    def test_the_branch_of_a_repository_without_a_commit(self, tmp_path: Path, branch: str) -> None:
        git(str(tmp_path), "init", "--quiet", "--initial-branch", branch)
        assert run_tool("fairway-init", cwd=str(tmp_path)).code == 0
        assert get(str(tmp_path), "fairway.main_branch") == branch

    def test_the_branch_that_the_remote_says_counts_more_than_what_is_out(self, tmp_path: Path) -> None:
        origin = make_repository(tmp_path, "origin", branch="develop")
        git(str(tmp_path), "clone", "--quiet", origin, "clone")
        clone = str(tmp_path / "clone")
        git(clone, "switch", "--quiet", "--create", "main")
        assert run_tool("fairway-init", cwd=clone).code == 0
        assert get(clone, "fairway.main_branch") == "develop"

    def test_a_second_call_makes_what_is_missing_and_then_says_what_comes_next(self, repository: str) -> None:
        run_tool("fairway-init", cwd=repository)
        os.unlink(os.path.join(repository, QUEUE_FILE))
        assert QUEUE_FILE in run_tool("fairway-init", cwd=repository).out
        answer = run_tool("fairway-init", cwd=repository)
        assert (answer.code, answer.word, "hint: make queue-add" in answer.err) == (4, "already_exists", True)

    def test_a_second_call_declares_further_lanes(self, repository: str) -> None:
        run_tool("fairway-init", "--lane", "api", cwd=repository)
        assert "declared lane web" in run_tool("fairway-init", "--lane", "web", cwd=repository).out
        assert run_tool("fairway-config", "get", "roles.web.branch", cwd=repository).out == "agent/web\n"

    def test_a_queue_file_that_git_has_is_not_begun_anew(self, repository: str) -> None:
        write_file(repository, QUEUE_FILE, queue_text(task("B-1")))
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "-m", "Queue")
        os.unlink(os.path.join(repository, QUEUE_FILE))
        answer = run_tool("fairway-init", cwd=repository)
        assert (answer.word, f"git -C {repository} checkout -- {QUEUE_FILE}" in answer.err) == (
            "file_unavailable",
            True,
        )

    def test_outside_git_what_is_no_source_is_ignored_once_there_is_a_repository(self, tmp_path: Path) -> None:
        assert run_tool("fairway-init", cwd=str(tmp_path)).code == 0
        git(str(tmp_path), "init", "--quiet")
        found = git(str(tmp_path), "status", "--porcelain", "--untracked-files=all").splitlines()
        assert found == [f"?? {CONFIG}", "?? .gitignore", f"?? {QUEUE_FILE}"] or "queue.db" not in "".join(found)

    def test_a_bare_repository_is_told_to_have_a_checkout(self, tmp_path: Path) -> None:
        git(str(tmp_path), "init", "--quiet", "--bare", "x.git")
        answer = run_tool("fairway-init", cwd=str(tmp_path / "x.git"))
        assert (answer.word, "worktree add" in answer.err) == ("usage", True)
        assert not os.path.exists(tmp_path / "x.git" / ".fairway")

    def test_the_file_is_valid(self, repository: str) -> None:
        run_tool("fairway-init", cwd=repository)
        assert run_tool("fairway-config", "validate", cwd=repository).code == 0

    def test_the_gpuaas_preset_is_the_file_of_the_suite(self, repository: str) -> None:
        answer = run_tool("fairway-init", "--preset", "gpuaas", "--json", cwd=repository)
        with open(GPUAAS_CONFIG, encoding="utf-8") as file:
            assert read(repository) == file.read()
        assert answer.json["lanes"] == ["A-backend", "B-ui", "C-ops", "D-arch", "E-governance"]

    def test_from_a_lane_worktree_it_goes_to_the_main_checkout(self, repository: str) -> None:
        lane = add_lane_worktrees(repository, ["B-ui"])["B-ui"]
        assert run_tool("fairway-init", cwd=lane).code == 0
        assert os.path.exists(os.path.join(repository, CONFIG))
        assert not os.path.exists(os.path.join(lane, CONFIG))

    def test_takes_over_what_is_there(self, repository: str) -> None:
        write_file(repository, QUEUE_FILE, queue_text(task("B-V3-ACK-001", "B-ui"), roles=["A-backend", "B-ui"]))
        found = run_tool("fairway-init", "--json", cwd=repository).json
        assert found["lanes"] == ["A-backend", "B-ui"]
        assert found["fitted"] == {"fairway.main_branch": "master"}
        assert run_tool("queue-ready", "--format", "ids", cwd=repository).out == "B-V3-ACK-001\n"

    def test_keeps_the_defaults_where_they_fit(self, tmp_path: Path) -> None:
        repository = make_repository(tmp_path, branch="main")
        write_file(repository, QUEUE_FILE, queue_text(task("FW-1")))
        assert run_tool("fairway-init", "--json", cwd=repository).json["fitted"] == {}
        assert get(repository, "fairway.main_branch") == "main"

    def test_never_touches_a_file_that_exists(self, repository: str) -> None:
        write_file(repository, CONFIG, "# mine\n")
        answer = run_tool("fairway-init", "--preset", "gpuaas", cwd=repository)
        assert (answer.code, answer.word, read(repository)) == (4, "already_exists", "# mine\n")

    def test_of_several_at_once_one_wins(self, repository: str) -> None:
        processes = [start_tool("fairway-init", cwd=repository) for _ in range(6)]
        codes = sorted(process.wait() for process in processes if process.communicate(timeout=60))
        assert codes == [0, 4, 4, 4, 4, 4]
        assert sorted(os.listdir(os.path.join(repository, ".fairway"))) == ["config.toml", "fairway.mk"]

    def test_another_place_can_be_named(self, repository: str) -> None:
        assert run_tool("fairway-init", "--config", "conf/fairway.toml", cwd=repository).code == 0
        assert os.path.exists(os.path.join(repository, "conf", "fairway.toml"))
        assert not os.path.exists(os.path.join(repository, CONFIG))

    @pytest.mark.parametrize("preset", ["gpu", "GPUAAS", "../config"])
    def test_an_unknown_preset_is_refused(self, repository: str, preset: str) -> None:
        assert run_tool("fairway-init", "--preset", preset, cwd=repository).word == "usage"
        assert not os.path.exists(os.path.join(repository, ".fairway"))

    def test_a_place_that_cannot_be_written(self, repository: str) -> None:
        write_file(repository, ".fairway", "a file where the folder should be")
        assert run_tool("fairway-init", cwd=repository).word == "file_unavailable"


class TestConfig:
    def config(self, project: Checkout, *words: str) -> Answer:
        return project.run("fairway-config", *words)

    def test_validate_names_the_valid_file(self, project: Checkout) -> None:
        assert self.config(project, "validate").out == f"valid {project.main}/{CONFIG}\n"

    def test_validate_lists_every_fault_with_its_line(self, project: Checkout) -> None:
        write_file(project.main, CONFIG, '[gates]\nrequire_evidense_before_done = true\n\n[claims]\nlease = "soon"\n')
        answer = self.config(project, "validate")
        lines = answer.out.splitlines()
        assert (answer.code, answer.word, len(lines)) == (1, "invalid_config", 2)
        assert lines[0].startswith(f"{project.main}/{CONFIG}:2: ")
        assert "require_evidence_before_done" in lines[0]
        assert lines[1].startswith(f"{project.main}/{CONFIG}:5: ")
        found = self.config(project, "validate", "--json").json
        assert (found["ok"], [fault["line"] for fault in found["findings"]]) == (False, [2, 5])

    def test_validate_needs_a_file(self, repository: str) -> None:
        answer = run_tool("fairway-config", "validate", cwd=repository)
        assert (answer.word, "fairway-init" in answer.err) == ("not_found", True)

    def test_show_gives_every_setting_on_a_line(self, project: Checkout) -> None:
        lines = self.config(project, "show").out.splitlines()
        assert 'fairway.main_branch: "master"' in lines
        assert 'roles.B-ui.branch: "agent/B-ui"' in lines
        assert 'review_routes.1.match: ".github/**"' in lines

    def test_without_a_file_the_assumed_settings_are_shown_and_said_so(self, repository: str) -> None:
        answer = run_tool("fairway-config", "get", "fairway.main_branch", cwd=repository)
        assert (answer.out, "conventions" in answer.err) == ("master\n", True)

    @pytest.mark.parametrize(
        ("key", "out"),
        [
            ("gates.preflight_before_claim", "enforce\n"),
            ("gates.require_evidence_before_done", "true\n"),
            ("states.allowed", '["todo", "in_progress", "blocked", "done"]\n'),
            ("roles.D-arch.provider", "gemini\n"),
            ("git_check", "idle_days: 3\n"),
        ],
    )
    def test_get_prints_a_value_plainly(self, project: Checkout, key: str, out: str) -> None:
        assert self.config(project, "get", key).out == out

    def test_set_changes_one_key_and_says_from_what_to_what(self, project: Checkout) -> None:
        before = read(project.main)
        answer = self.config(project, "set", "claims.lease", "6h")
        assert answer.out.splitlines()[0] == 'claims.lease: "12h" -> "6h"'
        after = read(project.main)
        assert [line for line in after.splitlines() if line not in before.splitlines()] == ['lease = "6h"']

    def test_set_is_in_force_at_once(self, project: Checkout) -> None:
        project.ok("queue-list")
        self.config(project, "set", "gates.preflight_before_claim", "off")
        write_file(project.lanes["B-ui"], "dirty.txt", "x")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")

    @pytest.mark.parametrize(
        ("words", "word"),
        [
            (["set", "claims.lease", "soon"], "invalid_config"),
            (["set", "git_check.idle_days", "many"], "usage"),
            (["set", "git_check.idle_days", "--", "-1"], "invalid_config"),
            (["set", "gates.require_evidense", "true"], "not_found"),
            (["get", "nothing.here"], "not_found"),
            (["get"], "usage"),
            (["set", "claims.lease"], "usage"),
            (["show", "claims"], "usage"),
            (["delete", "claims.lease"], "usage"),
            ([], "usage"),
        ],
    )
    def test_refusals_change_nothing(self, project: Checkout, words: list[str], word: str) -> None:
        before = read(project.main)
        answer = self.config(project, *words)
        assert (answer.word, read(project.main)) == (word, before)

    def test_a_file_with_faults_is_not_shown_as_if_it_were_fine(self, project: Checkout) -> None:
        write_file(project.main, CONFIG, "[gates]\nrequire_evidense = true\n")
        assert self.config(project, "show").word == "invalid_config"

    def test_a_lane_worktree_edits_the_main_checkouts_file(self, project: Checkout) -> None:
        project.ok("fairway-config", "set", "claims.lease", "6h", cwd=project.lanes["B-ui"])
        assert get(project.main, "claims.lease") == "6h"
        assert git(project.lanes["B-ui"], "status", "--porcelain") == ""


class TestMkPath:
    def test_prints_where_the_fragment_of_this_checkout_is(self, tmp_path: Path) -> None:
        assert run_tool("fairway-mk-path", cwd=str(tmp_path)).out == f"{os.path.realpath(FRAGMENT)}\n"

    def test_make_can_include_what_it_prints(self, project: Checkout) -> None:
        path = project.ok("fairway-mk-path").out.strip()
        write_file(project.main, "Makefile", f"FAIRWAY_PYTHON := {sys.executable}\ninclude {path}\n")
        assert project.make("queue-ready", "FORMAT=ids").out == "B-1\n"

    def test_an_installation_keeps_it_under_share(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fragment = tmp_path / "share" / "fairway" / "make" / "fairway.mk"
        fragment.parent.mkdir(parents=True)
        fragment.write_text("")
        monkeypatch.setattr(installation, "home", lambda: str(tmp_path / "site-packages"))
        monkeypatch.setattr(installation.sysconfig, "get_path", lambda _name, _scheme: str(tmp_path))
        assert installation.fragment_path() == str(fragment)

    def test_a_broken_installation_says_where_it_looked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(installation, "home", lambda: str(tmp_path))
        monkeypatch.setattr(installation.sysconfig, "get_path", lambda _name, _scheme: str(tmp_path))
        with pytest.raises(FairwayError) as caught:
            installation.fragment_path()
        assert (caught.value.word, str(tmp_path) in caught.value.message) == ("file_unavailable", True)


class TestGenerate:
    def generate(self, folder: Path, *arguments: str) -> Answer:
        return run_tool("queue-generate", *arguments, cwd=str(folder))

    def test_the_usual_size_is_the_described_queue(self, tmp_path: Path) -> None:
        text = self.generate(tmp_path).out
        assert (text.count("\n- id: "), text.count("\n  status: done")) == (406, 279)

    def test_the_same_seed_gives_the_same_file(self, tmp_path: Path) -> None:
        one, same, other = (self.generate(tmp_path, "--tasks", "20", "--seed", seed).out for seed in ("7", "7", "8"))
        assert one == same != other

    def test_what_it_makes_can_be_used_at_once(self, tmp_path: Path) -> None:
        project = make_checkout(tmp_path, "", lanes=[])
        os.unlink(project.queue_file)
        answer = project.ok("queue-generate", "--tasks", "30", "--output", QUEUE_FILE)
        assert (answer.out, f"wrote {QUEUE_FILE}" in answer.err) == ("", True)
        assert project.ok("queue-status-report", "--json").json["total"] == 30

    def test_a_file_that_exists_is_never_replaced(self, project: Checkout) -> None:
        before = read(project.main, QUEUE_FILE)
        assert project.run("queue-generate", "--output", QUEUE_FILE).word == "already_exists"
        assert read(project.main, QUEUE_FILE) == before

    def test_no_task_at_all_is_a_size_too(self, tmp_path: Path) -> None:
        assert "- id:" not in self.generate(tmp_path, "--tasks", "0").out

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--tasks", "many"],
            ["--tasks", "-5"],
            ["--tasks", "2000000"],
            ["--seed", "x"],
            ["--json"],
            ["--format", "tsv"],
        ],
    )
    def test_refuses_what_makes_no_sense(self, tmp_path: Path, arguments: list[str]) -> None:
        assert self.generate(tmp_path, *arguments).word == "usage"

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        assert self.generate(tmp_path, "--tasks", "1", "--output", "no/such/folder/q.yaml").word == "file_unavailable"


class TestHelp:
    def test_shows_the_day_first_and_then_the_families(self, tmp_path: Path) -> None:
        lines = run_tool("queue-help", cwd=str(tmp_path)).out.splitlines()
        assert [line.split()[1] for line in lines if line.startswith("  make queue-") and "  " in line[2:]][:9] == [
            name for name in DAILY if name.startswith("queue-")
        ]
        assert {line.split()[0] for line in lines if line.startswith("  ")} >= set(FAMILIES)
        assert len(lines) < 30

    @pytest.mark.parametrize("family", FAMILIES)
    def test_a_family_lists_its_tools(self, tmp_path: Path, family: str) -> None:
        answer = run_tool("queue-help", family, "--json", cwd=str(tmp_path)).json
        assert [tool["name"] for tool in answer["tools"]] == [tool.name for tool in family_tools(family)]
        out = run_tool("queue-help", family, cwd=str(tmp_path)).out
        assert all(tool.summary in out for tool in family_tools(family))

    def test_all_lists_every_tool_with_its_variables(self, tmp_path: Path) -> None:
        text = run_tool("queue-help", "--all", cwd=str(tmp_path)).out
        lines = text.splitlines()
        assert set(TOOLS) <= {line.split("  ")[0] for line in lines}
        for tool in TOOLS.values():
            own = text.partition(f"\n{tool.name}  ")[2].partition("\n")[2].split()
            assert own[: len(tool.variables)] == tool.variables

    @pytest.mark.parametrize("topic", [["queue-claim"], ["claim"], ["--topic", "queue-claim"]])
    def test_one_tool_in_full_is_its_own_help(self, tmp_path: Path, topic: list[str]) -> None:
        page = run_tool("queue-help", *topic, cwd=str(tmp_path)).out
        own, _, with_make = page.partition("\nwith make: ")
        assert own == run_tool("queue-claim", "--help", cwd=str(tmp_path)).out
        assert with_make.startswith("make queue-claim ROLE= OWNER= TASK_ID=")

    def test_arguments_of_one_tool_alone_are_shown_too(self, tmp_path: Path) -> None:
        out = run_tool("queue-help", "fairway-config", cwd=str(tmp_path)).out
        assert "set KEY VALUE or add-lane NAME" in " ".join(out.split())
        assert out.startswith(run_tool("fairway-config", "--help", cwd=str(tmp_path)).out)

    def test_json_describes_the_tools(self, tmp_path: Path) -> None:
        tools = {tool["name"]: tool for tool in run_tool("queue-help", "--json", cwd=str(tmp_path)).json["tools"]}
        assert set(tools) == set(TOOLS)
        assert tools["queue-claim"]["changes_the_store"] is True
        assert "--task-id" in tools["queue-claim"]["flags"]
        assert "usage: queue-claim" in run_tool("queue-help", "claim", "--json", cwd=str(tmp_path)).json["help"]

    def test_an_unknown_tool_comes_with_a_guess(self, tmp_path: Path) -> None:
        answer = run_tool("queue-help", "queue-clam", cwd=str(tmp_path))
        assert (answer.code, answer.word, "did you mean queue-claim?" in answer.err) == (3, "not_found", True)
        assert answer.err.splitlines()[-1] == "hint: make queue-help TOPIC=queue-claim"

    def test_needs_no_project_and_goes_through_make(self, project: Checkout) -> None:
        os.unlink(project.queue_file)
        page = project.make("queue-help", "TOPIC=queue-ready").out
        assert page.startswith("usage: queue-ready")
        assert "with make: make queue-ready ROLE= MINE= LIMIT=" in page


def test_the_tools_start_without_the_packages_of_the_suite(tmp_path: Path) -> None:
    """An interpreter that has nothing but the standard library hands over to the checkout's own environment."""
    done = subprocess.run(
        [sys.executable, "-S", os.path.join(os.path.dirname(os.path.dirname(FRAGMENT)), "bin", "queue-where")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.splitlines()[0].startswith("store: ")) == (0, True)
