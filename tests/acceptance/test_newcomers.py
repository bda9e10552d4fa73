"""Four newcomers, each from nothing to a done task, by the README and by what the tools print."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.acceptance.newcomer import Newcomer
from tests.support.repositories import git, make_repository, write_file
from tests.support.shell import HOME, QUEUE_FILE, queue_text, run_tool, task

HOST = """\
help:
\t@echo 'help of the host'
test:
\t@echo 'tests of the host'
status:
\t@echo 'status of the host'
"""


@pytest.fixture
def empty(tmp_path: Path) -> str:
    """A repository as `git init` leaves it, with the suite's checkout beside it."""
    os.symlink(HOME, tmp_path / "fairway-scripts")
    folder = str(tmp_path / "mine")
    git(str(tmp_path), "init", "--quiet", "--initial-branch", "trunk", folder)
    return folder


def status_of(folder: str, task_id: str) -> str:
    return str(run_tool("queue-task-detail", task_id, "--json", cwd=folder).json["status"])


def evidence_of(folder: str, task_id: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = run_tool("queue-task-detail", task_id, "--json", cwd=folder).json["evidence"]
    return found


def worktree_of(folder: str, branch: str) -> str:
    """Where a branch is checked out."""
    rows = git(folder, "worktree", "list", "--porcelain").split("\n\n")
    return next(row.splitlines()[0].partition(" ")[2] for row in rows if row.strip().endswith(f"refs/heads/{branch}"))


def finish(
    newcomer: Newcomer, lane: str, task_id: str, *, check: str, path: str = "work.txt", reviewers: tuple[str, ...] = ()
) -> None:
    """From a claim to done: work in the lane, then whatever the task page says is missing, until nothing is."""
    folder = newcomer.folder
    work = worktree_of(folder, f"agent/{lane}")
    write_file(work, path, "done\n")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "-m", f"{task_id}: work")
    values = {"task_id": task_id, "owner": "me"}
    newcomer.types("queue-task-detail", cwd=work, **values)
    newcomer.types("watcher-run", cwd=work, **values)
    newcomer.types("queue-task-detail", cwd=work, **values)
    newcomer.types("queue-record-handoff", cwd=work, commands=check, results="see the log", changed_files=path)
    newcomer.types("queue-task-detail", cwd=work, **values)
    newcomer.types("queue-route-review", cwd=work)
    for reviewer in reviewers:
        newcomer.types("queue-task-detail", cwd=work, **values)
        newcomer.types("queue-record-review", cwd=work, actor=reviewer, reviewer=reviewer, status="approved")
    newcomer.types("queue-task-detail", cwd=work, **values)
    newcomer.types("queue-merge-ready", cwd=work)
    newcomer.types("git", cwd=work)
    newcomer.types("queue-set-status", cwd=work, **values)
    assert status_of(folder, task_id) == "done"
    rows = evidence_of(folder, task_id)
    assert [row["producer"] for row in rows] == ["runner"], "a command that was run, not a claim"


def test_an_empty_repository_has_a_claimed_task_after_three_commands_and_a_done_one_in_the_end(empty: str) -> None:
    newcomer = Newcomer(empty)
    newcomer.types("fairway-init", lane="api")
    newcomer.types("queue-add", title="A first task", acceptance="git --version")
    newcomer.types("queue-claim", owner="me")
    assert len(newcomer.typed) <= 4
    assert status_of(empty, "API-001") == "in_progress"
    newcomer.types("fairway-mk-path")
    newcomer.shell('git add --all && git commit --quiet -m "Set up fairway"')
    newcomer.types("worktree-setup", lane="api")
    finish(newcomer, "api", "API-001", check="git --version")


@pytest.mark.parametrize("first", ["queue-doctor", "queue-ready", "queue-claim --owner me --role api", "queue-list"])
def test_whatever_is_typed_first_leads_to_a_claimed_task_in_four_commands(empty: str, first: str) -> None:
    newcomer = Newcomer(empty)
    newcomer.lines.clear()
    newcomer.shell(f"../fairway-scripts/bin/{first}")
    newcomer.types("fairway-init", lane="api")
    newcomer.types("queue-add", title="A first task", acceptance="true")
    newcomer.types("queue-claim", owner="me")
    assert len(json.loads(newcomer.shell("../fairway-scripts/bin/queue-list --json").out)["tasks"]) == 1


def test_a_small_project_with_three_lanes_keeps_its_own_targets(tmp_path: Path) -> None:
    os.symlink(HOME, tmp_path / "fairway-scripts")
    folder = make_repository(tmp_path, "mine", branch="main")
    write_file(folder, "Makefile", HOST)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "Makefile")
    newcomer = Newcomer(folder)
    newcomer.types("fairway-init", lane="api")
    newcomer.types("fairway-init", said="--lane", lane="web")
    newcomer.types("fairway-init", said="--lane", lane="docs")
    newcomer.types("fairway-mk-path")
    newcomer.types("git", code=0)
    newcomer.types("worktree-setup", lane="web")
    for target in ("help", "test", "status"):
        assert newcomer.shell(f"make {target}").out == f"{target if target != 'test' else 'tests'} of the host\n"
    assert newcomer.shell("make").out == "help of the host\n"
    newcomer.types("queue-add", said="<lane>", lane="web", title="A page", acceptance="make test")
    newcomer.types("queue-claim", owner="me")
    finish(newcomer, "web", "WEB-001", check="make test")


def test_a_gpuaas_project_goes_on_with_its_queue_file(tmp_path: Path) -> None:
    os.symlink(HOME, tmp_path / "fairway-scripts")
    folder = make_repository(tmp_path, "gpuaas")
    row = task("B-V3-ACK-001", "B-ui", acceptance_checks=["git --version"])
    write_file(folder, QUEUE_FILE, queue_text(row))
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "Queue")
    newcomer = Newcomer(folder)
    newcomer.types("fairway-init", said="--preset gpuaas")
    newcomer.types("fairway-mk-path")
    newcomer.types("git")
    newcomer.types("worktree-setup", lane="B-ui")
    newcomer.types("queue-claim", said="<lane>", lane="B-ui", owner="B", task_id="B-V3-ACK-001")
    asked = ("D-arch", "E-governance")
    finish(newcomer, "B-ui", "B-V3-ACK-001", check="git --version", path="doc/api/openapi.yaml", reviewers=asked)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of the tools of an installed wheel, which shares its dependencies with this interpreter."""
    folder = tmp_path_factory.mktemp("wheel")
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    built = subprocess.run([*wheel, HOME], capture_output=True, text=True)
    if built.returncode:
        if os.environ.get("CI"):
            pytest.fail(built.stderr)
        pytest.skip(f"no wheel can be built here: {built.stderr.strip().splitlines()[-1:]}")
    (path,) = folder.glob("*.whl")
    venv.create(folder / "venv", symlinks=True, with_pip=False)
    python = folder / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(path)], check=True, capture_output=True)
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (site / "shared.pth").write_text("\n".join(place for place in sys.path if place.endswith("site-packages")) + "\n")
    return str(folder / "venv" / "bin")


@pytest.mark.endurance
def test_an_installed_package_needs_no_checkout(tmp_path: Path, installed: str) -> None:
    folder = str(tmp_path / "mine")
    git(str(tmp_path), "init", "--quiet", "--initial-branch", "main", folder)
    newcomer = Newcomer(folder, installed=installed)
    newcomer.types("fairway-init", lane="api")
    newcomer.types("fairway-mk-path")
    newcomer.types("git")
    newcomer.types("queue-add", lane="api", title="A first task", acceptance="git --version")
    newcomer.types("queue-claim", owner="me")
    newcomer.types("worktree-setup", lane="api")
    finish(newcomer, "api", "API-001", check="git --version")
    assert newcomer.shell("command -v queue-claim").out.strip() == os.path.join(installed, "queue-claim")
    assert shutil.which("make") is None or newcomer.shell("make queue-list").code == 0
