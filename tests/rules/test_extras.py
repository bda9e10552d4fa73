"""The line that installs a missing package fits the way in which this copy of the suite came onto the machine."""

from __future__ import annotations

import os
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

from fairway_scripts.base import extras
from tests.support.shell import HOME

MCP = "mcp>=2.3,<3"


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installed copy in an environment of its own, and no checkout."""
    monkeypatch.setattr(extras, "HOME", str(tmp_path / "site-packages"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))


@pytest.mark.parametrize(
    ("mark", "line"),
    [
        ("", [sys.executable, "-m", "pip", "install", MCP]),
        ("pipx_metadata.json", ["pipx", "inject", "fairway-scripts", MCP]),
        ("uv-receipt.toml", ["uv", "pip", "install", "--python", sys.executable, MCP]),
    ],
)
def test_an_installed_copy_is_added_to_by_what_installed_it(tmp_path: Path, mark: str, line: list[str]) -> None:
    if mark:
        (tmp_path / mark).touch()
    assert extras.install_line("mcp").argv == line


def test_what_is_asked_for_is_named_so_that_no_index_has_to_have_the_suite() -> None:
    assert extras.install_line("postgres").argv[4:] == ["psycopg[binary]>=3.1,<4"]
    assert extras.install_line().argv[4] == "plumbum>=2,<3", "what it always needs"


def test_what_is_asked_for_is_what_the_package_says() -> None:
    with open(os.path.join(HOME, "pyproject.toml"), "rb") as file:
        project = tomllib.load(file)["project"]
    said = {"": project["dependencies"], **project["optional-dependencies"]}
    dev = said.pop("dev")
    assert {extra: list(asked) for extra, asked in extras.ASKED.items()} == said
    absent = [extra for extra, asked in said.items() if extra and not set(asked) <= set(dev)]
    assert sorted(absent) == sorted(extras._ASIDE), "what `make setup` does not bring"


def test_the_page_has_each_extra_with_its_packages() -> None:
    with open(os.path.join(HOME, "docs", "extras.md"), encoding="utf-8") as file:
        rows = [line for line in file if line.startswith("| `[")]
    shown = {row.split("`")[1].strip("[]"): tuple(row.split("|")[3].split()) for row in rows}
    assert shown == {extra: tuple(f"`{one}`" for one in asked) for extra, asked in extras.ASKED.items() if extra}


def test_a_checkout_makes_its_environment_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").touch()
    monkeypatch.setattr(extras, "HOME", str(tmp_path))
    assert extras.install_line("mcp").argv == ["make", "-C", str(tmp_path), "setup"]
    own = str(tmp_path / ".venv" / "bin" / "python")
    assert extras.install_line("keyring").argv == [own, "-m", "pip", "install", "keyring>=25,<26"]


def test_a_bundle_and_a_debian_package_have_a_folder_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    vendor = tmp_path / "site-packages" / "vendor"
    vendor.mkdir(parents=True)
    line = [sys.executable, "-m", "pip", "install", "--target", str(vendor), MCP]
    assert extras.install_line("mcp").argv == [*line[:4], MCP], "a folder of that name which another package brought"
    (tmp_path / "site-packages" / "bin").mkdir()
    (tmp_path / "site-packages" / "bin" / "_start.py").touch()
    assert extras.install_line("mcp").argv == line
    monkeypatch.setattr(os, "access", lambda *_asked: False)
    assert extras.install_line("mcp").argv == ["sudo", *line], "a folder of the system's"


def test_the_interpreter_of_the_system_takes_packages_for_its_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "EXTERNALLY-MANAGED").touch()
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(tmp_path))
    assert extras.install_line("mcp").argv[4:] == ["--user", "--break-system-packages", MCP]
