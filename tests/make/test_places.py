"""Where the fragment and the tools may be, and which Python runs them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.make.hosts import FRAGMENT, Host


def checkout(folder: Path) -> Host:
    """A checkout as the fragment sees it: make/fairway.mk beside bin/ with recording tools."""
    place = Host(str(folder))
    place.add_tools("bin")
    os.mkdir(folder / "make")
    shutil.copy(FRAGMENT, folder / "make" / "fairway.mk")
    return place


def recording_python(place: Host, path: str) -> str:
    """A stand-in interpreter that names itself, and its flags and the program that it was given."""
    return place.write(
        path, '#!/bin/sh\ncase $1 in -*) echo "python $1 $2" ;; *) echo "python $1" ;; esac\n', executable=True
    )


def test_the_tools_are_found_from_the_place_of_the_fragment(tmp_path: Path) -> None:
    place = checkout(tmp_path / "fairway")
    host = Host(str(tmp_path / "host"), f"include {place.folder}/make/fairway.mk\n")
    assert host.make("queue-ready").out == "answer of queue-ready\n"


def test_a_lane_worktree_includes_the_fragment_by_a_relative_path(tmp_path: Path) -> None:
    checkout(tmp_path / "fairway")
    host = Host(str(tmp_path / "lanes" / "gpuas-B-ui"), "include ../../fairway/make/fairway.mk\n")
    assert host.make("queue-ready").out == "answer of queue-ready\n"


def test_make_can_be_sent_to_the_host_from_elsewhere(tmp_path: Path) -> None:
    checkout(tmp_path / "fairway")
    host = Host(str(tmp_path / "host"), "include ../fairway/make/fairway.mk\n")
    os.mkdir(tmp_path / "host" / "deep")
    outcome = host.make("--no-print-directory", "-C", "..", "queue-ready", folder="deep")
    assert outcome.out == "answer of queue-ready\n"


def test_a_link_to_the_fragment_leads_to_the_tools(tmp_path: Path) -> None:
    place = checkout(tmp_path / "fairway")
    host = Host(str(tmp_path / "host"), "include queue.mk\n")
    os.symlink(os.path.join(place.folder, "make", "fairway.mk"), tmp_path / "host" / "queue.mk")
    assert host.make("queue-ready").out == "answer of queue-ready\n"


def test_an_installed_package_has_its_tools_in_the_bin_of_its_prefix(tmp_path: Path) -> None:
    place = Host(str(tmp_path / "prefix"))
    place.add_tools("bin")
    installed = tmp_path / "prefix" / "share" / "fairway" / "make"
    os.makedirs(installed)
    shutil.copy(FRAGMENT, installed / "fairway.mk")
    host = Host(str(tmp_path / "host"), f"include {installed}/fairway.mk\n")
    assert host.make("queue-ready").out == "answer of queue-ready\n"


BLANK_SAFE = """\
FAIRWAY_HOME := {home}
fairway.blank := $(subst x,,x x)
include $(subst $(fairway.blank),\\ ,$(FAIRWAY_HOME))/make/fairway.mk
"""


def test_a_checkout_with_blanks_in_its_path_works_when_the_host_sets_its_home(tmp_path: Path) -> None:
    place = checkout(tmp_path / "my  fair way")
    python = recording_python(place, ".venv/bin/python")
    host = Host(str(tmp_path / "host"), BLANK_SAFE.format(home=place.folder))
    outcome = host.make("queue-ready")
    assert (outcome.out, outcome.err) == (f"python -S {place.folder}/bin/queue-ready\n", "")
    os.remove(python)
    assert host.make("queue-ready").out == "answer of queue-ready\n"


@pytest.mark.parametrize("name", ["it's", 'a"quote', "semi;colon", "back`tick", "$dollar", "(brackets)", "a&b", "c,d"])
def test_any_folder_name_can_hold_the_tools(tmp_path: Path, name: str) -> None:
    host = Host(str(tmp_path))
    tools = host.add_tools(name)
    host.write("Makefile", f"FAIRWAY_BIN := {tools.replace('$', '$$')}\nFAIRWAY_PYTHON :=\ninclude {FRAGMENT}\n")
    assert host.make("queue-ready").out == "answer of queue-ready\n"


def blank_in_the_path(folder: Path) -> str:
    place = checkout(folder / "fair way")
    return f"include {place.folder}/make/fairway.mk".replace("fair way", "fair\\ way")


def copied_away(folder: Path) -> str:
    shutil.copy(FRAGMENT, folder / "queue.mk")
    return f"include {folder}/queue.mk"


@pytest.mark.parametrize("include", [blank_in_the_path, copied_away])
def test_a_fragment_that_cannot_tell_its_place_says_what_to_set(tmp_path: Path, include: Callable[[Path], str]) -> None:
    host = Host(str(tmp_path / "host"))
    host.write("Makefile", include(tmp_path))
    outcome = host.make("queue-ready")
    assert outcome.code == 2
    assert outcome.err.startswith("error: usage: fairway.mk cannot tell where it is: set FAIRWAY_HOME")


def test_the_python_of_the_checkouts_environment_runs_the_tools_directly(tmp_path: Path) -> None:
    place = checkout(tmp_path / "fairway")
    recording_python(place, ".venv/bin/python")
    host = Host(str(tmp_path / "host"), f"include {place.folder}/make/fairway.mk\n")
    assert host.make("queue-ready").out == f"python -S {place.folder}/bin/queue-ready\n"
    assert host.make("queue-verify").out == f"python {place.folder}/bin/queue-verify\n"  # needs its packages anyway


@pytest.mark.parametrize("way", ["makefile", "environment", "typed"])
def test_the_host_can_name_the_python(tmp_path: Path, way: str) -> None:
    place = checkout(tmp_path / "fairway")
    recording_python(place, ".venv/bin/python")
    other = place.write("other python", '#!/bin/sh\necho "other $1"\n', executable=True)
    line = f"FAIRWAY_PYTHON := {other}\n" if way == "makefile" else ""
    host = Host(str(tmp_path / "host"), f"{line}include {place.folder}/make/fairway.mk\n")
    outcome = host.make(
        "queue-ready",
        *([f"FAIRWAY_PYTHON={other}"] if way == "typed" else []),
        env={"FAIRWAY_PYTHON": other} if way == "environment" else {},
    )
    assert outcome.out == f"other {place.folder}/bin/queue-ready\n"
