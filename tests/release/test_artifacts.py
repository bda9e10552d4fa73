"""`make release`: the same bytes from the same commit, and each artifact runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from fairway_scripts import __version__
from fairway_scripts.catalog import TOOLS
from fairway_scripts.front.entry import STAND_INS_CALL
from tests.release.conftest import URL, artifact, release
from tests.support.repositories import git, head
from tests.support.shell import HOME, Answer, Checkout, environment, make_checkout, queue_text, run_tool, task


def call(argv: list[str], project: Checkout, path: str = "/usr/bin:/bin") -> Answer:
    env = environment(PATH=path, PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run(argv, cwd=project.main, env=env, capture_output=True, text=True, timeout=60)
    return Answer(done.returncode, done.stdout, done.stderr)


def clone_of_this(parent: Path) -> Path:
    """A clone of this repository as it was committed last."""
    if not os.path.exists(os.path.join(HOME, ".git")):
        pytest.skip("this copy of the checkout is no repository")
    clone = parent / "clone"
    git(str(parent), "clone", "--quiet", HOME, str(clone))
    return clone


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])


def walk(fairway: list[str], project: Checkout) -> None:
    """A task from ready to evidence, by a command that is called `fairway`."""
    for words in (
        ["ready"],
        ["claim", "B-1", "--role", "B-ui", "--owner", "B"],
        ["record", "evidence", "B-1", "--command-text", "make test", "--result", "pass"],
        ["task-detail", "B-1"],
        ["prime"],
        ["tick"],
        ["db", "backup", "copy.db"],
    ):
        answer = call([*fairway, *words], project)
        assert answer.code == 0, (words, answer)
    assert project.detail("B-1")["evidence"][0]["result"] == "pass"


def test_two_builds_are_the_same_to_the_byte(dist: str, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert release(str(again), "--draft", "--url", URL).returncode == 0
    assert {name: Path(dist, name).read_bytes() for name in os.listdir(dist)} == {
        name: (again / name).read_bytes() for name in os.listdir(again)
    }


def test_the_checksums_hold_and_name_every_file(dist: str) -> None:
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=dist, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert len(done.stdout.splitlines()) == len(os.listdir(dist)) - 1 == 7


def test_the_bill_names_what_is_required_in_the_versions_of_the_lock(dist: str) -> None:
    bill = json.loads(Path(dist, "sbom.cdx.json").read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["version"] == __version__
    listed = {part["name"].lower().replace("_", "-"): part["version"] for part in bill["components"]}
    with open(os.path.join(HOME, "pyproject.toml"), "rb") as file:
        required = tomllib.load(file)["project"]["dependencies"]
    assert {re.split(r"[<>=]", line)[0] for line in required} <= set(listed)
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", Path(HOME, "requirements.lock").read_text(), re.MULTILINE))
    if os.environ.get("CI"):  # elsewhere an environment may have other versions that are allowed
        assert {name: locked[name] for name in listed} == listed
    assert set(listed) <= set(locked)


def test_the_one_file_runs(dist: str, project: Checkout) -> None:
    walk([sys.executable, artifact(dist, ".pyz")], project)
    bare = call([sys.executable, "-S", artifact(dist, ".pyz"), "ready", "--json"], project)
    assert bare.json["schema"] == "queue-ready/1"


def test_the_one_file_makes_a_store_without_other_packages(dist: str, project: Checkout) -> None:
    """The statements and tables of the store are read as data of the package, which lies in a zip."""
    assert call([sys.executable, artifact(dist, ".pyz"), "ready"], project).code == 0
    assert os.path.exists(project.store)


@pytest.fixture(scope="module")
def root(dist: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Debian package, unpacked."""
    folder = str(tmp_path_factory.mktemp("root"))
    subprocess.run(["dpkg-deb", "-x", artifact(dist, ".deb"), folder], check=True)
    return folder


class TestDebianPackage:
    def test_it_has_every_tool_page_and_completion(self, root: str) -> None:
        assert set(os.listdir(os.path.join(root, "usr", "bin"))) == {*TOOLS, STAND_INS_CALL}
        pages = os.listdir(os.path.join(root, "usr", "share", "man", "man1"))
        assert set(pages) == {f"{name}.1.gz" for name in TOOLS}
        assert os.path.exists(os.path.join(root, "usr/share/bash-completion/completions/fairway"))
        assert os.path.exists(os.path.join(root, "usr/share/zsh/vendor-completions/_fairway"))

    def test_it_says_what_it_needs(self, dist: str) -> None:
        fields = subprocess.run(["dpkg-deb", "-f", artifact(dist, ".deb")], capture_output=True, text=True).stdout
        assert f"Version: {__version__}\n" in fields
        assert "Depends: python3 (>= 3.11), git, python3-yaml\n" in fields

    def test_the_systems_python_runs_it(self, root: str, project: Checkout) -> None:
        probe = "import sys, yaml; sys.exit(sys.version_info < (3, 11))"
        if subprocess.run(["/usr/bin/python3", "-c", probe], capture_output=True).returncode:
            pytest.skip("the system has no Python 3.11 with yaml, which the package depends on")
        walk([os.path.join(root, "usr", "bin", "fairway")], project)
        home = os.path.dirname(os.path.dirname(os.path.realpath(os.path.join(root, "usr", "bin", "fairway"))))
        observer = os.path.join(home, "fairway_scripts", "cutover", "observer.py")
        assert call(["/usr/bin/python3", observer, "nobody's call"], project).code == 0


def test_a_release_is_of_a_commit_with_a_day_in_the_changelog(tmp_path: Path) -> None:
    """Else nothing is written."""
    clone = clone_of_this(tmp_path)
    for file, told in (("README.md", "the work tree has changes"), ("CHANGELOG.md", "CHANGELOG.md has no line")):
        (clone / file).write_text("Something else.\n")
        if file == "CHANGELOG.md":
            git(str(clone), "commit", "--quiet", "--all", "-m", "Something else")
        words = [sys.executable, "scripts/release.py", "--into", str(tmp_path / "dist")]
        done = subprocess.run(words, cwd=clone, env=environment(), capture_output=True, text=True)
        assert done.returncode == 1
        assert told in done.stderr
        assert not os.path.exists(tmp_path / "dist")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("x")
    done = release(str(tmp_path), "--draft")
    assert (done.returncode, "is not empty" in done.stderr) == (1, True)


def test_the_suite_looks_at_its_own_release(dist: str, tmp_path: Path) -> None:
    """By the two calls of `make release-verify`, in a clone without a branch, as that of a tag is."""
    clone = clone_of_this(tmp_path)
    git(str(clone), "checkout", "--quiet", "--detach")
    git(str(clone), "remote", "remove", "origin")
    shutil.copytree(dist, clone / "dist")
    recipe = Path(HOME, "Makefile").read_text().partition("\nrelease-verify:")[2].partition("\n\n")[0]
    for tool, words in re.findall(r"bin/(fairway-init|release-verify)( [^>\n]*)", recipe):
        answer = run_tool(tool, *words.split(), "--json", cwd=str(clone))
        assert answer.code == 0, answer.err
    assert answer.json["commit_sha"] == head(str(clone))
    (files,) = answer.json["artifacts"]
    assert {Path(row["path"]).name for row in files["files"]} == set(os.listdir(dist))
    assert answer.json["version"] == __version__
