"""The bundle of a release and the Homebrew formula that installs it: the suite with all that it needs but Python."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import pytest
import yaml

from fairway_scripts import __version__
from tests.release.conftest import URL, artifact, release
from tests.support.providers import need
from tests.support.shell import HOME, environment


@pytest.fixture(scope="module")
def unpacked(dist: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the bundle unpacks to."""
    folder = tmp_path_factory.mktemp("bundle")
    subprocess.run(["tar", "-xzf", artifact(dist, "-bundle.tar.gz"), "-C", str(folder)], check=True)
    (top,) = folder.iterdir()
    return top


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of an interpreter without any package."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, symlinks=True, with_pip=False)
    return str(folder / "bin")


def demo(tools: str, python: str) -> subprocess.CompletedProcess[str]:
    """The demo with the tools of a folder, on a PATH that has this `python3`."""
    env = environment(PATH=f"{python}:/usr/bin:/bin")
    argv = [sys.executable, os.path.join(HOME, "scripts", "demo.py"), "--installed", tools]
    return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=120)


def test_it_needs_no_package(unpacked: Path, bare_python: str) -> None:
    told = demo(str(unpacked / "bin"), bare_python)
    assert told.returncode == 0, told.stdout + told.stderr


def test_an_extra_is_installed_beside_what_it_brings(unpacked: Path, bare_python: str, tmp_path: Path) -> None:
    """Neither a Makefile nor an index has it: pip is told the folder of the bundle's own packages."""
    tool = [os.path.join(bare_python, "python3"), str(unpacked / "bin" / "fairway-dashboard")]
    told = subprocess.run(tool, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert told.returncode == 2
    assert f" -m pip install --target {unpacked / 'vendor'} 'jinja2>=" in told.stderr


def test_what_it_needs_of_the_interpreter_is_said(unpacked: Path, bare_python: str, tmp_path: Path) -> None:
    copy = tmp_path / "bundle"
    subprocess.run(["cp", "-a", str(unpacked), str(copy)], check=True)
    subprocess.run(["rm", "-r", str(copy / "vendor")], check=True)
    tool = [os.path.join(bare_python, "python3"), str(copy / "bin" / "queue-doctor")]
    told = subprocess.run(tool, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert told.stderr.startswith("error: missing_dependency: the Python package ")
    assert "hint: put a python3 first on the PATH" in told.stderr


def test_it_is_for_any_system(dist: str) -> None:
    with tarfile.open(artifact(dist, "-bundle.tar.gz")) as file:
        assert not [name for name in file.getnames() if name.endswith((".so", ".pyd", ".pyc"))]


def test_the_formula_installs_it(dist: str, unpacked: Path, bare_python: str, tmp_path: Path) -> None:
    need("ruby")
    copy = tmp_path / "bundle"
    subprocess.run(["cp", "-a", str(unpacked), str(copy)], check=True)
    stand_in = os.path.join(HOME, "tests", "release", "formula_stand_in.rb")
    words = [artifact(dist, ".rb"), str(copy), str(tmp_path / "prefix"), os.path.join(bare_python, "python3")]
    told = subprocess.run(["ruby", stand_in, *words], env=environment(), capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    bundle = artifact(dist, "-bundle.tar.gz")
    digest = hashlib.sha256(Path(bundle).read_bytes()).hexdigest()
    assert f"url: {URL}/{os.path.basename(bundle)}\nversion: {__version__}\nsha256: {digest}\n" in told.stdout
    assert "homepage: https://example.org/fairway\n" in told.stdout
    ran = demo(str(tmp_path / "prefix" / "bin"), "/nowhere")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (tmp_path / "prefix/share/man/man1/queue-claim.1.gz").exists()


@pytest.mark.endurance
def test_without_a_place_there_is_no_formula(tmp_path: Path) -> None:
    assert release(str(tmp_path / "dist"), "--draft").returncode == 0
    assert not [name for name in os.listdir(tmp_path / "dist") if name.endswith(".rb")]


def test_the_job_builds_attests_and_publishes_what_the_checksums_name() -> None:
    """The workflow says no more than it needs: rights on the job alone, and no step of its own that builds."""
    text = Path(HOME, ".github", "workflows", "release.yml").read_text()
    job = yaml.safe_load(text)["jobs"]["release"]
    assert yaml.safe_load(text)["permissions"] == {}
    assert set(job["permissions"]) == {"contents", "id-token", "attestations"}
    (attest,) = (step for step in job["steps"] if "attest-build-provenance" in step.get("uses", ""))
    assert attest["with"] == {"subject-checksums": "dist/SHA256SUMS"}
    assert any(step.get("run", "").startswith("make release URL=") for step in job["steps"])
