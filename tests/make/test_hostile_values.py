"""Nothing that is typed for make is executed, and every value reaches the tool byte for byte.

`NAME:=value` on the command line is left out: make expands it at once, because the caller asked for that.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.make.hosts import Host, Outcome, recording_host
from tests.support import payloads

TARGET = "queue-record-handoff"
#: Text variables of the target: one call of make carries as many payloads.
CARRIERS = [
    "TASK_ID", "OWNER", "BRANCH", "COMMIT", "COMMANDS", "RESULTS", "CHANGED_FILES",
    "RISKS", "BLOCKERS", "NEXT_STEP", "TO_ROLE", "NOTES",
]  # fmt: skip
WIDENED = f"FAIRWAY_ENVIRONMENT_VARS := {' '.join(CARRIERS)}"
SUB_MAKE = f"hand-over:\n\t@$(MAKE) --no-print-directory {TARGET}\n"

#: way of arrival -> (lines above the include, lines below, arguments of make, where the values stand)
WAYS = {
    "typed": ("", "", [TARGET], "typed"),
    "typed, through a sub-make": ("", SUB_MAKE, ["hand-over"], "typed"),
    "typed, with bash": ("SHELL := /bin/bash", "", [TARGET], "typed"),
    "typed, strict shell in one piece": (
        ".ONESHELL:\nSHELL := /bin/bash\n.SHELLFLAGS := -eu -o pipefail -c", "", [TARGET], "typed",
    ),
    "typed, host exports everything": (".EXPORT_ALL_VARIABLES:", "", [TARGET], "typed"),
    "typed, environment preferred": ("", "", ["-e", TARGET], "typed"),
    "environment": (WIDENED, "", [TARGET], "environment"),
    "environment preferred": (WIDENED, "", ["-e", TARGET], "environment"),
    "environment, through a sub-make": (WIDENED, SUB_MAKE, ["hand-over"], "environment"),
}  # fmt: skip


class Delivery:
    """What arrived of every payload on one way, and whether anything ran."""

    def __init__(self, host: Host, arguments: list[str], place: str) -> None:
        self.values: dict[str, bytes] = {}
        self.place = place
        for batch in payloads.batches(len(CARRIERS)):
            carried = dict(zip(CARRIERS, batch, strict=False))
            self._read(carried, self._call(host, arguments, carried))
        self.executed = payloads.was_executed(host.folder)

    def _call(self, host: Host, arguments: list[str], carried: dict[str, str]) -> Outcome:
        values = {variable: payloads.raw(name) for variable, name in carried.items()}
        if self.place == "environment":
            return host.make(*arguments, env=values)
        return host.make(*arguments, *(variable.encode() + b"=" + value for variable, value in values.items()))

    def _read(self, carried: dict[str, str], outcome: Outcome) -> None:
        assert (outcome.code, outcome.err) == (0, "")
        arrived = dict(argument[2:].split("=", 1) for argument in outcome.arguments)
        for variable, name in carried.items():
            flag = variable.lower().replace("_", "-")
            # of the environment an empty value is none
            self.values[name] = os.fsencode(arrived.pop(flag) if self.place == "typed" else arrived.pop(flag, ""))
        assert arrived == {}


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Delivery]:
    """One delivery a way, made when a test first asks for it."""

    class Deliveries(dict[str, Delivery]):
        def __missing__(self, way: str) -> Delivery:
            above, below, arguments, place = WAYS[way]
            host = recording_host(str(tmp_path_factory.mktemp("host")), above, below)
            self[way] = Delivery(host, arguments, place)
            return self[way]

    return Deliveries()


def test_a_value_arrives_byte_for_byte(deliveries: dict[str, Delivery], subtests: pytest.Subtests) -> None:
    for way in WAYS:
        for name in payloads.PAYLOADS:
            with subtests.test(way=way, name=name):
                typed = deliveries[way].place == "typed"
                expected = payloads.expected_from_command_line(name) if typed else payloads.raw(name)
                assert deliveries[way].values[name] == expected


@pytest.mark.parametrize("way", WAYS)
def test_nothing_that_was_passed_is_executed(deliveries: dict[str, Delivery], way: str) -> None:
    assert not deliveries[way].executed


EXECUTABLE = "".join(
    str(payloads.PAYLOADS[name]) for name in ("make's shell function", "command substitution", "backquotes")
)


def test_a_typed_value_is_not_executed_by_the_other_targets_of_the_host(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below='build:\n\t@echo "built for $$NOTE"')
    outcome = host.make("build", f"NOTE={EXECUTABLE}", f"AGENT_ROLE={EXECUTABLE}")
    assert outcome.out == f"built for {EXECUTABLE}\n"
    assert not payloads.was_executed(host.folder)


@pytest.mark.parametrize("name", ["AGENT_ROLE", "WORKTREE_ROOT", "AGENT_QUEUE_DB", "FAIRWAY_CONFIG"])
def test_a_setting_without_a_flag_reaches_the_environment_of_the_tool_as_typed(tmp_path: Path, name: str) -> None:
    host = recording_host(str(tmp_path))
    outcome = host.make("queue-ready", f"{name}={EXECUTABLE}")
    assert outcome.calls[0].environment[name] == EXECUTABLE
    assert not payloads.was_executed(host.folder)


def test_a_dry_run_prints_the_recipe_without_the_value(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path))
    outcome = host.make("-n", "queue-claim", f"TASK_ID=secret {EXECUTABLE}")
    assert '${TASK_ID+--task-id="$TASK_ID"}' in outcome.out
    assert "secret" not in outcome.out + outcome.err
    assert outcome.calls == []
    assert not payloads.was_executed(host.folder)


def test_the_canary_shows_an_execution(tmp_path: Path) -> None:
    """The recipe that people write first runs what it is given: the payloads are live."""
    host = recording_host(str(tmp_path), below='careless:\n\t@: "$(SOMETHING)"')
    host.make("careless", f"SOMETHING={EXECUTABLE}")
    assert payloads.was_executed(host.folder)
