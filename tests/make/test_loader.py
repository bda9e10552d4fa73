"""The line that a repository commits: it finds the fragment from every worktree, and does no harm without the suite."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from fairway_scripts.queue.files.make_files import LOADER
from tests.make.test_make_floor_lint import GUEST, NEWER
from tests.support.repositories import add_lane_worktrees, git, make_repository, write_file
from tests.support.shell import FRAGMENT, Answer, environment, run_tool

#: How GNU Make before 4.2 reads the file: as if it were one.
OLD = "MAKE_VERSION=3.81"
HOST = "build:\n\t@echo built\n"


@pytest.fixture
def host(tmp_path: Path) -> str:
    """A committed repository that is set up, with the printed line at the end of its Makefile."""
    folder = make_repository(tmp_path, "host", branch="main")
    run_tool("fairway-init", "--lane", "api", cwd=folder)
    line = run_tool("fairway-mk-path", "--include", cwd=folder).out
    assert line == "-include .fairway/fairway.mk\n"
    write_file(folder, "Makefile", HOST + line)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "Set up")
    return folder


def make(folder: str, *words: str) -> Answer:
    done = subprocess.run(
        ["make", "-s", "--no-print-directory", *words], cwd=folder, env=environment(), capture_output=True, text=True
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def finds_the_targets(folder: str) -> bool:
    """Whether make has the targets there, in either way of reading, and the host's own goal is still the first."""
    assert make(folder).out == "built\n"
    return all(make(folder, "queue-where", *old).out.startswith("store: ") for old in ([], [OLD]))


@pytest.mark.parametrize("place", ["../lane", "../a/deep/er/place/lane", "../with  two blanks/lane", "inside/lane"])
def test_a_worktree_finds_them_wherever_it_is(host: str, place: str) -> None:
    lane = os.path.join(host, place)
    git(host, "worktree", "add", "--quiet", lane, "-b", "agent/api")
    assert finds_the_targets(lane)
    assert finds_the_targets(host)


def test_a_worktree_that_git_names_by_a_relative_path(host: str) -> None:
    lane = add_lane_worktrees(host, ["api"])["api"]
    with open(os.path.join(lane, ".git"), encoding="utf-8") as file:
        place = file.read().removeprefix("gitdir: ").strip()
    write_file(lane, ".git", f"gitdir: {os.path.relpath(place, lane)}\n")
    assert finds_the_targets(lane)


def test_a_separate_git_directory(host: str, tmp_path: Path) -> None:
    git(host, "init", "--quiet", "--separate-git-dir", str(tmp_path / "elsewhere.git"))
    assert finds_the_targets(host)


def test_a_colleague_without_the_suite_has_a_makefile_that_works(host: str, tmp_path: Path) -> None:
    git(str(tmp_path), "clone", "--quiet", host, "colleague")
    clone = str(tmp_path / "colleague")
    for old in ([], [OLD]):
        assert make(clone, *old) == Answer(0, "built\n", "")
        assert make(clone, "queue-where", *old).code == 2


@pytest.mark.parametrize("way", ["a suite beside it", "a first command", "FAIRWAY_HOME", "the line once more"])
def test_a_colleague_with_the_suite_has_the_targets(host: str, tmp_path: Path, way: str) -> None:
    git(str(tmp_path), "clone", "--quiet", host, "colleague")
    clone = str(tmp_path / "colleague")
    home = os.path.dirname(os.path.dirname(FRAGMENT))
    words = []
    if way == "a suite beside it":
        os.symlink(home, tmp_path / "fairway-scripts")
    elif way == "a first command":
        assert run_tool("queue-list", cwd=clone).code == 0
    elif way == "FAIRWAY_HOME":
        words = [f"FAIRWAY_HOME={home}"]
    else:
        run_tool("fairway-mk-path", "--include", cwd=clone)
    assert make(clone, "queue-where", *words).out.startswith("store: ")
    assert git(clone, "status", "--porcelain") == ""


def test_a_suite_that_went_away_leaves_the_makefile_working(host: str) -> None:
    note = os.path.join(host, ".git", "fairway", "fairway.mk")
    with open(note, encoding="utf-8") as file:
        text = file.read()
    write_file(host, ".git/fairway/fairway.mk", text.replace(os.path.realpath(FRAGMENT), "/nowhere/make/fairway.mk"))
    assert make(host) == Answer(0, "built\n", "")


def test_a_typed_value_is_executed_by_nothing_on_the_way(host: str, tmp_path: Path) -> None:
    proof = tmp_path / "executed"
    lane = add_lane_worktrees(host, ["api"])["api"]
    for place in (host, lane):
        answer = make(place, "queue-add", "ROLE=api", f"TITLE=$(shell touch {proof}) `touch {proof}`", "ACTOR=ann")
        assert (answer.code, proof.exists()) == (0, False), answer


def test_outside_git_the_line_names_the_fragment(tmp_path: Path) -> None:
    line = run_tool("fairway-mk-path", "--include", cwd=str(tmp_path)).out
    assert line == f"include {os.path.realpath(FRAGMENT)}\n"


def test_it_needs_nothing_newer_than_the_floor_and_starts_a_program_only_there() -> None:
    import re

    rules = {**NEWER, **GUEST}
    del rules[r"\$[({]shell\b"], rules[r"^(?!fairway\.text = ).*\$[({]file\b"]
    for pattern, why in rules.items():
        assert not re.search(pattern, LOADER, re.MULTILINE), why
    (line,) = (line for line in LOADER.splitlines() if "$(shell" in line)
    assert line.startswith("fairway.link = $(if $(fairway.old),$(shell ")


def test_a_help_of_the_host_that_reads_its_makefiles_shows_nothing_of_it() -> None:
    import re

    assert "##" not in LOADER
    assert not re.search(r"^[a-zA-Z_-]+:", LOADER, re.MULTILINE)


#: A help as many hosts write it: with several files grep puts the name of each before its lines.
HELP = "help: ## This text\n\t@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST)\n"


@pytest.mark.parametrize("suite", [True, False])
def test_such_a_help_prints_what_it_printed_without_us(host: str, tmp_path: Path, suite: bool) -> None:
    """`make help` listed the word Makefile, once for each target, in place of the targets."""
    place = host
    if not suite:
        git(str(tmp_path), "clone", "--quiet", host, "colleague")
        place = str(tmp_path / "colleague")
    path = os.path.join(place, "Makefile")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(HELP + text)
    done = subprocess.run(["make", "-s", "help"], cwd=place, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "help: ## This text"), done


def test_a_lane_whose_branch_has_the_line_and_not_the_file_is_found_by_the_check_up(host: str) -> None:
    lane = add_lane_worktrees(host, ["api"])["api"]
    os.unlink(os.path.join(lane, ".fairway", "fairway.mk"))
    found = [item for item in run_tool("queue-doctor", "--json", cwd=host).json["findings"] if lane in item["message"]]
    assert [(item["key"], item["level"]) for item in found] == [("include_missing", "warning")]
    assert found[0]["fix"].endswith("fairway-mk-path --include")


@pytest.mark.parametrize("place", ["/gone/fairway.mk", "/gone $$ is\\ here/fairway.mk"])
def test_a_suite_that_was_moved_is_found_by_the_check_up_and_noted_anew_by_its_line(host: str, place: str) -> None:
    """Make said that there is no rule, and the check-up that all was well."""
    note = os.path.join(host, ".git", "fairway", "fairway.mk")
    with open(note, "w", encoding="utf-8") as file:
        file.write(f"-include {place}\n")
    (found,) = (
        row for row in run_tool("queue-doctor", "--json", cwd=host).json["findings"] if "/gone" in row["message"]
    )
    assert (found["key"], found["level"]) == ("include_missing", "warning")
    run_tool("fairway-mk-path", "--include", cwd=host)
    assert "/gone" not in run_tool("queue-doctor", cwd=host).out
