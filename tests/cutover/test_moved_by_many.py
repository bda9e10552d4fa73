"""The gate of a cut-over is asked for each lane that a change moves, by whatever name it was asked for.

Each such lane is recorded, and a return leads each of them back.
"""

from __future__ import annotations

import os
import re
from typing import Any

import pytest

from fairway_scripts.cutover.door.handover import read_engines
from tests.acceptance.cutover_ledger import read_side
from tests.acceptance.cutover_standins import STAND_INS
from tests.compat.shadowed import Shadowed, make_shadowed
from tests.legacy_standin.standin import need_ruby
from tests.served.test_batch import batch
from tests.support.older_scripts import force_over
from tests.support.ready_made import ready_made
from tests.support.rings import some
from tests.support.shell import FRAGMENT

need_ruby()

HERE = {"FAIRWAY_ENGINE": "fairway"}
OTHERS = ["A-backend", "C-ops", "D-arch", "E-governance"]


@pytest.fixture(params=some(sorted(STAND_INS), "a"))
def project(request: pytest.FixtureRequest) -> Shadowed:
    """On each stand-in: B-ui is in shadow, the other lanes have no engine of their own and are on the older side."""
    return ready_made(make_shadowed, request.param)


def rows(project: Shadowed) -> dict[str, Any]:
    """Each lane as lane-engine lists it."""
    return {row["lane"]: row for row in project.ok("lane-engine", "--json").json["lanes"]}


def moved(project: Shadowed) -> list[str]:
    return [lane for lane, row in rows(project).items() if row["engine"] == "fairway"]


def keep_to_ourselves(project: Shadowed) -> None:
    """The older side hears of our statuses only when a lane goes back."""
    with open(os.path.join(project.main, ".fairway", "config.toml"), "a", encoding="utf-8") as config:
        config.write('\n[bridge]\nwrite_back = "none"\n')


def their_state(project: Shadowed, task_id: str) -> tuple[str, str]:
    return read_side(project.legacy_db, STAND_INS[project.stand_in].tables).states[task_id]


def claim_here(project: Shadowed) -> None:
    project.ok("queue-claim", "A-1", "--role", "A-backend", "--owner", "al", env=HERE)


@pytest.mark.parametrize("name", ["*", "ALL"])
def test_a_name_for_many_lanes_is_refused_with_what_speaks_against_each(project: Shadowed, name: str) -> None:
    lanes = OTHERS if name == "*" else sorted([*OTHERS, "B-ui"])
    (batched,) = batch(project, {"tool": "lane-engine", "words": [name, "fairway", "go"]})[1]
    assert [line["lane"] for line in batched["error"]["findings"] if "equal call" in line["message"]] == lanes
    for got in (
        project.run("lane-engine", name, "fairway", "go"),
        project.run("lane-engine", name, "fairway", "go", "--force"),
        project.run("lane-engine", "--role", name, "--engine", "fairway", "--reason", "x", cwd=project.lanes["B-ui"]),
        project.make("-f", FRAGMENT, "lane-engine", f"ROLE={name}", "ENGINE=fairway", "REASON=go"),
    ):
        assert got.code != 0
        told = re.findall(r"^#\d+ ([^:]+): still without an equal call", got.err, re.MULTILINE)
        assert told == lanes, got
    assert moved(project) == []
    assert read_engines(project.main) == {"*": "legacy", "B-ui": "shadow"}


@pytest.mark.parametrize("name", ["A-backend,B-ui", "B-ui/2", "b-ui", "all", "B-*", "'*'", " B-ui", "default", ""])
def test_a_name_that_no_lane_has_moves_none(project: Shadowed, name: str) -> None:
    assert project.run("lane-engine", name, "fairway", "go", "--force").word in ("not_found", "usage")
    assert moved(project) == []


def test_what_is_forced_is_recorded_of_each_lane_and_each_is_led_back(project: Shadowed) -> None:
    keep_to_ourselves(project)
    force_over(project, "*", "we know")
    assert moved(project) == [*OTHERS, "*"]
    for lane in OTHERS:
        assert rows(project)[lane]["cut_over_at"]
        change = project.ok("lane-engine", lane, "--json").json["changes"][-1]
        assert (change["before"], change["engine"], change["forced"]) == ("legacy", "fairway", True)
        assert change["reason"].startswith("we know: #1")
        assert any(row["message"].startswith(f"{lane}: still without") for row in change["findings"])
    claim_here(project)
    assert their_state(project, "A-1")[0] == "todo"
    returned = project.ok("lane-engine", "*", "legacy", "back", "--json").json["returned"]
    assert [row["lane"] for row in returned] == OTHERS
    assert their_state(project, "A-1") == ("in_progress", "al")
    assert moved(project) == []


@pytest.mark.parametrize("words", [("A-backend", "shadow"), ("*", "shadow"), ("ALL", "legacy")])
def test_a_lane_that_moved_with_others_is_led_back_by_any_name(project: Shadowed, words: tuple[str, str]) -> None:
    keep_to_ourselves(project)
    force_over(project, "*")
    since = rows(project)["A-backend"]["cut_over_at"]
    claim_here(project)
    project.ok("lane-engine", "A-backend", "fairway", "by its own name")
    assert rows(project)["A-backend"]["cut_over_at"] == since
    if words[0] == "*":  # it has an engine of its own by now
        project.ok("lane-engine", "A-backend", *words[1:], "back")
    project.ok("lane-engine", *words, "back")
    assert their_state(project, "A-1") == ("in_progress", "al")


def test_where_no_lane_is_declared_those_of_the_tasks_are_asked(project: Shadowed) -> None:
    path = os.path.join(project.main, ".fairway", "config.toml")
    with open(path, encoding="utf-8") as file:
        kept = re.split(r"(?m)^(?=\[)", file.read())
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(part for part in kept if not part.startswith("[[roles]]")))
    for name, lanes in (("*", ["A-backend"]), ("ALL", ["A-backend", "B-ui"])):
        refused = project.run("lane-engine", name, "fairway", "go")
        told = re.findall(r"^#\d+ ([^:]+): still without an equal call", refused.err, re.MULTILINE)
        assert sorted(told) == lanes, refused
    assert moved(project) == []


def test_a_lane_that_nobody_has_declared_speaks_for_itself_by_what_differed_in_it(project: Shadowed) -> None:
    project.ok("lane-engine", "*", "shadow", "all of them")
    answered = project.asked("ready", role="Z-other").code == 0
    assert answered == (project.stand_in == "b")  # the other one knows no such lane, as we do not
    project.settle()
    refused = project.run("lane-engine", "*", "fairway", "go")
    assert ("Z-other: ready differs without an explanation" in refused.err) == answered, refused
    assert ("Z-other" in refused.err) == answered


# --- the file of the engines, edited by hand or pulled --------------------------------------------------------


def say(project: Shadowed, text: str) -> None:
    with open(os.path.join(project.main, ".fairway", "engines.toml"), "w", encoding="utf-8") as file:
        file.write(text)


BY_HAND = {
    'default = "legacy"\n[lanes]\nB-ui = "shadow"\nA-backend = "fairway"\n': ["A-backend"],
    'default = "fairway"\n[lanes]\nB-ui = "shadow"\n': [*OTHERS, "*"],
    'default = "fairway"\n[lanes]\nB-ui = "shadow"\nC-ops = "legacy"\n': ["A-backend", "D-arch", "E-governance", "*"],
}


@pytest.mark.parametrize("text", BY_HAND)
def test_a_lane_that_the_file_moves_is_recorded_with_what_speaks_against_it_and_led_back(
    project: Shadowed, text: str
) -> None:
    keep_to_ourselves(project)
    lanes = BY_HAND[text]
    say(project, text)
    assert "not proven here" in project.ok("queue-list", env=HERE).err
    assert moved(project) == lanes
    row = rows(project)["A-backend"]
    assert row["cut_over_at"]
    assert row["reason"].startswith("as .fairway/engines.toml says; not proven here: ")
    for lane in lanes[:-1] or lanes:
        change = project.ok("lane-engine", lane, "--json").json["changes"][-1]
        assert (change["before"], change["engine"], change["forced"]) == ("legacy", "fairway", False)
        assert any("still without an equal call" in row["message"] for row in change["findings"])
    claim_here(project)
    say(project, 'default = "legacy"\n[lanes]\nB-ui = "shadow"\n')
    project.ok("queue-list", env=HERE)
    assert moved(project) == []
    assert their_state(project, "A-1") == ("in_progress", "al")
    assert project.detail_here("A-1")["status"] == "in_progress"
    project.ok("queue-verify")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# all of it was cut off\n",
        '[lanes]\nB-ui = "shadow"\n',
        'default = "legacy"\n[lanes]\n"*" = "fairway"\n',
        'default = "legacy"\n[lanes]\nB-ui = "shadow"\nB-ui = "fairway"\n',
        'default = "legacy"\ndefault = "fairway"\n',
        'default = "legacy"\n= "fairway"\n',
    ],
)
def test_a_file_that_says_nothing_or_two_things_moves_no_lane(project: Shadowed, text: str) -> None:
    kept = {row["lane"]: row["engine"] for row in rows(project).values()}
    say(project, text)
    assert project.run("lane-engine").word == "invalid_config"
    assert project.run("lane-engine", "A-backend", "shadow", "go").word == "invalid_config"
    say(project, 'default = "legacy"\n[lanes]\nB-ui = "shadow"\n')
    assert {row["lane"]: row["engine"] for row in rows(project).values()} == kept
