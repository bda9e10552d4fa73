"""The line that installs a missing package fits the way in which this copy of the suite came onto the machine."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from fairway_scripts.base import extras

if TYPE_CHECKING:
    from pathlib import Path

ASKED = ["plumbum<3,>=2", "mcp<3,>=2.3; extra == 'mcp'", 'psycopg[binary]>=3.1; extra == "postgres"']


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installed copy in an environment of its own, and no checkout."""
    monkeypatch.setattr(extras, "HOME", str(tmp_path / "site-packages"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(metadata, "requires", lambda _name: ASKED)


@pytest.mark.parametrize(
    ("mark", "line"),
    [
        ("", [sys.executable, "-m", "pip", "install", "mcp<3,>=2.3"]),
        ("pipx_metadata.json", ["pipx", "inject", "fairway-scripts", "mcp<3,>=2.3"]),
        ("uv-receipt.toml", ["uv", "pip", "install", "--python", sys.executable, "mcp<3,>=2.3"]),
    ],
)
def test_an_installed_copy_is_added_to_by_what_installed_it(tmp_path: Path, mark: str, line: list[str]) -> None:
    if mark:
        (tmp_path / mark).touch()
    assert extras.install_line("mcp").argv == line


def test_what_is_asked_for_is_named_so_that_no_index_has_to_have_the_suite() -> None:
    assert extras.install_line("postgres").argv[4:] == ["psycopg[binary]>=3.1"]
    assert extras.install_line().argv[4:] == ["plumbum<3,>=2"], "what it always needs"


def test_a_copy_that_nothing_installed_asks_for_the_extra_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_name: str) -> list[str]:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "requires", unknown)
    assert extras.install_line("mcp").argv[4:] == ["fairway-scripts[mcp]"]


def test_a_checkout_makes_its_environment_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").touch()
    monkeypatch.setattr(extras, "HOME", str(tmp_path))
    assert extras.install_line("mcp").argv == ["make", "-C", str(tmp_path), "setup"]
